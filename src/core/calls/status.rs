//! How a state stands towards a call, from what it has filed and what may still be its own.

use serde::{Deserialize, Serialize};

use super::standing::Standing;

/// How a state stands towards a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Received on time, one version.
    OnTime,
    /// Received on time, and corrected since.
    Corrected,
    /// Received after the deadline.
    Late,
    /// Something undecided may be this state's.
    PossiblyReceived,
    /// Nothing received.
    Nothing,
}

/// The status, given the standing of what was received first, whether a later version took its place, and whether
/// something undecided may be the state's.
#[must_use]
pub fn status(first: Option<Standing>, corrected: bool, possible: bool) -> Status {
    match first {
        None if possible => Status::PossiblyReceived,
        None => Status::Nothing,
        Some(Standing::Late) => Status::Late,
        Some(_) if corrected => Status::Corrected,
        Some(_) => Status::OnTime,
    }
}
