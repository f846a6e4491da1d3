//! Receiving from a Maildir: every name in it that was not looked at yet.
//!
//! Promises to try a file that cannot be read at every look, and to go on behind it.

use std::{collections::HashSet, path::Path, time::Duration};

use tokio::time::{sleep, timeout};

use super::{Desk, Incoming, Place, Received};
use crate::{
    failpoint,
    mailbox::{MailboxError, Maildir, RawMessage, Seen, Watch},
    pipeline::PipelineError,
    store::{Id, Stored, Tx},
};

/// How often to look where the system cannot watch the folders.
const UNWATCHED: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct FromMaildir {
    maildir: Maildir,
    place: Place,
    known: HashSet<String>,
    watch: Option<Watch>,
}

impl FromMaildir {
    pub(super) async fn new(tx: &mut Tx, mailbox: Id, path: &Path) -> Result<Self, PipelineError> {
        let folder = tx.folder(mailbox, "INBOX").await?;
        let known = tx.sightings(folder).await?.into_iter().collect();
        let place = Place { mailbox, folder, held: None };
        Ok(Self { maildir: Maildir::at(path), place, known, watch: None })
    }

    pub(super) async fn step(&mut self, desk: &Desk) -> Result<Received, PipelineError> {
        if self.watch.is_none() {
            self.watch = self.maildir.watch().ok();
        }
        let looked = self.look(desk).await;
        if looked.is_err() {
            self.watch = None;
        }
        looked
    }

    pub(super) async fn news(&self, most: Duration) {
        match &self.watch {
            // Nothing changed for all that time: it is looked at all the same.
            Some(watch) => drop(timeout(most, watch.changed()).await),
            None => sleep(most.min(UNWATCHED)).await,
        }
    }

    async fn look(&mut self, desk: &Desk) -> Result<Received, PipelineError> {
        let mut received = Received::default();
        let (watch, began) = (&desk.office.watch, desk.office.clock.now());
        // What was found missing in the log is looked at again.
        let failed = desk.office.db.snapshot().await?.failed_sightings(self.place.folder).await?;
        for sighting in failed {
            self.known.remove(&sighting.name);
        }
        for found in self.maildir.list().map_err(MailboxError::from)? {
            if self.known.contains(&found.name) {
                continue;
            }
            match self.maildir.read(&found) {
                Ok(Seen::Gone) => continue,
                Ok(Seen::Message(raw)) => {
                    watch.content(&fails(desk, &found.name), began);
                    received.count(self.store(desk, &found.name, &raw).await?);
                }
                Ok(Seen::NotAMessage(what)) => {
                    self.refuse(desk, &found.name, "not_a_message", &what).await?;
                    received.refused += 1;
                }
                Err(error) => {
                    watch.complain(&fails(desk, &found.name), &error.to_string(), began);
                    self.refuse(desk, &found.name, "failed", &error.to_string()).await?;
                    received.unreadable += 1;
                    continue;
                }
            }
            self.known.insert(found.name);
        }
        if received.unreadable == 0 {
            desk.folders_read(&[self.place.folder], began).await?;
        }
        Ok(received)
    }

    async fn store(&self, desk: &Desk, name: &str, raw: &RawMessage) -> Result<Stored, PipelineError> {
        let incoming = Incoming::of(self.place, name.to_owned(), raw)?;
        let mut tx = desk.office.db.begin().await?;
        let stored = desk.take_in(&mut tx, &incoming).await?;
        failpoint::reached("before-receive-commit");
        tx.commit().await?;
        failpoint::reached("after-receive-commit");
        desk.bell.notify_one();
        Ok(stored)
    }

    /// Records that a name is no message, or cannot be read.
    async fn refuse(&self, desk: &Desk, name: &str, disposition: &str, reason: &str) -> Result<(), PipelineError> {
        let mut tx = desk.office.db.begin().await?;
        tx.see_without_message(self.place.folder, name, desk.office.clock.now(), disposition, reason).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What the log says of a file that is there and cannot be read.
fn fails(desk: &Desk, name: &str) -> String {
    format!("the message {name} in {} cannot be read", desk.mailbox.name)
}
