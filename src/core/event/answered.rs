//! That a colleague answered: where it was seen, and what became of what was asked.

use serde::{Deserialize, Serialize};

use crate::core::phrase::Phrase;

/// Where an answer was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SeenIn {
    /// It came to the mailbox itself, and is in the log.
    Message {
        /// Its intake number.
        number: String,
    },
    /// It lies in a folder of what was sent.
    Folder {
        /// The folder.
        folder: String,
    },
}

impl SeenIn {
    /// Where, in a few words.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Message { number } => Phrase::of("seen_in.message").with("number", number),
            Self::Folder { folder } => Phrase::of("seen_in.folder").with("folder", folder),
        }
    }
}

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrote {
    /// A colleague, for certain.
    Colleague,
    /// Whoever writes in a colleague's name.
    InTheirName,
}

impl Wrote {
    /// By whether it is certain.
    #[must_use]
    pub fn by(vouched: bool) -> Self {
        if vouched { Self::Colleague } else { Self::InTheirName }
    }
}

/// What became of what was asked about a message that a colleague answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedThen {
    /// The question of correspondence is closed.
    Closed,
    /// It stays open.
    Open,
    /// Nothing was asked.
    Nothing,
}
