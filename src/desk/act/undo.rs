//! Taking a decision back: the item is again what it was before it.
//!
//! Promises that nothing is deleted: what the decision had filed stays on record, and the decision itself with who took it
//! back and why; what it had ended holds again, with the number that it had. A letter that has left is not unsaid: that is
//! said plainly. It does not ask what was decided: whatever comes before it, the item as it was is kept with every decision.

use super::{Taken, Tell};
use crate::{
    core::{
        actor::Actor,
        decision::{LetterThen, Refusal, Ruling},
        event::{Dropped, Event, LetterAfterUndo},
        judging::{
            answer::{Answer, Letter},
            matching::Kind,
        },
        letter_kind::{LetterKind, Occasion},
        question::{Question, Questions},
        text::language::Language,
    },
    desk::{Desk, DeskError, case::Case},
    filing::{self, By, JudgedAgain, lines},
    letters::facts::Facts,
    store::{About, DecisionRow, Id, LetterState, StoreError, Tx},
};

impl Desk {
    /// Takes back the decision that stands on an item. What was before holds again: the decision before it, or what the
    /// program had concluded.
    pub(super) async fn undo(&self, tx: &mut Tx, case: &Case<'_>) -> Result<Taken, DeskError> {
        let decisions = tx.decisions(case.entry.id).await?;
        let on_item = || decisions.iter().rev().filter(|decision| decision.item_id == Some(case.item.id));
        let Some(undone) = on_item().find(|decision| decision.stands()) else {
            return Err(self.refused_on(case, &nothing_stands(case, on_item().next())));
        };
        let undo = self.put_on_record(tx, case, &Ruling::Undone, Some(undone)).await?;
        let event = Event::Undone {
            reason: case.order.reason.clone(),
            decision: undone.ruling()?.undone(),
            by: undone.actor.clone(),
            because: undone.reason.clone(),
        };
        tx.record(case.now, About::message(case.entry.id), case.actor, &event)?;
        tx.say(lines::decision(&case.number, case.actor, "the one before is taken back"));
        let mut taken = Taken::new(undo, Tell::Nothing);
        taken.to.also.push(event);
        let (waiting, judged) = self.reinstate(tx, case, (undone, taken.decision.id)).await?;
        taken.to.also.extend(judged.iter().map(JudgedAgain::event));
        taken.to.asked = waiting.iter().cloned().collect();
        if case.entry.purged_at.is_some() {
            taken.beside.push("Its text was erased meanwhile, and does not come back.".to_owned());
        }
        let (letters, left) = self.letters_undone(tx, case, undone, &taken.decision.stopped).await?;
        taken.to.also.extend(letters);
        let standing: Vec<&DecisionRow> = decisions.iter().filter(|d| d.stands() && d.id != undone.id).collect();
        taken.to.letter = self.letter_again(tx, case, (undone, taken.decision.id), &standing, left).await?;
        Ok(taken)
    }

    /// Makes the item what it was, and yields what a person is asked about it again, and what is judged otherwise.
    async fn reinstate(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (undone, undo): (&DecisionRow, Id),
    ) -> Result<(Questions, Vec<JudgedAgain>), DeskError> {
        let item = case.item.id;
        let judged = filing::take_back(tx, &self.instance, undone.id, undo, case.now).await?;
        let (call, kind, waiting) = if let Some(past) = tx.past(undone.id).await? {
            (past.call_id, past.kind, past.waiting()?)
        } else {
            // It is older than the record of what was before it.
            let place = tx.place_of(item).await?;
            let kind = place.map_or(Kind::Ambiguous, |(submission, _)| submission.kind);
            (case.item.call_id, kind, Question::DecideAgain.into())
        };
        tx.set_item(item, call, kind, Some(&waiting)).await?;
        if let Some(asked) = self.asked(Ok(waiting.clone()), case.entry.received, Language::En) {
            tx.say(lines::waits(&case.number, &asked));
        }
        Ok((waiting, judged))
    }

