//! The kinds of letters that the secretariat sends.

use serde::{Deserialize, Serialize};

/// A kind of letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A receipt that names the state.
    Acknowledgement,
    /// A receipt that names no state.
    Received,
    /// Asks for the document that was not in the message.
    Query,
    /// Reminds a state that has sent nothing.
    Reminder,
}

impl LetterKind {
    /// All kinds of letters.
    pub const ALL: [Self; 4] = [Self::Acknowledgement, Self::Received, Self::Query, Self::Reminder];

    /// The folder of its templates, and its word in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Received => "received",
            Self::Query => "query",
            Self::Reminder => "reminder",
        }
    }
}
