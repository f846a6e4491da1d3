//! Reconciling: every message of every folder that is read is held against the log.
//!
//! Promises that each one is accounted for: by a sighting, or because it was not looked at yet, or it is named as missing
//! and written down to be fetched, which the next look does. A file that does not hold any more what the log has of it is
//! named, too, and what the log has only in part is counted by itself. Has its own connection, takes no lease, and
//! changes nothing in a mailbox. A sighting whose message is not there any more is normal: people work in the mailbox.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::{PipelineError, login};
use crate::{
    config::MailboxConfig,
    core::{actor::Actor, event::Event, mail::identity},
    instance::Instance,
    mailbox::{FileState, Listing, Lying, Mailbox, Maildir, Seen, Since},
    store::{About, Disposition, FolderState, Id, SeenName},
};

/// How many sightings are read at once.
const PAGE: usize = 5_000;
/// How many messages one event names.
const NAMED: usize = 100;

/// What reconciling one folder came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// The mailbox.
    pub mailbox: String,
    /// The folder.
    pub folder: String,
    /// How many messages are in it.
    pub messages: usize,
    /// How many of them are in the log.
    pub logged: usize,
    /// How many were passed over for a reason that is on record.
    pub set_aside: usize,
    /// How many could not be fetched and are tried again.
    pub tried_again: usize,
    /// How many were not looked at yet.
    pub not_looked_at: usize,
    /// Those of which there was no record; they are fetched by the next look.
    pub missing: Vec<String>,
    /// Files that have changed since they were taken in; the next look takes them in again.
    pub changed: Vec<String>,
    /// How many the log has only in part: the server handed over less than the whole, and a person is asked.
    pub short: usize,
    /// How many the log has seen in it that are not there any more.
    pub gone: usize,
    /// The server numbered the folder anew; the next look goes through all of it.
    pub renumbered: bool,
    /// Why it could not be looked through.
    pub error: Option<String>,
}

/// What a sighting says of its message.
#[derive(Clone, Copy)]
enum Sighted {
    Logged(Taken),
    /// Not all of it came.
    Short,
    SetAside,
    TriedAgain,
    /// It was noted as gone: if it is there, it was not.
    Gone,
}

/// A file as it was taken in, as far as that is known.
#[derive(Clone, Copy)]
struct Taken {
    size: Option<u64>,
    modified: Option<i64>,
}

/// Holds every folder of every mailbox of the configuration against the log.
///
/// # Errors
/// The database did not answer. A folder that cannot be looked through says so itself.
pub async fn reconcile(instance: &Instance) -> Result<Vec<Reconciled>, PipelineError> {
    let mut all = Vec::new();
    for mailbox in &instance.config.mailboxes {
        folders(instance, mailbox, &mut all).await?;
    }
    if !all.is_empty() {
        let mut tx = instance.db.begin().await?;
        tx.record(instance.clock.now(), About::default(), &Actor::Program, &event(&all))?;
        tx.commit().await?;
    }
    Ok(all)
}

/// What it came to.
fn event(all: &[Reconciled]) -> Event {
    let failed = all.iter().filter(|folder| folder.error.is_some());
    Event::Reconciled {
        messages: all.iter().map(|folder| folder.messages as u64).sum(),
        folders: all.len() as u64,
        missing: all.iter().map(|folder| folder.missing.len() as u64).sum(),
        changed: all.iter().map(|folder| folder.changed.len() as u64).sum(),
        short: all.iter().map(|folder| folder.short as u64).sum(),
        unread: failed.map(|folder| folder.folder.clone()).collect(),
    }
}

/// What it came to, in a sentence.
#[must_use]
pub fn in_a_sentence(all: &[Reconciled]) -> String {
    event(all).phrase().plain()
}

/// Holds every folder of a mailbox against the log.
async fn folders(instance: &Instance, mailbox: &MailboxConfig, all: &mut Vec<Reconciled>) -> Result<(), PipelineError> {
    let mut opened = Mailbox::of(&mailbox.source);
    let mut broken = None;
    for folder in mailbox.source.folders() {
        // A server that cannot be talked to is not asked again for every folder: that would be a login each.
        if let Some(error) = &broken {
            all.push(unread(mailbox, folder, String::clone(error)));
            continue;
        }
        let listed = match list(instance, &mut opened, folder).await {
            Err(PipelineError::Store(error)) => return Err(error.into()),
            listed => listed.map_err(|error| {
                let of_the_folder = matches!(&error, PipelineError::Mailbox(error) if error.is_of_the_folder());
                let why = error.to_string();
                broken = (!of_the_folder).then(|| why.clone());
                why
            }),
        };
        all.push(one(instance, mailbox, folder, listed).await?);
    }
    opened.leave().await;
    Ok(())
}

/// All that lies in a folder.
async fn list(instance: &Instance, mailbox: &mut Mailbox, folder: &str) -> Result<Listing, PipelineError> {
    if let Some(imap) = mailbox.account() {
        login::by_token(&instance.tokens, imap, folder).await?;
    }
    Ok(mailbox.list(folder).await?)
}

/// Whether the log ought to know a message: it lay there before the last look began.
fn was_looked_at(since: Since, validity: u32, state: &FolderState) -> bool {
    match since {
        Since::Uid(uid) => validity == state.validity && uid < state.next,
        Since::Time(since) => since.zip(state.last_read).is_some_and(|(since, read)| since < read),
    }
}

fn unread(mailbox: &MailboxConfig, folder: &str, error: String) -> Reconciled {
    let (mailbox, folder, error) = (mailbox.name.clone(), folder.to_owned(), Some(error));
    Reconciled { mailbox, folder, error, ..Reconciled::default() }
}

