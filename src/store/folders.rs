//! Folders on servers: how far each was read, and the messages in it that could not be fetched.
//!
//! Promises that the place in a folder moves with the transaction that stored what lies before it, and that a message
//! which was passed over has a row that says so. Whoever comes late, because another process has gone on meanwhile, changes
//! nothing of it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{About, Count, Flag, Id, IfAny, Sql, StoreError, Time, Tx, number};
use crate::core::{actor::Actor, event::not_taken::NotTaken};

statements! {
    PLACE = Sql::both("SELECT uidvalidity, next_uid FROM folder WHERE id = $1");
    MOVE_ON = Sql::both("UPDATE folder SET next_uid = $3 WHERE id = $1 AND uidvalidity = $2 AND next_uid < $3");
    BEGIN_AGAIN = Sql::both("UPDATE folder SET uidvalidity = $3, next_uid = 1 WHERE id = $1 AND uidvalidity = $2");
    FORGET_FAILED = Sql::both(
        "UPDATE sighting SET disposition = 'gone', reason = $2 WHERE folder_id = $1 AND disposition = 'failed'");
    FAILED = Sql::both(
        "SELECT name, failures, first_seen, CAST(CASE WHEN reason = $2 THEN 1 ELSE 0 END AS BIGINT) AS cut_off FROM sighting
         WHERE folder_id = $1 AND disposition = 'failed' ORDER BY id");
    COUNT_ATTEMPT = Sql::both(
        "INSERT INTO sighting (folder_id, name, first_seen, attempts, disposition, reason, size)
         VALUES ($1, $2, $3, 1, 'failed', $4, $5)
         ON CONFLICT (folder_id, name) DO UPDATE SET attempts = sighting.attempts + 1, reason = excluded.reason,
             size = COALESCE(excluded.size, sighting.size)
         WHERE sighting.disposition = 'failed'
         RETURNING attempts, failures, size");
    GIVE_REASON = Sql::both(
        "UPDATE sighting SET reason = $3, attempts = attempts - CAST($4 AS BIGINT), failures = failures + 1 - CAST($4 AS BIGINT)
         WHERE folder_id = $1 AND name = $2 AND disposition = 'failed'");
    LOOKING = Sql::both("UPDATE folder SET looking = $2 WHERE id = $1");
    IS_LOOKING = Sql::both("SELECT looking FROM folder WHERE id = $1");
    NOT_IN_THE_LOG = Sql::both(
        "SELECT COUNT(*), MAX(reason) FROM sighting WHERE disposition = 'parked' AND message_id IS NULL");
    NOT_THERE = Sql::both(
        "UPDATE sighting SET disposition = 'gone'
         WHERE folder_id = $1 AND name = $2 AND disposition = 'parked' AND message_id IS NULL");
    PASS_OVER = Sql::both(
        "INSERT INTO sighting (folder_id, name, first_seen, attempts, disposition, reason)
         VALUES ($1, $2, $3, 1, $4, $5)
         ON CONFLICT (folder_id, name) DO UPDATE SET disposition = excluded.disposition, reason = excluded.reason
         WHERE sighting.disposition = 'failed'");
}

/// Why an attempt failed, until it is known.
const CUT_OFF: &str = "It was being taken in when the program ended.";

/// How far a folder was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderPlace {
    /// UIDs mean the same as long as this is the same; 0 if none was seen yet.
    pub validity: u32,
    /// Messages from here on were not looked at yet.
    pub next: u32,
}

/// An attempt to take a message in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// How often it was tried, that time included.
    pub attempts: i64,
    /// How often that failed; of the other attempts before the end of the program was the end.
    pub failures: i64,
    /// The size that was announced, now or before.
    pub announced: Option<usize>,
}

impl Tried {
    /// How often it was tried before and nothing was heard of it: the program ended.
    #[must_use]
    pub fn interruptions(&self) -> i64 {
        self.attempts - 1 - self.failures
    }
}

/// A message that could not be taken in and is to be tried again.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedSighting {
    /// What it is called.
    pub name: String,
    /// How often that failed.
    pub failures: i64,
    /// When it was tried first.
    #[sqlx(try_from = "Time")]
    pub first_seen: Timestamp,
    /// The program ended during the last attempt: that says nothing of the server.
    #[sqlx(try_from = "Flag")]
    pub cut_off: bool,
}

/// What became of a name in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Its message is in the log.
    Stored,
    /// It is no message.
    NotAMessage,
    /// It could not be taken in, and is tried again.
    Failed,
    /// It went before it could be taken in.
    Gone,
    /// It does not come, and is not tried any more.
    Parked,
}

words!(Disposition);

impl From<&NotTaken> for Disposition {
    fn from(why: &NotTaken) -> Self {
        match why {
            NotTaken::NotAMessage(_) => Self::NotAMessage,
            NotTaken::Failed { .. } => Self::Failed,
            NotTaken::Gone { .. } => Self::Gone,
            NotTaken::NotFetched { .. } | NotTaken::NotStored { .. } => Self::Parked,
        }
    }
}

impl Tx {
    /// How far a folder was read.
    pub async fn folder_place(&mut self, folder: Id) -> Result<FolderPlace, StoreError> {
        let (Count(validity), Count(next)) = fetch!(one, self => (Count<u32>, Count<u32>), PLACE, folder)?;
        Ok(FolderPlace { validity, next })
    }

    /// Moves the place in a folder on, never back.
    pub async fn folder_moves_on(&mut self, folder: Id, validity: u32, next: u32) -> Result<(), StoreError> {
        execute!(self, MOVE_ON, folder, i64::from(validity), i64::from(next))?;
        Ok(())
    }

    /// Begins a folder from its first message: its UIDs mean something new. `false` if another has done so meanwhile.
    pub async fn folder_begins_again(&mut self, folder: Id, old: u32, new: u32) -> Result<bool, StoreError> {
        if execute!(self, BEGIN_AGAIN, folder, i64::from(old), i64::from(new))? == 0 {
            return Ok(false);
        }
        let reason = "The server numbered the folder anew; it was looked through again from its beginning.";
        execute!(self, FORGET_FAILED, folder, reason)?;
        Ok(true)
    }

    /// The messages of a folder that could not be fetched and are to be tried again.
    pub async fn failed_sightings(&mut self, folder: Id) -> Result<Vec<FailedSighting>, StoreError> {
        fetch!(all, self => FailedSighting, FAILED, folder, CUT_OFF)
    }

    /// Counts an attempt before it is made, with the size that was announced if it is known; `None` if the message need not
    /// be taken in any more.
    pub async fn count_attempt(
        &mut self,
        folder: Id,
        name: &str,
        at: Timestamp,
        announced: Option<u64>,
    ) -> Result<Option<Tried>, StoreError> {
        let announced = announced.map(number);
        let row = fetch!(optional, self => (i64, i64, IfAny<Count<usize>>),
            COUNT_ATTEMPT, folder, name, at.as_microsecond(), CUT_OFF, announced)?;
        Ok(row.map(|(attempts, failures, announced)| Tried { attempts, failures, announced: announced.into() }))
    }

    /// Writes down why an attempt failed; one that says nothing about the message does not count.
    pub async fn attempt_failed(
        &mut self,
        folder: Id,
        name: &str,
        counts: bool,
        reason: &str,
    ) -> Result<(), StoreError> {
        execute!(self, GIVE_REASON, folder, name, reason, i64::from(!counts))?;
        Ok(())
    }

    /// Says that a process looks into the folder from now on.
    pub async fn looks_begin(&mut self, folder: Id) -> Result<(), StoreError> {
        execute!(self, LOOKING, folder, 1_i64)?;
        Ok(())
    }

    /// Says that the process looks into the folder no more, and that no message was its end.
    pub async fn looks_end(&mut self, folder: Id) -> Result<(), StoreError> {
        execute!(self, LOOKING, folder, 0_i64)?;
        Ok(())
    }

    /// Whether a process that looked into the folder did not end in order: what ended it may be a message in it.
    pub async fn looks_were_cut_off(&mut self, folder: Id) -> Result<bool, StoreError> {
        Ok(fetch!(one, self => (i64,), IS_LOOKING, folder)?.0 != 0)
    }

    /// How many messages lie in mailboxes that were given up, and of which nothing is in the log; and why one of them.
    pub async fn not_in_the_log(&mut self) -> Result<(i64, Option<String>), StoreError> {
        fetch!(one, self => (i64, Option<String>), NOT_IN_THE_LOG)
    }

    /// A message that was given up, and of which nothing is in the log, is not there any more.
    pub async fn given_up_is_gone(&mut self, folder: Id, name: &str) -> Result<(), StoreError> {
        execute!(self, NOT_THERE, folder, name)?;
        Ok(())
    }

    /// Passes a message over for good, and says why. `false` if another has found an end for it meanwhile.
    pub async fn pass_over(
        &mut self,
        folder: Id,
        name: &str,
        at: Timestamp,
        why: &NotTaken,
    ) -> Result<bool, StoreError> {
        let reason = why.phrase().plain();
        if execute!(self, PASS_OVER, folder, name, at.as_microsecond(), Disposition::from(why), reason.as_str())? == 0 {
            return Ok(false);
        }
        self.record(at, About::default(), &Actor::Program, &why.event())?;
        match why {
            NotTaken::Gone { .. } => self.say(format!("not received: {reason}")),
            _ => self.warn(format!("not received: {reason}")),
        }
        Ok(true)
    }
}
