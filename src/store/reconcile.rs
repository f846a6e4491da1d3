//! What a folder's messages are held against: its sightings, and how far it was read.
//!
//! Promises that a message which turns out to be missing is written down as one to be fetched, only while its name means
//! what it meant when it was found missing.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Count, Disposition, Flag, Id, IfAny, Sql, StoreError, Time, Tx, number};

statements! {
    STATE = Sql::both("SELECT uidvalidity, next_uid, last_read FROM folder WHERE id = $1");
    SEEN = Sql::both(
        "SELECT s.name, s.disposition, s.size, s.modified, CAST(CASE WHEN m.short IS NULL THEN 0 ELSE 1 END AS BIGINT) AS short
         FROM sighting s LEFT JOIN message m ON m.id = s.message_id
         WHERE s.folder_id = $1 AND s.name > $2 ORDER BY s.name LIMIT $3");
    MISSING = Sql::both(
        "INSERT INTO sighting (folder_id, name, first_seen, attempts, disposition, reason)
         SELECT id, $2, CAST($3 AS BIGINT), 0, 'failed', $4 FROM folder WHERE id = $1 AND uidvalidity = $5
         ON CONFLICT (folder_id, name) DO UPDATE SET
             disposition = excluded.disposition, attempts = excluded.attempts, failures = 0, reason = excluded.reason
         WHERE sighting.disposition = 'gone'");
    LAST = Sql::both(
        "SELECT m.name AS mailbox, f.name AS folder, f.reconciled AS at, COALESCE(f.missing, 0) AS missing FROM mailbox m JOIN folder f ON f.mailbox_id = m.id
         WHERE f.reconciled IS NOT NULL");
    RECONCILED = Sql::both("UPDATE folder SET reconciled = $2, missing = $3 WHERE id = $1");
}

/// How far a folder was read, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderState {
    /// UIDs mean the same as long as this is the same; 0 for a Maildir, and where none was seen yet.
    pub validity: u32,
    /// Messages from here on were not looked at yet.
    pub next: u32,
    /// All that lay in the folder then was looked at.
    pub last_read: Option<Timestamp>,
}

/// What the log has seen under a name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SeenName {
    /// The name.
    pub name: String,
    /// What became of it.
    pub disposition: Disposition,
    /// How large the file was that was taken in, where that is known.
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub size: Option<u64>,
    /// When it had last been changed, in microseconds since 1970, where that is known.
    pub modified: Option<i64>,
    /// What is kept of it is not the whole message.
    #[sqlx(try_from = "Flag")]
    pub short: bool,
}

/// What was found when a folder was last held against the log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FolderReconciled {
    /// The mailbox.
    pub mailbox: String,
    /// The folder.
    pub folder: String,
    /// When.
    #[sqlx(try_from = "Time")]
    pub at: Timestamp,
    /// How many messages were missing in the log.
    #[sqlx(try_from = "Count<u64>")]
    pub missing: u64,
}

impl Tx {
    /// How far a folder was read, and when.
    pub async fn folder_state(&mut self, folder: Id) -> Result<FolderState, StoreError> {
        let (Count(validity), Count(next), last_read) =
            fetch!(one, self => (Count<u32>, Count<u32>, IfAny<Time>), STATE, folder)?;
        Ok(FolderState { validity, next, last_read: last_read.into() })
    }

    /// The sightings of a folder behind a name, in the order of their names.
    pub async fn seen_behind(&mut self, folder: Id, behind: &str, most: usize) -> Result<Vec<SeenName>, StoreError> {
        fetch!(all, self => SeenName, SEEN, folder, behind, number(most))
    }

    /// Writes a message down as one to be fetched. `false` if it has been seen meanwhile, or the folder numbered anew.
    pub async fn found_missing(
        &mut self,
        folder: Id,
        validity: u32,
        name: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let reason = "It lay in the folder, and the log did not know it.";
        Ok(execute!(self, MISSING, folder, name, at.as_microsecond(), reason, i64::from(validity))? == 1)
    }

    /// Records that a folder was compared with the log, and how many of its messages were missing.
    pub async fn folder_reconciled(&mut self, folder: Id, at: Timestamp, missing: usize) -> Result<(), StoreError> {
        execute!(self, RECONCILED, folder, at.as_microsecond(), number(missing))?;
        Ok(())
    }

    /// When each folder was last held against the log, and how many messages were missing then.
    pub async fn folders_reconciled(&mut self) -> Result<Vec<FolderReconciled>, StoreError> {
        fetch!(all, self => FolderReconciled, LAST)
    }
}
