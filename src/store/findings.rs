//! What reading a message gave: its headers and text, its files and its items.
//!
//! What these rest on stands beside them, in findings, and what a person decided in decisions. This is long because each
//! column that reading fills is named in its statements.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{
    Claimed, Count, Id, IfAny, Sql, StoreError, Tx,
    asked::{asked, kept},
    number,
};
use crate::core::{
    file::{File, Role},
    judging::matching::{Decision, Kind, Match},
    mail::message::Message,
    question::Questions,
};

/// The columns of an item.
macro_rules! item_columns {
    () => {
        "SELECT i.id, i.n, i.message_id, i.call_id, i.decision, i.kind, i.words, i.content_key, i.waiting, i.from_address
         FROM item i "
    };
}

statements! {
    SET_READ = Sql::both(
        "UPDATE message SET state = 'read', state_reason = NULL, lease_until = 0, read_at = COALESCE(read_at, $3), relevance = $4,
             rfc_message_id = $5, from_name = $6, from_address = $7, reply_to = $8, subject = $9, sent_date = $10,
             language = $11, body = $12, thread = $13
         WHERE id = $1 AND epoch = $2 AND state = 'stored'");
    SET_PARKED = Sql::both(
        "UPDATE message SET state = 'parked', lease_until = 0, read_at = COALESCE(read_at, $3), state_reason = $4, relevance = NULL,
             rfc_message_id = $5, from_name = $6, from_address = $7, subject = $8, sent_date = $9, answer_reason = $4
         WHERE id = $1 AND epoch = $2 AND state = 'stored'");
    ADD_ITEM = Sql::both(
        "INSERT INTO item (message_id, n, call_id, subject, from_address, decision, kind, score, words, content_key,
             waiting)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (message_id, n) DO UPDATE SET
             subject = excluded.subject, from_address = excluded.from_address, decision = excluded.decision,
             score = excluded.score, words = excluded.words, content_key = excluded.content_key,
             waiting = excluded.waiting,
             call_id = CASE WHEN NOT EXISTS (
                 SELECT 1 FROM place p WHERE p.item_id = item.id AND p.until IS NULL)
                 THEN excluded.call_id ELSE item.call_id END,
             kind = CASE WHEN NOT EXISTS (
                 SELECT 1 FROM place p WHERE p.item_id = item.id AND p.until IS NULL)
                 THEN excluded.kind ELSE item.kind END
         RETURNING id");
    ADD_CANDIDATE = Sql::both(
        "INSERT INTO item_candidate (item_id, iso3, weight) VALUES ($1, $2, $3) ON CONFLICT (item_id, iso3) DO NOTHING");
    ADD_FILE = Sql::both(
        "INSERT INTO file (message_id, item_id, n, path, name, media_type, size, sha256, format, role, outcome, engine,
             pages, pages_without_text, pages_failed, words, words_notes, words_running_heads, language, text, detail,
             tried)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)");
    ITEM = Sql::both(concat!(item_columns!(), "JOIN message m ON m.id = i.message_id WHERE m.number = $1 AND i.n = $2"));
    ITEM_ROW = Sql::both(concat!(item_columns!(), "WHERE i.id = $1"));
    ITEMS = Sql::both(concat!(item_columns!(), "WHERE i.message_id = $1 ORDER BY i.n"));
    SET_ITEM = Sql::both("UPDATE item SET call_id = $2, kind = $3, waiting = $4 WHERE id = $1");
    SETTLE_EARLIER = Sql::both(
        "UPDATE item SET waiting = NULL WHERE id IN (
             SELECT i.id FROM item i JOIN message m ON m.id = i.message_id
             JOIN letter l ON l.message_id = m.id AND l.kind = 'query' AND l.state NOT IN ('failed', 'discarded')
             WHERE m.from_address = $1 AND m.id <> $2)");
    CONFIRM_UNRELATED = Sql::both(
        "UPDATE message SET unrelated_confirmed = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN NULL
             ELSE COALESCE(unrelated_confirmed, CAST($2 AS BIGINT)) END
         WHERE id = $1");
    BUMP = Sql::both("UPDATE message SET revision = revision + 1 WHERE id = $1 RETURNING revision");
    SET_ANSWER = Sql::both("UPDATE message SET answer_reason = $2 WHERE id = $1");
}

/// The engine name under which findings of this build are stored.
pub const ENGINE: &str = concat!("docket ", env!("CARGO_PKG_VERSION"));

/// An item to be stored.
#[derive(Clone, Debug)]
pub struct NewItem<'a> {
    /// The message.
    pub message: Id,
    /// Its number within the message, from 1.
    pub n: i64,
    /// The call, where it is known.
    pub call: Option<Id>,
    /// The subject it was sent under: of the original, where it was forwarded.
    pub subject: Option<&'a str>,
    /// Its author's address in lower case: by it is found what stands filed from there.
    pub from_address: Option<&'a str>,
    /// What the matcher said.
    pub matched: &'a Match,
    /// Words that count.
    pub words: Option<u64>,
    /// What tells its text from any other: equal texts have equal keys.
    pub content_key: Option<&'a str>,
    /// What a person is asked about it, if anything.
    pub waiting: Option<&'a Questions>,
}

/// A stored item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemRow {
    /// What its versions and decisions refer to.
    pub id: Id,
    /// Its number within the message.
    pub n: i64,
    /// The message.
    pub message_id: Id,
    /// The call, where it is known.
    pub call_id: Option<Id>,
    /// What the matcher said.
    pub decision: Decision,
    /// The kind of sender.
    pub kind: Kind,
    /// Words that count.
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub words: Option<u64>,
    /// What tells its text from any other.
    pub content_key: Option<String>,
    waiting: Option<String>,
    /// Its author's address.
    pub from_address: Option<String>,
}

