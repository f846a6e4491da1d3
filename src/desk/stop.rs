//! Stopping all letters to outsiders at once, and letting them leave again.
//!
//! Promises that it is on record who did so and why, and that it holds for every process and machine from the commit on:
//! what the mail server has but for the final dot by then leaves all the same, and nothing else.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError, Resuming};
use crate::{
    core::{actor::Actor, event::Event},
    store::{About, StoreError, Tx},
};

/// That nothing leaves, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// Since when.
    pub since: Timestamp,
    /// Who stopped it, by name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// How many letters wait.
    pub letters: i64,
}

impl Desk {
    /// Who has stopped that letters leave; none where they leave.
    pub async fn sending_stopped(&self) -> Result<Option<Stopped>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        Ok(stopped(&mut tx).await?)
    }

    /// How many letters wait to leave.
    pub async fn letters_that_would_leave(&self) -> Result<i64, DeskError> {
        Ok(self.instance.db.snapshot().await?.letters_that_would_leave().await?)
    }

    /// How many letters are being handed over: they may leave, whatever is done now.
    pub async fn letters_leaving(&self) -> Result<i64, DeskError> {
        Ok(self.instance.db.snapshot().await?.letters_leaving().await?)
    }

    /// Stops every letter to outsiders, on every machine.
    ///
    /// # Errors
    /// There is no reason, or somebody else has stopped it.
    pub async fn stop_sending(&self, reason: &str, actor: &Actor) -> Result<(), DeskError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeskError::Refused("Write why: everybody reads it on every page.".to_owned()));
        }
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        if !tx.stop_sending(now, actor, reason).await? {
            let by = stopped(&mut tx).await?.map(|stopped| stopped.by).unwrap_or_default();
            return Err(DeskError::Refused(format!("{by} has stopped it already; nothing was changed.")));
        }
        let event = Event::SendingStopped { reason: reason.to_owned() };
        tx.record(now, About::default(), actor, &event)?;
        tx.warn(format!("sending is stopped by {}: {reason}", actor.name()));
        Ok(tx.commit().await?)
    }

    /// Lets letters leave again, and yields which and when.
    ///
    /// # Errors
    /// Nothing is stopped.
    pub async fn resume_sending(&self, actor: &Actor) -> Result<Resuming, DeskError> {
        self.resume_as_seen(None, actor).await
    }

    /// The same of a stop that the person saw, by when it began.
    ///
    /// # Errors
    /// Nothing is stopped, or it was resumed meanwhile and stopped again.
    pub async fn resume_as_seen(&self, seen: Option<Timestamp>, actor: &Actor) -> Result<Resuming, DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let Some(stopped) = tx.sending_stopped().await? else {
            return Err(DeskError::Refused("Sending is not stopped; nothing was changed.".to_owned()));
        };
        if seen.is_some_and(|seen| seen != stopped.since) {
            let by = stopped.by.name();
            let said = format!("Sending was resumed meanwhile, and {by} has stopped it again; nothing was changed.");
            return Err(DeskError::Refused(said));
        }
        let resuming = self.resuming(&mut tx, stopped.since).await?;
        for letter in resuming.leaves.iter().filter(|letter| !letter.may_have_left) {
            tx.letter_not_before(letter.id, letter.not_before).await?;
        }
        if !tx.resume_sending(now, actor).await? {
            return Err(DeskError::Refused("Sending is not stopped; nothing was changed.".to_owned()));
        }
        tx.record(now, About::default(), actor, &Event::SendingResumed)?;
        tx.warn(format!("sending is resumed by {}", actor.name()));
        tx.commit().await?;
        Ok(resuming)
    }
}

/// The same in a transaction.
pub(super) async fn stopped(tx: &mut Tx) -> Result<Option<Stopped>, StoreError> {
    let Some(stopped) = tx.sending_stopped().await? else { return Ok(None) };
    let letters = tx.letters_that_would_leave().await?;
    Ok(Some(Stopped { since: stopped.since, by: stopped.by.name().to_owned(), reason: stopped.reason, letters }))
}
