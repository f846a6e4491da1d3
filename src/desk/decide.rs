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
use sha2::{Digest, Sha256};

use super::{
    Desk, DeskError,
    case::{Case, no_entry},
    entry::resolve,
    named::{is_like_a_reference, state_named},
};
use crate::{
    core::{
        actor::Actor,
        decision::{Consequences, Decision, LetterThen, Order, Refusal},
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

/// What a person saw and was told before deciding.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The revision of the entry.
    pub revision: i64,
    /// What the decision was told to come to ([`Decided::told`]).
    pub told: &'a str,
}

impl Decided {
    /// By what it is recognised that a decision comes to the same: all its consequences but for the minutes at which letters
    /// leave.
    #[must_use]
    pub fn told(&self) -> String {
        let mut to = self.consequences.clone().unwrap_or_default();
        for letter in [&mut to.letter, &mut to.act_letter] {
            if let LetterThen::Leaves { at, .. } = letter {
                *at = Timestamp::UNIX_EPOCH;
            }
        }
        hex::encode(Sha256::digest(format!("{to:?}")))
    }
}

async fn commit(tx: Tx) -> Result<(), DeskError> {
    failpoint::reached("before-decision-commit");
    tx.commit().await?;
    failpoint::reached("after-decision-commit");
    Ok(())
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
        let decided = self.decide_in(&mut tx, on, order, actor).await?;
        match mode {
            Mode::Show => tx.roll_back().await?,
            Mode::Do => commit(tx).await?,
        }
        Ok(decided)
    }

    /// Decides the same on an item, if it still is as the person saw it, and the decision still comes to what the person was
    /// told.
    ///
    /// # Errors
    /// As above; or it is not so any more, and what is by now.
    pub async fn decide_as_seen(
        &self,
        on: &str,
        order: &Order,
        actor: &Actor,
        seen: &Seen<'_>,
    ) -> Result<Decided, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let no_entry = || DeskError::NotFound(no_entry(on));
        let (number, _) = resolve(&mut tx, on).await?.ok_or_else(no_entry)?;
        let entry = tx.entry(number).await?.ok_or_else(no_entry)?.id;
        // From here on nobody else changes it.
        if tx.change_entry(entry).await? != seen.revision + 1 {
            let changed = self.changed_by(&mut tx, entry).await?;
            return Err(DeskError::Changed(changed));
        }
        let decided = self.decide_in(&mut tx, on, order, actor).await?;
        if decided.told() != seen.told {
            let said = "What this comes to has changed since you were told; read it again. Nothing was done.";
            return Err(DeskError::Changed(said.to_owned()));
        }
        commit(tx).await?;
        Ok(decided)
    }

    /// What the last person did to an entry that has changed.
    async fn changed_by(&self, tx: &mut Tx, entry: Id) -> Result<String, DeskError> {
        let happened = tx.events_of_message(entry).await?;
        let last = happened.into_iter().rev().find(|event| matches!(event.actor, Actor::Person { .. }));
        let Some(last) = last else {
            return Ok("This entry has changed meanwhile. Nothing of yours was done or lost.".to_owned());
        };
        let zone = self.zone_of(None);
        let (who, at) =
            (last.actor.name().to_owned(), last.at.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string());
        let what = self.happenings(vec![last], &zone, Language::En).pop().map(|happening| happening.what);
        let what = what.unwrap_or_default();
        Ok(format!("{who} decided on this at {at}: {what} Nothing of yours was done or lost."))
    }

    async fn decide_in(&self, tx: &mut Tx, on: &str, order: &Order, actor: &Actor) -> Result<Decided, DeskError> {
        Ok(match order.decision {
            Decision::Release => self.on_letter(tx, on, LetterState::Waiting, actor, &order.reason).await?,
            Decision::Discard => self.on_letter(tx, on, LetterState::Discarded, actor, &order.reason).await?,
            Decision::Resend => self.on_letter(tx, on, LetterState::Released, actor, &order.reason).await?,
            _ => {
                let came = self.on_entry_or_state(tx, on, order, actor).await?;
                let mut said: Vec<String> = self.came_to(&came.to, (came.at, &came.zone), Language::En);
                said.extend(came.beside);
                Decided { reference: came.reference, consequences: Some(came.to), said }
            }
        })
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

    pub(super) async fn on_letter(
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