/// Holds a folder against the log. What is in it was listed before, so whatever was looked at until then has a sighting.
async fn one(
    instance: &Instance,
    mailbox: &MailboxConfig,
    folder: &str,
    listed: Result<Listing, String>,
) -> Result<Reconciled, PipelineError> {
    let Listing { messages, validity } = match listed {
        Ok(listed) => listed,
        Err(error) => return Ok(unread(mailbox, folder, error)),
    };
    let now = instance.clock.now();
    let mut tx = instance.db.begin().await?;
    let (id, _) = tx.mailbox(&mailbox.name, now).await?;
    let id = tx.folder(id, folder).await?;
    tx.commit().await?;
    let (state, mut seen) = seen(instance, id).await?;
    let validity = validity.unwrap_or(state.validity);
    let renumbered = state.validity != validity && state.validity != 0;
    let mut line = Reconciled {
        mailbox: mailbox.name.clone(),
        folder: folder.to_owned(),
        messages: messages.len(),
        renumbered,
        ..Reconciled::default()
    };
    let mut missing = Vec::new();
    for Lying { name, since, file } in messages {
        match seen.remove(&name) {
            Some(Sighted::Logged(taken)) if has_changed(instance, id, &name, taken, file).await? => {
                line.changed.push(name);
            }
            Some(Sighted::Logged(_)) => line.logged += 1,
            Some(Sighted::Short) => line.short += 1,
            Some(Sighted::SetAside) => line.set_aside += 1,
            Some(Sighted::TriedAgain) => line.tried_again += 1,
            None if !was_looked_at(since, validity, &state) => line.not_looked_at += 1,
            Some(Sighted::Gone) | None => missing.push(name),
        }
    }
    let is_of_today = |name: &String| validity == 0 || name.starts_with(&format!("{validity}."));
    line.gone = if renumbered { 0 } else { seen.keys().filter(|name| is_of_today(name)).count() };
    if !renumbered {
        given_up_and_gone(instance, id, &seen).await?;
    }
    put_right(instance, id, validity, missing, &mut line).await?;
    Ok(line)
}

/// Whether a file holds something else than what was taken in: a touch alone changes nothing.
async fn has_changed(
    instance: &Instance,
    folder: Id,
    name: &str,
    taken: Taken,
    file: Option<(PathBuf, FileState)>,
) -> Result<bool, PipelineError> {
    let Some((path, now)) = file else { return Ok(false) };
    if taken.size.is_some_and(|size| size != now.size) {
        return Ok(true);
    }
    if taken.modified.is_none() || taken.modified == now.modified.map(Timestamp::as_microsecond) {
        return Ok(false);
    }
    // What went, or cannot be read, is the next look's to say.
    let Ok(Seen::Message(raw)) = Maildir::read_file(&path) else { return Ok(false) };
    let Some(logged) = instance.db.snapshot().await?.message_seen_as(folder, name).await? else { return Ok(false) };
    let same_but_for_its_trace = || identity::identity(&raw.bytes).map(hex::encode).as_ref() == Some(&logged.identity);
    Ok(hex::encode(identity::evidence(&raw.bytes)) != logged.sha256 && !same_but_for_its_trace())
}

/// What the log has seen in a folder, all of one moment.
async fn seen(instance: &Instance, folder: Id) -> Result<(FolderState, BTreeMap<String, Sighted>), PipelineError> {
    let mut tx = instance.db.snapshot().await?;
    let state = tx.folder_state(folder).await?;
    let (mut seen, mut behind) = (BTreeMap::new(), String::new());
    loop {
        let rows = tx.seen_behind(folder, &behind, PAGE).await?;
        let Some(last) = rows.last() else { return Ok((state, seen)) };
        behind.clone_from(&last.name);
        seen.extend(rows.into_iter().map(|SeenName { name, disposition, size, modified, short }| {
            let says = match disposition {
                Disposition::Stored if short => Sighted::Short,
                Disposition::Stored => Sighted::Logged(Taken { size, modified }),
                Disposition::Failed => Sighted::TriedAgain,
                Disposition::Gone => Sighted::Gone,
                Disposition::NotAMessage | Disposition::Parked => Sighted::SetAside,
            };
            (name, says)
        }));
    }
}

/// What was set aside and does not lie in its folder any more asks nobody for anything.
async fn given_up_and_gone(
    instance: &Instance,
    folder: Id,
    not_there: &BTreeMap<String, Sighted>,
) -> Result<(), PipelineError> {
    let set_aside: Vec<&String> =
        not_there.iter().filter(|(_, seen)| matches!(seen, Sighted::SetAside)).map(|(name, _)| name).collect();
    if set_aside.is_empty() {
        return Ok(());
    }
    let mut tx = instance.db.begin().await?;
    for name in set_aside {
        tx.given_up_is_gone(folder, name).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes the missing messages down as ones to be fetched, names them in an event, and says when the folder was reconciled.
async fn put_right(
    instance: &Instance,
    folder: Id,
    validity: u32,
    missing: Vec<String>,
    line: &mut Reconciled,
) -> Result<(), PipelineError> {
    let now = instance.clock.now();
    let mut tx = instance.db.begin().await?;
    for name in missing {
        // Seen meanwhile, and so not missing.
        if tx.found_missing(folder, validity, &name, now).await? {
            line.missing.push(name);
        }
    }
    if !line.missing.is_empty() {
        let event = Event::Missing {
            mailbox: line.mailbox.clone(),
            folder: line.folder.clone(),
            names: line.missing.iter().take(NAMED).cloned().collect(),
            more: line.missing.len().saturating_sub(NAMED) as u64,
        };
        tx.record(now, About::default(), &Actor::Program, &event)?;
    }
    tx.folder_reconciled(folder, now, line.missing.len()).await?;
    Ok(tx.commit().await?)
}
