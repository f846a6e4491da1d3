//! A decision under way: the item it is about, how it is put on record, and the letter that the entry deserves then.
//!
//! Promises that of two who decide about one entry at once the second sees what the first has done, and that what a
//! decision changes can be found again as it was: whoever takes it back begins from there.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, tz};

use super::{Desk, DeskError};
use crate::{
    core::{
        actor::Actor,
        decision::{LetterThen, Order, Ruling},
        event::{Dropped, Event},
        judging::{
            answer::{Answer, Answering, Fate, answer},
            colleagues::is_colleague,
        },
        letter_kind::{LetterKind, Occasion},
        mail::{
            automatic::{Beside, answerable},
            header,
        },
        purpose,
        submission::{Filed, Place},
        text::language,
    },
    filing::{self, By},
    instance::OpenCall,
    store::{
        About, DecidedOn, DecisionRow, EntryRow, Id, ItemRow, KnownSender, NewDecision, StoreError, Tx, intake_number,
    },
};

/// A decision on one item.
pub(super) struct Case<'a> {
    pub(super) entry: EntryRow,
    pub(super) item: ItemRow,
    /// The item's number, as people name it.
    pub(super) number: String,
    pub(super) actor: &'a Actor,
    pub(super) order: &'a Order,
    pub(super) now: Timestamp,
}

/// A decision that was put on record.
pub(super) struct OnRecord {
    pub(super) id: Id,
    /// The word for what was decided.
    pub(super) kind: String,
    /// The letters that had not left and do not leave any more, with their kinds.
    pub(super) stopped: Vec<(Id, LetterKind)>,
    /// The senders who were known by decisions on the item until now.
    pub(super) known: Vec<KnownSender>,
}

