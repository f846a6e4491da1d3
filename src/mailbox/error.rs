//! Why a mailbox could not be read, of whichever kind it is.

use super::{imap::ImapError, maildir::MaildirError};

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

    /// Whether it says nothing of the other folders of the mailbox: the server refuses this one.
    #[must_use]
    pub fn is_of_the_folder(&self) -> bool {
        matches!(self, Self::Imap(ImapError::Refused { .. }))
    }

    /// Whether a server wants to be left alone.
    #[must_use]
    pub fn wants_peace(&self) -> bool {
        matches!(self, Self::Imap(error) if error.wants_peace())
    }
}
