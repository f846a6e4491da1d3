//! What the matcher says of a case: named, left to a person, or surely no state's.

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use crate::core::iso3::Iso3;

/// What the matcher says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Named, left to a person, or surely no state's.
    pub decision: Decision,
    /// What kind of sender it is; of a review, what it would be if the little that speaks is right.
    pub kind: Kind,
    /// The state, where exactly one is named.
    pub iso3: Option<Iso3>,
    /// The states of a joint input; else empty.
    pub iso3s: Vec<Iso3>,
    /// Between 0 and 1; shown, never compared across versions.
    pub score: f64,
    /// Why it came out so, in a sentence for a person.
    #[serde(default)]
    pub reason: String,
    /// It is passed on by somebody who cannot stand for its author, so that nothing is confirmed to whoever sent it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed_on: bool,
    /// The only state that it names, where nothing in it says that a state sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentioned: Option<Iso3>,
    /// What it rests on, the weightiest first; for a review also what speaks for the other candidates.
    pub evidence: Vec<Evidence>,
}

impl Match {
    /// The states that are named: one, several, or none.
    #[must_use]
    pub fn named(&self) -> Vec<Iso3> {
        if self.iso3s.is_empty() { self.iso3.into_iter().collect() } else { self.iso3s.clone() }
    }

    /// Whether anything beside its text ties it to a state.
    #[must_use]
    pub fn is_tied(&self) -> bool {
        self.evidence.iter().any(Evidence::ties)
    }
}

/// What to do with the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The state is named.
    Matched,
    /// A person decides.
    Review,
    /// Surely no state's input.
    None,
}

/// Whose it is, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A state of the call's roster.
    MemberState,
    /// Several states together.
    Joint,
    /// An observer State (Holy See, State of Palestine).
    Observer,
    /// An organisation, an authority below the state, a person, a robot.
    NotAState,
    /// A member of the United Nations outside the roster.
    OutsideRegion,
    /// More than one reading; a person decides.
    Ambiguous,
}
