//! What the program found in a message, as it is kept: each kind with its word, its value, and the version of that.
//!
//! Promises that a finding which is written comes back as the same one, and that a row which does not is an error with the
//! reason: it is never taken for a finding that is not there.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::{
    judging::{answer::Answering, matching::Match},
    mail::{authenticity::Authenticity, message::Message},
    purpose::Purpose,
};

/// The version in which values are written. Whoever changes what a kind holds raises it, and keeps reading the old one.
pub const VERSION: i64 = 1;
/// The value of a finding that was erased.
pub const ERASED: &str = "\"erased\"";

/// A finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The message, without its text.
    Message(Box<Message>),
    /// Whether it may be answered, and to whom.
    Answering(Answering),
    /// Whether it comes from the domain of its sender.
    Authenticity(Authenticity),
    /// Whose an item is, and what speaks for that.
    Match(Match),
    /// What an item is for, and what speaks for that.
    Purpose(Purpose),
    /// The files for which a person was asked to correct what a letter said, by their hashes.
    Correction(BTreeSet<String>),
}

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// See [`Finding::Message`].
    Message,
    /// See [`Finding::Answering`].
    Answering,
    /// See [`Finding::Authenticity`].
    Authenticity,
    /// See [`Finding::Match`].
    Match,
    /// See [`Finding::Purpose`].
    Purpose,
    /// See [`Finding::Correction`].
    Correction,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Message, Self::Answering, Self::Authenticity, Self::Match, Self::Purpose, Self::Correction];

    /// The word of a row.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Answering => "answering",
            Self::Authenticity => "authenticity",
            Self::Match => "match",
            Self::Purpose => "purpose",
            Self::Correction => "correction",
        }
    }

    /// Whether each finding of the kind counts beside the others; else the newest takes the place of those before it, for
    /// a message that has grown is read more than once.
    #[must_use]
    pub fn adds_up(self) -> bool {
        self == Self::Correction
    }
}

impl Finding {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> FindingKind {
        match self {
            Self::Message(_) => FindingKind::Message,
            Self::Answering(_) => FindingKind::Answering,
            Self::Authenticity(_) => FindingKind::Authenticity,
            Self::Match(_) => FindingKind::Match,
            Self::Purpose(_) => FindingKind::Purpose,
            Self::Correction(_) => FindingKind::Correction,
        }
    }

    /// Its value as it is kept.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn value(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Message(message) => serde_json::to_string(message),
            Self::Answering(answering) => serde_json::to_string(answering),
            Self::Authenticity(authenticity) => serde_json::to_string(authenticity),
            Self::Match(matched) => serde_json::to_string(matched),
            Self::Purpose(purpose) => serde_json::to_string(purpose),
            Self::Correction(files) => serde_json::to_string(files),
        }
    }

    /// What a row holds that says of itself to be of that kind; none where it was erased.
    ///
    /// # Errors
    /// It holds something else, and why.
    pub fn read(kind: &str, version: i64, value: &str) -> Result<Option<Self>, String> {
        let Some(kind) = FindingKind::ALL.into_iter().find(|known| known.word() == kind) else {
            return Err(format!("this program knows no finding “{kind}”"));
        };
        if version != VERSION {
            return Err(format!("it is of version {version}, which this program does not know"));
        }
        if value == ERASED {
            return Ok(None);
        }
        Ok(Some(match kind {
            FindingKind::Message => Self::Message(parsed(value)?),
            FindingKind::Answering => Self::Answering(parsed(value)?),
            FindingKind::Authenticity => Self::Authenticity(parsed(value)?),
            FindingKind::Match => Self::Match(parsed(value)?),
            FindingKind::Purpose => Self::Purpose(parsed(value)?),
            FindingKind::Correction => Self::Correction(parsed(value)?),
        }))
    }
}

fn parsed<T: DeserializeOwned>(value: &str) -> Result<T, String> {
    serde_json::from_str(value).map_err(|error| error.to_string())
}
