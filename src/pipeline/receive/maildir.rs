//! Receiving from a Maildir: every name in it that was not looked at yet, and every file that is not as it was taken in.
//!
//! Promises to try a file that cannot be read at every look, and to go on behind it; and that one which the database refuses
//! three times, or over which the program ended ten times, is given up and shown for as long as it lies there. After a process
//! that did not end in order each attempt of the first look is counted before it is made.

use std::{collections::HashMap, path::Path, time::Duration};

use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use super::{
    again::Again,
    intake::{self, ATTEMPTS, INTERRUPTIONS, Intake, Origin, Received},
    looking::{self, Looking},
};
use crate::{
    core::event::not_taken::NotTaken,
    failpoint,
    mailbox::{FileState, FolderWatch, Found, MailboxError, Maildir, RawMessage, Seen},
    pipeline::PipelineError,
    store::{Id, Stored, TakenFile, Tried, Tx, Whose},
};

/// How often to look where the system cannot watch the folders.
const UNWATCHED: Duration = Duration::from_secs(5);
/// How often it is made sure that what is watched is still the mailbox.
const STILL_THERE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct FromMaildir {
    maildir: Maildir,
    origin: Origin,
    known: HashMap<String, Taken>,
    watch: Option<FolderWatch>,
    looking: Looking,
    /// Attempts that this process has counted, and that have not come to an end; by name.
    begun: HashMap<String, Tried>,
}

/// A file as it was taken in, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    size: Option<u64>,
    modified: Option<i64>,
}

impl Taken {
    fn of(raw: &RawMessage) -> Self {
        Self { size: Some(raw.bytes.len() as u64), modified: raw.internal_date.map(Timestamp::as_microsecond) }
    }

    /// Whether a file is not as it was taken in any more.
    fn is_not(self, now: FileState) -> bool {
        let modified = now.modified.map(Timestamp::as_microsecond);
        self.size.is_some_and(|size| size != now.size) || self.modified.is_some() && self.modified != modified
    }
}

impl FromMaildir {
    pub(super) async fn new(tx: &mut Tx, mailbox: Id, path: &Path) -> Result<Self, PipelineError> {
        let folder = tx.folder(mailbox, "INBOX").await?;
        let taken = |TakenFile { name, size, modified }| (name, Taken { size, modified });
        let known = tx.taken_files(folder).await?.into_iter().map(taken).collect();
        let origin = Origin { mailbox, folder, junk: false };
        let looking = Looking::at(tx, folder).await?;
        Ok(Self { maildir: Maildir::at(path), origin, known, watch: None, looking, begun: HashMap::new() })
    }

    pub(super) async fn step(&mut self, intake: &Intake) -> Result<Received, PipelineError> {
        if !self.watch.as_ref().is_some_and(FolderWatch::holds) {
            self.watch = self.maildir.watch().ok();
        }
        let looked = self.look(intake).await;
        if looked.is_err() {
            self.watch = None;
        }
        looked
    }

