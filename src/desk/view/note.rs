//! A note of an officer, as it is shown.

use jiff::Timestamp;
use serde::Serialize;

/// A note on an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// By this it is struck.
    pub id: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: String,
    /// What it says.
    pub text: String,
    /// Who struck it, and when; none of one that stands.
    pub struck: Option<(String, Timestamp)>,
}
