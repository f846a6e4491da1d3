//! Mailboxes on an IMAP server.
//!
//! An [`account::Imap`] holds a [`session`] while there is one; the session speaks the protocol over a [`wire`]. Whoever
//! uses an account sees [`answers`] and [`error::ImapError`].

mod account;
mod answers;
mod error;
mod folder_name;
mod session;
mod windows;
mod wire;

pub use self::{
    account::{Imap, LIMIT, PIECE},
    answers::{Described, InPieces, Moved, OpenFolder, Quota, Way, Writable},
    error::ImapError,
    windows::{Window, Windows},
};
