//! One look through a folder of a server: every message behind the place up to which it was read.
//!
//! Promises that the place moves only in the transaction that stored what lies before it, or wrote down that it is to be
//! tried again; and that UIDs alone never decide whether a message is known: after the server numbered a folder anew it is
//! looked through from its beginning, and every message in it is recognised by its bytes. Messages are fetched in batches,
//! and singly where a batch failed.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::folder::WatchedFolder;
use crate::{
    config::AfterIntake,
    core::{
        actor::Actor,
        event::Event,
        mail::delivery::{self, Delivered},
    },
    failpoint,
    instance::Instance,
    mailbox::{Described, Imap, ImapError, MailboxError, OpenFolder, PIECE, RawMessage, Window, Windows},
    pipeline::{
        PipelineError, login,
        receive::intake::{Intake, Received},
    },
    store::{About, Whose},
};

/// How many messages, and bytes, are fetched with one command and stored with one commit.
const BATCH: usize = 100;
const BATCH_BYTES: usize = 8 << 20;
/// A message that just arrived shows the server's clock: what bears a date up to so long ago may have.
const JUST_NOW: SignedDuration = SignedDuration::from_mins(1);
/// What Exchange hands over in place of a message that it cannot convert.
const SUBSTITUTE: &[u8] = b"Retrieval using the IMAP4 protocol failed";

/// The folder that is being read.
pub(super) struct Look<'a> {
    pub(super) intake: &'a Intake,
    pub(super) imap: &'a mut Imap,
    pub(super) folder: &'a mut WatchedFolder,
    /// As it was opened.
    pub(super) open: OpenFolder,
    /// It goes on where it was read to before: what comes now is new.
    goes_on: bool,
    /// The first UID that was not looked at yet.
    from: u32,
    pub(super) received: &'a mut Received,
}

impl<'a> Look<'a> {
    /// Begins to look through a folder that was just opened.
    pub(super) async fn at(
        intake: &'a Intake,
        imap: &'a mut Imap,
        folder: &'a mut WatchedFolder,
        open: OpenFolder,
        received: &'a mut Received,
    ) -> Result<Self, PipelineError> {
        let from = begin(&intake.instance, folder, open).await?;
        Ok(Self { intake, imap, folder, open, goes_on: from > 1, from, received })
    }

    /// Goes through the folder to its end.
    pub(super) async fn through(&mut self) -> Result<(), PipelineError> {
        let mut windows = Windows::of(self.open, self.from);
        while let Some(Window { uids, next }) = windows.next(self.imap).await.map_err(MailboxError::from)? {
            for uids in uids.chunks(BATCH) {
                self.batch(uids).await?;
            }
            let mut tx = self.intake.instance.db.begin().await?;
            tx.folder_moves_on(self.folder.origin.folder, self.open.validity, next).await?;
            tx.commit().await?;
            failpoint::reached("after-folder-commit");
        }
        Ok(())
    }

    /// Takes some messages in, in their order.
    async fn batch(&mut self, uids: &[u32]) -> Result<(), PipelineError> {
        if self.folder.looking.counting {
            for uid in uids {
                self.singly(*uid, None, None).await?;
            }
            return Ok(());
        }
        let described = match self.imap.describe(uids).await {
            Ok(described) => {
                self.compare_clocks(&described);
                described
            }
            // Each by itself, and the one that the answer broke at will be found.
            Err(error) => {
                self.reopen(error).await?;
                BTreeMap::new()
            }
        };
        let mut together: Vec<(u32, Described)> = Vec::new();
        let mut bytes = 0;
        for uid in uids {
            let size = described.get(uid).map(|described| described.size as usize);
            let joins = size.is_some_and(|size| size <= PIECE);
            if !joins || bytes + size.unwrap_or_default() > BATCH_BYTES {
                self.together(&std::mem::take(&mut together)).await?;
                bytes = 0;
            }
            match described.get(uid) {
                Some(described) if joins => {
                    bytes += described.size as usize;
                    together.push((*uid, *described));
                }
                _ => self.singly(*uid, size, None).await?,
            }
        }
        self.together(&together).await
    }

    /// Nothing arrives in the future: a new message that did shows that the server's clock and ours differ, and one that
    /// arrives just now shows that they agree. What lay there before, others may have put there with any date.
    fn compare_clocks(&self, described: &BTreeMap<u32, Described>) {
        let now = self.intake.instance.clock.now();
        let latest = described.values().filter_map(|described| described.internal_date).max();
        if let Some(latest) = latest.filter(|latest| self.goes_on && now.duration_since(*latest) < JUST_NOW) {
            self.intake.instance.watch.clock(
                &format!("the server of mailbox {}", self.intake.mailbox.name),
                latest,
                now,
            );
        }
    }

