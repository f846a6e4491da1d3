//! What waits for a person, and the states that it may be of.
//!
//! Promises that a row of which something cannot be read is in the list all the same, and says so.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Flag, Id, Legible, Read, Sql, StoreError, Tx, When, asked::asked, looking::question_key};
use crate::core::{iso3::Iso3, question::Questions};

/// The numbers of a list, which is JSON.
macro_rules! among {
    (sqlite, $list:literal) => {
        concat!("IN (SELECT value FROM json_each(", $list, "))")
    };
    (postgres, $list:literal) => {
        concat!(
            "IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(",
            $list,
            " AS JSON)) AS one (value))"
        )
    };
}

/// What waits, column by column, of all messages or of those with the numbers in `$2`.
macro_rules! waiting {
    ($db:ident) => {
        concat!(
            "SELECT m.number, i.n, (SELECT COUNT(*) FROM item x WHERE x.message_id = m.id), i.waiting, m.received,
                 m.subject, m.from_name, m.from_address, i.id, c.code,
                 CAST(CASE WHEN i.decision = 'review' AND (i.content_key IS NOT NULL OR m.state = 'parked')
                     THEN 1 ELSE 0 END AS BIGINT)
             FROM item i JOIN message m ON m.id = i.message_id LEFT JOIN call c ON c.id = i.call_id
             WHERE i.waiting IS NOT NULL AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL)
                 AND (CAST($2 AS TEXT) IS NULL OR m.number ",
            among!($db, "$2"),
            ")
             UNION ALL
             SELECT m.number, CAST(1 AS BIGINT), CAST(0 AS BIGINT), m.state_reason, m.received, m.subject,
                 m.from_name, m.from_address, CAST(0 AS BIGINT), CAST(NULL AS TEXT), CAST(1 AS BIGINT)
             FROM message m WHERE m.state = 'parked' AND m.state_reason IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM item i WHERE i.message_id = m.id)
                 AND (CAST($2 AS TEXT) IS NULL OR m.number ",
            among!($db, "$2"),
            ")
             ORDER BY 5, 1, 2"
        )
    };
}

statements! {
    WAITING = each!(waiting);
    PLACES = Sql::both(
        "SELECT i.id, m.number, i.n, m.received, c.code,
             CAST(CASE WHEN i.decision = 'review' AND (i.content_key IS NOT NULL OR m.state = 'parked')
                 THEN 1 ELSE 0 END AS BIGINT)
         FROM item i JOIN message m ON m.id = i.message_id LEFT JOIN call c ON c.id = i.call_id
         WHERE i.waiting IS NOT NULL AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL)
         UNION ALL
         SELECT CAST(0 AS BIGINT), m.number, CAST(1 AS BIGINT), m.received, CAST(NULL AS TEXT), CAST(1 AS BIGINT)
         FROM message m WHERE m.state = 'parked' AND m.state_reason IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM item i WHERE i.message_id = m.id)");
    HOW_MANY = Sql::both(
        "SELECT (SELECT COUNT(*) FROM item i LEFT JOIN call c ON c.id = i.call_id
             WHERE i.waiting IS NOT NULL AND (CAST($1 AS TEXT) IS NULL OR c.code = $1 OR c.code IS NULL))
             + (SELECT COUNT(*) FROM message m WHERE m.state = 'parked' AND m.state_reason IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM item i WHERE i.message_id = m.id))");
    CANDIDATES_OF_WAITING = Sql::both(
        "SELECT k.item_id, k.iso3, k.weight FROM item_candidate k JOIN item i ON i.id = k.item_id
         WHERE i.waiting IS NOT NULL ORDER BY k.item_id, k.weight DESC, k.iso3");
    CANDIDATES_OF = Sql::both("SELECT iso3, weight FROM item_candidate WHERE item_id = $1 ORDER BY weight DESC, iso3");
}

/// Something that waits for a person, as far as its place in the queue depends on it.
#[derive(Clone, Debug)]
pub struct WaitingPlace {
    /// The item; nothing but the message is written down where that is 0.
    pub item: Id,
    /// The intake number.
    pub number: i64,
    /// The item's number within the message.
    pub item_n: i64,
    /// Since when.
    pub since: Timestamp,
    /// The code of the call that it is for; none while that is open.
    pub call: Option<String>,
    /// It holds a text of which nobody has said whose it is.
    pub undecided: bool,
}

/// Something that waits for a person, as it is stored.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// The intake number.
    pub number: i64,
    /// The item's number where the message has several.
    pub item_n: Option<i64>,
    /// Nothing but the message is written down: there is no item that could be decided.
    pub alone: bool,
    /// The item.
    pub item: Id,
    waiting: String,
    broken: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// The subject of the message.
    pub subject: Option<String>,
    /// The sender's name and address.
    pub from: (Option<String>, Option<String>),
    /// The code of the call that it is for; none while that is open.
    pub call: Option<String>,
    /// The states it may be of.
    pub candidates: Vec<Iso3>,
    /// It holds a text of which nobody has said whose it is.
    pub undecided: bool,
    /// More than a mention speaks for one of its candidates.
    pub spoken_for: bool,
}

