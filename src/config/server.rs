//! What the sections of servers have in common: encryption, the authorities to trust, and what may go in the clear.
//!
//! Promises that a file of authorities that cannot be used is reported before anything connects.

use std::path::{Path, PathBuf};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::reader::{Report, Section};

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte (port 993).
    Implicit,
    /// TLS by STARTTLS (port 143); a server that does not offer it is not logged in to.
    Starttls,
    /// None: only to this machine.
    None,
}

/// The ways to protect a connection, by their words.
pub(super) const TLS: [(&str, Tls); 3] =
    [("implicit", Tls::Implicit), ("starttls", Tls::Starttls), ("none", Tls::None)];

/// The file of the authorities that are trusted for a server; one that cannot be used is reported.
pub(super) fn ca_file(report: &Report<'_>, section: &mut Section<'_, '_>, base: &Path) -> Option<PathBuf> {
    let file = section.text("ca_file")?;
    let path = base.join(&file.value);
    let certificates = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let problem = match certificates {
        Ok(certificates) if certificates.is_empty() => Some("holds no certificate".to_owned()),
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    };
    if let Some(problem) = problem {
        report.note(file.line, format!("“ca_file” {}: {problem}", path.display()));
    }
    Some(path)
}
