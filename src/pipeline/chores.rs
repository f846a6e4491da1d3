//! What is filled in once for entries of before: which numbers their letters told, and what their items are for.
//!
//! Promises to send nothing, and to change neither a place, a standing nor what is asked: it adds what was not kept then, as of
//! now, so that what was known at an earlier time stays what it was. Each step is written down with how far it came; what was
//! cut off goes on from there, and what is finished is never looked at again.

use std::sync::Arc;

use super::{Outcome, PipelineError, read};
use crate::{
    core::finding::Finding,
    instance::Instance,
    letters::facts::Facts,
    store::{Id, Receipted, Tx, Whose, intake_number},
};

/// So many letters, and so many messages, in one step.
const LETTERS: usize = 50;
const MESSAGES: usize = 8;

/// What is to be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chore {
    /// Which numbers letters told.
    LetterNames,
    /// What items are for.
    Purposes,
}

impl Chore {
    const ALL: [Self; 2] = [Self::LetterNames, Self::Purposes];

    fn name(self) -> &'static str {
        match self {
            Self::LetterNames => "letter_names",
            Self::Purposes => "purposes",
        }
    }
}

/// Fills in what entries of before lack.
#[derive(Debug)]
pub struct Chores {
    instance: Arc<Instance>,
    left: Vec<Chore>,
}

impl Chores {
    /// All of them, as far as they are not done.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, left: Chore::ALL.to_vec() }
    }

    /// Does a piece of the first that is not finished.
    ///
    /// # Errors
    /// The database did not answer. The piece is done again.
    pub async fn step(&mut self) -> Result<Outcome, PipelineError> {
        let Some(chore) = self.left.first().copied() else { return Ok(Outcome::Idle) };
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        let Some(from) = tx.chore(chore.name()).await? else {
            tx.commit().await?;
            self.left.remove(0);
            return Ok(Outcome::Worked);
        };
        let last = match chore {
            Chore::LetterNames => letter_names(&mut tx, from).await?,
            Chore::Purposes => purposes(&mut tx, &self.instance, from).await?,
        };
        let finished = last.is_none().then_some(now);
        // Where another has done the same meanwhile, it is written down once.
        if tx.chore_goes_on(chore.name(), (from, last.unwrap_or(from)), finished).await? {
            tx.commit().await?;
        }
        Ok(Outcome::Worked)
    }
}

/// Keeps which numbers the letters behind one told; yields the last of them.
async fn letter_names(tx: &mut Tx, behind: Id) -> Result<Option<Id>, PipelineError> {
    let letters = tx.receipts_behind(behind, LETTERS).await?;
    for letter in &letters {
        match serde_json::from_str::<Facts>(&letter.facts) {
            Ok(facts) => name_again(tx, letter, &facts).await?,
            Err(error) => tx.warn(format!("which numbers letter {} told is not known: {error}", letter.id)),
        }
    }
    Ok(letters.last().map(|letter| letter.id))
}

/// Keeps which numbers a letter told, but for one that is known to be another item's.
async fn name_again(tx: &mut Tx, letter: &Receipted, facts: &Facts) -> Result<(), PipelineError> {
    for entry in facts.receipt().into_iter().flat_map(|receipt| &receipt.entries) {
        let Some(reference) = &entry.reference else { continue };
        let Some(submission) = tx.submission_of_reference(reference).await? else { continue };
        tx.change_submission(submission.id).await?;
        // A number that is repeated is another message's.
        let own = if entry.duplicate { 0 } else { letter.message_id };
        if let Some(n) = entry.version {
            let Some(item) = tx.numbered(submission.id, n, own, letter.decided_at).await? else { continue };
            if tx.told_of(submission.id, n).await?.iter().all(|told| *told == item) {
                tx.add_name(letter.id, submission.id, item, n).await?;
            }
        }
    }
    Ok(())
}

/// Finds what the items of the messages behind one are for, as far as that is not known; yields the last of them.
async fn purposes(tx: &mut Tx, instance: &Instance, behind: Id) -> Result<Option<Id>, PipelineError> {
    let messages = tx.without_purpose(behind, MESSAGES).await?;
    for (message, number) in &messages {
        let found = match read::purposes_of(tx, instance, *message, *number).await {
            Err(error) if error.whose() == Whose::Row => {
                tx.warn(format!("what {} is for is not found: {error}", intake_number(*number)));
                continue;
            }
            found => found?,
        };
        for (n, purpose) in found {
            tx.add_finding(*message, Some(n), &Finding::Purpose(purpose), instance.clock.now())?;
        }
    }
    Ok(messages.last().map(|(message, _)| *message))
}
