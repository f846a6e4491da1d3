//! Messages of our own that come back to us.

use super::{original::original_author, own::Own};
use crate::core::mail::{
    address::domain,
    message::{Address, Message, ReturnPath},
};

/// Why a message is our own, where it is.
pub(super) fn own_message(message: &Message, own: &Own) -> Option<(bool, String)> {
    if let Some((token, at)) = message.message_id.as_deref().and_then(|id| id.rsplit_once('@'))
        && is_letter_token(token)
        && own.addresses.iter().any(|address| domain(address) == domain(&format!("x@{at}")))
    {
        return Some((true, "The message is one of our own letters that came back.".to_owned()));
    }
    // What a group or a forwarder put our name on is another's.
    if original_author(message, own).is_some() {
        return None;
    }
    let address = |of: &Option<Address>| of.as_ref().and_then(|address| address.address.clone());
    if [address(&message.from), address(&message.sender)].iter().flatten().any(|address| own.has(address)) {
        return Some((true, "The message comes from one of our own addresses.".to_owned()));
    }
    matches!(&message.return_path, ReturnPath::Address(address) if own.has(address))
        .then(|| (true, "The message was sent from one of our own addresses.".to_owned()))
}

/// Whether a message bears the Message-ID of a letter of ours, whatever is behind its `@`.
pub(super) fn is_our_letter(message: &Message) -> bool {
    let token = message.message_id.as_deref().map(|id| id.rsplit_once('@').map_or(id, |(token, _)| token));
    token.is_some_and(is_letter_token)
}

/// The left side of the Message-ID of a letter of ours: `docket.<letter>.<token>`.
fn is_letter_token(token: &str) -> bool {
    let mut parts = token.split('.');
    let is = |part: Option<&str>, test: fn(char) -> bool| part.is_some_and(|p| !p.is_empty() && p.chars().all(test));
    parts.next() == Some("docket")
        && is(parts.next(), |c| c.is_ascii_digit())
        && is(parts.next(), |c| c.is_ascii_hexdigit())
        && parts.next().is_none()
}
