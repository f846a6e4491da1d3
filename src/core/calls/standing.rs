//! How an input stands against the deadline that holds for its states, extensions included.
//!
//! Promises that one function judges, by the receipt clock alone, and that late is recorded, never refused. Where those who
//! can tell when an input was received disagree about its standing, it is left to a person.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::deadline::Deadline;
use crate::core::iso3::Iso3;

/// How a receipt stands against the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Received before the end of the last day.
    OnTime,
    /// Received after it, within the grace of the call.
    ByGrace,
    /// Received within an extension granted to that state.
    ByExtension,
    /// Received after that.
    Late,
    /// The evidence for the time of receipt disagrees; a person decides.
    Undetermined,
}

impl Standing {
    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::ByGrace => "by_grace",
            Self::ByExtension => "by_extension",
            Self::Late => "late",
            Self::Undetermined => "undetermined",
        }
    }
}

/// The deadline that holds for some states together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    deadline: &'a Deadline,
    extended: Option<Timestamp>,
}

/// Who can tell when an input was received, beside the receipt clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Witnesses {
    /// What our own relays wrote.
    pub relay: Option<Timestamp>,
    /// What the mailbox says.
    pub mailbox: Option<Timestamp>,
}

impl Deadline {
    /// What holds for these states: of several an extension counts only where each has one, and then the shortest, for more
    /// time that was granted to one is no other's. `extended` tells until when a state has time.
    #[must_use]
    pub fn due(&self, states: &[Iso3], extended: impl Fn(Iso3) -> Option<Timestamp>) -> Due<'_> {
        let extended: Option<Vec<Timestamp>> = states.iter().map(|state| extended(*state)).collect();
        Due { deadline: self, extended: extended.and_then(|each| each.into_iter().min()) }
    }
}

impl Due<'_> {
    /// The standing of an input received at that time.
    #[must_use]
    pub fn judge(&self, received: Timestamp) -> Standing {
        let grace = SignedDuration::from_mins(i64::from(self.deadline.grace_minutes));
        let instant = self.deadline.instant;
        if received < instant {
            Standing::OnTime
        } else if received < instant.saturating_add(grace).unwrap_or(Timestamp::MAX) {
            Standing::ByGrace
        } else if self.extended.is_some_and(|until| received < until) {
            Standing::ByExtension
        } else {
            Standing::Late
        }
    }

    /// The same where others can tell the time of receipt, too: whether they agree about the standing.
    #[must_use]
    pub fn weigh(&self, received: Timestamp, witnesses: Witnesses) -> Standing {
        let judged = self.judge(received);
        let told = [witnesses.relay, witnesses.mailbox];
        let disagrees = told.into_iter().flatten().any(|at| self.judge(at) != judged);
        if disagrees { Standing::Undetermined } else { judged }
    }
}
