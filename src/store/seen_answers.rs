//! What colleagues answered themselves: which messages an answer may be to, that it was seen, and how far the folders of what
//! they sent were read.
//!
//! Promises that an answer to a message is written down once, wherever and however often it is seen, but for one that turns
//! out to be a colleague's for certain; and that nothing of a folder of sent mail is kept but how far it was read.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Count, Flag, Id, Sql, StoreError, Time, Tx, intake_number};
use crate::core::{event::SeenIn, judging::answered::Seen};

statements! {
    BY_MESSAGE_ID = Sql::both(
        "SELECT id, number, from_address, reply_to, received FROM message WHERE rfc_message_id = $1 ORDER BY number");
    BY_NUMBER = Sql::both("SELECT id, number, from_address, reply_to, received FROM message WHERE number = $1");
    BY_REFERENCE = Sql::both(
        "SELECT DISTINCT m.id, m.number, m.from_address, m.reply_to, m.received
         FROM submission s JOIN place p ON p.submission_id = s.id AND p.until IS NULL
         JOIN item i ON i.id = p.item_id JOIN message m ON m.id = i.message_id
         WHERE s.reference = $1 ORDER BY m.number");
    // Who writes has a SQLite file for himself.
    LOCK = Sql {
        sqlite: "SELECT id FROM item WHERE message_id = $1 AND 1 = 0",
        postgres: "SELECT id FROM item WHERE message_id = $1 ORDER BY id FOR UPDATE",
    };
    SEE = Sql::both(
        "INSERT INTO seen_answer (message_id, answer, at, number, folder, vouched) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (message_id, answer) DO UPDATE SET
             at = excluded.at, number = excluded.number, folder = excluded.folder, vouched = excluded.vouched
         WHERE seen_answer.vouched < excluded.vouched
         RETURNING id");
    LAST = Sql::both(
        "SELECT at, number, folder, vouched FROM seen_answer WHERE message_id = $1
         ORDER BY vouched DESC, at DESC, id DESC LIMIT 1");
    ADD_FOLDER = Sql::both(
        "INSERT INTO sent_folder (mailbox_id, name) VALUES ($1, $2) ON CONFLICT (mailbox_id, name) DO NOTHING");
    FOLDER = Sql::both("SELECT id, uidvalidity, next_uid FROM sent_folder WHERE mailbox_id = $1 AND name = $2");
    READ_TO = Sql::both("UPDATE sent_folder SET uidvalidity = $2, next_uid = $3 WHERE id = $1");
    LOOKED_AT = Sql::both(
        "INSERT INTO sent_seen (sent_folder_id, name) VALUES ($1, $2) ON CONFLICT (sent_folder_id, name) DO NOTHING");
    NAMES = Sql::both("SELECT name FROM sent_seen WHERE sent_folder_id = $1");
    STILL_UNREAD = Sql::both("SELECT COUNT(*) FROM message WHERE state = 'stored' AND received <= $1");
}

/// A message that may be answered.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Answerable {
    /// The message.
    pub id: Id,
    /// Its intake number.
    pub number: i64,
    /// The address of its From.
    pub from_address: Option<String>,
    /// Where its sender wants answers.
    pub reply_to: Option<String>,
    /// When it was received.
    #[sqlx(try_from = "Time")]
    pub received: Timestamp,
}

/// How far a folder of sent mail was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentFolder {
    /// Its row.
    pub id: Id,
    /// UIDs mean the same as long as this is the same; 0 if none was seen yet.
    pub validity: u32,
    /// Mail from here on was not looked at yet.
    pub next: u32,
}

impl Tx {
    /// The messages with a Message-ID.
    pub async fn messages_with_id(&mut self, message_id: &str) -> Result<Vec<Answerable>, StoreError> {
        fetch!(all, self => Answerable, BY_MESSAGE_ID, message_id)
    }

    /// The message with an intake number.
    pub async fn message_with_number(&mut self, number: i64) -> Result<Option<Answerable>, StoreError> {
        fetch!(optional, self => Answerable, BY_NUMBER, number)
    }

    /// The messages that belong to a docket reference.
    pub async fn messages_of_reference(&mut self, reference: &str) -> Result<Vec<Answerable>, StoreError> {
        fetch!(all, self => Answerable, BY_REFERENCE, reference)
    }

    /// From here on nobody else changes what is asked about a message.
    pub async fn change_what_is_asked(&mut self, message: Id) -> Result<(), StoreError> {
        fetch!(all, self => (Id,), LOCK, message)?;
        Ok(())
    }

    /// Writes down that an answer to a message was seen. `false` if that is known, and no less certain.
    pub async fn see_answer(&mut self, message: Id, answer: &str, seen: &Seen) -> Result<bool, StoreError> {
        let (number, folder) = match &seen.seen_in {
            SeenIn::Message { number } => (number.trim_start_matches("M-").parse::<i64>().ok(), None),
            SeenIn::Folder { folder } => (None, Some(folder.as_str())),
        };
        let (at, vouched) = (seen.on.as_microsecond(), i64::from(seen.vouched));
        let row = fetch!(optional, self => (Id,), SEE, message, answer, at, number, folder, vouched)?;
        Ok(row.is_some())
    }

    /// The last answer to a message that is a colleague's for certain, else the last one.
    pub async fn last_answer(&mut self, message: Id) -> Result<Option<Seen>, StoreError> {
        let row = fetch!(optional, self => (Time, Option<i64>, Option<String>, Flag), LAST, message)?;
        Ok(row.map(|(Time(on), number, folder, Flag(vouched))| {
            let seen_in = match number {
                Some(number) => SeenIn::Message { number: intake_number(number) },
                None => SeenIn::Folder { folder: folder.unwrap_or_default() },
            };
            Seen { on, seen_in, vouched }
        }))
    }

    /// A folder of sent mail, and how far it was read.
    pub async fn sent_folder(&mut self, mailbox: Id, name: &str) -> Result<SentFolder, StoreError> {
        execute!(self, ADD_FOLDER, mailbox, name)?;
        let (id, Count(validity), Count(next)) =
            fetch!(one, self => (Id, Count<u32>, Count<u32>), FOLDER, mailbox, name)?;
        Ok(SentFolder { id, validity, next })
    }

    /// A folder on a server was read up to a UID.
    pub async fn sent_read_to(&mut self, folder: Id, validity: u32, next: u32) -> Result<(), StoreError> {
        execute!(self, READ_TO, folder, i64::from(validity), i64::from(next))?;
        Ok(())
    }

    /// A file of a Maildir was looked at.
    pub async fn sent_looked_at(&mut self, folder: Id, name: &str) -> Result<(), StoreError> {
        execute!(self, LOOKED_AT, folder, name)?;
        Ok(())
    }

    /// The files of a Maildir that were looked at.
    pub async fn sent_names(&mut self, folder: Id) -> Result<Vec<String>, StoreError> {
        Ok(fetch!(all, self => (String,), NAMES, folder)?.into_iter().map(|(name,)| name).collect())
    }

    /// How many messages that were received until then are still to be read.
    pub async fn unread_until(&mut self, until: Timestamp) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), STILL_UNREAD, until.as_microsecond())?.0)
    }
}
