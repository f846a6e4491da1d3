//! Where messages are taken in, whatever mailbox they come from.
//!
//! Works out of a message what can be known without parsing it: what tells it from any other, when it was received, and
//! whether it gets no answer. All of that is made before the transaction, for which others may wait.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::{
    config::MailboxConfig,
    core::{
        actor::Actor,
        judging::silence::Silence,
        mail::{header, identity},
        question::Question,
    },
    instance::Instance,
    mailbox::RawMessage,
    pipeline::PipelineError,
    store::{CutOffs, Id, NewMessage, Original, StoreError, Stored, Tx},
};

/// How often taking in a message by itself may fail before it is given up.
pub(super) const ATTEMPTS: u32 = 3;
/// How often the program may end while it takes in a message by itself before that is given up. Who ends it is rarely the
/// message, and what is given up is not in the log.
pub(super) const INTERRUPTIONS: u32 = 10;

/// The intake of one mailbox.
#[derive(Debug)]
pub(super) struct Intake {
    pub(super) instance: Arc<Instance>,
    pub(super) mailbox: MailboxConfig,
    pub(super) id: Id,
    pub(super) first_started: Timestamp,
    /// Rung when something is new in the log.
    pub(super) bell: Arc<Notify>,
    /// By the name of a message.
    pub(super) cut_offs: CutOffs<String>,
}

/// Where a message was seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::pipeline) struct Origin {
    /// The mailbox.
    pub(in crate::pipeline) mailbox: Id,
    /// The folder.
    pub(in crate::pipeline) folder: Id,
    /// The server puts there what it takes for junk: a person decides on whatever it is.
    pub(in crate::pipeline) junk: bool,
}

/// What one look at a mailbox came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Messages that are new in the log.
    pub new: usize,
    /// Messages that were in the log before.
    pub known: usize,
    /// Messages that were in the log before, and are more by now.
    pub grown: usize,
    /// Names that are no messages, and messages that were given up.
    pub refused: usize,
    /// Folders, and messages, that cannot be read. They are tried again, and until they are read the mailbox does not
    /// count as read: the pages say so.
    pub unreadable: usize,
}

impl Received {
    pub(super) fn count(&mut self, stored: Stored) {
        match stored {
            Stored::New(_) => self.new += 1,
            Stored::Known(_) => self.known += 1,
        }
    }
}

impl Intake {
    /// Since when messages are answered.
    pub(super) fn answers_since(&self) -> Timestamp {
        self.mailbox.acknowledge_since.unwrap_or(self.first_started)
    }

    /// A message that was seen in a folder, under a name.
    ///
    /// # Errors
    /// Its bytes cannot be compressed.
    pub(super) fn message<'a>(
        &self,
        origin: Origin,
        name: String,
        raw: &'a RawMessage,
    ) -> Result<NewMessage<'a>, StoreError> {
        let now = self.instance.clock.now();
        let silent = |received: Timestamp| {
            let age = SignedDuration::try_from(self.instance.config.intake.age_limit).unwrap_or(SignedDuration::MAX);
            if origin.junk {
                Some(Silence::Junk)
            // The times of mail have whole seconds: what came in the second of the first start is answered.
            } else if received.as_second() < self.answers_since().as_second() {
                Some(Silence::BeforeTheBeginning)
            } else if now.duration_since(received) > age {
                Some(Silence::Old)
            } else {
                None
            }
        };
        message(origin, name, raw, &self.mailbox.trusted_hops, now, silent, Actor::Program)
    }

    /// Records that all was looked at that lay in folders when the look began.
    pub(super) async fn folders_read(&self, folders: &[Id], began: Timestamp) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        for folder in folders {
            tx.folder_read(*folder, began).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// A message that was seen in a folder, under a name, at a time. `silent` says why nothing is answered, given when it was
/// received.
///
/// # Errors
/// Its bytes cannot be compressed.
pub(in crate::pipeline) fn message<'a>(
    origin: Origin,
    name: String,
    raw: &'a RawMessage,
    trusted_hops: &[String],
    now: Timestamp,
    silent: impl FnOnce(Timestamp) -> Option<Silence>,
    actor: Actor,
) -> Result<NewMessage<'a>, StoreError> {
    let identity = identity::identity(&raw.bytes).map_or_else(|| format!("{}:{name}", origin.folder), hex::encode);
    let receipt = header::receipt_clock(&header::read(&raw.bytes), trusted_hops, raw.internal_date, now);
    let clock = match receipt.rule {
        header::ClockRule::ReceivedHeader => "received_header",
        header::ClockRule::InternalDate => "internal_date",
        header::ClockRule::FirstSeen => "first_seen",
    };
    Ok(NewMessage {
        mailbox: origin.mailbox,
        folder: origin.folder,
        name,
        original: Original::of(&raw.bytes)?,
        identity,
        identity_version: identity::IDENTITY_VERSION,
        received: receipt.at,
        clock,
        received_header: receipt.received_header,
        internal_date: raw.internal_date,
        first_seen: now,
        silent: silent(receipt.at),
        held: origin.junk.then(|| Question::Junk.into()),
        header_only: raw.header_only.as_ref().map(|only| (only.size, only.reason.as_str())),
        announced: raw.delivered.announced(),
        short: raw.delivered.shortness(raw.bytes.len() as u64),
        recorded: None,
        actor,
    })
}

/// Records how the file of a message stood when it was read.
pub(super) async fn file_taken(tx: &mut Tx, message: &NewMessage<'_>) -> Result<(), StoreError> {
    let modified = message.internal_date.map(Timestamp::as_microsecond);
    tx.file_taken(message.folder, &message.name, message.original.bytes().len() as u64, modified).await
}
