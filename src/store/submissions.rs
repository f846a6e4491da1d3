//! Where an item stands filed, in a line: its reference, its version, its standing; and for which states an address has filed.
//!
//! Promises to say what stands now, as the facts in `places` come to.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::civil::{self, Date};

use super::{Codes, Count, Day, Hour, Id, IfAny, Sql, StoreError, Tx};
use crate::core::{calls::standing::Standing, iso3::Iso3, judging::matching::Earlier};

statements! {
    OF_ITEM = Sql::both(
        "SELECT p.id, s.reference, v.n, v.standing, d.day, d.time, p.repeats, COALESCE(
             (SELECT string_agg(t.iso3, ' ' ORDER BY t.iso3) FROM submission_state t WHERE t.submission_id = s.id), '')
             AS states
         FROM place p
         JOIN place v ON v.item_id = COALESCE(p.repeats, p.item_id) AND v.until IS NULL
         JOIN submission s ON s.id = p.submission_id
         JOIN deadline_version d ON d.call_id = s.call_id AND d.n = v.deadline_n
         WHERE p.item_id = $1 AND p.until IS NULL");
    EARLIER = Sql::both(
        "SELECT s.iso3, COUNT(DISTINCT p.item_id)
         FROM item i JOIN place p ON p.item_id = i.id AND p.until IS NULL AND p.kind = 'version' AND p.repeats IS NULL
         JOIN submission_state s ON s.submission_id = p.submission_id
         WHERE i.from_address = $1 AND i.message_id <> $2 GROUP BY s.iso3 ORDER BY s.iso3");
}

/// Where an item stands filed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Registration {
    /// The row of its place.
    pub id: Id,
    /// The docket reference.
    pub reference: String,
    /// The states.
    #[sqlx(try_from = "Codes")]
    pub states: Vec<Iso3>,
    /// The number of the version that it is, or repeats; none of what stands beside versions.
    #[sqlx(rename = "n", try_from = "IfAny<Count<u32>>")]
    pub version: Option<u32>,
    /// The standing of that.
    pub standing: Standing,
    /// The last day it was judged by.
    #[sqlx(rename = "day", try_from = "Day")]
    pub last_day: Date,
    /// The hour of it that ended the time; none where the whole day counted.
    #[sqlx(rename = "time", try_from = "IfAny<Hour>")]
    pub last_hour: Option<civil::Time>,
    /// The item that it repeats.
    pub repeats: Option<Id>,
}

impl Registration {
    /// Its version, in words behind a reference; nothing of what is none.
    #[must_use]
    pub fn version_in_words(&self) -> String {
        self.version.map(|n| format!(", version {n}")).unwrap_or_default()
    }
}

impl Tx {
    /// For which states an address has filed what stands now, leaving out a message. What was withdrawn, by whatever
    /// decision, is not among it.
    pub async fn earlier_inputs(&mut self, address: &str, but: Id) -> Result<Vec<Earlier>, StoreError> {
        let address = address.to_lowercase();
        let rows = fetch!(all, self => (Iso3, Count<_>), EARLIER, &address, but)?;
        Ok(rows.into_iter().map(|(iso3, Count(inputs))| Earlier { address: address.clone(), iso3, inputs }).collect())
    }

    /// Where an item stands filed, if it does.
    pub async fn registration(&mut self, item: Id) -> Result<Option<Registration>, StoreError> {
        fetch!(optional, self => Registration, OF_ITEM, item)
    }
}
