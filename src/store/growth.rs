//! Messages whose file has changed since it was taken in: how large it was then, and what a message was before it grew.
//!
//! Promises that a message which grows keeps its number, that what it was before stays on record with its hash, and that
//! whoever is reading what it was has lost the claim. What was concluded from it stands until it is read anew.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Count, Id, IfAny, Original, Sql, StoreError, Tx, asked::kept, number};
use crate::core::question::Questions;

statements! {
    TAKEN = Sql::both(
        "SELECT s.name, COALESCE(s.size, m.size) AS size, s.modified
         FROM sighting s LEFT JOIN message m ON m.id = s.message_id
         WHERE s.folder_id = $1 AND s.disposition <> 'failed'");
    TAKEN_AS = Sql::both("UPDATE sighting SET size = $3, modified = $4 WHERE folder_id = $1 AND name = $2");
    SEEN_AS = Sql::both(
        "SELECT m.id, m.number, m.identity, m.sha256, m.size
         FROM sighting s JOIN message m ON m.id = s.message_id WHERE s.folder_id = $1 AND s.name = $2");
    KEEP_EARLIER = Sql::both(
        "INSERT INTO earlier_original (message_id, sha256, identity, until)
         SELECT id, sha256, identity, CAST($3 AS BIGINT) FROM message WHERE id = $1 AND sha256 = $2");
    GROW = Sql::both(
        "UPDATE message SET sha256 = $3, size = $4, identity = $5, identity_version = $6, held = COALESCE($7, held),
             state = 'stored', state_reason = NULL, attempts = 0, lease_until = 0, epoch = epoch + 1,
             unrelated_confirmed = NULL
         WHERE id = $1 AND sha256 = $2");
    ITEMS_WAIT = Sql::both("UPDATE item SET waiting = $2 WHERE message_id = $1");
    HOLD_UNREAD = Sql::both("UPDATE message SET held = $2 WHERE id = $1 AND state = 'stored'");
    FORGET_FILES = Sql::both("DELETE FROM file WHERE message_id = $1");
}

/// A file as it was taken in under its name.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TakenFile {
    /// The name.
    pub name: String,
    /// How large it was, where that is known: of what is no message it is not.
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub size: Option<u64>,
    /// When it had last been changed, in microseconds since 1970, where that is known.
    pub modified: Option<i64>,
}

/// The message that a name in a folder stands for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SeenMessage {
    /// What its items and letters refer to.
    pub id: Id,
    /// The intake number.
    pub number: i64,
    /// What tells it from any other.
    pub identity: String,
    /// SHA-256 of its original.
    pub sha256: String,
    /// Bytes of its original.
    pub size: i64,
}

/// What a message is once it has grown.
#[derive(Clone, Debug)]
pub struct Grown<'a> {
    /// Its bytes.
    pub original: &'a Original<'a>,
    /// What tells it from any other.
    pub identity: &'a str,
    /// The version of the rule that made the identity.
    pub identity_version: i64,
    /// What a person is asked about it from now on, whatever it is.
    pub held: Option<&'a Questions>,
    /// What is asked about all that was found in it before, until it is found again.
    pub waiting: &'a Questions,
    /// When that was seen.
    pub at: Timestamp,
}

impl Tx {
    /// The files of a folder that need not be looked at again while they are as they were taken in.
    pub async fn taken_files(&mut self, folder: Id) -> Result<Vec<TakenFile>, StoreError> {
        fetch!(all, self => TakenFile, TAKEN, folder)
    }

    /// Records how large a file was when it was taken in, and when it had last been changed.
    pub async fn file_taken(
        &mut self,
        folder: Id,
        name: &str,
        size: u64,
        modified: Option<i64>,
    ) -> Result<(), StoreError> {
        execute!(self, TAKEN_AS, folder, name, number(size), modified)?;
        Ok(())
    }

    /// The message that a name in a folder stands for.
    pub async fn message_seen_as(&mut self, folder: Id, name: &str) -> Result<Option<SeenMessage>, StoreError> {
        fetch!(optional, self => SeenMessage, SEEN_AS, folder, name)
    }

    /// Keeps a message as it is by now, under its number, and has it read anew. `false` if it is another by now.
    ///
    /// # Errors
    /// The database did not answer, or the original could not be packed.
    pub async fn grow(&mut self, before: &SeenMessage, grown: &Grown<'_>) -> Result<bool, StoreError> {
        if execute!(self, KEEP_EARLIER, before.id, &before.sha256, grown.at.as_microsecond())? == 0 {
            return Ok(false);
        }
        for item in self.items(before.id).await? {
            self.keep_past(item.id, None, grown.at).await?;
        }
        self.store_original(grown.original).await?;
        execute!(
            self,
            GROW,
            before.id,
            &before.sha256,
            &grown.original.sha256,
            number(grown.original.raw.len()),
            grown.identity,
            grown.identity_version,
            kept(grown.held)?,
        )?;
        execute!(self, ITEMS_WAIT, before.id, kept(Some(grown.held.unwrap_or(grown.waiting)))?)?;
        self.forget_candidates(before.id).await?;
        execute!(self, FORGET_FILES, before.id)?;
        self.note_words(before.id).await?;
        Ok(true)
    }

    /// Asks a person about all that a message holds, read or not.
    pub async fn ask_about(&mut self, message: Id, question: &Questions, at: Timestamp) -> Result<(), StoreError> {
        let question = kept(Some(question))?;
        for item in self.items(message).await? {
            self.keep_past(item.id, None, at).await?;
        }
        execute!(self, ITEMS_WAIT, message, question.as_deref())?;
        execute!(self, HOLD_UNREAD, message, question.as_deref())?;
        Ok(())
    }
}
