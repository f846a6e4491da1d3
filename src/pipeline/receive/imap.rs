//! Receiving from a server: every message behind the place up to which its folder was read.
//!
//! Promises that the place moves only in the transaction that stored what lies before it, or wrote down that it is to be
//! tried again; that an attempt on a single message is counted before it is made; and that UIDs alone never decide whether
//! a message is known: after the server numbered a folder anew it is looked through from its beginning, and every message
//! in it is recognised by its bytes. Messages are fetched in batches, and singly where a batch failed. It is long because
//! each way in which a message may fail to come has its own end here.

mod after;
mod one;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use self::{
    after::Afterwards,
    one::{Fetched, NotFetched, is_the_message},
};
use super::{ATTEMPTS, Desk, Incoming, Looking, Place, Received};
use crate::{
    config::{AfterIntake, ImapConfig},
    core::{
        actor::Actor,
        event::{
            Event,
            not_taken::{NotTaken, not_fetched},
        },
        mail::delivery::{self, Delivered},
    },
    failpoint,
    mailbox::{Described, HeaderOnly, Imap, ImapError, LIMIT, MailboxError, OpenFolder, PIECE, RawMessage, WINDOW},
    pipeline::{PipelineError, login},
    store::{About, Id, Tx, Whose},
};

/// How many messages, and bytes, are fetched with one command and stored with one commit.
const BATCH: usize = 100;
const BATCH_BYTES: usize = 8 << 20;
/// How long after the first attempt on a message by itself the others are made: the trouble of a server passes.
const LATER: [SignedDuration; 2] = [SignedDuration::from_mins(1), SignedDuration::from_mins(10)];
/// How often it is asked how full the mailbox is.
const QUOTA_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// A message that just arrived shows the server's clock: what bears a date up to so long ago may have.
const JUST_NOW: SignedDuration = SignedDuration::from_mins(1);
const JUNK: &str = "Is it mail for the office? The server took it for junk.";

#[derive(Debug)]
pub(super) struct FromImap {
    imap: Imap,
    folders: Vec<Folder>,
    after: Afterwards,
    /// When it was last asked how full the mailbox is.
    quota_asked: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Folder {
    name: String,
    place: Place,
    looking: Looking,
    /// Attempts that this process has counted, and that ended neither it nor themselves: the database went away.
    unsettled: BTreeSet<String>,
}

/// The folder that is being read.
struct Look<'a> {
    desk: &'a Desk,
    imap: &'a mut Imap,
    folder: &'a mut Folder,
    validity: u32,
    /// It goes on where it was read to before: what comes now is new.
    goes_on: bool,
    received: &'a mut Received,
}

impl FromImap {
    pub(super) async fn new(tx: &mut Tx, mailbox: Id, config: ImapConfig) -> Result<Self, PipelineError> {
        let mut folders = Vec::new();
        let mail = config.folders.iter().map(|name| (name, None));
        for (name, held) in mail.chain(config.junk.iter().map(|name| (name, Some(JUNK)))) {
            let place = Place { mailbox, folder: tx.folder(mailbox, name).await?, held };
            folders.push(Folder {
                name: name.clone(),
                place,
                looking: Looking::at(tx, place.folder).await?,
                unsettled: BTreeSet::new(),
            });
        }
        Ok(Self { imap: Imap::new(config, LIMIT), folders, after: Afterwards::default(), quota_asked: None })
    }

    pub(super) async fn step(&mut self, desk: &Desk) -> Result<Received, PipelineError> {
        let mut received = Received::default();
        let began = desk.instance.clock.now();
        // The first folder comes last: the one that is open then announces new mail.
        for folder in self.folders.iter_mut().rev() {
            match look(desk, &mut self.imap, &mut self.after, folder, &mut received).await {
                Err(PipelineError::Mailbox(MailboxError::Imap(error @ ImapError::Refused { .. })))
                    if !error.wants_peace() =>
                {
                    desk.instance.watch.complain(&fails(desk, folder), &error.to_string(), began);
                    received.unreadable += 1;
                }
                looked => {
                    looked?;
                    desk.instance.watch.content(&fails(desk, folder), began);
                }
            }
        }
        if received.unreadable == 0 {
            let folders: Vec<Id> = self.folders.iter().map(|folder| folder.place.folder).collect();
            desk.folders_read(&folders, began).await?;
            self.folders.iter_mut().for_each(|folder| folder.looking.ended());
        }
        self.ask_quota(desk, began).await;
        Ok(received)
    }

