//! What colleagues have answered themselves, by mail of their own, and what that does with what is asked.
//!
//! Promises that an answer closes the question of correspondence and no other, and only where it is certain that a colleague
//! wrote it to whoever sent what it answers; that beside every other question it is shown; and that neither a letter of
//! ours nor what a program sends is an answer.

use jiff::Timestamp;

use super::colleagues::is_colleague;
use crate::core::{
    event::{AskedThen, SeenIn, Wrote},
    mail::{
        address::folded,
        automatic::{Own, is_a_persons, original_author},
        mail_loop,
        message::Message,
    },
    purpose::Kind,
    question::{Question, Questions},
};

/// A mail that a colleague wrote, as far as it says what it may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromUs {
    /// The address of From.
    pub by: String,
    /// The subject.
    pub subject: Option<String>,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// The Message-IDs that it goes back to.
    pub answers: Vec<String>,
    /// The intake numbers that its subject names.
    pub numbers: Vec<i64>,
    to: Vec<String>,
}

impl FromUs {
    /// A mail, if its From is one of our addresses or a colleague's and no program wrote it. Whether that From is true is
    /// another question.
    #[must_use]
    pub fn of(message: &Message, own: &Own, colleagues: &[String]) -> Option<Self> {
        let by = message.from.as_ref()?.address.clone()?;
        let ours = own.has(&by) || is_colleague(&by, colleagues);
        // What a group or a forwarder put our name on is another's; and of two From fields nobody knows whose it is.
        let named = message.headers.iter().filter(|field| field.name.eq_ignore_ascii_case("From")).count();
        if !ours || named > 1 || original_author(message, own).is_some() || !is_a_persons(message, own) {
            return None;
        }
        let mut answers: Vec<String> = message.in_reply_to.iter().chain(&message.references).cloned().collect();
        answers.sort_unstable();
        answers.dedup();
        Some(Self {
            by,
            numbers: mail_loop::numbers(message.subject.as_deref().unwrap_or_default()),
            subject: message.subject.clone(),
            message_id: message.message_id.clone(),
            answers,
            to: message.recipients.iter().map(|address| folded(address)).collect(),
        })
    }

    /// Whether it goes to an address, however that is written.
    #[must_use]
    pub fn goes_to(&self, address: &str) -> bool {
        let address = folded(address);
        self.to.contains(&address)
    }

    /// The docket references of a call that its subject names.
    #[must_use]
    pub fn references(&self, prefix: &str) -> Vec<String> {
        mail_loop::references(self.subject.as_deref().unwrap_or_default(), prefix)
    }
}

/// An answer, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was sent, by the mailbox or our relay.
    pub on: Timestamp,
    /// Where it was seen.
    pub seen_in: SeenIn,
    /// It is certain that a colleague wrote it.
    pub vouched: bool,
}

/// What is asked once an answer was seen. `text`: the item brings a text of its own, which no answer decides about.
#[must_use]
pub fn once_answered(asked: &Questions, seen: &Seen, text: bool) -> (AskedThen, Questions) {
    let is_beside = |question: &Question| matches!(question, Question::AnsweredBeside { .. });
    let open = asked.clone().without(is_beside);
    if open.is_empty() {
        return (AskedThen::Nothing, asked.clone());
    }
    let closes = seen.vouched && !text && open.iter().any(is_correspondence);
    let open = if closes { open.without(is_correspondence) } else { open };
    let asked_then = if closes { AskedThen::Closed } else { AskedThen::Open };
    if open.is_empty() {
        return (asked_then, open);
    }
    (asked_then, beside(asked, open, seen))
}

/// Whether a question is about a letter alone, in which nothing speaks for anything else.
fn is_correspondence(question: &Question) -> bool {
    let letter = |kind: Kind| matches!(kind, Kind::Question | Kind::OtherNote);
    match question {
        Question::Correspondence => true,
        Question::WhatFor { proposed, reasons, .. } => {
            letter(*proposed) && reasons.iter().all(|reason| letter(reason.speaks_for))
        }
        _ => false,
    }
}

/// What is asked, with an answer beside it; none takes the place of one that is more certain.
#[must_use]
pub fn with_answer(asked: &Questions, seen: &Seen) -> Questions {
    let open = asked.clone().without(|question| matches!(question, Question::AnsweredBeside { .. }));
    if open.is_empty() { open } else { beside(asked, open, seen) }
}

fn beside(before: &Questions, open: Questions, seen: &Seen) -> Questions {
    let certain = |question: &&Question| matches!(question, Question::AnsweredBeside { wrote: Wrote::Colleague, .. });
    let kept = before.iter().find(certain).filter(|_| !seen.vouched).cloned();
    let Seen { on, seen_in, vouched } = seen.clone();
    open.and(kept.unwrap_or(Question::AnsweredBeside { on, seen: seen_in, wrote: Wrote::by(vouched) }))
}
