//! The connection to a mail server: TCP, and TLS with the system's authorities or those of a file.
//!
//! Promises that a certificate is always verified against the name of the configuration, and that what is wrong with one
//! is said in a sentence. Says nothing over the connection itself; STARTTLS is [`super::strict`]'s.

use std::{fmt, io, path::Path, sync::Arc, time::Duration};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::imap::ImapError;

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

/// What is trusted: the authorities of a file alone, or the system's.
pub(super) fn trust(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, ImapError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let bad = |why: String| ImapError::Certificate(format!("the authorities in {}: {why}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))? {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(bad("the file holds no certificate".to_owned()));
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            let why = "the system has none (Debian: package ca-certificates); or name a “ca_file”";
            return Err(ImapError::Certificate(format!("the system's authorities: {why}")));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.map_err(|error| ImapError::Certificate(error.to_string()))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Protects a connection.
pub(super) async fn protect(
    wire: Box<dyn Wire>,
    host: &str,
    trust: Arc<ClientConfig>,
    limit: Duration,
) -> Result<Box<dyn Wire>, ImapError> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| ImapError::Certificate(format!("no certificate can be for “{host}”")))?;
    match timeout(limit, TlsConnector::from(trust).connect(name, wire)).await {
        Err(_) => Err(ImapError::Silent { doing: "TLS", limit }),
        Ok(Err(error)) => Err(explain(host, &error)),
        Ok(Ok(stream)) => Ok(Box::new(stream)),
    }
}

/// What went wrong in the handshake, for the person who must mend it.
fn explain(host: &str, error: &io::Error) -> ImapError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let why = match inner {
        Some(rustls::Error::InvalidCertificate(certificate)) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet; is the clock of this machine right?"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name; “host” must be the name in the certificate"
            }
            CertificateError::UnknownIssuer => {
                "its certificate is from an authority that is not trusted here; name the authority's file as “ca_file”"
            }
            CertificateError::Revoked => "its certificate has been revoked",
            other => return ImapError::Certificate(format!("{host}: its certificate is refused: {other:?}")),
        },
        Some(rustls::Error::InvalidMessage(_)) => "it does not speak TLS on this port; is “tls” or “port” right?",
        _ => return ImapError::Certificate(format!("{host}: TLS failed: {error}")),
    };
    ImapError::Certificate(format!("{host}: {why}"))
}
