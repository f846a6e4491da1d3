//! What becomes of an item by its purpose and by whose it is, and what a person is asked.
//!
//! Promises that only an input or its correction is filed without a person, where the state is sure, or surely none, and
//! nothing speaks for another purpose; that everything else is asked, with what speaks for and against; and that what must
//! not be answered is not filed by itself.

use super::{
    answer::Fate,
    asked::candidates,
    item::{Item, MainText},
    matching::{Decision, Match},
    relevance::Relevance,
};
use crate::core::{
    mail::mail_loop::Over,
    purpose::{Evidence, Kind, Purpose},
    question::{Missing, Next, Question, Questions, Reason, Several},
};

/// What a title weighs, or the name that a sender bears.
const PLAIN: f64 = 1.0;
/// How many reasons for a purpose, and how many against it, a person is told.
const REASONS: usize = 3;

/// What was found about an item.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) item: &'a Item,
    pub(super) matched: &'a Match,
    pub(super) purpose: &'a Purpose,
    pub(super) relevance: Relevance,
    /// Something ties it to a call, to a state or to a letter of ours.
    pub(super) tied: bool,
    /// It brings a document, or what may hide one.
    pub(super) document: bool,
    /// It points to something elsewhere.
    pub(super) link: bool,
    /// The place of its call.
    pub(super) call: Option<usize>,
    /// How many calls it may be for.
    pub(super) calls: usize,
}

/// What becomes of an item, and what a person is asked.
pub(super) fn settle(found: Found<'_>) -> (Fate, Questions) {
    let Found { item, matched, purpose, call, calls, link, .. } = found;
    match found.relevance {
        Relevance::Unrelated => (Fate::Unrelated, Questions::default()),
        Relevance::Correspondence => corresponds(found),
        Relevance::Input if item.main == MainText::Missing => {
            let missing = if link { Missing::Elsewhere } else { Missing::Announced };
            let next = match call {
                None if calls > 1 => Next::DocumentAndCall,
                _ => Next::Document,
            };
            (Fate::WithoutDocument { link }, Question::NoDocument { missing, next }.into())
        }
        Relevance::Input if call.is_none() && calls > 1 => (Fate::Undecided, Question::WhichCall.into()),
        Relevance::Input => {
            let why = matched.reason.clone();
            let which = || Question::WhichState { candidates: candidates(matched), why };
            match (purpose.goes_by_itself(), matched.decision) {
                (true, Decision::Matched) => (Fate::Registered, Questions::default()),
                (true, Decision::None) if !calls_itself_a_states(matched) => (Fate::Filed, Questions::default()),
                (true, Decision::None | Decision::Review) => (Fate::Undecided, which().into()),
                (false, Decision::Review) => (Fate::Undecided, Questions::from(what_for(found)).and(which())),
                (false, _) => (Fate::Undecided, what_for(found).into()),
            }
        }
    }
}

/// Whether a title, or a name as plain, says of a state that it is its input, though what speaks in it is no Government.
fn calls_itself_a_states(matched: &Match) -> bool {
    matched.evidence.iter().any(|evidence| evidence.weight >= PLAIN)
}

/// A letter that a person answers, or a document that nothing ties to us.
fn corresponds(found: Found<'_>) -> (Fate, Questions) {
    if found.document && !found.tied {
        return (Fate::Stray, Question::Stray.into());
    }
    let asked = match found.purpose.kind {
        Kind::Announcement
        | Kind::Declination
        | Kind::Extension
        | Kind::Withdrawal
        | Kind::Nomination
        | Kind::Template
        | Kind::OwnLetter => what_for(found),
        _ if found.document || found.purpose.evidence.iter().any(|evidence| !evidence.observed) => what_for(found),
        _ => Question::Correspondence,
    };
    (Fate::Correspondence, asked.into())
}

/// The question what it is for, with what speaks for each purpose.
fn what_for(found: Found<'_>) -> Question {
    let Found { purpose, matched, .. } = found;
    let states = match matched.named() {
        states if states.is_empty() => candidates(matched),
        states => states,
    };
    let reason = |evidence: &Evidence| Reason {
        speaks_for: evidence.speaks_for,
        place: evidence.place,
        text: evidence.text.clone(),
    };
    let mut reasons: Vec<Reason> = Vec::new();
    for own in [true, false] {
        let quoted = purpose.told().into_iter().filter(|evidence| !evidence.observed);
        let side = quoted.filter(|evidence| (evidence.speaks_for == purpose.kind) == own).map(reason);
        for told in side.take(REASONS) {
            if !reasons.contains(&told) {
                reasons.push(told);
            }
        }
    }
    let several = if matched.iso3s.is_empty() { Several::OneOf } else { Several::Together };
    Question::WhatFor { proposed: purpose.kind, states, several, day: purpose.day, reasons }
}

/// What would get a letter if the turn were not over is shown to a person; what only repeats is no input by itself.
pub(super) fn unanswered(fate: Fate, waiting: Questions, over: Option<Over>) -> (Fate, Questions) {
    match (over, fate) {
        (None, _) | (_, Fate::Correspondence | Fate::Unrelated | Fate::Stray) => (fate, waiting),
        (Some(over), Fate::WithoutDocument { .. }) => (fate, Question::LoopSuspected(over).into()),
        (Some(Over::NothingNew), _) => (Fate::Undecided, Question::LoopSuspected(Over::NothingNew).into()),
        (Some(over), _) if waiting.is_empty() => (fate, Question::LoopSuspected(over).into()),
        (Some(_), _) => (fate, waiting),
    }
}

/// Nothing is filed or asked for of what is harmful, or must not be answered.
pub(super) fn unfiled(fate: Fate) -> Fate {
    match fate {
        Fate::Correspondence | Fate::Unrelated | Fate::Stray => fate,
        Fate::Registered | Fate::Filed | Fate::Undecided | Fate::WithoutDocument { .. } => Fate::Undecided,
    }
}
