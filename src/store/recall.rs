//! Letters that are called back before they leave, because what they say holds no more.
//!
//! Promises to touch no letter that may have left: one that was being handed over when the program stopped, or that a
//! person sends once more, is not called back here. What was frozen and has not left is frozen anew.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;

use super::{Id, Sql, StoreError, Tx};
use crate::core::{
    event::{Dropped, Hold},
    letter_kind::LetterKind,
    mail::address::folded,
};

/// The letter is frozen, and nothing says that it may have left: it was only tried in vain, and since it was decided the
/// database was never put back to an older one.
macro_rules! frozen_and_here {
    () => {
        "state = 'released'
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.letter_id = letter.id AND a.outcome <> 'later')
             AND NOT EXISTS (SELECT 1 FROM restored r WHERE r.lost_until >= letter.decided_at)"
    };
}

/// What surely has not left.
macro_rules! has_not_left {
    () => {
        concat!("(state IN ('waiting', 'held') AND bytes IS NULL OR ", frozen_and_here!(), ")")
    };
}

/// What surely has not left of the letters of the message `$1`, but for those that tell of an act: they go with the act alone.
macro_rules! unsent {
    () => {
        concat!(
            "message_id = $1 AND kind NOT IN ('extension_granted', 'deadline_moved', 'withdrawn') AND ",
            has_not_left!()
        )
    };
}

/// The letter of the occasion `$1`, if it surely has not left.
macro_rules! unsent_of_act {
    () => {
        concat!("occasion = $1 AND ", has_not_left!())
    };
}

/// What surely has not left of the letters of the message `$1`, and is not held.
macro_rules! unsent_and_free {
    () => {
        concat!("message_id = $1 AND (state = 'waiting' OR ", frozen_and_here!(), ")")
    };
}

/// The queries that wait for the address `$1`, but for the one to the message `$2`.
macro_rules! queries {
    () => {
        "kind = 'query' AND state = 'waiting' AND bytes IS NULL AND to_mailbox = $1 AND message_id <> $2"
    };
}

statements! {
    KEEP_UNSENT = keeping!("$2", unsent!());
    WITHDRAW_UNSENT = Sql::both(concat!(
        "UPDATE letter SET state = 'discarded', reason = $2, released_at = NULL, rfc_message_id = NULL, bytes = NULL,
             lease_until = 0, epoch = epoch + 1
         WHERE ", unsent!(), " RETURNING id, kind"));
    KEEP_OF_ACT = keeping!("$2", unsent_of_act!());
    WITHDRAW_OF_ACT = Sql::both(concat!(
        "UPDATE letter SET state = 'discarded', reason = $2, released_at = NULL, rfc_message_id = NULL, bytes = NULL,
             lease_until = 0, epoch = epoch + 1
         WHERE ", unsent_of_act!(), " RETURNING id, kind"));
    OF_DEADLINE = Sql::both(
        "SELECT occasion FROM letter
         WHERE call_id = $1 AND kind = 'deadline_moved' AND state IN ('waiting', 'held', 'released') ORDER BY id");
    OF_OCCASION = Sql::both("SELECT id FROM letter WHERE occasion = $1");
    KEEP_FREE = keeping!("$2", unsent_and_free!());
    HOLD_UNSENT = Sql::both(concat!(
        "UPDATE letter SET state = 'held', reason = $2, held_for = $3, released_at = NULL, rfc_message_id = NULL,
             bytes = NULL, lease_until = 0, epoch = epoch + 1
         WHERE ", unsent_and_free!(), " RETURNING id"));
    WROTE_SINCE = Sql::both(
        "SELECT COUNT(*) FROM message m JOIN message o ON o.id = $1
         WHERE m.from_address = o.from_address AND m.number > o.number");
    KEEP_QUERIES = keeping!("$3", queries!());
    DROP_QUERIES = Sql::both(concat!(
        "UPDATE letter SET state = 'discarded', reason = $3 WHERE ", queries!(), " RETURNING id"));
}

impl Tx {
    /// Discards what surely has not left of a message's receipts and queries, and yields them with their kinds: the entry has
    /// changed.
    /// One that may have left before, and is on its way once more, stays.
    pub async fn discard_unsent(
        &mut self,
        message: Id,
        why: &Dropped,
        at: Timestamp,
    ) -> Result<Vec<(Id, LetterKind)>, StoreError> {
        execute!(self, KEEP_UNSENT, message, at.as_microsecond())?;
        fetch!(all, self => (Id, LetterKind), WITHDRAW_UNSENT, message, why.phrase().plain())
    }

    /// Discards the letter that tells of an act, if it surely has not left, and yields it with its kind: the act is taken back.
    pub async fn discard_unsent_of_act(
        &mut self,
        occasion: &str,
        why: &Dropped,
        at: Timestamp,
    ) -> Result<Option<(Id, LetterKind)>, StoreError> {
        execute!(self, KEEP_OF_ACT, occasion, at.as_microsecond())?;
        fetch!(optional, self => (Id, LetterKind), WITHDRAW_OF_ACT, occasion, why.phrase().plain())
    }

    /// The occasions of the letters that tell of a deadline of a call, but for those that are at rest.
    pub async fn occasions_of_deadlines(&mut self, call: Id) -> Result<Vec<String>, StoreError> {
        Ok(fetch!(all, self => (String,), OF_DEADLINE, call)?.into_iter().map(|(occasion,)| occasion).collect())
    }

    /// The letter of an occasion.
    pub async fn letter_of_occasion(&mut self, occasion: &str) -> Result<Option<Id>, StoreError> {
        Ok(fetch!(optional, self => (Id,), OF_OCCASION, occasion)?.map(|(id,)| id))
    }

    /// Holds for a person what surely has not left of a message's letters, and yields it.
    pub async fn hold_unsent(&mut self, message: Id, held: &Hold, at: Timestamp) -> Result<Vec<Id>, StoreError> {
        execute!(self, KEEP_FREE, message, at.as_microsecond())?;
        let rows = fetch!(all, self => (Id,), HOLD_UNSENT, message, held.phrase().plain(), held.held_for())?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Whether the sender of a message has written again since.
    pub async fn wrote_since(&mut self, message: Id) -> Result<bool, StoreError> {
        Ok(fetch!(one, self => (i64,), WROTE_SINCE, message)?.0 > 0)
    }

    /// Drops the queries to an address, however it is written, that still wait: its next message has brought the document.
    pub async fn drop_queries(
        &mut self,
        recipient: &str,
        except: Id,
        why: &Dropped,
        at: Timestamp,
    ) -> Result<Vec<Id>, StoreError> {
        let mailbox = folded(recipient);
        execute!(self, KEEP_QUERIES, mailbox.as_str(), except, at.as_microsecond())?;
        let rows = fetch!(all, self => (Id,), DROP_QUERIES, mailbox.as_str(), except, why.phrase().plain())?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
