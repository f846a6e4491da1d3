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
        let (letters, told) = self.letters_undone(tx, case, undone, &taken.decision.stopped).await?;
        taken.to.also.extend(letters);
        let standing: Vec<&DecisionRow> = decisions.iter().filter(|d| d.stands() && d.id != undone.id).collect();
        let left = told.is_some();
        taken.to.letter = self.letter_again(tx, case, (undone, taken.decision.id), &standing, left).await?;
        if let Some(told) = told.filter(|(_, kind)| *kind != LetterKind::Query) {
            taken.to.asked.extend(self.ask_to_tell(tx, case, told, &taken.to.letter).await?);
        }
        Ok(taken)
    }

    /// Asks a person to tell the sender that a letter which left does not hold, unless another corrects it.
    async fn ask_to_tell(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (letter, kind): (Id, LetterKind),
        then: &LetterThen,
    ) -> Result<Option<Question>, DeskError> {
        let corrects = matches!(
            then,
            LetterThen::Leaves { letter: LetterKind::Correction, .. }
                | LetterThen::Held { letter: LetterKind::Correction, .. }
        );
        let item = case.item.id;
        if kind.is_receipt() && (corrects || !filing::told_otherwise(tx, case.entry.id, (letter, item)).await?) {
            return Ok(None);
        }
        let item = tx.item_row(case.item.id).await?;
        let waiting = item.waiting()?;
        let question = Question::LetterUndone { letter };
        if waiting.iter().any(|asked| *asked == question) {
            return Ok(None);
        }
        let waiting = waiting.and(question.clone());
        tx.set_item(item.id, item.call_id, item.kind, Some(&waiting)).await?;
        if let Some(asked) = self.asked(Ok(question.clone().into()), case.entry.received, Language::En) {
            tx.say(lines::waits(&case.number, &asked));
        }
        Ok(Some(question))
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

    /// What becomes of the letters that were decided since, and the last of them that has left, or may have.
    async fn letters_undone(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        undone: &DecisionRow,
        stopped: &[(Id, LetterKind)],
    ) -> Result<(Vec<Event>, Option<(Id, LetterKind)>), DeskError> {
        let mut events = Vec::new();
        let mut left = None;
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
            if became != LetterAfterUndo::Stopped {
                left = Some((id, letter.kind));
            }
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
                let query = Answer::Letter(Self::asked_for(tx, case).await?);
                self.answer_anew(tx, case, Some(query), by).await
            }
            _ => {
                let owed = self.is_owed_correction(tx, case).await?.then_some(case.item.id);
                self.answer_anew_as(tx, case, owed.filter(|_| by != By::Program), by).await
            }
        }
    }

    /// What the query that was decided last asked for.
    async fn asked_for(tx: &mut Tx, case: &Case<'_>) -> Result<Letter, StoreError> {
        let letters = tx.readable_letters_of(case.entry.id).await?;
        let nothing = Letter::Query { link: false };
        let Some(query) = letters.iter().rfind(|letter| letter.kind == LetterKind::Query) else { return Ok(nothing) };
        let facts = tx.letter_facts(query.id).await?;
        let facts: Facts = serde_json::from_str(&facts)
            .map_err(|error| StoreError::Row(format!("the facts of letter {} cannot be read: {error}", query.id)))?;
        Ok(match facts {
            Facts::Query(query) if query.unreadable.is_some() => Letter::ReadableCopy { item: case.item.id },
            Facts::Query(query) => Letter::Query { link: query.cloud_link },
            _ => nothing,
        })
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
