//! Receiving: what is new in a mailbox is stored under an intake number, before anything of it is parsed.
//!
//! Promises that a message is either in the mailbox and not yet in the log, or in the log as it came; and that one bad
//! message, or one that the database refuses, never stops those behind it. Where the messages are, in a Maildir or on a server, is the parts' business.

mod again;
mod imap;
mod maildir;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use self::{imap::FromImap, maildir::FromMaildir};
use super::PipelineError;
use crate::{
    config::{MailSource, MailboxConfig},
    core::{
        actor::Actor,
        backoff,
        mail::{header, identity},
    },
    instance::Instance,
    mailbox::{ImapError, MailboxError, RawMessage},
    store::{CutOffs, Id, NewMessage, Original, StoreError, Stored, Tx, Whose},
    watch::DATABASE_FAILS,
};

/// The wait after the database was waited for already.
const AFTER_SILENCE: Duration = Duration::from_secs(1);
/// The same where nothing changes before somebody mends it.
const UNTIL_MENDED: Duration = Duration::from_secs(30);
/// How often a message is tried by itself before it is given up.
const ATTEMPTS: u32 = 3;

/// Receives from one mailbox.
#[derive(Debug)]
pub struct Receiver {
    desk: Desk,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Maildir(Box<FromMaildir>),
    Imap(Box<FromImap>),
}

/// Where messages are taken in, whatever they come from.
#[derive(Debug)]
struct Desk {
    instance: Arc<Instance>,
    mailbox: MailboxConfig,
    id: Id,
    first_started: Timestamp,
    /// Rung when something is new in the log.
    bell: Arc<Notify>,
    /// By the name of a message.
    cut_offs: CutOffs<String>,
}

/// Whether a look at a folder takes messages in, so that it is known after a start that one of them may have ended the
/// program.
#[derive(Clone, Copy, Debug)]
struct Looking {
    /// It is written down that this look takes messages in.
    said: bool,
    /// The last look did not come to its end: every message is counted before it is taken in.
    counting: bool,
}

impl Looking {
    async fn at(tx: &mut Tx, folder: Id) -> Result<Self, StoreError> {
        Ok(Self { said: false, counting: tx.look_was_ended(folder).await? })
    }

    /// Something is going to be taken in.
    async fn begins(&mut self, desk: &Desk, folder: Id) -> Result<(), StoreError> {
        if self.said {
            return Ok(());
        }
        let mut tx = desk.instance.db.begin().await?;
        tx.look_begins(folder).await?;
        tx.commit().await?;
        self.said = true;
        Ok(())
    }

    /// The look came to its end, and that is written down.
    fn ended(&mut self) {
        *self = Self { said: false, counting: false };
    }
}

/// Where messages are seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The mailbox.
    pub mailbox: Id,
    /// The folder.
    pub folder: Id,
    /// Why a person decides on whatever lies there.
    pub held: Option<&'static str>,
}

/// A message that was seen, and what can be worked out from it alone.
#[derive(Debug)]
pub(super) struct Incoming<'a> {
    place: Place,
    /// What it is called there.
    name: String,
    raw: &'a RawMessage,
    original: Original<'a>,
    identity: String,
}

impl<'a> Incoming<'a> {
    /// A message that was seen at a place, under a name. To be made before the transaction, for which others may wait.
    ///
    /// # Errors
    /// Its bytes cannot be compressed.
    pub(super) fn of(place: Place, name: String, raw: &'a RawMessage) -> Result<Self, StoreError> {
        let identity = identity::identity(&raw.bytes).map_or_else(|| format!("{}:{name}", place.folder), hex::encode);
        Ok(Self { place, name, raw, original: Original::of(&raw.bytes)?, identity })
    }

    /// Records how the file stood when it was read.
    async fn file_taken(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let modified = self.raw.internal_date.map(Timestamp::as_microsecond);
        tx.file_taken(self.place.folder, &self.name, self.raw.bytes.len() as u64, modified).await
    }
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

impl Receiver {
    /// Begins to receive from a mailbox of the configuration.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn new(instance: Arc<Instance>, mailbox: MailboxConfig) -> Result<Self, PipelineError> {
        let mut tx = instance.db.begin().await?;
        let (id, first_started) = tx.mailbox(&mailbox.name, instance.clock.now()).await?;
        let source = match mailbox.source.clone() {
            MailSource::Maildir(path) => Source::Maildir(Box::new(FromMaildir::new(&mut tx, id, &path).await?)),
            MailSource::Imap(config) => Source::Imap(Box::new(FromImap::new(&mut tx, id, config).await?)),
        };
        let read = tx.mailboxes().await?.into_iter().find(|(name, _)| *name == mailbox.name).and_then(|(_, read)| read);
        tx.commit().await?;
        instance.watch.mailbox(&mailbox.name, mailbox.poll, read, instance.clock.now());
        let desk = Desk { instance, mailbox, id, first_started, bell: Arc::default(), cut_offs: CutOffs::default() };
        Ok(Self { desk, source })
    }

    /// Rings this bell as soon as something is new in the log, while more may follow.
    #[must_use]
    pub fn ringing(mut self, bell: Arc<Notify>) -> Self {
        self.desk.bell = bell;
        self
    }

