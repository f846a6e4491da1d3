//! What a letter states: the facts, fixed when the letter is decided, from which its text is rendered.
//!
//! Promises to hold nothing of the sender's but the cleaned subject and the file names. Serialised, they are the record of
//! what a sender was told.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

pub use crate::core::letter_kind::LetterKind;
use crate::core::{
    calls::{deadline, standing::Standing},
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

impl CallFacts {
    /// The instant at which the time is over, where that is at an hour of the last day.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        deadline::end(self.last_day, Some(self.last_hour?), &zone).ok()
    }
}

/// One input that a receipt confirms. A forward may carry several.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself, under its own name for the templates")]
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
    /// Its reader cannot know the other version: another sent it, and no letter to this address told of it. Neither its number
    /// nor its time is said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_unknown: bool,
    /// It is among what its party has taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// It had been told to be registered, and is not registered as an input.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_input: bool,
    /// The same documents had been received before.
    pub duplicate: bool,
    /// The text of the mail itself is the input.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_body: bool,
    /// A person is asked about it: only then does a letter say that somebody looks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
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
    /// The number of pages, where the format has pages.
    #[serde(default)]
    pub pages: Option<u32>,
    /// The pages, counted from 1, that could not be read.
    #[serde(default)]
    pub pages_failed: Vec<u32>,
    /// The pages, counted from 1, that were read and hold no text.
    #[serde(default)]
    pub pages_without_text: Vec<u32>,
}

impl FileFacts {
    /// Whether it holds the input itself, and a letter says that it could not be read at all.
    #[must_use]
    pub fn main_unread(&self) -> bool {
        self.role == Role::Main && !matches!(self.outcome, Outcome::Read | Outcome::Partial)
    }

    /// The pages of which there is no text, in their order.
    #[must_use]
    pub fn pages_lacking(&self) -> Vec<u32> {
        let mut pages = [self.pages_failed.as_slice(), &self.pages_without_text].concat();
        pages.sort_unstable();
        pages
    }
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
    /// The docket reference, where the document is there and registered, and cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
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

/// The message that a letter answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The intake number.
    pub number: String,
    /// When it was received.
    pub received: Timestamp,
    /// Its cleaned subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// More time for one or more states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The call.
    pub call: CallFacts,
    /// The message in which it was asked for; none where the letter goes to the focal point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// The focal point's name, if the secretariat entered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// The states.
    pub states: Vec<Iso3>,
    /// The first instant that is late for them.
    pub until: Timestamp,
    /// The docket reference of what they have filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Another deadline for all, as one state is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The call.
    pub call: CallFacts,
    /// The state.
    pub state: Iso3,
    /// The focal point's name, if the secretariat entered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// The first instant that was late.
    pub before: Timestamp,
    /// The first instant that is late.
    pub now: Timestamp,
}

/// What a party has taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The call.
    pub call: CallFacts,
    /// The message in which it said so, or what it had sent.
    pub answered: Answered,
    /// The docket reference.
    pub reference: String,
    /// The states; none of a sender who is no state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Iso3>,
    /// All that was received before.
    pub until: Timestamp,
}

/// A receipt in place of another, and what that one had said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// When the other one was made.
    pub told: Timestamp,
    /// The inputs that it named.
    pub before: Vec<Registered>,
    /// What holds.
    pub receipt: Receipt,
}

/// An input as a receipt had named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The docket reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Iso3>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

impl From<&EntryFacts> for Registered {
    fn from(entry: &EntryFacts) -> Self {
        Self { reference: entry.reference.clone(), states: entry.states.clone(), version: entry.version }
    }
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
    /// Grants more time.
    ExtensionGranted(Granted),
    /// Tells of another deadline.
    DeadlineMoved(Moved),
    /// Confirms a withdrawal.
    Withdrawn(TakenBack),
    /// Names the state, in place of a receipt that left.
    Correction(Corrected),
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
            Self::ExtensionGranted(_) => LetterKind::ExtensionGranted,
            Self::DeadlineMoved(_) => LetterKind::DeadlineMoved,
            Self::Withdrawn(_) => LetterKind::Withdrawn,
            Self::Correction(_) => LetterKind::Correction,
        }
    }

    /// The call as the letter speaks of it.
    pub fn call_mut(&mut self) -> &mut CallFacts {
        match self {
            Self::Acknowledgement(receipt) | Self::Received(receipt) | Self::Correction(Corrected { receipt, .. }) => {
                &mut receipt.call
            }
            Self::Query(query) => &mut query.call,
            Self::Reminder(reminder) => &mut reminder.call,
            Self::ExtensionGranted(granted) => &mut granted.call,
            Self::DeadlineMoved(moved) => &mut moved.call,
            Self::Withdrawn(back) => &mut back.call,
        }
    }

    /// Has a receipt say of what is no input that it is not registered, where a receipt before had told that it is: `told`,
    /// by the place in it.
    pub fn mark_no_input(&mut self, told: &dyn Fn(usize) -> bool) {
        if let Self::Acknowledgement(receipt) | Self::Received(receipt) | Self::Correction(Corrected { receipt, .. }) =
            self
        {
            for (place, entry) in receipt.entries.iter_mut().enumerate() {
                entry.no_input &= told(place);
            }
        }
    }

    /// What a receipt confirms.
    #[must_use]
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Self::Acknowledgement(receipt) | Self::Received(receipt) | Self::Correction(Corrected { receipt, .. }) => {
                Some(receipt)
            }
            _ => None,
        }
    }
}
