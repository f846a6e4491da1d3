//! The door through which every decision goes: on an item, on a state, or on a letter.
//!
//! A decision takes effect at once and its letter waits for the undo window; what was decided before stays on record. Promises
//! that who only tries one is told the same as who takes it, for it is taken in a transaction that is rolled back; and that
//! what a decision comes to is kept with it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Desk, DeskError,
    case::{Case, no_entry},
    entry::resolve,
    named::{is_like_a_reference, state_named},
};
use crate::{
    core::{
        actor::Actor,
        decision::{Consequences, Decision, Order, Refusal},
        event::{Event, LetterMove},
        text::language::Language,
    },
    failpoint,
    filing::lines,
    store::{About, Id, LetterRow, LetterState, Read, Tx},
};

/// Whether a decision is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Do,
    /// It is only shown what it would come to.
    Show,
}

/// What a decision came to, for the one who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The docket reference it is filed under, if it is.
    pub reference: Option<String>,
    /// What it came to, as it is kept with the decision; none of a letter.
    pub consequences: Option<Consequences>,
    /// The same in sentences, one a line, and what is to be said beside that.
    pub said: Vec<String>,
}

/// What a decision on an item or a state has come to, and what is to be said beside that.
pub(super) struct Came {
    pub(super) reference: Option<String>,
    pub(super) to: Consequences,
    pub(super) beside: Vec<String>,
    pub(super) zone: TimeZone,
    pub(super) at: Timestamp,
}

