//! What states said of their inputs without sending one, and the time that was granted to them: facts of a call.
//!
//! Promises, as of places in submissions, that a fact is only ever opened and closed, each by a decision; and that what is
//! decided and taken back leaves the facts as they were.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::{Day, Each, Id, IfAny, Read, Sql, StoreError, Time, Tx};
use crate::core::{
    calls::{
        law::Extension,
        said::{Said, Word},
    },
    iso3::Iso3,
    submission::{Held, Receipt},
};

statements! {
    SAY = Sql::both(
        "INSERT INTO said (call_id, iso3, word, day, received, number, item_n, item_id, opened_by, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    SAID = Sql::both(
        "SELECT id, iso3, word, day, received, number, item_n, opened_by, since, until FROM said
         WHERE call_id = $1 ORDER BY id");
    END_SAID = Sql::both("UPDATE said SET until = $3, closed_by = $2 WHERE opened_by = $1 AND until IS NULL");
    SAY_AGAIN = Sql::both(
        "INSERT INTO said (call_id, iso3, word, day, received, number, item_n, item_id, opened_by, since)
         SELECT call_id, iso3, word, day, received, number, item_n, item_id, opened_by, CAST($2 AS BIGINT)
         FROM said WHERE closed_by = $1");
    EXTEND = Sql::both(
        "INSERT INTO extension (call_id, iso3, instant, authority, item_id, opened_by, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7)");
    EXTENSIONS = Sql::both(
        "SELECT id, iso3, instant, authority, opened_by, since, until FROM extension WHERE call_id = $1 ORDER BY id");
    END_EARLIER = Sql::both(
        "UPDATE said SET until = $3, closed_by = $2 WHERE item_id = $1 AND opened_by <> $2 AND until IS NULL");
    GIVEN_TIME = Sql::both(
        "SELECT DISTINCT call_id FROM extension WHERE opened_by = $1 OR closed_by = $1 ORDER BY call_id");
    END_EXTENSIONS = Sql::both(
        "UPDATE extension SET until = $3, closed_by = $2 WHERE opened_by = $1 AND until IS NULL RETURNING call_id, iso3");
    EXTEND_AGAIN = Sql::both(
        "INSERT INTO extension (call_id, iso3, instant, authority, item_id, opened_by, since)
         SELECT call_id, iso3, instant, authority, item_id, opened_by, CAST($2 AS BIGINT)
         FROM extension WHERE closed_by = $1 RETURNING call_id, iso3");
}

/// States by their calls, whose time is another now.
pub type ByCall = BTreeMap<Id, BTreeSet<Iso3>>;

#[derive(Debug, sqlx::FromRow)]
struct SaidRow {
    id: Id,
    iso3: Iso3,
    word: String,
    #[sqlx(try_from = "IfAny<Day>")]
    day: Option<Date>,
    #[sqlx(try_from = "Time")]
    received: Timestamp,
    number: i64,
    item_n: i64,
    opened_by: Id,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    #[sqlx(try_from = "IfAny<Time>")]
    until: Option<Timestamp>,
}

impl TryFrom<SaidRow> for Said {
    type Error = StoreError;

    fn try_from(row: SaidRow) -> Result<Self, StoreError> {
        let word = Word::read(&row.word, row.day)
            .map_err(|why| StoreError::Row(format!("what a state said (id {}) cannot be read: {why}", row.id)))?;
        Ok(Self {
            state: row.iso3,
            word,
            receipt: Receipt { at: row.received, number: row.number, n: row.item_n },
            by: row.opened_by,
            held: Held { since: row.since, until: row.until },
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct ExtensionRow {
    id: Id,
    iso3: Iso3,
    #[sqlx(try_from = "Time")]
    instant: Timestamp,
    authority: String,
    opened_by: Id,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    #[sqlx(try_from = "IfAny<Time>")]
    until: Option<Timestamp>,
}

impl From<ExtensionRow> for Extension {
    fn from(row: ExtensionRow) -> Self {
        Self {
            id: row.id,
            state: row.iso3,
            instant: row.instant,
            authority: row.authority,
            by: row.opened_by,
            held: Held { since: row.since, until: row.until },
        }
    }
}

impl Tx {
    /// Takes down what a state said of its input to a call; `item` is the letter in which it said so, if there is one.
    pub async fn state_says(&mut self, call: Id, said: &Said, item: Option<Id>) -> Result<(), StoreError> {
        let day = said.word.day().map(|day| day.to_string());
        let Receipt { at, number, n } = said.receipt;
        execute!(
            self,
            SAY,
            call,
            said.state,
            said.word.word(),
            day,
            at.as_microsecond(),
            number,
            n,
            item,
            said.by,
            said.held.since.as_microsecond(),
        )?;
        Ok(())
    }

    /// What states said of their inputs to a call; what does not hold any more is among it, and why what cannot be read is not.
    pub async fn said_by_states(&mut self, call: Id) -> Result<Vec<Read<Said>>, StoreError> {
        let rows = fetch!(all, self => Each<SaidRow>, SAID, call)?;
        let said = |row: SaidRow| Said::try_from(row).map_err(|error| error.to_string());
        Ok(rows.into_iter().map(|row| Read::from(row).and_then(said)).collect())
    }

    /// Grants a state more time for a call; `item` is the letter in which it asked for that, if there is one. Its row is given
    /// by the database. What it had been granted before stays beside it, and the longest counts.
    pub async fn extend(&mut self, call: Id, more: &Extension, item: Option<Id>) -> Result<(), StoreError> {
        let (instant, since) = (more.instant.as_microsecond(), more.held.since.as_microsecond());
        execute!(self, EXTEND, call, more.state, instant, more.authority.as_str(), item, more.by, since)?;
        Ok(())
    }

    /// The time that was granted to states for a call; what does not hold any more is among it.
    pub async fn extensions(&mut self, call: Id) -> Result<Vec<Extension>, StoreError> {
        Ok(fetch!(all, self => ExtensionRow, EXTENSIONS, call)?.into_iter().map(Extension::from).collect())
    }

    /// Closes what earlier decisions on an item took down: a later one says what it is.
    pub async fn end_earlier_words(&mut self, item: Id, by: Id, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, END_EARLIER, item, by, at.as_microsecond())?;
        Ok(())
    }

    /// The calls for which a decision granted time, or took it.
    pub async fn given_time(&mut self, decision: Id) -> Result<Vec<Id>, StoreError> {
        Ok(fetch!(all, self => (Id,), GIVEN_TIME, decision)?.into_iter().map(|(call,)| call).collect())
    }

    /// Closes what a decision took down or granted, and opens again what it closed; yields whose time is another now.
    pub async fn take_back_words(&mut self, decision: Id, by: Id, at: Timestamp) -> Result<ByCall, StoreError> {
        let at = at.as_microsecond();
        execute!(self, END_SAID, decision, by, at)?;
        execute!(self, SAY_AGAIN, decision, at)?;
        let ended = fetch!(all, self => (Id, Iso3), END_EXTENSIONS, decision, by, at)?;
        let again = fetch!(all, self => (Id, Iso3), EXTEND_AGAIN, decision, at)?;
        let mut all = ByCall::new();
        for (call, state) in ended.into_iter().chain(again) {
            all.entry(call).or_default().insert(state);
        }
        Ok(all)
    }
}
