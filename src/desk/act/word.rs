//! What a state says of its input without sending one, and the time that it is granted: on the letter in which it says so.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Taken, Tell};
use crate::{
    core::{
        calls::{
            law::Extension,
            said::{Said, Word},
        },
        decision::{self, Act, CivilEnd, Consequences, Decision, ExtendedThen, Refusal, SaidThen},
        iso3::Iso3,
        question::{Question, Several},
        submission::{Held, Receipt, View},
    },
    desk::{Desk, DeskError, case::Case},
    filing::{self, JudgedAgain, Overview},
    instance::OpenCall,
    store::{Id, StoreError, Tx},
};

/// From what a word or an extension is known: the decision, the letter, and when that was received.
#[derive(Clone, Copy)]
pub(super) struct KnownBy {
    pub(super) decision: Id,
    pub(super) item: Option<Id>,
    pub(super) receipt: Receipt,
    pub(super) now: Timestamp,
}

/// What a decision says that a state said.
pub(super) fn word(decision: &Decision) -> Word {
    match decision {
        Decision::Announce { day, .. } => Word::Announced { day: *day },
        _ => Word::Declined,
    }
}

/// The act that goes with a word.
pub(super) fn act(word: Word, states: Vec<Iso3>) -> Act {
    match word {
        Word::Announced { day } => Act::Announce { states, day },
        Word::Declined => Act::Decline { states },
    }
}

/// What the question about an item proposes.
struct AskedFor {
    states: Vec<Iso3>,
    day: Option<Date>,
}

/// The states and the day that the question about an item names, where it asks what they say: who decides as it proposes need
/// not write them again. Of states that are perhaps meant one by one, a person says which.
fn asked_for(case: &Case<'_>) -> Result<Option<AskedFor>, StoreError> {
    let asked = case.item.waiting()?;
    Ok(asked.iter().find_map(|question| match question {
        Question::WhatFor { states, several, day, .. } if states.len() < 2 || *several == Several::Together => {
            Some(AskedFor { states: states.clone(), day: *day })
        }
        _ => None,
    }))
}

pub(super) fn zone(open: &OpenCall) -> TimeZone {
    TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC)
}

impl Desk {
    /// Takes down what states say of their inputs in an item, which is none itself.
    pub(super) async fn take_down(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (states, call): (&[Iso3], Option<&str>),
    ) -> Result<Taken, DeskError> {
        let open = self.call_of(&case.item, call)?;
        let states = self.states_on(tx, case, states).await?;
        let word = match word(&case.order.decision) {
            Word::Announced { day: None } => Word::Announced { day: asked_for(case)?.and_then(|asked| asked.day) },
            word => word,
        };
        self.await_word(tx, &open, &states, word, (case.entry.received, true)).await?;
        let decision = self.put_act(tx, case, act(word, states.clone())).await?;
        filing::leave(tx, &self.instance, case.item.id, Some(decision.id), case.now).await?;
        tx.set_item(case.item.id, Some(open.known.id), case.item.kind, None).await?;
        let receipt = Receipt { at: case.entry.received, number: case.entry.number, n: case.item.n };
        let known = KnownBy { decision: decision.id, item: Some(case.item.id), receipt, now: case.now };
        let mut taken = Taken::new(decision, Tell::Nothing);
        taken.to.said = Self::say(tx, &open, &states, word, known).await?;
        Ok(taken)
    }

    /// Grants states more time: on the letter in which they ask for it, which thereby is decided; or on what they have filed,
    /// which stays as it is.
    pub(super) async fn extend(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (states, call): (&[Iso3], Option<&str>),
        until: CivilEnd,
        authority: &str,
    ) -> Result<Taken, DeskError> {
        let open = self.kept(tx, &*self.call_of(&case.item, call)?).await?;
        let states = self.states_on(tx, case, states).await?;
        let until = self.more_time(&open, &states, until, case.now)?;
        let act = Act::Extend { states: states.clone(), until, authority: authority.to_owned() };
        let decision = self.put_act(tx, case, act).await?;
        if tx.place_of(case.item.id).await?.is_none() {
            tx.set_item(case.item.id, Some(open.known.id), case.item.kind, None).await?;
        }
        let receipt = Receipt { at: case.entry.received, number: case.entry.number, n: case.item.n };
        let known = KnownBy { decision: decision.id, item: Some(case.item.id), receipt, now: case.now };
        let mut taken = Taken::new(decision, Tell::Nothing);
        taken.told_under = Some(open.known.id);
        self.grant(tx, &open, &states, (until, authority), known, &mut taken.to).await?;
        Ok(taken)
    }