impl ItemRow {
    /// Whether a person is asked about it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// By what the question about it is recognised.
    #[must_use]
    pub fn question_key(&self) -> Option<Vec<u8>> {
        self.waiting.as_deref().map(super::looking::question_key)
    }

    /// What a person is asked about it.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn waiting(&self) -> Result<Questions, StoreError> {
        asked(self.waiting.as_deref(), &format!("item {}", self.id))
    }
}

/// What is known of a message once it was read.
#[derive(Clone, Debug)]
pub struct ReadMessage<'a> {
    /// The parsed message.
    pub message: &'a Message,
    /// `input`, `correspondence` or `unrelated`.
    pub relevance: &'a str,
    /// The language of its text, by code.
    pub language: Option<&'a str>,
}

impl Tx {
    /// Records that a claimed message was read. `false` if the claim was lost to another meanwhile.
    pub async fn set_read(
        &mut self,
        claimed: &Claimed,
        read: &ReadMessage<'_>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let message = read.message;
        let from = message.from.as_ref();
        let thread =
            message.references.iter().chain(&message.message_id).map(String::as_str).collect::<Vec<_>>().join(" ");
        let reply_to = message.reply_to.iter().find_map(|address| address.address.as_deref());
        let rows = execute!(
            self,
            SET_READ,
            claimed.id,
            claimed.epoch,
            at.as_microsecond(),
            read.relevance,
            message.message_id.as_deref(),
            from.and_then(|f| f.name.as_deref()),
            from.and_then(|f| f.address.as_deref()),
            reply_to,
            message.subject.as_deref(),
            message.date.map(Timestamp::as_microsecond),
            read.language,
            message.body.as_str(),
            thread,
        )?;
        if rows == 1 {
            self.note_words(claimed.id).await?;
        }
        Ok(rows == 1)
    }

    /// Records that a claimed message cannot be read, with what its headers tell and the reason in a sentence. `false`
    /// if the claim was lost to another meanwhile.
    pub async fn set_parked(
        &mut self,
        claimed: &Claimed,
        known: &Message,
        reason: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let from = known.from.as_ref();
        let rows = execute!(
            self,
            SET_PARKED,
            claimed.id,
            claimed.epoch,
            at.as_microsecond(),
            reason,
            known.message_id.as_deref(),
            from.and_then(|f| f.name.as_deref()),
            from.and_then(|f| f.address.as_deref()),
            known.subject.as_deref(),
            known.date.map(Timestamp::as_microsecond),
        )?;
        if rows == 1 {
            self.note_words(claimed.id).await?;
        }
        Ok(rows == 1)
    }