    pub(super) async fn news(&self, most: Duration) {
        let Some(watch) = &self.watch else { return sleep(most.min(UNWATCHED)).await };
        let until = Instant::now() + most;
        // Nothing changed for all that time: it is looked at all the same, as it is where the folders went.
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|_| watch.holds()) {
            if timeout(left.min(STILL_THERE), watch.changed()).await.is_ok() {
                return;
            }
        }
    }

    pub(super) async fn leave(&mut self, intake: &Intake) -> Result<(), PipelineError> {
        Ok(looking::end(intake, &[self.origin.folder]).await?)
    }

    async fn look(&mut self, intake: &Intake) -> Result<Received, PipelineError> {
        let mut received = Received::default();
        let began = intake.instance.clock.now();
        // What was found missing in the log is looked at again.
        let failed = intake.instance.db.snapshot().await?.failed_sightings(self.origin.folder).await?;
        for sighting in failed {
            self.known.remove(&sighting.name);
        }
        for found in self.maildir.list().map_err(MailboxError::from)? {
            match self.known.get(&found.name) {
                None => self.first_look(intake, found, &mut received).await?,
                Some(taken) if Maildir::state(&found).is_some_and(|now| taken.is_not(now)) => {
                    self.look_again(intake, found, &mut received).await?;
                }
                Some(_) => {}
            }
        }
        if received.unreadable == 0 {
            intake.folders_read(&[self.origin.folder], began).await?;
            self.looking.ended();
        }
        Ok(received)
    }

    /// Takes in what stands under a name that is new.
    async fn first_look(
        &mut self,
        intake: &Intake,
        found: Found,
        received: &mut Received,
    ) -> Result<(), PipelineError> {
        match self.maildir.read(&found) {
            Ok(Seen::Gone) => {}
            Ok(Seen::Message(raw)) => {
                intake.instance.watch.content(&fails(intake, &found.name), intake.instance.clock.now());
                match self.store_or_give_up(intake, &found.name, &raw).await? {
                    Some(stored) => received.count(stored),
                    None => received.refused += 1,
                }
                self.known.insert(found.name, Taken::of(&raw));
            }
            Ok(Seen::NotAMessage(what)) => {
                self.refuse(intake, &found.name, &NotTaken::NotAMessage(what)).await?;
                received.refused += 1;
                self.known.insert(found.name, Taken::default());
            }
            Err(error) => {
                let now = intake.instance.clock.now();
                intake.instance.watch.complain(&fails(intake, &found.name), &error.to_string(), now);
                self.refuse(intake, &found.name, &NotTaken::Failed { why: error.to_string() }).await?;
                received.unreadable += 1;
            }
        }
        Ok(())
    }

    /// Takes in what stands under a name by now, where that is not what was taken in.
    async fn look_again(
        &mut self,
        intake: &Intake,
        found: Found,
        received: &mut Received,
    ) -> Result<(), PipelineError> {
        match self.maildir.read(&found) {
            // What was taken in is in the log.
            Ok(Seen::Gone | Seen::NotAMessage(_)) => {}
            Ok(Seen::Message(raw)) => {
                let message = intake.message(self.origin, found.name.clone(), &raw)?;
                match intake.take_in_again(&message).await {
                    Ok(Again::AsItWas) => {}
                    Ok(Again::Grown) => received.grown += 1,
                    Ok(Again::Another(stored)) => received.count(stored),
                    Ok(Again::Later) => return Ok(()),
                    // What was taken in before is in the log; the mailbox is not read to its end until the rest is.
                    Err(error) if error.whose() == Whose::Row => {
                        let now = intake.instance.clock.now();
                        intake.instance.watch.complain(&fails(intake, &found.name), &error.to_string(), now);
                        received.unreadable += 1;
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
                self.known.insert(found.name, Taken::of(&raw));
            }
            Err(error) => {
                let now = intake.instance.clock.now();
                intake.instance.watch.complain(&fails(intake, &found.name), &error.to_string(), now);
                received.unreadable += 1;
            }
        }
        Ok(())
    }

    /// Stores a message, or gives it up where the database refuses it three times, or where the program ended over it ten
    /// times.
    async fn store_or_give_up(
        &mut self,
        intake: &Intake,
        name: &str,
        raw: &RawMessage,
    ) -> Result<Option<Stored>, PipelineError> {
        if self.looking.counting && !self.begun.contains_key(name) {
            let tried = self.count(intake, name).await?;
            self.begun.extend(tried.map(|tried| (name.to_owned(), tried)));
        }
        // The look that did not come to its end counts as one more: nobody knows over which message.
        let ends = self.begun.get(name).map_or(0, |tried| tried.interruptions() + 1);
        let (attempts, why) = if ends >= i64::from(INTERRUPTIONS) {
            (INTERRUPTIONS, "The program ended each time while it was being taken in.".to_owned())
        } else {
            match self.store_unless_refused(intake, name, raw).await? {
                Ok(stored) => {
                    self.begun.remove(name);
                    return Ok(Some(stored));
                }
                Err(refused) => (ATTEMPTS, refused.to_string()),
            }
        };
        let given_up = NotTaken::NotStored { name: name.to_owned(), attempts, why };
        let mut tx = intake.instance.db.begin().await?;
        tx.pass_over(self.origin.folder, name, intake.instance.clock.now(), &given_up).await?;
        tx.commit().await?;
        self.begun.remove(name);
        Ok(None)
    }

    /// Stores a message; or yields why the database refuses it, which it has done each time that it was asked to.
    async fn store_unless_refused(
        &self,
        intake: &Intake,
        name: &str,
        raw: &RawMessage,
    ) -> Result<Result<Stored, PipelineError>, PipelineError> {
        let mut refusals = 0;
        loop {
            match self.store(intake, name, raw).await {
                Err(error) if error.whose_over(name.to_owned(), &intake.cut_offs) == Whose::Row => {
                    refusals += 1;
                    if refusals == ATTEMPTS {
                        return Ok(Err(error));
                    }
                }
                Err(error) => return Err(error),
                Ok(stored) => {
                    intake.cut_offs.forget(&name.to_owned());
                    return Ok(Ok(stored));
                }
            }
        }
    }

    /// Counts an attempt to take a message in, before it is made; none where another process has taken it in meanwhile.
    async fn count(&self, intake: &Intake, name: &str) -> Result<Option<Tried>, PipelineError> {
        let mut tx = intake.instance.db.begin().await?;
        let tried = tx.count_attempt(self.origin.folder, name, intake.instance.clock.now(), None).await?;
        tx.commit().await?;
        Ok(tried)
    }

    async fn store(&self, intake: &Intake, name: &str, raw: &RawMessage) -> Result<Stored, PipelineError> {
        let message = intake.message(self.origin, name.to_owned(), raw)?;
        let mut tx = intake.instance.db.begin().await?;
        let stored = tx.store_message(&message).await?;
        intake::file_taken(&mut tx, &message).await?;
        failpoint::reached("before-receive-commit");
        tx.commit().await?;
        failpoint::reached("after-receive-commit");
        intake.bell.notify_one();
        Ok(stored)
    }

    /// Records that a name is no message, or cannot be read.
    async fn refuse(&self, intake: &Intake, name: &str, why: &NotTaken) -> Result<(), PipelineError> {
        let mut tx = intake.instance.db.begin().await?;
        tx.see_without_message(self.origin.folder, name, intake.instance.clock.now(), why).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What the log says of a file that is there and cannot be read.
fn fails(intake: &Intake, name: &str) -> String {
    format!("the message {name} in {} cannot be read", intake.mailbox.name)
}
