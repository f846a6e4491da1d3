//! Receiving: what is new in a mailbox is stored under an intake number, before anything of it is parsed.
//!
//! Promises that a message is either in the mailbox and not yet in the log, or in the log as it came; and that one bad
//! file never stops those behind it.

use std::{collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::PipelineError;
use crate::{
    config::MailboxConfig,
    core::{header, identity},
    mailbox::{Maildir, RawMessage, Seen},
    office::Office,
    store::{Id, NewMessage, StoreError, Stored, Tx},
};

/// Receives from one mailbox.
#[derive(Debug)]
pub struct Receiver {
    office: Arc<Office>,
    mailbox: MailboxConfig,
    maildir: Maildir,
    place: Place,
    first_started: Timestamp,
    known: HashSet<String>,
}

/// Where messages are seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The mailbox.
    pub mailbox: Id,
    /// The folder.
    pub folder: Id,
}

/// What one look at a mailbox came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Messages that are new in the log.
    pub new: usize,
    /// Messages that were in the log before.
    pub known: usize,
    /// Names that are no messages.
    pub refused: usize,
    /// Files that cannot be read. They are tried at every look, and until they are read the mailbox does not count as
    /// read: the pages say so.
    pub unreadable: usize,
}

impl Receiver {
    /// Begins to receive from a mailbox of the configuration.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn new(office: Arc<Office>, mailbox: MailboxConfig) -> Result<Self, PipelineError> {
        let mut tx = office.db.begin().await?;
        let (id, first_started) = tx.mailbox(&mailbox.name, office.clock.now()).await?;
        let folder = tx.folder(id, "INBOX").await?;
        let known = tx.sightings(folder).await?.into_iter().collect();
        tx.commit().await?;
        let maildir = Maildir::at(&mailbox.maildir);
        let place = Place { mailbox: id, folder };
        Ok(Self { office, mailbox, maildir, place, first_started, known })
    }

    /// The mailbox itself, to be watched.
    #[must_use]
    pub fn maildir(&self) -> &Maildir {
        &self.maildir
    }

    /// The configuration of the mailbox.
    #[must_use]
    pub fn mailbox(&self) -> &MailboxConfig {
        &self.mailbox
    }

    /// Looks through the mailbox once and stores what is new.
    ///
    /// # Errors
    /// The mailbox cannot be read, or the database did not answer. What was stored until then stays.
    pub async fn step(&mut self) -> Result<Received, PipelineError> {
        let mut received = Received::default();
        for found in self.maildir.list()? {
            if self.known.contains(&found.name) {
                continue;
            }
            match self.maildir.read(&found) {
                Ok(Seen::Gone) => continue,
                Ok(Seen::Message(raw)) => match self.store(&found.name, &raw).await? {
                    Stored::New(_) => received.new += 1,
                    Stored::Known(_) => received.known += 1,
                },
                Ok(Seen::NotAMessage(what)) => {
                    tracing::warn!(mailbox = self.mailbox.name, what, "no message, and left where it is");
                    self.refuse(&found.name, "not_a_message", &what).await?;
                    received.refused += 1;
                }
                Err(error) => {
                    tracing::warn!(mailbox = self.mailbox.name, %error, "a message cannot be read");
                    self.refuse(&found.name, "failed", &error.to_string()).await?;
                    received.unreadable += 1;
                    continue;
                }
            }
            self.known.insert(found.name);
        }
        if received.unreadable == 0 {
            let mut tx = self.office.db.begin().await?;
            tx.folder_read(self.place.folder, self.office.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(received)
    }

    async fn store(&self, name: &str, raw: &RawMessage) -> Result<Stored, PipelineError> {
        let since = self.mailbox.acknowledge_since.unwrap_or(self.first_started);
        let silent = |received: Timestamp, now: Timestamp| {
            let age = SignedDuration::try_from(self.office.config.intake.age_limit).unwrap_or(SignedDuration::MAX);
            if received < since {
                Some("It was received before the program began to answer.".to_owned())
            } else if now.duration_since(received) > age {
                Some("It was old when it was first seen.".to_owned())
            } else {
                None
            }
        };
        take_in(&self.office, self.place, name, raw, &self.mailbox.trusted_hops, &silent).await
    }

    /// Records that a name is no message, or cannot be read.
    async fn refuse(&self, name: &str, disposition: &str, reason: &str) -> Result<(), PipelineError> {
        let mut tx = self.office.db.begin().await?;
        tx.see_without_message(self.place.folder, name, self.office.clock.now(), disposition, reason).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Stores one message, or recognises it. `silent` says why nothing is answered, given when the message was received and
/// when it was first seen.
///
/// # Errors
/// The database did not answer.
pub(super) async fn take_in(
    office: &Office,
    place: Place,
    name: &str,
    raw: &RawMessage,
    trusted_hops: &[String],
    silent: &(dyn Fn(Timestamp, Timestamp) -> Option<String> + Sync),
) -> Result<Stored, PipelineError> {
    let now = office.clock.now();
    let receipt = header::receipt_clock(&header::read(&raw.bytes), trusted_hops, raw.internal_date, now);
    let sha256 = hex::encode(identity::evidence(&raw.bytes));
    let identity = identity::identity(&raw.bytes).map_or_else(|| format!("{}:{name}", place.folder), hex::encode);
    let silent = silent(receipt.at, now);
    let clock = match receipt.rule {
        header::ClockRule::ReceivedHeader => "received_header",
        header::ClockRule::InternalDate => "internal_date",
        header::ClockRule::FirstSeen => "first_seen",
    };
    let new = NewMessage {
        mailbox: place.mailbox,
        folder: place.folder,
        name,
        raw: &raw.bytes,
        sha256: &sha256,
        identity: &identity,
        identity_version: identity::IDENTITY_VERSION,
        received: receipt.at,
        clock,
        received_header: receipt.received_header,
        internal_date: receipt.internal_date,
        first_seen: now,
        silent: silent.as_deref(),
    };
    let mut tx: Tx = office.db.begin().await?;
    let stored: Result<Stored, StoreError> = tx.store_message(&new).await;
    let stored = stored?;
    tx.commit().await?;
    Ok(stored)
}
