//! Reading: a stored message becomes findings, an entry, and letters, in one transaction.
//!
//! A child process parses and extracts; the core judges; then everything is written at once. Messages are read and judged
//! side by side and filed in the order of their intake numbers, so that of two versions the earlier is the first; those
//! that are read by then share a commit. Once the program is to stop, nothing is filed any more: what was claimed is given
//! back as it was.

mod again;
mod beside;
mod conclusion;
mod context;
mod grown;
mod purposes;
mod read_ahead;
mod readout;
mod record;

use std::{slice, sync::Arc, time::Duration};

use tokio::sync::Mutex;

pub use self::again::{Reread, reread};
pub(super) use self::purposes::purposes_of;
use self::{
    conclusion::Conclusion,
    read_ahead::Ahead,
    readout::{ATTEMPTS, HEADER_WINDOW, Readout, header_of},
};
use super::{Outcome, PipelineError};
use crate::{
    core::event::NotRead,
    failpoint,
    instance::Instance,
    reading::Readers,
    sandbox::SandboxError,
    store::{Claimed, CutOffs, Whose, intake_number},
};

/// How many messages are claimed at once for each child, and how many are filed with one commit.
const CLAIMED_EACH: u32 = 8;
const FILED_TOGETHER: usize = 8;
/// More are claimed while fewer than this are left for each child, so that none waits for work.
const LEFT_EACH: usize = 5;
/// A message that was in hand this often when the program ended is read by itself.
const ALONE_AFTER: i64 = 3;
/// How much longer a claim lasts than its work, and that of those before it, may take.
const MARGIN: Duration = Duration::from_mins(2);

/// Reads what was received.
#[derive(Debug)]
pub struct Reader {
    instance: Arc<Instance>,
    readers: Arc<Readers>,
    work: Mutex<Work>,
    cut_offs: CutOffs,
}

/// What is in hand.
#[derive(Debug)]
struct Work {
    ahead: Ahead,
    /// Claims for which nothing is done any more, and which the database was not there to take back.
    astray: Vec<Claimed>,
}

impl Reader {
    /// Reads with children of a sandbox.
    #[must_use]
    pub fn new(instance: Arc<Instance>, readers: Arc<Readers>) -> Self {
        let ahead = Ahead::new(Arc::clone(&instance), Arc::clone(&readers));
        Self { instance, readers, work: Mutex::new(Work { ahead, astray: Vec::new() }), cut_offs: CutOffs::default() }
    }

