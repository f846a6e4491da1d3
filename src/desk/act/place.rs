//! Acts that give an item its place: whose input it is, a version, an addition, a copy, a duplicate.

use std::collections::BTreeSet;

use super::{Taken, Tell};
use crate::{
    core::{
        calls::standing::Standing,
        decision::{Act, Decision, Refusal, Ruling, Subject, Submitted, place},
        event::Event,
        iso3::Iso3,
        judging::matching::Kind,
        submission::{Filed, ItemId, Legible, Place},
    },
    desk::{
        Desk, DeskError,
        case::{Case, no_entry},
        entry::resolve,
        state_named,
    },
    filing::{self, Facts, ToFile, lines},
    instance::{Instance, OpenCall},
    store::{About, Id, Submission, Tx},
};

/// A submission as an act names it.
pub(super) struct Named {
    pub(super) facts: Facts,
    /// The item by which it was named, if it was named by one.
    pub(super) item: Option<ItemId>,
}

impl Named {
    pub(super) fn reference(&self) -> &str {
        &self.facts.submission.reference
    }
}

impl Desk {
    /// Registers an item for a state, or for several together. What stands so already is confirmed by it.
    pub(super) async fn assign(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (states, call): (&[Iso3], Option<&str>),
        remember: bool,
    ) -> Result<Taken, DeskError> {
        let open = self.call_of(&case.item, call)?;
        self.are_known(states)?;
        let decision = self.put_on_record(tx, case, &Ruling::Assigned { states: states.to_vec() }, None).await?;
        let mut taken = Taken::new(decision, Tell::WhatStands);
        let reference = match self.stands_for(tx, case, &open, states).await? {
            Some((submission, filed)) => {
                self.confirm(tx, case, &open, (&submission, filed), taken.decision.id).await?;
                submission.reference
            }
            None => self.put_down(tx, case, &open, (states, taken.decision.id), |legible| legible).await?,
        };
        tx.set_item(case.item.id, Some(open.known.id), kind_of(&self.instance, &open, states), None).await?;
        let event = Event::Assigned { states: states.to_vec(), reason: case.order.reason.clone() };
        tx.record(case.now, About::message(case.entry.id), case.actor, &event)?;
        let names = lines::names(&self.instance, states);
        tx.say(lines::decision(&case.number, case.actor, &format!("assigned to {names}, {reference}")));
        if remember {
            let known = self.remember(tx, case, &taken.decision, states).await?;
            if known.is_none() {
                let why = "The sender was not remembered: that needs one address and one state.";
                taken.beside.push(why.to_owned());
            }
            taken.to.also.extend(known);
        }
        Ok(taken)
    }

    /// Registers the original of an item that nobody can read; the state stays under query.
    pub(super) async fn unreadable_but_ours(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (states, call): (&[Iso3], Option<&str>),
    ) -> Result<Taken, DeskError> {
        let open = self.call_of(&case.item, call)?;
        self.are_known(states)?;
        let here = tx.place_of(case.item.id).await?;
        let states = match (states, &here) {
            ([], Some((submission, _))) if !submission.states.is_empty() => submission.states.clone(),
            ([], _) => return Err(self.refused_on(case, &Refusal::WhichStates { number: case.number.clone() })),
            (states, _) => states.to_vec(),
        };
        let found = filing::by_hand(tx, &open, (&case.entry, &case.item), &states, (0, case.now)).await?.legible;
        if found == Legible::Read {
            return Err(self.refused_on(case, &Refusal::Legible { number: case.number.clone() }));
        }
        let decision = self.put_act(tx, case, Act::UnreadableButOurs { states: states.clone() }).await?;
        let stands = self.stands_for(tx, case, &open, &states).await?;
        if stands.is_none_or(|(_, filed)| filed.legible != Legible::Unread) {
            self.put_down(tx, case, &open, (&states, decision.id), |_| Legible::Unread).await?;
        }
        tx.set_item(case.item.id, Some(open.known.id), kind_of(&self.instance, &open, &states), None).await?;
        Ok(Taken::new(decision, Tell::WhatStands))
    }

