//! How many letters the program decides by itself: what the cap in all is measured by.
//!
//! Counted by the minute, so that it costs the same however many letters there were. What a person decides, and reminders,
//! are not counted.

use jiff::Timestamp;

use super::{Sql, StoreError, Tx};

const MINUTE: i64 = 60_000_000;
/// The minutes of an hour.
const HOUR: i64 = 60;

statements! {
    WITHIN_AN_HOUR = Sql::both("SELECT CAST(COALESCE(SUM(letters), 0) AS BIGINT) FROM letter_minute WHERE minute > $1");
    COUNT = Sql::both(
        "INSERT INTO letter_minute (minute, letters) VALUES ($1, 1)
         ON CONFLICT (minute) DO UPDATE SET letters = letter_minute.letters + 1");
    FORGET = Sql::both("DELETE FROM letter_minute WHERE minute <= $1");
}

impl Tx {
    /// How many letters the program has decided by itself within the hour that ends then, to whomever.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters_within_an_hour(&mut self, until: Timestamp) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), WITHIN_AN_HOUR, minute(until) - HOUR)?.0)
    }

    /// Counts a letter that the program has decided by itself and that is not held.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn count_letter(&mut self, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, COUNT, minute(at))?;
        execute!(self, FORGET, minute(at) - HOUR)?;
        Ok(())
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(MINUTE)
}
