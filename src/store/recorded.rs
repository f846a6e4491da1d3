//! What persons recorded that no mail brought.

use super::{Legible, Read, Sql, StoreError, Tx};
use crate::core::{iso3::Iso3, recorded::Way};

statements! {
    RECORDED = Sql::both(
        "SELECT t.iso3, m.way
         FROM message m JOIN item i ON i.message_id = m.id
         JOIN place p ON p.item_id = i.id AND p.until IS NULL
         JOIN submission s ON s.id = p.submission_id
         JOIN submission_state t ON t.submission_id = s.id
         JOIN call c ON c.id = s.call_id
         WHERE m.way IS NOT NULL AND c.code = $1 ORDER BY t.iso3, m.received, m.number");
}

impl Tx {
    /// The states for which something stands that was recorded, and by which way it came; the latest last. What cannot be
    /// read is told where the rest of its rows is.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn recorded(&mut self, call: &str) -> Result<Vec<(Iso3, Way)>, StoreError> {
        let rows = fetch!(all, self => (Legible<Iso3>, Legible<Way>), RECORDED, call)?;
        let row = |(iso3, way): (Legible<Iso3>, Legible<Way>)| {
            let (iso3, way): (Read<Iso3>, Read<Way>) = (iso3.into(), way.into());
            iso3.ok().zip(way.ok())
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }
}
