//! What a person decides: whose an input is, or that it is none; and what happens to a letter.
//!
//! A decision takes effect at once and its letter waits for the undo window. What was decided before stays on record.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, DeskError, entry::resolve};
use crate::{
    core::{
        acknowledgement::{Fate, answer},
        deadline::Standing,
        iso3::Iso3,
        matching::Kind,
    },
    failpoint,
    filing::{self, Answering, By, ENTRY_CHANGED, ToFile},
    office::{Office, OpenCall},
    store::{
        About, ContactRole, EntryRow, Event, Id, ItemRow, LetterRow, LetterState, Person, Registration, StoreError, Tx,
        intake_number, time,
    },
};

/// What a decision came to, in sentences for the one who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The docket reference it is filed under, if it is.
    pub reference: Option<String>,
    /// What happened, a sentence a line.
    pub said: Vec<String>,
}

/// A decision on one item.
struct Case<'a> {
    entry: EntryRow,
    item: ItemRow,
    actor: &'a str,
    reason: &'a str,
    now: Timestamp,
}

impl Desk {
    /// Registers an item for a state, or for several together. With `remember`, the sender's address counts as evidence
    /// for that state from now on.
    ///
    /// # Errors
    /// There is no such entry, it belongs to no call, or the database did not answer. Then nothing was changed.
    pub async fn assign(
        &self,
        reference: &str,
        states: &[Iso3],
        call: Option<&str>,
        remember: bool,
        actor: &str,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let mut tx = self.office.db.begin().await?;
        let case = self.case(&mut tx, reference, actor, reason).await?;
        let open = self.call_of(&case.item, call)?;
        for &iso3 in states {
            if self.office.register.state(iso3).is_none() {
                return Err(DeskError::Refused(format!("{iso3} is the code of no state that the tables know.")));
            }
        }
        let kind = kind_of(&self.office, open, states);
        let codes = states.iter().map(Iso3::as_str).collect::<Vec<_>>().join("+");
        tx.add_decision(case.item.id, "assign", &codes, actor, reason, case.now).await?;
        let before = tx.registration(case.item.id).await?;
        let (reference, mut said) = match &before {
            Some(filed) if case.item.call_id == Some(open.known.id) && same_states(&filed.states, states) => {
                confirm(&mut tx, &case, open, kind, filed).await?
            }
            _ => {
                tx.withdraw_versions(case.item.id, case.now).await?;
                let filed = self.file(&mut tx, &case, open, states, kind).await?;
                self.file_copies(&mut tx, &case, before.as_ref()).await?;
                filed
            }
        };
        let names = states.iter().map(|&iso3| self.office.name(iso3)).collect::<Vec<_>>().join(", ");
        let what = format!("Assigned to {names}: {reason}");
        tx.record(Event { at: case.now, kind: "assigned", about: About::message(case.entry.id), actor, what }).await?;
        if remember {
            said.push(self.remember(&mut tx, &case, states).await?);
        }
        said.push(self.answer_anew(&mut tx, &case).await?);
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(Decided { reference: Some(reference), said })
    }

    /// Records that an item is no input. With `unrelated`, or where the program found the message unrelated, that is
    /// thereby confirmed, and its text may be erased by the setting `purge_unrelated_after`.
    ///
    /// # Errors
    /// There is no such entry, or the database did not answer. Then nothing was changed.
    pub async fn not_an_input(
        &self,
        reference: &str,
        unrelated: bool,
        actor: &str,
        reason: &str,
    ) -> Result<Decided, DeskError> {
        let mut tx = self.office.db.begin().await?;
        let case = self.case(&mut tx, reference, actor, reason).await?;
        tx.add_decision(case.item.id, "not_an_input", "", actor, reason, case.now).await?;
        let before = tx.registration(case.item.id).await?;
        let withdrawn = tx.withdraw_versions(case.item.id, case.now).await?;
        tx.set_item(case.item.id, case.item.call_id, Kind::NotAState, None, None).await?;
        self.file_copies(&mut tx, &case, before.as_ref()).await?;
        let what = format!("Found to be no input: {reason}");
        tx.record(Event { at: case.now, kind: "not_an_input", about: About::message(case.entry.id), actor, what })
            .await?;
        let mut said = vec![format!("{} is no input.", intake_number(case.entry.number))];
        if withdrawn > 0 {
            said.push("What it had filed is withdrawn, and stays on record.".to_owned());
        }
        if unrelated || case.entry.relevance.as_deref() == Some("unrelated") {
            tx.confirm_unrelated(case.entry.id, case.now).await?;
            said.push("It is confirmed as unrelated.".to_owned());
        }
        tx.change_entry(case.entry.id).await?;
        if !tx.discard_unsent(case.entry.id, ENTRY_CHANGED).await?.is_empty() {
            said.push("Its letter had not left, and will not.".to_owned());
        }
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(Decided { reference: None, said })
    }

