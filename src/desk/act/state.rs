//! Acts on a state, of which no message tells: what it says by telephone, and the time that it is granted.

use super::{
    picture::changed,
    word::{KnownBy, act, word, zone},
};
use crate::{
    core::{
        actor::Actor,
        decision::{Act, Consequences, Decision, LetterThen, Order, Refusal, Ruling},
        event::{Dropped, Event, LetterAfterUndo},
        iso3::Iso3,
        judging::silence::Silence,
        letter_kind::{LetterKind, Occasion},
        submission::Receipt,
    },
    desk::{Desk, DeskError, decide::Came},
    filing::{self, lines},
    instance::OpenCall,
    store::{About, DecidedOn, DecisionRow, Id, LetterState, NewDecision, Tx},
};

impl Desk {
    /// Takes a decision on a state.
    pub(in crate::desk) async fn on_state(
        &self,
        tx: &mut Tx,
        state: Iso3,
        order: &Order,
        actor: &Actor,
    ) -> Result<Came, DeskError> {
        let now = self.instance.clock.now();
        let refused = |refusal: &Refusal| self.refused(refusal, (now, self.zone_of(None)));
        let (named, call) = match &order.decision {
            Decision::Announce { states, call, .. }
            | Decision::Decline { states, call }
            | Decision::Extend { states, call, .. } => (states.as_slice(), call.as_deref()),
            Decision::Undo => (&[] as &[Iso3], None),
            _ => return Err(refused(&Refusal::NotOnState { state })),
        };
        if named.iter().any(|named| *named != state) {
            return Err(refused(&Refusal::StateNamed { state }));
        }
        let before = self.how_states_stand(tx).await?;
        let receipt = Receipt { at: now, number: 0, n: 0 };
        let known = |decision| KnownBy { decision, item: None, receipt, now };
        let mut to = Consequences::default();
        let (open, decision) = match &order.decision {
            Decision::Extend { until, authority, .. } => {
                let open = self.call_for(call)?;
                let until = self.more_time(tx, open, &[state], *until, now).await?;
                let act = Act::Extend { states: vec![state], until, authority: authority.clone() };
                act.kind().clone_into(&mut to.act);
                let decision = self.put_on_state(tx, (open, state), order, actor, act).await?;
                to.extended = Self::grant(tx, open, &[state], (until, authority), known(decision)).await?;
                to.act_letter = if order.letter {
                    let due = self.leaves_at(now);
                    filing::tell_state_of_extension(tx, &self.instance, open, (state, until), (decision, due)).await?
                } else {
                    LetterThen::None { why: Silence::NotWished }
                };
                (open, decision)
            }
            Decision::Undo => {
                let (open, undone) = self.newest_on(tx, state).await?;
                let (decision, event) = self.undo_on_state(tx, (open, state), order, actor, &undone).await?;
                Ruling::Undone.kind().clone_into(&mut to.act);
                to.also.push(event);
                to.also.extend(self.letter_to_state_undone(tx, (open, state), undone.id, actor).await?);
                (open, decision)
            }
            said => {
                let open = self.call_for(call)?;
                let word = word(said);
                self.await_word(tx, open, &[state], word, (now, false)).await?;
                let act = act(word, vec![state]);
                act.kind().clone_into(&mut to.act);
                let decision = self.put_on_state(tx, (open, state), order, actor, act).await?;
                to.said = Self::say(tx, open, &[state], word, known(decision)).await?;
                (open, decision)
            }
        };
        to.states = changed(&before, &self.how_states_stand(tx).await?);
        tx.keep_consequences(decision, &to).await?;
        Ok(Came { reference: None, to, beside: Vec::new(), zone: zone(open), at: now })
    }

    /// The call that is named; where there is only one, that.
    fn call_for(&self, named: Option<&str>) -> Result<&OpenCall, DeskError> {
        let codes = || self.instance.calls.iter().map(|open| open.call.code.as_str()).collect::<Vec<_>>().join(", ");
        match (named, self.instance.calls.as_slice()) {
            (Some(code), _) => self
                .instance
                .call(Some(code))
                .ok_or_else(|| DeskError::NotFound(format!("There is no call {code}; there are: {}.", codes()))),
            (None, [open]) => Ok(open),
            (None, _) => Err(DeskError::Refused(format!("Say with --call to which call: {}.", codes()))),
        }
    }

    async fn put_on_state(
        &self,
        tx: &mut Tx,
        (open, state): (&OpenCall, Iso3),
        order: &Order,
        actor: &Actor,
        act: Act,
    ) -> Result<Id, DeskError> {
        let ruling = Ruling::Act(act.clone());
        let decision = self.add_on_state(tx, (open, state), order, actor, (&ruling, None)).await?;
        let name = self.instance.name(state);
        tx.say(lines::decision(&name, actor, &self.instance.in_words(&act.phrase())));
        let event = Event::Decided { act, reason: order.reason.clone() };
        tx.record(self.instance.clock.now(), About::call(open.known.id), actor, &event)?;
        Ok(decision)
    }

