//! Whose allowance a letter uses: how many letters the program sends by itself within an hour is counted apart for each
//! authority, so that a flood in one name silences no other.
//!
//! Goes by the address that the letter goes to, and only where that is no authority's by what the message is filed for:
//! whoever writes in a state's name from elsewhere does not use up what goes to the state itself.

use serde::{Deserialize, Serialize};

use super::matching::Register;
use crate::core::{iso3::Iso3, mail::address, phrase::Phrase};

/// An allowance of letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// What goes to a state's own addresses.
    State(Iso3),
    /// What goes to others who write in its name: from another domain, or from one below its own that the tables do not
    /// know.
    InItsName(Iso3),
    /// What goes to one domain that is no state's.
    Domain(String),
    /// What goes to all that are no state's together.
    Others,
}

impl Allowance {
    /// The allowances that a letter to an address uses: `known` are the states that the address is known for, `filed` those
    /// that the message is filed for.
    #[must_use]
    pub fn of(register: &Register, recipient: &str, known: &[Iso3], filed: &[Iso3]) -> Vec<Self> {
        if let Some(state) = filed.iter().find(|state| known.contains(state)).or(known.first()) {
            return vec![Self::State(*state)];
        }
        match register.whose(recipient) {
            Some((state, true)) => vec![Self::State(state)],
            Some((state, false)) => vec![Self::InItsName(state)],
            None if filed.is_empty() => vec![Self::Domain(address::domain(recipient)), Self::Others],
            None => filed.iter().map(|state| Self::InItsName(*state)).collect(),
        }
    }

    /// The word under which it is counted.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::State(state) => state.to_string(),
            Self::InItsName(state) => format!("{state} elsewhere"),
            Self::Domain(domain) => format!("@{domain}"),
            Self::Others => "others".to_owned(),
        }
    }

    /// The state that it is of.
    #[must_use]
    pub fn state(&self) -> Option<Iso3> {
        match self {
            Self::State(state) | Self::InItsName(state) => Some(*state),
            Self::Domain(_) | Self::Others => None,
        }
    }

    /// Whose it is, at the beginning of a sentence.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::State(state) => Phrase::of("allowance.state").with("state", *state),
            Self::InItsName(state) => Phrase::of("allowance.in_its_name").with("state", *state),
            Self::Domain(domain) => Phrase::of("allowance.domain").with("domain", domain),
            Self::Others => Phrase::of("allowance.others"),
        }
    }
}
