//! What an item had filed before its message grew, once that is read anew: it stays where the same would be filed again, and
//! is withdrawn where not.
//!
//! Promises that a version keeps its number while it is the same party's under the same call, and that what others sent as
//! well does not go with what ends. Where a person is asked, nothing changes until the answer.

use std::collections::BTreeSet;

use super::PipelineError;
use crate::{
    core::{
        iso3::Iso3,
        judging::{answer::Fate, judgement::JudgedItem},
        submission::Filed,
    },
    filing,
    instance::{Instance, OpenCall},
    store::{Claimed, Submission, Tx},
};

/// The fact that an item is filed where it stays; nothing where it was not filed, or is not any more.
pub(super) async fn stays_filed(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    (judged, n): (&JudgedItem, i64),
    call: Option<&OpenCall>,
) -> Result<Option<Filed>, PipelineError> {
    if claimed.grown == 0 || claimed.is_held() {
        return Ok(None);
    }
    let Some(item) = tx.item(claimed.number, n).await? else { return Ok(None) };
    let filed = tx.place_of(item.id).await?;
    let sender = judged.item.from.as_ref().and_then(|from| from.address.as_ref()).map(|address| address.to_lowercase());
    let same_party = |there: &Submission| match judged.fate {
        Fate::Registered => set(&there.states) == set(&judged.matched.named()),
        Fate::Filed => there.states.is_empty() && item.from_address == sender,
        Fate::Undecided | Fate::WithoutDocument { .. } | Fate::Correspondence | Fate::Stray | Fate::Unrelated => false,
    };
    let same_call = |there: &Submission| call.is_some_and(|open| there.call == open.known.id);
    if let Some((_, filed)) = filed.filter(|(there, _)| same_call(there) && same_party(there)) {
        return Ok(Some(filed));
    }
    filing::leave(tx, instance, item.id, None, instance.clock.now()).await?;
    Ok(None)
}

fn set(states: &[Iso3]) -> BTreeSet<Iso3> {
    states.iter().copied().collect()
}
