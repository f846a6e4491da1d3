//! The letters as a person looks at them, and what is decided on one.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use serde::Serialize;

use super::{Decided, Desk, DeskError, letter_state};
use crate::{
    core::{
        actor::Actor,
        decision::{Decision, Order},
        letter_kind::LetterKind,
    },
    store::{Attempt, Id, LetterRow, LetterState, LettersThat, intake_number, letter_number},
};

/// Letters of one page.
const PAGE: u32 = 50;

/// Some letters, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct LettersPage {
    /// Them.
    pub letters: Vec<LetterLine>,
    /// Rows that cannot be read, and why.
    pub unreadable: Vec<String>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<Id>,
    /// How many there are that wait, are held, failed, have left, and do not leave.
    pub counts: Vec<(&'static str, i64)>,
}

/// A letter in a list.
#[derive(Clone, Debug, Serialize)]
pub struct LetterLine {
    /// Its number.
    pub id: Id,
    /// The same as people write it.
    pub number: String,
    /// Its kind.
    pub kind: LetterKind,
    /// Where it stands, in words.
    pub state: &'static str,
    /// Why it has not left, or how it failed.
    pub reason: Option<String>,
    /// To whom.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// The message that it answers.
    pub answers: Option<String>,
    /// When it was decided.
    pub decided: Timestamp,
    /// It does not leave earlier.
    pub not_before: Timestamp,
    /// When it left.
    pub sent: Option<Timestamp>,
}

/// A letter in full.
#[derive(Clone, Debug, Serialize)]
pub struct LetterPage {
    /// Its line.
    pub line: LetterLine,
    /// Its text.
    pub body: String,
    /// Its language, by code.
    pub language: String,
    /// The name of whom it goes to.
    pub name: Option<String>,
    /// Each try, oldest first.
    pub attempts: Vec<Attempt>,
    /// What can be decided on it: `release`, `discard`, `resend`.
    pub can: Vec<&'static str>,
    /// By what it is recognised as it was seen.
    pub seen: String,
}

impl Desk {
    /// Letters that stand so, newest first, from before that one.
    pub async fn letters_page(&self, that: LettersThat, before: Option<Id>) -> Result<LettersPage, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let rows = tx.letters_that(that, before.unwrap_or(Id::MAX), PAGE + 1).await?;
        let more = rows.len() > PAGE as usize;
        let (mut letters, mut unreadable, mut last) = (Vec::new(), Vec::new(), None);
        for row in rows.into_iter().take(PAGE as usize) {
            match row {
                Ok(row) => {
                    last = Some(row.id);
                    letters.push(line(row));
                }
                Err(why) => unreadable.push(why),
            }
        }
        let mut counts = Vec::new();
        for that in LettersThat::ALL {
            counts.push((that.word(), tx.count_letters_that(that).await?));
        }
        Ok(LettersPage { letters, unreadable, next: last.filter(|_| more), counts })
    }

    /// One letter with each try; none if there is none.
    pub async fn letter_page(&self, id: Id) -> Result<Option<LetterPage>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let Some(row) = tx.letter(id).await? else { return Ok(None) };
        let frozen = tx.letter_bytes(id).await?.is_some();
        let can = match row.state {
            LetterState::Held => vec!["release", "discard"],
            LetterState::Failed if frozen => vec!["resend", "discard"],
            LetterState::Waiting | LetterState::Failed => vec!["discard"],
            LetterState::Sent => vec!["resend"],
            LetterState::Released | LetterState::Sending | LetterState::Discarded => Vec::new(),
        };
        let attempts = tx.attempts(id).await?;
        let (body, language, name, seen) =
            (row.body.clone(), row.language.clone(), row.recipient_name.clone(), seen(&row));
        Ok(Some(LetterPage { body, language, name, attempts, can, seen, line: line(row) }))
    }

    /// Decides on a letter, if it still stands as the person saw it.
    ///
    /// # Errors
    /// It stands otherwise by now, there is none, or it makes no sense where it stands. Then nothing was changed.
    pub async fn decide_on_letter(
        &self,
        id: Id,
        order: &Order,
        actor: &Actor,
        as_seen: &str,
    ) -> Result<Decided, DeskError> {
        let to = match order.decision {
            Decision::Release => LetterState::Waiting,
            Decision::Discard => LetterState::Discarded,
            Decision::Resend => LetterState::Released,
            _ => return Err(DeskError::Refused("That is not decided on a letter.".to_owned())),
        };
        let mut tx = self.instance.db.begin().await?;
        let no_letter = || DeskError::NotFound(format!("There is no letter {}.", letter_number(id)));
        let letter = tx.letter(id).await?.ok_or_else(no_letter)?;
        if seen(&letter) != as_seen {
            let now = letter_state(letter.state);
            let said = format!("Letter {} is {now} by now. Nothing of yours was done.", letter_number(id));
            return Err(DeskError::Changed(said));
        }
        let decided = self.on_letter(&mut tx, &id.to_string(), to, actor, &order.reason).await?;
        tx.commit().await?;
        Ok(decided)
    }
}

/// By what it shows that a letter was moved or tried.
fn seen(row: &LetterRow) -> String {
    format!("{:?}-{}-{}", row.state, row.attempts, row.not_before.as_microsecond())
}

fn line(row: LetterRow) -> LetterLine {
    LetterLine {
        id: row.id,
        number: letter_number(row.id),
        kind: row.kind,
        state: letter_state(row.state),
        reason: row.reason,
        recipient: row.recipient,
        subject: row.subject,
        answers: row.number.map(intake_number),
        decided: row.decided_at,
        not_before: row.not_before,
        sent: row.sent_at,
    }
}
