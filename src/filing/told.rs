//! What receipts that left told, beside what is so now: what a person's decision has a letter correct.
//!
//! Promises that a correction is due only where something that was told differs, and that the program by itself corrects nothing.

use jiff::Timestamp;

use super::{
    by::{By, FilingError},
    facts::Facts as Filed,
};
use crate::{
    core::{
        calls::standing::Standing,
        letter_kind::LetterKind,
        submission::{Becomes, ItemId},
    },
    letters::facts::{Corrected, EntryFacts, Facts, FileFacts, Receipt, Registered},
    store::{Id, LetterState, StoreError, Tx},
};

/// The letters that confirm that something was received.
const RECEIPTS: [LetterKind; 3] = [LetterKind::Acknowledgement, LetterKind::Received, LetterKind::Correction];

/// What the last letter of these kinds to a message says, of those that left or may have left; and when it was made.
async fn told_last(tx: &mut Tx, message: Id, kinds: &[LetterKind]) -> Result<Option<(Facts, Timestamp)>, FilingError> {
    let Some((facts, at)) = tx.told_last(message, kinds).await? else { return Ok(None) };
    let read = serde_json::from_str(&facts)
        .map_err(|error| StoreError::Row(format!("the facts of a letter cannot be read: {error}")))?;
    Ok(Some((read, at)))
}

/// Whether the last receipt to a message that left told of an item of it that it is registered.
///
/// # Errors
/// The database did not answer, or the facts of a letter cannot be read.
pub async fn told_as_registered(tx: &mut Tx, message: Id, item: Id) -> Result<bool, FilingError> {
    let letters = tx.readable_letters_of(message).await?;
    let went = [LetterState::Released, LetterState::Sending, LetterState::Sent];
    let last = letters.iter().rfind(|letter| letter.kind.is_receipt() && went.contains(&letter.state));
    let Some(last) = last else { return Ok(false) };
    Ok(told_of_item(tx, message, (last.id, item)).await?.is_some_and(|told| told.reference.is_some()))
}

/// Whether a receipt told of an item that it is registered, and that is otherwise now.
///
/// # Errors
/// The database did not answer, or the facts of the letter cannot be read.
pub async fn told_otherwise(tx: &mut Tx, message: Id, (letter, item): (Id, Id)) -> Result<bool, FilingError> {
    let Some(told) = told_of_item(tx, message, (letter, item)).await? else { return Ok(false) };
    if told.reference.is_none() {
        return Ok(told.no_input);
    }
    let Some((submission, _)) = tx.place_of(item).await? else { return Ok(true) };
    let states = submission.states.clone();
    let filed = Filed::of(tx, submission).await?.filed_as(ItemId(item));
    Ok(filed.is_none_or(|now| {
        told.reference.as_ref() != Some(&now.reference)
            || !told.states.is_empty() && told.states != states
            || told.standing != now.standing
            || told.becomes.is_some_and(|told| !told.is_filed_like(&now.becomes))
    }))
}

/// What a receipt told of an item of its message.
async fn told_of_item(tx: &mut Tx, message: Id, (letter, item): (Id, Id)) -> Result<Option<EntryFacts>, FilingError> {
    let told: Facts = serde_json::from_str(&tx.letter_facts(letter).await?)
        .map_err(|error| StoreError::Row(format!("the facts of letter {letter} cannot be read: {error}")))?;
    let place = tx.items(message).await?.iter().position(|row| row.id == item);
    Ok(told.receipt().zip(place).and_then(|(receipt, place)| receipt.entries.get(place).cloned()))
}

