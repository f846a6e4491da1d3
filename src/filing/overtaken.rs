//! What letters told of a version that is none any more: a person is asked, for a letter that was made is never touched.
//!
//! Promises to ask when the version goes, and not any more once it is there again.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{facts::Facts, lines};
use crate::{
    core::{
        actor::Actor,
        event::Event,
        question::Question,
        submission::{Becomes, Filed, Named, Version},
    },
    instance::Instance,
    letters::facts::Facts as Letter,
    store::{About, Id, Made, StoreError, Tx, intake_number},
};

/// Asks about each letter on a submission that named a version which went, and no more about those whose version came back.
pub(super) async fn ask(
    tx: &mut Tx,
    instance: &Instance,
    (before, after): (&Facts, &Facts),
    at: Timestamp,
) -> Result<(), StoreError> {
    let (stood, stands) = (before.stands(), after.stands());
    let here = |versions: &[Version<'_>], named: &Named| versions.iter().any(|version| named.is(version));
    let same = |versions: &[Version<'_>], other: &Version<'_>| {
        versions.iter().any(|version| version.filed.receipt == other.filed.receipt && version.filed.n == other.filed.n)
    };
    let unchanged = stood.versions.iter().all(|version| same(&stands.versions, version))
        && stands.versions.iter().all(|version| same(&stood.versions, version));
    if unchanged {
        return Ok(());
    }
    // Of several letters about an item the last counts.
    let mut last: BTreeMap<Id, Made> = BTreeMap::new();
    for made in tx.made_letters_about(after.submission.id).await? {
        last.insert(made.item_id, made);
    }
    for made in last.into_values() {
        let standing = |filed: &Filed| filed.item.0 == made.item_id && filed.held.until.is_none();
        if !after.filed.iter().any(standing) {
            continue;
        }
        for named in named(&made, &after.submission.reference) {
            let asked = match (here(&stood.versions, &named), here(&stands.versions, &named)) {
                (true, false) => true,
                (false, true) => false,
                _ => continue,
            };
            ask_or_not(tx, instance, &made, (&after.submission.reference, asked), at).await?;
        }
    }
    Ok(())
}

/// The other versions that a letter named; of one whose facts cannot be read, that is said where it is shown.
fn named(made: &Made, reference: &str) -> Vec<Named> {
    let Ok(facts) = serde_json::from_str::<Letter>(&made.facts) else { return Vec::new() };
    let entries = facts.receipt().into_iter().flat_map(|receipt| &receipt.entries);
    let about = entries.filter(|entry| entry.reference.as_deref() == Some(reference));
    about.filter_map(|entry| entry.becomes.as_ref().and_then(Becomes::other).cloned()).collect()
}

/// Asks about a letter, or not any more.
async fn ask_or_not(
    tx: &mut Tx,
    instance: &Instance,
    made: &Made,
    (reference, asked): (&str, bool),
    at: Timestamp,
) -> Result<(), StoreError> {
    let item = tx.item_row(made.item_id).await?;
    let question = Question::LetterOvertaken { letter: made.id, reference: reference.to_owned() };
    let waiting = item.waiting()?;
    if waiting.iter().any(|other| *other == question) == asked {
        return Ok(());
    }
    let waiting = waiting.without(|other| *other == question);
    let waiting = if asked { waiting.and(question.clone()) } else { waiting };
    tx.keep_past(item.id, None, at).await?;
    tx.set_item(item.id, item.call_id, item.kind, Some(&waiting)).await?;
    if asked {
        let event = Event::LetterOvertaken { letter: made.id, reference: reference.to_owned() };
        tx.record(at, About { letter: Some(made.id), ..About::message(made.message_id) }, &Actor::Program, &event)?;
        tx.say(lines::waits(&intake_number(made.number), &instance.in_words(&question.phrase())));
    }
    Ok(())
}
