//! What is filed under a docket reference: each item that has a place in it, in the order of receipt.

use jiff::Timestamp;

use super::{Count, Id, IfAny, Sql, StoreError, Submission, Time, Tx};

statements! {
    NAMED = Sql::both("SELECT id FROM submission WHERE LOWER(reference) = LOWER($1)");
    CALL_CODE = Sql::both("SELECT code FROM call WHERE id = $1");
    FILED_UNDER = Sql::both(
        "SELECT p.item_id, p.number, p.item_n, (SELECT COUNT(*) FROM item x WHERE x.message_id = i.message_id) AS items,
             p.received, p.words
         FROM place p JOIN item i ON i.id = p.item_id WHERE p.submission_id = $1 AND p.until IS NULL
         ORDER BY p.received, p.number, p.item_n");
}

/// An item filed under it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FiledUnder {
    /// Its row.
    pub item_id: Id,
    /// The intake number of its message.
    pub number: i64,
    /// Its number in that.
    pub item_n: i64,
    /// How many items that has.
    pub items: i64,
    /// When it was received.
    #[sqlx(try_from = "Time")]
    pub received: Timestamp,
    /// Words that count.
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub words: Option<u64>,
}

impl Tx {
    /// The submission with a docket reference, and the code of its call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn submission_named(&mut self, reference: &str) -> Result<Option<(Submission, String)>, StoreError> {
        let Some((id,)) = fetch!(optional, self => (Id,), NAMED, reference)? else { return Ok(None) };
        let submission = self.submission(id).await?;
        let (code,) = fetch!(one, self => (String,), CALL_CODE, submission.call)?;
        Ok(Some((submission, code)))
    }

    /// What is filed under it.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn filed_under(&mut self, submission: Id) -> Result<Vec<FiledUnder>, StoreError> {
        fetch!(all, self => FiledUnder, FILED_UNDER, submission)
    }
}
