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

use super::{Desk, DeskError};
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

    /// Lets letters leave again.
    ///
    /// # Errors
    /// Nothing is stopped.
    pub async fn resume_sending(&self, actor: &Actor) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        if !tx.resume_sending(now, actor).await? {
            return Err(DeskError::Refused("Sending is not stopped; nothing was changed.".to_owned()));
        }
        tx.record(now, About::default(), actor, &Event::SendingResumed)?;
        tx.warn(format!("sending is resumed by {}", actor.name()));
        Ok(tx.commit().await?)
    }
}

/// The same in a transaction.
pub(super) async fn stopped(tx: &mut Tx) -> Result<Option<Stopped>, StoreError> {
    let Some(stopped) = tx.sending_stopped().await? else { return Ok(None) };
    let letters = tx.letters_that_would_leave().await?;
    Ok(Some(Stopped { since: stopped.since, by: stopped.by.name().to_owned(), reason: stopped.reason, letters }))
}
