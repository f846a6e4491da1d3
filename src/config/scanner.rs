//! `scanner` of `[reading]`: where the virus scanner listens.
//!
//! Promises that no mail leaves the machine in the clear by this setting: clamd does not encrypt, so by TCP only this
//! machine can be named.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::net::http::is_this_machine;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerAt {
    /// At a socket in the file system.
    Unix(PathBuf),
    /// At a port of this machine.
    Tcp {
        /// A name or address of this machine.
        host: String,
        /// The port.
        port: u16,
    },
}

impl fmt::Display for ScannerAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp:{host}:{port}"),
        }
    }
}

/// Reads the setting; a relative path begins at `base`.
pub(super) fn at(text: &str, base: &Path) -> Result<Option<ScannerAt>, String> {
    if text == "off" {
        return Ok(None);
    }
    let wrong = || format!("“{text}” is none of \"off\", \"unix:PATH\" and \"tcp:HOST:PORT\"");
    if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
        return Ok(Some(ScannerAt::Unix(base.join(path))));
    }
    let (host, port) = text.strip_prefix("tcp:").and_then(|rest| rest.rsplit_once(':')).ok_or_else(wrong)?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
    if host.is_empty() {
        return Err(wrong());
    }
    if !is_this_machine(&host) {
        return Err(format!("mail would go to {host} in the clear; name this machine, where a tunnel may begin"));
    }
    Ok(Some(ScannerAt::Tcp { host, port }))
}
