//! TLS towards mail servers: whom we trust, and what is wrong with a certificate, in a sentence.
//!
//! Promises that a certificate is always verified against the name of the configuration; there is no way to switch that
//! off. Both ends of the journey use it, the mailbox and the mailer.

use std::{io, path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// What is trusted: the authorities of a file alone, or the system's.
///
/// # Errors
/// A sentence: the file cannot be read or holds no certificate, or the system trusts nobody.
pub fn trust(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let bad = |why: String| format!("the authorities in {}: {why}", path.display());
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
            return Err(format!("the system's authorities: {why}"));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.map_err(|error| error.to_string())?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Encrypts a connection to the server of that name.
///
/// # Errors
/// A sentence: the server does not speak TLS, or its certificate is not good.
pub async fn protect<W>(wire: W, host: &str, trust: Arc<ClientConfig>) -> Result<TlsStream<W>, String>
where
    W: AsyncRead + AsyncWrite + Unpin,
{
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("no certificate can be for “{host}”"))?;
    TlsConnector::from(trust).connect(name, wire).await.map_err(|error| explain(host, &error))
}

/// What went wrong in the handshake, for the person who must mend it.
fn explain(host: &str, error: &io::Error) -> String {
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
            other => return format!("{host}: its certificate is refused: {other:?}"),
        },
        Some(rustls::Error::InvalidMessage(_)) => "it does not speak TLS on this port; is “tls” or “port” right?",
        _ => return format!("{host}: TLS failed: {error}"),
    };
    format!("{host}: {why}")
}
