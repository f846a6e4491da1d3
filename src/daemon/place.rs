//! The place of the database while the daemon works: whether its file is still there, and the lock beside it.
//!
//! Promises that the daemon ends within seconds, or with the next transaction, when its file was removed, renamed or
//! replaced, and that a lock whose file was removed is taken again before it keeps nobody out for long. A server has no such
//! place.

use std::{future::pending, time::Duration};

use tokio::time::sleep;

use super::DaemonError;
use crate::{
    instance::Instance,
    store::{Lock, Locked},
};

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Waits until this process has no place to work in any more, and says why.
pub(super) async fn lost(instance: &Instance, lock: &mut Option<Lock>) -> DaemonError {
    let Some(held) = instance.db.held() else { return pending().await };
    loop {
        if let Err(gone) = held.is_there() {
            return DaemonError::Store(gone.into());
        }
        if lock.as_ref().is_some_and(|lock| !lock.keeps_others_out()) {
            match Lock::of(&instance.config.store.url) {
                Ok(Locked::Ours(again)) => {
                    tracing::warn!("the lock beside the database was removed, and is taken again; leave it there");
                    *lock = Some(again);
                }
                Ok(Locked::ByAnother) => return DaemonError::AnotherRuns,
                // What has no locks has no lock to lose.
                Ok(Locked::Unsupported) => {}
                Err(error) => {
                    tracing::error!(%error, "the lock beside the database was removed, and cannot be taken again");
                }
            }
        }
        tokio::select! {
            () = sleep(LOOK_EVERY) => {}
            () = held.missed() => {}
        }
    }
}