    /// The letters, oldest first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters(&self) -> Result<Vec<LetterRow>, DeskError> {
        Ok(self.office.db.snapshot().await?.letters().await?)
    }

    /// Lets a held letter go, keeps one from going, or sends one that failed once more with the same bytes.
    ///
    /// # Errors
    /// There is no such letter, or it does not stand where that can be done.
    pub async fn move_letter(&self, id: Id, to: LetterState, actor: &str, reason: &str) -> Result<String, DeskError> {
        let mut tx = self.office.db.begin().await?;
        let Some(letter) = tx.letter(id).await? else {
            return Err(DeskError::NotFound(format!("There is no letter {id}.")));
        };
        let from = letter.state()?;
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
        let now = self.office.clock.now();
        if !tx.move_letter(id, from, to, Some(reason).filter(|_| to == LetterState::Discarded), now).await? {
            return Err(DeskError::Refused(format!("Letter {id} moved meanwhile; look at it again.")));
        }
        let what = match to {
            LetterState::Discarded => format!("Letter {id} will not leave: {reason}"),
            _ => format!("Letter {id} leaves now: {reason}"),
        };
        let about = About { message: letter.message_id, ..About::letter(id) };
        tx.record(Event { at: now, kind: "letter_moved", about, actor, what: what.clone() }).await?;
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok(what)
    }

    async fn case<'a>(
        &self,
        tx: &mut Tx,
        reference: &str,
        actor: &'a str,
        reason: &'a str,
    ) -> Result<Case<'a>, DeskError> {
        let unknown = || DeskError::NotFound(format!("There is no entry {reference}; `docket log` lists them."));
        let (number, n) = resolve(tx, reference).await?.ok_or_else(unknown)?;
        let entry = tx.entry(number).await?.ok_or_else(unknown)?;
        let items = tx.items(entry.id).await?;
        let item = match n {
            Some(n) => tx.item(number, n).await?.ok_or_else(unknown)?,
            None if items.len() > 1 => {
                let number = intake_number(number);
                let several = format!("{number} has {} items; say which: {number}/1, {number}/2 …", items.len());
                return Err(DeskError::Refused(several));
            }
            None => items.into_iter().next().ok_or_else(|| {
                DeskError::Refused(format!("{} is not read yet; wait a moment.", intake_number(number)))
            })?,
        };
        Ok(Case { entry, item, actor, reason, now: self.office.clock.now() })
    }

    fn call_of(&self, item: &ItemRow, named: Option<&str>) -> Result<&OpenCall, DeskError> {
        let codes = || self.office.calls.iter().map(|open| open.call.code.as_str()).collect::<Vec<_>>().join(", ");
        match (named, item.call_id) {
            (Some(code), _) => self
                .office
                .call(Some(code))
                .ok_or_else(|| DeskError::NotFound(format!("There is no call {code}; there are: {}.", codes()))),
            (None, Some(id)) => self
                .office
                .call_by_id(id)
                .ok_or_else(|| DeskError::Refused("Its call is not in this configuration any more.".to_owned())),
            (None, None) if self.office.calls.len() == 1 => Ok(&self.office.calls[0]),
            (None, None) => {
                Err(DeskError::Refused(format!("It belongs to no call yet; say which with --call: {}.", codes())))
            }
        }
    }

    async fn file(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        open: &OpenCall,
        states: &[Iso3],
        kind: Kind,
    ) -> Result<(String, Vec<String>), DeskError> {
        let what = ToFile {
            item: case.item.id,
            states,
            kind,
            sender: case.item.from_address.as_deref().unwrap_or_default(),
            content_key: case.item.content_key.as_deref(),
            received: time(case.entry.received)?,
            witnesses: [None, None],
        };
        let (filed, standing) = filing::file(tx, open, &what, case.now).await?;
        tx.set_item(case.item.id, Some(open.known.id), kind, None, filed.duplicate_of).await?;
        let number = intake_number(case.entry.number);
        let said = if filed.duplicate_of.is_some() {
            format!("{number} holds the same as version {} of {}; no new version.", filed.version, filed.reference)
        } else {
            let when = match standing {
                Standing::Late => "late",
                Standing::ByGrace => "within the grace of the call",
                _ => "on time",
            };
            format!("{number} is {}, version {}, received {when}.", filed.reference, filed.version)
        };
        Ok((filed.reference, vec![said]))
    }

    /// Files what others sent as well, where what this item had filed is withdrawn.
    async fn file_copies(&self, tx: &mut Tx, case: &Case<'_>, before: Option<&Registration>) -> Result<(), StoreError> {
        let call = case.item.call_id.and_then(|id| self.office.call_by_id(id));
        match (before, call) {
            (Some(before), Some(call)) => filing::file_copies(tx, call, case.item.id, before, case.now).await,
            _ => Ok(()),
        }
    }

    async fn remember(&self, tx: &mut Tx, case: &Case<'_>, states: &[Iso3]) -> Result<String, DeskError> {
        let (Some(address), [iso3]) = (case.item.from_address.as_deref(), states) else {
            return Ok("The sender was not remembered: that needs one address and one state.".to_owned());
        };
        let person =
            Person { iso3: *iso3, name: None, address: address.to_lowercase(), language: None, valid: (None, None) };
        tx.keep_person(ContactRole::KnownSender, &person).await?;
        let what = format!("{address} counts as evidence for {} from now on.", self.office.name(*iso3));
        let about = About::message(case.entry.id);
        tx.record(Event { at: case.now, kind: "sender_known", about, actor: case.actor, what: what.clone() }).await?;
        Ok(what)
    }

    /// Discards what has not left, and decides the letter that the entry deserves now.
    async fn answer_anew(&self, tx: &mut Tx, case: &Case<'_>) -> Result<String, DeskError> {
        tx.change_entry(case.entry.id).await?;
        tx.discard_unsent(case.entry.id, ENTRY_CHANGED).await?;
        let findings = tx.findings(case.entry.id).await?;
        let answering = findings
            .iter()
            .find(|(_, kind, _)| kind == "answering")
            .and_then(|(_, _, value)| serde_json::from_str::<Answering>(value).ok());
        let Some(answering) = answering else {
            return Ok("It is not answered: it could not be read, so nobody knows whether it may be.".to_owned());
        };
        let mut fates = Vec::new();
        for item in tx.items(case.entry.id).await? {
            fates.push(fate(tx, &item).await?);
        }
        let silent = case.entry.silent.as_deref();
        let answer = answer(&fates, &answering.answerable, silent, answering.by_colleague);
        let window = SignedDuration::try_from(self.office.config.letters.undo_window).unwrap_or(SignedDuration::ZERO);
        let due = case.now.saturating_add(window).unwrap_or(Timestamp::MAX);
        let entry = tx
            .entry(case.entry.number)
            .await?
            .ok_or_else(|| StoreError::Row(format!("message {} has no row", case.entry.number)))?;
        let said = filing::decide_letter(tx, &self.office, &entry, &answering, &answer, By::Person, due).await?;
        tx.set_answer(case.entry.id, &said).await?;
        tracing::info!(number = case.entry.number, reason = case.reason, "decided by a person");
        Ok(said)
    }
}

