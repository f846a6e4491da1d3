//! Where a receiver receives from: the one place that knows which kind of mailbox it is.

use std::time::Duration;

use super::{
    imap::FromImap,
    intake::{Intake, Received},
    maildir::FromMaildir,
};
use crate::{
    config::MailSource,
    mailbox::MailboxError,
    pipeline::PipelineError,
    store::{Id, Tx},
};

#[derive(Debug)]
pub(super) enum Inlet {
    Maildir(Box<FromMaildir>),
    Imap(Box<FromImap>),
}

impl Inlet {
    /// Begins where the log says that a mailbox was read to.
    pub(super) async fn of(tx: &mut Tx, mailbox: Id, source: &MailSource) -> Result<Self, PipelineError> {
        Ok(match source {
            MailSource::Maildir(path) => Self::Maildir(Box::new(FromMaildir::new(tx, mailbox, path).await?)),
            MailSource::Imap(account) => Self::Imap(Box::new(FromImap::new(tx, mailbox, account.clone()).await?)),
        })
    }

    /// Looks through it once and takes in what is new.
    pub(super) async fn step(&mut self, intake: &Intake) -> Result<Received, PipelineError> {
        match self {
            Self::Maildir(maildir) => maildir.step(intake).await,
            Self::Imap(imap) => imap.step(intake).await,
        }
    }

    /// Waits until it says that something is new, at most for some time. Where it cannot say, the time passes.
    pub(super) async fn news(&mut self, most: Duration) -> Result<(), MailboxError> {
        match self {
            Self::Maildir(maildir) => maildir.news(most).await,
            Self::Imap(imap) => imap.news(most).await?,
        }
        Ok(())
    }

    /// Takes leave of it.
    pub(super) async fn leave(&mut self, intake: &Intake) -> Result<(), PipelineError> {
        match self {
            Self::Maildir(maildir) => maildir.leave(intake).await,
            Self::Imap(imap) => imap.leave(intake).await,
        }
    }
}