impl Desk {
    /// Decides, by whoever it is and for a reason: the one door for the terminal and the pages. What is decided on is an
    /// entry or an item, by docket reference or intake number; a state, by code or name; or a letter, by its number. An input
    /// that is assigned with its sender makes the sender's address evidence for that state from now on. What is no input, and
    /// is unrelated or was found to be by the program, is thereby confirmed as unrelated where nothing else in its message is
    /// filed or waits; its text may then be erased by the setting `purge_unrelated_after`.
    ///
    /// # Errors
    /// There is nothing of that name, the act makes no sense there, a row of it cannot be read, or the database did not
    /// answer. Then nothing was changed.
    pub async fn decide(&self, on: &str, order: &Order, actor: &Actor, mode: Mode) -> Result<Decided, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let decided = match order.decision {
            Decision::Release => self.on_letter(&mut tx, on, LetterState::Waiting, actor, &order.reason).await?,
            Decision::Discard => self.on_letter(&mut tx, on, LetterState::Discarded, actor, &order.reason).await?,
            Decision::Resend => self.on_letter(&mut tx, on, LetterState::Released, actor, &order.reason).await?,
            _ => {
                let came = self.on_entry_or_state(&mut tx, on, order, actor).await?;
                let mut said: Vec<String> = self.came_to(&came.to, (came.at, &came.zone), Language::En);
                said.extend(came.beside);
                Decided { reference: came.reference, consequences: Some(came.to), said }
            }
        };
        match mode {
            Mode::Show => tx.roll_back().await?,
            Mode::Do => {
                failpoint::reached("before-decision-commit");
                tx.commit().await?;
                failpoint::reached("after-decision-commit");
            }
        }
        Ok(decided)
    }

    async fn on_entry_or_state(&self, tx: &mut Tx, on: &str, order: &Order, actor: &Actor) -> Result<Came, DeskError> {
        if let Some(place) = resolve(tx, on).await? {
            let case = self.case(tx, (on, place), actor, order).await?;
            return self.on_item(tx, &case).await;
        }
        let state = match self.instance.register.lookup(on) {
            Some(state) => state,
            None if is_like_a_reference(on) => return Err(DeskError::NotFound(no_entry(on))),
            None => state_named(&self.instance.register, on)?,
        };
        match &order.decision {
            // What is taken back is what was filed.
            Decision::Withdraw { of: None } => {
                let reference = self.only_one_of(tx, state).await?;
                let place = resolve(tx, &reference).await?.ok_or_else(|| DeskError::NotFound(no_entry(&reference)))?;
                let case = self.case(tx, (&reference, place), actor, order).await?;
                self.on_item(tx, &case).await
            }
            Decision::Undo => match self.withdrawn_last(tx, state).await? {
                Some((number, n)) => {
                    let case = self.case(tx, (on, (number, Some(n))), actor, order).await?;
                    self.on_item(tx, &case).await
                }
                None => self.on_state(tx, state, order, actor).await,
            },
            _ => self.on_state(tx, state, order, actor).await,
        }
    }

    /// What a decision came to, a sentence each, for a reader.
    #[must_use]
    pub fn came_to(&self, to: &Consequences, (at, zone): (Timestamp, &TimeZone), language: Language) -> Vec<String> {
        to.phrase().iter().map(|phrase| self.in_words(phrase, at, zone.clone(), language)).collect()
    }

    /// Why an act is refused, for a person.
    pub(super) fn refused(&self, refusal: &Refusal, (at, zone): (Timestamp, TimeZone)) -> DeskError {
        DeskError::Refused(self.in_words(&refusal.phrase(), at, zone, Language::En))
    }

    /// The same of a decision on an item.
    pub(super) fn refused_on(&self, case: &Case<'_>, refusal: &Refusal) -> DeskError {
        self.refused(refusal, (case.now, self.zone_of(case.item.call_id)))
    }

    async fn on_letter(
        &self,
        tx: &mut Tx,
        on: &str,
        to: LetterState,
        actor: &Actor,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let no_letter = || DeskError::NotFound(format!("{on} is no letter; `docket letters` lists them."));
        let letter: Id = on.trim().parse().map_err(|_| no_letter())?;
        let said = self.move_letter(tx, letter, to, actor, reason).await?;
        Ok(Decided { reference: None, consequences: None, said: vec![said] })
    }

    /// The letters, oldest first; of one that cannot be read, why.
    pub async fn letters(&self) -> Result<Vec<Read<LetterRow>>, DeskError> {
        Ok(self.instance.db.snapshot().await?.letters().await?)
    }

    /// A letter by its number; none if there is none.
    pub async fn letter(&self, id: Id) -> Result<Option<LetterRow>, DeskError> {
        Ok(self.instance.db.snapshot().await?.letter(id).await?)
    }

    /// Lets a held letter go, keeps one from going, or sends one that failed once more with the same bytes.
    async fn move_letter(
        &self,
        tx: &mut Tx,
        id: Id,
        to: LetterState,
        actor: &Actor,
        reason: &str,
    ) -> Result<String, DeskError> {
        let Some(letter) = tx.letter(id).await? else {
            return Err(DeskError::NotFound(format!("There is no letter {id}.")));
        };
        let from = letter.state;
        let frozen = tx.letter_bytes(id).await?.is_some();
        let to = match (from, to) {
            (LetterState::Held, LetterState::Waiting) if frozen => LetterState::Released,
            (LetterState::Held, LetterState::Waiting)
            | (LetterState::Held | LetterState::Waiting | LetterState::Failed, LetterState::Discarded)
            | (LetterState::Failed | LetterState::Sent, LetterState::Released) => to,
            _ => {
                let state = super::letter_state(from);
                return Err(DeskError::Refused(format!("Letter {id} is {state}; that cannot be done with it now.")));
            }
        };
        if to == LetterState::Released && !frozen {
            return Err(DeskError::Refused(format!("Letter {id} was never made; decide its entry again instead.")));
        }
        let now = self.instance.clock.now();
        let why = Some(reason).filter(|_| to == LetterState::Discarded);
        if !tx.move_letter(id, from, to, why, now, now).await? {
            return Err(DeskError::Refused(format!("Letter {id} moved meanwhile; look at it again.")));
        }
        let decided = if to == LetterState::Discarded { "it does not leave" } else { "it leaves now" };
        let to = if to == LetterState::Discarded { LetterMove::Discarded } else { LetterMove::Leaves };
        let event = Event::LetterMoved { letter: id, to, reason: reason.to_owned() };
        tx.record(now, About { message: letter.message_id, ..About::letter(id) }, actor, &event)?;
        tx.say(lines::decision(&format!("letter {id}"), actor, decided));
        Ok(self.in_words(&event.phrase(), now, self.zone_of(None), Language::En))
    }
}
