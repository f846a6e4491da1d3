//! What a state said of its input without sending one: that it will come, or that none will.
//!
//! Promises that such a word is a fact of its own, which counts as nothing received.

use jiff::civil::Date;

use crate::core::{
    iso3::Iso3,
    submission::{Held, Receipt},
};

/// What a state said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// An input will come.
    Announced {
        /// By that day, if it named one.
        day: Option<Date>,
    },
    /// None will come.
    Declined,
}

/// What a state said of its input without sending one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The state.
    pub state: Iso3,
    /// What it said.
    pub word: Word,
    /// When that was received.
    pub receipt: Receipt,
    /// The decision that took it down.
    pub by: i64,
    /// How long it was held.
    pub held: Held,
}

const ANNOUNCED: &str = "announced";
const DECLINED: &str = "declined";

impl Word {
    /// The word for it, as the database keeps it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Announced { .. } => ANNOUNCED,
            Self::Declined => DECLINED,
        }
    }

    /// The day that it names.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Announced { day } => day,
            Self::Declined => None,
        }
    }

    /// What a row holds.
    ///
    /// # Errors
    /// It is no such word, or a declination with a day.
    pub fn read(word: &str, day: Option<Date>) -> Result<Self, String> {
        match (word, day) {
            (ANNOUNCED, day) => Ok(Self::Announced { day }),
            (DECLINED, None) => Ok(Self::Declined),
            (DECLINED, Some(day)) => Err(format!("“{DECLINED}” has no day, and here is {day}")),
            (word, _) => Err(format!("“{word}” is nothing that a state says of its input")),
        }
    }
}
