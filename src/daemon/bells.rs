//! What the loops hear: that there is something to do, and that the end has come.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::supervise::{Pulse, Waiting};

/// A longer wait is for what nothing that comes in can change.
const LONGEST_WITH_BELL: Duration = Duration::from_secs(5);

/// Longer than any process lives.
const FOR_EVER: Duration = Duration::from_hours(100 * 365 * 24);

/// What the loops share.
#[derive(Clone)]
pub(super) struct Bells {
    pub(super) stop: watch::Receiver<bool>,
    pub(super) received: Arc<Notify>,
    pub(super) filed: Arc<Notify>,
    pub(super) sent: Arc<Notify>,
    /// That of the loop whose bells these are.
    pulse: Option<Arc<Pulse>>,
}

impl Bells {
    pub(super) fn new(stop: watch::Receiver<bool>) -> Self {
        Self { stop, received: Arc::default(), filed: Arc::default(), sent: Arc::default(), pulse: None }
    }

    /// The same for one loop.
    pub(super) fn of(&self, pulse: Arc<Pulse>) -> Self {
        Self { pulse: Some(pulse), ..self.clone() }
    }

    /// Says that the loop is going to wait that long, or less, until what is yielded is dropped.
    pub(super) fn waits(&self, most: Duration) -> Option<Waiting<'_>> {
        self.pulse.as_ref().map(|pulse| pulse.waits(most))
    }

    /// Waits for the end, however long that is: a loop that has nothing else to do is alive meanwhile.
    pub(super) async fn stopped(&self) {
        let _waiting = self.waits(FOR_EVER);
        // A closed channel means that the process is going down, too.
        drop(self.stop.clone().wait_for(|stop| *stop).await);
    }

    pub(super) fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Does something that may be dropped, unless the end comes first.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut stop = self.stop.clone();
        tokio::select! {
            done = work => Some(done),
            _ = stop.wait_for(|stop| *stop) => None,
        }
    }

    /// Waits after a failure: a bell cuts short only what may pass meanwhile.
    pub(super) async fn pause(&self, bell: &Notify, wait: Duration) {
        if wait > LONGEST_WITH_BELL {
            return self.wait(&Notify::new(), wait).await;
        }
        self.wait(bell, wait).await;
    }

    /// Waits for a bell, for some time, or for the end.
    pub(super) async fn wait(&self, bell: &Notify, most: Duration) {
        let _waiting = self.waits(most);
        let mut stop = self.stop.clone();
        tokio::select! {
            () = bell.notified() => {}
            () = sleep(most) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}
