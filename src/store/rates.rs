//! How many letters went, to one address and out of each allowance: what the caps are measured by.
//!
//! Allowances are counted by the minute, so that it costs the same however many letters there were. What a person decides,
//! and reminders, are not counted there.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Count, Sql, StoreError, Tx};
use crate::core::{judging::answer::Paces, mail::address::folded};

const MINUTE: i64 = 60_000_000;
/// The minutes of an hour.
const HOUR: i64 = 60;

statements! {
    PACES = Sql::both(
        "SELECT COUNT(CASE WHEN decided_at > $2 THEN 1 END), COUNT(*)
         FROM letter
         WHERE to_mailbox = $1 AND kind <> 'reminder' AND state NOT IN ('discarded', 'held') AND decided_at > $3");
    USED = Sql::both(
        "SELECT CAST(COALESCE(SUM(letters), 0) AS BIGINT) FROM allowance WHERE whose = $1 AND minute > $2");
    COUNT = Sql::both(
        "INSERT INTO allowance (whose, minute, letters) VALUES ($1, $2, 1)
         ON CONFLICT (whose, minute) DO UPDATE SET letters = allowance.letters + 1 RETURNING letters");
    FORGET = Sql::both("DELETE FROM allowance WHERE minute <= $1");
}

impl Tx {
    /// How many letters an address, however it is written, was to get within the hour and the day that end then, reminders
    /// aside.
    pub async fn paces(&mut self, address: &str, until: Timestamp) -> Result<Paces, StoreError> {
        let now = until.as_microsecond();
        let (hour, day) = (now - HOUR * MINUTE, now - 24 * HOUR * MINUTE);
        let (Count(hour), Count(day)) = fetch!(one, self => (Count<_>, Count<_>), PACES, folded(address), hour, day)?;
        Ok(Paces { hour, day })
    }

    /// How many letters the program has decided by itself within the hour that ends then, out of one allowance.
    pub async fn used(&mut self, whose: &str, until: Timestamp) -> Result<u64, StoreError> {
        Ok(fetch!(one, self => (Count<u64>,), USED, whose, minute(until) - HOUR)?.0.0)
    }

    /// Counts a letter that the program has decided by itself and that is not held.
    pub async fn count_letter(&mut self, whose: &str, at: Timestamp) -> Result<(), StoreError> {
        let (letters,) = fetch!(one, self => (i64,), COUNT, whose, minute(at))?;
        if letters == 1 {
            execute!(self, FORGET, minute(at) - HOUR)?;
        }
        Ok(())
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(MINUTE)
}
