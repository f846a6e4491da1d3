//! Whether anything happened since somebody looked, whoever wrote it down: this process, another, or another machine.
//!
//! Promises that whatever is committed changes the pulse, although of two that write at once the later may commit first.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use super::{Id, Sql, StoreError, Tx};

statements! {
    // A row that is committed after one with a greater id changes how many there are.
    PULSE = Sql::both(
        "SELECT COALESCE((SELECT MAX(id) FROM event), 0),
             (SELECT COUNT(*) FROM event WHERE id > (SELECT MAX(id) - 64 FROM event))");
    SINCE = Sql::both(
        "SELECT e.id, e.kind, m.number FROM event e LEFT JOIN letter l ON l.id = e.letter_id
             LEFT JOIN message m ON m.id = COALESCE(e.message_id, l.message_id)
         WHERE e.id > $1 ORDER BY e.id DESC LIMIT 20");
}

/// What the history of the house is at: its last event, and how many of the last ones there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// The last event.
    pub last: Id,
    /// How many there are among the last 64 numbers.
    pub count: i64,
}

impl Tx {
    /// What the history is at.
    pub async fn pulse(&mut self) -> Result<Pulse, StoreError> {
        let (last, count) = fetch!(one, self => (Id, i64), PULSE)?;
        Ok(Pulse { last, count })
    }

    /// The newest events behind one, newest first, at most twenty: each with its kind and the intake number of its message.
    pub async fn events_since(&mut self, event: Id) -> Result<Vec<(Id, String, Option<i64>)>, StoreError> {
        fetch!(all, self => (Id, String, Option<i64>), SINCE, event)
    }
}
