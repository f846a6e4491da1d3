//! What was due when: the deadline as each act set it, and the time that was granted to single states.
//!
//! Promises that what is counted as of an earlier time is judged by the deadline that was in force then, whatever was set
//! or granted later; that an act ends no earlier one, which stays on record; and that a standing which a person settled
//! stands.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{
    deadline::Deadline,
    standing::{Due, Standing},
};
use crate::core::{
    actor::Actor,
    iso3::Iso3,
    submission::{Filed, Held, View},
};

/// A deadline as somebody set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineAct {
    /// The row.
    pub id: i64,
    /// Its number among those of the call.
    pub n: u32,
    /// The deadline.
    pub deadline: Deadline,
    /// When it was set.
    pub at: Timestamp,
    /// On whose authority.
    pub authority: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who set it.
    pub by: Actor,
}

/// More time for one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The row.
    pub id: i64,
    /// The state.
    pub state: Iso3,
    /// The first instant that is late for it.
    pub instant: Timestamp,
    /// On whose authority.
    pub authority: String,
    /// The decision that granted it.
    pub by: i64,
    /// How long it was held.
    pub held: Held,
}

/// The deadlines of a call and the extensions, as they were set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Law {
    /// At least one, the oldest first.
    acts: Vec<DeadlineAct>,
    extensions: Vec<Extension>,
}

/// How something stands, and by what it was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// How it stands.
    pub standing: Standing,
    /// The number of the act whose deadline was in force.
    pub deadline: u32,
    /// The row of the extension without which it would be late.
    pub extension: Option<i64>,
}

impl Law {
    /// The law of a call; none without any act.
    #[must_use]
    pub fn new(mut acts: Vec<DeadlineAct>, extensions: Vec<Extension>) -> Option<Self> {
        acts.sort_by_key(|act| (act.at, act.n));
        (!acts.is_empty()).then_some(Self { acts, extensions })
    }

    /// The newest act before a time; before the first one, the first.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> &DeadlineAct {
        self.acts.iter().rev().find(|act| act.at < at).unwrap_or(&self.acts[0])
    }

    /// The acts, the oldest first.
    #[must_use]
    pub fn acts(&self) -> &[DeadlineAct] {
        &self.acts
    }

    /// The extension of a state at a time: of several the longest.
    #[must_use]
    pub fn extension(&self, state: Iso3, at: Timestamp) -> Option<&Extension> {
        let own = self.extensions.iter().filter(|extension| extension.state == state && extension.held.before(at));
        own.max_by_key(|extension| (extension.instant, Reverse(extension.id)))
    }

    /// The deadline that holds now.
    #[must_use]
    pub fn newest(&self) -> &DeadlineAct {
        self.in_force(Timestamp::MAX)
    }

    /// The extensions, those that were taken back among them.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// What holds at a time for these states together.
    #[must_use]
    pub fn due(&self, states: &[Iso3], at: Timestamp) -> Due<'_> {
        let extended = |state| self.extension(state, at).map(|extension| extension.instant);
        self.in_force(at).deadline.due(states, extended)
    }

    /// How something filed by these states stands.
    #[must_use]
    pub fn judge(&self, filed: &Filed, states: &[Iso3], view: View) -> Judged {
        let at = view.law();
        let act = self.in_force(at);
        let weighed = || self.due(states, at).weigh(filed.receipt.at, filed.witnesses);
        let standing = filed.settled.unwrap_or_else(weighed);
        // Of the extensions of several states together the shortest decides.
        let own = states.iter().filter_map(|state| self.extension(*state, at));
        let shortest = own.min_by_key(|own| own.instant).map(|own| own.id);
        let extension = shortest.filter(|_| standing == Standing::ByExtension);
        Judged { standing, deadline: act.n, extension }
    }
}
