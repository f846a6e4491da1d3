//! What persons recorded that no mail brought.

use std::collections::BTreeMap;

use super::{Id, Legible, Read, Sql, StoreError, Tx};
use crate::core::{recorded::Way, submission::ItemId};

statements! {
    RECORDED = Sql::both(
        "SELECT DISTINCT i.id, m.way
         FROM message m JOIN item i ON i.message_id = m.id
         JOIN place p ON p.item_id = i.id
         JOIN submission s ON s.id = p.submission_id
         WHERE m.way IS NOT NULL AND s.call_id = $1");
}

impl Tx {
    /// The items of a call's submissions that were recorded, and by which way each came. What cannot be read is told where the
    /// rest of its row is.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn recorded(&mut self, call: Id) -> Result<BTreeMap<ItemId, Way>, StoreError> {
        let rows = fetch!(all, self => (Id, Legible<Way>), RECORDED, call)?;
        Ok(rows.into_iter().filter_map(|(item, way)| Some((ItemId(item), Read::from(way).ok()?))).collect())
    }
}
