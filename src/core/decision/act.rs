//! The acts that a person can take.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::core::{calls::deadline::end_of, iso3::Iso3, submission::AdditionKind};

/// Something that a person decides, on an item, on a state or on a letter. `of` names where an item belongs: a docket
/// reference, or the number of another item.
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
    /// It is another version of what is filed there.
    VersionOf {
        /// Where.
        of: String,
    },
    /// It is the readable copy of a version that could not be read.
    RenditionOf {
        /// Where.
        of: String,
        /// Which version; without it the one that could not be read.
        version: Option<u32>,
    },
    /// It stands beside what is filed there, and replaces nothing.
    AdditionTo {
        /// Where.
        of: String,
        /// What it is.
        kind: AdditionKind,
        /// Which version it came for; without it, it follows from the times of receipt.
        version: Option<u32>,
    },
    /// It says nothing new, though its words may differ.
    DuplicateOf {
        /// What it repeats.
        of: String,
    },
    /// It is a letter, no input.
    Correspondence {
        /// The answer that it had, if it had one.
        answered: Option<Answered>,
        /// The entry to which it belongs, if to one.
        of: Option<String>,
    },
    /// These states say that an input will come.
    Announce {
        /// The states; none where they are clear from what it is decided on.
        states: Vec<Iso3>,
        /// By that day, if they name one.
        day: Option<Date>,
        /// To which call, where that is not clear.
        call: Option<String>,
    },
    /// These states say that none will come.
    Decline {
        /// The states; none where they are clear from what it is decided on.
        states: Vec<Iso3>,
        /// To which call, where that is not clear.
        call: Option<String>,
    },
    /// The party takes back all that it sent until then.
    Withdraw {
        /// What is taken back, where the item is only the notice of that.
        of: Option<String>,
    },
    /// More time for these states.
    Extend {
        /// The states; none where they are clear from what it is decided on.
        states: Vec<Iso3>,
        /// Until when.
        until: CivilEnd,
        /// On whose authority.
        authority: String,
        /// Of which call, where that is not clear.
        call: Option<String>,
    },
    /// It is no input.
    NotAnInput {
        /// It has nothing to do with any call.
        unrelated: bool,
    },
    /// Nobody can read it, and it is the input of these states: the original alone is registered.
    UnreadableButOurs {
        /// The states; none where it is filed already.
        states: Vec<Iso3>,
        /// The call it is for, by code, where that is not clear.
        call: Option<String>,
    },
    /// The sender is asked for a document that can be read.
    AskSender,
    /// The last decision on it is taken back.
    Undo,
    /// A held letter may go.
    Release,
    /// A letter does not go.
    Discard,
    /// A letter goes once more, with the same bytes.
    Resend,
}

/// The answer that a letter had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Who gave it.
    pub by: String,
    /// How: by mail, by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

/// A decision, with what goes with each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What is decided.
    pub decision: Decision,
    /// Why, in the person's words.
    pub reason: String,
    /// The sender is told.
    pub letter: bool,
}

impl Order {
    /// A decision of which the sender is told.
    #[must_use]
    pub fn new(decision: Decision, reason: impl Into<String>) -> Self {
        Self { decision, reason: reason.into(), letter: true }
    }

    /// The same without a letter.
    #[must_use]
    pub fn without_letter(mut self) -> Self {
        self.letter = false;
        self
    }
}

/// The end of a day, or an hour of it, in the zone of whatever it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilEnd {
    /// The day.
    pub day: Date,
    /// The hour; the whole day counts without one.
    pub time: Option<Time>,
}

/// The text is neither a day nor a day with an hour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a day, such as 2020-10-09, nor a day with an hour, such as 2020-10-09T12:00")]
pub struct NotCivil(String);

impl CivilEnd {
    /// The first instant that lies behind it in a zone.
    ///
    /// # Errors
    /// The day lies outside the calendar.
    pub fn instant(self, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        match self.time {
            Some(time) => zone.to_timestamp(self.day.to_datetime(time)),
            None => end_of(self.day, zone),
        }
    }
}

impl FromStr for CivilEnd {
    type Err = NotCivil;

    fn from_str(text: &str) -> Result<Self, NotCivil> {
        let wrong = || NotCivil(text.chars().take(40).collect());
        let text = text.trim();
        let (day, time) = match text.split_once(['T', 't', ' ']) {
            Some((day, time)) => (day, Some(time.trim().parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        Ok(Self { day: day.parse().map_err(|_| wrong())?, time })
    }
}

impl fmt::Display for CivilEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{time}", self.day),
            None => write!(f, "{}", self.day),
        }
    }
}
