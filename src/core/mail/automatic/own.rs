//! What is ours: our addresses, and the groups that are the mailbox itself.
//!
//! Promises one answer for all spellings of an address.

use crate::core::mail::{address::folded, authenticity::Relay, message::Message};

/// What is ours; rules about it are skipped where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The addresses of the mailbox and those the letters come from.
    pub addresses: Vec<String>,
    /// Our relay, whose word about a sender counts.
    pub relay: Relay,
}

impl Own {
    /// Whether an address is ours, however it is written: `gcm+anything@…` comes into the mailbox of `gcm@…`.
    #[must_use]
    pub fn has(&self, address: &str) -> bool {
        let address = folded(address);
        self.addresses.iter().any(|own| folded(own) == address)
    }

    /// Whether a message came through a group that is the mailbox itself: its list has one of our names.
    pub(super) fn is_group_of(&self, message: &Message) -> bool {
        let said = |name: &'static str| message.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name));
        let identified = said("List-Id").filter_map(|h| h.value.rsplit_once('<')?.1.split('>').next());
        let named = ["Mailing-list", "X-BeenThere"].into_iter().flat_map(said).flat_map(|h| h.value.split([' ', ';']));
        let is_ours = |id: String| self.addresses.iter().any(|own| folded(own).replace('@', ".") == id);
        identified.map(|id| id.trim().to_lowercase()).any(is_ours)
            || named.into_iter().any(|word| word.contains('@') && self.has(word))
    }
}
