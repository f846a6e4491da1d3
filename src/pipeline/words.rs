//! Keeps the words by which entries are found, behind what changes them.
//!
//! Promises that what is new is kept before what is old, that a step is short, and that it is one transaction: what was cut
//! off is done again.

use std::{collections::BTreeSet, sync::Arc};

use super::{Outcome, PipelineError};
use crate::{
    core::search::index_words,
    filing::found_by,
    instance::Instance,
    store::{Id, Tx},
};

/// Notes, and bytes of text, that are worked off in one step.
const NOTES: usize = 32;
const BYTES: usize = 1 << 20;
/// Words of one entry; so many distinct ones hold hundreds of pages.
const WORDS: usize = 50_000;

/// Keeps the words of the entries that have changed.
#[derive(Debug)]
pub struct Words {
    instance: Arc<Instance>,
}

impl Words {
    /// Of all entries.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance }
    }

    /// Keeps the words of some of them.
    ///
    /// # Errors
    /// The database did not answer. They are kept in another step.
    pub async fn step(&mut self) -> Result<Outcome, PipelineError> {
        // Who only looks holds nobody up.
        let mut tx = self.instance.db.snapshot().await?;
        if tx.noted_words(1).await?.is_empty() {
            return Ok(Outcome::Idle);
        }
        drop(tx);
        let mut tx = self.instance.db.begin().await?;
        tx.keep_words_alone().await?;
        let (mut done, mut seen, mut entries, mut bytes) = (Vec::new(), BTreeSet::new(), Vec::new(), 0);
        for (note, message) in tx.noted_words(NOTES).await? {
            if bytes >= BYTES {
                break;
            }
            done.push(note);
            if seen.insert(message) {
                let words = self.words_of(&mut tx, message, &mut bytes).await?;
                entries.push((message, words));
            }
        }
        tx.keep_words(&entries).await?;
        tx.forget_notes(&done).await?;
        tx.commit().await?;
        Ok(Outcome::Worked)
    }

    async fn words_of(&self, tx: &mut Tx, message: Id, bytes: &mut usize) -> Result<BTreeSet<String>, PipelineError> {
        let mut words = BTreeSet::new();
        for text in found_by(tx, &self.instance, message).await?.texts() {
            *bytes += text.len();
            if words.len() < WORDS {
                index_words(text, &mut words);
            }
        }
        Ok(words)
    }
}