impl Desk {
    /// Finds the item that is to be decided. From here on nobody else changes its entry. Where a row of it cannot be read,
    /// nothing is decided on it: what the program found would count as not found.
    pub(super) async fn case<'a>(
        &self,
        tx: &mut Tx,
        (reference, (intake, n)): (&str, (i64, Option<i64>)),
        actor: &'a Actor,
        order: &'a Order,
    ) -> Result<Case<'a>, DeskError> {
        let unknown = || DeskError::NotFound(no_entry(reference));
        let found = tx.entry(intake).await?.ok_or_else(unknown)?;
        tx.change_entry(found.id).await?;
        let entry = tx.entry(intake).await?.ok_or_else(unknown)?;
        let items = tx.items(entry.id).await?;
        // Whoever files keeps submissions before the letters about them: so here as well.
        filing::keep_from_others(tx, &items).await?;
        let (number, several) = (intake_number(intake), items.len() > 1);
        let mut unreadable = tx.findings(entry.id).await?.unreadable();
        let decisions = tx.decisions(entry.id).await?;
        unreadable.extend(decisions.iter().filter_map(DecisionRow::unreadable).map(|why| why.to_string()));
        if let Some(why) = unreadable.first() {
            return Err(DeskError::Refused(format!("{number} cannot be decided on: {why}.")));
        }
        let item = match n {
            Some(n) => tx.item(intake, n).await?.ok_or_else(unknown)?,
            None if several => {
                let several = format!("{number} has {} items; say which: {number}/1, {number}/2 …", items.len());
                return Err(DeskError::Refused(several));
            }
            None => items
                .into_iter()
                .next()
                .ok_or_else(|| DeskError::Refused(format!("{number} is not read yet; wait a moment.")))?,
        };
        let number = if several { format!("{number}/{}", item.n) } else { number };
        if let Err(why) = item.waiting().map(|_| ()).and(entry.silent().map(|_| ())) {
            return Err(DeskError::Refused(format!("{number} cannot be decided on: {why}.")));
        }
        Ok(Case { entry, item, number, actor, order, now: self.instance.clock.now() })
    }

    /// Puts a decision on record with what was before it, and stops the letters that have not left.
    pub(super) async fn put_on_record(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        ruling: &Ruling,
        undoes: Option<&DecisionRow>,
    ) -> Result<OnRecord, StoreError> {
        let mut known = Vec::new();
        for sender in tx.senders_known_by(case.item.id).await? {
            if self.is_known(tx, &sender).await? {
                known.push(sender);
            }
        }
        let why = if undoes.is_some() { Dropped::DecisionUndone } else { Dropped::EntryChanged };
        let mut stopped = Vec::new();
        for kind in [LetterKind::ExtensionGranted, LetterKind::Withdrawn] {
            let Some(undone) = undoes else { continue };
            let occasion = Occasion::Message { message: case.entry.id, decision: Some(undone.id) }.key(kind);
            stopped.extend(tx.discard_unsent_of_act(&occasion, &why, case.now).await?);
        }
        stopped.extend(tx.discard_unsent(case.entry.id, &why, case.now).await?);
        for (letter, kind) in stopped.iter().filter(|_| undoes.is_none()) {
            let about = About { message: Some(case.entry.id), ..About::letter(*letter) };
            let event = Event::LetterDropped { letter: *kind, why: why.clone() };
            tx.record(case.now, about, case.actor, &event)?;
        }
        let id = tx
            .add_decision(&NewDecision {
                on: DecidedOn::Item(case.item.id),
                ruling,
                actor: case.actor,
                reason: &case.order.reason,
                at: case.now,
                undoes: undoes.map(|undone| undone.id),
                answer_before: case.entry.answer_reason.as_deref(),
                letter_before: stopped.last().map(|(_, kind)| *kind),
            })
            .await?;
        tx.take_up(case.item.id).await?;
        Ok(OnRecord { id, kind: ruling.kind().to_owned(), stopped, known })
    }

    /// Whether the address counts as evidence for that state now.
    pub(super) async fn is_known(&self, tx: &mut Tx, sender: &KnownSender) -> Result<bool, StoreError> {
        let today = self.instance.clock.now().to_zoned_datetime(tz::TimeZone::UTC).date();
        let known = tx.contacts_with_address(&sender.address, today).await?;
        Ok(known.iter().any(|contact| contact.iso3 == sender.iso3))
    }

    pub(super) fn call_of(&self, item: &ItemRow, named: Option<&str>) -> Result<Arc<OpenCall>, DeskError> {
        let calls = self.instance.calls();
        let codes = || calls.iter().map(|open| open.call.code.as_str()).collect::<Vec<_>>().join(", ");
        match (named, item.call_id) {
            (Some(code), _) => calls
                .of(Some(code))
                .cloned()
                .ok_or_else(|| DeskError::NotFound(format!("There is no call {code}; there are: {}.", codes()))),
            (None, Some(id)) => self.call_by_id(id),
            (None, None) if calls.len() == 1 => self.instance.call(None).ok_or_else(Self::no_such_call),
            (None, None) => {
                Err(DeskError::Refused(format!("It belongs to no call yet; say which with --call: {}.", codes())))
            }
        }
    }

    pub(super) fn call_by_id(&self, id: Id) -> Result<Arc<OpenCall>, DeskError> {
        self.instance.call_by_id(id).ok_or_else(Self::no_such_call)
    }

    fn no_such_call() -> DeskError {
        DeskError::Refused("Its call is not in this configuration any more.".to_owned())
    }

    /// Confirms the message as unrelated where a decision says so and nothing in it is filed or waits; else takes that
    /// back, so that its text is kept.
    pub(super) async fn settle_unrelated(&self, tx: &mut Tx, case: &Case<'_>) -> Result<bool, StoreError> {
        let mut in_use = false;
        for item in tx.items(case.entry.id).await? {
            let filed = tx.registration(item.id).await?;
            in_use |= filed.is_some() || item.waits();
        }
        let decisions = tx.decisions(case.entry.id).await?;
        let mut newest: Vec<&DecisionRow> = Vec::new();
        for decision in decisions.iter().rev().filter(|decision| decision.stands()) {
            if newest.iter().all(|newer| newer.item_id != decision.item_id) {
                newest.push(decision);
            }
        }
        let mut unrelated = false;
        for decision in newest {
            unrelated |= decision.ruling()? == Ruling::NotAnInput { unrelated: true };
        }
        let confirmed = !in_use && unrelated;
        tx.confirm_unrelated(case.entry.id, confirmed.then_some(case.now)).await?;
        Ok(confirmed)
    }

    /// Whether a message that could not be read may be answered, by its header; `None` once that was erased.
    async fn answering_by_header(&self, tx: &mut Tx, case: &Case<'_>) -> Result<Option<Answering>, StoreError> {
        let Some(raw) = tx.original(&case.entry.sha256, header::WINDOW).await? else { return Ok(None) };
        let message = header::message(&raw);
        let colleagues = &self.instance.config.intake.colleagues;
        let from = message.from.as_ref().and_then(|from| from.address.as_deref());
        Ok(Some(Answering {
            passed_on: false,
            by_colleague: from.is_some_and(|address| is_colleague(address, colleagues)),
            language: message.subject.as_deref().and_then(language::detect),
            answerable: answerable(&message, &self.instance.own(&case.entry.mailbox), Beside::default()),
        }))
    }

    /// Whether the message may be answered, and to whom; `None` where nobody knows that any more.
    pub(super) async fn answering(&self, tx: &mut Tx, case: &Case<'_>) -> Result<Option<Answering>, StoreError> {
        match tx.findings(case.entry.id).await?.answering()? {
            Some(answering) => Ok(Some(answering)),
            None => self.answering_by_header(tx, case).await,
        }
    }

    /// When a letter may leave that a person decides now: until then the decision can be taken back.
    pub(super) fn leaves_at(&self, now: Timestamp) -> Timestamp {
        let window = SignedDuration::try_from(self.instance.config.letters.undo_window).unwrap_or(SignedDuration::ZERO);
        now.saturating_add(window).unwrap_or(Timestamp::MAX)
    }

    /// Decides the letter that the entry deserves now, by what is filed unless the answer is given.
    pub(super) async fn answer_anew(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        given: Option<Answer>,
        by: By,
    ) -> Result<LetterThen, DeskError> {
        match given {
            None => self.answer_anew_as(tx, case, None, by).await,
            Some(given) => match self.answering(tx, case).await? {
                Some(answering) => self.decide_answer(tx, case, (&answering, &given), by).await,
                None => Ok(LetterThen::Erased),
            },
        }
    }

    /// The same by what is filed; an item of which a receipt told that it is registered is owed a letter though it is no input.
    pub(super) async fn answer_anew_as(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        owed: Option<Id>,
        by: By,
    ) -> Result<LetterThen, DeskError> {
        let Some(answering) = self.answering(tx, case).await? else { return Ok(LetterThen::Erased) };
        let mut fates = Vec::new();
        let findings = tx.findings(case.entry.id).await?;
        for item in tx.items(case.entry.id).await? {
            let purpose = findings.purpose(item.n)?.map(|purpose| purpose.kind);
            fates.push(if owed == Some(item.id) { Fate::Filed } else { fate(tx, &item, purpose).await? });
        }
        let silent = case.entry.silent()?.or(answering.silent());
        let answer = answer(&fates, &answering.answerable, silent.as_ref(), answering.by_colleague);
        self.decide_answer(tx, case, (&answering, &answer), by).await
    }

    async fn decide_answer(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        (answering, answer): (&Answering, &Answer),
        by: By,
    ) -> Result<LetterThen, DeskError> {
        let due = self.leaves_at(case.now);
        let decided = filing::decide_letter(tx, &self.instance, &case.entry, answering, answer, by, due).await?;
        tx.set_answer(case.entry.id, &decided.said).await?;
        Ok(decided.then)
    }
}

/// That there is nothing of that name.
pub(super) fn no_entry(reference: &str) -> String {
    format!("There is no entry {reference}; `docket log` lists them.")
}

/// What has become of an item, from what is filed of it, and from what it is for where that was found.
async fn fate(tx: &mut Tx, item: &ItemRow, purpose: Option<purpose::Kind>) -> Result<Fate, StoreError> {
    Ok(match tx.place_of(item.id).await? {
        Some((_, Filed { place: Place::Withdrawal | Place::Recall | Place::Correspondence, .. })) => {
            Fate::Correspondence
        }
        Some((submission, _)) if submission.states.is_empty() => Fate::Filed,
        Some(_) => Fate::Registered,
        None if item.waits() && item.content_key.is_some() && purpose.is_none_or(purpose::Kind::is_input) => {
            Fate::Undecided
        }
        None => Fate::Correspondence,
    })
}
