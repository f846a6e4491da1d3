//! Receiving: what is new in a mailbox is stored under an intake number, before anything of it is parsed.
//!
//! Promises that a message is either in the mailbox and not yet in the log, or in the log as it came; and that one bad
//! message, or one that the database refuses, never stops those behind it. Where the messages are, in a Maildir or on a
//! server, is the parts' business.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod again;
mod imap;
mod inlet;
pub(super) mod intake;
mod looking;
mod maildir;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::Notify;

pub use self::intake::Received;
use self::{inlet::Inlet, intake::Intake};
use super::PipelineError;
use crate::{
    config::MailboxConfig,
    core::backoff,
    instance::Instance,
    mailbox::{ImapError, MailboxError},
    store::{CutOffs, Whose},
    watch::DATABASE_FAILS,
};

/// The wait after the database was waited for already.
const AFTER_SILENCE: Duration = Duration::from_secs(1);
/// The same where nothing changes before somebody mends it.
const UNTIL_MENDED: Duration = Duration::from_secs(30);

/// Receives from one mailbox.
#[derive(Debug)]
pub struct Receiver {
    intake: Intake,
    inlet: Inlet,
}

impl Receiver {
    /// Begins to receive from a mailbox of the configuration.
    pub async fn new(instance: Arc<Instance>, mailbox: MailboxConfig) -> Result<Self, PipelineError> {
        let mut tx = instance.db.begin().await?;
        let (id, first_started) = tx.mailbox(&mailbox.name, instance.clock.now()).await?;
        let inlet = Inlet::of(&mut tx, id, &mailbox.source).await?;
        let read = tx.mailboxes().await?.into_iter().find(|(name, _)| *name == mailbox.name).and_then(|(_, read)| read);
        tx.commit().await?;
        instance.watch.mailbox(&mailbox.name, mailbox.poll, read, instance.clock.now());
        let cut_offs = CutOffs::default();
        let intake = Intake { instance, mailbox, id, first_started, bell: Arc::default(), cut_offs };
        Ok(Self { intake, inlet })
    }

    /// Rings this bell as soon as something is new in the log, while more may follow.
    #[must_use]
    pub fn ringing(mut self, bell: Arc<Notify>) -> Self {
        self.intake.bell = bell;
        self
    }

    /// The configuration of the mailbox.
    #[must_use]
    pub fn mailbox(&self) -> &MailboxConfig {
        &self.intake.mailbox
    }

    /// Looks through the mailbox once and stores what is new.
    ///
    /// # Errors
    /// The mailbox cannot be read, or the database did not answer. What was stored until then stays.
    pub async fn step(&mut self) -> Result<Received, PipelineError> {
        let received = self.inlet.step(&self.intake).await?;
        let (watch, name, now) =
            (&self.intake.instance.watch, &self.intake.mailbox.name, self.intake.instance.clock.now());
        if received.unreadable == 0 {
            watch.mailbox_read(name, now);
        } else {
            let why = format!("{} of its folders or messages do not come", received.unreadable);
            // The log has said of each why.
            watch.mailbox_unread(name, now, &why, Duration::ZERO);
        }
        Ok(received)
    }

    /// How many messages in the log were received before the program began to answer, and when that was.
    pub async fn came_before(&self) -> Result<(i64, Timestamp), PipelineError> {
        let since = self.intake.answers_since();
        Ok((self.intake.instance.db.snapshot().await?.silent_before(self.intake.id, since).await?, since))
    }

    /// Waits until the mailbox says that something is new, at most for some time. Where it cannot say, the time passes.
    /// May be dropped.
    ///
    /// # Errors
    /// The mailbox was left; the next look goes there again.
    pub async fn news(&mut self, most: Duration) -> Result<(), PipelineError> {
        Ok(self.inlet.news(most).await?)
    }

    /// How long to leave the mailbox alone after so many failures in a row, of which this was the last: as long as the
    /// server asked for; and a login that was refused is not repeated until the account is locked. Until then the mailbox
    /// counts as one that cannot be read.
    #[must_use]
    pub fn pause(&self, error: &PipelineError, failed: u32) -> Duration {
        let chance = u32::try_from(self.intake.id.rem_euclid(1000)).unwrap_or(0).wrapping_mul(373).wrapping_add(failed);
        let pause = match error {
            PipelineError::Mailbox(MailboxError::Imap(error)) if error.asks_to_wait().is_some() => {
                // A server that still refuses may mean longer than it says.
                let asked = error.asks_to_wait().unwrap_or_default();
                backoff::after_asked(asked.max(backoff::reconnect(failed, chance)), chance)
            }
            PipelineError::Mailbox(MailboxError::Imap(error)) if error.wants_peace() => backoff::wait(failed, chance),
            PipelineError::Mailbox(MailboxError::Imap(ImapError::Login(_))) => backoff::wait(failed, chance),
            PipelineError::Token(error) if !error.is_temporary() => backoff::wait(failed, chance),
            PipelineError::Mailbox(MailboxError::Imap(_)) | PipelineError::Token(_) => {
                backoff::reconnect(failed, chance)
            }
            error if error.was_waited_for() => AFTER_SILENCE,
            error if error.whose() != Whose::Passing => UNTIL_MENDED,
            _ => backoff::reconnect(1, 0),
        };
        let (watch, name, now) =
            (&self.intake.instance.watch, &self.intake.mailbox.name, self.intake.instance.clock.now());
        match error {
            error if error.fails_everybody() => {
                let why = error.to_string();
                watch.complain(DATABASE_FAILS, &why, now);
                watch.mailbox_unread(name, now, &why, pause);
            }
            PipelineError::Mailbox(MailboxError::Maildir(error)) => watch.mailbox_lost(name, now, &error.to_string()),
            error if error.of_the_store().is_some() && error.whose() != Whose::Passing => {
                watch.mailbox_lost(name, now, &error.to_string());
            }
            error => watch.mailbox_fails(name, now, &error.to_string(), pause),
        }
        pause
    }

    /// Takes leave of the mailbox. That no message was the end of this process is written down; where the database does not
    /// take that, the next one counts its messages once more.
    pub async fn leave(&mut self) {
        if let Err(error) = self.inlet.leave(&self.intake).await {
            let mailbox = &self.intake.mailbox.name;
            tracing::debug!(%error, mailbox, "it is not written down that no message ended this process");
        }
    }
}
