//! When nothing is to leave for outsiders: one switch for every process and machine.
//!
//! Promises that whoever claims a letter, or commits that one leaves, sees in the same statement whether it may; and that once
//! a stop is committed none begins to leave: on PostgreSQL both wait for each other, and a SQLite file has one writer.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use super::{Count, Id, IfAny, LetterState, On, Sql, StoreError, Time, Tx};
use crate::core::{actor::Actor, event::HeldFor, iso3::Iso3, letter_kind::LetterKind, mail::address::folded};

/// That letters may leave, as a condition of a statement.
macro_rules! letters_may_leave {
    () => {
        "NOT EXISTS (SELECT 1 FROM sending_stopped WHERE open = 1)"
    };
}

statements! {
    // A number that stands for the switch.
    AS_IT_IS = Sql { sqlite: "SELECT 1", postgres: "SELECT 1 FROM pg_advisory_xact_lock_shared(3716)" };
    SWITCH = Sql { sqlite: "SELECT 1", postgres: "SELECT 1 FROM pg_advisory_xact_lock(3716)" };
    OPEN = Sql::both("SELECT since, stopped_by, reason FROM sending_stopped WHERE open = 1");
    STOP = Sql::both(
        "INSERT INTO sending_stopped (since, stopped_by, reason, open) VALUES ($1, $2, $3, 1) ON CONFLICT (open) DO NOTHING");
    RESUME = Sql::both("UPDATE sending_stopped SET until = $1, resumed_by = $2, open = NULL WHERE open = 1");
    SPANS = Sql::both("SELECT since, until FROM sending_stopped WHERE until IS NULL OR until > $1");
    WOULD_LEAVE = Sql::both(
        "SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending')");
    LEAVING = Sql::both("SELECT COUNT(*) FROM letter WHERE state = 'sending'");
    TO_LEAVE = Sql::both(
        "SELECT l.id, l.iso3, l.kind, l.state, l.recipient, l.not_before, l.decided_at, m.number
         FROM letter l LEFT JOIN message m ON m.id = l.message_id
         WHERE l.state IN ('waiting', 'released', 'sending') ORDER BY l.not_before, l.id");
    HELD = Sql::both(
        "SELECT held_for, COUNT(*) FROM letter WHERE state = 'held' GROUP BY held_for ORDER BY held_for");
    WENT = Sql::both(
        "SELECT COUNT(CASE WHEN sent_at > $2 THEN 1 END), COUNT(*)
         FROM letter WHERE to_mailbox = $1 AND kind <> 'reminder' AND state = 'sent' AND sent_at > $3");
    NOT_BEFORE = Sql::both(
        "UPDATE letter SET not_before = $2 WHERE id = $1 AND state IN ('waiting', 'released') AND not_before <> $2");
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

/// A letter that is to leave.
#[derive(Clone, Debug, FromRow)]
pub struct ToLeave {
    /// The row, by which people name it.
    pub id: Id,
    /// The state that it goes to, where it answers no message.
    pub iso3: Option<Iso3>,
    /// Its kind.
    pub kind: LetterKind,
    /// Where it stands.
    pub state: LetterState,
    /// To whom.
    pub recipient: String,
    /// It does not leave earlier.
    #[sqlx(try_from = "Time")]
    pub not_before: Timestamp,
    /// When it was decided.
    #[sqlx(try_from = "Time")]
    pub decided_at: Timestamp,
    /// The intake number of the message that it answers.
    pub number: Option<i64>,
}

impl Tx {
    /// Until this ends, whether letters may leave stays as it is.
    pub(super) async fn keep_the_switch(&mut self) -> Result<(), StoreError> {
        if let On::Postgres(_) = self.on {
            execute!(self, AS_IT_IS)?;
        }
        Ok(())
    }

    /// Until this ends, no letter begins to leave.
    async fn take_the_switch(&mut self) -> Result<(), StoreError> {
        if let On::Postgres(_) = self.on {
            execute!(self, SWITCH)?;
        }
        Ok(())
    }

    /// How many letters are being handed over.
    pub async fn letters_leaving(&mut self) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), LEAVING)?.0)
    }

    /// The letters that have not left, and are to, in the order in which they were to leave.
    pub async fn letters_to_leave(&mut self) -> Result<Vec<ToLeave>, StoreError> {
        fetch!(all, self => ToLeave, TO_LEAVE)
    }

    /// How many letters are held for a person, and for what.
    pub async fn letters_held_for(&mut self) -> Result<Vec<(Option<HeldFor>, u64)>, StoreError> {
        let rows = fetch!(all, self => (Option<HeldFor>, Count<u64>), HELD)?;
        Ok(rows.into_iter().map(|(held_for, Count(letters))| (held_for, letters)).collect())
    }

    /// How many letters, reminders aside, have left for an address within the hour and the day that end then.
    pub async fn letters_went(&mut self, address: &str, until: Timestamp) -> Result<[u64; 2], StoreError> {
        let before = |hours| until.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
        let (hour, day) = (before(1).as_microsecond(), before(24).as_microsecond());
        let (Count(hour), Count(day)) = fetch!(one, self => (Count<_>, Count<_>), WENT, folded(address), hour, day)?;
        Ok([hour, day])
    }

    /// Keeps a letter that has not left until then.
    pub async fn letter_not_before(&mut self, letter: Id, not_before: Timestamp) -> Result<(), StoreError> {
        execute!(self, NOT_BEFORE, letter, not_before.as_microsecond())?;
        Ok(())
    }

    /// Who has stopped that letters leave; none where they leave.
    pub async fn sending_stopped(&mut self) -> Result<Option<SendingStopped>, StoreError> {
        fetch!(optional, self => SendingStopped, OPEN)
    }

    /// Stops it; `false` where it is stopped already.
    pub async fn stop_sending(&mut self, at: Timestamp, by: &Actor, reason: &str) -> Result<bool, StoreError> {
        self.take_the_switch().await?;
        Ok(execute!(self, STOP, at.as_microsecond(), String::from(by.clone()), reason)? == 1)
    }

    /// Lets letters leave again; `false` where they do.
    pub async fn resume_sending(&mut self, at: Timestamp, by: &Actor) -> Result<bool, StoreError> {
        self.take_the_switch().await?;
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
