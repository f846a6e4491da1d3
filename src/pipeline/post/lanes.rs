//! What the lanes of the post share: where letters leave, how it went there lately, and what is in hand.

use std::{
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{RwLock, watch};

use super::{course::Course, outlet::Outlet};
use crate::{
    config::{OnUncertain, Transport},
    instance::Instance,
    mailer::{Folder, Smtp, SmtpLimits},
    store::{ClaimedLetter, CutOffs},
};

/// How long recording what became of a letter goes on when the program stops.
pub(super) const RECORD_AT_STOP: Duration = Duration::from_secs(5);

/// Hands letters over; several steps at once hand over several side by side.
#[derive(Debug)]
pub struct Post {
    pub(super) instance: Arc<Instance>,
    pub(super) outlet: Outlet,
    pub(super) stop: Option<watch::Receiver<bool>>,
    pub(super) course: Mutex<Course>,
    /// Held by each letter on its way; by one that goes alone, for writing.
    pub(super) way: RwLock<()>,
    /// Letters that did not leave and are claimed for nothing, because the database was not there to take them back.
    pub(super) astray: Mutex<Vec<ClaimedLetter>>,
    /// How many letters are in hand, of which it is not recorded yet what became of them.
    pub(super) in_hand: AtomicUsize,
    pub(super) cut_offs: CutOffs,
}

/// A letter in hand, until it is dropped.
pub(super) struct InHand<'a>(&'a AtomicUsize);

impl<'a> InHand<'a> {
    pub(super) fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Post {
    /// Hands letters over as the configuration says.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        let letters = &instance.config.letters;
        let outlet = match &letters.transport {
            Transport::Folder => Outlet::Folder(Folder::at(&letters.folder, letters.form).open_to(letters.folder_mode)),
            Transport::Smtp(server) => Outlet::Smtp(Box::new(Smtp::new(server.clone(), SmtpLimits::default()))),
        };
        Self {
            instance,
            outlet,
            stop: None,
            course: Mutex::default(),
            way: RwLock::default(),
            astray: Mutex::default(),
            in_hand: AtomicUsize::new(0),
            cut_offs: CutOffs::default(),
        }
    }

    /// Lets no letter leave any more once `stop` says so, though it may be on its way: it goes with the next start. For the
    /// answer to one that has left it is waited for a while.
    #[must_use]
    pub fn until(self, stop: watch::Receiver<bool>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// How many steps at once are of use.
    #[must_use]
    pub fn lanes(&self) -> usize {
        match &self.outlet {
            Outlet::Folder(_) => 1,
            Outlet::Smtp(smtp) => smtp.config().connections,
        }
    }

    /// How long handing a letter over may take.
    #[must_use]
    pub fn longest(&self) -> Duration {
        match &self.outlet {
            Outlet::Folder(_) => Duration::ZERO,
            Outlet::Smtp(smtp) => smtp.longest(),
        }
    }

    /// Whether it must be waited for letters of which it is not recorded what became of them, and how long at most.
    #[must_use]
    pub fn must_be_waited_for(&self) -> Option<Duration> {
        let longest = self.wait_at_stop() + RECORD_AT_STOP;
        (self.in_hand.load(Ordering::SeqCst) > 0).then_some(longest)
    }

    /// Whether a letter that was cut off may have left in a way that once more would be twice. Into a folder, the same
    /// letter makes the same file.
    pub(super) fn leaves_doubt(&self) -> bool {
        matches!(self.outlet, Outlet::Smtp(_)) || self.instance.config.letters.on_uncertain == OnUncertain::Ask
    }

    /// How long the answer to a letter that may have left is waited for when the program stops.
    pub(super) fn wait_at_stop(&self) -> Duration {
        match &self.outlet {
            Outlet::Folder(_) => Duration::ZERO,
            Outlet::Smtp(smtp) => smtp.config().wait_at_stop,
        }
    }

    pub(super) fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn astray(&self) -> MutexGuard<'_, Vec<ClaimedLetter>> {
        self.astray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the program stops.
    pub(super) fn stops(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// Waits until the program stops.
    pub(super) async fn stopped(&self) {
        match &self.stop {
            // A closed channel means that the process is going down, too.
            Some(stop) => drop(stop.clone().wait_for(|stop| *stop).await),
            None => pending().await,
        }
    }
}
