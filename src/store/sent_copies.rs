//! The copies of letters that left, to be kept in a folder of the mailbox.
//!
//! Promises that only a letter which left while a copy was asked for gets one, that the attempt is counted before it is
//! made, and that nothing here touches the state of the letter itself.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Id, IfAny, Legible, Sql, StoreError, Time, Tx};

/// Claims the copy that is due longest at `$1`, until `$2`.
macro_rules! claim {
    ($db:ident) => {
        concat!(
            "UPDATE letter SET copy_attempts = copy_attempts + 1, copy_not_before = $2
             WHERE ",
            free_among!(
                $db,
                "SELECT id FROM letter WHERE copy_state = 'wanted' AND copy_not_before <= $1
                 ORDER BY copy_not_before, id LIMIT 1"
            ),
            "
             RETURNING id, bytes, rfc_message_id, copy_attempts AS attempts, sent_at"
        )
    };
}

/// Nobody else has taken the copy up meanwhile.
macro_rules! still_claimed {
    () => {
        "id = $1 AND copy_attempts = $2 AND copy_state = 'wanted'"
    };
}

statements! {
    PLACE = Sql::both(
        "SELECT b.name, c.code FROM letter l
         LEFT JOIN message m ON m.id = l.message_id
         LEFT JOIN mailbox b ON b.id = m.mailbox_id
         LEFT JOIN call c ON c.id = l.call_id
         WHERE l.id = $1");
    WANT = Sql::both(
        "UPDATE letter SET copy_state = 'wanted', copy_not_before = $2, copy_reason = NULL
         WHERE id = $1 AND (copy_state IS NULL OR copy_state = 'failed')");
    CLAIM = each!(claim);
    STILL_CLAIMED = Sql::both(concat!("SELECT id FROM letter WHERE ", still_claimed!()));
    LATER = Sql::both(concat!(
        "UPDATE letter SET copy_not_before = $3, copy_reason = $4 WHERE ", still_claimed!()));
    SETTLE = Sql::both(concat!("UPDATE letter SET copy_state = $3, copy_reason = $4 WHERE ", still_claimed!()));
}

/// What became of the copy of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// It is to be kept.
    Wanted,
    /// It is in the mailbox.
    Kept,
    /// There is none, and it is not tried again.
    Failed,
}

words!(CopyState);

/// A letter of which a copy is to be kept, claimed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimedCopy {
    /// The letter.
    pub id: Id,
    /// Its bytes as they left.
    pub bytes: Option<Vec<u8>>,
    /// Its Message-ID.
    pub rfc_message_id: Option<String>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    sent_at: Legible<IfAny<Time>>,
}

impl ClaimedCopy {
    /// When the letter left.
    pub fn sent_at(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.sent_at.read("sent_at", "letter", self.id)?.into())
    }
}

impl Tx {
    /// The mailbox whose mail a letter answers, and the call that it is about.
    pub async fn letter_belongs_to(&mut self, letter: Id) -> Result<(Option<String>, Option<String>), StoreError> {
        fetch!(one, self => (Option<String>, Option<String>), PLACE, letter)
    }

    /// Asks for a copy of a letter that has just left. One that is kept already stays the only one.
    pub async fn want_copy(&mut self, letter: Id, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, WANT, letter, now.as_microsecond())?;
        Ok(())
    }

    /// Claims the letter whose copy is due longest. Nobody else takes it up before `until`.
    pub async fn claim_copy(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<ClaimedCopy>, StoreError> {
        fetch!(optional, self => ClaimedCopy, CLAIM, now.as_microsecond(), until.as_microsecond())
    }

    /// Whether nobody else has taken the copy up meanwhile.
    pub async fn copy_is_claimed(&mut self, copy: &ClaimedCopy) -> Result<bool, StoreError> {
        Ok(fetch!(optional, self => (Id,), STILL_CLAIMED, copy.id, copy.attempts)?.is_some())
    }

    /// Records that the copy is kept. `false` if another took it up meanwhile.
    pub async fn copy_kept(&mut self, copy: &ClaimedCopy) -> Result<bool, StoreError> {
        Ok(execute!(self, SETTLE, copy.id, copy.attempts, CopyState::Kept, None::<&str>)? == 1)
    }

    /// Leaves the copy for another attempt. `false` if another took it up meanwhile.
    pub async fn copy_later(&mut self, copy: &ClaimedCopy, next: Timestamp, reason: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, LATER, copy.id, copy.attempts, next.as_microsecond(), reason)? == 1)
    }

    /// Gives the copy up. `false` if another took it up meanwhile.
    pub async fn copy_failed(&mut self, copy: &ClaimedCopy, reason: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, SETTLE, copy.id, copy.attempts, CopyState::Failed, reason)? == 1)
    }
}
