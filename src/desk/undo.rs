//! Taking a decision back: the item is again what it was before it.
//!
//! Promises that nothing is deleted: what the decision had filed stays on record, and the decision itself with who took it
//! back and why; what it had ended holds again, with the number that it had. A letter that has left is not unsaid: that is said plainly. It does not
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
        submission::ItemId,
        text::language::Language,
    },
    failpoint,
    filing::{self, By, Facts as Filed, lines},
    letters::facts::Facts,
    store::{About, DecisionRow, Id, LetterState, Registration, StoreError, Tx},
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
        said.extend(self.reinstate(&mut tx, &case, (undone, undo.id), filed.as_ref()).await?);
        self.settle_unrelated(&mut tx, &case).await?;
        if case.entry.purged_at.is_some() {
            said.push("Its text was erased meanwhile, and does not come back.".to_owned());
        }
        said.extend(self.settle_senders(&mut tx, &case, &undo).await?);
        let (letters, left) = self.letters_undone(&mut tx, &case, undone, &undo.stopped).await?;
        said.extend(letters);
        let standing: Vec<&DecisionRow> = decisions.iter().filter(|d| d.stands() && d.id != undone.id).collect();
        said.extend(self.letter_again(&mut tx, &case, (undone, undo.id), &standing, left).await?);
        let filed = tx.registration(case.item.id).await?;
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
        (undone, undo): (&DecisionRow, Id),
        stood: Option<&Registration>,
    ) -> Result<Vec<String>, DeskError> {
        let item = case.item.id;
        filing::take_back(tx, &self.instance, undone.id, undo, case.now).await?;
        let place = tx.place_of(item).await?;
        let (call, kind, waiting) = if let Some(past) = tx.past(undone.id).await? {
            (past.call_id, past.kind, past.waiting()?)
        } else {
            // It is older than the record of what was before it.
            let kind = place.as_ref().map_or(Kind::Ambiguous, |(submission, _)| submission.kind);
            (case.item.call_id, kind, Question::DecideAgain.into())
        };
        tx.set_item(item, call, kind, Some(&waiting)).await?;
        let now = match place {
            Some((submission, _)) => Filed::of(tx, submission).await?.filed_as(ItemId(item)),
            None => None,
        };
        let same = |stood: &&Registration| {
            now.as_ref().is_some_and(|now| (&now.reference, now.version) == (&stood.reference, stood.version))
        };
        let mut said = Vec::new();
        if let Some(stood) = stood.filter(same) {
            said.push(format!("{} stays {}{}.", case.number, stood.reference, stood.version_in_words()));
        } else {
            if let Some(stood) = stood.filter(|stood| stood.repeats.is_none()) {
                said.push(format!("{}{}, is withdrawn.", stood.reference, stood.version_in_words()));
            }
            said.extend(now.as_ref().map(|now| self.filed_in_words(case, now)));
        }
        if let Some(waiting) = self.asked(Ok(waiting), case.entry.received, Language::En) {
            tx.say(lines::waits(&case.number, &waiting));
            said.push(format!("{} waits for a person again: {waiting}", case.number));
        }
        Ok(said)
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
    pub(super) fn moment(&self, case: &Case<'_>, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone_of(case.item.call_id)).strftime("%Y-%m-%d %H:%M %Z").to_string()
    }
}
