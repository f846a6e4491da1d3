//! What a person had decided, where it is taken back.

use serde::{Deserialize, Serialize};

use crate::core::{decision::Act, iso3::Iso3};

/// What a person had decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UndoneDecision {
    /// Whose it is.
    Assigned {
        /// The states.
        states: Vec<Iso3>,
    },
    /// That it is no input.
    NotAnInput,
    /// Something else.
    Acted {
        /// What.
        act: Act,
    },
    /// Anything that is not known here.
    Other {
        /// In words.
        what: String,
    },
}
