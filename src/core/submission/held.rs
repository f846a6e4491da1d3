//! How long something was held to be so, and from where one looks back at it.
//!
//! Promises one rule for every fact: it was held at a time if it was opened before and not closed before. What was opened
//! and closed in the same instant was never held.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// From when until when the house held something to be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Since when.
    pub since: Timestamp,
    /// Until when; none while it is held.
    pub until: Option<Timestamp>,
}

impl Held {
    /// From a time on.
    #[must_use]
    pub fn from(since: Timestamp) -> Self {
        Self { since, until: None }
    }

    /// Whether it was held just before a time; before the end of time, whether it is held now.
    #[must_use]
    pub fn before(self, time: Timestamp) -> bool {
        self.since < time && self.until.is_none_or(|until| until >= time)
    }
}

/// From where one looks: at what had been received, as far as it was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// What was received before this counts.
    pub received_before: Timestamp,
    /// What was known before this is known.
    pub known_before: Timestamp,
}

impl View {
    /// From here and now: all that was received, and all that is known.
    pub const NOW: Self = Self { received_before: Timestamp::MAX, known_before: Timestamp::MAX };

    /// As of a time, by what is known today.
    #[must_use]
    pub fn as_of(time: Timestamp) -> Self {
        Self { received_before: time, ..Self::NOW }
    }

    /// As it was known at a time.
    #[must_use]
    pub fn known_at(time: Timestamp) -> Self {
        Self { known_before: time, ..Self::NOW }
    }

    /// The time whose deadline holds: nobody is late by a deadline that was set later.
    #[must_use]
    pub fn law(self) -> Timestamp {
        self.received_before.min(self.known_before)
    }
}
