//! What stands on record of a decision.
//!
//! Promises one text for each, as the database keeps it, that comes back as the same; a row that does not is an error with
//! the reason, and never a decision without states.

use super::kept::Act;
use crate::core::{
    event::{UndoneDecision, canonical::NotCanonical},
    iso3::Iso3,
};

/// A decision as it stands on record.
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
    /// Any other act, with its facts.
    Act(Act),
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
/// The word for a decision that takes another back.
pub(super) const UNDO: &str = "undo";
const UNRELATED: &str = "unrelated";
impl Ruling {
    /// The word for it, as the database keeps it.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Assigned { .. } => ASSIGN,
            Self::NotAnInput { .. } => NOT_AN_INPUT,
            Self::Undone => UNDO,
            Self::Act(act) => act.kind(),
            Self::Other { kind, .. } => kind,
        }
    }

    /// Upon what, as the database keeps it: the codes of the states, or whatever the kind needs.
    ///
    /// # Errors
    /// A fact is of a kind that has no canonical text.
    pub fn value(&self) -> Result<String, NotCanonical> {
        Ok(match self {
            Self::Assigned { states } => states.iter().map(Iso3::as_str).collect::<Vec<_>>().join("+"),
            Self::NotAnInput { unrelated: true } => UNRELATED.to_owned(),
            Self::NotAnInput { unrelated: false } | Self::Undone => String::new(),
            Self::Act(act) => act.value()?,
            Self::Other { value, .. } => value.clone(),
        })
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
            (kind, value) if Act::KINDS.contains(&kind) => Self::Act(Act::read(kind, value)?),
            (kind, value) => Self::Other { kind: kind.to_owned(), value: value.to_owned() },
        })
    }

    /// It, as the history tells of one that was taken back.
    #[must_use]
    pub fn undone(&self) -> UndoneDecision {
        match self {
            Self::Assigned { states } => UndoneDecision::Assigned { states: states.clone() },
            Self::NotAnInput { .. } => UndoneDecision::NotAnInput,
            Self::Act(act) => UndoneDecision::Acted { act: act.clone() },
            Self::Undone | Self::Other { .. } => {
                let value = if let Self::Other { value, .. } = self { value.as_str() } else { "" };
                UndoneDecision::Other { what: format!("{} {value}", self.kind()).trim_end().to_owned() }
            }
        }
    }
}
