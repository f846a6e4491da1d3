//! What other owners have left: claims and leases of processes that are gone, or that nobody has heard of for too long.
//!
//! Promises to free what one that is known to be gone had in hand at once, and what a silent one had as soon as the store
//! says so. Who has just come back to the database itself hears of the others first: they may have been cut off with it.

use std::time::Duration;

use crate::{
    instance::Instance,
    presence::{Sign, sign_of},
    store::StoreError,
};

/// How long this process must have been heard of without a pause before it takes others for silent.
const STEADY: Duration = Duration::from_secs(15);

/// Frees what is nobody's any more, and yields whether there was any of it.
pub(super) async fn free_what_they_left(instance: &Instance) -> Result<bool, StoreError> {
    let mut tx = instance.db.begin().await?;
    let mut freed = false;
    for (owner, place) in tx.other_owners(&instance.owner).await? {
        if sign_of(&owner, &place) == Sign::Gone {
            freed |= tx.owner_is_gone(&owner).await?;
        }
    }
    if instance.presence.steady_for() >= STEADY {
        freed |= tx.free_the_silent(&instance.owner).await?;
    }
    tx.commit().await?;
    Ok(freed)
}

/// The same for who knows that no other daemon works: all claims are free, but those of a command that is at work.
pub(super) async fn free_all_they_left(instance: &Instance) -> Result<(), StoreError> {
    let mut tx = instance.db.begin().await?;
    let known = tx.other_owners(&instance.owner).await?;
    let at_work =
        |owner: &String| known.iter().any(|(name, place)| name == owner && sign_of(name, place) == Sign::Alive);
    let with_claims = tx.others_with_claims(&instance.owner).await?;
    let gone = known.iter().map(|(name, _)| name).chain(&with_claims).filter(|owner| !at_work(owner));
    for owner in gone {
        tx.owner_is_gone(owner).await?;
    }
    tx.commit().await
}
