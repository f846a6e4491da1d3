//! Who files.

use crate::core::iso3::Iso3;

/// Who files: states, or another sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyKey {
    /// One state, or several together.
    States(Vec<Iso3>),
    /// A sender who is no state, by address.
    Sender(String),
}

impl PartyKey {
    /// The same for the same party, whatever the order of its states.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::States(states) => {
                let mut codes: Vec<&str> = states.iter().map(Iso3::as_str).collect();
                codes.sort_unstable();
                codes.dedup();
                codes.join("+")
            }
            Self::Sender(address) => format!("sender:{}", address.to_lowercase()),
        }
    }
}
