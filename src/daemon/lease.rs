//! Being the one that receives: a lease in the database, and on SQLite the lock beside the file.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{DaemonError, others};
use crate::{
    instance::Instance,
    presence::SAID_EVERY,
    store::{Db, Lock, Locked, StoreError},
};

/// The lease of the process that receives.
pub const LEASE: &str = "daemon";
/// How long that lease lasts without being renewed.
const LEASE_FOR: Duration = Duration::from_secs(15);
/// How often it is renewed, and said that this process works.
pub(super) const RENEW_EVERY: Duration = SAID_EVERY;
/// How long the lock of another is waited for.
const LOCK_WITHIN: Duration = Duration::from_secs(2);
/// How long is waited before an earlier process is asked for the lease once more.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Takes the lease, and on SQLite the lock beside the file. Who has the lock knows that nobody else works: what a killed
/// process left, its lease and its claims, is free at once. Where there are no locks, its lease runs out first.
pub(super) async fn become_the_one(instance: &Instance) -> Result<Option<Lock>, DaemonError> {
    if matches!(instance.db, Db::Postgres(_)) {
        // What one that was killed here has left, its lease among it, is free at once.
        others::free_what_they_left(instance).await?;
        if !hold_lease(instance).await? {
            tracing::info!("another docket receives; this one reads and sends, and takes over when that one ends");
        }
        return Ok(None);
    }
    let lock = lock(instance).await?;
    if lock.is_some() {
        let mut tx = instance.db.begin().await?;
        tx.free_lease(LEASE, &instance.owner).await?;
        tx.commit().await?;
    }
    let until = Instant::now() + LEASE_FOR + RENEW_EVERY;
    let mut said = false;
    while !hold_lease(instance).await? {
        if Instant::now() > until {
            return Err(DaemonError::AnotherRuns);
        }
        if !said {
            tracing::info!("an earlier process may still hold this database; waiting until it lets go");
            said = true;
        }
        sleep(ASK_AGAIN).await;
    }
    others::free_all_they_left(instance).await?;
    Ok(lock)
}

/// The lock beside the file; none where there are no locks. One that is held is tried again for a moment: a process that
/// was killed is not gone at once.
async fn lock(instance: &Instance) -> Result<Option<Lock>, DaemonError> {
    let until = Instant::now() + LOCK_WITHIN;
    loop {
        match Lock::of(&instance.config.store.url)? {
            Locked::Ours(lock) => return Ok(Some(lock)),
            Locked::Unsupported => return Ok(None),
            Locked::ByAnother if Instant::now() > until => return Err(DaemonError::AnotherRuns),
            Locked::ByAnother => sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Takes or renews the lease, and says that this process works; yields whether the lease is ours.
pub(super) async fn hold_lease(instance: &Instance) -> Result<bool, StoreError> {
    let mut tx = instance.db.begin().await?;
    let said = instance.presence.say(&mut tx).await?;
    let epoch = tx.take_lease(LEASE, &instance.owner, LEASE_FOR).await?;
    tx.commit().await?;
    instance.presence.heard(said);
    Ok(epoch.is_some())
}