impl WaitingRow {
    /// Whether it holds an input that may be any state's, whatever it mentions.
    #[must_use]
    pub fn is_anybodys(&self) -> bool {
        self.undecided && !self.spoken_for
    }

    /// By what the question is recognised.
    #[must_use]
    pub fn question_key(&self) -> Vec<u8> {
        question_key(&self.waiting)
    }

    /// What a person is asked.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn waiting(&self) -> Result<Questions, StoreError> {
        let row = format!("item {}", self.item);
        match &self.broken {
            Some(why) => Err(StoreError::Row(format!("{row} cannot be read: {why}"))),
            None => asked(Some(&self.waiting), &row),
        }
    }
}

/// What waits, column by column.
type AskedRow = (i64, i64, i64, String, When, Option<String>, Option<String>, Option<String>, Id, Option<String>, Flag);

/// The states that items may be of, with the weight of what speaks for each, by item.
pub type Candidates = BTreeMap<Id, Vec<(Read<Iso3>, f64)>>;

impl Tx {
    /// What waits for a person, oldest first.
    pub async fn waiting(&mut self, call: Option<&str>) -> Result<Vec<WaitingRow>, StoreError> {
        let rows = fetch!(all, self => AskedRow, WAITING, call, None::<&str>)?;
        let all = if rows.is_empty() { BTreeMap::new() } else { self.candidates_of_waiting().await? };
        Ok(read(rows, all))
    }

    /// The same of messages with these numbers.
    pub async fn waiting_of(&mut self, call: Option<&str>, numbers: &[i64]) -> Result<Vec<WaitingRow>, StoreError> {
        let listed = serde_json::json!(numbers).to_string();
        let rows = fetch!(all, self => AskedRow, WAITING, call, Some(listed.as_str()))?;
        let mut all = BTreeMap::new();
        for (.., item, _, _) in &rows {
            let candidates = fetch!(all, self => (Legible<Iso3>, f64), CANDIDATES_OF, *item)?;
            all.insert(*item, candidates.into_iter().map(|(iso3, weight)| (iso3.into(), weight)).collect());
        }
        Ok(read(rows, all))
    }

    /// What waits for a person, as far as its place depends on it, in no order.
    pub async fn waiting_places(&mut self, call: Option<&str>) -> Result<Vec<WaitingPlace>, StoreError> {
        let rows = fetch!(all, self => (Id, i64, i64, When, Option<String>, Flag), PLACES, call)?;
        let place = |(item, number, item_n, since, call, Flag(undecided)): (_, _, _, When, _, _)| WaitingPlace {
            item,
            number,
            item_n,
            since: since.nearest(),
            call,
            undecided,
        };
        Ok(rows.into_iter().map(place).collect())
    }

    /// The states that each item which waits may be of, with the weight of what speaks for each, by item.
    pub async fn candidates_of_waiting(&mut self) -> Result<Candidates, StoreError> {
        let mut all = Candidates::new();
        for (item, iso3, weight) in fetch!(all, self => (Id, Legible<Iso3>, f64), CANDIDATES_OF_WAITING)? {
            all.entry(item).or_default().push((iso3.into(), weight));
        }
        Ok(all)
    }

    /// How many rows of that there are.
    pub async fn how_many_wait(&mut self, call: Option<&str>) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), HOW_MANY, call)?.0)
    }

    /// The states that an item may be of, the likeliest first; of a code that is none, what waits says so by itself.
    pub async fn candidates(&mut self, item: Id) -> Result<Vec<Iso3>, StoreError> {
        let rows = fetch!(all, self => (Legible<Iso3>, f64), CANDIDATES_OF, item)?;
        Ok(rows.into_iter().filter_map(|(iso3, _)| Read::from(iso3).ok()).collect())
    }
}

/// The rows with their candidates.
fn read(rows: Vec<AskedRow>, mut all: Candidates) -> Vec<WaitingRow> {
    let mut waiting = Vec::with_capacity(rows.len());
    for (number, n, items, waits, received, subject, name, address, item, call, Flag(undecided)) in rows {
        let (mut candidates, mut spoken_for, mut broken) = (Vec::new(), false, received.time().err());
        for (iso3, weight) in all.remove(&item).unwrap_or_default() {
            spoken_for |= weight > 0.0;
            match iso3 {
                Ok(iso3) => candidates.push(iso3),
                Err(why) => broken = Some(why),
            }
        }
        let (item_n, alone, since) = ((items > 1).then_some(n), items == 0, received.nearest());
        let row = WaitingRow {
            number,
            item_n,
            alone,
            item,
            waiting: waits,
            broken,
            since,
            subject,
            from: (name, address),
            call,
            candidates,
            undecided,
            spoken_for,
        };
        waiting.push(row);
    }
    waiting
}
