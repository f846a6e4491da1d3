//! Acts by which something is no input, or none any more: not an input, correspondence, and what a party takes back.

use super::{Taken, Tell};
use crate::{
    core::{
        calls::status::Party,
        decision::{Act, Answered, Refusal, Ruling, Submitted, WithdrawnThen, to_take_back},
        event::Event,
        iso3::Iso3,
        judging::{matching::Kind, relevance::Relevance},
        question::{Proposal, Question},
        submission::{Filed, Held, Place, View, Withdrawal, stands},
    },
    desk::{Desk, DeskError, case::Case},
    filing::{self, Facts, lines},
    store::{About, DecisionRow, StoreError, Tx},
};

impl Desk {
    /// Records that an item is no input.
    pub(super) async fn not_an_input(&self, tx: &mut Tx, case: &Case<'_>, unrelated: bool) -> Result<Taken, DeskError> {
        let unrelated = unrelated || case.entry.relevance == Some(Relevance::Unrelated);
        let decision = self.put_on_record(tx, case, &Ruling::NotAnInput { unrelated }, None).await?;
        filing::leave(tx, &self.instance, case.item.id, Some(decision.id), case.now).await?;
        tx.set_item(case.item.id, case.item.call_id, Kind::NotAState, None).await?;
        let event = Event::NotAnInput { reason: case.order.reason.clone() };
        tx.record(case.now, About::message(case.entry.id), case.actor, &event)?;
        tx.say(lines::decision(&case.number, case.actor, "no input"));
        Ok(Taken::new(decision, Tell::Nothing))
    }

    /// Records that an item is a letter to the office, and the answer that it had.
    pub(super) async fn correspondence(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        answered: Option<Answered>,
    ) -> Result<Taken, DeskError> {
        let act = Act::Correspondence { answered: answered.clone(), reference: None };
        let decision = self.put_act(tx, case, act).await?;
        filing::leave(tx, &self.instance, case.item.id, Some(decision.id), case.now).await?;
        tx.set_item(case.item.id, case.item.call_id, case.item.kind, None).await?;
        let mut taken = Taken::new(decision, Tell::Nothing);
        taken.to.answered = answered;
        Ok(taken)
    }

    /// Takes back all that a party sent before: before the item, where that is the notice of it; else until now.
    pub(super) async fn withdraw(&self, tx: &mut Tx, case: &Case<'_>, of: Option<&str>) -> Result<Taken, DeskError> {
        let here = tx.place_of(case.item.id).await?;
        let asked = if here.is_none() { asked_to_withdraw(case)? } else { None };
        let facts = match (of.or(asked.as_deref()), &here) {
            (Some(of), _) => self.named(tx, case, of).await?.facts,
            (None, Some((submission, _))) => Facts::of(tx, submission.clone()).await?,
            (None, None) => {
                return Err(self.refused_on(case, &Refusal::NotFiled { named: case.number.clone() }));
            }
        };
        let submission = facts.submission.clone();
        let of_it = here.as_ref().is_some_and(|(here, filed)| here.id == submission.id && filed.place.is_received());
        let at = if of_it { case.now } else { case.entry.received };
        let all = facts.stands();
        let there = Submitted { reference: &submission.reference, stands: &all, named: None };
        to_take_back(there, at).map_err(|refusal| self.refused_on(case, &refusal))?;
        let decision = self.put_act(tx, case, Act::Withdraw { reference: submission.reference.clone() }).await?;
        let open = self.call_by_id(submission.call)?;
        let back = Withdrawal { at, by: Some(decision.id), held: Held::from(case.now) };
        let notice = if of_it {
            None
        } else {
            let by = (decision.id, case.now);
            let filed = filing::by_hand(tx, &open, (&case.entry, &case.item), &submission.states, by).await?;
            tx.set_item(case.item.id, Some(submission.call), case.item.kind, None).await?;
            Some(Filed { place: Place::Withdrawal, ..filed })
        };
        filing::withdraw(tx, &self.instance, submission.id, &back, notice.as_ref()).await?;
        let mut taken = Taken::new(decision, Tell::Nothing);
        taken.told_under = Some(submission.call);
        let (reference, states) = (submission.reference, submission.states);
        taken.to.withdrawn = Some(WithdrawnThen { reference, states, until: at });
        Ok(taken)
    }

    /// The reference of what a state has filed by itself, where that is one thing that it can take back.
    pub(in crate::desk) async fn only_one_of(&self, tx: &mut Tx, state: Iso3) -> Result<String, DeskError> {
        let now = self.instance.clock.now();
        let refused = |refusal: &Refusal| self.refused(refusal, (now, self.zone_of(None)));
        let mut all: Vec<(String, Vec<Iso3>)> = Vec::new();
        for open in &*self.instance.calls() {
            for row in tx.parties_of(open.known.id, &[state], View::NOW).await? {
                let stands = stands(&row.filed, &row.withdrawals, View::NOW);
                let party = Party { reference: &row.submission.reference, states: &row.submission.states, stands };
                if party.stands.versions.iter().any(|version| !version.withdrawn) {
                    all.push((party.reference.to_owned(), party.states.to_vec()));
                }
            }
        }
        match all.as_slice() {
            [] => Err(refused(&Refusal::NothingOf { state })),
            [(reference, states)] if states.len() > 1 => {
                Err(refused(&Refusal::Together { reference: reference.clone(), states: states.clone() }))
            }
            [(reference, _)] => Ok(reference.clone()),
            several => {
                let references = several.iter().map(|(reference, _)| reference.clone()).collect();
                Err(refused(&Refusal::Several { state, references }))
            }
        }
    }

    /// The item by which what a state had filed by itself was taken back, where no decision on the state came after that.
    pub(in crate::desk) async fn withdrawn_last(
        &self,
        tx: &mut Tx,
        state: Iso3,
    ) -> Result<Option<(i64, i64)>, DeskError> {
        let (mut last, mut on_state) = (None, None);
        for open in &*self.instance.calls() {
            for row in tx.parties_of(open.known.id, &[state], View::NOW).await? {
                let by = row.withdrawals.iter().filter_map(|back| back.by).max();
                last = last.max(by.filter(|_| row.submission.states == [state]));
            }
            let stands = tx.decisions_on(open.known.id, state).await?.into_iter().filter(DecisionRow::stands);
            on_state = on_state.max(stands.map(|decision| decision.id).max());
        }
        match last.filter(|last| Some(*last) > on_state) {
            Some(decision) => Ok(tx.decided_item(decision).await?),
            None => Ok(None),
        }
    }
}

/// The entry that the question about an item proposes to withdraw: who decides so need not name it again.
fn asked_to_withdraw(case: &Case<'_>) -> Result<Option<String>, StoreError> {
    let asked = case.item.waiting()?;
    Ok(asked.iter().find_map(|question| match question {
        Question::PlaceOf { reference, proposed: Proposal::Withdrawal, .. } => Some(reference.clone()),
        _ => None,
    }))
}
