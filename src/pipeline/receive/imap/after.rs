//! After intake: what the settings ask to be done in a folder with the messages that are in the log.
//!
//! Promises to touch only messages that were taken in while the setting was on, behind the commit that stored them; to do
//! it again where it is not known whether it was done; that a message which a person took elsewhere is a normal result; and
//! that no failure here fails the look: what the server refuses is said once and tried again later, what it cannot do at
//! all is said once and left until the next start.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use jiff::{SignedDuration, Timestamp};

use super::folder::WatchedFolder;
use crate::{
    config::AfterIntake,
    core::{
        actor::Actor,
        event::{Event, Hindrance, IntakeAction, Proof},
    },
    mailbox::{Imap, MailboxError, Moved, Way},
    pipeline::{PipelineError, receive::intake::Intake},
    store::{About, After, Id, WantedAfter, Whose},
};

/// How many messages go with one command.
const BATCH: usize = 50;
/// How many rows are looked at together.
const PAGE: usize = 500;
/// After a refusal, how long the folder is left alone.
const LATER: SignedDuration = SignedDuration::from_mins(5);
const GONE: &str = "It was not in the folder any more: a person took it out, or an attempt whose answer was lost.";

/// What is remembered between the looks.
#[derive(Debug, Default)]
pub(super) struct Afterwards {
    /// Folders in which it cannot be done.
    stopped: BTreeSet<Id>,
    /// Folders that are left alone until then, and what was said of them.
    later: BTreeMap<Id, (Timestamp, Hindrance)>,
}

/// What is done in one folder.
struct Errand<'a> {
    intake: &'a Intake,
    imap: &'a mut Imap,
    folder: &'a WatchedFolder,
    validity: u32,
    action: AfterIntake,
}

/// How it ended, before all was done.
enum Ended {
    Later(Hindrance),
    Stopped(Hindrance),
}

/// A message with which something is to be done.
#[derive(Clone)]
struct Todo {
    uid: u32,
    row: WantedAfter,
}

/// What came of it.
struct Settled {
    sighting: Id,
    message: Option<Id>,
    after: After,
    reason: Option<&'static str>,
}

impl Afterwards {
    /// Does in a folder that was just read what there is to do. `true` if the folder is not open as it was.
    pub(super) async fn work(
        &mut self,
        intake: &Intake,
        imap: &mut Imap,
        folder: &WatchedFolder,
        validity: u32,
    ) -> Result<bool, PipelineError> {
        let action = imap.config().after_intake.clone();
        let (id, now) = (folder.origin.folder, intake.instance.clock.now());
        let waits = self.later.get(&id).is_some_and(|(until, _)| now < *until);
        if action == AfterIntake::Leave || folder.origin.junk || self.stopped.contains(&id) || waits {
            return Ok(false);
        }
        if intake.instance.db.snapshot().await?.wanted_after_intake(id, 0, 1).await?.is_empty() {
            return Ok(false);
        }
        let mut errand = Errand { intake, imap, folder, validity, action };
        let ended = match errand.run().await {
            Ok(ended) => ended,
            // The mail that is there was read: what went wrong behind that is no reason to call the mailbox unread.
            Err(PipelineError::Mailbox(error)) => Some(Ended::Later(Hindrance::Said { what: error.to_string() })),
            Err(error) => return Err(error),
        };
        match ended {
            None => _ = self.later.remove(&id),
            Some(Ended::Stopped(why)) => {
                errand.say(&why).await?;
                self.stopped.insert(id);
            }
            Some(Ended::Later(why)) => {
                if self.later.get(&id).is_none_or(|(_, said)| *said != why) {
                    errand.say(&why).await?;
                }
                self.later.insert(id, (now.saturating_add(LATER).unwrap_or(Timestamp::MAX), why));
            }
        }
        Ok(true)
    }
}

