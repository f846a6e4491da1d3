//! Recording: an input that no mail brought is put into an envelope of mail, taken in, and read at once by this process.
//!
//! Promises that from the moment it has a number nothing of it is lost: where this process ends before it was read, the
//! daemon reads it; where it ends before it was assigned, a person is asked to do that. Nothing is answered.

use std::time::Duration;

use jiff::Timestamp;

use super::{PipelineError, read::read_claimed};
use crate::{
    core::{
        actor::Actor,
        iso3::Iso3,
        judging::silence::Silence,
        mail::{
            envelope::{Envelope, envelope},
            identity,
        },
        question::Question,
        recorded::Recorded,
    },
    instance::Instance,
    reading::Readers,
    store::{MessageState, NewMessage, Original, Stored},
};

/// How long this process may read it before another takes it up.
const READ_WITHIN: Duration = Duration::from_mins(10);
/// How long, and how often, it is looked whether another process has read it.
const WAIT_WITHIN: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What is recorded.
#[derive(Clone, Copy, Debug)]
pub struct ToRecord<'a> {
    /// By which way it came.
    pub recorded: &'a Recorded,
    /// Whose it is.
    pub states: &'a [Iso3],
    /// When it was received.
    pub received: Timestamp,
    /// Its files, by name.
    pub files: &'a [(String, Vec<u8>)],
    /// The mailbox that it would have come to.
    pub mailbox: &'a str,
}

/// What recording came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Where it is in the log.
    pub stored: Stored,
    /// It was read, as far as it can be.
    pub read: bool,
}

/// Takes in an input that no mail brought, and reads it.
///
/// # Errors
/// The database did not answer, or no child could be started. Once it has a number, it stays in the log.
pub async fn record(
    instance: &Instance,
    readers: &Readers,
    what: &ToRecord<'_>,
    actor: &Actor,
) -> Result<TakenIn, PipelineError> {
    let ToRecord { recorded, states, received, files, mailbox } = *what;
    let names: Vec<String> = states.iter().map(|&iso3| instance.name(iso3)).collect();
    let subject = format!("{}: {}", names.join(", "), recorded.way.in_words());
    let text = in_words(recorded, received, files);
    let bytes = envelope(&Envelope { subject: &subject, recorded, received, text: &text, files });
    let identity = hex::encode(identity::identity(&bytes).unwrap_or_else(|| identity::evidence(&bytes)));
    let now = instance.clock.now();
    instance.attend().await?;
    let original = Original::of(&bytes)?;
    let mut tx = instance.db.begin().await?;
    let (mailbox, _) = tx.mailbox(mailbox, now).await?;
    let new = NewMessage {
        mailbox,
        folder: tx.folder(mailbox, "by hand").await?,
        name: identity.clone(),
        original,
        identity,
        identity_version: identity::IDENTITY_VERSION,
        received,
        clock: "recorded",
        received_header: None,
        internal_date: None,
        first_seen: now,
        silent: Some(Silence::Recorded),
        held: Some(Question::Recorded { way: recorded.way, states: states.to_vec() }.into()),
        header_only: None,
        announced: None,
        short: None,
        recorded: Some(recorded),
        actor: actor.clone(),
    };
    let stored = tx.store_message(&new).await?;
    let claimed = match stored {
        Stored::New(number) => tx.claim_message(&instance.owner, READ_WITHIN, number).await?,
        Stored::Known(_) => None,
    };
    tx.commit().await?;
    if let Some(claimed) = claimed {
        read_claimed(instance, readers, claimed).await?;
    }
    let read = is_read(instance, stored).await?;
    Ok(TakenIn { stored, read })
}

/// Whether it is read, or left to a person: by this process, or by another that took it up meanwhile.
async fn is_read(instance: &Instance, stored: Stored) -> Result<bool, PipelineError> {
    let (Stored::New(number) | Stored::Known(number)) = stored;
    let looks = WAIT_WITHIN.as_millis() / LOOK_EVERY.as_millis();
    for _ in 0..looks {
        let entry = instance.db.snapshot().await?.entry(number).await?;
        if entry.is_some_and(|entry| entry.state != MessageState::Stored) {
            return Ok(true);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(false)
}

/// What stands in the envelope where a letter would.
fn in_words(recorded: &Recorded, received: Timestamp, files: &[(String, Vec<u8>)]) -> String {
    let files = match files.len() {
        0 => "No file was recorded with it.".to_owned(),
        1 => "One file was recorded with it.".to_owned(),
        n => format!("{n} files were recorded with it."),
    };
    format!("Recorded by a person. It came {}, {received}.\r\n{files}\r\n", recorded.in_words())
}
