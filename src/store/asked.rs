//! What people are asked, and why a message gets no letter, as columns keep it.
//!
//! Promises that a column that cannot be read is told as such, by its row, and never taken for one that asks nothing.

use super::{StoreError, intake_number};
use crate::core::{judging::silence::Silence, question::Questions};

/// The text of a column; none where nothing is asked.
pub(super) fn kept(questions: Option<&Questions>) -> Result<Option<String>, StoreError> {
    let kept = questions.map_or(Ok(None), Questions::kept);
    kept.map_err(|error| StoreError::Row(format!("what is asked cannot be written down: {error}")))
}

/// What a column of a row asks; the row is named by its table and its number.
pub(super) fn asked(column: Option<&str>, row: &str) -> Result<Questions, StoreError> {
    Questions::read(column)
        .map_err(|why| StoreError::Row(format!("{row} cannot be read: what is asked about it: {why}")))
}

/// The text of a column that says why a message gets no letter.
pub(super) fn kept_silence(silence: &Silence) -> Result<String, StoreError> {
    silence.kept().map_err(|error| StoreError::Row(format!("why nothing is answered cannot be written down: {error}")))
}

/// Why a message gets no letter, by a column of its row.
pub(super) fn silence(column: Option<&str>, number: i64) -> Result<Option<Silence>, StoreError> {
    let unreadable = |why| {
        let message = intake_number(number);
        StoreError::Row(format!("message {message} cannot be read: why it gets no letter: {why}"))
    };
    column.map(Silence::read).transpose().map_err(unreadable)
}
