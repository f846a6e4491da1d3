//! Letters that are called back before they leave, because what they say holds no more.
//!
//! Promises to touch no letter that may have left: one that was being handed over when the program stopped, or that a
//! person sends once more, is not called back here. What was frozen and has not left is frozen anew.

use super::{Hold, Id, Sql, StoreError, Tx, word};
use crate::{core::mail::address::folded, letters::facts::LetterKind};

/// The letter is frozen, and nothing says that it may have left: it was only tried in vain, and since it was decided the
/// database was never put back to an older one.
macro_rules! frozen_and_here {
    () => {
        "state = 'released'
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.letter_id = letter.id AND a.outcome <> 'later')
             AND NOT EXISTS (SELECT 1 FROM restored r WHERE r.lost_until >= letter.decided_at)"
    };
}

statements! {
    WITHDRAW_UNSENT = Sql::both(concat!(
        "UPDATE letter SET state = 'discarded', reason = $2, released_at = NULL, rfc_message_id = NULL, bytes = NULL,
             lease_until = 0, epoch = epoch + 1
         WHERE message_id = $1 AND (state IN ('waiting', 'held') AND bytes IS NULL OR ", frozen_and_here!(), ")
         RETURNING id, kind"));
    HOLD_UNSENT = Sql::both(concat!(
        "UPDATE letter SET state = 'held', reason = $2, held_for = $3, released_at = NULL, rfc_message_id = NULL,
             bytes = NULL, lease_until = 0, epoch = epoch + 1
         WHERE message_id = $1 AND (state = 'waiting' OR ", frozen_and_here!(), ") RETURNING id"));
    FACTS = Sql::both("SELECT facts FROM letter WHERE message_id = $1 AND kind = $2");
    WROTE_SINCE = Sql::both(
        "SELECT COUNT(*) FROM message m JOIN message o ON o.id = $1
         WHERE m.from_address = o.from_address AND m.number > o.number");
    DROP_QUERIES = Sql::both(
        "UPDATE letter SET state = 'discarded', reason = $3
         WHERE kind = 'query' AND state = 'waiting' AND bytes IS NULL AND to_mailbox = $1 AND message_id <> $2
         RETURNING id");
}

impl Tx {
    /// Discards what surely has not left of a message's letters, and yields them with their kinds: the entry has changed.
    /// One that may have left before, and is on its way once more, stays.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn discard_unsent(&mut self, message: Id, reason: &str) -> Result<Vec<(Id, String)>, StoreError> {
        fetch!(all, self => (Id, String), WITHDRAW_UNSENT, message, reason)
    }

    /// Holds for a person what surely has not left of a message's letters, and yields it.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn hold_unsent(&mut self, message: Id, held_for: Hold, reason: &str) -> Result<Vec<Id>, StoreError> {
        Ok(fetch!(all, self => (Id,), HOLD_UNSENT, message, reason, word(&held_for)?)?
            .into_iter()
            .map(|(id,)| id)
            .collect())
    }

    /// The facts of a message's letter of that kind, in JSON.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn facts(&mut self, message: Id, kind: LetterKind) -> Result<Option<String>, StoreError> {
        Ok(fetch!(optional, self => (String,), FACTS, message, word(&kind)?)?.map(|(facts,)| facts))
    }

    /// Whether the sender of a message has written again since.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn wrote_since(&mut self, message: Id) -> Result<bool, StoreError> {
        Ok(fetch!(one, self => (i64,), WROTE_SINCE, message)?.0 > 0)
    }

    /// Drops the queries to an address, however it is written, that still wait: its next message has brought the document.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn drop_queries(&mut self, recipient: &str, except: Id, reason: &str) -> Result<Vec<Id>, StoreError> {
        Ok(fetch!(all, self => (Id,), DROP_QUERIES, folded(recipient), except, reason)?
            .into_iter()
            .map(|(id,)| id)
            .collect())
    }
}
