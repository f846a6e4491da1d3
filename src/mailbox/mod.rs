//! Mailboxes: where messages come from.
//!
//! Promises to leave a mailbox as it was found but for what the settings ask to be done after intake. People work in it too: a
//! message that moved or went away between two looks is a normal result.

mod archive;
mod error;
mod imap;
mod kind;
mod maildir;
pub mod mbox;
mod raw;

pub use archive::{Archive, LeftOut, MailFile, Messages, Refusal, Refused};
pub use error::MailboxError;
pub use imap::{
    Described, Imap, ImapError, InPieces, LIMIT, Moved, OpenFolder, PIECE, Quota, Way, Window, Windows, Writable,
};
pub use kind::{Listing, Lying, Mailbox, Since};
pub use maildir::{Beginning, FileState, FolderWatch, Found, Listed, Maildir, MaildirError, Seen};
pub use raw::{HeaderOnly, RawMessage};