impl Errand<'_> {
    async fn run(&mut self) -> Result<Option<Ended>, PipelineError> {
        let open = self.imap.select(&self.folder.name).await.map_err(MailboxError::from)?;
        if open.open.validity != self.validity {
            // The next look begins again.
            return Ok(None);
        }
        if open.read_only {
            return Ok(Some(Ended::Stopped(Hindrance::ReadOnly)));
        }
        match &self.action {
            AfterIntake::Keyword(keyword) if !open.keeps(keyword) => {
                return Ok(Some(Ended::Stopped(Hindrance::NoKeyword)));
            }
            AfterIntake::Move(_) if self.imap.way_to_move() == Way::None => {
                return Ok(Some(Ended::Stopped(Hindrance::NoMove)));
            }
            _ => {}
        }
        let mut behind = 0;
        loop {
            let mut tx = self.intake.instance.db.snapshot().await?;
            let rows = tx.wanted_after_intake(self.folder.origin.folder, behind, PAGE).await?;
            drop(tx);
            let Some(last) = rows.last() else { return Ok(None) };
            behind = last.id;
            let todo = self.of_today(rows).await?;
            for batch in todo.chunks(BATCH) {
                let ended = match self.action.clone() {
                    AfterIntake::Leave => None,
                    AfterIntake::Keyword(keyword) => self.mark(batch, &keyword).await?,
                    AfterIntake::Move(folder) => self.take_away(batch, &folder).await?,
                };
                if ended.is_some() {
                    return Ok(ended);
                }
            }
        }
    }

    /// The messages whose UIDs mean something now; the others were seen again under new ones.
    async fn of_today(&self, rows: Vec<WantedAfter>) -> Result<Vec<Todo>, PipelineError> {
        let (mut todo, mut stale) = (Vec::new(), Vec::new());
        for row in rows {
            match row.name.split_once('.').map(|(validity, uid)| (validity.parse::<u32>(), uid.parse())) {
                Some((Ok(validity), Ok(uid))) if self.validity == validity => todo.push(Todo { uid, row }),
                _ => stale.push(row),
            }
        }
        if !stale.is_empty() {
            let mut tx = self.intake.instance.db.begin().await?;
            for row in stale {
                tx.after_intake(row.id, After::Gone, Some("The server numbered the folder anew.")).await?;
            }
            tx.commit().await?;
        }
        Ok(todo)
    }

    /// Adds the keyword, and looks whether it stayed: some servers say OK and drop it.
    async fn mark(&mut self, batch: &[Todo], keyword: &str) -> Result<Option<Ended>, PipelineError> {
        let uids = uids(batch);
        self.imap.add_flag(&uids, keyword).await.map_err(MailboxError::from)?;
        let found = self.imap.flagged(&uids, keyword).await.map_err(MailboxError::from)?;
        let found: BTreeMap<u32, bool> = found.into_iter().collect();
        let dropped = found.values().any(|kept| !kept);
        let came = |todo: &Todo| match found.get(&todo.uid) {
            Some(true) => todo.came(After::Done, None),
            Some(false) => todo.came(After::Wanted, Some("The server said OK to the keyword, and did not keep it.")),
            None => todo.came(After::Gone, Some(GONE)),
        };
        self.record(batch.iter().map(came).collect(), None).await?;
        Ok(dropped.then_some(Ended::Stopped(Hindrance::KeywordDropped)))
    }

    /// Takes messages into the other folder.
    async fn take_away(&mut self, batch: &[Todo], folder: &str) -> Result<Option<Ended>, PipelineError> {
        let there = self.imap.there(&uids(batch)).await.map_err(MailboxError::from)?;
        let (batch, gone): (Vec<Todo>, Vec<Todo>) = batch.iter().cloned().partition(|todo| there.contains(&todo.uid));
        self.record(gone.iter().map(|todo| todo.came(After::Gone, Some(GONE))).collect(), None).await?;
        let (copied, fresh): (Vec<Todo>, Vec<Todo>) = batch.into_iter().partition(|todo| todo.row.copied);
        self.remove(&copied, folder).await?;
        if fresh.is_empty() {
            return Ok(None);
        }
        match self.imap.way_to_move() {
            Way::Move => self.by_move(&fresh, folder).await,
            Way::CopyAndExpunge => self.by_copy(&fresh, folder).await,
            Way::None => Ok(None),
        }
    }

    async fn by_move(&mut self, fresh: &[Todo], folder: &str) -> Result<Option<Ended>, PipelineError> {
        let moved = self.imap.move_to(&uids(fresh), folder).await.map_err(MailboxError::from)?;
        let unsure: Vec<u32> = uids(fresh).into_iter().filter(|uid| !moved.proves(*uid)).collect();
        let left = if unsure.is_empty() {
            BTreeSet::new()
        } else {
            self.imap.there(&unsure).await.map_err(MailboxError::from)?
        };
        let came = |todo: &Todo| match &moved {
            moved if moved.proves(todo.uid) => todo.came(After::Done, None),
            _ if left.contains(&todo.uid) => todo.came(After::Wanted, Some("The server said OK, and did not move it.")),
            Moved::Proven(_) => todo.came(After::Gone, Some(GONE)),
            Moved::Unproved => {
                let reason = "The server said that it moved it and did not prove it; it is not in the folder any more.";
                todo.came(After::Unproved, Some(reason))
            }
        };
        self.record(fresh.iter().map(came).collect(), Some(folder)).await?;
        Ok((!left.is_empty()).then_some(Ended::Later(Hindrance::NotMoved)))
    }

    /// Copies, writes down which copies are proven, and only then removes the originals.
    async fn by_copy(&mut self, fresh: &[Todo], folder: &str) -> Result<Option<Ended>, PipelineError> {
        let moved = self.imap.copy_to(&uids(fresh), folder).await.map_err(MailboxError::from)?;
        if moved == Moved::Unproved {
            let reason = "The server said that it copied it and did not prove it, so it was left in its folder, too.";
            let came = fresh.iter().map(|todo| todo.came(After::Unproved, Some(reason))).collect();
            self.record(came, None).await?;
            return Ok(Some(Ended::Stopped(Hindrance::NoProof)));
        }
        let copied: Vec<Todo> = fresh.iter().filter(|todo| moved.proves(todo.uid)).cloned().collect();
        self.record(copied.iter().map(|todo| todo.came(After::Copied, None)).collect(), None).await?;
        self.remove(&copied, folder).await?;
        Ok(None)
    }

    /// Removes messages whose copies are proven.
    async fn remove(&mut self, copied: &[Todo], folder: &str) -> Result<(), PipelineError> {
        if copied.is_empty() {
            return Ok(());
        }
        self.imap.remove(&uids(copied)).await.map_err(MailboxError::from)?;
        self.record(copied.iter().map(|todo| todo.came(After::Done, None)).collect(), Some(folder)).await
    }

    /// Records what came of each message, in one transaction; a move into a folder stands in the message's history.
    async fn record(&self, all: Vec<Settled>, moved_to: Option<&str>) -> Result<(), PipelineError> {
        if all.is_empty() {
            return Ok(());
        }
        match self.record_together(&all, moved_to).await {
            // It is one of them; which one shows when each is written down by itself.
            Err(error) if error.whose() == Whose::Row => {}
            recorded => return recorded,
        }
        for came in &all {
            match self.record_together(slice::from_ref(came), moved_to).await {
                Err(error) if error.whose() == Whose::Row => {
                    let what =
                        format!("what was done with sighting {} after intake cannot be written down", came.sighting);
                    self.intake.instance.watch.complain(&what, &error.to_string(), self.intake.instance.clock.now());
                }
                recorded => recorded?,
            }
        }
        Ok(())
    }

    async fn record_together(&self, all: &[Settled], moved_to: Option<&str>) -> Result<(), PipelineError> {
        let instance = &self.intake.instance;
        let mut tx = instance.db.begin().await?;
        for came in all {
            let counts = tx.after_intake(came.sighting, came.after, came.reason).await?;
            let moved = moved_to.filter(|_| counts && matches!(came.after, After::Done | After::Unproved));
            if let (Some(folder), Some(message)) = (moved, came.message) {
                let proof = if came.after == After::Done { Proof::Proven } else { Proof::Unproved };
                let event = Event::Moved { from: self.folder.name.clone(), to: folder.to_owned(), proof };
                tx.record(instance.clock.now(), About::message(message), &Actor::Program, &event)?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Says why it is not done.
    async fn say(&self, why: &Hindrance) -> Result<(), PipelineError> {
        let folder = &self.folder.name;
        let (action, doing) = match &self.action {
            AfterIntake::Move(to) => (IntakeAction::Move { to: to.clone() }, format!("moved to {to}")),
            AfterIntake::Keyword(_) | AfterIntake::Leave => (IntakeAction::Mark, "marked".to_owned()),
        };
        let event = Event::AfterIntakeFailed { folder: folder.clone(), action, why: why.clone() };
        let instance = &self.intake.instance;
        let mut tx = instance.db.begin().await?;
        let (mailbox, reason) = (&self.intake.mailbox.name, why.phrase().plain());
        tx.warn(format!("after intake, messages of {folder} in {mailbox} are not {doing}: {reason}"));
        tx.record(instance.clock.now(), About::default(), &Actor::Program, &event)?;
        Ok(tx.commit().await?)
    }
}

impl Todo {
    fn came(&self, after: After, reason: Option<&'static str>) -> Settled {
        Settled { sighting: self.row.id, message: self.row.message, after, reason }
    }
}

fn uids(batch: &[Todo]) -> Vec<u32> {
    batch.iter().map(|todo| todo.uid).collect()
}
