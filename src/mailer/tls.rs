//! Encryption of the connection to a mail server.
//!
//! Promises that the server's certificate was checked against its name, by the operator's own authorities where a file
//! of them is named, else by the system's. There is no way to switch that off.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio_rustls::TlsConnector;

use super::wire::Duplex;

/// Encrypts a connection to the server of that name; the error is a sentence.
pub(super) async fn encrypt(
    stream: Box<dyn Duplex>,
    host: &str,
    ca_file: Option<&Path>,
) -> Result<Box<dyn Duplex>, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("“{host}” is no name of a server"))?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_root_certificates(authorities(ca_file)?)
        .with_no_client_auth();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let encrypted = connected.map_err(|error| format!("no encrypted connection to {host}: {error}"))?;
    Ok(Box::new(encrypted))
}

fn authorities(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = ca_file {
        let unreadable = |error: &dyn std::fmt::Display| format!("the certificates in {}: {error}", file.display());
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
            let certificate = certificate.map_err(|error| unreadable(&error))?;
            roots.add(certificate).map_err(|error| unreadable(&error))?;
        }
    } else {
        // A system's store may hold certificates that are not understood; the others serve.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err("there is no certificate authority to check the server by".to_owned());
    }
    Ok(roots)
}
