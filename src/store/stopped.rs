//! When nothing is to leave for outsiders: one switch for every process and machine.
//!
//! Promises that whoever claims a letter, or commits that one leaves, sees in the same statement whether it may.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use super::{IfAny, Sql, StoreError, Time, Tx};
use crate::core::actor::Actor;

/// That letters may leave, as a condition of a statement.
macro_rules! letters_may_leave {
    () => {
        "NOT EXISTS (SELECT 1 FROM sending_stopped WHERE open = 1)"
    };
}

statements! {
    OPEN = Sql::both("SELECT since, stopped_by, reason FROM sending_stopped WHERE open = 1");
    STOP = Sql::both(
        "INSERT INTO sending_stopped (since, stopped_by, reason, open) VALUES ($1, $2, $3, 1) ON CONFLICT (open) DO NOTHING");
    RESUME = Sql::both("UPDATE sending_stopped SET until = $1, resumed_by = $2, open = NULL WHERE open = 1");
    SPANS = Sql::both("SELECT since, until FROM sending_stopped WHERE until IS NULL OR until > $1");
    WOULD_LEAVE = Sql::both(
        "SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending')");
}

/// That nothing leaves for outsiders.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SendingStopped {
    /// Since when.
    #[sqlx(try_from = "Time")]
    pub since: Timestamp,
    /// Who stopped it.
    #[sqlx(rename = "stopped_by")]
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// A span of time, that is over or not.
#[derive(FromRow)]
struct Span {
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    #[sqlx(try_from = "IfAny<Time>")]
    until: Option<Timestamp>,
}

impl Tx {
    /// Who has stopped that letters leave; none where they leave.
    pub async fn sending_stopped(&mut self) -> Result<Option<SendingStopped>, StoreError> {
        fetch!(optional, self => SendingStopped, OPEN)
    }

    /// Stops it; `false` where it is stopped already.
    pub async fn stop_sending(&mut self, at: Timestamp, by: &Actor, reason: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, STOP, at.as_microsecond(), String::from(by.clone()), reason)? == 1)
    }

    /// Lets letters leave again; `false` where they do.
    pub async fn resume_sending(&mut self, at: Timestamp, by: &Actor) -> Result<bool, StoreError> {
        Ok(execute!(self, RESUME, at.as_microsecond(), String::from(by.clone()))? == 1)
    }

    /// How long of the time between two moments nothing was to leave.
    pub async fn stopped_between(&mut self, from: Timestamp, to: Timestamp) -> Result<SignedDuration, StoreError> {
        let spans = fetch!(all, self => Span, SPANS, from.as_microsecond())?;
        let within = spans.into_iter().map(|Span { since, until }| {
            let (begin, end) = (since.max(from), until.unwrap_or(to).min(to));
            if end > begin { end.duration_since(begin) } else { SignedDuration::ZERO }
        });
        Ok(within.fold(SignedDuration::ZERO, SignedDuration::saturating_add))
    }

    /// How many letters wait to leave.
    pub async fn letters_that_would_leave(&mut self) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), WOULD_LEAVE)?.0)
    }
}
