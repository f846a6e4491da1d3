//! What a person decides: whose an input is, or that it is none; and what happens to a letter.
//!
//! A decision takes effect at once and its letter waits for the undo window. What was decided before stays on record.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Desk, DeskError, case::Case};
use crate::{
    core::{
        actor::Actor,
        calls::standing::Standing,
        decision::{Decision, Ruling},
        event::{Event, LetterMove},
        iso3::Iso3,
        judging::{matching::Kind, relevance::Relevance},
        submission::{Filed, Held, Legible},
        text::language::Language,
    },
    failpoint,
    filing::{self, By, ToFile, lines},
    instance::{Instance, OpenCall},
    store::{About, Id, LetterRow, LetterState, Read, Registration, Tx},
};

/// What a decision came to, in sentences for the one who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The docket reference it is filed under, if it is.
    pub reference: Option<String>,
    /// What happened, a sentence a line.
    pub said: Vec<String>,
}

impl Desk {
    /// Decides, by whoever it is and for a reason: the one door for the terminal and the pages. What is decided on is an
    /// entry or an item, by docket reference or intake number; or a letter, by its number. An input that is assigned with
    /// its sender makes the sender's address evidence for that state from now on. What is no input, and is unrelated or was
    /// found to be by the program, is thereby confirmed as unrelated where nothing else in its message is filed or waits;
    /// its text may then be erased by the setting `purge_unrelated_after`.
    ///
    /// # Errors
    /// There is nothing of that name, that cannot be decided on it now, a row of it cannot be read, or the database did not
    /// answer. Then nothing was changed.
    pub async fn decide(
        &self,
        reference: &str,
        decision: &Decision,
        actor: &Actor,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let to = match decision {
            Decision::Assign { states, call, known_sender } => {
                return self.assign(reference, states, call.as_deref(), *known_sender, actor, reason).await;
            }
            Decision::NotAnInput { unrelated } => {
                return self.not_an_input(reference, *unrelated, actor, reason).await;
            }
            Decision::Undo => return self.undo(reference, actor, reason).await,
            Decision::Release => LetterState::Waiting,
            Decision::Discard => LetterState::Discarded,
            Decision::Resend => LetterState::Released,
        };
        let no_letter = || DeskError::NotFound(format!("{reference} is no letter; `docket letters` lists them."));
        let letter: Id = reference.trim().parse().map_err(|_| no_letter())?;
        let said = self.move_letter(letter, to, actor, reason).await?;
        Ok(Decided { reference: None, said: vec![said] })
    }

    /// Registers an item for a state, or for several together.
    async fn assign(
        &self,
        reference: &str,
        states: &[Iso3],
        call: Option<&str>,
        remember: bool,
        actor: &Actor,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let case = self.case(&mut tx, reference, actor, reason).await?;
        let open = self.call_of(&case.item, call)?;
        for &iso3 in states {
            if self.instance.register.state(iso3).is_none() {
                return Err(DeskError::Refused(format!("{iso3} is the code of no state that the tables know.")));
            }
        }
        let kind = kind_of(&self.instance, &open, states);
        let ruling = Ruling::Assigned { states: states.to_vec() };
        let decision = self.put_on_record(&mut tx, &case, &ruling, None).await?;
        let before = tx.registration(case.item.id).await?;
        let (reference, filed) = match &before {
            Some(filed)
                if filed.repeats.is_none()
                    && case.item.call_id == Some(open.known.id)
                    && same_states(&filed.states, states) =>
            {
                self.confirm(&mut tx, &case, &open, (filed, kind), decision.id).await?
            }
            _ => self.file(&mut tx, &case, &open, (states, kind), decision.id).await?,
        };
        let event = Event::Assigned { states: states.to_vec(), reason: reason.to_owned() };
        tx.record(case.now, About::message(case.entry.id), actor, &event)?;
        let names = lines::names(&self.instance, states);
        tx.say(lines::decision(&case.number, actor, &format!("assigned to {names}, {reference}")));
        let mut said = vec![filed];
        if remember {
            said.push(self.remember(&mut tx, &case, &decision, states).await?);
        }
        self.settle_unrelated(&mut tx, &case).await?;
        said.extend(self.settle_senders(&mut tx, &case, &decision).await?);
        said.push(self.answer_anew(&mut tx, &case, None, By::Person(decision.id)).await?);
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(Decided { reference: Some(reference), said })
    }