    async fn add_on_state(
        &self,
        tx: &mut Tx,
        (open, state): (&OpenCall, Iso3),
        order: &Order,
        actor: &Actor,
        (ruling, undoes): (&Ruling, Option<Id>),
    ) -> Result<Id, DeskError> {
        let decision = NewDecision {
            on: DecidedOn::State { call: open.known.id, state },
            ruling,
            actor,
            reason: &order.reason,
            at: self.instance.clock.now(),
            undoes,
            answer_before: None,
            letter_before: None,
        };
        Ok(tx.add_decision(&decision).await?)
    }

    /// The newest decision on a state that stands, with its call.
    async fn newest_on(&self, tx: &mut Tx, state: Iso3) -> Result<(&OpenCall, DecisionRow), DeskError> {
        let (mut newest, mut last): (Option<(&OpenCall, DecisionRow)>, Option<DecisionRow>) = (None, None);
        for open in &self.instance.calls {
            for row in tx.decisions_on(open.known.id, state).await? {
                if last.as_ref().is_none_or(|last| last.id < row.id) {
                    last = Some(row.clone());
                }
                if row.stands() && newest.as_ref().is_none_or(|(_, newest)| newest.id < row.id) {
                    newest = Some((open, row));
                }
            }
        }
        let named = self.instance.name(state);
        let none = |last: Option<DecisionRow>| match last.and_then(|last| Some((last.undone_at?, last.undone_by))) {
            None => Refusal::NothingDecided { named },
            Some((at, by)) => Refusal::NothingDecidedStands {
                named,
                by: by.as_ref().map_or("", Actor::name).to_owned(),
                at: at.nearest(),
            },
        };
        newest.ok_or_else(|| self.refused(&none(last), (self.instance.clock.now(), self.zone_of(None))))
    }

    /// What becomes of the letter that told the state of a decision which is taken back.
    async fn letter_to_state_undone(
        &self,
        tx: &mut Tx,
        (open, state): (&OpenCall, Iso3),
        undone: Id,
        actor: &Actor,
    ) -> Result<Option<Event>, DeskError> {
        let (now, why) = (self.instance.clock.now(), Dropped::DecisionUndone);
        let act = Occasion::Act { call: open.known.id, state, decision: undone };
        let occasion = act.key(LetterKind::ExtensionGranted);
        let Some(letter) = tx.letter_of_occasion(&occasion).await? else { return Ok(None) };
        let stopped = tx.discard_unsent_of_act(&occasion, &why, now).await?;
        let Some(row) = tx.letter(letter).await? else { return Ok(None) };
        let recipient = row.recipient.clone();
        let became = match (row.state, row.sent_at) {
            _ if stopped.is_some() => LetterAfterUndo::Stopped,
            (LetterState::Sent, Some(at)) => LetterAfterUndo::Left { recipient, at },
            (LetterState::Sent | LetterState::Sending, _) => LetterAfterUndo::Leaving { recipient, number: letter },
            (from @ (LetterState::Released | LetterState::Held), _) => {
                let why = why.phrase().plain();
                tx.move_letter(letter, from, LetterState::Discarded, Some(&why), now, now).await?;
                LetterAfterUndo::MayHaveLeft { recipient }
            }
            (LetterState::Waiting | LetterState::Failed | LetterState::Discarded, _) => return Ok(None),
        };
        let event = Event::LetterUndone { letter: LetterKind::ExtensionGranted, became };
        tx.record(now, About { letter: Some(letter), ..About::call(open.known.id) }, actor, &event)?;
        Ok(Some(event))
    }

    async fn undo_on_state(
        &self,
        tx: &mut Tx,
        (open, state): (&OpenCall, Iso3),
        order: &Order,
        actor: &Actor,
        undone: &DecisionRow,
    ) -> Result<(Id, Event), DeskError> {
        let now = self.instance.clock.now();
        let undo = self.add_on_state(tx, (open, state), order, actor, (&Ruling::Undone, Some(undone.id))).await?;
        tx.take_back_words(undone.id, undo, now).await?;
        let event = Event::Undone {
            reason: order.reason.clone(),
            decision: undone.ruling()?.undone(),
            by: undone.actor.clone(),
            because: undone.reason.clone(),
        };
        tx.record(now, About::call(open.known.id), actor, &event)?;
        tx.say(lines::decision(&self.instance.name(state), actor, "the one before is taken back"));
        Ok((undo, event))
    }
}
