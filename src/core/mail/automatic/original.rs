//! Who wrote a message on which a group, a forwarder or certified mail has put another name.
//!
//! Promises an author only where the message bears the mark of what renamed it: `Reply-To` alone is any sender's to write,
//! and whoever believed it would send letters to strangers.

use super::own::Own;
use crate::core::mail::{
    address::is_address,
    header::address,
    message::{Address, Message},
};

/// Header fields of groups: beside one of them `Reply-To` is the group's, and names who wrote to it.
const GROUP: [&str; 6] =
    ["List-Id", "Mailing-list", "X-Google-Group-Id", "X-BeenThere", "X-Original-From", "X-Original-Sender"];

/// The author whose name was taken off a message: by a group or a forwarder that writes our own address into `From`, or by
/// Italian certified mail (PEC), which writes its own.
#[must_use]
pub fn original_author(message: &Message, own: &Own) -> Option<Address> {
    let found = if is_certified(message) {
        certified(message)
    } else if message.from.as_ref().and_then(|from| from.address.as_deref()).is_some_and(|from| own.has(from)) {
        rewritten(message)
    } else {
        None
    };
    found.filter(|author| author.address.as_deref().is_some_and(|address| is_address(address) && !own.has(address)))
}

/// Whether a message is an envelope of certified mail (D.P.R. 68/2005), which bears the provider's name.
pub(super) fn is_certified(message: &Message) -> bool {
    field(message, "X-Trasporto").is_some_and(|kind| {
        let kind = kind.trim();
        kind.eq_ignore_ascii_case("posta-certificata") || kind.eq_ignore_ascii_case("errore")
    })
}

fn certified(message: &Message) -> Option<Address> {
    let inside = message.attached.iter().find_map(|attached| attached.from.clone());
    let behind = |from: &Address| {
        let name = from.name.as_deref()?;
        let address = name.split([' ', '<', '>', '"', '(', ')', ',']).find(|word| is_address(word))?;
        Some(Address { name: None, address: Some(address.to_lowercase()) })
    };
    inside.or_else(|| message.reply_to.first().cloned()).or_else(|| message.from.as_ref().and_then(behind))
}

fn rewritten(message: &Message) -> Option<Address> {
    let first = |name: &str| field(message, name).and_then(|value| address::list(value, None).into_iter().next());
    let group = || GROUP.iter().any(|name| field(message, name).is_some());
    let with_address = |found: &Address| found.address.as_deref().is_some_and(|address| address.contains('@'));
    first("X-Original-From")
        .filter(with_address)
        .or_else(|| first("X-Original-Sender").filter(with_address))
        .or_else(|| message.reply_to.first().filter(|_| group()).cloned())
}

fn field<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    message.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
}
