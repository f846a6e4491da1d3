//! Posting: the outbox releases its letters, and each is handed over once.
//!
//! A letter is frozen (Message-ID, date and bytes) in one transaction and marked as leaving in another before it is
//! handed over; after a crash between that and the record of its leaving, it is uncertain, and the same bytes go once
//! more or a person is asked, by the setting.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{Outcome, PipelineError};
use crate::{
    config::OnUncertain,
    core::backoff,
    filing::ENTRY_CHANGED,
    letters::facts::LetterKind,
    mailer::{Folder, Outgoing, compose, message_id},
    office::Office,
    store::{About, ClaimedLetter, DOCKET, Event, LetterState, Thread},
};

/// How long a claim lasts: writing a file takes far less.
const CLAIM: Duration = Duration::from_mins(5);

/// Hands letters over.
#[derive(Debug)]
pub struct Post {
    office: Arc<Office>,
    folder: Folder,
}

impl Post {
    /// Hands letters over to the folder of the configuration.
    #[must_use]
    pub fn new(office: Arc<Office>) -> Self {
        let letters = &office.config.letters;
        let folder = Folder::at(&letters.folder, letters.form);
        Self { office, folder }
    }

    /// Hands over the letter that is due longest.
    ///
    /// # Errors
    /// The database did not answer. The claim runs out, and the letter is taken up again where it was.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let now = self.office.clock.now();
        let mut tx = self.office.db.begin().await?;
        let claimed = tx.claim_letter(&self.office.owner, CLAIM, now).await?;
        tx.commit().await?;
        let Some(letter) = claimed else { return Ok(Outcome::Idle) };
        let bytes = match (letter.state()?, &letter.bytes) {
            (LetterState::Sending, _) if self.office.config.letters.on_uncertain == OnUncertain::Ask => {
                let reason = "It is not known whether it left: the program stopped while handing it over.";
                self.end(&letter, LetterState::Held, reason).await?;
                return Ok(Outcome::Worked);
            }
            (_, Some(bytes)) => bytes.clone(),
            (_, None) => match self.release(&letter).await? {
                Some(bytes) => bytes,
                None => return Ok(Outcome::Worked),
            },
        };
        self.hand_over(&letter, &bytes).await?;
        Ok(Outcome::Worked)
    }

    /// Freezes a letter and yields its bytes; nothing if it must not leave.
    async fn release(&self, letter: &ClaimedLetter) -> Result<Option<Vec<u8>>, PipelineError> {
        let mut tx = self.office.db.snapshot().await?;
        let thread = match letter.message_id {
            Some(message) => tx.thread(message).await?,
            None => Thread::default(),
        };
        drop(tx);
        if letter.guard_revision.is_some_and(|revision| revision != thread.revision) {
            self.end(letter, LetterState::Discarded, ENTRY_CHANGED).await?;
            return Ok(None);
        }
        let now = self.office.clock.now();
        let config = &self.office.config.letters;
        let id = message_id(&self.office.secret, letter.id, &config.from_address);
        let composed = compose(&Outgoing {
            from_name: &config.from_name,
            from_address: &config.from_address,
            to_address: &letter.recipient,
            to_name: letter.recipient_name.as_deref(),
            subject: &letter.subject,
            body: &letter.body,
            message_id: &id,
            date: now,
            in_reply_to: thread.in_reply_to.as_deref(),
            references: &thread.references,
            replied: letter.kind()? != LetterKind::Reminder,
        });
        let bytes = match composed {
            Ok(bytes) => bytes,
            Err(error) => {
                self.end(letter, LetterState::Failed, &error.to_string()).await?;
                return Ok(None);
            }
        };
        let mut tx = self.office.db.begin().await?;
        let frozen = tx.freeze_letter(letter, now, &id, &bytes).await?;
        tx.commit().await?;
        Ok(frozen.then_some(bytes))
    }

    async fn hand_over(&self, letter: &ClaimedLetter, bytes: &[u8]) -> Result<(), PipelineError> {
        let mut tx = self.office.db.begin().await?;
        let mine = tx.letter_leaves(letter).await?;
        tx.commit().await?;
        if !mine {
            return Ok(());
        }
        let handed = self.folder.hand_over(letter.id, bytes);
        let now = self.office.clock.now();
        let mut tx = self.office.db.begin().await?;
        let about = About { message: letter.message_id, ..About::letter(letter.id) };
        let recorded = match handed {
            Ok(path) => {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let what = format!("The letter left: {}, as {file}.", letter.kind()?.name());
                tx.letter_sent(letter, now).await?.then_some(("letter_sent", what))
            }
            Err(error) => {
                tracing::warn!(letter = letter.id, %error, "a letter could not be handed over");
                let reason = error.to_string();
                if now.duration_since(letter.decided_at()?) > self.give_up_after() {
                    let what = format!("The letter did not leave, and is given up: {reason}");
                    let ended = tx.letter_ends(letter, now, LetterState::Failed, &reason).await?;
                    ended.then_some(("letter_ended", what))
                } else {
                    tx.letter_later(letter, now, self.next_attempt(letter), &reason).await?;
                    None
                }
            }
        };
        if let Some((kind, what)) = recorded {
            tx.record(Event { at: now, kind, about, actor: DOCKET, what }).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    fn give_up_after(&self) -> SignedDuration {
        SignedDuration::try_from(self.office.config.letters.give_up_after).unwrap_or(SignedDuration::MAX)
    }

    fn next_attempt(&self, letter: &ClaimedLetter) -> Timestamp {
        let failed = u32::try_from(letter.attempts + 1).unwrap_or(u32::MAX);
        let chance = u32::try_from(letter.id.rem_euclid(1000)).unwrap_or(0);
        let wait = SignedDuration::try_from(backoff::wait(failed, chance)).unwrap_or(SignedDuration::MAX);
        self.office.clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    async fn end(&self, letter: &ClaimedLetter, state: LetterState, reason: &str) -> Result<(), PipelineError> {
        let now = self.office.clock.now();
        let mut tx = self.office.db.begin().await?;
        if tx.letter_ends(letter, now, state, reason).await? {
            let about = About { message: letter.message_id, ..About::letter(letter.id) };
            let what = format!("The letter did not leave: {reason}");
            tx.record(Event { at: now, kind: "letter_ended", about, actor: DOCKET, what }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
