//! How many letters the program decides by itself: what the cap in all is measured by.
//!
//! Counted by the minute, so that it costs the same however many letters there were. What a person decides, and reminders,
//! are not counted.

use jiff::Timestamp;

use super::{Sql, StoreError, Tx, count};
use crate::core::acknowledgement::Paces;

const MINUTE: i64 = 60_000_000;
/// The minutes of an hour.
const HOUR: i64 = 60;

statements! {
    PACES = Sql::both(
        "SELECT COUNT(CASE WHEN decided_at > $2 THEN 1 END), COUNT(*),
             (SELECT CAST(COALESCE(SUM(letters), 0) AS BIGINT) FROM letter_minute WHERE minute > $4)
         FROM letter
         WHERE recipient = $1 AND kind <> 'reminder' AND state NOT IN ('discarded', 'held') AND decided_at > $3");
    COUNT = Sql::both(
        "INSERT INTO letter_minute (minute, letters) VALUES ($1, 1)
         ON CONFLICT (minute) DO UPDATE SET letters = letter_minute.letters + 1 RETURNING letters");
    FORGET = Sql::both("DELETE FROM letter_minute WHERE minute <= $1");
}

impl Tx {
    /// How many letters an address was to get within the hour and the day that end then, reminders aside, and how many the
    /// program has decided by itself within the hour, to whomever.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn paces(&mut self, address: &str, until: Timestamp) -> Result<Paces, StoreError> {
        let now = until.as_microsecond();
        let (hour, day) = (now - HOUR * MINUTE, now - 24 * HOUR * MINUTE);
        let (hour, day, all_hour) =
            fetch!(one, self => (i64, i64, i64), PACES, address, hour, day, minute(until) - HOUR)?;
        Ok(Paces { hour: count(hour)?, day: count(day)?, all_hour: count(all_hour)? })
    }

    /// Counts a letter that the program has decided by itself and that is not held.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn count_letter(&mut self, at: Timestamp) -> Result<(), StoreError> {
        let (letters,) = fetch!(one, self => (i64,), COUNT, minute(at))?;
        if letters == 1 {
            execute!(self, FORGET, minute(at) - HOUR)?;
        }
        Ok(())
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(MINUTE)
}
