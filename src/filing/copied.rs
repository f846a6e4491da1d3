//! What a person was asked about a version that nobody could read, once a readable copy of it stands.
//!
//! Promises that it is asked no more as long as the copy stands, and as before once it does not.

use jiff::Timestamp;

use super::facts::Facts;
use crate::{
    core::{
        question::{Question, Questions},
        submission::Legible,
    },
    store::{Id, StoreError, Tx},
};

/// Asks no more about the versions that have a copy now, and again about those whose copy went.
pub(super) async fn ask(tx: &mut Tx, (before, after): (&Facts, &Facts), at: Timestamp) -> Result<(), StoreError> {
    let (stood, stands) = (before.stands(), after.stands());
    for version in stands.versions.iter().filter(|version| version.filed.legible == Legible::Unread) {
        let item = version.filed.item;
        let had = stood.version_of(item).is_some_and(|version| version.rendition.is_some());
        let has = version.rendition.is_some();
        if had == has {
            continue;
        }
        let row = tx.item_row(item.0).await?;
        // Of what cannot be read, that is said where it is shown.
        let Ok(waiting) = row.waiting() else { continue };
        let asked = if has { waiting.clone().without(is_unread) } else { as_before(tx, item.0, &waiting).await? };
        if asked != waiting {
            tx.keep_past(row.id, None, at).await?;
            tx.set_item(row.id, row.call_id, row.kind, Some(&asked)).await?;
        }
    }
    Ok(())
}

/// What was asked of an item before its copy came, with what is asked of it now.
async fn as_before(tx: &mut Tx, item: Id, now: &Questions) -> Result<Questions, StoreError> {
    let asked = tx.asked_before(item).await?.into_iter().find(|asked| asked.iter().any(is_unread));
    let Some(asked) = asked else { return Ok(now.clone()) };
    if asked.clone().without(is_unread) == *now {
        return Ok(asked);
    }
    Ok(asked.iter().filter(|question| is_unread(question)).cloned().fold(now.clone(), Questions::and))
}

fn is_unread(question: &Question) -> bool {
    matches!(question, Question::UnreadMain { .. })
}
