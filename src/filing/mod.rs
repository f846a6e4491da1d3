//! Filing: an item takes its place in a submission, and its message gets its letter, within the caller's transaction.
//!
//! The program files what it reads, and a person files what was left undecided; both come through here, so that a
//! reference, a standing and a letter mean the same whoever decided. Promises that no fact of a submission is changed
//! anywhere else.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod act_letter;
mod again;
mod by;
mod copied;
mod facts;
mod found_by;
mod letter;
pub mod lines;
mod overtaken;
mod overview;
mod renewed;
mod settle;
mod to_remind;
mod told;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub(crate) use self::letter::keep_from_others;
use self::settle::Judging;
pub use self::{
    act_letter::{OnMessage, tell_of_deadline, tell_of_extension, tell_of_withdrawal, tell_state_of_extension},
    again::{JudgedAgain, follow_deadline, judge_again, judge_what_is_due},
    by::{By, FilingError},
    facts::{Facts, FiledAs},
    found_by::{FoundBy, found_by},
    letter::{LetterDecided, call_facts, decide_letter},
    overview::{Overview, standings},
    to_remind::to_remind,
    told::{told_as_registered, told_otherwise},
};
use crate::{
    core::{
        calls::standing::Witnesses,
        file::{Outcome, Role},
        iso3::Iso3,
        judging::matching::Kind,
        submission::{Filed, Held, ItemId, Legible, PartyKey, Place, Receipt, Withdrawal},
    },
    instance::{Instance, OpenCall},
    store::{EntryRow, Id, ItemRow, MessageState, StoreError, Submission, Tx},
};

/// An item to be filed.
#[derive(Clone, Debug)]
pub struct ToFile {
    /// Who files.
    pub party: PartyKey,
    /// The kind of party.
    pub kind: Kind,
    /// The fact, which has no row yet; the item has no place any more that it does not take.
    pub filed: Filed,
}

/// Who files: these states together, or without any the sender.
#[must_use]
pub fn party(states: &[Iso3], sender: &str) -> PartyKey {
    if states.is_empty() { PartyKey::Sender(sender.to_owned()) } else { PartyKey::States(states.to_vec()) }
}

/// Files an item under a call, in place of where it stood filed, and yields how it stands.
pub async fn file(
    tx: &mut Tx,
    instance: &Instance,
    call: &OpenCall,
    what: &ToFile,
    at: Timestamp,
) -> Result<FiledAs, FilingError> {
    let there = match tx.submission_of(call.known.id, &what.party).await? {
        Some(there) => there,
        None => tx.open_submission(call.known.id, &call.call.reference, &what.party, what.kind).await?,
    };
    place(tx, instance, &there, &what.filed, at).await
}

/// Gives an item its place in a submission that is there.
pub async fn join(
    tx: &mut Tx,
    instance: &Instance,
    there: &Submission,
    filed: &Filed,
    at: Timestamp,
) -> Result<(), FilingError> {
    change(tx, instance, filed.item.0, (Some((there.id, filed)), filed.by), at).await?;
    Ok(())
}

/// Ends the place of an item, by a decision or by the program: what others sent as well does not go with it. Whether it had
/// one.
pub async fn leave(
    tx: &mut Tx,
    instance: &Instance,
    item: Id,
    by: Option<Id>,
    at: Timestamp,
) -> Result<bool, FilingError> {
    Ok(!change(tx, instance, item, (None, by), at).await?.is_empty())
}

/// Gives an item its place in a submission, in place of where it stood filed, and yields how it stands.
pub async fn place(
    tx: &mut Tx,
    instance: &Instance,
    there: &Submission,
    filed: &Filed,
    at: Timestamp,
) -> Result<FiledAs, FilingError> {
    let facts = change(tx, instance, filed.item.0, (Some((there.id, filed)), filed.by), at).await?;
    let stands =
        facts.iter().find(|facts| facts.submission.id == there.id).and_then(|facts| facts.filed_as(filed.item));
    let nowhere = || StoreError::Row(format!("what was filed as {} is not there", there.reference));
    Ok(stands.ok_or_else(nowhere)?)
}

/// Takes back all that a party sent until then. `notice`: the item by which it did so, with its place there, if there is one.
pub async fn withdraw(
    tx: &mut Tx,
    instance: &Instance,
    submission: Id,
    back: &Withdrawal,
    notice: Option<&Filed>,
) -> Result<Vec<Facts>, FilingError> {
    let at = back.held.since;
    let here = match notice {
        Some(notice) => tx.place_of(notice.item.0).await?,
        None => None,
    };
    let touched: BTreeSet<Id> = here.iter().map(|(here, _)| here.id).chain([submission]).collect();
    let before = Facts::to_change(tx, &touched).await?;
    if let Some((_, filed)) = &here {
        tx.close(filed.id, back.by, at).await?;
    }
    if let Some(notice) = notice {
        tx.put(submission, notice).await?;
    }
    tx.take_back_all(submission, back, notice.map(|notice| notice.item.0)).await?;
    settle_all(tx, instance, &before, Judging::AsItWas, at).await
}

