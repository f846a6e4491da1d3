//! The owners of claims: when each was last heard of, and what becomes of its claims when it is not heard of any more.
//!
//! Promises that a claim on a letter which may be leaving outlasts any silence in which its owner could still hand it over:
//! it is free when the owner is known to be gone, or after a quarter of an hour. All other claims are free after seconds,
//! for their epochs guard what comes of them. An owner that never was heard of, because its program is an older one, keeps
//! its claims until they end by themselves.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::time::Duration;

use super::{Sql, StoreError, Tx, leases::micros};

/// The silence after which what an owner has claimed is free.
const SILENT: Duration = Duration::from_secs(15);
/// The same for a letter that is being handed over, longer than the reply to its final dot is waited for.
const SILENT_WHILE_SENDING: Duration = Duration::from_mins(15);
/// The silence after which an owner without claims is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(24);

/// A statement in which the database says what its clock shows.
macro_rules! by_its_clock {
    ($($text:expr),* ; $last:expr) => {
        Sql {
            sqlite: concat!($($text, now!(sqlite),)* $last),
            postgres: concat!($($text, now!(postgres),)* $last),
        }
    };
}

/// Frees the claims of the owners other than $1 that have been silent for $2.
macro_rules! free_of_the_silent {
    ($claims:literal) => {
        by_its_clock!(
            concat!("UPDATE ", $claims, " AND lease_until > 0 AND lease_owner <> $1
                 AND lease_owner IN (SELECT name FROM owner WHERE heard < "); " - $2)")
    };
}

/// Counts the end of an owner to the one letter that it had in hand, with no other letter and no message beside it.
macro_rules! ended_over_it_alone {
    () => {
        " AND lease_until > 0
             AND NOT EXISTS (SELECT 1 FROM letter o
                 WHERE o.lease_owner = letter.lease_owner AND o.lease_until > 0 AND o.id <> letter.id
                     AND o.state IN ('waiting', 'released', 'sending'))
             AND NOT EXISTS (SELECT 1 FROM message m
                 WHERE m.lease_owner = letter.lease_owner AND m.lease_until > 0 AND m.state = 'stored')"
    };
}

statements! {
    SAY = by_its_clock!(
        "INSERT INTO owner (name, place, heard) VALUES ($1, $2, ";
        ") ON CONFLICT (name) DO UPDATE SET heard = excluded.heard");
    OTHERS = Sql::both("SELECT name, place FROM owner WHERE name <> $1 ORDER BY name");
    CLAIMING = Sql::both(
        "SELECT lease_owner FROM message WHERE state = 'stored' AND lease_until > 0 AND lease_owner <> $1
         UNION
         SELECT lease_owner FROM letter
         WHERE state IN ('waiting', 'released', 'sending') AND lease_until > 0 AND lease_owner <> $1");
    GIVE_MESSAGES_BACK = Sql::both(
        "UPDATE message SET lease_until = 0, attempts = attempts - 1
         WHERE lease_owner = $1 AND lease_until > 0 AND state = 'stored'");
    FREE_MESSAGES = Sql::both(
        "UPDATE message SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0 AND state = 'stored'");
    GIVE_LETTERS_BACK = Sql::both(
        "UPDATE letter SET lease_until = 0, begun = CASE WHEN begun > 0 THEN begun - 1 ELSE 0 END
         WHERE lease_owner = $1 AND lease_until > 0 AND state IN ('waiting', 'released', 'sending')");
    COUNT_ENDS = Sql::both(concat!(
        "UPDATE letter SET own_ends = own_ends + 1
         WHERE lease_owner = $1 AND state IN ('waiting', 'released', 'sending')", ended_over_it_alone!()));
    FREE_LETTERS = Sql::both(
        "UPDATE letter SET lease_until = 0
         WHERE lease_owner = $1 AND lease_until > 0 AND state IN ('waiting', 'released', 'sending')");
    FREE_LEASES = Sql::both("UPDATE lease SET lease_until = 0 WHERE owner = $1");
    FORGET = Sql::both("DELETE FROM owner WHERE name = $1");
    COUNT_SILENT_ENDS = by_its_clock!(
        "UPDATE letter SET own_ends = own_ends + 1
         WHERE state IN ('waiting', 'released') AND lease_owner <> $1
             AND lease_owner IN (SELECT name FROM owner WHERE heard < ";
        concat!(" - $2)", ended_over_it_alone!()));
    FREE_SILENT_MESSAGES = free_of_the_silent!("message SET lease_until = 0 WHERE state = 'stored'");
    FREE_SILENT_LETTERS = free_of_the_silent!("letter SET lease_until = 0 WHERE state IN ('waiting', 'released')");
    FREE_SILENT_SENDING = free_of_the_silent!("letter SET lease_until = 0 WHERE state = 'sending'");
    FORGET_SILENT = by_its_clock!(
        "DELETE FROM owner WHERE heard < ";
        " - $1
             AND NOT EXISTS (SELECT 1 FROM message m
                 WHERE m.lease_owner = owner.name AND m.lease_until > 0 AND m.state = 'stored')
             AND NOT EXISTS (SELECT 1 FROM letter l
                 WHERE l.lease_owner = owner.name AND l.lease_until > 0
                     AND l.state IN ('waiting', 'released', 'sending'))");
    OLDEST = by_its_clock!(
        "SELECT ";
        " - MIN(claim.since) FROM (
             SELECT lease_since AS since FROM message WHERE state = 'stored' AND lease_until > 0 AND lease_since > 0
             UNION ALL
             SELECT lease_since FROM letter
             WHERE state IN ('waiting', 'released', 'sending') AND lease_until > 0 AND lease_since > 0) claim");
}

impl Tx {
    /// Says that an owner works, and where it can be seen to live.
    pub async fn say_present(&mut self, owner: &str, place: &str) -> Result<(), StoreError> {
        execute!(self, SAY, owner, place)?;
        Ok(())
    }

    /// All other owners, each with where it can be seen to live.
    pub async fn other_owners(&mut self, owner: &str) -> Result<Vec<(String, String)>, StoreError> {
        fetch!(all, self => (String, String), OTHERS, owner)
    }

    /// All other owners that have claims, also those that were never heard of.
    pub async fn others_with_claims(&mut self, owner: &str) -> Result<Vec<String>, StoreError> {
        Ok(fetch!(all, self => (String,), CLAIMING, owner)?.into_iter().map(|(name,)| name).collect())
    }

    /// Ends the claims and the leases of an owner, and forgets it: only for one that is known to be gone. What it had in hand
    /// is what it may have ended over. Yields whether there were any claims.
    pub async fn owner_is_gone(&mut self, owner: &str) -> Result<bool, StoreError> {
        execute!(self, COUNT_ENDS, owner)?;
        let claims = execute!(self, FREE_MESSAGES, owner)? + execute!(self, FREE_LETTERS, owner)?;
        execute!(self, FREE_LEASES, owner)?;
        execute!(self, FORGET, owner)?;
        Ok(claims > 0)
    }

    /// Gives back all claims of an owner that stops; what it had begun does not count as an attempt.
    pub async fn give_all_back(&mut self, owner: &str) -> Result<(), StoreError> {
        execute!(self, GIVE_MESSAGES_BACK, owner)?;
        execute!(self, GIVE_LETTERS_BACK, owner)?;
        execute!(self, FORGET, owner)?;
        Ok(())
    }

    /// Ends the claims of the other owners that have not been heard of for too long, and forgets those that are long gone.
    /// Yields whether there were any claims.
    pub async fn free_the_silent(&mut self, owner: &str) -> Result<bool, StoreError> {
        execute!(self, COUNT_SILENT_ENDS, owner, micros(SILENT))?;
        let mut claims = execute!(self, FREE_SILENT_MESSAGES, owner, micros(SILENT))?;
        claims += execute!(self, FREE_SILENT_LETTERS, owner, micros(SILENT))?;
        claims += execute!(self, FREE_SILENT_SENDING, owner, micros(SILENT_WHILE_SENDING))?;
        execute!(self, FORGET_SILENT, micros(FORGOTTEN))?;
        Ok(claims > 0)
    }

    /// How old the oldest claim is by the clock of the database; none if nothing is claimed.
    pub async fn oldest_claim(&mut self) -> Result<Option<Duration>, StoreError> {
        let (age,) = fetch!(one, self => (Option<i64>,), OLDEST)?;
        Ok(age.map(|age| Duration::from_micros(u64::try_from(age).unwrap_or(0))))
    }
}
