//! Filing: an item takes its place in a submission, and its message gets its letter, within the caller's transaction.
//!
//! The program files what it reads, and a person files what was left undecided; both come through here, so that a
//! reference, a standing and a letter mean the same whoever decided. Promises that no fact of a submission is changed
//! anywhere else.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod facts;
mod letter;
pub mod lines;
mod overview;
mod settle;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub use self::{
    facts::{Facts, FiledAs},
    letter::{By, FilingError, call_facts, decide_letter},
    overview::{Overview, standings},
};
use crate::{
    core::{
        calls::standing::Witnesses,
        file::{Outcome, Role},
        iso3::Iso3,
        judging::matching::Kind,
        submission::{Filed, Held, ItemId, Legible, PartyKey, Place, Receipt},
    },
    instance::{Instance, OpenCall},
    store::{EntryRow, Id, ItemRow, MessageState, StoreError, Tx},
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
    let item = what.filed.item;
    let there = match tx.submission_of(call.known.id, &what.party).await? {
        Some(there) => there,
        None => tx.open_submission(call.known.id, &call.call.reference, &what.party, what.kind).await?,
    };
    let facts = change(tx, instance, item.0, (Some((there.id, &what.filed)), what.filed.by), at).await?;
    let filed = facts.iter().find(|facts| facts.submission.id == there.id).and_then(|facts| facts.filed_as(item));
    let nowhere = || StoreError::Row(format!("what was filed as {} is not there", there.reference));
    Ok(filed.ok_or_else(nowhere)?)
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
    settle_all(tx, instance, &before, at).await
}

/// Takes a decision back: what it opened ends, and what it ended holds again. Whether it had touched what is filed.
pub async fn take_back(
    tx: &mut Tx,
    instance: &Instance,
    decision: Id,
    by: Id,
    at: Timestamp,
) -> Result<bool, FilingError> {
    let touched: BTreeSet<Id> = tx.changed_by(decision).await?;
    let before = Facts::to_change(tx, &touched).await?;
    tx.take_back(decision, by, at).await?;
    Ok(!settle_all(tx, instance, &before, at).await?.is_empty())
}

async fn settle_all(
    tx: &mut Tx,
    instance: &Instance,
    before: &[Facts],
    at: Timestamp,
) -> Result<Vec<Facts>, FilingError> {
    let mut after = Vec::new();
    for before in before {
        after.push(settle::settle(tx, instance, before, at).await?);
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
    let due = call.deadline_for(states);
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