/// What is filed already stays as it is: the person has confirmed it, and it waits no longer. A standing that was left
/// open is settled by the receipt clock.
async fn confirm(
    tx: &mut Tx,
    case: &Case<'_>,
    open: &OpenCall,
    kind: Kind,
    filed: &Registration,
) -> Result<(String, Vec<String>), DeskError> {
    tx.set_item(case.item.id, Some(open.known.id), kind, None, None).await?;
    if filed.standing == Standing::Undetermined {
        tx.settle_standing(case.item.id, open.deadline.judge(time(case.entry.received)?)).await?;
    }
    let number = intake_number(case.entry.number);
    let said = format!("{number} is {}, version {}, as before.", filed.reference, filed.version);
    Ok((filed.reference.clone(), vec![said]))
}

fn same_states(filed: &[Iso3], assigned: &[Iso3]) -> bool {
    let set = |states: &[Iso3]| states.iter().copied().collect::<BTreeSet<Iso3>>();
    set(filed) == set(assigned)
}

/// What has become of an item, from what is filed of it.
async fn fate(tx: &mut Tx, item: &ItemRow) -> Result<Fate, StoreError> {
    let registration = tx.registration(item.duplicate_of.unwrap_or(item.id)).await?;
    Ok(match registration {
        Some(filed) if filed.states.is_empty() => Fate::Filed,
        Some(_) => Fate::Registered,
        None if item.waiting.is_some() && item.content_key.is_some() => Fate::Undecided,
        None => Fate::Correspondence,
    })
}

/// The kind of an input that a person registers for these states.
fn kind_of(office: &Office, open: &OpenCall, states: &[Iso3]) -> Kind {
    match states {
        [one] if open.roster.contains(one) => Kind::MemberState,
        [one] if office.register.is_observer(*one) => Kind::Observer,
        [_] => Kind::OutsideRegion,
        _ => Kind::Joint,
    }
}
