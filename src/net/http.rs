//! One request to a web server (RFC 9110): a token is asked for, an alarm is raised.
//!
//! Promises that nothing leaves in the clear but to this machine, that a certificate is always verified, that every answer
//! comes within its limit and is bounded in size, and that no redirection is followed. The addresses come from the
//! configuration, and from the issuer of logins that it names: nothing that stands in a mail is ever asked for.

use std::{fmt, io, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Uri,
    body::Bytes,
    client::conn::http1,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST, HeaderValue, USER_AGENT},
    http::request::Builder,
};
use hyper_util::rt::TokioIo;
use jiff::{Timestamp, fmt::rfc2822};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use crate::net::tls;

/// Bytes of an answer that are read; the longest honest ones hold a token.
const ANSWER_AT_MOST: usize = 256 << 10;

/// An address that can be asked: `https://…`, or `http://…` on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    uri: Uri,
    host: String,
    port: u16,
    encrypted: bool,
    /// The authorities that its certificate is checked by; `None`: the system's.
    pub ca_file: Option<PathBuf>,
}

/// What was answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The server's clock, if it said.
    pub date: Option<Timestamp>,
    /// The content.
    pub body: Vec<u8>,
}

/// Why there is no answer. Never repeats what was sent.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection.
    #[error("{host} cannot be reached: {source}")]
    Unreachable {
        /// The server.
        host: String,
        /// Why.
        source: io::Error,
    },
    /// The connection cannot be protected; nothing was sent.
    #[error("nothing was sent, for the connection is not safe: {0}")]
    Certificate(String),
    /// No answer in time.
    #[error("{host} did not answer within {} s", limit.as_secs())]
    Silent {
        /// The server.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// What came is no answer, or is longer than any honest one.
    #[error("{host} did not answer as a web server does: {why}")]
    NotUnderstood {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
}

impl HttpError {
    /// Whether the same may succeed later, without anybody changing a setting.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Certificate(_))
    }
}

impl fmt::Debug for Endpoint {
    /// The path and the query may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.host)
    }
}

impl fmt::Debug for Response {
    /// The content may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "should be a web address, such as \"https://login.example.org/token\"".to_owned();
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let (scheme, host) = (uri.scheme_str().ok_or_else(wrong)?, uri.host().ok_or_else(wrong)?);
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        if host.is_empty() || authority.contains('@') {
            return Err(wrong());
        }
        let encrypted = match scheme {
            "https" => true,
            "http" if is_this_machine(&host) => false,
            "http" => return Err("would go over the network in the clear; use https".to_owned()),
            _ => return Err(wrong()),
        };
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        Ok(Self { uri, host, port, encrypted, ca_file: None })
    }
}

/// Whether a name or an address is this machine's own: what goes there does not go over the network.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Endpoint {
    /// The server's name, which may be shown.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends content by POST and yields the answer, whatever its status.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn post(
        &self,
        content_type: &'static str,
        authorization: Option<&str>,
        content: Vec<u8>,
        limit: Duration,
    ) -> Result<Response, HttpError> {
        let silent = |_| HttpError::Silent { host: self.host.clone(), limit };
        timeout(limit, self.exchange(self.request(content_type, authorization, content)?)).await.map_err(silent)?
    }

    /// Asks for what is there and yields the answer, whatever its status.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn get(&self, limit: Duration) -> Result<Response, HttpError> {
        let silent = |_| HttpError::Silent { host: self.host.clone(), limit };
        let request = self.begun(Method::GET).body(Full::default());
        let request = request.map_err(|error| self.not_understood(&error.to_string()))?;
        timeout(limit, self.exchange(request)).await.map_err(silent)?
    }

    /// Whether what goes there is encrypted on the way.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Response, HttpError> {
        let unreachable = |source| HttpError::Unreachable { host: self.host.clone(), source };
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(unreachable)?;
        tcp.set_nodelay(true).map_err(unreachable)?;
        if self.encrypted {
            let trust = tls::trust(self.ca_file.as_deref()).map_err(HttpError::Certificate)?;
            let wire = tls::protect(tcp, &self.host, trust).await.map_err(HttpError::Certificate)?;
            self.ask(wire, request).await
        } else {
            self.ask(tcp, request).await
        }
    }

    fn begun(&self, method: Method) -> Builder {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, authority)
            .header(USER_AGENT, concat!("docket/", env!("CARGO_PKG_VERSION")))
    }

    fn request(
        &self,
        content_type: &'static str,
        authorization: Option<&str>,
        content: Vec<u8>,
    ) -> Result<Request<Full<Bytes>>, HttpError> {
        let mut request = self.begun(Method::POST).header(CONTENT_TYPE, content_type);
        if let Some(authorization) = authorization {
            let value = HeaderValue::from_str(authorization);
            let mut value = value.map_err(|_| self.not_understood("the login cannot stand in a header"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        request.body(Full::new(content.into())).map_err(|error| self.not_understood(&error.to_string()))
    }

    async fn ask<W>(&self, wire: W, request: Request<Full<Bytes>>) -> Result<Response, HttpError>
    where
        W: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let failed = |error: hyper::Error| self.not_understood(&error.to_string());
        let (mut sender, connection) = http1::handshake(TokioIo::new(wire)).await.map_err(failed)?;
        let asked = async {
            let answer = sender.send_request(request).await.map_err(failed)?;
            let status = answer.status().as_u16();
            let date = answer.headers().get(DATE).and_then(|date| rfc2822::parse(date.to_str().ok()?).ok());
            let body = Limited::new(answer.into_body(), ANSWER_AT_MOST).collect().await;
            let body = body.map_err(|error| self.not_understood(&error.to_string()))?.to_bytes().to_vec();
            Ok(Response { status, date: date.map(|date| date.timestamp()), body })
        };
        // The connection carries the exchange; what becomes of it afterwards does not matter.
        tokio::pin!(asked);
        tokio::select! {
            answer = &mut asked => answer,
            ended = connection => match ended {
                Ok(()) => asked.await,
                Err(error) => Err(failed(error)),
            },
        }
    }

    fn not_understood(&self, why: &str) -> HttpError {
        HttpError::NotUnderstood { host: self.host.clone(), why: why.to_owned() }
    }
}
