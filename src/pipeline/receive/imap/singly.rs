//! One message of a server by itself, and once more where it does not come.
//!
//! Promises that an attempt on a single message is counted before it is made, so that one that ends the program does so
//! three times at most; and that each message which does not come has an end that is on record.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{
    look::Look,
    one::{Fetched, NotFetched},
};
use crate::{
    core::event::not_taken::{NotTaken, not_fetched},
    failpoint,
    mailbox::HeaderOnly,
    pipeline::{
        PipelineError,
        receive::intake::{ATTEMPTS, INTERRUPTIONS},
    },
    store::Whose,
};

/// How long after the first attempt on a message by itself the others are made: the trouble of a server passes.
const LATER: [SignedDuration; 2] = [SignedDuration::from_mins(1), SignedDuration::from_mins(10)];

impl Look<'_> {
    /// Tries the messages once more that could not be fetched, as far as it is time.
    pub(super) async fn try_again(&mut self) -> Result<(), PipelineError> {
        let mut tx = self.intake.instance.db.snapshot().await?;
        let failed = tx.failed_sightings(self.folder.origin.folder).await?;
        drop(tx);
        let now = self.intake.instance.clock.now();
        for sighting in failed {
            let uid = sighting.name.split_once('.').and_then(|(_, uid)| uid.parse().ok());
            let wait = usize::try_from(sighting.failures - 1).ok().and_then(|n| LATER.get(n)).copied();
            let waited = now.duration_since(sighting.first_seen);
            match uid {
                Some(uid) if sighting.cut_off || waited >= wait.unwrap_or_default() => {
                    self.singly(uid, None, None).await?;
                }
                _ => self.received.unreadable += 1,
            }
        }
        Ok(())
    }

    /// Tries one message by itself, of that size if it is known; `came` is what came of it with others. That it is tried is
    /// written down first: if it ends the program, it does so ten times at most, and once more for its header.
    pub(super) async fn singly(
        &mut self,
        uid: u32,
        size: Option<usize>,
        came: Option<Vec<u8>>,
    ) -> Result<(), PipelineError> {
        let name = self.name(uid);
        let tried = self.one_attempt(uid, size, came).await;
        if tried.is_ok() {
            self.folder.unsettled.remove(&name);
        }
        tried
    }

    async fn one_attempt(&mut self, uid: u32, size: Option<usize>, came: Option<Vec<u8>>) -> Result<(), PipelineError> {
        let instance = Arc::clone(&self.intake.instance);
        let _room = instance.room_for(size.map(|size| size as u64)).await;
        let (folder, name) = (self.folder.origin.folder, self.name(uid));
        let mut tx = self.intake.instance.db.begin().await?;
        let now = self.intake.instance.clock.now();
        if self.folder.unsettled.contains(&name) {
            tx.attempt_failed(folder, &name, false, "The database went away.").await?;
        }
        let Some(tried) = tx.count_attempt(folder, &name, now, size.map(|size| size as u64)).await? else {
            // Another process has taken it in meanwhile, or found another end for it.
            return Ok(());
        };
        tx.folder_moves_on(folder, self.open.validity, uid.saturating_add(1)).await?;
        tx.commit().await?;
        self.folder.unsettled.insert(name.clone());
        failpoint::reached("after-attempt-commit");
        let (attempt, ends) = (tried.failures + 1, tried.interruptions());
        let ended = "The program ended each time while it was being fetched.";
        // Once more for its header alone; where that is the end of the program, too, it is left alone.
        if ends > i64::from(INTERRUPTIONS) {
            return self.leave_alone(uid, INTERRUPTIONS, ended).await;
        }
        if ends == i64::from(INTERRUPTIONS) {
            return self.give_up(uid, INTERRUPTIONS, ended).await;
        }
        if attempt > i64::from(ATTEMPTS) {
            return self.give_up(uid, ATTEMPTS, "The program ended before its header was logged.").await;
        }
        let why = match self.one(uid, attempt, tried.announced, came).await {
            Ok(Fetched::Message(raw)) => match self.store(&[(uid, raw)]).await {
                Err(error) if error.whose_over(name.clone(), &self.intake.cut_offs) == Whose::Row => error.to_string(),
                stored => {
                    self.intake.cut_offs.forget(&name);
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
                    let mut tx = self.intake.instance.db.begin().await?;
                    tx.attempt_failed(folder, &name, false, &why).await?;
                    tx.commit().await?;
                    self.folder.unsettled.remove(&name);
                    return Err(error);
                }
                why
            }
        };
        let (mailbox, named) = (&self.intake.mailbox.name, &self.folder.name);
        tracing::warn!("message {uid} of {named} in {mailbox} does not come (attempt {attempt} of {ATTEMPTS}): {why}");
        let mut tx = self.intake.instance.db.begin().await?;
        tx.attempt_failed(folder, &name, true, &why).await?;
        tx.commit().await?;
        if attempt == i64::from(ATTEMPTS) {
            return self.give_up(uid, ATTEMPTS, &why).await;
        }
        self.received.unreadable += 1;
        Ok(())
    }

    /// Gives a message up: it is logged from its header if at least that comes, else the sighting says why not.
    async fn give_up(&mut self, uid: u32, attempts: u32, why: &str) -> Result<(), PipelineError> {
        let (size, reason) = (0, not_fetched(attempts, why).plain());
        match self.header(uid, None, HeaderOnly { size, reason }).await {
            Ok(Fetched::Message(raw)) if !raw.bytes.is_empty() => match self.store(&[(uid, raw)]).await {
                // The database takes not even that.
                Err(error) if error.whose() == Whose::Row => {}
                stored => return stored,
            },
            Err(NotFetched::Failed(error)) => self.reopen(error).await?,
            _ => {}
        }
        self.leave_alone(uid, attempts, why).await
    }

    /// Leaves a message where it lies, and says why.
    async fn leave_alone(&mut self, uid: u32, attempts: u32, why: &str) -> Result<(), PipelineError> {
        let (folder, why) = (self.folder.name.clone(), why.to_owned());
        self.pass_over(uid, &NotTaken::NotFetched { folder, uid, attempts, why }).await
    }

    async fn pass_over(&mut self, uid: u32, why: &NotTaken) -> Result<(), PipelineError> {
        let instance = &self.intake.instance;
        let mut tx = instance.db.begin().await?;
        let (folder, name) = (self.folder.origin.folder, self.name(uid));
        let passed = tx.pass_over(folder, &name, instance.clock.now(), why).await?;
        tx.commit().await?;
        self.received.refused += usize::from(passed);
        Ok(())
    }
}
