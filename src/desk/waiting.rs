//! What must be decided: undecided items, letters that are held, and letters that failed.
//!
//! Promises that whatever keeps a reminder back comes first, and that nothing else waits longer than what stands above it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    Desk, DeskError,
    later::{InHand, Later},
    sender,
    view::Waiting,
};
use crate::{
    core::{calls::reminder, iso3::Iso3, question::Question, text::language::Language},
    filing,
    instance::OpenCall,
    store::{HeldLetter, Id, LetterState, StoreError, Tx, Undelivered, WaitingRow, When, intake_number},
};

/// Something that must be decided. The serialised names are the interface of `docket waiting --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToDecide {
    /// `M-000123` or `M-000123/2`.
    pub number: String,
    /// The sender as written, name and address.
    pub from: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// Since when it waits.
    pub since: Timestamp,
    /// For how many seconds it waits.
    pub age: i64,
    /// The question, in a sentence or several.
    pub question: String,
    /// The states it may be of.
    pub states: Vec<Iso3>,
    /// Their names.
    pub names: Vec<String>,
    /// The states whose reminders it holds back now.
    pub unblocks: Vec<Iso3>,
    /// Who has it open in the pages, by name.
    pub open_with: Vec<String>,
    /// Who is in charge of its entry, by name.
    pub in_charge: Option<String>,
    /// Until when it is left, if it is left for later.
    pub later: Option<Later>,
}

/// A case, and what else is known of it.
pub(super) struct Asked {
    pub(super) case: Waiting,
    from: Option<String>,
    /// The call that it is for; none while that is open.
    call: Option<String>,
    /// It may be any state's.
    anybodys: bool,
    pub(super) open_with: Vec<String>,
    in_charge: Option<String>,
    pub(super) later: Option<Later>,
}

/// The states whose reminders are held back now, by the code of their call.
pub(super) struct HeldBack(Vec<(String, BTreeSet<Iso3>)>);

impl HeldBack {
    /// Whether it depends on nothing what is decided first.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, states)| states.is_empty())
    }

    /// The states whose reminders a case holds back, by its call and the states that it may be of.
    pub(super) fn by(&self, call: Option<&str>, candidates: &[Iso3], anybodys: bool) -> BTreeSet<Iso3> {
        let of_its_calls = self.0.iter().filter(|(code, _)| call.is_none_or(|call| call == code));
        let states = of_its_calls.flat_map(|(_, states)| states.iter().copied());
        states.filter(|iso3| anybodys || candidates.contains(iso3)).collect()
    }
}

/// How many cases wait in a call.
pub(super) async fn how_many(tx: &mut Tx, call: &str) -> Result<u64, StoreError> {
    let call = Some(call);
    let all = tx.how_many_wait(call).await? + tx.how_many_are_held(call).await? + tx.how_many_failed(call).await?;
    Ok(u64::try_from(all).unwrap_or_default())
}

