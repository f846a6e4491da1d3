//! A mailbox of whichever kind, and what lies in its folders.
//!
//! Whoever needs no more than that asks here, and not what kind it is. A message is listed under the name by which the log
//! knows it, with what the mailbox itself tells of since when it lies there.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    error::MailboxError,
    imap::{Imap, LIMIT, Windows},
    maildir::{FileState, Listed, Maildir},
};
use crate::config::MailSource;

/// A mailbox; nothing is opened yet.
#[derive(Debug)]
pub enum Mailbox {
    /// In the folder of a Maildir.
    Maildir(Maildir),
    /// On a server.
    Imap(Box<Imap>),
}

/// What there is in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The messages, in their order.
    pub messages: Vec<Lying>,
    /// Names mean the same as long as this is the same; where there is none, they always do.
    pub validity: Option<u32>,
}

/// A message that lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Its name in the log.
    pub name: String,
    /// Since when it lies there.
    pub since: Since,
    /// Its file, if it is one, and how that stands.
    pub file: Option<(PathBuf, FileState)>,
}

/// What a mailbox tells of since when a message lies where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Since before any with a larger UID.
    Uid(u32),
    /// Since then, as the file system says, if it does.
    Time(Option<Timestamp>),
}

impl Mailbox {
    /// The mailbox of the configuration.
    #[must_use]
    pub fn of(source: &MailSource) -> Self {
        match source {
            MailSource::Maildir(path) => Self::Maildir(Maildir::at(path)),
            MailSource::Imap(account) => Self::Imap(Box::new(Imap::new(account.clone(), LIMIT))),
        }
    }

    /// The account, where it is on a server.
    #[must_use]
    pub fn account(&mut self) -> Option<&mut Imap> {
        match self {
            Self::Maildir(_) => None,
            Self::Imap(imap) => Some(imap),
        }
    }

    /// All that lies in a folder. A Maildir is one folder, whatever it is called.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn list(&mut self, folder: &str) -> Result<Listing, MailboxError> {
        match self {
            Self::Maildir(maildir) => {
                let lying = |Listed { name, path, since, state }| {
                    let file = Some((path, state));
                    Lying { name, since: Since::Time(since), file }
                };
                Ok(Listing { messages: maildir.list_with_times()?.into_iter().map(lying).collect(), validity: None })
            }
            Self::Imap(imap) => {
                let open = imap.examine(folder).await?;
                let uids = Windows::of(open, 1).all(imap).await?;
                let lying = |uid| Lying { name: open.name_of(uid), since: Since::Uid(uid), file: None };
                Ok(Listing { messages: uids.into_iter().map(lying).collect(), validity: Some(open.validity) })
            }
        }
    }

    /// Takes leave of it.
    pub async fn leave(&mut self) {
        if let Self::Imap(imap) = self {
            imap.leave().await;
        }
    }
}
