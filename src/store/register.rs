//! What a register is made of beside what is filed: what may be a state's own, and what states were told.
//!
//! Reads only, each in one statement whatever the number of messages: what was never filed and does not wait is not looked
//! at.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Flag, Id, IfAny, Legible, LetterState, Read, Sql, StoreError, Time, Tx, log::last_before};
use crate::core::{
    iso3::Iso3,
    letter_kind::LetterKind,
    question::{Question, Questions},
    submission::View,
};

/// Whether one of the items may be an input.
macro_rules! may_be_an_input {
    () => {
        "CAST(MAX(CASE WHEN m.relevance = 'input' OR i.content_key IS NOT NULL OR m.state = 'parked' THEN 1 ELSE 0 END)
             AS BIGINT)"
    };
}

/// Whether no more is asked than to tell a sender what a letter said wrongly, as a parameter matches it: that is decided, and may be
/// nobody's input.
macro_rules! only_to_tell {
    ($waiting:literal, $asked:literal) => {
        concat!("(", $waiting, " LIKE ", $asked, " AND ", $waiting, " NOT LIKE '%},{%')")
    };
}

statements! {
    POSSIBLE_NOW = Sql::both(concat!(
        "SELECT k.iso3, ", may_be_an_input!(), "
         FROM item i
         JOIN item_candidate k ON k.item_id = i.id
         JOIN message m ON m.id = i.message_id
         LEFT JOIN call c ON c.id = i.call_id
         WHERE i.waiting IS NOT NULL AND NOT ", only_to_tell!("i.waiting", "$3"), "
             AND (c.code = $1 OR c.code IS NULL) AND m.received <= $2
         GROUP BY k.iso3 ORDER BY k.iso3"));
    // What is asked about an item now, or was then; a decision before there was a past may have ended it.
    POSSIBLE_THEN = Sql::both(concat!(
        "SELECT k.iso3, ", may_be_an_input!(), "
         FROM item i
         JOIN item_candidate k ON k.item_id = i.id
         JOIN message m ON m.id = i.message_id
         LEFT JOIN item_past p ON p.id = (
             SELECT MIN(q.id) FROM item_past q WHERE q.item_id = i.id AND q.until >= $3)
         LEFT JOIN call c ON c.id = CASE WHEN p.id IS NULL THEN i.call_id ELSE p.call_id END
         WHERE i.id IN (
                 SELECT w.id FROM item w WHERE w.waiting IS NOT NULL
                 UNION SELECT q.item_id FROM item_past q WHERE q.until >= $3
                 UNION SELECT e.item_id FROM decision e WHERE e.at >= $3)
             AND m.received <= $2 AND m.first_seen < $3 AND m.read_at < $3
             AND (c.code = $1 OR c.code IS NULL)
             AND (CASE WHEN p.id IS NULL THEN i.waiting IS NOT NULL AND NOT ", only_to_tell!("i.waiting", "$4"), "
                     ELSE p.waiting IS NOT NULL AND NOT ", only_to_tell!("p.waiting", "$4"), " END
                 OR (p.id IS NULL AND EXISTS (SELECT 1 FROM decision e WHERE e.item_id = i.id AND e.at >= $3)))
         GROUP BY k.iso3 ORDER BY k.iso3"));
    ANYBODYS = Sql::both(concat!(
        "SELECT m.number
         FROM item i JOIN message m ON m.id = i.message_id LEFT JOIN call c ON c.id = i.call_id
         WHERE i.waiting IS NOT NULL AND NOT ", only_to_tell!("i.waiting", "$2"), "
             AND (c.code = $1 OR c.code IS NULL) AND i.decision = 'review'
             AND (i.content_key IS NOT NULL OR m.state = 'parked')
             AND NOT EXISTS (SELECT 1 FROM item_candidate k WHERE k.item_id = i.id AND k.weight > 0)
         UNION
         SELECT m.number FROM message m
         WHERE m.state = 'parked' AND m.state_reason IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM item i WHERE i.message_id = m.id)
         ORDER BY 1"));
    LAST_REMINDERS = Sql::both(
        "SELECT l.iso3, MAX(l.sent_at) AS sent_at FROM letter l
         WHERE l.call_id = $1 AND l.iso3 IS NOT NULL AND l.kind = 'reminder' AND l.sent_at <= $2
         GROUP BY l.iso3 ORDER BY l.iso3");
    ROUNDS = Sql::both(
        "SELECT l.step, MIN(l.sent_at) AS sent_at FROM letter l
         WHERE l.call_id = $1 AND l.iso3 IS NOT NULL AND l.step IS NOT NULL AND l.kind = 'reminder' AND l.sent_at <= $2
         GROUP BY l.step ORDER BY 2, 1");
    LAST_LETTERS = Sql::both(
        "SELECT a.iso3, l.id, l.kind, l.state, l.sent_at
         FROM (
             SELECT b.iso3, COALESCE(MAX(CASE WHEN b.state = 'discarded' THEN NULL ELSE b.letter END), MAX(b.letter))
                 AS letter
             FROM (
                 SELECT r.iso3, r.id AS letter, r.state FROM letter r WHERE r.call_id = $1 AND r.iso3 IS NOT NULL
                 UNION ALL
                 SELECT t.iso3, n.id AS letter, n.state
                 FROM submission s
                 JOIN submission_state t ON t.submission_id = s.id
                 JOIN place p ON p.submission_id = s.id AND p.until IS NULL
                 JOIN item i ON i.id = p.item_id
                 JOIN letter n ON n.message_id = i.message_id AND n.call_id = s.call_id
                 WHERE s.call_id = $1) b
             GROUP BY b.iso3) a
         JOIN letter l ON l.id = a.letter
         ORDER BY a.iso3");
}

/// What a state was told last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ToldLast {
    /// The state.
    #[sqlx(try_from = "Legible<Iso3>")]
    pub iso3: Read<Iso3>,
    /// The letter, by which people name it.
    pub id: Id,
    /// Of which kind it is.
    #[sqlx(try_from = "Legible<LetterKind>")]
    pub kind: Read<LetterKind>,
    /// Where it stands.
    #[sqlx(try_from = "Legible<LetterState>")]
    pub state: Read<LetterState>,
    /// When it was handed over.
    #[sqlx(try_from = "Legible<IfAny<Time>>")]
    pub sent_at: Read<Option<Timestamp>>,
}

/// What is kept of a question that asks no more than to tell a sender, whichever letter it names.
fn to_tell() -> Result<String, StoreError> {
    let asked = Questions::from(Question::LetterUndone { letter: 0 }).kept();
    let kept = asked.map_err(|error| StoreError::Row(error.to_string()))?.unwrap_or_default();
    Ok(kept.replace(":0}", ":%}"))
}

impl Tx {
    /// The states of which something may be that was undecided then, each with whether that may be an input. Of a code that
    /// is none, what waits says so by itself.
    pub async fn possible_then(&mut self, call: &str, view: View) -> Result<Vec<(Read<Iso3>, bool)>, StoreError> {
        let (until, known) = (last_before(view.received_before), view.known_before.as_microsecond());
        let to_tell = to_tell()?;
        let rows = if view.known_before == Timestamp::MAX {
            fetch!(all, self => (Legible<Iso3>, Flag), POSSIBLE_NOW, call, until, &to_tell)?
        } else {
            fetch!(all, self => (Legible<Iso3>, Flag), POSSIBLE_THEN, call, until, known, &to_tell)?
        };
        Ok(rows.into_iter().map(|(iso3, Flag(input))| (iso3.into(), input)).collect())
    }

    /// The numbers of the messages that are undecided, may be inputs and for which no more than a mention names a state: they may be anybody's.
    pub async fn anybodys(&mut self, call: &str) -> Result<Vec<i64>, StoreError> {
        let to_tell = to_tell()?;
        Ok(fetch!(all, self => (i64,), ANYBODYS, call, &to_tell)?.into_iter().map(|(number,)| number).collect())
    }

    /// When each state was reminded last, of the reminders of a call that had left before a time.
    pub async fn last_reminders(
        &mut self,
        call: Id,
        before: Timestamp,
    ) -> Result<Vec<(Read<Iso3>, Read<Timestamp>)>, StoreError> {
        let rows = fetch!(all, self => (Legible<Iso3>, Legible<Time>), LAST_REMINDERS, call, last_before(before))?;
        let time = |sent: Legible<Time>| Read::from(sent).map(|Time(at)| at);
        Ok(rows.into_iter().map(|(iso3, sent)| (iso3.into(), time(sent))).collect())
    }

    /// The steps of the reminders of a call that had left before a time, and when the first of each did; of what cannot be
    /// read nothing is told.
    pub async fn reminder_rounds(
        &mut self,
        call: Id,
        before: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = fetch!(all, self => (String, Legible<Time>), ROUNDS, call, last_before(before))?;
        let time = |sent: Legible<Time>| Read::from(sent).ok().map(|Time(at)| at);
        Ok(rows.into_iter().filter_map(|(step, sent)| Some((step, time(sent)?))).collect())
    }

    /// The last letter of a call that was about each state: a reminder, or an answer to what is filed. One that does not leave
    /// hides none of before.
    pub async fn last_letters(&mut self, call: Id) -> Result<Vec<ToldLast>, StoreError> {
        fetch!(all, self => ToldLast, LAST_LETTERS, call)
    }
}
