//! Letters that failed for good, and that nobody has dealt with: each is a case for a person.
//!
//! A failed letter is dealt with when it is sent once more or discarded; one that answers a message also when a later one was
//! decided for it, or when a person found that nothing in that message is an input.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Id, Legible, Read, Sql, StoreError, Tx, When};
use crate::core::{decision::NOT_AN_INPUT, letter_kind::LetterKind};

/// How a letter stood before a time.
macro_rules! stood {
    ($letter:literal, $time:literal) => {
        concat!(
            "COALESCE((SELECT p.state FROM letter_past p WHERE p.id = (
                 SELECT MIN(q.id) FROM letter_past q WHERE q.letter_id = ",
            $letter,
            ".id AND q.until >= ",
            $time,
            ")),
                 ",
            $letter,
            ".state)"
        )
    };
}

/// Whether a letter tells of an act, which no later letter about what was received makes up for.
macro_rules! of_acts {
    ($letter:literal) => {
        concat!(
            "CASE WHEN ",
            $letter,
            ".kind IN ('extension_granted', 'deadline_moved', 'withdrawn') THEN 1 ELSE 0 END"
        )
    };
}

/// Nobody has dealt with it before a time; `l` is the letter, and the second one the word for a decision that something is no
/// input.
macro_rules! nobody_dealt_with_it {
    ($time:literal, $no_input:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM letter o
                 WHERE o.message_id = l.message_id AND ",
            of_acts!("o"),
            " = ",
            of_acts!("l"),
            "
                     AND o.decided_at > l.decided_at AND o.decided_at < ",
            $time,
            " AND ",
            stood!("o", $time),
            " IN ('waiting', 'released', 'sending', 'sent', 'held'))
             AND (l.message_id IS NULL OR ",
            of_acts!("l"),
            " = 1 OR EXISTS (SELECT 1 FROM item i
                 WHERE i.message_id = l.message_id AND NOT EXISTS (
                     SELECT 1 FROM decision d
                     WHERE d.item_id = i.id AND d.kind = ",
            $no_input,
            " AND d.at >= l.decided_at AND d.at < ",
            $time,
            "
                         AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.at < ",
            $time,
            ")))) "
        )
    };
}

statements! {
    UNDELIVERED = Sql::both(concat!(
        "SELECT l.id, l.kind, COALESCE(l.reason, '') AS reason,
             COALESCE((SELECT MAX(a.at) FROM attempt a WHERE a.letter_id = l.id), l.decided_at) AS since, m.number, m.subject,
             m.from_name, m.from_address
         FROM letter l LEFT JOIN message m ON m.id = l.message_id LEFT JOIN call c ON c.id = l.call_id
         WHERE l.state = 'failed' AND l.kind <> 'reminder' AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL) AND ", nobody_dealt_with_it!("$2", "$3"), "ORDER BY l.id"));
    HOW_MANY = Sql::both(concat!(
        "SELECT COUNT(*) FROM letter l LEFT JOIN call c ON c.id = l.call_id
         WHERE l.state = 'failed' AND l.kind <> 'reminder'
             AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL) AND ", nobody_dealt_with_it!("$2", "$3")));
    BETWEEN = Sql::both(concat!(
        "SELECT l.message_id, l.kind, COALESCE(
             (SELECT a.detail FROM attempt a WHERE a.letter_id = l.id AND a.outcome = 'failed' AND a.at < $3
              ORDER BY a.n DESC LIMIT 1),
             CASE WHEN l.state = 'failed' THEN l.reason END)
         FROM letter l
         WHERE l.message_id >= $1 AND l.message_id <= $2 AND l.decided_at < $3
             AND ", stood!("l", "$3"), " = 'failed' AND ", nobody_dealt_with_it!("$3", "$4"), "ORDER BY l.id"));
}

/// A letter that failed for good and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Undelivered {
    /// The row, by which people name it.
    pub id: Id,
    /// Its kind.
    #[sqlx(try_from = "Legible<LetterKind>")]
    pub kind: Read<LetterKind>,
    /// How it failed, in the server's words.
    pub reason: String,
    /// Since when.
    pub since: When,
    /// The intake number of the message it answers; none of one that tells of an act without one.
    pub number: Option<i64>,
    /// The subject of that message.
    pub subject: Option<String>,
    /// The name of its sender.
    pub from_name: Option<String>,
    /// The address of its sender.
    pub from_address: Option<String>,
}

impl Tx {
    /// The letters but for reminders, in a call or in none, that failed for good and that nobody has dealt with; of all calls
    /// where none is named.
    pub async fn undelivered(&mut self, call: Option<&str>) -> Result<Vec<Undelivered>, StoreError> {
        fetch!(all, self => Undelivered, UNDELIVERED, call, Timestamp::MAX.as_microsecond(), NOT_AN_INPUT)
    }

    /// How many of them there are.
    pub async fn how_many_failed(&mut self, call: Option<&str>) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), HOW_MANY, call, Timestamp::MAX.as_microsecond(), NOT_AN_INPUT)?.0)
    }

    /// The same for messages from one row to another, as they were known before a time: message, kind and reason of each.
    pub async fn undelivered_between(
        &mut self,
        first: Id,
        last: Id,
        known_before: Timestamp,
    ) -> Result<Vec<(Id, Read<LetterKind>, String)>, StoreError> {
        let rows = fetch!(all, self => (Id, Legible<LetterKind>, Option<String>), BETWEEN,
            first, last, known_before.as_microsecond(), NOT_AN_INPUT)?;
        Ok(rows.into_iter().map(|(message, kind, reason)| (message, kind.into(), reason.unwrap_or_default())).collect())
    }
}
