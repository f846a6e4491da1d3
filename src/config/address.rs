//! Addresses as a configuration may have them: of mail, and to listen on.
//!
//! Promises an address that looks like one, in lower case, and one to listen on that other machines do not reach.

use std::net::SocketAddr;

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
    Err(format!("{listen} can be reached from other machines, and the pages have no accounts; listen on 127.0.0.1"))
}
