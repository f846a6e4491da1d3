//! Filing: an item becomes a version of a submission, and its message gets its letter, within the caller's transaction.
//!
//! The program files what it reads, and a person files what was left undecided; both come through here, so that a
//! reference, a standing and a letter mean the same whoever decided.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod letter;
pub mod lines;

pub use letter::{By, FilingError, call_facts, decide_letter};

use jiff::Timestamp;

use crate::{
    core::{
        actor::Actor,
        calls::standing::{Standing, Witnesses},
        event::Event,
        iso3::Iso3,
    },
    instance::OpenCall,
    store::{About, Filed, Filing, Id, Input, ItemRow, Party, Registration, StoreError, Tx},
};

/// An item to be filed.
#[derive(Clone, Debug)]
pub struct ToFile<'a> {
    /// The item.
    pub input: Input<'a>,
    /// The states; none for a sender who is no state.
    pub states: &'a [Iso3],
    /// The sender's address, which stands for one who is no state.
    pub sender: &'a str,
    /// What our relays and the mailbox say about when it was received.
    pub witnesses: Witnesses,
}

/// Files an item under a call, and yields where and how it stands.
pub async fn file(
    tx: &mut Tx,
    call: &OpenCall,
    what: &ToFile<'_>,
    at: Timestamp,
) -> Result<(Filed, Standing), StoreError> {
    let filing = filing(call, what, at);
    Ok((tx.file_input(&filing).await?, filing.standing))
}

/// Files an item by a person's decision: whatever was filed meanwhile, of equal texts the one that was received first is
/// the version, and the others repeat it. `judged` is how it stood before, and by which version of the deadline, where
/// that is to hold again.
pub async fn file_by_hand(
    tx: &mut Tx,
    call: &OpenCall,
    what: &ToFile<'_>,
    judged: Option<(Standing, Id)>,
    at: Timestamp,
) -> Result<(Filed, Standing), StoreError> {
    let mut filing = filing(call, what, at);
    if let Some((standing, deadline_version)) = judged {
        filing = Filing { standing, deadline_version, ..filing };
    }
    let mut filed = tx.file_input(&filing).await?;
    if let Some(repeated) = filed.duplicate_of {
        let later = tx.item_row(repeated).await?;
        if tx.receipt(later.message_id).await?.0 > what.input.received {
            take_place(tx, what.input.item, &later, &filed, at).await?;
            filed = tx.file_input(&filing).await?;
        }
    }
    Ok((filed, filing.standing))
}

fn filing<'a>(call: &'a OpenCall, what: &ToFile<'a>, at: Timestamp) -> Filing<'a> {
    let party = if what.states.is_empty() {
        Party::Sender(what.sender.to_owned())
    } else {
        Party::States(what.states.to_vec())
    };
    Filing {
        call: call.known.id,
        prefix: &call.call.reference,
        party,
        input: what.input,
        standing: call.deadline_for(what.states).weigh(what.input.received, what.witnesses),
        deadline_version: call.known.deadline_version,
        at,
    }
}

/// Withdraws what a later item had filed: it repeats the earlier one, as do its copies.
async fn take_place(tx: &mut Tx, item: Id, later: &ItemRow, filed: &Filed, at: Timestamp) -> Result<(), StoreError> {
    let mut repeating = tx.repetitions(later.id).await?;
    repeating.retain(|copy| copy.id != item);
    repeating.push(later.clone());
    for copy in &repeating {
        tx.keep_past(copy.id, None, at).await?;
        tx.set_duplicate(copy.id, Some(item)).await?;
    }
    tx.withdraw_versions(later.id, at).await?;
    let event = Event::GaveWay { reference: filed.reference.clone(), version: filed.version };
    tx.record(at, About::message(later.message_id), &Actor::Program, &event)
}

/// Files the copies of an item that was withdrawn: what others sent as well does not go with it. The earliest becomes a
/// version of the submission; the others repeat that one.
pub async fn file_repetitions(
    tx: &mut Tx,
    call: &OpenCall,
    item: Id,
    withdrawn: &Registration,
    at: Timestamp,
) -> Result<(), StoreError> {
    for copy in tx.repetitions(item).await? {
        let (received, witnesses) = tx.receipt(copy.message_id).await?;
        let what = ToFile {
            input: Input { item: copy.id, kind: copy.kind, content_key: copy.content_key.as_deref(), received },
            states: &withdrawn.states,
            sender: copy.from_address.as_deref().unwrap_or_default(),
            witnesses,
        };
        tx.keep_past(copy.id, None, at).await?;
        let (filed, _) = file(tx, call, &what, at).await?;
        tx.set_duplicate(copy.id, filed.duplicate_of).await?;
        if filed.duplicate_of.is_none() {
            let event = Event::TookPlace { reference: filed.reference, version: filed.version };
            tx.record(at, About::message(copy.message_id), &Actor::Program, &event)?;
        }
    }
    Ok(())
}