    /// What becomes of the letters that were decided since, and whether one of them has left.
    async fn letters_undone(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        undone: &DecisionRow,
        stopped: &[(Id, LetterKind)],
    ) -> Result<(Vec<Event>, bool), DeskError> {
        let mut events = Vec::new();
        let mut left = false;
        let since = undone.at.time().map_err(StoreError::Row)?;
        let mut its_own = Vec::new();
        for kind in [LetterKind::ExtensionGranted, LetterKind::Withdrawn] {
            let occasion = Occasion::Message { message: case.entry.id, decision: Some(undone.id) }.key(kind);
            its_own.extend(tx.letter_of_occasion(&occasion).await?);
        }
        for letter in tx.readable_letters_of(case.entry.id).await? {
            let (id, recipient) = (letter.id, letter.recipient.clone());
            let became = if stopped.iter().any(|(stopped, _)| *stopped == id) {
                LetterAfterUndo::Stopped
            } else if letter.decided_at < since || letter.kind.is_of_an_act() && !its_own.contains(&id) {
                continue;
            } else {
                match (letter.state, letter.sent_at) {
                    (LetterState::Sent, Some(at)) => LetterAfterUndo::Left { recipient, at },
                    (LetterState::Sent | LetterState::Sending, _) => LetterAfterUndo::Leaving { recipient, number: id },
                    (state @ (LetterState::Released | LetterState::Held), _) => {
                        let why = Dropped::DecisionUndone.phrase().plain();
                        tx.move_letter(id, state, LetterState::Discarded, Some(&why), case.now, case.now).await?;
                        LetterAfterUndo::MayHaveLeft { recipient }
                    }
                    (LetterState::Waiting | LetterState::Failed | LetterState::Discarded, _) => continue,
                }
            };
            left |= became != LetterAfterUndo::Stopped;
            let about = About { message: Some(case.entry.id), ..About::letter(id) };
            let event = Event::LetterUndone { letter: letter.kind, became };
            tx.record(case.now, about, case.actor, &event)?;
            events.push(event);
        }
        Ok((events, left))
    }

    /// Decides again the letter that the decision had stopped, or the one that is due to what stands beside it.
    async fn letter_again(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (undone, undo): (&DecisionRow, Id),
        standing: &[&DecisionRow],
        left: bool,
    ) -> Result<LetterThen, DeskError> {
        let by = if standing.is_empty() { By::Program } else { By::Person(undo) };
        let beside = standing.iter().any(|decision| decision.item_id != Some(case.item.id));
        match undone.letter_before.clone().map_err(StoreError::Row)? {
            None if !beside => {
                if let Some(answer) = undone.answer_before.as_deref().filter(|_| !left) {
                    tx.set_answer(case.entry.id, answer).await?;
                }
                Ok(LetterThen::Unchanged)
            }
            Some(LetterKind::Query) if !beside => {
                if tx.wrote_since(case.entry.id).await? {
                    let said = "The sender has written since, and is not asked for the document again.";
                    tx.set_answer(case.entry.id, said).await?;
                    return Ok(LetterThen::WrittenSince);
                }
                let link = Self::asked_for_link(tx, case).await?;
                let query = Answer::Letter(Letter::Query { link });
                self.answer_anew(tx, case, Some(query), by).await
            }
            _ => self.answer_anew(tx, case, None, by).await,
        }
    }

    /// Whether the query that was decided last was about a link.
    async fn asked_for_link(tx: &mut Tx, case: &Case<'_>) -> Result<bool, StoreError> {
        let letters = tx.readable_letters_of(case.entry.id).await?;
        let Some(query) = letters.iter().rfind(|letter| letter.kind == LetterKind::Query) else { return Ok(false) };
        let facts = tx.letter_facts(query.id).await?;
        let facts: Facts = serde_json::from_str(&facts)
            .map_err(|error| StoreError::Row(format!("the facts of letter {} cannot be read: {error}", query.id)))?;
        Ok(matches!(facts, Facts::Query(query) if query.cloud_link))
    }
}

/// Why there is nothing to take back.
fn nothing_stands(case: &Case<'_>, last: Option<&DecisionRow>) -> Refusal {
    let named = case.number.clone();
    match last.and_then(|last| Some((last.undone_at?, last.undone_by.as_ref()))) {
        None => Refusal::NothingDecided { named },
        Some((at, by)) => {
            Refusal::NothingDecidedStands { named, by: by.map_or("", Actor::name).to_owned(), at: at.nearest() }
        }
    }
}
