//! The acts on an item, one way for all: as it stood, the act, as it stands, the letter, and all that on record.
//!
//! Promises that what is told of a decision is read from the facts before and after it, so that nothing is told which is not
//! so; and that of several items of a message the letter speaks of what stands, whichever of them was decided.

mod ask;
mod leave;
mod picture;
mod place;
mod state;
mod undo;
mod word;

use super::{
    Desk, DeskError,
    case::{Case, OnRecord},
    decide::Came,
};
use crate::{
    core::{
        decision::{Act, Consequences, Decision, LetterThen, Ruling},
        event::{Dropped, Event},
        judging::{relevance::Relevance, silence::Silence},
        letter_kind::{LetterKind, Occasion},
    },
    filing::{self, By, OnMessage, lines},
    store::{About, Id, Tx},
};

/// What the sender is told of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tell {
    /// What stands of the message.
    WhatStands,
    /// Nothing of it.
    Nothing,
}

/// An act that was taken, before it is told.
struct Taken {
    decision: OnRecord,
    /// What it comes to beside what the facts tell.
    to: Consequences,
    beside: Vec<String>,
    tell: Tell,
    /// The act is told in a letter of its own, under this call.
    told_under: Option<Id>,
}

impl Taken {
    fn new(decision: OnRecord, tell: Tell) -> Self {
        Self { decision, to: Consequences::default(), beside: Vec::new(), tell, told_under: None }
    }
}

impl Desk {
    /// Takes a decision on an item.
    pub(super) async fn on_item(&self, tx: &mut Tx, case: &Case<'_>) -> Result<Came, DeskError> {
        let before = self.picture(tx, case.item.id).await?;
        let mut taken = match &case.order.decision {
            Decision::Undo => self.undo(tx, case).await?,
            Decision::Assign { states, call, known_sender } => {
                self.assign(tx, case, (states, call.as_deref()), *known_sender).await?
            }
            Decision::UnreadableButOurs { states, call } => {
                self.unreadable_but_ours(tx, case, (states, call.as_deref())).await?
            }
            Decision::VersionOf { of }
            | Decision::RenditionOf { of, .. }
            | Decision::AdditionTo { of, .. }
            | Decision::DuplicateOf { of }
            | Decision::Correspondence { of: Some(of), .. } => self.place_beside(tx, case, of).await?,
            Decision::Correspondence { answered, of: None } => self.correspondence(tx, case, answered.clone()).await?,
            Decision::NotAnInput { unrelated } => self.not_an_input(tx, case, *unrelated).await?,
            Decision::Withdraw { of } => self.withdraw(tx, case, of.as_deref()).await?,
            Decision::Announce { states, call, .. } | Decision::Decline { states, call } => {
                self.take_down(tx, case, (states, call.as_deref())).await?
            }
            Decision::Extend { states, until, authority, call } => {
                self.extend(tx, case, (states, call.as_deref()), *until, authority).await?
            }
            Decision::AskSender => self.ask_sender(tx, case).await?,
            Decision::Release | Decision::Discard | Decision::Resend => {
                return Err(DeskError::Refused("That is decided on a letter, by its number.".to_owned()));
            }
        };
        let undo = case.order.decision == Decision::Undo;
        if !undo && !stands_beside(&case.order.decision) {
            self.end_earlier(tx, case, &mut taken).await?;
        }
        if self.settle_unrelated(tx, case).await? && !undo {
            taken.to.confirmed = Some(Relevance::Unrelated);
        }
        let (events, flagged) = self.settle_senders(tx, case, &taken.decision).await?;
        taken.to.also.extend(events);
        taken.beside.extend(flagged);
        if !undo {
            self.tell_of(tx, case, &mut taken).await?;
            self.tell_of_act(tx, case, &mut taken).await?;
        }
        let after = self.picture(tx, case.item.id).await?;
        let (act, number) = (taken.decision.kind.clone(), Some(case.number.clone()));
        let mut to = Consequences { act, number, ..taken.to };
        self.tell_changes(tx, (&before, &after), taken.decision.id, &mut to).await?;
        tx.keep_consequences(taken.decision.id, &to).await?;
        let reference = to.filed.as_ref().map(|filed| filed.reference.clone());
        let zone = self.zone_of(tx.item_row(case.item.id).await?.call_id);
        Ok(Came { reference, to, beside: taken.beside, zone, at: case.now })
    }

    /// Ends what an earlier decision on the item had a state say or take back by it, with the letter about that.
    async fn end_earlier(&self, tx: &mut Tx, case: &Case<'_>, taken: &mut Taken) -> Result<(), DeskError> {
        let (item, decision) = (case.item.id, taken.decision.id);
        for earlier in filing::end_earlier(tx, &self.instance, item, decision, case.now).await? {
            let told = Occasion::Message { message: case.entry.id, decision: Some(earlier) };
            let (occasion, why) = (told.key(LetterKind::Withdrawn), Dropped::EntryChanged);
            if let Some((letter, kind)) = tx.discard_unsent_of_act(&occasion, &why, case.now).await? {
                let event = Event::LetterDropped { letter: kind, why };
                let about = About { letter: Some(letter), ..About::message(case.entry.id) };
                tx.record(case.now, about, case.actor, &event)?;
                taken.to.also.push(event);
            }
        }
        Ok(())
    }

