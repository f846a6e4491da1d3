//! What makes two deliveries the same message.
//!
//! Promises that the evidence hash covers every byte, and that the identity hash stays the same when only the trace
//! fields at the top differ: a message that people moved out and back, or that a server delivered twice.

use sha2::{Digest, Sha256};

use super::header::block::Block;

/// The version of the rule by which [`identity`] is computed; it is stored beside the hash.
pub const IDENTITY_VERSION: i64 = 1;

/// What servers write on top of a message on its way (RFC 5322, section 3.6.7, and its descendants).
const TRACE: [&str; 12] = [
    "return-path",
    "received",
    "delivered-to",
    "x-original-to",
    "x-delivered-to",
    "envelope-to",
    "delivery-date",
    "x-received",
    "received-spf",
    "authentication-results",
    "x-envelope-from",
    "x-envelope-to",
];

/// SHA-256 of the bytes as they came.
#[must_use]
pub fn evidence(raw: &[u8]) -> [u8; 32] {
    Sha256::digest(raw).into()
}

/// SHA-256 of what follows the leading trace block; `None` for empty or headerless bytes, which have no identity of
/// their own.
#[must_use]
pub fn identity(raw: &[u8]) -> Option<[u8; 32]> {
    let block = Block::of_message(raw);
    let first = block.fields.iter().find(|f| !is_trace(f.name))?;
    Some(Sha256::digest(&raw[first.start..]).into())
}

fn is_trace(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACE.contains(&name.as_str()) || name.starts_with("arc-")
}
