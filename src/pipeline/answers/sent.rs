//! The folders of what colleagues sent, as the mailboxes name them: read for answers, and for nothing else.
//!
//! Promises to look at the header of each mail alone, and once; that how far a folder was read moves with what was written down
//! of it; that a mail which the database refuses stops none behind it; and that a folder which is not there is a trouble of
//! its own, and keeps no mailbox from being read.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use tokio::time::Instant;

use super::answered;
use crate::{
    config::{MailSource, MailboxConfig},
    core::{
        backoff,
        event::SeenIn,
        judging::answered::{FromUs, Seen},
        mail::header,
    },
    instance::Instance,
    mailbox::{Beginning, Found, Imap, LIMIT, MailboxError, Maildir, Windows},
    pipeline::{Outcome, PipelineError, login},
    store::{Id, SentFolder, Whose},
};

/// So many mails are looked at in one step.
const AT_ONCE: usize = 100;
/// After so many failures, the wait before the server is tried again grows no more.
const PAUSES_GROW: u32 = 4;

/// Sees what colleagues answered.
#[derive(Debug)]
pub struct Answers {
    instance: Arc<Instance>,
    folders: Vec<Watched>,
}

/// A folder of sent mail that a mailbox names.
#[derive(Debug)]
struct Watched {
    mailbox: MailboxConfig,
    folder: String,
    place: Place,
    /// What was there when it was listed: it is looked at once all is read that had come by then.
    listed: Option<(Timestamp, Vec<Mail>)>,
    /// Failures in a row, and until when it is left alone: a login that is tried again and again ends in a locked account.
    failures: u32,
    pause: Option<Instant>,
}

#[derive(Debug)]
enum Place {
    Maildir(Maildir),
    Imap(Box<Imap>),
}

/// A mail that lies there.
#[derive(Clone, Debug)]
enum Mail {
    File(Found),
    Uid { validity: u32, uid: u32 },
}

impl Answers {
    /// Looks where the configuration says.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        let watched = |mailbox: &MailboxConfig| {
            let folder = mailbox.answers.clone()?;
            let place = match &mailbox.source {
                MailSource::Maildir(path) => Place::Maildir(Maildir::at(path)),
                MailSource::Imap(account) => Place::Imap(Box::new(Imap::new(account.clone(), LIMIT))),
            };
            Some(Watched { mailbox: mailbox.clone(), folder, place, listed: None, failures: 0, pause: None })
        };
        let folders = instance.config.mailboxes.iter().filter_map(watched).collect();
        Self { instance, folders }
    }

    /// Whether no mailbox names such a folder.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Looks into each of the folders once.
    ///
    /// # Errors
    /// The database did not answer. What was not written down is looked at again. What a folder meets is said where it
    /// stands, and is no error.
    pub async fn step(&mut self) -> Result<Outcome, PipelineError> {
        let mut outcome = Outcome::Idle;
        for watched in &mut self.folders {
            if watched.pause.is_some_and(|until| Instant::now() < until) {
                continue;
            }
            match watched.look(&self.instance).await {
                Ok(looked) => {
                    (watched.failures, watched.pause) = (0, None);
                    self.instance.watch.content(&watched.fails(), self.instance.clock.now());
                    if looked == Outcome::Worked {
                        outcome = Outcome::Worked;
                    }
                }
                Err(error) if error.of_the_store().is_some() => return Err(error),
                Err(error) => {
                    watched.failures = watched.failures.saturating_add(1);
                    watched.pause = Some(Instant::now() + backoff::wait(watched.failures.min(PAUSES_GROW), 0));
                    watched.listed = None;
                    self.instance.watch.complain(&watched.fails(), &error.to_string(), self.instance.clock.now());
                }
            }
        }
        Ok(outcome)
    }

    /// Takes leave of the servers.
    pub async fn close(&mut self) {
        for watched in &mut self.folders {
            if let Place::Imap(imap) = &mut watched.place {
                imap.leave().await;
            }
        }
    }
}

impl Watched {
    /// What the log says where it cannot be read.
    fn fails(&self) -> String {
        format!("the folder {} of {} is not read for answers of colleagues", self.folder, self.mailbox.name)
    }

    async fn look(&mut self, instance: &Instance) -> Result<Outcome, PipelineError> {
        let mut tx = instance.db.begin().await?;
        let (mailbox, _) = tx.mailbox(&self.mailbox.name, instance.clock.now()).await?;
        let read = tx.sent_folder(mailbox, &self.folder).await?;
        tx.commit().await?;
        if self.listed.is_none() {
            let now = instance.clock.now();
            let news = self.news(instance, read).await?;
            self.listed = (!news.is_empty()).then_some((now, news));
        }
        let Some((at, news)) = self.listed.take() else { return Ok(Outcome::Idle) };
        if !all_read(instance, &self.mailbox.name, at).await? {
            self.listed = Some((at, news));
            return Ok(Outcome::Idle);
        }
        let validity = match &mut self.place {
            Place::Maildir(_) => None,
            Place::Imap(imap) => Some(login::examine(&instance.tokens, imap, &self.folder).await?.validity),
        };
        // What was numbered anew meanwhile is listed anew.
        let same = |mail: &Mail| {
            matches!(mail, Mail::File(_)) || matches!(mail, Mail::Uid { validity: of, .. } if Some(*of) == validity)
        };
        for mail in news.iter().filter(|mail| same(mail)) {
            self.look_at(instance, read.id, mail).await?;
        }
        Ok(Outcome::Worked)
    }