    /// Gives an item the place that the act says, in the submission that it names.
    pub(super) async fn place_beside(&self, tx: &mut Tx, case: &Case<'_>, of: &str) -> Result<Taken, DeskError> {
        let there = self.named(tx, case, of).await?;
        let on = Subject { number: &case.number, item: ItemId(case.item.id) };
        let stands = there.facts.stands();
        let submitted = Submitted { reference: there.reference(), stands: &stands, named: there.item };
        let place = place(&case.order.decision, on, submitted).map_err(|refusal| self.refused_on(case, &refusal))?;
        let reference = there.reference().to_owned();
        let (act, place, tell) = match (&case.order.decision, place) {
            (Decision::VersionOf { .. }, Some(place)) => (Act::VersionOf { reference }, place, Tell::WhatStands),
            (Decision::RenditionOf { version, .. }, Some(place)) => {
                (Act::RenditionOf { reference, version: *version }, place, Tell::WhatStands)
            }
            (Decision::AdditionTo { kind, version, .. }, Some(place)) => {
                (Act::AdditionTo { reference, addition: *kind, version: *version }, place, Tell::WhatStands)
            }
            (Decision::DuplicateOf { of }, Some(place)) => {
                (Act::DuplicateOf { of: of.trim().to_owned() }, place, Tell::WhatStands)
            }
            (Decision::Correspondence { answered, .. }, Some(place)) => {
                (Act::Correspondence { answered: answered.clone(), reference: Some(reference) }, place, Tell::Nothing)
            }
            _ => return Err(DeskError::Refused("That gives an item no place.".to_owned())),
        };
        let submission = there.facts.submission.clone();
        let open = self.call_by_id(submission.call)?;
        let decision = self.put_act(tx, case, act).await?;
        let here = tx.place_of(case.item.id).await?.filter(|(here, _)| here.id == submission.id);
        match here {
            Some((_, filed)) if filed.place == Place::Version && place == Place::Version => {
                self.confirm(tx, case, &open, (&submission, filed), decision.id).await?;
            }
            _ => {
                let by = (decision.id, case.now);
                let filed = filing::by_hand(tx, &open, (&case.entry, &case.item), &submission.states, by).await?;
                filing::place(tx, &self.instance, &submission, &Filed { place, ..filed }, case.now).await?;
            }
        }
        let kind = if place.is_received() { submission.kind } else { case.item.kind };
        tx.set_item(case.item.id, Some(submission.call), kind, None).await?;
        let mut taken = Taken::new(decision, tell);
        if let Decision::Correspondence { answered, .. } = &case.order.decision {
            taken.to.answered.clone_from(answered);
        }
        Ok(taken)
    }

    /// The submission that a reference names, or in which an item is filed.
    pub(super) async fn named(&self, tx: &mut Tx, case: &Case<'_>, of: &str) -> Result<Named, DeskError> {
        let unknown = || DeskError::NotFound(no_entry(of));
        let (intake, n) = resolve(tx, of).await?.ok_or_else(unknown)?;
        let entry = tx.entry(intake).await?.ok_or_else(unknown)?;
        let items = tx.items(entry.id).await?;
        let not_filed = || self.refused_on(case, &Refusal::NotFiled { named: of.trim().to_owned() });
        let item = match n {
            Some(n) => items.into_iter().find(|item| item.n == n).ok_or_else(unknown)?,
            None if items.len() > 1 => {
                let several = format!("{of} has {} items; say which: {of}/1, {of}/2 …", items.len());
                return Err(DeskError::Refused(several));
            }
            None => items.into_iter().next().ok_or_else(not_filed)?,
        };
        let by_number = of.trim().to_lowercase().starts_with("m-");
        let submission = if by_number {
            tx.place_of(item.id).await?.map(|(submission, _)| submission)
        } else {
            tx.submission_of_reference(of.trim()).await?
        };
        let submission = submission.ok_or_else(not_filed)?;
        Ok(Named { facts: Facts::of(tx, submission).await?, item: by_number.then_some(ItemId(item.id)) })
    }

    /// Where the item stands filed as a version of its own for exactly these states under a call.
    async fn stands_for(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        open: &OpenCall,
        states: &[Iso3],
    ) -> Result<Option<(Submission, Filed)>, DeskError> {
        let repeats = tx.registration(case.item.id).await?.is_some_and(|filed| filed.repeats.is_some());
        let set = |states: &[Iso3]| states.iter().copied().collect::<BTreeSet<Iso3>>();
        let place = tx.place_of(case.item.id).await?;
        Ok(place.filter(|(submission, filed)| {
            let same = submission.call == open.known.id && set(&submission.states) == set(states);
            same && !repeats && filed.place == Place::Version
        }))
    }

    /// Files an item as a version for states, and yields the reference.
    async fn put_down(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        open: &OpenCall,
        (states, decision): (&[Iso3], Id),
        legible: impl Fn(Legible) -> Legible,
    ) -> Result<String, DeskError> {
        let filed = filing::by_hand(tx, open, (&case.entry, &case.item), states, (decision, case.now)).await?;
        let filed = Filed { legible: legible(filed.legible), ..filed };
        let party = filing::party(states, case.item.from_address.as_deref().unwrap_or_default());
        let what = ToFile { party, kind: kind_of(&self.instance, open, states), filed };
        Ok(filing::file(tx, &self.instance, open, &what, case.now).await?.reference)
    }

    /// What stands stays where it is: the person has confirmed it. A standing that was left open is settled by the receipt
    /// clock, what nobody could read counts as read from now on, and of a message that has grown since it is what it holds
    /// now.
    async fn confirm(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        open: &OpenCall,
        (submission, stood): (&Submission, Filed),
        decision: Id,
    ) -> Result<(), DeskError> {
        let by = (decision, case.now);
        let found = filing::by_hand(tx, open, (&case.entry, &case.item), &submission.states, by).await?;
        let text = |filed: &Filed| (filed.legible, filed.words, filed.content_key.clone());
        let registration = tx.registration(case.item.id).await?;
        let left_open = registration.is_some_and(|stood| stood.standing == Standing::Undetermined);
        if left_open || text(&stood) != text(&found) {
            let Filed { place, n, settled, .. } = stood;
            let filed = Filed { place, n, settled: found.settled.or(settled), ..found };
            filing::place(tx, &self.instance, submission, &filed, case.now).await?;
        }
        Ok(())
    }

    /// Each of the states is one.
    pub(super) fn are_known(&self, states: &[Iso3]) -> Result<(), DeskError> {
        for &iso3 in states {
            state_named(&self.instance.register, iso3.as_str())?;
        }
        Ok(())
    }
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