    /// Stores an item with the states it may be of; in place of what was found there before its message grew, or of what
    /// stood for a message that nobody could read. Where that is filed, call and kind stay as it is filed.
    pub async fn add_item(&mut self, item: &NewItem<'_>) -> Result<Id, StoreError> {
        let (id,) = fetch!(one, self => (Id,), ADD_ITEM,
            item.message,
            item.n,
            item.call,
            item.subject,
            item.from_address,
            item.matched.decision,
            item.matched.kind,
            item.matched.score,
            item.words.map(number),
            item.content_key,
            kept(item.waiting)?,
        )?;
        for (iso3, weight) in item.matched.candidates() {
            execute!(self, ADD_CANDIDATE, id, iso3.as_str(), weight)?;
        }
        Ok(id)
    }

    /// Stores a file of a message.
    pub async fn add_file(
        &mut self,
        message: Id,
        item: Option<Id>,
        n: usize,
        file: &File,
        role: Role,
    ) -> Result<(), StoreError> {
        let reading = &file.reading;
        execute!(
            self,
            ADD_FILE,
            message,
            item,
            number(n),
            file.path.as_str(),
            file.name.as_deref(),
            file.media_type.as_str(),
            number(file.size),
            file.sha256.as_str(),
            file.format,
            role,
            reading.outcome,
            reading.engine.as_deref(),
            reading.pages.map(i64::from),
            serde_json::json!(reading.pages_without_text).to_string(),
            serde_json::json!(reading.pages_failed).to_string(),
            reading.words.map(number),
            number(reading.words_by_part.notes),
            number(reading.words_by_part.running_heads),
            reading.language.map(crate::core::text::language::Language::code),
            reading.text.as_str(),
            reading.detail.as_deref(),
            serde_json::json!(reading.tried).to_string(),
        )?;
        Ok(())
    }

    /// An item by its intake number and its number within the message.
    pub async fn item(&mut self, intake: i64, n: i64) -> Result<Option<ItemRow>, StoreError> {
        fetch!(optional, self => ItemRow, ITEM, intake, n)
    }

    /// An item by its row.
    ///
    /// # Errors
    /// The database did not answer, or there is none.
    pub async fn item_row(&mut self, id: Id) -> Result<ItemRow, StoreError> {
        fetch!(one, self => ItemRow, ITEM_ROW, id)
    }

    /// The items of a message.
    pub async fn items(&mut self, message: Id) -> Result<Vec<ItemRow>, StoreError> {
        fetch!(all, self => ItemRow, ITEMS, message)
    }

    /// Changes what an item is: its call, its kind, and what is asked about it.
    pub async fn set_item(
        &mut self,
        item: Id,
        call: Option<Id>,
        kind: Kind,
        waiting: Option<&Questions>,
    ) -> Result<(), StoreError> {
        execute!(self, SET_ITEM, item, call, kind, kept(waiting)?)?;
        Ok(())
    }

    /// Takes from the queue what waited for a document that the same sender has sent now.
    pub async fn settle_earlier(&mut self, from_address: &str, except: Id) -> Result<(), StoreError> {
        execute!(self, SETTLE_EARLIER, from_address, except)?;
        Ok(())
    }

    /// Records since when a person has confirmed a message as unrelated, or that none has: from the first time on its
    /// text may be erased.
    pub async fn confirm_unrelated(&mut self, message: Id, at: Option<Timestamp>) -> Result<(), StoreError> {
        execute!(self, CONFIRM_UNRELATED, message, at.map(Timestamp::as_microsecond))?;
        Ok(())
    }

    /// Records why a message was or was not answered, in a sentence.
    pub async fn set_answer(&mut self, message: Id, answer: &str) -> Result<(), StoreError> {
        execute!(self, SET_ANSWER, message, answer)?;
        Ok(())
    }

    /// Counts a change of the entry: letters decided before it must not go.
    pub async fn change_entry(&mut self, message: Id) -> Result<i64, StoreError> {
        Ok(fetch!(one, self => (i64,), BUMP, message)?.0)
    }
}
