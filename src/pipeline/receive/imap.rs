//! Receiving from a server: every folder that is read, one after another, on one connection.
//!
//! Promises that a folder which the server refuses does not keep the others from being read, and that a mailbox counts as
//! read only when every message of every folder has found its end.

mod after;
mod folder;
mod look;
mod one;
mod singly;

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};

use self::{after::Afterwards, folder::WatchedFolder, look::Look};
use super::{
    intake::{Intake, Origin, Received},
    looking::{self, Looking},
};
use crate::{
    config::ImapConfig,
    mailbox::{Imap, LIMIT, MailboxError},
    pipeline::{PipelineError, login},
    store::{Id, Tx},
};

/// How often it is asked how full the mailbox is.
const QUOTA_EVERY: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug)]
pub(super) struct FromImap {
    imap: Imap,
    folders: Vec<WatchedFolder>,
    after: Afterwards,
    /// When it was last asked how full the mailbox is.
    quota_asked: Option<Timestamp>,
}

impl FromImap {
    pub(super) async fn new(tx: &mut Tx, mailbox: Id, config: ImapConfig) -> Result<Self, PipelineError> {
        let mut folders = Vec::new();
        let mail = config.folders.iter().map(|name| (name, false));
        for (name, junk) in mail.chain(config.junk.iter().map(|name| (name, true))) {
            let origin = Origin { mailbox, folder: tx.folder(mailbox, name).await?, junk };
            let looking = Looking::at(tx, origin.folder).await?;
            folders.push(WatchedFolder { name: name.clone(), origin, looking, unsettled: BTreeSet::new() });
        }
        Ok(Self { imap: Imap::new(config, LIMIT), folders, after: Afterwards::default(), quota_asked: None })
    }

    pub(super) async fn step(&mut self, intake: &Intake) -> Result<Received, PipelineError> {
        let mut received = Received::default();
        let began = intake.instance.clock.now();
        // The first folder comes last: the one that is open then announces new mail.
        for folder in self.folders.iter_mut().rev() {
            match look(intake, &mut self.imap, &mut self.after, folder, &mut received).await {
                Err(PipelineError::Mailbox(error)) if error.is_of_the_folder() && !error.wants_peace() => {
                    intake.instance.watch.complain(&fails(intake, folder), &error.to_string(), began);
                    received.unreadable += 1;
                }
                looked => {
                    looked?;
                    intake.instance.watch.content(&fails(intake, folder), began);
                }
            }
        }
        if received.unreadable == 0 {
            let folders: Vec<Id> = self.folders.iter().map(|folder| folder.origin.folder).collect();
            intake.folders_read(&folders, began).await?;
            self.folders.iter_mut().for_each(|folder| folder.looking.ended());
        }
        self.ask_quota(intake, began).await;
        Ok(received)
    }

    /// Asks how full the mailbox is, now and then. A server that does not answer as it should is asked later: the mail is
    /// read all the same.
    async fn ask_quota(&mut self, intake: &Intake, now: Timestamp) {
        let asked = self.quota_asked.is_some_and(|asked| now.duration_since(asked) < QUOTA_EVERY);
        let Some(folder) = self.folders.first().filter(|_| !asked) else { return };
        self.quota_asked = Some(now);
        let (name, watch) = (&intake.mailbox.name, &intake.instance.watch);
        let fails = format!("the server does not say how full the mailbox {name} is");
        let quota = self.imap.quota(&folder.name).await;
        if quota.is_ok() {
            watch.content(&fails, now);
        }
        match quota {
            Ok(Some(quota)) => watch.quota(name, quota.percent, &quota.in_words, now),
            // Nothing is limited any more.
            Ok(None) => watch.quota(name, 0, "", now),
            Err(error) => watch.complain(&fails, &error.to_string(), now),
        }
    }

    pub(super) async fn news(&mut self, most: Duration) -> Result<(), MailboxError> {
        self.imap.wait(most).await?;
        Ok(())
    }

    pub(super) async fn leave(&mut self, intake: &Intake) -> Result<(), PipelineError> {
        self.imap.leave().await;
        let folders: Vec<Id> = self.folders.iter().map(|folder| folder.origin.folder).collect();
        Ok(looking::end(intake, &folders).await?)
    }
}

/// Reads a folder, does what is to be done after intake, and leaves the folder open as it is to be read. What arrived
/// while it was open to be changed would not be announced: it is read at once.
async fn look(
    intake: &Intake,
    imap: &mut Imap,
    after: &mut Afterwards,
    folder: &mut WatchedFolder,
    received: &mut Received,
) -> Result<(), PipelineError> {
    let mut open = login::examine(&intake.instance.tokens, imap, &folder.name).await?;
    let mut first = true;
    loop {
        let mut look = Look::at(intake, imap, folder, open, received).await?;
        if first {
            look.try_again().await?;
        }
        look.through().await?;
        if !after.work(intake, imap, folder, open.validity).await? {
            return Ok(());
        }
        let now = login::examine(&intake.instance.tokens, imap, &folder.name).await?;
        if now.validity == open.validity && now.next <= open.next {
            return Ok(());
        }
        (open, first) = (now, false);
    }
}

/// What the log says of a folder that is not read.
fn fails(intake: &Intake, folder: &WatchedFolder) -> String {
    format!("the folder {} of {} is not read", folder.name, intake.mailbox.name)
}
