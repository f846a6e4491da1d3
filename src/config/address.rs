//! Addresses as a configuration may have them: of mail, and to listen on.
//!
//! Promises an address that looks like one, in lower case, and one to listen on that other machines do not reach.

use std::net::{IpAddr, SocketAddr};

use crate::core::mail::address::is_address;

/// An address in lower case, if it has the shape of one.
pub(super) fn address(text: &str) -> Result<String, String> {
    if is_address(text) { Ok(text.to_lowercase()) } else { Err(format!("“{text}” is no mail address")) }
}

/// An address to listen on that only this machine can reach.
pub(super) fn loopback(text: &str) -> Result<SocketAddr, String> {
    let listen: SocketAddr =
        text.parse().map_err(|_| format!("“{text}” is no address with a port, such as \"127.0.0.1:8480\""))?;
    if listen.ip().is_loopback() {
        return Ok(listen);
    }
    Err(format!(
        "{listen} can be reached from other machines, and the pages are not encrypted; listen on 127.0.0.1, and have a proxy on this machine bring them to others"
    ))
}

/// The address under which people open the pages, behind a proxy on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesAddress {
    /// Whether it is reached by TLS.
    pub https: bool,
    /// The name of the host.
    pub host: String,
    /// The same with the port, where it is not the usual one.
    pub authority: String,
}

impl PagesAddress {
    /// As it is written: `https://docket.example.org`, which is the origin of its forms, too (RFC 6454).
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

impl std::str::FromStr for PagesAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("“{text}” is no address of pages; write it like \"https://docket.example.org\", without a path");
        let written = text.trim().trim_end_matches('/');
        let (https, authority) = match (written.strip_prefix("https://"), written.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(wrong()),
        };
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, if https { "443" } else { "80" }));
        let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !is_host || port.parse::<u16>().is_err() {
            return Err(wrong());
        }
        let host = host.to_ascii_lowercase();
        if !https && host != "localhost" && !host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback()) {
            return Err(format!(
                "“{text}” would carry passwords over the network for everybody to read; have the proxy speak TLS, and write \"https://…\""
            ));
        }
        // Browsers leave the port out that goes without saying, and so does the origin of a form.
        let usual = if https { "443" } else { "80" };
        let authority = if port == usual { host.clone() } else { format!("{host}:{port}") };
        Ok(Self { https, host, authority })
    }
}
