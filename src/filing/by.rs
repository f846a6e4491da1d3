//! Who decides a letter, and why one could not be decided.

use crate::{
    letters::LetterProblem,
    store::{Id, StoreError},
};

/// Who decides that a message gets a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The program, by itself: the allowances hold for it.
    Program,
    /// A person, with this decision.
    Person(Id),
}

/// A letter could not be decided.
#[derive(Debug, thiserror::Error)]
pub enum FilingError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template failed on these facts.
    #[error(transparent)]
    Render(#[from] LetterProblem),
    /// The facts cannot be written down.
    #[error("the facts of a letter cannot be written down: {0}")]
    Facts(#[from] serde_json::Error),
}

impl FilingError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_temporary())
    }
}
