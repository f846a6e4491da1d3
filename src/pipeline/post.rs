//! Posting: the outbox releases its letters, and each is handed over once.
//!
//! A letter is frozen (Message-ID, date and bytes) in one transaction and marked as leaving in another: for a folder
//! before it is written, for a mail server when the server has all of it but the final dot. After a crash between that
//! and the record of its leaving, it is uncertain, and the same bytes go once more or a person is asked, by the setting.
//! A mail server that cannot be talked to, or that refuses us whatever the letter, is left alone for a while, longer each
//! time, whatever waits for it; no letter is given up for that. A letter of which it is not clear whether the refusal is its
//! own waits until another has left: if it is refused once more then, it is.

mod course;
mod outlet;
mod record;
mod take;

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{RwLock, watch};

use self::{
    course::{Course, Turn},
    outlet::{Handed, Outlet},
    take::Taken,
};
use super::{Outcome, PipelineError};
use crate::{
    config::Transport,
    instance::Instance,
    mailer::{Folder, Limits, Smtp},
    store::{ClaimedLetter, CutOffs},
};

/// How long that goes on when the program stops.
const RECORD_AT_STOP: Duration = Duration::from_secs(5);
/// How many letters are handed over before it is looked again whether that should go on.
const IN_A_ROW: usize = 16;
/// After so many failures, the wait before the mail server is tried again grows no more.
const PAUSES_GROW: u32 = 4;
/// With so many times that the program ended over a letter, or that the database refused it, a person is asked.
const FAULTS: i64 = 3;

/// Hands letters over; several steps at once hand over several side by side.
#[derive(Debug)]
pub struct Post {
    instance: Arc<Instance>,
    outlet: Outlet,
    stop: Option<watch::Receiver<bool>>,
    course: Mutex<Course>,
    /// Held by each letter on its way; by one that goes alone, for writing.
    way: RwLock<()>,
    /// Letters that did not leave and are claimed for nothing, because the database was not there to take them back.
    astray: Mutex<Vec<ClaimedLetter>>,
    /// How many letters are in hand, of which it is not recorded yet what became of them.
    in_hand: AtomicUsize,
    cut_offs: CutOffs,
}

/// A letter in hand, until it is dropped.
struct InHand<'a>(&'a AtomicUsize);

impl<'a> InHand<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
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
            Transport::Smtp(server) => Outlet::Smtp(Box::new(Smtp::new(server.clone(), Limits::default()))),
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

    /// Hands over the letter that is due longest, and after one that left those behind it, some in a row.
    ///
    /// # Errors
    /// The database did not answer. A letter that did not leave is given back, at the latest by the next step that finds the
    /// database there.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let turn = self.turn().await;
        if self.pauses() {
            return Ok(Outcome::Idle);
        }
        self.instance.attend().await?;
        self.give_back().await?;
        let Some(mut taken) = self.take().await? else {
            self.rest().await;
            return Ok(Outcome::Idle);
        };
        let _in_hand = InHand::one_more(&self.in_hand);
        for behind in (0..IN_A_ROW).rev() {
            let Taken { letter, bytes } = taken;
            let handed = match self.hand_over(&letter, bytes).await {
                Ok(Some(handed)) => handed,
                Ok(None) => {
                    self.astray().push(letter);
                    self.give_back().await?;
                    break;
                }
                Err(error) => {
                    self.astray().push(letter);
                    return Err(error);
                }
            };
            let goes_on = matches!((&turn, &handed), (Turn::Beside { .. }, Handed::Left(_)));
            let goes_on = goes_on && behind > 0 && !self.stops();
            let Some(next) = self.record(&letter, &handed, goes_on).await? else { break };
            taken = next;
        }
        self.go_on().await?;
        Ok(Outcome::Worked)
    }

    /// There will be no more letters: a connection that is kept for the next one is ended.
    pub async fn close(&self) {
        if let Outlet::Smtp(smtp) = &self.outlet {
            smtp.close().await;
        }
    }

    /// Whether the program stops.
    fn stops(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// Waits until the program stops.
    async fn stopped(&self) {
        match &self.stop {
            // A closed channel means that the process is going down, too.
            Some(stop) => drop(stop.clone().wait_for(|stop| *stop).await),
            None => pending().await,
        }
    }
}