    /// Records that an item is no input.
    async fn not_an_input(
        &self,
        reference: &str,
        unrelated: bool,
        actor: &Actor,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let mut tx = self.instance.db.begin().await?;
        let case = self.case(&mut tx, reference, actor, reason).await?;
        let unrelated = unrelated || case.entry.relevance == Some(Relevance::Unrelated);
        let decision = self.put_on_record(&mut tx, &case, &Ruling::NotAnInput { unrelated }, None).await?;
        let stood = tx.registration(case.item.id).await?;
        let left = filing::leave(&mut tx, &self.instance, case.item.id, Some(decision.id), case.now).await?;
        tx.set_item(case.item.id, case.item.call_id, Kind::NotAState, None).await?;
        let event = Event::NotAnInput { reason: reason.to_owned() };
        tx.record(case.now, About::message(case.entry.id), actor, &event)?;
        tx.say(lines::decision(&case.number, actor, "no input"));
        let mut said = vec![format!("{} is no input.", case.number)];
        if left && stood.is_some_and(|stood| stood.repeats.is_none()) {
            said.push("What it had filed is withdrawn, and stays on record.".to_owned());
        }
        if self.settle_unrelated(&mut tx, &case).await? {
            said.push("It is confirmed as unrelated.".to_owned());
        }
        said.extend(self.settle_senders(&mut tx, &case, &decision).await?);
        if !decision.stopped.is_empty() {
            said.push("Its letter had not left, and will not.".to_owned());
        }
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(Decided { reference: None, said })
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
    async fn move_letter(&self, id: Id, to: LetterState, actor: &Actor, reason: &str) -> Result<String, DeskError> {
        let mut tx = self.instance.db.begin().await?;
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
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(self.in_words(&event.phrase(), now, self.zone_of(None), Language::En))
    }

    /// What is filed already stays as it is: the person has confirmed it, and it waits no longer. A standing that was left
    /// open is settled by the receipt clock, and what nobody could read counts as read from now on.
    async fn confirm(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        open: &OpenCall,
        (stood, kind): (&Registration, Kind),
        decision: Id,
    ) -> Result<(String, String), DeskError> {
        tx.set_item(case.item.id, Some(open.known.id), kind, None).await?;
        let place = tx.place_of(case.item.id).await?;
        let unread = place.as_ref().is_some_and(|(_, filed)| filed.legible == Legible::Unread);
        let said =
            if let Some((submission, filed)) = place.filter(|_| unread || stood.standing == Standing::Undetermined) {
                let law = tx.law(open.known.id).await?;
                let settled = (stood.standing == Standing::Undetermined)
                    .then(|| law.due(&submission.states, Timestamp::MAX).judge(case.entry.received));
                let filed = Filed {
                    legible: filed.legible.looked_at(),
                    settled: settled.or(filed.settled),
                    by: Some(decision),
                    held: Held::from(case.now),
                    ..filed
                };
                let party = filing::party(&submission.states, case.item.from_address.as_deref().unwrap_or_default());
                let what = ToFile { party, kind, filed };
                let filed = filing::file(tx, &self.instance, open, &what, case.now).await?;
                self.filed_in_words(case, &filed)
            } else {
                format!("{} is {}{}, as before.", case.number, stood.reference, stood.version_in_words())
            };
        Ok((stood.reference.clone(), said))
    }
}

fn same_states(filed: &[Iso3], assigned: &[Iso3]) -> bool {
    let set = |states: &[Iso3]| states.iter().copied().collect::<BTreeSet<Iso3>>();
    set(filed) == set(assigned)
}

/// The kind of an input that a person registers for these states.
fn kind_of(instance: &Instance, open: &OpenCall, states: &[Iso3]) -> Kind {
    match states {
        [one] if open.roster.contains(one) => Kind::MemberState,
        [one] if instance.register.is_observer(*one) => Kind::Observer,
        [_] => Kind::OutsideRegion,
        _ => Kind::Joint,
    }
}
