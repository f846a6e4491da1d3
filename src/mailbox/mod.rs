//! Mailboxes: where messages come from.
//!
//! Promises to leave a mailbox as it was found. People work in it too: a message that moved or went away between two
//! looks is a normal result.

mod maildir;
pub mod mbox;

pub use maildir::{Found, MailboxError, Maildir, RawMessage, Seen, Watch};
