//! Work that is done once over rows of earlier programs: how far it is, what is still to be done, and what it adds.
//!
//! Promises that it only ever adds: what letters name, where nothing else is known of that number; and that whoever does a
//! piece of it which another has done meanwhile learns so.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Id, Sql, StoreError, Time, Tx, number};

statements! {
    BEGIN = Sql::both("INSERT INTO chore (name, done_until) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING");
    CHORE = Sql::both("SELECT done_until, finished FROM chore WHERE name = $1");
    GO_ON = Sql::both(
        "UPDATE chore SET done_until = $3, finished = $4 WHERE name = $1 AND done_until = $2 AND finished IS NULL");
    RECEIPTS = Sql::both(
        "SELECT id, message_id, facts, decided_at FROM letter
         WHERE id > $1 AND message_id IS NOT NULL AND kind IN ('acknowledgement', 'received', 'correction')
         ORDER BY id LIMIT $2");
    TOLD_OF = Sql::both(
        "SELECT DISTINCT item_id FROM letter_names WHERE submission_id = $1 AND n = $2 ORDER BY item_id");
    // Whose number it was then: what stood, and of that what the message of the letter brought.
    NUMBERED = Sql::both(
        "SELECT p.item_id FROM place p JOIN item i ON i.id = p.item_id
         WHERE p.submission_id = $1 AND p.n = $2 AND p.kind = 'version'
         ORDER BY CASE WHEN p.repeats IS NULL THEN 0 ELSE 1 END,
             CASE WHEN p.since <= $4 AND (p.until IS NULL OR p.until > $4) THEN 0 ELSE 1 END,
             CASE WHEN i.message_id = $3 THEN 0 ELSE 1 END, p.since, p.id
         LIMIT 1");
    ADD_NAME = Sql::both(
        "INSERT INTO letter_names (letter_id, submission_id, item_id, n) VALUES ($1, $2, $3, $4)
         ON CONFLICT (letter_id, submission_id, item_id, n) DO NOTHING");
    WITHOUT_PURPOSE = Sql::both(
        "SELECT m.id, m.number FROM message m
         WHERE m.id > $1 AND m.state = 'read' AND EXISTS (
             SELECT 1 FROM item i WHERE i.message_id = m.id AND NOT EXISTS (
                 SELECT 1 FROM finding f WHERE f.message_id = m.id AND f.item_n = i.n AND f.kind = 'purpose'))
         ORDER BY m.id LIMIT $2");
}

/// A receipt as it was decided.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Receipted {
    /// The letter.
    pub id: Id,
    /// The message it answers.
    pub message_id: Id,
    /// Its facts, in JSON.
    pub facts: String,
    /// When it was decided.
    #[sqlx(try_from = "Time")]
    pub decided_at: Timestamp,
}

impl Tx {
    /// Up to which row a chore is done; none once it is finished.
    pub async fn chore(&mut self, name: &str) -> Result<Option<Id>, StoreError> {
        execute!(self, BEGIN, name)?;
        let (done_until, finished) = fetch!(one, self => (Id, Option<i64>), CHORE, name)?;
        Ok(finished.is_none().then_some(done_until))
    }

    /// A chore is done up to a row, or finished at a time. `false` if another has gone on with it meanwhile.
    pub async fn chore_goes_on(
        &mut self,
        name: &str,
        (from, until): (Id, Id),
        finished: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, GO_ON, name, from, until, finished.map(Timestamp::as_microsecond))? == 1)
    }

    /// The receipts behind a letter, so many of them.
    pub async fn receipts_behind(&mut self, letter: Id, most: usize) -> Result<Vec<Receipted>, StoreError> {
        fetch!(all, self => Receipted, RECEIPTS, letter, number(most))
    }

    /// Of which items letters have told a number of a submission.
    pub async fn told_of(&mut self, submission: Id, n: u32) -> Result<Vec<Id>, StoreError> {
        Ok(fetch!(all, self => (Id,), TOLD_OF, submission, i64::from(n))?.into_iter().map(|(item,)| item).collect())
    }

    /// Whose number in a submission that was at a time, before others that of a message; none where nothing has it.
    pub async fn numbered(
        &mut self,
        submission: Id,
        n: u32,
        message: Id,
        at: Timestamp,
    ) -> Result<Option<Id>, StoreError> {
        let row = fetch!(optional, self => (Id,), NUMBERED, submission, i64::from(n), message, at.as_microsecond())?;
        Ok(row.map(|(item,)| item))
    }

    /// Adds what a letter names.
    pub async fn add_name(&mut self, letter: Id, submission: Id, item: Id, n: u32) -> Result<(), StoreError> {
        execute!(self, ADD_NAME, letter, submission, item, i64::from(n))?;
        Ok(())
    }

    /// The messages behind one that were read, and of whose items it is not known what they are for: row and intake number.
    pub async fn without_purpose(&mut self, message: Id, most: usize) -> Result<Vec<(Id, i64)>, StoreError> {
        fetch!(all, self => (Id, i64), WITHOUT_PURPOSE, message, number(most))
    }
}
