//! Letters in a person's hands: those that are held until somebody decides, and what is decided about them.
//!
//! Promises to move a letter only from where the person saw it stand, and to keep it first as it stood.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;

use super::{Flag, Id, Legible, LetterState, Read, Sql, StoreError, Tx, When};
use crate::core::{event::HeldFor, iso3::Iso3, letter_kind::LetterKind};

statements! {
    KEEP_BY_HAND = keeping!("$3", "id = $1 AND state = $2");
    BY_HAND = Sql::both(
        "UPDATE letter SET state = $3, reason = $4, not_before = $5, held_for = NULL, lease_until = 0, epoch = epoch + 1
         WHERE id = $1 AND state = $2");
    HELD = Sql::both(
        "SELECT l.id, COALESCE(l.reason, '') AS reason,
             COALESCE((SELECT MAX(p.until) FROM letter_past p WHERE p.letter_id = l.id), l.decided_at) AS since, m.number,
             m.subject, m.from_name, m.from_address
         FROM letter l LEFT JOIN message m ON m.id = l.message_id LEFT JOIN call c ON c.id = l.call_id
         WHERE l.state = 'held' AND l.kind <> 'reminder' AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL) ORDER BY l.id");
    HOW_MANY = Sql::both(
        "SELECT COUNT(*) FROM letter l LEFT JOIN call c ON c.id = l.call_id
         WHERE l.state = 'held' AND l.kind <> 'reminder'
             AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL)");
    TO_RELEASE = Sql::both(
        "SELECT l.id, l.message_id, l.call_id, l.iso3, l.kind, l.recipient, l.reason, l.held_for, m.number,
             CAST(CASE WHEN l.bytes IS NULL THEN 0 ELSE 1 END AS BIGINT) AS frozen
         FROM letter l LEFT JOIN message m ON m.id = l.message_id WHERE l.state = 'held' ORDER BY l.id");
    STATES_OF = Sql::both(
        "SELECT DISTINCT l.id, t.iso3
         FROM letter l
         JOIN item i ON i.message_id = l.message_id
         JOIN place p ON p.item_id = i.id AND p.until IS NULL
         JOIN submission_state t ON t.submission_id = p.submission_id
         WHERE l.state = $1 ORDER BY l.id, t.iso3");
}

/// A letter that is held for a person, and is no reminder.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldLetter {
    /// The row, by which people name it.
    pub id: Id,
    /// Why.
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

/// A held letter that may be let go.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToRelease {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Option<Id>,
    /// The call.
    pub call_id: Option<Id>,
    /// The state that it reminds.
    #[sqlx(rename = "iso3")]
    pub reminds: Option<Iso3>,
    /// Its kind.
    pub kind: LetterKind,
    /// To whom.
    pub recipient: String,
    /// Why it is held.
    pub reason: Option<String>,
    /// For what it is held.
    pub held_for: Option<HeldFor>,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
    /// Its bytes are fixed.
    #[sqlx(try_from = "Flag")]
    pub frozen: bool,
}

impl Tx {
    /// The letters but for reminders that are held for a person, in a call or in none; of all calls where none is named.
    pub async fn held_letters(&mut self, call: Option<&str>) -> Result<Vec<HeldLetter>, StoreError> {
        fetch!(all, self => HeldLetter, HELD, call)
    }

    /// How many of them there are.
    pub async fn how_many_are_held(&mut self, call: Option<&str>) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), HOW_MANY, call)?.0)
    }

    /// All letters that are held for a person, oldest first.
    pub async fn letters_to_release(&mut self) -> Result<Vec<ToRelease>, StoreError> {
        fetch!(all, self => ToRelease, TO_RELEASE)
    }

    /// The states for which the messages are filed that the letters answer which stand so.
    pub async fn states_of_letters(&mut self, state: LetterState) -> Result<Vec<(Id, Read<Iso3>)>, StoreError> {
        let rows = fetch!(all, self => (Id, Legible<Iso3>), STATES_OF, state)?;
        Ok(rows.into_iter().map(|(letter, iso3)| (letter, iso3.into())).collect())
    }

    /// Moves a letter by a person's hand; it does not leave before `not_before`. `false` if it is not in the state it was
    /// shown in.
    pub async fn move_letter(
        &mut self,
        id: Id,
        from: LetterState,
        to: LetterState,
        reason: Option<&str>,
        at: Timestamp,
        not_before: Timestamp,
    ) -> Result<bool, StoreError> {
        execute!(self, KEEP_BY_HAND, id, from, at.as_microsecond())?;
        Ok(execute!(self, BY_HAND, id, from, to, reason, not_before.as_microsecond())? == 1)
    }
}
