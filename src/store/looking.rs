//! Cases in people's hands: who has one open, and which are left for later.
//!
//! Promises that both end with a decision, and that what asks something else by now is not left for later any more.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::{Id, Sql, StoreError, Time, Tx};
use crate::core::actor::Actor;

statements! {
    LOOK = Sql::both(
        "INSERT INTO looking (item_id, account_id, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (item_id, account_id) DO UPDATE SET seen_at = excluded.seen_at");
    LOOKED = Sql::both("DELETE FROM looking WHERE seen_at <= $1");
    LOOKING = Sql::both(
        "SELECT l.item_id, a.name FROM looking l JOIN account a ON a.id = l.account_id
         WHERE l.seen_at > $1 ORDER BY l.item_id, l.seen_at, a.name");
    POSTPONE = Sql::both(
        "INSERT INTO postponed (item_id, asked, until, postponed_by, reason) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (item_id) DO UPDATE SET asked = excluded.asked, until = excluded.until,
             postponed_by = excluded.postponed_by, reason = excluded.reason");
    POSTPONED = Sql::both("SELECT item_id, asked, until, postponed_by, reason FROM postponed WHERE until > $1");
    LOOKED_AT = Sql::both("DELETE FROM looking WHERE item_id = $1");
    TAKEN_UP = Sql::both("DELETE FROM postponed WHERE item_id = $1");
}

/// A case that is left for later.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Postponed {
    /// The item.
    #[sqlx(rename = "item_id")]
    pub item: Id,
    /// By what the question is recognised that was left.
    pub asked: Vec<u8>,
    /// Until when.
    #[sqlx(try_from = "Time")]
    pub until: Timestamp,
    /// Who left it.
    #[sqlx(rename = "postponed_by")]
    pub by: Actor,
    /// Why.
    pub reason: String,
}

/// By what a question is recognised.
pub(super) fn question_key(waiting: &str) -> Vec<u8> {
    Sha256::digest(waiting).to_vec()
}

impl Tx {
    /// Writes down that a person has a case open, and forgets who had one open until a time.
    pub async fn keep_looking(
        &mut self,
        item: Id,
        account: Id,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        execute!(self, LOOKED, until.as_microsecond())?;
        execute!(self, LOOK, item, account, now.as_microsecond())?;
        Ok(())
    }

    /// Who has which case open, of those who gave a sign since.
    pub async fn looking(&mut self, since: Timestamp) -> Result<Vec<(Id, String)>, StoreError> {
        fetch!(all, self => (Id, String), LOOKING, since.as_microsecond())
    }

    /// Leaves a case for later.
    pub async fn postpone(&mut self, case: &Postponed) -> Result<(), StoreError> {
        let by = String::from(case.by.clone());
        execute!(
            self,
            POSTPONE,
            case.item,
            case.asked.as_slice(),
            case.until.as_microsecond(),
            by,
            case.reason.as_str()
        )?;
        Ok(())
    }

    /// What is left for longer than until now.
    pub async fn postponed(&mut self, now: Timestamp) -> Result<Vec<Postponed>, StoreError> {
        fetch!(all, self => Postponed, POSTPONED, now.as_microsecond())
    }

    /// Forgets who has a case open, and that it was left for later: it is decided.
    pub async fn take_up(&mut self, item: Id) -> Result<(), StoreError> {
        execute!(self, LOOKED_AT, item)?;
        execute!(self, TAKEN_UP, item)?;
        Ok(())
    }
}