/// Closes the place of an item, opens another where there is one, and settles what is touched.
async fn change(
    tx: &mut Tx,
    instance: &Instance,
    item: Id,
    (to, by): (Option<(Id, &Filed)>, Option<Id>),
    at: Timestamp,
) -> Result<Vec<Facts>, FilingError> {
    let here = tx.place_of(item).await?;
    let touched = here.iter().map(|(submission, _)| submission.id).chain(to.map(|(there, _)| there));
    let before = Facts::to_change(tx, &touched.collect()).await?;
    if let Some((_, filed)) = &here {
        tx.close(filed.id, by, at).await?;
    }
    if let Some((there, filed)) = to {
        tx.put(there, filed).await?;
    }
    settle_all(tx, instance, &before, Judging::AsItWas, at).await
}

/// Ends what earlier decisions on an item had a state say, or a party take back, by it: what a later one says holds in their
/// place. Yields the decisions by which something had been taken back.
pub async fn end_earlier(
    tx: &mut Tx,
    instance: &Instance,
    item: Id,
    by: Id,
    at: Timestamp,
) -> Result<Vec<Id>, FilingError> {
    tx.end_earlier_words(item, by, at).await?;
    let earlier = tx.earlier_withdrawals(item, by).await?;
    if earlier.is_empty() {
        return Ok(Vec::new());
    }
    let touched = earlier.iter().map(|(submission, _)| *submission).collect();
    let before = Facts::to_change(tx, &touched).await?;
    tx.end_earlier_withdrawals(item, by, at).await?;
    settle_all(tx, instance, &before, Judging::AsItWas, at).await?;
    Ok(earlier.into_iter().map(|(_, decision)| decision).collect())
}

/// Takes a decision back: what it opened ends, and what it ended holds again, extensions and words of states among it. What
/// holds again is judged by the deadline of today. Yields what stands otherwise since a state has other time.
pub async fn take_back(
    tx: &mut Tx,
    instance: &Instance,
    decision: Id,
    by: Id,
    at: Timestamp,
) -> Result<Vec<JudgedAgain>, FilingError> {
    for call in tx.given_time(decision).await? {
        tx.change_call(call).await?;
    }
    let touched: BTreeSet<Id> = tx.changed_by(decision).await?;
    let before = Facts::to_change(tx, &touched).await?;
    tx.take_back(decision, by, at).await?;
    settle_all(tx, instance, &before, Judging::WhereItMayDiffer, at).await?;
    let mut judged = Vec::new();
    for (call, states) in tx.take_back_words(decision, by, at).await? {
        let states: Vec<Iso3> = states.into_iter().collect();
        judged.extend(judge_again(tx, instance, call, &states, at).await?);
    }
    Ok(judged)
}

async fn settle_all(
    tx: &mut Tx,
    instance: &Instance,
    before: &[Facts],
    judging: Judging,
    at: Timestamp,
) -> Result<Vec<Facts>, FilingError> {
    let mut after = Vec::new();
    for before in before {
        after.push(settle::settle(tx, instance, before, judging, at).await?);
    }
    Ok(after)
}

/// The fact that an item is a version, once a person has looked at it and said so. Where those who can tell the time of
/// receipt disagree about its standing, the receipt clock settles it.
pub async fn by_hand(
    tx: &mut Tx,
    call: &OpenCall,
    (entry, item): (&EntryRow, &ItemRow),
    states: &[Iso3],
    (by, at): (Id, Timestamp),
) -> Result<Filed, StoreError> {
    let (received, witnesses) = tx.receipt(entry.id).await?;
    let files = tx.files(entry.id).await?;
    let main = files.iter().find(|file| file.item_id == Some(item.id) && file.role == Role::Main);
    let outcome = main.map(|file| file.outcome).or((entry.state == MessageState::Parked).then_some(Outcome::NotRead));
    let law = tx.law(call.known.id).await?;
    let due = law.due(states, Timestamp::MAX);
    let by_clock = due.judge(received);
    Ok(Filed {
        id: 0,
        item: ItemId(item.id),
        place: Place::Version,
        n: None,
        receipt: Receipt { at: received, number: entry.number, n: item.n },
        witnesses,
        legible: Legible::found(outcome).looked_at(),
        words: item.words,
        content_key: item.content_key.clone(),
        settled: (due.weigh(received, witnesses) != by_clock).then_some(by_clock),
        by: Some(by),
        held: Held::from(at),
    })
}

/// The fact that an item which the program has read is a version.
#[must_use]
pub fn as_read(
    item: Id,
    (receipt, witnesses): (Receipt, Witnesses),
    legible: Legible,
    (words, content_key): (Option<u64>, Option<&str>),
    at: Timestamp,
) -> Filed {
    Filed {
        id: 0,
        item: ItemId(item),
        place: Place::Version,
        n: None,
        receipt,
        witnesses,
        legible,
        words,
        content_key: content_key.map(str::to_owned),
        settled: None,
        by: None,
        held: Held::from(at),
    }
}
