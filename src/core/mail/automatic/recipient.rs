//! To whom an answer goes: a person.
//!
//! Promises one address, never one that servers made on the way, and never our own.

use super::{
    original::original_author,
    own::Own,
    return_path::{Envelope, envelope, meant},
};
use crate::core::mail::{
    address::{aligned, is_address, of_one_country},
    authenticity::{Verdict, authenticity},
    message::{Message, ReturnPath},
};

/// To whom an answer goes, with the reason; or why to nobody.
pub(super) fn recipient(message: &Message, own: &Own) -> Result<(String, &'static str), &'static str> {
    if let Some(author) = original_author(message, own).and_then(|author| author.address) {
        return Ok((author, "The answer goes to the author, on whose message another name was put on the way."));
    }
    let written = message.from.as_ref().and_then(|from| from.address.as_deref()).filter(|from| is_address(from));
    let meant = match written.map(meant) {
        Some(Envelope::Rewritten) => {
            return Err("A server wrote the sender's address, and it does not tell whose it was.");
        }
        Some(Envelope::Sender(from)) => Some(from).filter(|from| is_address(from) && !own.has(from)),
        None => None,
    };
    let from = meant.as_deref();
    let sender = match &message.return_path {
        ReturnPath::Address(path) if is_address(path) => match envelope(path) {
            Envelope::Sender(sender) => Some(sender).filter(|sender| !own.has(sender)),
            Envelope::Rewritten => None,
        },
        _ => None,
    };
    match (sender, from) {
        (Some(sender), Some(from)) => {
            if aligned(&sender, from) {
                Ok((from.to_owned(), "Nothing speaks against an answer to the sender."))
            } else if of_one_country(&sender, from) {
                Ok((from.to_owned(), "The answer goes to the sender; the return path is of the same country."))
            } else if authenticity(message, &own.relay).verdict == Verdict::Passed {
                Ok((from.to_owned(), "The answer goes to the sender, whose domain vouches for the message."))
            } else {
                Ok((sender, "The answer goes to the return path, as the sender's domain is another one."))
            }
        }
        (None, Some(from)) => Ok((from.to_owned(), "Nothing speaks against an answer to the sender.")),
        (Some(sender), None) => Ok((sender, "The answer goes to the return path, as the message names no sender.")),
        (None, None) => Err("The message names no address to which an answer could go."),
    }
}
