//! Mailboxes: where messages come from.
//!
//! Promises to leave a mailbox as it was found but for what the settings ask to be done after intake. People work in it too: a message that moved or went away between two
//! looks is a normal result.

mod folder_name;
mod imap;
mod maildir;
pub mod mbox;
mod strict;
mod tls;

use jiff::Timestamp;

use crate::core::mail::delivery::Delivered;

pub use imap::{Described, Imap, ImapError, InPieces, LIMIT, Moved, OpenFolder, PIECE, Quota, WINDOW, Way, Writable};
pub use maildir::{FileState, Found, Listed, Maildir, MaildirError, Seen, Watch};

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

/// Why a mailbox could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// A folder or a file of a Maildir.
    #[error(transparent)]
    Maildir(#[from] MaildirError),
    /// A server.
    #[error(transparent)]
    Imap(#[from] ImapError),
}

impl MailboxError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Maildir(error) => error.is_temporary(),
            Self::Imap(error) => error.is_temporary(),
        }
    }
}
