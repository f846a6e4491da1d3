//! What waits for a person, as it is shown.

use jiff::Timestamp;
use serde::Serialize;

use crate::core::iso3::Iso3;

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waiting {
    /// `M-000123` or `M-000123/2`.
    pub number: String,
    /// The question in words: “Which state? Moldova or Romania”.
    pub question: String,
    /// Since when.
    pub since: Timestamp,
    /// The subject of the message.
    pub subject: Option<String>,
    /// The states it may be of, in the order of their names.
    pub candidates: Vec<Iso3>,
    /// These names.
    pub names: Vec<String>,
}
