//! Copies of the letters that left, put into a folder of the mailbox whose mail they answer.
//!
//! Promises a copy of the letter's frozen bytes, and one only: before an attempt that may repeat one whose answer was lost,
//! the folder is searched for the letter's Message-ID. Has its own connection, is never in the way of sending, and never
//! touches what became of the letter itself.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};

use super::{Outcome, PipelineError, login};
use crate::{
    config::{ImapConfig, MailboxConfig},
    core::{
        actor::Actor,
        backoff,
        event::{Event, NoCopy},
    },
    instance::Instance,
    mailbox::{Imap, ImapError, LIMIT, MailboxError},
    store::{About, ClaimedCopy, Id, Tx, Whose},
};

/// How long one attempt may take, and how long it is nobody else's.
const WITHIN: Duration = Duration::from_mins(3);
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// So often the database may refuse what is to be done with a copy.
const ATTEMPTS: i64 = 3;
/// After so many failures, the wait before the server is tried again grows no more.
const PAUSES_GROW: u32 = 4;

/// Puts copies of letters into mailboxes.
#[derive(Debug)]
pub struct SentCopies {
    instance: Arc<Instance>,
    /// The account that was talked to last, by the name of its mailbox.
    open: Option<(String, Imap)>,
    /// Failures in a row, and until when no server is tried: a login that is tried again with every letter ends in a
    /// locked account.
    failures: u32,
    pause: Option<Instant>,
}

/// Where the copy of a letter goes.
struct SentFolder {
    mailbox: String,
    account: ImapConfig,
    folder: String,
}

impl SentFolder {
    /// What the log says where no copy can be kept.
    fn fails(&self) -> String {
        format!("no copy of a letter can be kept in {}", self.mailbox)
    }
}

