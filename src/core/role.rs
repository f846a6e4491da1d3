//! What a person may do in the pages.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a person may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything, and decides nothing.
    Viewer,
    /// Decides.
    Officer,
    /// Says who else may.
    Administrator,
}

impl Role {
    /// All of them, from the one that may least.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Officer, Self::Administrator];

    /// The word for it, as it is kept and written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Officer => "officer",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no role; there are viewer, officer and administrator")]
pub struct NoRole(String);

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(word: &str) -> Result<Self, NoRole> {
        let word = word.trim();
        Self::ALL.into_iter().find(|role| role.word() == word).ok_or_else(|| NoRole(word.chars().take(40).collect()))
    }
}
