//! Filing: an item becomes a version of a submission, and its message gets its letter, within the caller's transaction.
//!
//! The program files what it reads, and a person files what was left undecided; both come through here, so that a
//! reference, a standing and a letter mean the same whoever decided.

mod letter;

pub use letter::{Answering, By, ENTRY_CHANGED, FilingError, call_facts, decide_letter};

use jiff::Timestamp;

use crate::{
    core::{deadline::Standing, iso3::Iso3, matching::Kind},
    office::OpenCall,
    store::{About, DOCKET, Event, Filed, Filing, Id, Party, Registration, StoreError, Tx},
};

/// An item to be filed.
#[derive(Clone, Debug)]
pub struct ToFile<'a> {
    /// The item.
    pub item: Id,
    /// The states; none for a sender who is no state.
    pub states: &'a [Iso3],
    /// The kind of sender.
    pub kind: Kind,
    /// The sender's address, which stands for one who is no state.
    pub sender: &'a str,
    /// What tells its content from any other.
    pub content_key: Option<&'a str>,
    /// When it was received.
    pub received: Timestamp,
    /// What our relays and the mailbox say about that.
    pub witnesses: [Option<Timestamp>; 2],
}

/// How an input stands: where two witnesses of its time disagree about the deadline, a person decides.
#[must_use]
pub fn standing(call: &OpenCall, received: Timestamp, witnesses: [Option<Timestamp>; 2]) -> Standing {
    let judged = call.deadline.judge(received);
    let disagrees = witnesses.iter().flatten().any(|&at| call.deadline.judge(at) != judged);
    if disagrees { Standing::Undetermined } else { judged }
}

/// Files an item under a call, and yields where and how it stands.
///
/// # Errors
/// The database did not answer.
pub async fn file(
    tx: &mut Tx,
    call: &OpenCall,
    what: &ToFile<'_>,
    at: Timestamp,
) -> Result<(Filed, Standing), StoreError> {
    let standing = standing(call, what.received, what.witnesses);
    let party = if what.states.is_empty() {
        Party::Sender(what.sender.to_owned())
    } else {
        Party::States(what.states.to_vec())
    };
    let filed = tx
        .file_input(&Filing {
            call: call.known.id,
            prefix: &call.call.reference,
            party,
            kind: what.kind,
            item: what.item,
            content_key: what.content_key,
            received: what.received,
            standing,
            deadline_version: call.known.deadline_version,
            at,
        })
        .await?;
    Ok((filed, standing))
}

/// Files the copies of an item that was withdrawn: what others sent as well does not go with it. The earliest becomes a
/// version of the submission; the others repeat that one.
///
/// # Errors
/// The database did not answer.
pub async fn file_copies(
    tx: &mut Tx,
    call: &OpenCall,
    item: Id,
    withdrawn: &Registration,
    at: Timestamp,
) -> Result<(), StoreError> {
    for copy in tx.copies(item).await? {
        let (received, witnesses) = tx.receipt(copy.message_id).await?;
        let what = ToFile {
            item: copy.id,
            states: &withdrawn.states,
            kind: copy.kind()?,
            sender: copy.from_address.as_deref().unwrap_or_default(),
            content_key: copy.content_key.as_deref(),
            received,
            witnesses,
        };
        let (filed, _) = file(tx, call, &what, at).await?;
        tx.set_item(copy.id, copy.call_id, copy.kind()?, copy.waiting.as_deref(), filed.duplicate_of).await?;
        if filed.duplicate_of.is_none() {
            let Filed { reference, version, .. } = filed;
            let what = format!("Filed as {reference}, version {version}: the same was withdrawn where it came before.");
            let about = About::message(copy.message_id);
            tx.record(Event { at, kind: "filed", about, actor: DOCKET, what }).await?;
        }
    }
    Ok(())
}
