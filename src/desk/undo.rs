//! Taking a decision back: the item is again what it was before it.
//!
//! Promises that nothing is deleted: what the decision had filed stays on record as withdrawn, with its number, and the
//! decision itself with who took it back and why. A letter that has left is not unsaid: that is said plainly. It does not
//! ask what was decided: whatever comes before it, the item as it was is kept with every decision.

use jiff::Timestamp;

use super::{Decided, Desk, DeskError, case::Case};
use crate::{
    core::{
        actor::Actor,
        decision::Ruling,
        event::{Dropped, Event, LetterAfterUndo},
        judging::{
            answer::{Answer, Letter},
            matching::Kind,
        },
        letter_kind::LetterKind,
        question::Question,
        text::language::Language,
    },
    failpoint,
    filing::{self, By, lines},
    letters::facts::Facts,
    store::{About, DecisionRow, Id, ItemPast, LetterState, Registration, StoreError, Tx},
};

impl Desk {
    /// Takes back the decision that stands on an item. What was before holds again: the decision before it, or what the
    /// program had concluded.
    ///
    /// # Errors
    /// There is no such entry, no decision on it stands, or the database did not answer. Then nothing was changed.
    pub(super) async fn undo(&self, reference: &str, actor: &Actor, reason: &str) -> Result<Decided, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let case = self.case(&mut tx, reference, actor, reason).await?;
        let decisions = tx.decisions(case.entry.id).await?;
        let on_item = || decisions.iter().rev().filter(|decision| decision.item_id == case.item.id);
        let Some(undone) = on_item().find(|decision| decision.stands()) else {
            return Err(DeskError::Refused(self.nothing_stands(&case, on_item().next())));
        };
        let filed = tx.registration(case.item.id).await?;
        let undo = self.put_on_record(&mut tx, &case, &Ruling::Undone, Some(undone)).await?;
        let event = Event::Undone {
            reason: reason.to_owned(),
            decision: undone.ruling()?.undone(),
            by: undone.actor.clone(),
            because: undone.reason.clone(),
        };
        let mut said = vec![self.tell(&mut tx, &case, About::message(case.entry.id), &event)?];
        tx.say(lines::decision(&case.number, actor, "the one before is taken back"));
        said.extend(self.reinstate(&mut tx, &case, undone, filed.as_ref()).await?);
        self.settle_unrelated(&mut tx, &case).await?;
        if case.entry.purged_at.is_some() {
            said.push("Its text was erased meanwhile, and does not come back.".to_owned());
        }
        said.extend(self.settle_senders(&mut tx, &case, &undo).await?);
        let (letters, left) = self.letters_undone(&mut tx, &case, undone, &undo.stopped).await?;
        said.extend(letters);
        let standing: Vec<&DecisionRow> = decisions.iter().filter(|d| d.stands() && d.id != undone.id).collect();
        said.extend(self.letter_again(&mut tx, &case, (undone, undo.id), &standing, left).await?);
        let item = tx.item_row(case.item.id).await?;
        let filed = tx.registration(item.duplicate_of.unwrap_or(item.id)).await?;
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(Decided { reference: filed.map(|filed| filed.reference), said })
    }

    fn nothing_stands(&self, case: &Case<'_>, last: Option<&DecisionRow>) -> String {
        let number = &case.number;
        match last {
            None => format!("Nobody has decided about {number}; there is nothing to take back."),
            Some(last) => {
                let by = last.undone_by.as_ref().map_or("", Actor::name);
                let at = last.undone_at.map(|at| self.moment(case, at.nearest())).unwrap_or_default();
                format!("No decision about {number} stands: the last one was taken back by {by}, {at}.")
            }
        }
    }

    /// Makes the item what it was, and yields what that comes to, a sentence each.
    async fn reinstate(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        undone: &DecisionRow,
        filed: Option<&Registration>,
    ) -> Result<Vec<String>, DeskError> {
        let item = case.item.id;
        let past = tx.past(undone.id).await?;
        let (call, kind, waiting) = if let Some(past) = &past {
            (past.call_id, past.kind, past.waiting()?)
        } else {
            // It is older than the record of what was before it.
            (case.item.call_id, Kind::Ambiguous, Question::DecideAgain.into())
        };
        let mut said = Vec::new();
        let stayed = past.as_ref().and_then(|past| past.version_id) == filed.map(|filed| filed.id);
        if let (true, Some(past), Some(filed)) = (stayed, &past, filed) {
            tx.set_item(item, call, kind, Some(&waiting), None).await?;
            if let Some((standing, _)) = past.judged() {
                tx.settle_standing(item, standing).await?;
            }
            said.push(format!("{} stays {}, version {}.", case.number, filed.reference, filed.version));
        } else {
            tx.withdraw_versions(item, case.now).await?;
            tx.set_item(item, call, kind, Some(&waiting), None).await?;
            if let Some(filed) = filed {
                let Registration { reference, version, .. } = filed;
                said.push(format!("{reference}, version {version}, is withdrawn, and its number stays on record."));
                if let Some(open) = case.item.call_id.and_then(|id| self.instance.call_by_id(id)) {
                    filing::file_repetitions(tx, open, item, filed, case.now).await?;
                }
            }
            if let Some(past) = &past {
                said.extend(self.file_again(tx, case, past).await?);
            }
        }
        if let Some(waiting) = self.asked(Ok(waiting), case.entry.received, Language::En) {
            tx.say(lines::waits(&case.number, &waiting));
            said.push(format!("{} waits for a person again: {waiting}", case.number));
        }
        Ok(said)
    }

    /// Files the item where it was filed before.
    async fn file_again(&self, tx: &mut Tx, case: &Case<'_>, past: &ItemPast) -> Result<Option<String>, DeskError> {
        let (Some(submission), Some(call)) = (past.submission_id, past.call_id) else { return Ok(None) };
        let (open, states) = (self.call_by_id(call)?, tx.states_of(submission).await?);
        let waiting = past.waiting()?;
        let as_before = (Some(&waiting), past.judged());
        let (_, said) = self.file(tx, case, open, (&states, past.kind), as_before).await?;
        Ok(Some(said))
    }

    /// What becomes of the letters that were decided since, a sentence each, and whether one of them has left.
    async fn letters_undone(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        undone: &DecisionRow,
        stopped: &[(Id, LetterKind)],
    ) -> Result<(Vec<String>, bool), DeskError> {
        let mut sentences = Vec::new();
        let mut left = false;
        let since = undone.at.time().map_err(StoreError::Row)?;
        for letter in tx.readable_letters_of(case.entry.id).await? {
            let (id, recipient) = (letter.id, letter.recipient.clone());
            let became = if stopped.iter().any(|(stopped, _)| *stopped == id) {
                LetterAfterUndo::Stopped
            } else if letter.decided_at < since {
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
            sentences.push(self.tell(tx, case, about, &event)?);
        }
        Ok((sentences, left))
    }

    /// Decides again the letter that the decision had stopped, or the one that is due to what stands beside it.
    async fn letter_again(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (undone, undo): (&DecisionRow, Id),
        standing: &[&DecisionRow],
        left: bool,
    ) -> Result<Option<String>, DeskError> {
        let by = if standing.is_empty() { By::Program } else { By::Person(undo) };
        let beside = standing.iter().any(|decision| decision.item_id != case.item.id);
        match undone.letter_before.clone().map_err(StoreError::Row)? {
            None if !beside => {
                if let Some(answer) = undone.answer_before.as_deref().filter(|_| !left) {
                    tx.set_answer(case.entry.id, answer).await?;
                }
                Ok(None)
            }
            Some(LetterKind::Query) if !beside => {
                if tx.wrote_since(case.entry.id).await? {
                    let said = "The sender has written since, and is not asked for the document again.";
                    tx.set_answer(case.entry.id, said).await?;
                    return Ok(Some(said.to_owned()));
                }
                let link = Self::asked_for_link(tx, case).await?;
                let query = Answer::Letter(Letter::Query { link });
                Ok(Some(self.answer_anew(tx, case, Some(query), by).await?))
            }
            _ => Ok(Some(self.answer_anew(tx, case, None, by).await?)),
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

    /// A time as the call's zone has it.
    fn moment(&self, case: &Case<'_>, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone_of(case.item.call_id)).strftime("%Y-%m-%d %H:%M %Z").to_string()
    }
}
