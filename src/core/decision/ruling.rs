//! What stands on record of a decision.
//!
//! Promises one text for each, as the database keeps it, that comes back as the same; a row that does not is an error with
//! the reason, and never a decision without states.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::Answered;
use crate::core::{
    event::{
        UndoneDecision,
        canonical::{NotCanonical, canonical},
    },
    iso3::Iso3,
    submission::AdditionKind,
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

/// An act as it stands on record, with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// It is another version.
    VersionOf {
        /// Of this submission.
        reference: String,
    },
    /// It is the readable copy of a version.
    RenditionOf {
        /// Of this submission.
        reference: String,
        /// Which version, if it was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
    },
    /// It stands beside.
    AdditionTo {
        /// In this submission.
        reference: String,
        /// What it is.
        addition: AdditionKind,
        /// To which version, if it was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
    },
    /// It says nothing new.
    DuplicateOf {
        /// What it repeats, as it was named.
        of: String,
    },
    /// It is a letter.
    Correspondence {
        /// The answer that it had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered: Option<Answered>,
        /// Where it belongs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// An input will come.
    Announce {
        /// From these states.
        states: Vec<Iso3>,
        /// By that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    /// None will come.
    Decline {
        /// From these states.
        states: Vec<Iso3>,
    },
    /// What was sent is taken back.
    Withdraw {
        /// All of this submission.
        reference: String,
    },
    /// More time.
    Extend {
        /// For these states.
        states: Vec<Iso3>,
        /// The first instant that is late for them.
        until: Timestamp,
        /// On whose authority.
        authority: String,
    },
    /// The original alone is registered.
    UnreadableButOurs {
        /// For these states.
        states: Vec<Iso3>,
    },
    /// The sender is asked for the document.
    AskSender,
}

const ASSIGN: &str = "assign";
/// The word for a decision that something is no input.
pub const NOT_AN_INPUT: &str = "not_an_input";
/// The word for a decision that takes another back.
pub(super) const UNDO: &str = "undo";
const UNRELATED: &str = "unrelated";
/// The version in which the facts of an act are written.
const VERSION: u64 = 1;
const VERSION_KEY: &str = "v";
const KIND_KEY: &str = "kind";

impl Act {
    /// The word for it, as the database keeps it and the interface says it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::VersionOf { .. } => "version_of",
            Self::RenditionOf { .. } => "rendition_of",
            Self::AdditionTo { .. } => "addition_to",
            Self::DuplicateOf { .. } => "duplicate_of",
            Self::Correspondence { .. } => "correspondence",
            Self::Announce { .. } => "announce",
            Self::Decline { .. } => "decline",
            Self::Withdraw { .. } => "withdraw",
            Self::Extend { .. } => "extend",
            Self::UnreadableButOurs { .. } => "unreadable_but_ours",
            Self::AskSender => "ask_sender",
        }
    }

    const KINDS: [&'static str; 11] = [
        "version_of",
        "rendition_of",
        "addition_to",
        "duplicate_of",
        "correspondence",
        "announce",
        "decline",
        "withdraw",
        "extend",
        "unreadable_but_ours",
        "ask_sender",
    ];

    /// Its facts in their one text.
    fn value(&self) -> Result<String, NotCanonical> {
        let mut facts = serde_json::to_value(self).map_err(|error| NotCanonical::because(&error))?;
        if let Value::Object(facts) = &mut facts {
            facts.remove(KIND_KEY);
            facts.insert(VERSION_KEY.to_owned(), VERSION.into());
        }
        canonical(&facts)
    }

    fn read(kind: &str, value: &str) -> Result<Self, String> {
        let mut facts: Value = serde_json::from_str(value).map_err(|error| error.to_string())?;
        let fields = facts.as_object_mut().ok_or_else(|| format!("“{value}” are no facts"))?;
        if fields.remove(VERSION_KEY).as_ref().and_then(Value::as_u64) != Some(VERSION) {
            return Err("it has a version that this program does not know".to_owned());
        }
        fields.insert(KIND_KEY.to_owned(), kind.into());
        let act: Self = serde_json::from_value(facts).map_err(|error| error.to_string())?;
        match act.value() {
            Ok(text) if text == value => Ok(act),
            _ => Err("it holds more than it can, or is not in its canonical text".to_owned()),
        }
    }
}

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