    /// Fetches messages with one command and stores them with one commit; what does not come so is fetched singly.
    async fn together(&mut self, messages: &[(u32, Described)]) -> Result<(), PipelineError> {
        if messages.is_empty() {
            return Ok(());
        }
        let uids: Vec<u32> = messages.iter().map(|(uid, _)| *uid).collect();
        let mut bodies = match self.imap.bodies(&uids).await {
            Ok(bodies) => bodies,
            Err(error) => {
                self.reopen(error).await?;
                BTreeMap::new()
            }
        };
        let mut rest = messages;
        while let Some(((uid, described), behind)) = rest.split_first() {
            let settled = |(uid, described): &&(u32, Described)| {
                bodies.get(uid).is_some_and(|bytes| is_the_message(bytes) && at_once(bytes, described).is_some())
            };
            let run = rest.iter().take_while(settled).count();
            if run == 0 {
                self.singly(*uid, Some(described.size as usize), bodies.remove(uid)).await?;
                rest = behind;
                continue;
            }
            let (good, behind) = rest.split_at(run);
            let take = |(uid, described): &(u32, Described)| {
                let bytes = bodies.remove(uid)?;
                let delivered = at_once(&bytes, described)?;
                Some((*uid, RawMessage { delivered, ..RawMessage::whole(bytes, described.internal_date) }))
            };
            let good: Vec<_> = good.iter().filter_map(take).collect();
            match self.store(&good).await {
                // It is one of them; which one shows when each goes by itself.
                Err(error) if error.whose() == Whose::Row => {
                    for (uid, raw) in good {
                        self.singly(uid, Some(raw.bytes.len()), Some(raw.bytes)).await?;
                    }
                }
                stored => stored?,
            }
            rest = behind;
        }
        Ok(())
    }

    /// Stores messages that follow each other, and moves the place behind the last of them, in one commit.
    pub(super) async fn store(&mut self, messages: &[(u32, RawMessage)]) -> Result<(), PipelineError> {
        let Some((last, _)) = messages.last() else { return Ok(()) };
        failpoint::reached("after-fetch");
        let origin = self.folder.origin;
        let new = messages.iter().map(|(uid, raw)| self.intake.message(origin, self.name(*uid), raw));
        let new = new.collect::<Result<Vec<_>, _>>()?;
        let mut tx = self.intake.instance.db.begin().await?;
        let mut all = Vec::new();
        for new in &new {
            let stored = tx.store_message(new).await?;
            // What is left to a person is left where it is.
            let leave = self.imap.config().after_intake == AfterIntake::Leave;
            let whole = new.header_only.is_none() && new.short.is_none();
            if !leave && !origin.junk && whole {
                tx.want_after_intake(origin.folder, &new.name, stored).await?;
            }
            all.push(stored);
        }
        tx.folder_moves_on(origin.folder, self.open.validity, last.saturating_add(1)).await?;
        failpoint::reached("before-receive-commit");
        tx.commit().await?;
        failpoint::reached("after-receive-commit");
        self.intake.bell.notify_one();
        self.intake.instance.watch.mailbox_moves(&self.intake.mailbox.name, self.intake.instance.clock.now());
        for stored in all {
            self.received.count(stored);
        }
        Ok(())
    }

    /// After a failure that may be one message's: the folder once more, if the server has it as it was. A failure that
    /// is the server's ends the look.
    pub(super) async fn reopen(&mut self, error: ImapError) -> Result<(), PipelineError> {
        if error.is_about_the_server() {
            return Err(MailboxError::from(error).into());
        }
        let open = login::examine(&self.intake.instance.tokens, self.imap, &self.folder.name).await?;
        if open.validity == self.open.validity { Ok(()) } else { Err(MailboxError::from(error).into()) }
    }

    /// What a message is called in the log.
    pub(super) fn name(&self, uid: u32) -> String {
        self.open.name_of(uid)
    }
}

/// Where to go on: behind what was read, or at the beginning where UIDs mean something new.
async fn begin(
    instance: &Instance,
    WatchedFolder { name, origin, .. }: &WatchedFolder,
    open: OpenFolder,
) -> Result<u32, PipelineError> {
    let folder = origin.folder;
    let mut tx = instance.db.begin().await?;
    let place = tx.folder_place(folder).await?;
    if place.validity == open.validity {
        return Ok(place.next);
    }
    if !tx.folder_begins_again(folder, place.validity, open.validity).await? {
        // Another process has gone on meanwhile.
        let place = tx.folder_place(folder).await?;
        return Ok(if place.validity == open.validity { place.next } else { 1 });
    }
    if place.validity != 0 {
        let event = Event::Renumbered { folder: name.clone() };
        tx.record(instance.clock.now(), About::default(), &Actor::Program, &event)?;
    }
    tx.commit().await?;
    Ok(1)
}

/// What one fetch of a message settles by itself, if it does.
fn at_once(bytes: &[u8], described: &Described) -> Option<Delivered> {
    delivery::at_once(Some(u64::from(described.size)), bytes)
}

/// Whether these are the bytes of the message and no substitute for it.
pub(super) fn is_the_message(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes[..bytes.len().min(4096)].windows(SUBSTITUTE.len()).any(|part| part == SUBSTITUTE)
}
