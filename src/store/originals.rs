//! Originals: the bytes of messages as they came, by their hash, packed and in pieces so that none is held whole.
//! What fits one piece is packed before the transaction, for which others may wait.
//!
//! Promises that what comes back is what was kept, byte for byte, or an error; and that bytes are erased only where a
//! person confirmed every message that holds them as unrelated.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::io::Write as _;

use jiff::Timestamp;

use super::{About, Count, Id, Sql, StoreError, Tx, number};
use crate::{
    core::{
        actor::Actor,
        event::Event,
        finding::{ERASED, FindingKind},
        mail::identity,
    },
    memory::room,
};

/// Bytes of compressed original in one row: a row is held in memory whole.
const PIECE: usize = 1 << 20;
const COMPRESSION: i32 = 3;

/// Every message that has, or had before it grew, these bytes as its original was confirmed as unrelated.
macro_rules! nobody_needs {
    ($sha256:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM message n
                 WHERE (n.sha256 = ",
            $sha256,
            " OR n.id IN (
                         SELECT g.message_id FROM earlier_original g WHERE g.sha256 = ",
            $sha256,
            "))
                     AND (n.unrelated_confirmed IS NULL OR n.unrelated_confirmed > $1))"
        )
    };
}

statements! {
    ADD_ORIGINAL = Sql::both(
        "INSERT INTO original (sha256, size) VALUES ($1, $2)
         ON CONFLICT (sha256) DO UPDATE SET purged_at = NULL WHERE original.purged_at IS NOT NULL");
    SIZE_OF = Sql::both("SELECT size FROM original WHERE sha256 = $1 AND purged_at IS NULL");
    ADD_PIECE = Sql::both("INSERT INTO original_piece (sha256, n, bytes) VALUES ($1, $2, $3)");
    PIECE_OF = Sql::both("SELECT bytes FROM original_piece WHERE sha256 = $1 AND n = $2");
    PURGEABLE = Sql::both(concat!(
        "SELECT m.id, m.sha256 FROM message m JOIN original o ON o.sha256 = m.sha256
         WHERE m.unrelated_confirmed <= $1 AND o.purged_at IS NULL AND ", nobody_needs!("m.sha256"), "
         ORDER BY m.id LIMIT 100"));
    PURGEABLE_EARLIER = Sql::both(concat!(
        "SELECT e.message_id, e.sha256 FROM earlier_original e JOIN original o ON o.sha256 = e.sha256
         WHERE o.purged_at IS NULL AND ", nobody_needs!("e.sha256"), "
         ORDER BY e.id LIMIT 100"));
    PURGE_PIECES = Sql::both("DELETE FROM original_piece WHERE sha256 = $1");
    PURGE_ORIGINAL = Sql::both("UPDATE original SET purged_at = $2 WHERE sha256 = $1 AND purged_at IS NULL");
    PURGE_BODY = Sql::both("UPDATE message SET body = NULL WHERE sha256 = $1");
    PURGE_EVIDENCE = Sql::both(
        "UPDATE finding SET value = $2
         WHERE kind = $3 AND message_id IN (SELECT id FROM message WHERE sha256 = $1)");
    PURGE_DECISIONS = Sql::both(
        "UPDATE decision SET answer_before = NULL, consequences = NULL
         WHERE item_id IN (
             SELECT i.id FROM item i JOIN message m ON m.id = i.message_id WHERE m.sha256 = $1)");
    PURGE_ASKED = Sql::both(
        "UPDATE item_past SET waiting = $2
         WHERE waiting IS NOT NULL AND item_id IN (
             SELECT i.id FROM item i JOIN message m ON m.id = i.message_id WHERE m.sha256 = $1)");
    OF_ORIGINAL = Sql::both("SELECT id FROM message WHERE sha256 = $1 ORDER BY id");
    PURGE_FILES = Sql::both(
        "UPDATE file SET text = '' WHERE message_id IN (SELECT id FROM message WHERE sha256 = $1)");
}

/// What is left of what was asked about a message that was erased: a question quotes it.
const ASKED_ERASED: &str = "What was asked was erased with the message.";

/// The bytes of a message as they came.
#[derive(Debug)]
pub struct Original<'a> {
    pub(super) raw: &'a [u8],
    pub(super) sha256: String,
    /// What fits one piece, compressed.
    packed: Option<Vec<u8>>,
}

impl<'a> Original<'a> {
    /// Makes bytes ready to be kept.
    ///
    /// # Errors
    /// They could not be compressed.
    pub fn of(raw: &'a [u8]) -> Result<Self, StoreError> {
        let packed = (raw.len() <= PIECE).then(|| zstd::bulk::compress(raw, COMPRESSION)).transpose();
        Ok(Self { raw, sha256: hex::encode(identity::evidence(raw)), packed: packed.map_err(|e| not_packed(&e))? })
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.raw
    }

    /// Their SHA-256, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

fn not_packed(error: &std::io::Error) -> StoreError {
    StoreError::Row(format!("the original could not be packed: {error}"))
}

impl Tx {
    /// Keeps an original under its hash, compressed and in pieces. The same bytes are kept once, and again where they were
    /// erased since.
    pub(super) async fn store_original(&mut self, original: &Original<'_>) -> Result<(), StoreError> {
        let Original { raw, sha256, packed } = original;
        if execute!(self, ADD_ORIGINAL, sha256, number(raw.len()))? == 0 {
            return Ok(());
        }
        let mut pieces = 0_i64;
        if let Some(packed) = packed {
            execute!(self, ADD_PIECE, sha256, pieces, packed)?;
            return Ok(());
        }
        let mut packer = zstd::Encoder::new(Vec::new(), COMPRESSION).map_err(|error| not_packed(&error))?;
        for part in raw.chunks(PIECE) {
            packer.write_all(part).map_err(|error| not_packed(&error))?;
            if packer.get_ref().len() >= PIECE {
                let piece = std::mem::take(packer.get_mut());
                execute!(self, ADD_PIECE, sha256, pieces, piece)?;
                pieces += 1;
            }
        }
        let last = packer.finish().map_err(|error| not_packed(&error))?;
        execute!(self, ADD_PIECE, sha256, pieces, last)?;
        Ok(())
    }

    /// The first `most` bytes of an original, or all of it if it is shorter; `None` once it was erased.
    ///
    /// # Errors
    /// The database did not answer, or a piece is damaged.
    pub async fn original(&mut self, sha256: &str, most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let damaged = |error: std::io::Error| StoreError::Row(format!("the original {sha256} is damaged: {error}"));
        let Some((Count(size),)) = fetch!(optional, self => (Count<usize>,), SIZE_OF, sha256)? else { return Ok(None) };
        let most = most.min(size);
        let mut raw = zstd::stream::write::Decoder::new(room(most)).map_err(damaged)?;
        let mut n = 0_i64;
        while raw.get_ref().len() < most {
            let Some((piece,)) = fetch!(optional, self => (Vec<u8>,), PIECE_OF, sha256, n)? else { break };
            raw.write_all(&piece).map_err(damaged)?;
            n += 1;
        }
        raw.flush().map_err(damaged)?;
        let mut raw = raw.into_inner();
        if raw.len() < most {
            return Err(StoreError::Row(format!("the original {sha256} is damaged: {} of {size} bytes", raw.len())));
        }
        raw.truncate(most);
        Ok(Some(raw))
    }

    /// Erases originals and texts of messages that a person confirmed as unrelated before that time; hash, headers and
    /// what was decided stay. Yields how many.
    pub async fn purge_unrelated(&mut self, confirmed_before: Timestamp, now: Timestamp) -> Result<usize, StoreError> {
        self.write_findings().await?;
        let rows = fetch!(all, self => (Id, String), PURGEABLE, confirmed_before.as_microsecond())?;
        let earlier = fetch!(all, self => (Id, String), PURGEABLE_EARLIER, confirmed_before.as_microsecond())?;
        for (_, sha256) in &earlier {
            execute!(self, PURGE_PIECES, sha256)?;
            execute!(self, PURGE_ORIGINAL, sha256, now.as_microsecond())?;
        }
        for (message, sha256) in &rows {
            execute!(self, PURGE_PIECES, sha256)?;
            execute!(self, PURGE_ORIGINAL, sha256, now.as_microsecond())?;
            execute!(self, PURGE_BODY, sha256)?;
            execute!(self, PURGE_FILES, sha256)?;
            for (message,) in fetch!(all, self => (Id,), OF_ORIGINAL, sha256)? {
                self.forget_words(message).await?;
            }
            execute!(self, PURGE_DECISIONS, sha256)?;
            execute!(self, PURGE_ASKED, sha256, ASKED_ERASED)?;
            for quotes in [FindingKind::Match, FindingKind::Purpose] {
                execute!(self, PURGE_EVIDENCE, sha256, ERASED, quotes.word())?;
            }
            self.record(now, About::message(*message), &Actor::Program, &Event::Purged)?;
        }
        Ok(rows.len())
    }
}