    /// What was not looked at yet, the oldest first, as far as one step goes.
    async fn news(&mut self, instance: &Instance, read: SentFolder) -> Result<Vec<Mail>, PipelineError> {
        match &mut self.place {
            Place::Maildir(maildir) => {
                let names = instance.db.snapshot().await?.sent_names(read.id).await?;
                let known: HashSet<String> = names.into_iter().collect();
                let there =
                    maildir.within(&self.folder).and_then(|folder| folder.list()).map_err(MailboxError::from)?;
                let new = there.into_iter().filter(|found| !known.contains(&found.name));
                Ok(new.take(AT_ONCE).map(Mail::File).collect())
            }
            Place::Imap(imap) => {
                let open = login::examine(&instance.tokens, imap, &self.folder).await?;
                let from = if open.validity == read.validity { read.next } else { 1 };
                let (mut windows, mut news) = (Windows::of(open, from), Vec::new());
                while news.len() < AT_ONCE {
                    let Some(window) = windows.next(imap).await.map_err(MailboxError::from)? else { break };
                    news.extend(window.uids.into_iter().map(|uid| Mail::Uid { validity: open.validity, uid }));
                }
                news.truncate(AT_ONCE);
                Ok(news)
            }
        }
    }

    /// Looks at a mail, and writes down what it answers and that it was looked at.
    async fn look_at(&mut self, instance: &Instance, folder: Id, mail: &Mail) -> Result<(), PipelineError> {
        let header = match (&mut self.place, mail) {
            (Place::Maildir(maildir), Mail::File(found)) => {
                maildir.beginning(found, header::WINDOW).map_err(MailboxError::from)?
            }
            (Place::Imap(imap), Mail::Uid { uid, .. }) => {
                let arrived = imap.describe(&[*uid]).await.map_err(MailboxError::from)?;
                let header = imap.header(*uid, header::WINDOW).await.map_err(MailboxError::from)?;
                header.map(|header| (header, arrived.get(uid).and_then(|of| of.internal_date)))
            }
            _ => None,
        };
        match self.write_down(instance, folder, mail, header.as_ref()).await {
            Err(error) if error.whose() == Whose::Row => {
                let what = format!("an answer in the folder {} of {} cannot be kept", self.folder, self.mailbox.name);
                instance.watch.complain(&what, &error.to_string(), instance.clock.now());
                self.write_down(instance, folder, mail, None).await
            }
            written => written,
        }
    }

    async fn write_down(
        &self,
        instance: &Instance,
        folder: Id,
        mail: &Mail,
        header: Option<&Beginning>,
    ) -> Result<(), PipelineError> {
        let mut tx = instance.db.begin().await?;
        if let Some((raw, arrived)) = header {
            let message = header::message(raw);
            let own = instance.own(&self.mailbox.name);
            // A copy that our own letter left there is on record under its Message-ID, whoever put it there.
            let ours = match &message.message_id {
                Some(id) => tx.letter_with_message_id(id).await?.is_some(),
                None => false,
            };
            let from_us = FromUs::of(&message, &own, &instance.config.intake.colleagues);
            if let Some(mail) = from_us.filter(|_| !ours) {
                let on = arrived.or(message.date).unwrap_or_else(|| instance.clock.now());
                let seen_in = SeenIn::Folder { folder: self.folder.clone() };
                // Who can put a mail there has the mailbox's own password.
                let seen = Seen { on, seen_in, vouched: true };
                answered(&mut tx, instance, &mail, &seen, None).await?;
            }
        }
        match mail {
            Mail::File(found) => tx.sent_looked_at(folder, &found.name).await?,
            Mail::Uid { validity, uid } => tx.sent_read_to(folder, *validity, uid.saturating_add(1)).await?,
        }
        Ok(tx.commit().await?)
    }
}

/// Whether all is read that had come to a mailbox by then.
async fn all_read(instance: &Instance, mailbox: &str, then: Timestamp) -> Result<bool, PipelineError> {
    let mut tx = instance.db.snapshot().await?;
    let looked = tx.mailboxes().await?.into_iter().find(|(name, _)| name == mailbox).and_then(|(_, at)| at);
    Ok(looked.is_some_and(|at| at >= then) && tx.unread_until(then).await? == 0)
}
