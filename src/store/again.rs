//! Messages that are read again: looked at once more, or put back among those that are to be read.
//!
//! Promises that only a message which could not be read is put back, and that its items stay on record as they were.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Claimed, Id, Sql, StoreError, Tx, messages::claimed_columns};

statements! {
    LOOK_AT = Sql::both(concat!(
        "SELECT ", claimed_columns!("CAST(1 AS BIGINT)", "CAST(0 AS BIGINT)", "CAST(NULL AS TEXT)"), "
         FROM message WHERE number = $1"));
    PUT_BACK = Sql::both(
        "UPDATE message SET state = 'stored', state_reason = NULL, answer_reason = NULL, attempts = 0,
             failures = 0, lease_until = 0, epoch = epoch + 1, revision = revision + 1
         WHERE id = $1 AND state = 'parked'");
    UNREAD = Sql::both("UPDATE message SET read_at = NULL WHERE id = $1");
    FORGET_CANDIDATES = Sql::both(
        "DELETE FROM item_candidate WHERE item_id IN (SELECT id FROM item WHERE message_id = $1)");
}

impl Tx {
    /// A message as one who claims it for the first time sees it; nothing is claimed.
    pub async fn look_at(&mut self, number: i64) -> Result<Option<Claimed>, StoreError> {
        fetch!(optional, self => Claimed, LOOK_AT, number)
    }

    /// Puts a message that could not be read back among those that are to be read, as if it had never been tried. `false`
    /// if it is not one of those.
    pub async fn put_back(&mut self, message: Id, at: Timestamp) -> Result<bool, StoreError> {
        if execute!(self, PUT_BACK, message)? == 0 {
            return Ok(false);
        }
        for item in self.items(message).await? {
            self.keep_past(item.id, None, at).await?;
            self.set_item(item.id, item.call_id, item.kind, None).await?;
        }
        execute!(self, UNREAD, message)?;
        self.forget_candidates(message).await?;
        Ok(true)
    }

    /// Forgets whose the items of a message may be: that is found anew.
    pub(super) async fn forget_candidates(&mut self, message: Id) -> Result<(), StoreError> {
        execute!(self, FORGET_CANDIDATES, message)?;
        Ok(())
    }
}
