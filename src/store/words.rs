//! The words by which entries are found.
//!
//! Promises that what is kept of an entry is what it holds: words that it holds no longer are taken away with the ones that
//! come, in one transaction, and a word that no entry holds any more is gone. Whatever changes an entry notes it in the
//! transaction that does so; what is noted is not lost before the words are kept.
//!
//! A word stands once, under a number. The entries that hold it lie in blocks of 256 by their rows, so that a block costs one
//! row however many of them do; so the index stays small, and what is common costs least.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::{Id, Sql, StoreError, Tx, number};
use crate::core::search::Key;

/// Messages of a block, and bytes from which their places are written as bits.
const BLOCK: i64 = 256;
const BITS: usize = 32;

statements! {
    NOTE = Sql::both("INSERT INTO unsearched (message_id) VALUES ($1)");
    NOTE_OF_ITEM = Sql::both("INSERT INTO unsearched (message_id) SELECT message_id FROM item WHERE id = $1");
    NOTE_OF_PLACE = Sql::both(
        "INSERT INTO unsearched (message_id)
         SELECT i.message_id FROM place p JOIN item i ON i.id = p.item_id WHERE p.id = $1");
    NOTED = Sql::both("SELECT id, message_id FROM unsearched ORDER BY id DESC LIMIT $1");
    BEHIND = Sql::both("SELECT COUNT(DISTINCT message_id) FROM unsearched");
    FORGET_NOTES = Sql {
        sqlite: "DELETE FROM unsearched WHERE id IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM unsearched
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))",
    };
    // Who writes has a SQLite file for himself.
    ALONE = Sql { sqlite: "SELECT 1", postgres: "SELECT pg_advisory_xact_lock(39)" };
    KNOWN = Sql {
        sqlite: "SELECT id, word FROM word WHERE word IN (SELECT value FROM json_each($1))",
        postgres: "SELECT id, word FROM word
             WHERE word IN (SELECT value FROM json_array_elements_text(CAST($1 AS JSON)))",
    };
    ADD_WORDS = Sql {
        sqlite: "INSERT INTO word (word) SELECT value FROM json_each($1) WHERE 1 = 1",
        postgres: "INSERT INTO word (word) SELECT value FROM json_array_elements_text(CAST($1 AS JSON))",
    };
    PLACES = Sql {
        sqlite: "SELECT word_id, entries FROM word_place
             WHERE block = $1 AND word_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT word_id, entries FROM word_place
             WHERE block = $1 AND word_id IN (
                 SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    };
    SET_PLACES = Sql {
        sqlite: "INSERT INTO word_place (word_id, block, entries)
             SELECT value ->> 0, CAST($1 AS INTEGER), unhex(value ->> 1) FROM json_each($2) WHERE 1 = 1
             ON CONFLICT (word_id, block) DO UPDATE SET entries = excluded.entries",
        postgres: "INSERT INTO word_place (word_id, block, entries)
             SELECT CAST(value ->> 0 AS BIGINT), CAST($1 AS BIGINT), decode(value ->> 1, 'hex') FROM json_array_elements(CAST($2 AS JSON))
             ON CONFLICT (word_id, block) DO UPDATE SET entries = excluded.entries",
    };
    DROP_PLACES = Sql {
        sqlite: "DELETE FROM word_place WHERE block = $1 AND word_id IN (SELECT value FROM json_each($2))",
        postgres: "DELETE FROM word_place WHERE block = $1 AND word_id IN (
             SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    };
    DROP_WORDS = Sql {
        sqlite: "DELETE FROM word WHERE id IN (SELECT value FROM json_each($1))
             AND NOT EXISTS (SELECT 1 FROM word_place p WHERE p.word_id = word.id)",
        postgres: "DELETE FROM word WHERE id IN (
                 SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))
             AND NOT EXISTS (SELECT 1 FROM word_place p WHERE p.word_id = word.id)",
    };
    KEPT = Sql::both("SELECT words FROM entry_words WHERE message_id = $1");
    KEEP = Sql::both(
        "INSERT INTO entry_words (message_id, words) VALUES ($1, $2)
         ON CONFLICT (message_id) DO UPDATE SET words = excluded.words");
    HOLD = Sql::both(
        "SELECT p.block, p.entries FROM word w JOIN word_place p ON p.word_id = w.id WHERE w.word = $1");
    HOLD_BEGUN = Sql::both(
        "SELECT p.block, p.entries FROM word w JOIN word_place p ON p.word_id = w.id WHERE w.word >= $1 AND w.word < $2");
    WHEN = Sql {
        sqlite: "SELECT id, received, number FROM message WHERE id IN (SELECT value FROM json_each($1))",
        postgres: "SELECT id, received, number FROM message
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))",
    };
    OLDER = Sql::both(
        "SELECT id, received, number FROM message WHERE received <= $1 AND (received < $1 OR number < $2)
         ORDER BY received DESC, number DESC LIMIT $3");
    NEWER = Sql::both(
        "SELECT id, received, number FROM message WHERE received >= $1 AND (received > $1 OR number > $2)
         ORDER BY received, number LIMIT $3");
    HEAD = Sql::both("SELECT number, from_name, from_address, reply_to, subject, body FROM message WHERE id = $1");
    NAMES = Sql::both("SELECT path, name, text FROM file WHERE message_id = $1 ORDER BY n");
    ITEM_HEADS = Sql::both("SELECT subject, from_address FROM item WHERE message_id = $1 ORDER BY n");
    UNDER = Sql::both(
        "SELECT DISTINCT s.reference, t.iso3 FROM item i JOIN place p ON p.item_id = i.id AND p.until IS NULL
         JOIN submission s ON s.id = p.submission_id LEFT JOIN submission_state t ON t.submission_id = s.id
         WHERE i.message_id = $1 ORDER BY s.reference, t.iso3");
}

/// What a message is found by, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Searched {
    /// The intake number.
    pub number: i64,
    /// The sender as he calls himself.
    pub from_name: Option<String>,
    /// The sender's address.
    pub from_address: Option<String>,
    /// Where answers are to go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub body: Option<String>,
}

/// A message, when it was received, and its number.
pub type Placed = (Id, i64, i64);

impl Tx {
    /// Notes that what a message is found by has changed.
    pub async fn note_words(&mut self, message: Id) -> Result<(), StoreError> {
        execute!(self, NOTE, message)?;
        Ok(())
    }

    /// The same of the message of an item.
    pub(super) async fn note_words_of_item(&mut self, item: Id) -> Result<(), StoreError> {
        execute!(self, NOTE_OF_ITEM, item)?;
        Ok(())
    }

    /// The same of the message whose item has a place.
    pub(super) async fn note_words_of_place(&mut self, place: Id) -> Result<(), StoreError> {
        execute!(self, NOTE_OF_PLACE, place)?;
        Ok(())
    }

    /// What is noted, the newest first: the note and the message.
    pub async fn noted_words(&mut self, most: usize) -> Result<Vec<(Id, Id)>, StoreError> {
        fetch!(all, self => (Id, Id), NOTED, number(most))
    }

    /// How many entries are noted.
    pub async fn words_behind(&mut self) -> Result<u64, StoreError> {
        let (behind,) = fetch!(one, self => (i64,), BEHIND)?;
        Ok(u64::try_from(behind).unwrap_or_default())
    }

    /// The words of what was noted are kept.
    pub async fn forget_notes(&mut self, notes: &[Id]) -> Result<(), StoreError> {
        execute!(self, FORGET_NOTES, ids(notes.iter().copied()))?;
        Ok(())
    }

    /// Nobody else keeps words until this is committed.
    pub async fn keep_words_alone(&mut self) -> Result<(), StoreError> {
        execute!(self, ALONE)?;
        Ok(())
    }

    /// Keeps the words of messages, and takes away those that they hold no longer. Who calls it does so alone.
    pub async fn keep_words(&mut self, entries: &[(Id, BTreeSet<String>)]) -> Result<(), StoreError> {
        let all: BTreeSet<&str> = entries.iter().flat_map(|(_, words)| words).map(String::as_str).collect();
        let numbers = self.numbered_words(&all).await?;
        let mut changes: BTreeMap<i64, BTreeMap<i64, Vec<(u8, bool)>>> = BTreeMap::new();
        let mut gone = BTreeSet::new();
        for (message, words) in entries {
            let now: BTreeSet<i64> = words.iter().filter_map(|word| numbers.get(word.as_str()).copied()).collect();
            let kept = fetch!(optional, self => (Vec<u8>,), KEPT, *message)?;
            let before = kept.map(|(kept,)| unpacked(&kept)).unwrap_or_default();
            let (block, at) = (message.div_euclid(BLOCK), u8::try_from(message.rem_euclid(BLOCK)).unwrap_or(u8::MAX));
            let block = changes.entry(block).or_default();
            for word in now.difference(&before) {
                block.entry(*word).or_default().push((at, true));
            }
            for word in before.difference(&now) {
                block.entry(*word).or_default().push((at, false));
                gone.insert(*word);
            }
            execute!(self, KEEP, *message, packed(&now))?;
        }
        for (block, words) in changes {
            self.change_places(block, words).await?;
        }
        if !gone.is_empty() {
            execute!(self, DROP_WORDS, ids(gone.into_iter()))?;
        }
        Ok(())
    }

    /// Takes away the words of a message at once, and notes it, so that those that it still holds are kept again.
    pub(super) async fn forget_words(&mut self, message: Id) -> Result<(), StoreError> {
        self.keep_words_alone().await?;
        self.keep_words(&[(message, BTreeSet::new())]).await?;
        self.note_words(message).await
    }

    /// The numbers of words; one that has none gets the next.
    async fn numbered_words(&mut self, words: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, StoreError> {
        let all = serde_json::json!(words).to_string();
        let mut numbers = BTreeMap::new();
        for (id, word) in fetch!(all, self => (i64, String), KNOWN, all)? {
            numbers.insert(word, id);
        }
        let new: Vec<&str> = words.iter().filter(|word| !numbers.contains_key(**word)).copied().collect();
        if !new.is_empty() {
            let new = serde_json::json!(new).to_string();
            execute!(self, ADD_WORDS, &new)?;
            for (id, word) in fetch!(all, self => (i64, String), KNOWN, new)? {
                numbers.insert(word, id);
            }
        }
        Ok(numbers)
    }

    /// Puts places of a block into words and takes them out.
    async fn change_places(&mut self, block: i64, words: BTreeMap<i64, Vec<(u8, bool)>>) -> Result<(), StoreError> {
        if words.is_empty() {
            return Ok(());
        }
        let asked = ids(words.keys().copied());
        let held: BTreeMap<i64, Vec<u8>> =
            fetch!(all, self => (i64, Vec<u8>), PLACES, block, asked)?.into_iter().collect();
        let (mut set, mut dropped) = (Vec::new(), Vec::new());
        for (word, changes) in words {
            let mut places = held.get(&word).map(|held| places(held)).unwrap_or_default();
            for (at, holds) in changes {
                if holds {
                    places.insert(at)
                } else {
                    places.remove(&at)
                };
            }
            if places.is_empty() {
                dropped.push(word);
            } else {
                set.push(serde_json::json!([word, hex::encode(written(&places))]));
            }
        }
        if !set.is_empty() {
            execute!(self, SET_PLACES, block, serde_json::Value::from(set).to_string())?;
        }
        if !dropped.is_empty() {
            execute!(self, DROP_PLACES, block, ids(dropped))?;
        }
        Ok(())
    }

    /// The messages that hold what the index is asked for.
    pub async fn holding(&mut self, key: &Key) -> Result<BTreeSet<Id>, StoreError> {
        let rows = match key {
            Key::Is(word) => fetch!(all, self => (i64, Vec<u8>), HOLD, word)?,
            Key::Begins(word) => {
                let end = format!("{word}\u{10FFFF}");
                fetch!(all, self => (i64, Vec<u8>), HOLD_BEGUN, word, end)?
            }
        };
        let of = |(block, held): (i64, Vec<u8>)| places(&held).into_iter().map(move |at| block * BLOCK + i64::from(at));
        Ok(rows.into_iter().flat_map(of).collect())
    }

    /// When these messages were received, in no order.
    pub async fn when(&mut self, messages: &BTreeSet<Id>) -> Result<Vec<Placed>, StoreError> {
        fetch!(all, self => (Id, i64, i64), WHEN, ids(messages.iter().copied()))
    }

    /// The messages that come next behind a place in the log, so many.
    pub async fn older(&mut self, (received, n): (i64, i64), most: usize) -> Result<Vec<Placed>, StoreError> {
        fetch!(all, self => (Id, i64, i64), OLDER, received, n, number(most))
    }

    /// The messages that come next before a place in the log, the nearest first, so many.
    pub async fn newer(&mut self, (received, n): (i64, i64), most: usize) -> Result<Vec<Placed>, StoreError> {
        fetch!(all, self => (Id, i64, i64), NEWER, received, n, number(most))
    }

    /// What a message is found by: its own, its files (path, name and text), its items (subject and author's address), and
    /// under which references and for which states it is filed.
    pub async fn searched(
        &mut self,
        message: Id,
    ) -> Result<
        (
            Option<Searched>,
            Vec<(String, Option<String>, String)>,
            Vec<(Option<String>, Option<String>)>,
            Vec<(String, Option<String>)>,
        ),
        StoreError,
    > {
        let head = fetch!(optional, self => Searched, HEAD, message)?;
        let files = fetch!(all, self => (String, Option<String>, String), NAMES, message)?;
        let items = fetch!(all, self => (Option<String>, Option<String>), ITEM_HEADS, message)?;
        let under = fetch!(all, self => (String, Option<String>), UNDER, message)?;
        Ok((head, files, items, under))
    }
}

fn ids(ids: impl IntoIterator<Item = Id>) -> String {
    serde_json::Value::from(ids.into_iter().collect::<Vec<i64>>()).to_string()
}

/// The places of a block: each by itself, or a bit for each.
fn places(held: &[u8]) -> BTreeSet<u8> {
    if held.len() < BITS {
        return held.iter().copied().collect();
    }
    (0..=u8::MAX).filter(|at| held.get(usize::from(at / 8)).is_some_and(|byte| byte >> (at % 8) & 1 == 1)).collect()
}

fn written(places: &BTreeSet<u8>) -> Vec<u8> {
    if places.len() < BITS {
        return places.iter().copied().collect();
    }
    let mut bits = vec![0; BITS];
    for at in places {
        bits[usize::from(at / 8)] |= 1 << (at % 8);
    }
    bits
}

/// Numbers in their order, each as how much it is more than the one before, seven bits a byte.
fn packed(numbers: &BTreeSet<i64>) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::with_capacity(numbers.len() * 2), 0);
    for number in numbers {
        let mut more = number.abs_diff(last);
        last = *number;
        loop {
            let low = u8::try_from(more & 0x7F).unwrap_or_default();
            more >>= 7;
            if more == 0 {
                bytes.push(low);
                break;
            }
            bytes.push(low | 0x80);
        }
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> BTreeSet<i64> {
    let (mut numbers, mut last, mut more, mut shift) = (BTreeSet::new(), 0_i64, 0_i64, 0_u32);
    for byte in bytes {
        more |= i64::from(byte & 0x7F) << shift.min(56);
        shift += 7;
        if byte & 0x80 == 0 {
            last += more;
            numbers.insert(last);
            (more, shift) = (0, 0);
        }
    }
    numbers
}
