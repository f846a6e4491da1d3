//! Reading: a stored message becomes findings, an entry, and letters, in one transaction.
//!
//! A child process parses and extracts; the core judges; then everything is written at once. Messages are read side by
//! side and filed in the order of their intake numbers, so that of two versions the earlier is the first; those that are
//! read by then share a commit.

mod ahead;
mod around;
mod conclusion;
mod readout;
mod settle;

use std::{slice, sync::Arc, time::Duration};

use self::{
    ahead::{Ahead, Read},
    conclusion::{Conclusion, What},
};
use super::{Outcome, PipelineError};
use crate::{failpoint, office::Office, sandbox::Sandbox, store::Claimed};

/// How many messages are claimed at once for each child, and how many are filed with one commit.
const CLAIMED_EACH: u32 = 8;
const FILED_TOGETHER: usize = 8;
/// How much longer a claim lasts than its work may take.
const MARGIN: Duration = Duration::from_mins(2);

/// Reads what was received.
#[derive(Debug)]
pub struct Reader {
    office: Arc<Office>,
    sandbox: Arc<Sandbox>,
}

impl Reader {
    /// Reads with children of a sandbox.
    #[must_use]
    pub fn new(office: Arc<Office>, sandbox: Arc<Sandbox>) -> Self {
        Self { office, sandbox }
    }

    /// Reads the next messages and files them in their order; while some are filed, the children read on.
    ///
    /// # Errors
    /// The database did not answer, or no child could be started. Claims run out, and the messages are read again.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let reading = &self.office.config.reading;
        let children = reading.children.max(1);
        let longest = (reading.time_per_message + reading.time_outside()) * CLAIMED_EACH + MARGIN;
        let most = children.saturating_mul(CLAIMED_EACH as usize);
        let mut tx = self.office.db.begin().await?;
        let claimed = tx.claim_messages(&self.office.owner, longest, most).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(Outcome::Idle);
        }
        failpoint::reached("after-message-claim");
        let mut ahead = Ahead::new(self, children, claimed.clone());
        let mut first_failure = None;
        let mut rest = claimed.as_slice();
        while !rest.is_empty() {
            let read = ahead.next(FILED_TOGETHER).await;
            let (these, behind) = rest.split_at(read.len());
            for (message, error) in self.file(these, read).await? {
                self.leave(message, &error).await?;
                first_failure.get_or_insert(error);
            }
            rest = behind;
        }
        first_failure.map_or(Ok(Outcome::Worked), Err)
    }

    /// Leaves a message for another attempt; a failure that is not its own does not count.
    async fn leave(&self, claimed: &Claimed, error: &PipelineError) -> Result<(), PipelineError> {
        let mut tx = self.office.db.begin().await?;
        if error.is_temporary() {
            tx.give_back(claimed).await?;
        } else {
            tx.leave_for_retry(claimed, &error.to_string()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Files messages in their order, with one commit; where that fails each by itself, so that no failure is another's.
    /// Yields those that failed.
    async fn file<'a>(
        &'a self,
        messages: &'a [Claimed],
        read: Vec<Read>,
    ) -> Result<Vec<(&'a Claimed, PipelineError)>, PipelineError> {
        let mut failed = Vec::new();
        let mut conclusions = Vec::new();
        let mut tx = self.office.db.snapshot().await?;
        for (message, read) in messages.iter().zip(read) {
            let concluded = match read {
                Ok(readout) => Conclusion::of(&mut tx, &self.office, message, readout).await,
                Err(error) => Err(error),
            };
            match concluded {
                Ok(conclusion) => conclusions.push(conclusion),
                Err(error) => failed.push((message, error)),
            }
        }
        drop(tx);
        if conclusions.len() > 1 && self.write_down(&conclusions).await.is_ok() {
            return Ok(failed);
        }
        for conclusion in &conclusions {
            if let Err(error) = self.write_down(slice::from_ref(conclusion)).await {
                failed.push((conclusion.claimed, error));
            }
        }
        Ok(failed)
    }

    /// Writes conclusions down, all of them or none.
    async fn write_down(&self, conclusions: &[Conclusion<'_>]) -> Result<(), PipelineError> {
        let mut tx = self.office.db.begin().await?;
        for conclusion in conclusions {
            settle::write_down(&mut tx, &self.office, conclusion).await?;
            match conclusion.what {
                What::Read { .. } => failpoint::reached("before-read-commit"),
                What::Unreadable { .. } => failpoint::reached("before-park-commit"),
            }
        }
        tx.commit().await?;
        for conclusion in conclusions {
            match conclusion.what {
                What::Read { .. } => failpoint::reached("after-read-commit"),
                What::Unreadable { .. } => failpoint::reached("after-park-commit"),
            }
        }
        Ok(())
    }
}
