//! A message as a mailbox holds it, before anything of it is parsed.

use jiff::Timestamp;

use crate::core::mail::delivery::Delivered;

/// A message as the mailbox holds it.
#[derive(Clone, Debug)]
pub struct RawMessage {
    /// Its bytes, or those of its header alone.
    pub bytes: Vec<u8>,
    /// When it was delivered, as the mailbox says.
    pub internal_date: Option<Timestamp>,
    /// Where only the header was fetched: the size of the whole, and why.
    pub header_only: Option<HeaderOnly>,
    /// How much of it came, by what the mailbox had announced.
    pub delivered: Delivered,
}

impl RawMessage {
    /// A message that came as it was announced, if it was.
    #[must_use]
    pub fn whole(bytes: Vec<u8>, internal_date: Option<Timestamp>) -> Self {
        Self { bytes, internal_date, header_only: None, delivered: Delivered::AsAnnounced }
    }
}

/// Only the header of a message was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderOnly {
    /// The size of the whole message, as the mailbox says.
    pub size: u64,
    /// Why, in a sentence for a person.
    pub reason: String,
}
