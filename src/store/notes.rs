//! What officers add to an entry by hand: notes, and who is in charge of it.
//!
//! Promises that no note is ever changed or gone: one that does not hold is struck, by whom and when.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Id, IfAny, Sql, StoreError, Time, Tx};
use crate::core::actor::Actor;

statements! {
    ADD = Sql::both("INSERT INTO note (message_id, at, noted_by, text) VALUES ($1, $2, $3, $4)");
    NOTES = Sql::both(
        "SELECT id, at, noted_by, text, struck_at, struck_by FROM note WHERE message_id = $1 ORDER BY id");
    STRIKE = Sql::both(
        "UPDATE note SET struck_at = $3, struck_by = $4 WHERE id = $1 AND message_id = $2 AND struck_at IS NULL
         RETURNING text");
    PUT_IN_CHARGE = Sql::both(
        "INSERT INTO in_charge (message_id, account_id) VALUES ($1, $2)
         ON CONFLICT (message_id) DO UPDATE SET account_id = excluded.account_id");
    RELIEVE = Sql::both("DELETE FROM in_charge WHERE message_id = $1");
    IN_CHARGE = Sql::both(
        "SELECT c.message_id, a.name FROM in_charge c JOIN account a ON a.id = c.account_id
         WHERE c.message_id >= $1 AND c.message_id <= $2");
    IN_CHARGE_OF_WAITING = Sql::both(
        "SELECT i.id, a.name FROM in_charge c JOIN account a ON a.id = c.account_id
         JOIN item i ON i.message_id = c.message_id WHERE i.waiting IS NOT NULL");
}

/// A note on an entry.
#[derive(Clone, Debug, FromRow)]
pub struct NoteRow {
    /// By this it is struck.
    pub id: Id,
    /// When it was written.
    #[sqlx(try_from = "Time")]
    pub at: Timestamp,
    /// Who wrote it.
    pub noted_by: Actor,
    /// What it says.
    pub text: String,
    /// When it was struck.
    #[sqlx(try_from = "IfAny<Time>")]
    pub struck_at: Option<Timestamp>,
    /// Who struck it.
    pub struck_by: Option<Actor>,
}

impl Tx {
    /// Adds a note to a message.
    pub async fn add_note(&mut self, message: Id, text: &str, by: &Actor, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, ADD, message, at.as_microsecond(), String::from(by.clone()), text)?;
        Ok(())
    }

    /// The notes on a message, oldest first.
    pub async fn notes(&mut self, message: Id) -> Result<Vec<NoteRow>, StoreError> {
        fetch!(all, self => NoteRow, NOTES, message)
    }

    /// Strikes a note of a message, and yields what it says; none where there is no such note, or it was struck before.
    pub async fn strike_note(
        &mut self,
        (message, note): (Id, Id),
        by: &Actor,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let by = String::from(by.clone());
        let struck = fetch!(optional, self => (String,), STRIKE, note, message, at.as_microsecond(), by)?;
        Ok(struck.map(|(text,)| text))
    }

    /// Puts a person in charge of a message, in place of whoever was; or nobody.
    pub async fn put_in_charge(&mut self, message: Id, account: Option<Id>) -> Result<(), StoreError> {
        match account {
            Some(account) => execute!(self, PUT_IN_CHARGE, message, account)?,
            None => execute!(self, RELIEVE, message)?,
        };
        Ok(())
    }

    /// Who is in charge of messages, by their rows from the first to the last.
    pub async fn in_charge(&mut self, first: Id, last: Id) -> Result<Vec<(Id, String)>, StoreError> {
        fetch!(all, self => (Id, String), IN_CHARGE, first, last)
    }

    /// Who is in charge of what waits, by items.
    pub async fn in_charge_of_waiting(&mut self) -> Result<Vec<(Id, String)>, StoreError> {
        fetch!(all, self => (Id, String), IN_CHARGE_OF_WAITING)
    }
}