    /// The states that are named; else those for which the item is filed, or that the question about it names.
    async fn states_on(&self, tx: &mut Tx, case: &Case<'_>, states: &[Iso3]) -> Result<Vec<Iso3>, DeskError> {
        self.are_known(states)?;
        if !states.is_empty() {
            return Ok(states.to_vec());
        }
        let filed = tx.place_of(case.item.id).await?.map(|(submission, _)| submission.states).unwrap_or_default();
        if !filed.is_empty() {
            return Ok(filed);
        }
        match asked_for(case)? {
            Some(asked) if !asked.states.is_empty() => Ok(asked.states),
            _ => Err(self.refused_on(case, &Refusal::WhichStates { number: case.number.clone() })),
        }
    }

    /// Whether the word of each state says something.
    pub(super) async fn await_word(
        &self,
        tx: &mut Tx,
        open: &OpenCall,
        states: &[Iso3],
        word: Word,
        (said, by_letter): (Timestamp, bool),
    ) -> Result<(), DeskError> {
        let overview = Overview::of(tx, open, View::NOW).await?;
        let lines = overview.stands(&open.roster, &overview.parties());
        for &state in states {
            let line = lines.get(&state);
            decision::awaits(state, word, line, (said, &zone(open)), by_letter)
                .map_err(|refusal| self.refused(&refusal, (said, zone(open))))?;
        }
        Ok(())
    }

    /// A call as it is by now; from here on nobody else sets its deadline or grants more time.
    pub(super) async fn kept(&self, tx: &mut Tx, open: &OpenCall) -> Result<OpenCall, DeskError> {
        tx.change_call(open.known.id).await?;
        Ok(open.under(tx.law(open.known.id).await?))
    }

    /// Until when each state has time by an extension: it must be more than it has.
    pub(super) fn more_time(
        &self,
        open: &OpenCall,
        states: &[Iso3],
        until: CivilEnd,
        now: Timestamp,
    ) -> Result<Timestamp, DeskError> {
        let no_time = |error| DeskError::Refused(format!("{until} is no time of the calendar: {error}."));
        let until = until.instant(&zone(open)).map_err(no_time)?;
        for &state in states {
            let own = open.known.law.extension(state, Timestamp::MAX).map(|more| more.instant);
            decision::extension(state, until, open.deadline.instant, own)
                .map_err(|refusal| self.refused(&refusal, (now, zone(open))))?;
        }
        Ok(until)
    }

    pub(super) async fn say(
        tx: &mut Tx,
        open: &OpenCall,
        states: &[Iso3],
        word: Word,
        known: KnownBy,
    ) -> Result<Vec<SaidThen>, DeskError> {
        let mut all = Vec::new();
        for &state in states {
            let (by, held) = (known.decision, Held::from(known.now));
            let said = Said { state, word, receipt: known.receipt, by, held };
            tx.state_says(open.known.id, &said, known.item).await?;
            all.push(SaidThen { state, word: word.word().to_owned(), day: word.day() });
        }
        Ok(all)
    }

    /// Grants states more time, and judges again what they have filed.
    pub(super) async fn grant(
        &self,
        tx: &mut Tx,
        open: &OpenCall,
        states: &[Iso3],
        (until, authority): (Timestamp, &str),
        known: KnownBy,
        to: &mut Consequences,
    ) -> Result<(), DeskError> {
        for &state in states {
            let more = Extension {
                id: 0,
                state,
                instant: until,
                authority: authority.to_owned(),
                by: known.decision,
                held: Held::from(known.now),
            };
            tx.extend(open.known.id, &more, known.item).await?;
            to.extended.push(ExtendedThen { state, until, authority: authority.to_owned() });
        }
        let judged = filing::judge_again(tx, &self.instance, open.known.id, states, known.now).await?;
        to.also.extend(judged.iter().map(JudgedAgain::event));
        Ok(())
    }
}
