//! What happened, in the order it was committed; rows are added and never changed.
//!
//! Each event carries a commitment to its payload, SHA-256 of a random salt and the payload: a payload can be erased with
//! its salt later, and the commitment still proves that nothing else was changed. Promises that one row that cannot be
//! read is told as such among the others, and hides none of them.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::mem;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Id, Sql, StoreError, Tx, db::Row};
use crate::core::{
    actor::Actor,
    event::{Event, payload::Happened},
};

statements! {
    ADD = Sql {
        sqlite:
            "INSERT INTO event (at, kind, message_id, letter_id, call_id, actor, payload, salt, commitment)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                 unhex(value ->> 7), unhex(value ->> 8)
             FROM json_each($1) ORDER BY key",
        postgres:
            "INSERT INTO event (at, kind, message_id, letter_id, call_id, actor, payload, salt, commitment)
             SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT), CAST(value ->> 3 AS BIGINT),
                 CAST(value ->> 4 AS BIGINT), value ->> 5, value ->> 6, decode(value ->> 7, 'hex'),
                 decode(value ->> 8, 'hex')
             FROM json_array_elements(CAST($1 AS JSON)) WITH ORDINALITY AS added (value, key) ORDER BY key",
    };
    OF_MESSAGE = Sql::both(
        "SELECT e.id, e.at, e.kind, e.actor, e.payload FROM event e
         LEFT JOIN letter l ON l.id = e.letter_id
         WHERE e.message_id = $1 OR l.message_id = $1
         ORDER BY e.at, e.id");
}

/// What an event is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// The message.
    pub message: Option<Id>,
    /// The letter.
    pub letter: Option<Id>,
    /// The call.
    pub call: Option<Id>,
}

impl About {
    /// A message.
    #[must_use]
    pub fn message(id: Id) -> Self {
        Self { message: Some(id), ..Self::default() }
    }

    /// A letter.
    #[must_use]
    pub fn letter(id: Id) -> Self {
        Self { letter: Some(id), ..Self::default() }
    }

    /// A call.
    #[must_use]
    pub fn call(id: Id) -> Self {
        Self { call: Some(id), ..Self::default() }
    }
}

/// An event as it was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its place in the order in which events were written down.
    pub id: Id,
    /// By the program's clock.
    pub at: Timestamp,
    /// Its kind, in the word of the row.
    pub kind: String,
    /// Who.
    pub actor: Actor,
    /// Its facts, or why they cannot be read.
    pub what: Happened,
}

impl Tx {
    /// Records an event at a time, by the program's clock.
    ///
    /// # Errors
    /// The system gave no randomness for the salt, or the event has no canonical text.
    pub fn record(&mut self, at: Timestamp, about: About, actor: &Actor, event: &Event) -> Result<(), StoreError> {
        let kind = event.kind();
        let payload = event.payload().map_err(|error| StoreError::Row(format!("the event {kind}: {error}")))?;
        let mut salt = [0_u8; 32];
        getrandom::fill(&mut salt).map_err(|error| StoreError::Row(format!("no randomness for a salt: {error}")))?;
        let commitment = Sha256::new().chain_update(salt).chain_update(&payload).finalize();
        let About { message, letter, call } = about;
        self.events.push(serde_json::json!([
            at.as_microsecond(),
            kind,
            message,
            letter,
            call,
            actor,
            payload,
            hex::encode(salt),
            hex::encode(commitment),
        ]));
        Ok(())
    }

    /// Writes down what was recorded.
    pub(super) async fn write_events(&mut self) -> Result<(), StoreError> {
        if !self.events.is_empty() {
            let events = Row::from(mem::take(&mut self.events)).to_string();
            execute!(self, ADD, events)?;
        }
        Ok(())
    }

    /// The events of a message and of its letters, oldest first.
    pub async fn events_of_message(&mut self, message: Id) -> Result<Vec<Recorded>, StoreError> {
        self.write_events().await?;
        let rows = fetch!(all, self => (Id, i64, String, String, Option<String>), OF_MESSAGE, message)?;
        Ok(rows.into_iter().map(recorded).collect())
    }
}

fn recorded((id, at, kind, actor, payload): (Id, i64, String, String, Option<String>)) -> Recorded {
    let what = Happened::read(&kind, payload.as_deref());
    let (at, what) = match super::columns::time(at) {
        Ok(at) => (at, what),
        Err(error) => (if at < 0 { Timestamp::MIN } else { Timestamp::MAX }, Happened::Unreadable(error.to_string())),
    };
    Recorded { id, at, kind, actor: actor.into(), what }
}
