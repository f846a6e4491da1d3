//! Why something that lies in a mailbox is not in the log: said where it was seen, and as an event.

use super::{Event, NotAMessage};
use crate::core::phrase::Phrase;

/// Why something that lies in a mailbox is not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is no message.
    NotAMessage(NotAMessage),
    /// It cannot be read, and is tried again.
    Failed {
        /// What the system says.
        why: String,
    },
    /// It went out of its folder before it could be fetched.
    Gone {
        /// The folder.
        folder: String,
        /// Its number there.
        uid: u32,
    },
    /// It does not come, and is not tried any more.
    NotFetched {
        /// The folder.
        folder: String,
        /// Its number there.
        uid: u32,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        why: String,
    },
    /// It is there, and cannot be taken in; it is not tried any more.
    NotStored {
        /// Its name in the Maildir.
        name: String,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        why: String,
    },
}

impl NotTaken {
    /// Why.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let passed_over =
            |form: &str, folder: &String, uid| Phrase::of(form).with("folder", folder).with("uid", u32::clone(uid));
        match self {
            Self::NotAMessage(what) => what.phrase(),
            Self::Failed { why } => Phrase::of("not_taken.failed").with("why", why),
            Self::Gone { folder, uid } => passed_over("not_taken.gone", folder, uid),
            Self::NotFetched { folder, uid, attempts, why } => {
                passed_over("not_taken.not_fetched", folder, uid).with("what", not_fetched(*attempts, why))
            }
            Self::NotStored { name, attempts, why } => {
                Phrase::of("not_taken.not_stored").with("name", name).with("attempts", *attempts).with("why", why)
            }
        }
    }

    /// It, as an event.
    #[must_use]
    pub fn event(&self) -> Event {
        match self.clone() {
            Self::NotAMessage(what) => Event::NotAMessage(what),
            Self::Failed { why } => Event::Failed { why },
            Self::Gone { folder, uid } => Event::Gone { folder, uid },
            Self::NotFetched { folder, uid, attempts, why } => Event::NotFetched { folder, uid, attempts, why },
            Self::NotStored { name, attempts, why } => Event::NotStored { name, attempts, why },
        }
    }
}

/// Why a message that does not come is not tried any more.
#[must_use]
pub fn not_fetched(attempts: u32, why: &str) -> Phrase {
    Phrase::of("not_fetched").with("attempts", attempts).with("why", why)
}