impl Desk {
    /// What must be decided in a call, or in all: first what holds reminders back now, the most of them first, then the
    /// oldest; behind all that, in the same order, what is left for later.
    pub async fn waiting(&self, call: Option<&str>, language: Language) -> Result<Vec<ToDecide>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let now = self.instance.clock.now();
        let held = self.held_back_in(&mut tx, call, now).await?;
        let asked = self.asked_in(&mut tx, call, language).await?;
        let mut all: Vec<ToDecide> = asked.into_iter().map(|asked| self.to_decide(asked, &held, now)).collect();
        all.sort_by_key(|case| (case.later.is_some(), Reverse(case.unblocks.len()), case.since));
        Ok(all)
    }

    /// The states whose reminders are held back now, in a call or in all.
    pub(super) async fn held_back_in(
        &self,
        tx: &mut Tx,
        call: Option<&str>,
        now: Timestamp,
    ) -> Result<HeldBack, StoreError> {
        let mut held = Vec::new();
        for open in self.instance.calls().iter().filter(|open| call.is_none_or(|code| code == open.call.code)) {
            held.push((open.call.code.clone(), self.reminders_held_back(tx, open, now).await?));
        }
        Ok(HeldBack(held))
    }

    /// A case as it is listed.
    pub(super) fn to_decide(&self, asked: Asked, held: &HeldBack, now: Timestamp) -> ToDecide {
        let Asked { case, from, call, anybodys, open_with, in_charge, later } = asked;
        let unblocks = self.by_name(held.by(call.as_deref(), &case.candidates, anybodys));
        ToDecide {
            number: case.number,
            from,
            subject: case.subject,
            since: case.since,
            age: now.duration_since(case.since).as_secs().max(0),
            question: case.question,
            names: case.names,
            states: case.candidates,
            unblocks: unblocks.into_iter().map(|(iso3, _)| iso3).collect(),
            open_with,
            in_charge,
            later,
        }
    }

    /// The states that the step of a call which is due would remind now, if nothing were undecided.
    async fn reminders_held_back(
        &self,
        tx: &mut Tx,
        open: &OpenCall,
        now: Timestamp,
    ) -> Result<BTreeSet<Iso3>, StoreError> {
        let [due, _] = reminder::last_and_next(&open.call.reminders, &open.deadline, now);
        let Some((_, step)) = due.filter(|_| now < open.deadline.instant) else { return Ok(BTreeSet::new()) };
        let (standings, people) = match filing::to_remind(tx, open, Some(&step.step), now).await {
            Ok(known) => known,
            // Then nobody is reminded, whatever is decided; what cannot be read is in the list by itself.
            Err(StoreError::Row(_)) => return Ok(BTreeSet::new()),
            Err(error) => return Err(error),
        };
        let ours = |iso3: &Iso3| people.get(iso3).is_some_and(|person| self.instance.is_ours(&person.address));
        Ok(reminder::held_back(&standings).into_iter().filter(|iso3| !ours(iso3)).collect())
    }

    /// What waits for a person in a call or in all, oldest first, asked in a language.
    async fn asked_in(&self, tx: &mut Tx, call: Option<&str>, language: Language) -> Result<Vec<Asked>, StoreError> {
        let in_hand = self.in_hand(tx, self.instance.clock.now()).await?;
        let waiting = tx.waiting(call).await?;
        let mut all: Vec<Asked> = waiting.into_iter().map(|row| self.undecided(row, &in_hand, language)).collect();
        all.extend(self.letters_asked(tx, call, language).await?.into_iter().map(|(_, asked)| asked));
        all.sort_by_key(|asked| asked.case.since);
        Ok(all)
    }

    /// The letters of which a person is asked something, each with its id.
    pub(super) async fn letters_asked(
        &self,
        tx: &mut Tx,
        call: Option<&str>,
        language: Language,
    ) -> Result<Vec<(Id, Asked)>, StoreError> {
        let held = tx.held_letters(call).await?;
        let mut all: Vec<(Id, Asked)> =
            held.into_iter().map(|letter| (letter.id, self.held(letter, language))).collect();
        let failed = tx.undelivered(call).await?;
        let states = if failed.is_empty() { Vec::new() } else { tx.states_of_letters(LetterState::Failed).await? };
        all.extend(failed.into_iter().map(|letter| {
            // Of a code that is none, the line of its message says so.
            let its =
                states.iter().filter(|(id, _)| *id == letter.id).filter_map(|(_, iso3)| iso3.clone().ok()).collect();
            (letter.id, self.undelivered(letter, its, language))
        }));
        Ok(all)
    }

    pub(super) fn undecided(&self, row: WaitingRow, in_hand: &InHand, language: Language) -> Asked {
        let number = intake_number(row.number);
        let question = self.asked(row.waiting(), row.since, language).unwrap_or_default();
        let (candidates, names) = self.by_name(row.candidates.iter().copied()).into_iter().unzip();
        let (open_with, later) = (in_hand.open_with(row.item), in_hand.later(row.item, &row.question_key()));
        let in_charge = in_hand.in_charge(row.item);
        let (anybodys, from) = (row.is_anybodys(), sender(row.from.0.as_deref(), row.from.1.as_deref()));
        let case = Waiting {
            question: if row.alone {
                format!("{question} “docket reread {number}” reads it again, once that is mended.")
            } else {
                question
            },
            number: row.item_n.map_or_else(|| number.clone(), |n| format!("{number}/{n}")),
            since: row.since,
            subject: row.subject,
            candidates,
            names,
        };
        Asked { case, from, call: row.call, anybodys, open_with, in_charge, later }
    }

    fn held(&self, letter: HeldLetter, language: Language) -> Asked {
        let from = sender(letter.from_name.as_deref(), letter.from_address.as_deref());
        let question = Question::HeldLetter { letter: letter.id, why: letter.reason };
        let case = Waiting {
            number: letter.number.map_or_else(|| letter.id.to_string(), intake_number),
            question: self.with_time(&question, letter.since, language),
            since: letter.since.nearest(),
            subject: letter.subject,
            candidates: Vec::new(),
            names: Vec::new(),
        };
        Asked { case, from, call: None, anybodys: false, open_with: Vec::new(), in_charge: None, later: None }
    }

    fn undelivered(&self, letter: Undelivered, states: Vec<Iso3>, language: Language) -> Asked {
        let Undelivered { id, kind, reason, since, number, subject, from_name, from_address } = letter;
        let (candidates, names) = self.by_name(states.iter().copied()).into_iter().unzip();
        let question = Question::LetterFailed { letter: id, what: kind.ok(), states, why: reason };
        let case = Waiting {
            number: number.map_or_else(|| id.to_string(), intake_number),
            question: self.with_time(&question, since, language),
            since: since.nearest(),
            subject,
            candidates,
            names,
        };
        let from = sender(from_name.as_deref(), from_address.as_deref());
        // The states for which something is filed are reminded of nothing.
        Asked { case, from, call: None, anybodys: false, open_with: Vec::new(), in_charge: None, later: None }
    }

    /// A question about something whose time is its place in a list, which says so where that cannot be read.
    fn with_time(&self, question: &Question, at: When, language: Language) -> String {
        let said = self.in_words(&question.phrase(), at.nearest(), TimeZone::UTC, language);
        match at.time() {
            Ok(_) => said,
            Err(why) => format!("{said} Since when cannot be read: {why}."),
        }
    }
}
