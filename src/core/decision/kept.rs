//! The acts as they stand on record, each with its facts.
//!
//! Promises one canonical text for the facts of each, with a version, from which the same act comes back; anything else is an
//! error with the reason.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::Answered;
use crate::core::{
    event::canonical::{NotCanonical, VERSION_KEY, canonical},
    iso3::Iso3,
    submission::AdditionKind,
};

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

const VERSION_OF: &str = "version_of";
const RENDITION_OF: &str = "rendition_of";
const ADDITION_TO: &str = "addition_to";
const DUPLICATE_OF: &str = "duplicate_of";
/// The word for what is a letter.
pub(super) const CORRESPONDENCE: &str = "correspondence";
const ANNOUNCE: &str = "announce";
const DECLINE: &str = "decline";
const WITHDRAW: &str = "withdraw";
const EXTEND: &str = "extend";
const UNREADABLE_BUT_OURS: &str = "unreadable_but_ours";
/// The word for asking the sender.
pub(super) const ASK_SENDER: &str = "ask_sender";
/// The version in which the facts of an act are written.
const VERSION: u64 = 1;
const KIND_KEY: &str = "kind";

impl Act {
    /// The words for all of them.
    pub(super) const KINDS: [&'static str; 11] = [
        VERSION_OF,
        RENDITION_OF,
        ADDITION_TO,
        DUPLICATE_OF,
        CORRESPONDENCE,
        ANNOUNCE,
        DECLINE,
        WITHDRAW,
        EXTEND,
        UNREADABLE_BUT_OURS,
        ASK_SENDER,
    ];
    /// The words for those that say nothing of whose an item is.
    pub const BESIDE_THE_ITEM: [&'static str; 3] = [ASK_SENDER, EXTEND, WITHDRAW];

    /// The word for it, as the database keeps it and the interface says it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::VersionOf { .. } => VERSION_OF,
            Self::RenditionOf { .. } => RENDITION_OF,
            Self::AdditionTo { .. } => ADDITION_TO,
            Self::DuplicateOf { .. } => DUPLICATE_OF,
            Self::Correspondence { .. } => CORRESPONDENCE,
            Self::Announce { .. } => ANNOUNCE,
            Self::Decline { .. } => DECLINE,
            Self::Withdraw { .. } => WITHDRAW,
            Self::Extend { .. } => EXTEND,
            Self::UnreadableButOurs { .. } => UNREADABLE_BUT_OURS,
            Self::AskSender => ASK_SENDER,
        }
    }

    /// Its facts in their one text.
    pub(super) fn value(&self) -> Result<String, NotCanonical> {
        let mut facts = serde_json::to_value(self).map_err(|error| NotCanonical::because(&error))?;
        if let Value::Object(facts) = &mut facts {
            facts.remove(KIND_KEY);
            facts.insert(VERSION_KEY.to_owned(), VERSION.into());
        }
        canonical(&facts)
    }

    /// What a row holds that says of itself to be of that kind.
    pub(super) fn read(kind: &str, value: &str) -> Result<Self, String> {
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
