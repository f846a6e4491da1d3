//! What a decision comes to, as facts: where something is filed and was, how states stand by it, and which letter leaves when.
//!
//! It is kept with the decision in one canonical text, with a version, as payloads of events are; the sentence is made from it
//! when it is read ([`phrase`](Consequences::phrase)). Promises that what was written comes back as the same, and that anything
//! else is an error with the reason.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::act::Answered;
use crate::core::{
    calls::{standing::Standing, status::Status},
    event::{
        Event, Hold,
        canonical::{NotCanonical, read_versioned, versioned},
    },
    iso3::Iso3,
    judging::{relevance::Relevance, silence::Silence},
    letter_kind::LetterKind,
    question::Question,
    submission::{Becomes, Named},
};

/// The version in which consequences are written. Whoever changes what they hold raises it, and keeps reading the old one.
const VERSION: u64 = 1;

/// What a decision comes to. What it leaves as it was is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// The word for the act.
    pub act: String,
    /// The number of the item it was taken on; none where it was taken on a state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where the item is filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<FiledThen>,
    /// Where it was filed, and is not any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<LeavesThen>,
    /// What is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<WithdrawnThen>,
    /// What states said of their inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<SaidThen>,
    /// More time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<ExtendedThen>,
    /// The answer that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// What its message is confirmed as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Relevance>,
    /// States that stand otherwise than before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateThen>,
    /// What a person is still asked about it, or is asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Question>,
    /// What else happens by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Event>,
    /// What the sender is told of what stands.
    #[serde(default, skip_serializing_if = "LetterThen::is_unchanged")]
    pub letter: LetterThen,
    /// What is told of the act itself, in a letter of its own.
    #[serde(default, skip_serializing_if = "LetterThen::is_unchanged")]
    pub act_letter: LetterThen,
}

/// Where an item is filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledThen {
    /// The docket reference.
    pub reference: String,
    /// Since when there is that reference.
    #[serde(rename = "reference_is")]
    pub opened: ReferenceIs,
    /// The states; none of a sender who is no state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<OfRoster>,
    /// What it is there, in the word of the database.
    pub place: String,
    /// The number of the version that it is or repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What it comes to beside what stands.
    pub becomes: Becomes,
    /// When it was received.
    pub received: Timestamp,
    /// How that stands against the deadline.
    pub standing: Standing,
}

/// Since when there is a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceIs {
    /// By this decision.
    New,
    /// From before.
    Known,
    /// The item was filed there, as the same.
    Kept,
}

/// A state, and whether it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfRoster {
    /// The state.
    pub state: Iso3,
    /// Whether it is on the roster of the call.
    pub on: Roster,
}

/// Whether a state is on the roster of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Roster {
    /// It is.
    OnRoster,
    /// It observes.
    Observer,
    /// It is not.
    Outside,
}

/// Where an item was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavesThen {
    /// The docket reference.
    pub reference: String,
    /// The states; none of a sender who is no state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Iso3>,
    /// The number of the version that it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What is current there now, where it was until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncovers: Option<Named>,
}

/// What is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnThen {
    /// The docket reference.
    pub reference: String,
    /// The states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Iso3>,
    /// All that was received before.
    pub until: Timestamp,
}

/// What a state said of its input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidThen {
    /// The state.
    pub state: Iso3,
    /// The word for it, as the database keeps it.
    pub word: String,
    /// The day that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// More time for a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendedThen {
    /// The state.
    pub state: Iso3,
    /// The first instant that is late for it.
    pub until: Timestamp,
    /// On whose authority.
    pub authority: String,
}

/// How a state stood and stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateThen {
    /// The state.
    pub state: Iso3,
    /// Before.
    pub before: Status,
    /// From then on.
    pub after: Status,
}

/// What the sender is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LetterThen {
    /// Nothing, and nothing else than before.
    #[default]
    Unchanged,
    /// Nothing, and why.
    None {
        /// Why.
        why: Silence,
    },
    /// A letter.
    Leaves {
        /// Its kind.
        letter: LetterKind,
        /// To whom.
        to: String,
        /// Not before.
        at: Timestamp,
    },
    /// A letter that a person must let go.
    Held {
        /// Its kind.
        letter: LetterKind,
        /// To whom.
        to: String,
        /// Why.
        held: Hold,
    },
    /// What had been decided does not leave.
    Stopped {
        /// Its kind.
        letter: LetterKind,
    },
    /// No second one.
    LeftBefore {
        /// Its kind.
        letter: LetterKind,
    },
    /// It was made before, and can be sent once more.
    FailedBefore {
        /// Its kind.
        letter: LetterKind,
        /// Its number.
        number: i64,
    },
    /// The sender has written since, and is not asked again.
    WrittenSince,
    /// Nobody knows any more whether it may be answered.
    Erased,
}

impl LetterThen {
    fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }
}

impl Consequences {
    /// The text in which they are kept.
    ///
    /// # Errors
    /// A fact is of a kind that has no canonical text.
    pub fn kept(&self) -> Result<String, NotCanonical> {
        versioned(self, VERSION)
    }

    /// What a row holds.
    ///
    /// # Errors
    /// It holds something else, and why.
    pub fn read(kept: &str) -> Result<Self, String> {
        read_versioned(kept, VERSION)
    }
}