/// The facts of a letter beside the last one that left, which a person’s decision may have it correct, and the kind of that; none
/// where that one says the same. The program by itself corrects nothing: only one of the same kind counts.
pub(super) async fn beside_what_left(
    tx: &mut Tx,
    message: Id,
    facts: Facts,
    by: By,
) -> Result<Option<(Facts, Option<LetterKind>)>, FilingError> {
    let (kind, mut facts) = (facts.kind(), facts);
    let kinds: &[LetterKind] = match by {
        By::Person(_) if kind.is_receipt() => &RECEIPTS,
        By::Program if kind.is_receipt() => &[kind, LetterKind::Correction],
        _ => &[kind],
    };
    let told = told_last(tx, message, kinds).await?;
    let told_of = |place: usize| told.as_ref().is_some_and(|(told, _)| told_reference(told, place));
    facts.mark_no_input(&told_of);
    let Some((told, at)) = told else { return Ok(Some((facts, None))) };
    let same = says_the_same(&told, &facts);
    if by == By::Program {
        return Ok((!same).then(|| (facts, Some(told.kind()))));
    }
    let wrong = tells_otherwise(&told, &facts) || overtaken(tx, &told).await?;
    if same && !wrong {
        return Ok(None);
    }
    let told_kind = Some(told.kind()).filter(|told| wrong || *told == kind);
    let facts = if wrong { in_place_of(&told, at, facts) } else { facts };
    Ok(Some((facts, told_kind)))
}

/// Whether a receipt told of the input at a place in it that it is registered.
fn told_reference(told: &Facts, place: usize) -> bool {
    let entry = told.receipt().and_then(|receipt| receipt.entries.get(place));
    entry.is_some_and(|entry| entry.reference.is_some())
}

/// Whether two letters of a kind to one message say the same: only where a receipt names other states, or another
/// reference, is there a reason for a second one.
fn says_the_same(told: &Facts, facts: &Facts) -> bool {
    let named = |receipt: &Receipt| {
        let entries = receipt.entries.iter().map(|entry| (entry.reference.clone(), entry.states.clone()));
        entries.collect::<Vec<_>>()
    };
    match (told.receipt(), facts.receipt()) {
        (Some(told), Some(receipt)) => named(told) == named(receipt),
        _ => true,
    }
}

/// Whether a receipt told of something registered what is otherwise: under which reference and whose it is; that it is a version,
/// an addition, a copy, or what had been received before; how it stands against the deadline; or that nobody could open it. A
/// person by whose decision it is otherwise has its sender told.
fn tells_otherwise(told: &Facts, facts: &Facts) -> bool {
    let (Some(told), Some(receipt)) = (told.receipt(), facts.receipt()) else { return false };
    let differs = |(before, now): (&EntryFacts, &EntryFacts)| {
        let registered = (&before.reference, &before.states) != (&now.reference, &now.states);
        let filed = before.becomes.as_ref().zip(now.becomes.as_ref());
        let stands = [before.standing, now.standing];
        let unread = |entry: &EntryFacts| entry.files.iter().any(FileFacts::main_unread);
        registered
            || filed.is_some_and(|(before, now)| !before.is_filed_like(now))
            || before.standing != now.standing && !stands.contains(&Standing::Undetermined)
            || unread(before) && !unread(now)
    };
    let pairs = told.entries.iter().zip(&receipt.entries);
    pairs.filter(|(before, _)| before.reference.is_some()).any(differs)
}

/// Whether a receipt named another version that is none any more.
async fn overtaken(tx: &mut Tx, told: &Facts) -> Result<bool, StoreError> {
    for entry in told.receipt().into_iter().flat_map(|receipt| &receipt.entries) {
        let (Some(reference), Some(other)) = (&entry.reference, entry.becomes.as_ref().and_then(Becomes::other)) else {
            continue;
        };
        let Some(submission) = tx.submission_of_reference(reference).await? else { return Ok(true) };
        let facts = Filed::of(tx, submission).await?;
        if !facts.stands().versions.iter().any(|version| other.is(version)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The same, as a correction of a receipt that had named something as registered.
fn in_place_of(told: &Facts, at: Timestamp, facts: Facts) -> Facts {
    let before: Vec<Registered> =
        told.receipt().map(|receipt| receipt.entries.iter().map(Registered::from).collect()).unwrap_or_default();
    match facts {
        Facts::Acknowledgement(receipt) | Facts::Received(receipt)
            if before.iter().any(|entry| entry.reference.is_some()) =>
        {
            Facts::Correction(Corrected { told: at, before, receipt })
        }
        facts => facts,
    }
}
