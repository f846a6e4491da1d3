//! What an item had filed before its message grew, once that is read anew: it stays where the same would be filed again, and
//! is withdrawn where not.
//!
//! Promises that a version keeps its number while it is the same party's under the same call, and that what others sent as
//! well does not go with what is withdrawn. Where a person is asked, nothing changes until the answer.

use std::collections::BTreeSet;

use super::PipelineError;
use crate::{
    core::{
        iso3::Iso3,
        judging::{answer::Fate, judgement::JudgedItem},
    },
    filing,
    instance::{Instance, OpenCall},
    store::{Claimed, Registration, Tx},
};

/// Where an item stays filed; nothing where it was not filed, or is not any more.
pub(super) async fn stays_filed(
    tx: &mut Tx,
    instance: &Instance,
    claimed: &Claimed,
    (judged, n): (&JudgedItem, i64),
    call: Option<&OpenCall>,
) -> Result<Option<Registration>, PipelineError> {
    if claimed.grown == 0 || claimed.is_held() {
        return Ok(None);
    }
    let Some(item) = tx.item(claimed.number, n).await? else { return Ok(None) };
    let filed = tx.registration(item.id).await?;
    let sender = judged.item.from.as_ref().and_then(|from| from.address.as_ref()).map(|address| address.to_lowercase());
    let same_party = |filed: &Registration| match judged.fate {
        Fate::Registered => set(&filed.states) == set(&judged.matched.named()),
        Fate::Filed => filed.states.is_empty() && item.from_address == sender,
        Fate::Undecided | Fate::WithoutDocument { .. } | Fate::Correspondence | Fate::Stray | Fate::Unrelated => false,
    };
    let same_call = call.is_some_and(|open| item.call_id == Some(open.known.id));
    if let Some(filed) = filed.as_ref().filter(|filed| same_call && same_party(filed)) {
        return Ok(Some(filed.clone()));
    }
    let now = instance.clock.now();
    tx.withdraw_versions(item.id, now).await?;
    tx.set_duplicate(item.id, None).await?;
    if let (Some(filed), Some(call)) = (filed, item.call_id.and_then(|id| instance.call_by_id(id))) {
        filing::file_repetitions(tx, call, item.id, &filed, now).await?;
    }
    Ok(None)
}

fn set(states: &[Iso3]) -> BTreeSet<Iso3> {
    states.iter().copied().collect()
}
