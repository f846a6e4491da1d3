//! What a person decides: what may be decided, and what stands on record of a decision on an item.
//!
//! Promises one text for each, as the database keeps it, that comes back as the same; a row that does not is an error with
//! the reason, and never a decision without states.

use super::{event::UndoneDecision, iso3::Iso3};

/// Something that a person decides, on an item or on a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is the input of these states.
    Assign {
        /// The states: one, or several together.
        states: Vec<Iso3>,
        /// The call it is for, by code, where that is not clear.
        call: Option<String>,
        /// The sender's address counts as evidence for the state from now on.
        known_sender: bool,
    },
    /// It is no input.
    NotAnInput {
        /// It has nothing to do with any call.
        unrelated: bool,
    },
    /// The last decision on it is taken back.
    Undo,
    /// A held letter may go.
    Release,
    /// A letter does not go.
    Discard,
    /// A letter goes once more, with the same bytes.
    Resend,
}

/// A decision on an item as it stands on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Whose it is.
    Assigned {
        /// The states.
        states: Vec<Iso3>,
    },
    /// It is no input.
    NotAnInput {
        /// It has nothing to do with any call.
        unrelated: bool,
    },
    /// Another one is taken back.
    Undone,
    /// Anything that is not known here.
    Other {
        /// The word for it.
        kind: String,
        /// Upon what.
        value: String,
    },
}

const ASSIGN: &str = "assign";
/// The word for a decision that something is no input.
pub const NOT_AN_INPUT: &str = "not_an_input";
const UNDO: &str = "undo";
const UNRELATED: &str = "unrelated";

impl Ruling {
    /// The word for it, as the database keeps it.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Assigned { .. } => ASSIGN,
            Self::NotAnInput { .. } => NOT_AN_INPUT,
            Self::Undone => UNDO,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Upon what, as the database keeps it: the codes of the states, or whatever the kind needs.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Assigned { states } => states.iter().map(Iso3::as_str).collect::<Vec<_>>().join("+"),
            Self::NotAnInput { unrelated: true } => UNRELATED.to_owned(),
            Self::NotAnInput { unrelated: false } | Self::Undone => String::new(),
            Self::Other { value, .. } => value.clone(),
        }
    }

    /// What a row holds.
    ///
    /// # Errors
    /// It is of a kind that is known and holds something else, and why.
    pub fn read(kind: &str, value: &str) -> Result<Self, String> {
        Ok(match (kind, value) {
            (ASSIGN, codes) => {
                let state = |code: &str| code.parse().map_err(|error| format!("{error}"));
                Self::Assigned { states: codes.split('+').map(state).collect::<Result<_, _>>()? }
            }
            (NOT_AN_INPUT, "") => Self::NotAnInput { unrelated: false },
            (NOT_AN_INPUT, UNRELATED) => Self::NotAnInput { unrelated: true },
            (UNDO, "") => Self::Undone,
            (NOT_AN_INPUT | UNDO, value) => return Err(format!("“{value}” says nothing about the decision “{kind}”")),
            (kind, value) => Self::Other { kind: kind.to_owned(), value: value.to_owned() },
        })
    }

    /// It, as the history tells of one that was taken back.
    #[must_use]
    pub fn undone(&self) -> UndoneDecision {
        match self {
            Self::Assigned { states } => UndoneDecision::Assigned { states: states.clone() },
            Self::NotAnInput { .. } => UndoneDecision::NotAnInput,
            Self::Undone | Self::Other { .. } => {
                UndoneDecision::Other { what: format!("{} {}", self.kind(), self.value()).trim_end().to_owned() }
            }
        }
    }
}