    /// Puts an act on record that is not told by a kind of its own.
    async fn put_act(&self, tx: &mut Tx, case: &Case<'_>, act: Act) -> Result<OnRecord, DeskError> {
        let decision = self.put_on_record(tx, case, &Ruling::Act(act.clone()), None).await?;
        tx.say(lines::decision(&case.number, case.actor, &self.instance.in_words(&act.phrase())));
        let event = Event::Decided { act, reason: case.order.reason.clone() };
        tx.record(case.now, About::message(case.entry.id), case.actor, &event)?;
        Ok(decision)
    }

    /// Decides the letter. What had been decided for other items of the message, and was stopped, is decided again.
    async fn tell_of(&self, tx: &mut Tx, case: &Case<'_>, taken: &mut Taken) -> Result<(), DeskError> {
        if taken.to.letter != LetterThen::Unchanged {
            return Ok(());
        }
        let stopped = taken.decision.stopped.last().map(|(_, letter)| *letter);
        taken.to.letter = match (taken.tell, stopped) {
            (Tell::WhatStands, _) if !case.order.letter => {
                let why = Silence::NotWished;
                tx.set_answer(case.entry.id, &why.told().plain()).await?;
                LetterThen::None { why }
            }
            (Tell::WhatStands, _) => self.answer_anew(tx, case, None, By::Person(taken.decision.id)).await?,
            (Tell::Nothing, _) if self.was_told_as_input(tx, case, taken).await? => {
                self.answer_anew_as(tx, case, Some(case.item.id), By::Person(taken.decision.id)).await?
            }
            (Tell::Nothing, None) => LetterThen::Unchanged,
            (Tell::Nothing, Some(letter)) => {
                if self.others_are_owed(tx, case).await? {
                    self.answer_anew(tx, case, None, By::Person(taken.decision.id)).await?
                } else {
                    LetterThen::Stopped { letter }
                }
            }
        };
        Ok(())
    }

    /// Decides the letter that tells of the act itself.
    async fn tell_of_act(&self, tx: &mut Tx, case: &Case<'_>, taken: &mut Taken) -> Result<(), DeskError> {
        let Some(call) = taken.told_under else { return Ok(()) };
        if !case.order.letter {
            taken.to.act_letter = LetterThen::None { why: Silence::NotWished };
            return Ok(());
        }
        let open = self.call_by_id(call)?.under(tx.law(call).await?);
        let Some(answering) = self.answering(tx, case).await? else {
            taken.to.act_letter = LetterThen::Erased;
            return Ok(());
        };
        let (decision, due) = (taken.decision.id, self.leaves_at(case.now));
        let on = OnMessage { entry: &case.entry, answering: &answering, decision, due };
        let to = &taken.to;
        taken.to.act_letter = if let Some(back) = &to.withdrawn {
            let what = (back.reference.as_str(), back.states.as_slice(), back.until);
            filing::tell_of_withdrawal(tx, &self.instance, &open, what, on).await?
        } else if let Some(until) = to.extended.first().map(|more| more.until) {
            let states: Vec<_> = to.extended.iter().map(|more| more.state).collect();
            filing::tell_of_extension(tx, &self.instance, &open, (&states, until), on).await?
        } else {
            LetterThen::Unchanged
        };
        Ok(())
    }

    /// Whether a receipt that left told of the item as registered, and a person has found that it is no input.
    async fn was_told_as_input(&self, tx: &mut Tx, case: &Case<'_>, taken: &Taken) -> Result<bool, DeskError> {
        // An act that is told by itself stops a correction no more than any other letter.
        let stopped = taken.decision.stopped.iter().any(|(_, letter)| *letter == LetterKind::Correction);
        if !case.order.letter || taken.told_under.is_some() && !stopped {
            return Ok(false);
        }
        self.is_owed_correction(tx, case).await
    }

    /// Whether a receipt that left told of the item as registered, and it is no input.
    async fn is_owed_correction(&self, tx: &mut Tx, case: &Case<'_>) -> Result<bool, DeskError> {
        let is_input = tx.place_of(case.item.id).await?.is_some_and(|(_, filed)| filed.place.is_received());
        Ok(!is_input && filing::told_as_registered(tx, case.entry.id, case.item.id).await?)
    }

    /// Whether something of the message is filed that a letter tells of.
    async fn others_are_owed(&self, tx: &mut Tx, case: &Case<'_>) -> Result<bool, DeskError> {
        for item in tx.items(case.entry.id).await? {
            if tx.place_of(item.id).await?.is_some_and(|(_, filed)| filed.place.is_received()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a decision leaves what was decided on the item before as it is: it grants or asks for something beside it.
fn stands_beside(decision: &Decision) -> bool {
    matches!(decision, Decision::Extend { .. } | Decision::AskSender)
}
