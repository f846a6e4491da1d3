//! What happened, in the order it was committed; rows are added and never changed.
//!
//! Each event carries a commitment to its payload, SHA-256 of a random salt and the payload: a payload can be erased with
//! its salt later, and the commitment still proves that nothing else was changed.

use std::mem;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Id, Sql, StoreError, Tx, db::Row};

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
        "SELECT e.at, e.kind, e.actor, e.payload FROM event e
         LEFT JOIN letter l ON l.id = e.letter_id
         WHERE e.message_id = $1 OR l.message_id = $1
         ORDER BY e.at, e.id");
}

/// The one who acts where no person does.
pub const DOCKET: &str = "docket";

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

/// Something that happened, to be recorded.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// When, by the program's clock.
    pub at: Timestamp,
    /// Its kind in the words of the log, such as `received`.
    pub kind: &'a str,
    /// What it is about.
    pub about: About,
    /// Who did it: [`DOCKET`] or a person.
    pub actor: &'a str,
    /// What happened, in a sentence.
    pub what: String,
}

/// The payload as stored.
#[derive(Serialize, Deserialize)]
struct Payload {
    what: String,
}

/// An event as it was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// Its kind.
    pub kind: String,
    /// Who.
    pub actor: String,
    /// What, in a sentence; “(erased)” once its payload is gone.
    pub what: String,
}

impl Tx {
    /// Records an event.
    ///
    /// # Errors
    /// The system gave no randomness for the salt.
    pub fn record(&mut self, event: Event<'_>) -> Result<(), StoreError> {
        let payload = serde_json::json!(Payload { what: event.what }).to_string();
        let mut salt = [0_u8; 32];
        getrandom::fill(&mut salt).map_err(|error| StoreError::Row(format!("no randomness for a salt: {error}")))?;
        let commitment = Sha256::new().chain_update(salt).chain_update(&payload).finalize();
        let About { message, letter, call } = event.about;
        self.events.push(serde_json::json!([
            event.at.as_microsecond(),
            event.kind,
            message,
            letter,
            call,
            event.actor,
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
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn events_of_message(&mut self, message: Id) -> Result<Vec<Recorded>, StoreError> {
        self.write_events().await?;
        let rows = fetch!(all, self => (i64, String, String, Option<String>), OF_MESSAGE, message)?;
        rows.into_iter()
            .map(|(at, kind, actor, payload)| {
                let what = payload
                    .and_then(|text| serde_json::from_str::<Payload>(&text).ok())
                    .map_or_else(|| "(erased)".to_owned(), |payload| payload.what);
                Ok(Recorded { at: super::time(at)?, kind, actor, what })
            })
            .collect()
    }
}