    /// Files the next messages in their order; the children read on meanwhile, and after it.
    ///
    /// # Errors
    /// The database did not answer, or no child could be started. What was claimed for it is given back, at the latest by
    /// the next step that finds the database there. What one message alone meets is counted to it, and is no error.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let mut work = self.work.lock().await;
        let Work { ahead, astray } = &mut *work;
        self.instance.attend().await?;
        self.give_back(astray).await?;
        if ahead.for_each_child() < LEFT_EACH {
            let claimed = self.claim(astray).await?;
            if !claimed.is_empty() {
                failpoint::reached("after-message-claim");
            }
            ahead.push(claimed);
        }
        let next = ahead.next(FILED_TOGETHER).await;
        if next.is_empty() {
            return Ok(Outcome::Idle);
        }
        if self.readers.is_stopping() {
            astray.extend(next.into_iter().map(|(claimed, _)| claimed));
            self.give_back(astray).await?;
            return Ok(Outcome::Idle);
        }
        let (mut conclusions, mut failed) = (Vec::new(), Vec::new());
        for (message, read) in next {
            match read {
                // It may have been claimed anew since its reading began.
                Ok(conclusion) => conclusions.push(Conclusion { claimed: message, ..conclusion }),
                Err(error) => failed.push((message, error)),
            }
        }
        failed.extend(self.file(conclusions).await);
        let mut first_failure = None;
        for (message, error) in failed {
            let whose = error.whose_over(message.id, &self.cut_offs);
            match self.leave(&message, &error, whose).await {
                Err(error) if error.whose() == Whose::Row => {
                    // Nothing can be said of it where it stands. It comes again when its claim has run out.
                    let what = format!("{} cannot be left to a person", intake_number(message.number));
                    self.instance.watch.complain(&what, &error.to_string(), self.instance.clock.now());
                    first_failure.get_or_insert(error);
                }
                Err(_) => astray.push(message),
                Ok(()) => {}
            }
            if whose != Whose::Row {
                first_failure.get_or_insert(error);
            }
        }
        first_failure.map_or(Ok(Outcome::Worked), Err)
    }

    async fn claim(&self, astray: &mut Vec<Claimed>) -> Result<Vec<Claimed>, PipelineError> {
        let reading = &self.instance.config.reading;
        let longest = reading.time_per_message + reading.time_outside() + reading.time_to_scan();
        let longest = longest * 2 * CLAIMED_EACH + MARGIN;
        let most = reading.children.max(1).saturating_mul(CLAIMED_EACH as usize);
        let mut tx = self.instance.db.begin().await?;
        let mut claimed = tx.claim_messages(&self.instance.owner, longest, most).await?;
        for later in claimed.split_off(side_by_side(&claimed)) {
            tx.give_back(&later, &self.instance.owner).await?;
        }
        if let Err(error) = tx.commit().await {
            // They may be claimed all the same.
            astray.extend(claimed);
            return Err(error.into());
        }
        Ok(claimed)
    }

    /// Gives back what went astray.
    async fn give_back(&self, astray: &mut Vec<Claimed>) -> Result<(), PipelineError> {
        if astray.is_empty() {
            return Ok(());
        }
        while let Some(claimed) = astray.last() {
            match self.give_one_back(claimed).await {
                // Where not even that is taken, its claim runs out.
                Err(error) if error.whose() != Whose::Row => return Err(error),
                _ => _ = astray.pop(),
            }
        }
        Ok(())
    }

    async fn give_one_back(&self, claimed: &Claimed) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        tx.give_back(claimed, &self.instance.owner).await?;
        Ok(tx.commit().await?)
    }

    /// Leaves a message for another attempt, or to a person; a failure that cannot be its own does not count.
    async fn leave(&self, claimed: &Claimed, error: &PipelineError, whose: Whose) -> Result<(), PipelineError> {
        // Nobody knows whether it was the message that was too much for the machine.
        let may_be_its_own = matches!(error, PipelineError::Sandbox(SandboxError::Killed)) || whose == Whose::Row;
        if !may_be_its_own {
            return self.give_one_back(claimed).await;
        }
        if claimed.failures >= ATTEMPTS {
            return self.park_alone(claimed, error).await;
        }
        let mut tx = self.instance.db.begin().await?;
        tx.leave_for_retry(claimed, &error.to_string()).await?;
        let (number, attempt) = (intake_number(claimed.number), claimed.failures + 1);
        tx.warn(format!("{number} could not be read (attempt {attempt} of {ATTEMPTS}): {error}"));
        Ok(tx.commit().await?)
    }

    /// Leaves a message to a person that was given up and cannot be written down as such: by itself, with nothing beside it.
    async fn park_alone(&self, claimed: &Claimed, error: &PipelineError) -> Result<(), PipelineError> {
        let original = self.instance.db.snapshot().await?.original(&claimed.sha256, HEADER_WINDOW).await;
        let raw = match original {
            Err(error) if error.whose() != Whose::Row => return Err(error.into()),
            original => original.ok().flatten().unwrap_or_default(),
        };
        let why = NotRead::Failed { times: ATTEMPTS.unsigned_abs(), why: error.to_string() };
        let mut tx = self.instance.db.begin().await?;
        record::park_alone(&mut tx, &self.instance, claimed, &why, &header_of(&raw)).await?;
        Ok(tx.commit().await?)
    }

    /// Files conclusions in their order, with one commit; where that fails each by itself, so that no failure is another's.
    /// Yields those that failed.
    async fn file(&self, mut conclusions: Vec<Conclusion>) -> Vec<(Claimed, PipelineError)> {
        if conclusions.len() > 1 && self.write_down(&mut conclusions).await.is_ok() {
            return Vec::new();
        }
        let mut failed = Vec::new();
        for mut conclusion in conclusions {
            if let Err(error) = self.write_down(slice::from_mut(&mut conclusion)).await {
                failed.push((conclusion.claimed, error));
            }
        }
        failed
    }

    /// Writes conclusions down, all of them or none.
    async fn write_down(&self, conclusions: &mut [Conclusion]) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        for conclusion in &mut *conclusions {
            record::write_down(&mut tx, &self.instance, conclusion).await?;
            match conclusion.what {
                Readout::Read { .. } => failpoint::reached("before-read-commit"),
                Readout::Unreadable { .. } => failpoint::reached("before-park-commit"),
            }
        }
        tx.commit().await?;
        for conclusion in conclusions {
            self.cut_offs.forget(&conclusion.claimed.id);
            match conclusion.what {
                Readout::Read { .. } => failpoint::reached("after-read-commit"),
                Readout::Unreadable { .. } => failpoint::reached("after-park-commit"),
            }
        }
        Ok(())
    }
}

/// Reads one message that this process has claimed, and writes down what it comes to. Where that cannot be done, the claim
/// is given back.
pub(super) async fn read_claimed(
    instance: &Instance,
    readers: &Readers,
    claimed: Claimed,
) -> Result<(), PipelineError> {
    let given_back = claimed.clone();
    let written = async {
        let readout = Readout::of(instance, readers, &claimed).await?;
        let mut conclusion = Conclusion::of(instance, claimed, readout).await?;
        let mut tx = instance.db.begin().await?;
        record::write_down(&mut tx, instance, &mut conclusion).await?;
        Ok(tx.commit().await?)
    };
    let Err(error) = written.await else { return Ok(()) };
    let mut tx = instance.db.begin().await?;
    tx.give_back(&given_back, &instance.owner).await?;
    tx.commit().await?;
    Err(error)
}

/// How many of the messages that were claimed are read side by side. One that may be what ends the program comes by itself,
/// so that the others are not counted with it.
fn side_by_side(claimed: &[Claimed]) -> usize {
    match claimed.iter().position(|message| message.interruptions() >= ALONE_AFTER) {
        Some(0) => 1,
        Some(before) => before,
        None => claimed.len(),
    }
}
