//! Letters as they stood before: for each earlier instant, the state that a letter had.
//!
//! On its way forward a letter tells of itself when it was decided, released, handed over and sent. Whatever takes it off
//! that way (it is held, fails, is dropped, is decided anew, goes once more) keeps it first as it stood until then, with
//! the statement that stands beside the one that changes it. Promises that such rows are only added.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;

use super::{Id, LetterState, Sql, StoreError, Tx, columns::choice};

/// Keeps letters as they stand until a time, the value of that number, before the statement beside it changes them: those
/// that the condition names. Nobody else changes them in between.
macro_rules! keeping {
    ($until:literal, $($which:tt)*) => {
        $crate::store::Sql {
            sqlite: concat!(keeping!(@ $until), $($which)*),
            postgres: concat!(keeping!(@ $until), $($which)*, " FOR UPDATE"),
        }
    };
    (@ $until:literal) => {
        concat!(
            "INSERT INTO letter_past (letter_id, until, state, decided_at, released_at, leaving_at, sent_at)
             SELECT id, CAST(", $until, " AS BIGINT), state, decided_at, released_at, leaving_at, sent_at
             FROM letter WHERE "
        )
    };
}

/// A column of a letter as it stood before the time `$3`; `l` is the letter, `p` the letter as it was then.
macro_rules! then {
    ($column:literal) => {
        concat!("CASE WHEN p.id IS NULL THEN l.", $column, " ELSE p.", $column, " END")
    };
}

statements! {
    BETWEEN = Sql::both(concat!(
        "SELECT l.id, l.message_id, l.kind, ", then!("state"), " AS state, ", then!("released_at"), " AS released_at,
             ", then!("leaving_at"), " AS leaving_at, ", then!("sent_at"), " AS sent_at
         FROM letter l LEFT JOIN letter_past p ON p.id = (
             SELECT MIN(q.id) FROM letter_past q WHERE q.letter_id = l.id AND q.until >= $3)
         WHERE l.message_id IS NOT NULL AND l.message_id >= $1 AND l.message_id <= $2
             AND ", then!("decided_at"), " < $3 ORDER BY l.id"));
}

/// A letter to a message, as it stood before some time.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LetterThen {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Id,
    /// Its kind.
    pub kind: String,
    state: String,
    released_at: Option<i64>,
    leaving_at: Option<i64>,
    sent_at: Option<i64>,
}

impl LetterThen {
    /// Where it stood before that time.
    ///
    /// # Errors
    /// The row holds no state.
    pub fn state(&self, before: Timestamp) -> Result<LetterState, StoreError> {
        let before = before.as_microsecond();
        let come = |at: Option<i64>| at.is_some_and(|at| at < before);
        Ok(match choice(&self.state)? {
            LetterState::Sent if come(self.sent_at) => LetterState::Sent,
            LetterState::Sent | LetterState::Sending if come(self.leaving_at) => LetterState::Sending,
            // Of old it was not kept when a letter began to leave, nor of each former state when it had been released.
            LetterState::Sending if self.leaving_at.is_none() => LetterState::Sending,
            LetterState::Sent | LetterState::Sending | LetterState::Released
                if come(self.released_at) || self.released_at.is_none() =>
            {
                LetterState::Released
            }
            LetterState::Sent | LetterState::Sending | LetterState::Released => LetterState::Waiting,
            off_its_way => off_its_way,
        })
    }
}

impl Tx {
    /// The letters to messages from one row to another, as they stood before a time: those that were decided by then.
    pub async fn letters_between(
        &mut self,
        first: Id,
        last: Id,
        before: Timestamp,
    ) -> Result<Vec<LetterThen>, StoreError> {
        fetch!(all, self => LetterThen, BETWEEN, first, last, before.as_microsecond())
    }
}