    /// The configuration of the mailbox.
    #[must_use]
    pub fn mailbox(&self) -> &MailboxConfig {
        &self.desk.mailbox
    }

    /// Looks through the mailbox once and stores what is new.
    ///
    /// # Errors
    /// The mailbox cannot be read, or the database did not answer. What was stored until then stays.
    pub async fn step(&mut self) -> Result<Received, PipelineError> {
        let received = match &mut self.source {
            Source::Maildir(maildir) => maildir.step(&self.desk).await,
            Source::Imap(imap) => imap.step(&self.desk).await,
        }?;
        let (watch, name, now) = (&self.desk.instance.watch, &self.desk.mailbox.name, self.desk.instance.clock.now());
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
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn came_before(&self) -> Result<(i64, Timestamp), PipelineError> {
        let since = self.desk.mailbox.acknowledge_since.unwrap_or(self.desk.first_started);
        Ok((self.desk.instance.db.snapshot().await?.silent_before(self.desk.id, since).await?, since))
    }

    /// Waits until the mailbox says that something is new, at most for some time. Where it cannot say, the time passes.
    /// May be dropped.
    ///
    /// # Errors
    /// The mailbox was left; the next look goes there again.
    pub async fn news(&mut self, most: Duration) -> Result<(), PipelineError> {
        match &mut self.source {
            Source::Maildir(maildir) => maildir.news(most).await,
            Source::Imap(imap) => imap.news(most).await?,
        }
        Ok(())
    }

    /// How long to leave the mailbox alone after so many failures in a row, of which this was the last: as long as the
    /// server asked for; and a login that was refused is not repeated until the account is locked. Until then the mailbox
    /// counts as one that cannot be read.
    #[must_use]
    pub fn pause(&self, error: &PipelineError, failed: u32) -> Duration {
        let chance = u32::try_from(self.desk.id.rem_euclid(1000)).unwrap_or(0).wrapping_mul(373).wrapping_add(failed);
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
        let (watch, name, now) = (&self.desk.instance.watch, &self.desk.mailbox.name, self.desk.instance.clock.now());
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

    /// Takes leave of the mailbox.
    pub async fn leave(&mut self) {
        if let Source::Imap(imap) = &mut self.source {
            imap.leave().await;
        }
    }
}

impl Desk {
    /// Takes one message in; a person decides on it where the place says so.
    async fn take_in(&self, tx: &mut Tx, incoming: &Incoming<'_>) -> Result<Stored, PipelineError> {
        let since = self.mailbox.acknowledge_since.unwrap_or(self.first_started);
        let silent = |received: Timestamp, now: Timestamp| {
            let age = SignedDuration::try_from(self.instance.config.intake.age_limit).unwrap_or(SignedDuration::MAX);
            if incoming.place.held.is_some() {
                Some("It was in a folder of junk.".to_owned())
            // The times of mail have whole seconds: what came in the second of the first start is answered.
            } else if received.as_second() < since.as_second() {
                Some("It was received before the program began to answer.".to_owned())
            } else if now.duration_since(received) > age {
                Some("It was old when it was first seen.".to_owned())
            } else {
                None
            }
        };
        take_in(tx, &self.instance, incoming, &self.mailbox.trusted_hops, &silent, &Actor::Program).await
    }

    /// Records that all was looked at that lay in folders when the look began.
    async fn folders_read(&self, folders: &[Id], began: Timestamp) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        for folder in folders {
            tx.folder_read(*folder, began).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Stores one message, or recognises it. `silent` says why nothing is answered, given when the message was received and
/// when it was first seen.
///
/// # Errors
/// The database did not answer.
pub(super) async fn take_in(
    tx: &mut Tx,
    instance: &Instance,
    Incoming { place, name, raw, original, identity }: &Incoming<'_>,
    trusted_hops: &[String],
    silent: &(dyn Fn(Timestamp, Timestamp) -> Option<String> + Sync),
    actor: &Actor,
) -> Result<Stored, PipelineError> {
    let now = instance.clock.now();
    let receipt = header::receipt_clock(&header::read(&raw.bytes), trusted_hops, raw.internal_date, now);
    let silent = silent(receipt.at, now);
    let clock = match receipt.rule {
        header::ClockRule::ReceivedHeader => "received_header",
        header::ClockRule::InternalDate => "internal_date",
        header::ClockRule::FirstSeen => "first_seen",
    };
    let short = raw.delivered.shortness(raw.bytes.len() as u64);
    let new = NewMessage {
        mailbox: place.mailbox,
        folder: place.folder,
        name,
        original,
        identity,
        identity_version: identity::IDENTITY_VERSION,
        received: receipt.at,
        clock,
        received_header: receipt.received_header,
        internal_date: receipt.internal_date,
        first_seen: now,
        silent: silent.as_deref(),
        held: place.held,
        header_only: raw.header_only.as_ref().map(|only| (only.size, only.reason.as_str())),
        announced: raw.delivered.announced(),
        short: short.as_deref(),
        actor,
    };
    Ok(tx.store_message(&new).await?)
}

impl Received {
    fn count(&mut self, stored: Stored) {
        match stored {
            Stored::New(_) => self.new += 1,
            Stored::Known(_) => self.known += 1,
        }
    }
}
