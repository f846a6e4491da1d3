//! How it went with the mail server lately, and whose turn it is.

use tokio::{
    sync::{RwLockReadGuard, RwLockWriteGuard},
    time::Instant,
};

use crate::core::{backoff, mail::phase::Phase};

/// After so many failures, the wait before the mail server is tried again grows no more.
pub(super) const PAUSES_GROW: u32 = 4;

/// How it went with the mail server lately.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// A letter has left since the server could not be talked to.
    pub(super) proven: bool,
    /// How often it was left alone since.
    pub(super) failures: u32,
    /// Where in the conversation the last letter met what all would meet; `None` if none did since one came past that.
    pub(super) at: Option<Phase>,
    /// How long it is left alone.
    pub(super) until: Option<Instant>,
    /// The failures are over, and the letters that wait for that do not know it yet.
    pub(super) over: bool,
}

/// A letter's turn on the way, until it is dropped.
pub(super) enum Turn<'a> {
    Beside { _way: RwLockReadGuard<'a, ()> },
    Alone { _way: RwLockWriteGuard<'a, ()> },
}

impl Course {
    /// Leaves the mail server alone for a while, longer each time.
    pub(super) fn leave_alone(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.proven = false;
        self.until = Some(Instant::now() + backoff::wait(self.failures.min(PAUSES_GROW), 0));
    }
}
