//! What a letter states: the facts, fixed when the letter is decided, from which its text is rendered.
//!
//! Promises to hold nothing of the sender's but the cleaned subject and the file names. Serialised, they are the record of
//! what a sender was told.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

pub use crate::core::letter_kind::LetterKind;
use crate::core::{
    calls::standing::Standing,
    file::{Format, Outcome, Role},
    iso3::Iso3,
    submission::Becomes,
    text::language::Language,
};

/// The call as letters speak of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFacts {
    /// Its title by language; English is always there.
    pub title: BTreeMap<Language, String>,
    /// Who signs, by language; English is always there.
    pub secretariat: BTreeMap<Language, String>,
    /// The docket reference of the call, such as `GCM-ECE-2020`.
    pub reference: String,
    /// The address for questions.
    pub contact: String,
    /// The last day on which an input is on time.
    pub last_day: Date,
    /// The hour of it until which that is so; none where the whole day counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_hour: Option<Time>,
    /// The IANA zone of that day, in which all times of a letter are given.
    pub zone: String,
    /// The word limit, if there is one.
    pub word_limit: Option<u64>,
}

/// One input that a receipt confirms. A forward may carry several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFacts {
    /// The docket reference, such as `GCM-ECE-2020-0007`; none while undecided.
    pub reference: Option<String>,
    /// The states it is registered for; empty in a neutral receipt.
    pub states: Vec<Iso3>,
    /// The version of the submission, from 1; none while undecided.
    pub version: Option<u32>,
    /// What it comes to beside what stands; none while undecided, and in what was written down before this was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Becomes>,
    /// The same documents had been received before.
    pub duplicate: bool,
    /// The standing against the deadline.
    pub standing: Standing,
    /// What counts against the limit; none where nothing could be counted.
    pub words: Option<u64>,
    /// The files, in the order of the message.
    pub files: Vec<FileFacts>,
}

/// A file as a receipt lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The sender's name for it, cleaned.
    pub name: Option<String>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal; empty where this stands for files that nobody could list.
    pub sha256: String,
    /// What it is.
    pub format: Format,
    /// What it is for.
    pub role: Role,
    /// How far it could be read: the letter says what to do about the rest.
    pub outcome: Outcome,
}

/// Why a receipt lists no file of a message that a person has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// It is kept as it came, and could not be read.
    Kept,
    /// It lies in the mailbox, and its header alone was taken in.
    HeaderOnly,
}

/// A receipt: `acknowledgement` or `received`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The call.
    pub call: CallFacts,
    /// The intake number, such as `M-000123`.
    pub number: String,
    /// When the message was received.
    pub received: Timestamp,
    /// The cleaned subject of the message.
    pub subject: Option<String>,
    /// The message as a whole was not read.
    #[serde(default)]
    pub unread: Option<Unread>,
    /// The inputs; at least one.
    pub entries: Vec<EntryFacts>,
}

/// A request for the document that was not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The call.
    pub call: CallFacts,
    /// The intake number.
    pub number: String,
    /// When the message was received.
    pub received: Timestamp,
    /// The cleaned subject of the message.
    pub subject: Option<String>,
    /// The message holds links only: they are never opened.
    pub cloud_link: bool,
    /// The files that were there and are no document.
    pub files: Vec<FileFacts>,
}

/// A reminder to one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The call.
    pub call: CallFacts,
    /// The state that is reminded.
    pub state: Iso3,
    /// The focal point's name, if the secretariat entered one.
    pub addressee: Option<String>,
    /// The mailbox that takes inputs.
    pub send_to: String,
    /// Whole days left until the last day, that day not counted.
    pub days_left: u32,
}

/// The facts of any letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Facts {
    /// Names the state.
    Acknowledgement(Receipt),
    /// Names no state.
    Received(Receipt),
    /// Asks for the document.
    Query(Query),
    /// Reminds.
    Reminder(Reminder),
}

impl Facts {
    /// Which letter these facts make.
    #[must_use]
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::Acknowledgement(_) => LetterKind::Acknowledgement,
            Self::Received(_) => LetterKind::Received,
            Self::Query(_) => LetterKind::Query,
            Self::Reminder(_) => LetterKind::Reminder,
        }
    }
}
