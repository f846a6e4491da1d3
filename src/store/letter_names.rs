//! What letters name: submissions, and in them the numbers of versions. What a letter has told binds the house.
//!
//! Promises to be written with each letter, in the transaction that decides it; and that a letter is reworded only until its
//! bytes are fixed, and not at all where it may have left already.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::{Count, Id, Sql, StoreError, Tx};
use crate::core::mail::address::folded;

statements! {
    FORGET = Sql::both("DELETE FROM letter_names WHERE letter_id = $1");
    // Who writes has a SQLite file for himself.
    LOCK = Sql {
        sqlite: "SELECT letter_id FROM letter_names WHERE submission_id = $1 AND 1 = 0",
        postgres: "SELECT l.id FROM letter l
             WHERE l.id IN (SELECT t.letter_id FROM letter_names t WHERE t.submission_id = $1)
                 AND l.bytes IS NULL AND l.state IN ('waiting', 'held') ORDER BY l.id FOR UPDATE",
    };
    NAME = Sql::both("INSERT INTO letter_names (letter_id, submission_id, item_id, n) VALUES ($1, $2, $3, $4)");
    UNMADE = Sql::both(
        "SELECT DISTINCT l.id, m.number, l.facts, l.language, l.recipient
         FROM letter_names t JOIN letter l ON l.id = t.letter_id JOIN message m ON m.id = l.message_id
         WHERE t.submission_id = $1 AND l.bytes IS NULL AND l.state IN ('waiting', 'held')
             AND COALESCE(l.held_for, '') NOT IN ('restored', 'uncertain')
         ORDER BY l.id");
    UNMADE_UNDER = Sql::both(
        "SELECT l.id, l.facts, l.language FROM letter l
         WHERE l.call_id = $1 AND l.bytes IS NULL AND l.state IN ('waiting', 'held')
             AND COALESCE(l.held_for, '') NOT IN ('restored', 'uncertain')
         ORDER BY l.id");
    MADE = Sql::both(
        "SELECT l.id, l.message_id, m.number, t.item_id, l.facts
         FROM letter_names t JOIN letter l ON l.id = t.letter_id JOIN message m ON m.id = l.message_id
         WHERE t.submission_id = $1 AND l.bytes IS NOT NULL AND l.state <> 'discarded'
         ORDER BY l.decided_at, l.id");
    TOLD_TO = Sql::both(
        "SELECT DISTINCT t.item_id, t.n FROM letter_names t JOIN letter l ON l.id = t.letter_id
         WHERE t.submission_id = $1 AND l.to_mailbox = $2
             AND (l.released_at IS NOT NULL OR l.held_for IN ('restored', 'uncertain'))
         ORDER BY t.item_id, t.n");
    SENT_FROM = Sql::both(
        "SELECT DISTINCT i.id, i.from_address FROM place p JOIN item i ON i.id = p.item_id
         WHERE p.submission_id = $1 AND i.from_address IS NOT NULL ORDER BY i.id");
    REWORD = Sql::both(
        "UPDATE letter SET facts = $2, template = $3, subject = $4, body = $5, epoch = epoch + 1
         WHERE id = $1 AND bytes IS NULL AND state IN ('waiting', 'held')");
}

/// The number by which a letter calls the input of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The submission.
    pub submission: Id,
    /// The item.
    pub item: Id,
    /// Its number there; 0 where it has none of its own.
    pub n: u32,
}

/// A letter about a submission that has not been made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unmade {
    /// The letter.
    pub id: Id,
    /// The intake number of the message it answers.
    pub number: i64,
    /// Its facts, in JSON.
    pub facts: String,
    /// Its language by code.
    pub language: String,
    /// To whom.
    pub recipient: String,
}

/// What whoever reads at an address can know of what is filed in a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownTo {
    /// The items that came from there.
    pub sent: BTreeSet<Id>,
    /// The items of which letters told that left for there, each with the numbers by which they called it.
    pub told: BTreeMap<Id, BTreeSet<u32>>,
}

impl KnownTo {
    /// Whether anything of an item is known there.
    #[must_use]
    pub fn knows(&self, item: Id) -> bool {
        self.sent.contains(&item) || self.told.contains_key(&item)
    }

    /// Whether an item is known there by a number.
    #[must_use]
    pub fn knows_as(&self, item: Id, n: u32) -> bool {
        self.told.get(&item).is_some_and(|told| told.contains(&n))
    }
}

/// What a letter that was made says of an item.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Made {
    /// The letter.
    pub id: Id,
    /// The message it answers.
    pub message_id: Id,
    /// The intake number of that.
    pub number: i64,
    /// The item.
    pub item_id: Id,
    /// The facts of the letter, in JSON.
    pub facts: String,
}

impl Tx {
    /// Keeps what a letter names, in place of what it named before.
    pub async fn keep_names(&mut self, letter: Id, names: &[Names]) -> Result<(), StoreError> {
        execute!(self, FORGET, letter)?;
        for name in names {
            execute!(self, NAME, letter, name.submission, name.item, i64::from(name.n))?;
        }
        Ok(())
    }

    /// From here on none of the letters about a submission that have not been made is made by anybody else.
    pub async fn change_letters_about(&mut self, submission: Id) -> Result<(), StoreError> {
        fetch!(all, self => (Id,), LOCK, submission)?;
        Ok(())
    }

    /// The letters about a submission that have not been made.
    pub async fn unmade_letters_about(&mut self, submission: Id) -> Result<Vec<Unmade>, StoreError> {
        fetch!(all, self => Unmade, UNMADE, submission)
    }

    /// What whoever reads at an address can know of what is filed in a submission.
    pub async fn known_to(&mut self, submission: Id, address: &str) -> Result<KnownTo, StoreError> {
        let mut known = KnownTo::default();
        let mailbox = folded(address);
        for (item, Count(n)) in fetch!(all, self => (Id, Count<u32>), TOLD_TO, submission, &mailbox)? {
            known.told.entry(item).or_default().insert(n);
        }
        for (item, from) in fetch!(all, self => (Id, String), SENT_FROM, submission)? {
            if folded(&from) == mailbox {
                known.sent.insert(item);
            }
        }
        Ok(known)
    }

    /// The letters under a call that have not been made: each with its facts, in JSON, and its language by code.
    pub async fn unmade_letters_under(&mut self, call: Id) -> Result<Vec<(Id, String, String)>, StoreError> {
        fetch!(all, self => (Id, String, String), UNMADE_UNDER, call)
    }

    /// What the letters say about a submission that were made, the oldest first.
    pub async fn made_letters_about(&mut self, submission: Id) -> Result<Vec<Made>, StoreError> {
        fetch!(all, self => Made, MADE, submission)
    }

    /// Has a letter that was not made say something else; `false` where it was made meanwhile.
    pub async fn reword_letter(
        &mut self,
        letter: Id,
        facts: &str,
        template: &str,
        (subject, body): (&str, &str),
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, REWORD, letter, facts, template, subject, body)? == 1)
    }
}