    /// Asks how full the mailbox is, now and then. A server that does not answer as it should is asked later: the mail is
    /// read all the same.
    async fn ask_quota(&mut self, desk: &Desk, now: Timestamp) {
        let asked = self.quota_asked.is_some_and(|asked| now.duration_since(asked) < QUOTA_EVERY);
        let Some(folder) = self.folders.first().filter(|_| !asked) else { return };
        self.quota_asked = Some(now);
        let (name, watch) = (&desk.mailbox.name, &desk.instance.watch);
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

    pub(super) async fn leave(&mut self) {
        self.imap.leave().await;
    }
}

/// Reads a folder, does what is to be done after intake, and leaves the folder open as it is to be read. What arrived
/// while it was open to be changed would not be announced: it is read at once.
async fn look(
    desk: &Desk,
    imap: &mut Imap,
    after: &mut Afterwards,
    folder: &mut Folder,
    received: &mut Received,
) -> Result<(), PipelineError> {
    let mut open = login::examine(&desk.instance.tokens, imap, &folder.name).await?;
    let mut first = true;
    loop {
        let mut look = Look { desk, imap, folder: &mut *folder, validity: open.validity, goes_on: false, received };
        let from = look.begin(open).await?;
        look.goes_on = from > 1;
        if first {
            look.try_again().await?;
        }
        look.from(from, open).await?;
        if !after.work(desk, imap, folder, open.validity).await? {
            return Ok(());
        }
        let now = login::examine(&desk.instance.tokens, imap, &folder.name).await?;
        if now.validity == open.validity && now.next <= open.next {
            return Ok(());
        }
        (open, first) = (now, false);
    }
}

/// What the log says of a folder that is not read.
fn fails(desk: &Desk, folder: &Folder) -> String {
    format!("the folder {} of {} is not read", folder.name, desk.mailbox.name)
}

impl Look<'_> {
    /// Where to go on: behind what was read, or at the beginning where UIDs mean something new.
    async fn begin(&self, open: OpenFolder) -> Result<u32, PipelineError> {
        let (instance, folder) = (&self.desk.instance, self.folder.place.folder);
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
            let event = Event::Renumbered { folder: self.folder.name.clone() };
            tx.record(instance.clock.now(), About::default(), &Actor::Program, &event)?;
        }
        tx.commit().await?;
        Ok(1)
    }

    /// Tries the messages once more that could not be fetched, as far as it is time.
    async fn try_again(&mut self) -> Result<(), PipelineError> {
        let mut tx = self.desk.instance.db.snapshot().await?;
        let failed = tx.failed_sightings(self.folder.place.folder).await?;
        drop(tx);
        let now = self.desk.instance.clock.now();
        for sighting in failed {
            let uid = sighting.name.split_once('.').and_then(|(_, uid)| uid.parse().ok());
            let wait = usize::try_from(sighting.attempts - 1).ok().and_then(|n| LATER.get(n)).copied();
            match uid {
                Some(uid) if now.duration_since(sighting.first_seen) >= wait.unwrap_or_default() => {
                    self.singly(uid, None, None).await?;
                }
                _ => self.received.unreadable += 1,
            }
        }
        Ok(())
    }

    /// Goes through the folder from a UID on.
    async fn from(&mut self, mut from: u32, open: OpenFolder) -> Result<(), PipelineError> {
        let narrow = if open.exists <= WINDOW { u32::MAX } else { WINDOW };
        let mut width = narrow;
        while from < open.next {
            let to = from.saturating_add(width - 1).min(open.next - 1);
            let uids = self.imap.search(from, to).await.map_err(MailboxError::from)?;
            width = if uids.is_empty() { width.saturating_mul(10) } else { narrow };
            for uids in uids.chunks(BATCH) {
                self.batch(uids).await?;
            }
            let Some(next) = to.checked_add(1) else { break };
            let mut tx = self.desk.instance.db.begin().await?;
            tx.folder_moves_on(self.folder.place.folder, self.validity, next).await?;
            tx.commit().await?;
            failpoint::reached("after-folder-commit");
            from = next;
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
        let now = self.desk.instance.clock.now();
        let latest = described.values().filter_map(|described| described.internal_date).max();
        if let Some(latest) = latest.filter(|latest| self.goes_on && now.duration_since(*latest) < JUST_NOW) {
            self.desk.instance.watch.clock(&format!("the server of mailbox {}", self.desk.mailbox.name), latest, now);
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
    async fn store(&mut self, messages: &[(u32, RawMessage)]) -> Result<(), PipelineError> {
        let Some((last, _)) = messages.last() else { return Ok(()) };
        self.folder.looking.begins(self.desk, self.folder.place.folder).await?;
        failpoint::reached("after-fetch");
        let place = self.folder.place;
        let incoming = messages.iter().map(|(uid, raw)| Incoming::of(place, self.name(*uid), raw));
        let incoming = incoming.collect::<Result<Vec<_>, _>>()?;
        let mut tx = self.desk.instance.db.begin().await?;
        let mut all = Vec::new();
        for incoming in &incoming {
            let stored = self.desk.take_in(&mut tx, incoming).await?;
            // What is left to a person is left where it is.
            let leave = self.imap.config().after_intake == AfterIntake::Leave;
            let whole =
                incoming.raw.header_only.is_none() && !matches!(incoming.raw.delivered, Delivered::Short { .. });
            if !leave && place.held.is_none() && whole {
                tx.want_after_intake(place.folder, &incoming.name, stored).await?;
            }
            all.push(stored);
        }
        tx.folder_moves_on(place.folder, self.validity, last.saturating_add(1)).await?;
        failpoint::reached("before-receive-commit");
        tx.commit().await?;
        failpoint::reached("after-receive-commit");
        self.desk.bell.notify_one();
        self.desk.instance.watch.mailbox_moves(&self.desk.mailbox.name, self.desk.instance.clock.now());
        for stored in all {
            self.received.count(stored);
        }
        Ok(())
    }

    /// Tries one message by itself, of that size if it is known; `came` is what came of it with others. That it is tried is
    /// written down first: if it ends the program, it does so three times at most.
    async fn singly(&mut self, uid: u32, size: Option<usize>, came: Option<Vec<u8>>) -> Result<(), PipelineError> {
        let name = self.name(uid);
        let tried = self.one_attempt(uid, size, came).await;
        if tried.is_ok() {
            self.folder.unsettled.remove(&name);
        }
        tried
    }

    async fn one_attempt(&mut self, uid: u32, size: Option<usize>, came: Option<Vec<u8>>) -> Result<(), PipelineError> {
        let instance = Arc::clone(&self.desk.instance);
        let _room = instance.room_for(size.map(|size| size as u64)).await;
        let (folder, name) = (self.folder.place.folder, self.name(uid));
        let mut tx = self.desk.instance.db.begin().await?;
        let now = self.desk.instance.clock.now();
        if self.folder.unsettled.contains(&name) {
            tx.attempt_failed(folder, &name, false, "The database went away.").await?;
        }
        let Some(tried) = tx.count_attempt(folder, &name, now, size.map(|size| size as u64)).await? else {
            // Another process has taken it in meanwhile, or found another end for it.
            return Ok(());
        };
        tx.folder_moves_on(folder, self.validity, uid.saturating_add(1)).await?;
        tx.commit().await?;
        self.folder.unsettled.insert(name.clone());
        failpoint::reached("after-attempt-commit");
        let attempt = tried.attempts;
        if attempt > i64::from(ATTEMPTS) {
            let why = "The program ended each time while it was being fetched.";
            // Once more for its header alone; where that is the end of the program, too, it is left alone.
            let header_alone = attempt == i64::from(ATTEMPTS) + 1;
            return if header_alone { self.give_up(uid, why).await } else { self.leave_alone(uid, why).await };
        }
        let why = match self.one(uid, attempt, tried.announced, came).await {
            Ok(Fetched::Message(raw)) => match self.store(&[(uid, raw)]).await {
                Err(error) if error.whose_over(name.clone(), &self.desk.cut_offs) == Whose::Row => error.to_string(),
                stored => {
                    self.desk.cut_offs.forget(&name);
                    return stored;
                }
            },
            Ok(Fetched::Gone) => {
                let gone = NotTaken::Gone { folder: self.folder.name.clone(), uid };
                return self.pass_over(uid, &gone).await;
            }
            Err(NotFetched::Refused(why)) => why.to_owned(),
            Err(NotFetched::Failed(error)) => {
                let why = error.to_string();
                if let Err(error) = self.reopen(error).await {
                    let mut tx = self.desk.instance.db.begin().await?;
                    tx.attempt_failed(folder, &name, false, &why).await?;
                    tx.commit().await?;
                    self.folder.unsettled.remove(&name);
                    return Err(error);
                }
                why
            }
        };
        let (mailbox, named) = (&self.desk.mailbox.name, &self.folder.name);
        tracing::warn!("message {uid} of {named} in {mailbox} does not come (attempt {attempt} of {ATTEMPTS}): {why}");
        let mut tx = self.desk.instance.db.begin().await?;
        tx.attempt_failed(folder, &name, true, &why).await?;
        tx.commit().await?;
        if attempt == i64::from(ATTEMPTS) {
            return self.give_up(uid, &why).await;
        }
        self.received.unreadable += 1;
        Ok(())
    }

    /// Gives a message up: it is logged from its header if at least that comes, else the sighting says why not.
    async fn give_up(&mut self, uid: u32, why: &str) -> Result<(), PipelineError> {
        let (size, reason) = (0, not_fetched(ATTEMPTS, why).plain());
        match self.header(uid, None, HeaderOnly { size, reason }).await {
            Ok(Fetched::Message(raw)) if !raw.bytes.is_empty() => match self.store(&[(uid, raw)]).await {
                // The database takes not even that.
                Err(error) if error.whose() == Whose::Row => {}
                stored => return stored,
            },
            Err(NotFetched::Failed(error)) => self.reopen(error).await?,
            _ => {}
        }
        self.leave_alone(uid, why).await
    }

    /// Leaves a message where it lies, and says why.
    async fn leave_alone(&mut self, uid: u32, why: &str) -> Result<(), PipelineError> {
        let (folder, why) = (self.folder.name.clone(), why.to_owned());
        self.pass_over(uid, &NotTaken::NotFetched { folder, uid, attempts: ATTEMPTS, why }).await
    }

    async fn pass_over(&mut self, uid: u32, why: &NotTaken) -> Result<(), PipelineError> {
        let instance = &self.desk.instance;
        let mut tx = instance.db.begin().await?;
        let (folder, name) = (self.folder.place.folder, self.name(uid));
        let passed = tx.pass_over(folder, &name, instance.clock.now(), why).await?;
        tx.commit().await?;
        self.received.refused += usize::from(passed);
        Ok(())
    }

    /// After a failure that may be one message's: the folder once more, if the server has it as it was. A failure that
    /// is the server's ends the look.
    async fn reopen(&mut self, error: ImapError) -> Result<(), PipelineError> {
        if error.is_about_the_server() {
            return Err(MailboxError::from(error).into());
        }
        let open = login::examine(&self.desk.instance.tokens, self.imap, &self.folder.name).await?;
        if open.validity == self.validity { Ok(()) } else { Err(MailboxError::from(error).into()) }
    }

    /// What a message is called in the log: UIDs are only unique together with their validity.
    fn name(&self, uid: u32) -> String {
        format!("{}.{uid}", self.validity)
    }
}

/// What one fetch of a message settles by itself, if it does.
fn at_once(bytes: &[u8], described: &Described) -> Option<Delivered> {
    delivery::at_once(Some(u64::from(described.size)), bytes)
}
