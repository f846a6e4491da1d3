//! What makes two deliveries the same message.
//!
//! Promises that the evidence hash covers every byte, and that the identity hash stays the same when only the trace
//! fields at the top differ: a message that people moved out and back, or that a server delivered twice.

use sha2::{Digest, Sha256};

use super::header::{self, Headers, block::Block};

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

/// Whether what stands under a name by now may be the message that stood there before, written anew: both have one
/// Message-ID; or one of them has none, and nothing that both say of author, subject and date is another.
#[must_use]
pub fn may_be_written_anew(before: &[u8], now: &[u8]) -> bool {
    let (before, now) = (told(before), told(now));
    let address = |headers: &Headers| headers.from.as_ref()?.address.as_ref().map(|address| address.to_lowercase());
    match (&before.message_id, &now.message_id) {
        (Some(before), Some(now)) => before == now,
        _ => {
            agree(address(&before), address(&now))
                && agree(before.subject.as_deref(), now.subject.as_deref())
                && agree(before.date, now.date)
        }
    }
}

fn agree<T: PartialEq>(before: Option<T>, now: Option<T>) -> bool {
    before.zip(now).is_none_or(|(before, now)| before == now)
}

/// What a header says; where it was cut off, without the field in which that was.
fn told(raw: &[u8]) -> Headers {
    let block = Block::of_message(raw);
    let goes_on = block.body < raw.len() || raw.ends_with(b"\n\n") || raw.ends_with(b"\n\r\n");
    let end = block.fields.last().filter(|_| !goes_on).map_or(raw.len(), |last| last.start);
    header::read(&raw[..end])
}

fn is_trace(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACE.contains(&name.as_str()) || name.starts_with("arc-")
}
