//! A letter for other programs: at the terminal and over the network the same fields.

use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError};
use crate::{
    core::{event::HeldFor, iso3::Iso3, letter_kind::LetterKind},
    store::{CopyState, Id, LetterRow, LetterState, LettersThat, intake_number},
};

/// A letter. The serialised names are the interface of `docket letters --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterRecord {
    /// How often it was tried.
    pub attempts: i64,
    /// Its text.
    pub body: String,
    /// What became of its copy in the mailbox; none where none is asked for.
    pub copy: Option<CopyState>,
    /// Why there is no copy yet.
    pub copy_reason: Option<String>,
    /// When it was decided.
    pub decided: Timestamp,
    /// For what it is held.
    pub held_for: Option<HeldFor>,
    /// The row, by which people name it.
    pub id: Id,
    /// The state that is reminded, or told something.
    pub iso3: Option<Iso3>,
    /// Its kind.
    pub kind: LetterKind,
    /// Its language by code.
    pub language: String,
    /// It does not leave earlier.
    pub not_before: Timestamp,
    /// The intake number of the message that it answers.
    pub number: Option<String>,
    /// Why it has not left, or how it failed.
    pub reason: Option<String>,
    /// To whom.
    pub recipient: String,
    /// When it was handed over.
    pub sent: Option<Timestamp>,
    /// Where it stands.
    pub state: LetterState,
    /// The step of the reminder.
    pub step: Option<String>,
    /// Its subject.
    pub subject: String,
}

impl From<LetterRow> for LetterRecord {
    fn from(row: LetterRow) -> Self {
        Self {
            attempts: row.attempts,
            body: row.body,
            copy: row.copy_state,
            copy_reason: row.copy_reason,
            decided: row.decided_at,
            held_for: row.held_for,
            id: row.id,
            iso3: row.iso3,
            kind: row.kind,
            language: row.language,
            not_before: row.not_before,
            number: row.number.map(intake_number),
            reason: row.reason,
            recipient: row.recipient,
            sent: row.sent_at,
            state: row.state,
            step: row.step,
            subject: row.subject,
        }
    }
}

/// Some letters, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterRecords {
    /// Them.
    pub letters: Vec<LetterRecord>,
    /// Where the page of older ones begins; none if this is the last.
    pub next: Option<Id>,
    /// Why rows among them cannot be read.
    pub unreadable: Vec<String>,
}

impl Desk {
    /// Letters, or those that stand so, newest first, with a number below that one.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letter_records(
        &self,
        that: Option<LettersThat>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<LetterRecords, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let (before, asked) = (before.unwrap_or(Id::MAX), limit.saturating_add(1));
        let rows = match that {
            Some(that) => tx.letters_that(that, before, asked).await?,
            None => tx.newest_letters(before, asked).await?,
        };
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        let (mut letters, mut unreadable) = (Vec::new(), Vec::new());
        for row in rows.into_iter().take(most) {
            match row {
                Ok(row) => letters.push(LetterRecord::from(row)),
                Err(why) => unreadable.push(why),
            }
        }
        let next = letters.last().map(|letter| letter.id).filter(|_| more);
        Ok(LetterRecords { letters, next, unreadable })
    }

    /// One letter; none if there is none.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letter_record(&self, id: Id) -> Result<Option<LetterRecord>, DeskError> {
        Ok(self.instance.db.snapshot().await?.letter(id).await?.map(LetterRecord::from))
    }
}
