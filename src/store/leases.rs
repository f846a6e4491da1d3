//! Who may do alone what must be done once: a lease with an owner, an end by the database's clock, and an epoch.
//!
//! The epoch grows with every change of owner, so that a slow former owner can be told from the present one. Also the
//! small things that belong to the instance: its secrets and its counters.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::time::Duration;

use jiff::Timestamp;

use super::{Sql, StoreError, Time, Tx};

/// Takes a lease that is free, or whose owner asks.
macro_rules! take {
    ($db:ident) => {
        concat!(
            "INSERT INTO lease (name, owner, lease_until, epoch)
             VALUES ($1, $2, ",
            now!($db),
            " + $3, 1)
             ON CONFLICT (name) DO UPDATE SET
                 epoch = lease.epoch + CASE WHEN lease.owner = excluded.owner THEN 0 ELSE 1 END,
                 owner = excluded.owner, lease_until = excluded.lease_until
             WHERE lease.owner = excluded.owner OR lease.lease_until < ",
            now!($db),
            "
             RETURNING epoch"
        )
    };
}

/// Who holds a lease now.
macro_rules! held {
    ($db:ident) => {
        concat!("SELECT owner FROM lease WHERE name = $1 AND lease_until >= ", now!($db))
    };
}

/// What the clock shows.
macro_rules! clock {
    ($db:ident) => {
        concat!("SELECT ", now!($db))
    };
}

statements! {
    TAKE = each!(take);
    RELEASE = Sql::both("UPDATE lease SET lease_until = 0 WHERE name = $1 AND owner = $2");
    FREE = Sql::both("UPDATE lease SET lease_until = 0 WHERE name = $1 AND owner <> $2");
    HELD = each!(held);
    CLOCK = each!(clock);
    TAKE_NUMBER = Sql::both(
        "INSERT INTO counter (scope, next) VALUES ($1, 2)
         ON CONFLICT (scope) DO UPDATE SET next = counter.next + 1
         RETURNING next - 1");
    SECRET = Sql::both("SELECT secret FROM instance_secret WHERE name = $1");
    KEEP_SECRET = Sql::both("INSERT INTO instance_secret (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
}

impl Tx {
    /// Takes or renews a lease for `for_how_long` from now, and yields its epoch; `None` while another holds it.
    pub async fn take_lease(
        &mut self,
        name: &str,
        owner: &str,
        for_how_long: Duration,
    ) -> Result<Option<i64>, StoreError> {
        let row = fetch!(optional, self => (i64,), TAKE, name, owner, micros(for_how_long))?;
        Ok(row.map(|(epoch,)| epoch))
    }

    /// Gives a lease back, so that the next need not wait for its end.
    pub async fn release_lease(&mut self, name: &str, owner: &str) -> Result<(), StoreError> {
        execute!(self, RELEASE, name, owner)?;
        Ok(())
    }

    /// Whether anybody holds a lease.
    pub async fn lease_is_held(&mut self, name: &str) -> Result<bool, StoreError> {
        Ok(fetch!(optional, self => (String,), HELD, name)?.is_some())
    }

    /// What the clock of the database shows.
    pub async fn clock(&mut self) -> Result<Timestamp, StoreError> {
        Ok(fetch!(one, self => (Time,), CLOCK)?.0.into())
    }

    /// Ends the lease of any other owner: only for one who knows that it is gone.
    pub async fn free_lease(&mut self, name: &str, owner: &str) -> Result<(), StoreError> {
        execute!(self, FREE, name, owner)?;
        Ok(())
    }

    /// The next number of a scope, from 1 without gaps: it is given back when the transaction does not commit.
    pub async fn take_number(&mut self, scope: &str) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), TAKE_NUMBER, scope)?.0)
    }

    /// The instance's secret of that name: 32 random bytes, made when it is first asked for.
    ///
    /// # Errors
    /// The database did not answer, or the system gave no randomness.
    pub async fn instance_secret(&mut self, name: &str) -> Result<Vec<u8>, StoreError> {
        let mut fresh = [0_u8; 32];
        getrandom::fill(&mut fresh).map_err(|error| StoreError::Row(format!("no randomness for a secret: {error}")))?;
        execute!(self, KEEP_SECRET, name, fresh.to_vec())?;
        Ok(fetch!(one, self => (Vec<u8>,), SECRET, name)?.0)
    }
}

/// A duration in microseconds, at most what a row can hold.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