impl SentCopies {
    /// Puts copies where the configuration says.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, open: None, failures: 0, pause: None }
    }

    /// Puts the copy that is due longest where it belongs.
    ///
    /// # Errors
    /// The database did not answer. The claim runs out, and the copy is taken up again with a search for it.
    pub async fn step(&mut self) -> Result<Outcome, PipelineError> {
        if self.pause.is_some_and(|until| Instant::now() < until) {
            return Ok(Outcome::Idle);
        }
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        let claimed = tx.claim_copy(now, now.saturating_add(CLAIM).unwrap_or(Timestamp::MAX)).await?;
        let Some(copy) = claimed else {
            drop(tx);
            self.close().await;
            return Ok(Outcome::Idle);
        };
        let belongs = tx.letter_belongs_to(copy.id).await?;
        tx.commit().await?;
        let (Some(sent), Some(bytes)) = (sent_of(&self.instance, belongs), copy.bytes.as_deref()) else {
            self.give_up(&copy, &NoCopy::Nowhere).await?;
            return Ok(Outcome::Worked);
        };
        let kept = timeout(WITHIN, self.keep(&sent, &copy, bytes)).await;
        let silent = || MailboxError::from(ImapError::Silent { doing: "APPEND", limit: WITHIN });
        let kept = kept.unwrap_or_else(|_| Err(silent().into()));
        let kept = match kept {
            Ok(()) => self.kept(&sent, &copy).await,
            failed => failed,
        };
        match kept {
            Ok(()) => {}
            Err(error) if error.of_the_store().is_some() && error.whose() == Whose::Row => {
                self.refused(&sent, &copy, &error).await?;
            }
            Err(error) if error.of_the_store().is_some() => return Err(error),
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                self.pause = Some(Instant::now() + backoff::wait(self.failures.min(PAUSES_GROW), 0));
                self.instance.watch.complain(&sent.fails(), &error.to_string(), self.instance.clock.now());
                let why = NoCopy::Refused { folder: sent.folder.clone(), why: error.to_string() };
                self.later(&copy, &why).await?;
            }
        }
        Ok(Outcome::Worked)
    }

    /// There will be no more copies for now: a connection that is kept for the next one is ended.
    pub async fn close(&mut self) {
        if let Some((_, mut imap)) = self.open.take() {
            imap.leave().await;
        }
    }

    async fn keep(&mut self, sent: &SentFolder, copy: &ClaimedCopy, bytes: &[u8]) -> Result<(), PipelineError> {
        if self.open.as_ref().is_none_or(|(mailbox, _)| *mailbox != sent.mailbox) {
            self.close().await;
        }
        let new = || (sent.mailbox.clone(), Imap::new(sent.account.clone(), LIMIT));
        let (_, imap) = self.open.get_or_insert_with(new);
        login::by_token(&self.instance.tokens, imap, &sent.folder).await?;
        let repeats = copy.attempts > 1;
        if let Some(id) = copy.rfc_message_id.as_deref().filter(|_| repeats)
            && imap.has(&sent.folder, id).await.map_err(MailboxError::from)?
        {
            return Ok(());
        }
        // Whoever slept since the claim leaves it to the one who has it now.
        if self.instance.db.snapshot().await?.copy_is_claimed(copy).await? {
            imap.append(&sent.folder, bytes).await.map_err(MailboxError::from)?;
        }
        Ok(())
    }

    async fn kept(&mut self, sent: &SentFolder, copy: &ClaimedCopy) -> Result<(), PipelineError> {
        (self.failures, self.pause) = (0, None);
        let mut tx = self.instance.db.begin().await?;
        tx.copy_kept(copy).await?;
        tx.commit().await?;
        self.instance.watch.content(&sent.fails(), self.instance.clock.now());
        Ok(())
    }

    /// The database refuses what is to be done with this copy alone. With the last attempt it is given up; where even that is
    /// refused, its claim runs out, and it is taken up again behind the others.
    async fn refused(&self, sent: &SentFolder, copy: &ClaimedCopy, error: &PipelineError) -> Result<(), PipelineError> {
        let why = NoCopy::Refused { folder: sent.folder.clone(), why: error.to_string() };
        let left =
            if copy.attempts >= ATTEMPTS { self.give_up(copy, &why).await } else { self.later(copy, &why).await };
        match left {
            Err(error) if error.whose() == Whose::Row => {
                let what = format!("no copy of letter {} can be kept, and that cannot be written down", copy.id);
                self.instance.watch.complain(&what, &error.to_string(), self.instance.clock.now());
                Ok(())
            }
            left => left,
        }
    }

    async fn later(&self, copy: &ClaimedCopy, why: &NoCopy) -> Result<(), PipelineError> {
        let now = self.instance.clock.now();
        let most = SignedDuration::try_from(self.instance.config.letters.give_up_after).unwrap_or(SignedDuration::MAX);
        if now.duration_since(copy.sent_at()?.unwrap_or(now)) > most {
            return self.give_up(copy, why).await;
        }
        let failed = u32::try_from(copy.attempts).unwrap_or(u32::MAX);
        let chance = u32::try_from(copy.id.rem_euclid(1000)).unwrap_or(0);
        let wait = SignedDuration::try_from(backoff::wait(failed, chance)).unwrap_or(SignedDuration::MAX);
        let mut tx = self.instance.db.begin().await?;
        let next = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        tx.copy_later(copy, next, &why.phrase().plain()).await?;
        Ok(tx.commit().await?)
    }

    async fn give_up(&self, copy: &ClaimedCopy, why: &NoCopy) -> Result<(), PipelineError> {
        let mut tx = self.instance.db.begin().await?;
        let reason = why.phrase().plain();
        if tx.copy_failed(copy, &reason).await? {
            let event = Event::CopyFailed { why: why.clone() };
            tx.record(self.instance.clock.now(), About::letter(copy.id), &Actor::Program, &event)?;
            tx.warn(format!("no copy of letter {} is in the mailbox: {}", copy.id, reason.trim_end_matches('.')));
        }
        Ok(tx.commit().await?)
    }
}

/// Asks for the copy of a letter that a mail server has just accepted, where its mailbox keeps copies.
pub(super) async fn want_copy(tx: &mut Tx, instance: &Instance, letter: Id) -> Result<(), PipelineError> {
    if !instance.config.mailboxes.iter().any(|mailbox| keeps_copies(mailbox).is_some()) {
        return Ok(());
    }
    let belongs = tx.letter_belongs_to(letter).await?;
    if sent_of(instance, belongs).is_some() {
        tx.want_copy(letter, instance.clock.now()).await?;
    }
    Ok(())
}

/// Where the copy of a letter goes, by the mailbox that it answers, or by the call that it is about.
fn sent_of(instance: &Instance, (mailbox, call): (Option<String>, Option<String>)) -> Option<SentFolder> {
    let mailbox = match mailbox {
        Some(name) => instance.config.mailboxes.iter().find(|mailbox| mailbox.name == name),
        None => instance.mailbox_for(&call?),
    }?;
    let (account, folder) = keeps_copies(mailbox)?;
    Some(SentFolder { mailbox: mailbox.name.clone(), account: account.clone(), folder: folder.to_owned() })
}

fn keeps_copies(mailbox: &MailboxConfig) -> Option<(&ImapConfig, &str)> {
    let account = mailbox.source.account()?;
    Some((account, account.sent.as_deref()?))
}
