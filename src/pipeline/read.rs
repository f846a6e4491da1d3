//! Reading: a stored message becomes findings, an entry, and letters, in one transaction.
//!
//! A child process parses and extracts; the core judges; then everything is written at once. Messages are read and judged
//! side by side and filed in the order of their intake numbers, so that of two versions the earlier is the first; those
//! that are read by then share a commit. Once the program is to stop, nothing is filed any more: what was claimed is given
//! back as it was.

mod again;
mod conclusion;
mod context;
mod grown;
mod read_ahead;
mod readout;
mod record;

use std::{slice, sync::Arc, time::Duration};

use tokio::sync::Mutex;

pub use self::again::{Reread, reread};
use self::{conclusion::Conclusion, read_ahead::Ahead, readout::Readout};
use super::{Outcome, PipelineError};
use crate::{failpoint, instance::Instance, reading::Readers, sandbox::SandboxError, store::Claimed};

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
    sandbox: Arc<Readers>,
    work: Mutex<Work>,
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
    pub fn new(instance: Arc<Instance>, sandbox: Arc<Readers>) -> Self {
        let ahead = Ahead::new(Arc::clone(&instance), Arc::clone(&sandbox));
        Self { instance, sandbox, work: Mutex::new(Work { ahead, astray: Vec::new() }) }
    }

    /// Files the next messages in their order; the children read on meanwhile, and after it.
    ///
    /// # Errors
    /// The database did not answer, or no child could be started. What was claimed for it is given back, at the latest by
    /// the next step that finds the database there.
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
        if self.sandbox.is_stopping() {
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
            if self.leave(&message, &error).await.is_err() {
                astray.push(message);
            }
            first_failure.get_or_insert(error);
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
        let mut tx = self.instance.db.begin().await?;
        for claimed in &*astray {
            tx.give_back(claimed, &self.instance.owner).await?;
        }
        tx.commit().await?;
        astray.clear();
        Ok(())
    }

    /// Leaves a message for another attempt; a failure that cannot be its own does not count.
    async fn leave(&self, claimed: &Claimed, error: &PipelineError) -> Result<(), PipelineError> {
        // Nobody knows whether it was the message that was too much for the machine.
        let may_be_its_own = matches!(error, PipelineError::Sandbox(SandboxError::Killed)) || !error.is_temporary();
        let mut tx = self.instance.db.begin().await?;
        if may_be_its_own {
            tx.leave_for_retry(claimed, &error.to_string()).await?;
        } else {
            tx.give_back(claimed, &self.instance.owner).await?;
        }
        tx.commit().await?;
        Ok(())
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
            match conclusion.what {
                Readout::Read { .. } => failpoint::reached("after-read-commit"),
                Readout::Unreadable { .. } => failpoint::reached("after-park-commit"),
            }
        }
        Ok(())
    }
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
