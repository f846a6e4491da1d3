//! The connection to a mail server: TCP, and TLS on it, within the limits of the session.
//!
//! Says nothing over the connection itself; STARTTLS is the session's.

use std::{fmt, io, sync::Arc, time::Duration};

use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use super::error::ImapError;
use crate::net::tls;

/// Whatever bytes go over.
pub(super) trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin> Wire for T {}

/// Opens a TCP connection.
pub(super) async fn connect(host: &str, port: u16, limit: Duration) -> Result<TcpStream, ImapError> {
    let failed = |source| ImapError::Unreachable { host: host.to_owned(), port, source };
    let connected = timeout(limit, TcpStream::connect((host, port))).await;
    let tcp = connected.map_err(|_| failed(io::ErrorKind::TimedOut.into()))?.map_err(failed)?;
    tcp.set_nodelay(true).map_err(failed)?;
    Ok(tcp)
}

/// Protects a connection.
pub(super) async fn protect(
    wire: Box<dyn Wire>,
    host: &str,
    trust: Arc<ClientConfig>,
    limit: Duration,
) -> Result<Box<dyn Wire>, ImapError> {
    match timeout(limit, tls::protect(wire, host, trust)).await {
        Err(_) => Err(ImapError::Silent { doing: "TLS", limit }),
        Ok(Err(reason)) => Err(ImapError::Certificate(reason)),
        Ok(Ok(stream)) => Ok(Box::new(stream)),
    }
}
