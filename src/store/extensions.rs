//! More time for single states, and what states said of their inputs without sending one.
//!
//! Promises that such a fact is only ever opened and closed, each time by a decision: what was held at an earlier time is
//! found again, and a decision that is taken back leaves things as they were.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::{Day, Id, IfAny, Sql, StoreError, Time, Tx};
use crate::core::{
    calls::{
        law::Extension,
        said::{Said, Word},
    },
    iso3::Iso3,
    submission::{Held, Receipt},
};

statements! {
    EXTENSIONS = Sql::both(
        "SELECT id, iso3, instant, authority, opened_by, since, until FROM extension WHERE call_id = $1 ORDER BY id");
    EXTEND = Sql::both(
        "INSERT INTO extension (call_id, iso3, instant, authority, opened_by, since) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id");
    END_EXTENSIONS = Sql::both(
        "UPDATE extension SET until = $4, closed_by = $3 WHERE call_id = $1 AND iso3 = $2 AND until IS NULL");
    SAID = Sql::both(
        "SELECT id, iso3, word, day, received, number, item_n, opened_by, since, until FROM said
         WHERE call_id = $1 ORDER BY id");
    SAY = Sql::both(
        "INSERT INTO said (call_id, iso3, word, day, received, number, item_n, item_id, opened_by, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    END_SAID = Sql::both(
        "UPDATE said SET until = $4, closed_by = $3 WHERE call_id = $1 AND iso3 = $2 AND until IS NULL");
    TAKE_BACK_EXTENSIONS = Sql::both(
        "UPDATE extension SET until = $3, closed_by = $2 WHERE opened_by = $1 AND until IS NULL RETURNING call_id, iso3");
    EXTEND_AGAIN = Sql::both(
        "INSERT INTO extension (call_id, iso3, instant, authority, opened_by, since)
         SELECT call_id, iso3, instant, authority, opened_by, CAST($2 AS BIGINT) FROM extension WHERE closed_by = $1
         RETURNING call_id, iso3");
    TAKE_BACK_SAID = Sql::both(
        "UPDATE said SET until = $3, closed_by = $2 WHERE opened_by = $1 AND until IS NULL RETURNING call_id, iso3");
    SAY_AGAIN = Sql::both(
        "INSERT INTO said (call_id, iso3, word, day, received, number, item_n, item_id, opened_by, since)
         SELECT call_id, iso3, word, day, received, number, item_n, item_id, opened_by, CAST($2 AS BIGINT)
         FROM said WHERE closed_by = $1
         RETURNING call_id, iso3");
}

/// States by their calls, whose extensions or words are others now.
pub type ByCall = BTreeMap<Id, BTreeSet<Iso3>>;

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
        let ExtensionRow { id, iso3: state, instant, authority, opened_by: by, since, until } = row;
        Self { id, state, instant, authority, by, held: Held { since, until } }
    }
}

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
            .map_err(|why| StoreError::Row(format!("what a state said, with id {}, cannot be read: {why}", row.id)))?;
        Ok(Self {
            state: row.iso3,
            word,
            receipt: Receipt { at: row.received, number: row.number, n: row.item_n },
            by: row.opened_by,
            held: Held { since: row.since, until: row.until },
        })
    }
}

impl Tx {
    /// The extensions of a call, those that were taken back among them.
    pub async fn extensions(&mut self, call: Id) -> Result<Vec<Extension>, StoreError> {
        Ok(fetch!(all, self => ExtensionRow, EXTENSIONS, call)?.into_iter().map(Extension::from).collect())
    }

    /// A state has time until an instant, by the decision `by`, from when that is held; yields the row. The row of the
    /// extension itself is not looked at. What it had been granted before stays beside it, and the longest counts; whoever
    /// shortens it ends that first.
    pub async fn extend(&mut self, call: Id, extension: &Extension) -> Result<Id, StoreError> {
        let (id,) = fetch!(one, self => (Id,), EXTEND,
            call,
            extension.state,
            extension.instant.as_microsecond(),
            extension.authority.as_str(),
            extension.by,
            extension.held.since.as_microsecond(),
        )?;
        Ok(id)
    }

    /// Ends what was granted to a state, by a decision; yields how many extensions that were.
    pub async fn end_extensions(&mut self, call: Id, state: Iso3, by: Id, at: Timestamp) -> Result<u64, StoreError> {
        execute!(self, END_EXTENSIONS, call, state, by, at.as_microsecond())
    }

    /// What the states said of their inputs to a call, what does not hold any more among it.
    pub async fn said(&mut self, call: Id) -> Result<Vec<Said>, StoreError> {
        fetch!(all, self => SaidRow, SAID, call)?.into_iter().map(Said::try_from).collect()
    }

    /// Takes down what a state said, in an item where that is known.
    pub async fn keep_word(&mut self, call: Id, said: &Said, item: Option<Id>) -> Result<(), StoreError> {
        execute!(
            self,
            SAY,
            call,
            said.state,
            said.word.word(),
            said.word.day().map(|day| day.to_string()),
            said.receipt.at.as_microsecond(),
            said.receipt.number,
            said.receipt.n,
            item,
            said.by,
            said.held.since.as_microsecond(),
        )?;
        Ok(())
    }

    /// What a state had said does not hold any more, by a decision.
    pub async fn end_words(&mut self, call: Id, state: Iso3, by: Id, at: Timestamp) -> Result<u64, StoreError> {
        execute!(self, END_SAID, call, state, by, at.as_microsecond())
    }

    /// Ends the extensions that a decision granted and grants again what it ended; yields whose.
    pub async fn take_back_extensions(&mut self, decision: Id, by: Id, at: Timestamp) -> Result<ByCall, StoreError> {
        let at = at.as_microsecond();
        let ended = fetch!(all, self => (Id, Iso3), TAKE_BACK_EXTENSIONS, decision, by, at)?;
        let again = fetch!(all, self => (Id, Iso3), EXTEND_AGAIN, decision, at)?;
        Ok(by_call(ended.into_iter().chain(again)))
    }

    /// Ends the words of states that a decision took down and has those hold again that it ended; yields whose.
    pub async fn take_back_words(&mut self, decision: Id, by: Id, at: Timestamp) -> Result<ByCall, StoreError> {
        let at = at.as_microsecond();
        let ended = fetch!(all, self => (Id, Iso3), TAKE_BACK_SAID, decision, by, at)?;
        let again = fetch!(all, self => (Id, Iso3), SAY_AGAIN, decision, at)?;
        Ok(by_call(ended.into_iter().chain(again)))
    }
}

fn by_call(rows: impl IntoIterator<Item = (Id, Iso3)>) -> ByCall {
    let mut all = ByCall::new();
    for (call, state) in rows {
        all.entry(call).or_default().insert(state);
    }
    all
}
