//! The time of a demo, which stands in its log: by it a log is known to be a demo's, and whoever opens it takes it for now.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Sql, StoreError, Time, Tx};

statements! {
    TIME = Sql::both("SELECT at FROM demo WHERE id = 1");
    KEEP = Sql::both("INSERT INTO demo (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at");
}

impl Tx {
    /// The time at which the clock of a demo stands; none in any other log.
    pub async fn demo_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let row = fetch!(optional, self => (Time,), TIME)?;
        Ok(row.map(|(Time(at),)| at))
    }

    /// Makes the log that of a demo, whose clock stands at a time from now on.
    pub async fn keep_demo_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, KEEP, at.as_microsecond())?;
        Ok(())
    }
}
