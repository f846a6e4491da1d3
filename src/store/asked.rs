//! What people are asked, as columns keep it.
//!
//! Promises that a column that cannot be read is told as such, by its row, and never taken for one that asks nothing.

use super::StoreError;
use crate::core::question::Questions;

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
