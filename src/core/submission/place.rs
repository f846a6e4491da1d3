//! What an item is in a submission: a version of the input, or one of the things that stand beside it.
//!
//! Promises one word for each, as the database keeps it, that comes back as the same; a row that does not is an error with
//! the reason.

use serde::{Deserialize, Serialize};

use crate::core::file::Outcome;

/// An item, by its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemId(pub i64);

/// What an item is in a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A text of the input: the first, or a correction of it.
    Version,
    /// It stands beside and replaces nothing.
    Addition {
        /// What it is.
        kind: AdditionKind,
        /// The version it came for, where a person or the mail says so.
        to: Option<ItemId>,
    },
    /// The readable copy of a version that could not be read; it takes that one's date.
    Rendition {
        /// The version.
        of: ItemId,
    },
    /// It says nothing new, though its words may differ: a person's word.
    Duplicate {
        /// What it repeats.
        of: ItemId,
    },
    /// The party takes back what it sent before; the fact is a [`Withdrawal`](super::Withdrawal).
    Withdrawal,
    /// A recall notice: it deletes nothing.
    Recall,
    /// It belongs to the entry: a reply, a thank-you, a question.
    Correspondence,
}

/// What stands beside a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdditionKind {
    /// An annex, a supplement.
    Annex,
    /// The same in another language.
    Translation,
    /// The letter that goes with it.
    CoverLetter,
}

impl AdditionKind {
    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Annex => "annex",
            Self::Translation => "translation",
            Self::CoverLetter => "cover_letter",
        }
    }
}

/// Whether its main text can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Legible {
    /// The program read it, wholly or in part.
    Read,
    /// Not, and nobody has looked.
    Unread,
    /// Not, and a person has opened it and said that it is the input.
    Seen,
}

impl Legible {
    /// Of what the program found, given how reading its main file went; none where the mail itself is its text.
    #[must_use]
    pub fn found(main: Option<Outcome>) -> Self {
        match main {
            None | Some(Outcome::Read | Outcome::Partial) => Self::Read,
            Some(_) => Self::Unread,
        }
    }

    /// The same once a person has looked.
    #[must_use]
    pub fn looked_at(self) -> Self {
        if self == Self::Unread { Self::Seen } else { self }
    }

    /// The word for it, as the database keeps it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unread => "unread",
            Self::Seen => "seen",
        }
    }
}

const VERSION: &str = "version";
const RENDITION: &str = "rendition";
const DUPLICATE: &str = "duplicate";
const WITHDRAWAL: &str = "withdrawal";
const RECALL: &str = "recall";
const CORRESPONDENCE: &str = "correspondence";

impl Place {
    /// The word for it, as the database keeps it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Version => VERSION,
            Self::Addition { kind, .. } => kind.word(),
            Self::Rendition { .. } => RENDITION,
            Self::Duplicate { .. } => DUPLICATE,
            Self::Withdrawal => WITHDRAWAL,
            Self::Recall => RECALL,
            Self::Correspondence => CORRESPONDENCE,
        }
    }

    /// It is or goes with an input, so that whoever sent it is told of it; not a word about one.
    #[must_use]
    pub fn is_received(self) -> bool {
        match self {
            Self::Version | Self::Addition { .. } | Self::Rendition { .. } | Self::Duplicate { .. } => true,
            Self::Withdrawal | Self::Recall | Self::Correspondence => false,
        }
    }

    /// The item that it refers to.
    #[must_use]
    pub fn of_item(self) -> Option<ItemId> {
        match self {
            Self::Addition { to, .. } => to,
            Self::Rendition { of } | Self::Duplicate { of } => Some(of),
            Self::Version | Self::Withdrawal | Self::Recall | Self::Correspondence => None,
        }
    }

    /// What a row holds.
    ///
    /// # Errors
    /// It is no word for a place, or the item that the word needs is not there, or one that it has no use for is.
    pub fn read(word: &str, of: Option<ItemId>) -> Result<Self, String> {
        let addition = |kind| Ok(Self::Addition { kind, to: of });
        match (word, of) {
            ("annex", _) => addition(AdditionKind::Annex),
            ("translation", _) => addition(AdditionKind::Translation),
            ("cover_letter", _) => addition(AdditionKind::CoverLetter),
            (VERSION, None) => Ok(Self::Version),
            (RENDITION, Some(of)) => Ok(Self::Rendition { of }),
            (DUPLICATE, Some(of)) => Ok(Self::Duplicate { of }),
            (WITHDRAWAL, None) => Ok(Self::Withdrawal),
            (RECALL, None) => Ok(Self::Recall),
            (CORRESPONDENCE, None) => Ok(Self::Correspondence),
            (RENDITION | DUPLICATE, None) => Err(format!("a {word} of nothing")),
            (VERSION | WITHDRAWAL | RECALL | CORRESPONDENCE, Some(_)) => Err(format!("a {word} is of no other item")),
            (word, _) => Err(format!("“{word}” is no place in a submission")),
        }
    }
}
