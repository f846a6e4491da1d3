//! What is filed under a docket reference: its versions and what repeats them.
//!
//! Promises the order of receipt, and that what was withdrawn is among it.

use jiff::Timestamp;

use super::{Codes, Count, Flag, Id, IfAny, Sql, StoreError, Time, Tx};
use crate::core::{calls::standing::Standing, iso3::Iso3, judging::matching::Kind};

statements! {
    SUBMISSION = Sql::both(
        "SELECT s.id, s.reference, s.kind, c.code AS call_code, COALESCE(
             (SELECT string_agg(t.iso3, ' ' ORDER BY t.iso3) FROM submission_state t WHERE t.submission_id = s.id), '')
             AS states
         FROM submission s JOIN call c ON c.id = s.call_id WHERE LOWER(s.reference) = LOWER($1)");
    FILED_UNDER = Sql::both(
        "SELECT m.number, i.n AS item_n, (SELECT COUNT(*) FROM item x WHERE x.message_id = m.id) AS items, m.received,
             i.words, f.version, f.standing, f.withdrawn_at, f.repeats
         FROM (SELECT v.item_id, v.n AS version, v.standing, v.withdrawn_at, CAST(0 AS BIGINT) AS repeats
               FROM version v WHERE v.submission_id = $1
               UNION ALL
               SELECT d.id, v.n, v.standing, v.withdrawn_at, CAST(1 AS BIGINT)
               FROM version v JOIN item d ON d.duplicate_of = v.item_id
               WHERE v.submission_id = $1 AND v.withdrawn_at IS NULL) f
         JOIN item i ON i.id = f.item_id JOIN message m ON m.id = i.message_id
         ORDER BY m.received, m.number, i.n, f.version");
}

/// A submission.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubmissionRow {
    /// Its row.
    pub id: Id,
    /// The docket reference.
    pub reference: String,
    /// The kind of sender.
    pub kind: Kind,
    /// The call.
    pub call_code: String,
    /// Its states.
    #[sqlx(try_from = "Codes")]
    pub states: Vec<Iso3>,
}

/// An item filed under it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FiledUnder {
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
    /// The version that it makes, or repeats.
    #[sqlx(try_from = "Count<u32>")]
    pub version: u32,
    /// The standing of that version.
    pub standing: Standing,
    /// When it was withdrawn.
    #[sqlx(try_from = "IfAny<Time>")]
    pub withdrawn_at: Option<Timestamp>,
    /// It repeats that version.
    #[sqlx(try_from = "Flag")]
    pub repeats: bool,
}

impl Tx {
    /// The submission with a docket reference, and what is filed under it.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn filed_under(
        &mut self,
        reference: &str,
    ) -> Result<Option<(SubmissionRow, Vec<FiledUnder>)>, StoreError> {
        let Some(submission) = fetch!(optional, self => SubmissionRow, SUBMISSION, reference)? else { return Ok(None) };
        let filed = fetch!(all, self => FiledUnder, FILED_UNDER, submission.id)?;
        Ok(Some((submission, filed)))
    }
}
