//! What is done to messages on a server, where the settings ask for it: a keyword, a move, a copy of a letter.
//!
//! Promises that a move is told as the server proved it, and that where the server cannot move, nothing is lost: a message
//! is taken out of its folder only when its copy in the other is proven.

use std::collections::BTreeSet;

use super::{Imap, contained};
use crate::mailbox::imap::{
    answers::{Moved, Way, Writable},
    error::ImapError,
};

impl Imap {
    /// Opens a folder to change it, and a connection first where there is none. It is open so until the next one is.
    ///
    /// # Errors
    /// No connection, no login, or no such folder.
    pub async fn select(&mut self, folder: &str) -> Result<Writable, ImapError> {
        let mut session = self.session_or_login().await?;
        let answer = contained("SELECT", session.select(folder)).await;
        self.keep(session, answer)
    }

    /// How the server can move.
    #[must_use]
    pub fn way_to_move(&self) -> Way {
        let can = |what| self.session.as_ref().is_some_and(|session| session.can(what));
        match (can("MOVE"), can("UIDPLUS")) {
            (true, _) => Way::Move,
            (false, true) => Way::CopyAndExpunge,
            (false, false) => Way::None,
        }
    }

    /// Which of these messages are in the open folder.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn there(&mut self, uids: &[u32]) -> Result<BTreeSet<u32>, ImapError> {
        let mut session = self.session("SEARCH")?;
        let answer = contained("SEARCH", session.there(uids)).await;
        self.keep(session, answer)
    }

    /// Adds a flag to messages of the open folder. That it stays is not said.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn add_flag(&mut self, uids: &[u32], flag: &str) -> Result<(), ImapError> {
        let mut session = self.session("STORE")?;
        let answer = contained("STORE", session.add_flag(uids, flag)).await;
        self.keep(session, answer)
    }

    /// Those of these messages that are in the open folder, each with whether it has a flag.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn flagged(&mut self, uids: &[u32], flag: &str) -> Result<Vec<(u32, bool)>, ImapError> {
        let mut session = self.session("FETCH")?;
        let answer = contained("FETCH", session.flagged(uids, flag)).await;
        self.keep(session, answer)
    }

    /// Moves messages of the open folder into another, where [`Way::Move`] is the way.
    ///
    /// # Errors
    /// The conversation failed, or there is no such folder.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<Moved, ImapError> {
        let mut session = self.session("MOVE")?;
        let answer = contained("MOVE", session.move_to(uids, folder)).await;
        self.keep(session, answer)
    }

    /// Copies messages of the open folder into another.
    ///
    /// # Errors
    /// The conversation failed, or there is no such folder.
    pub async fn copy_to(&mut self, uids: &[u32], folder: &str) -> Result<Moved, ImapError> {
        let mut session = self.session("COPY")?;
        let answer = contained("COPY", session.copy_to(uids, folder)).await;
        self.keep(session, answer)
    }

    /// Removes these messages of the open folder, and no others.
    ///
    /// # Errors
    /// The conversation failed; some may be marked as deleted, and this can be done again.
    pub async fn remove(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        self.add_flag(uids, "\\Deleted").await?;
        let mut session = self.session("EXPUNGE")?;
        let answer = contained("EXPUNGE", session.expunge(uids)).await;
        self.keep(session, answer)
    }

    /// Whether a message with that Message-ID is in a folder.
    ///
    /// # Errors
    /// No connection, no login, or no such folder.
    pub async fn has(&mut self, folder: &str, message_id: &str) -> Result<bool, ImapError> {
        self.examine(folder).await?;
        let mut session = self.session("SEARCH")?;
        let answer = contained("SEARCH", session.with_header("Message-ID", message_id)).await;
        Ok(!self.keep(session, answer)?.is_empty())
    }

    /// Puts a message into a folder, as read, and opens a connection first where there is none.
    ///
    /// # Errors
    /// No connection, no login, or no such folder. Where the connection broke, it may be there.
    pub async fn append(&mut self, folder: &str, bytes: &[u8]) -> Result<(), ImapError> {
        let mut session = self.session_or_login().await?;
        let answer = contained("APPEND", session.append(folder, bytes)).await;
        self.keep(session, answer)
    }
}
