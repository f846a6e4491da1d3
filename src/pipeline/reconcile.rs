//! Reconciling: every message of every folder that is read is held against the log.
//!
//! Promises that each one is accounted for: by a sighting, or because it was not looked at yet, or it is named as missing
//! and written down to be fetched, which the next look does. A file that is not as large any more as the log has it is
//! named, too, and what the log has only in part is counted by itself. Has its own connection, takes no lease, and changes nothing in
//! a mailbox. A sighting whose message is not there any more is normal: people work in the mailbox.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{PipelineError, login};
use crate::{
    config::{ImapConfig, MailSource, MailboxConfig},
    core::{actor::Actor, event::Event},
    instance::Instance,
    mailbox::{Imap, ImapError, LIMIT, Listed, MailboxError, Maildir, OpenFolder},
    store::{About, FolderState, Id, SeenName},
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
    /// Files that are not as large as when they were taken in; the next look takes them in again.
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
enum Seen {
    Logged {
        /// How large the file was, where that is known.
        size: Option<u64>,
    },
    /// Not all of it came.
    Short,
    SetAside,
    TriedAgain,
    /// It was noted as gone: if it is there, it was not.
    Gone,
}

/// What there is in a folder.
struct There {
    messages: Vec<Lying>,
    validity: u32,
    renumbered: bool,
}

/// A message that lies in a folder: its name, whether the log ought to know it, and how large its file is, if it is one.
struct Lying {
    name: String,
    was_looked_at: bool,
    size: Option<u64>,
}

/// Holds every folder of every mailbox of the configuration against the log.
///
/// # Errors
/// The database did not answer. A folder that cannot be looked through says so itself.
pub async fn reconcile(instance: &Instance) -> Result<Vec<Reconciled>, PipelineError> {
    let mut all = Vec::new();
    for mailbox in &instance.config.mailboxes {
        match &mailbox.source {
            MailSource::Maildir(path) => {
                let files = Maildir::at(path).list_with_times().map_err(|error| error.to_string());
                all.push(one(instance, mailbox, "INBOX", files, in_maildir).await?);
            }
            MailSource::Imap(account) => on_server(instance, mailbox, account, &mut all).await?,
        }
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

async fn on_server(
    instance: &Instance,
    mailbox: &MailboxConfig,
    account: &ImapConfig,
    all: &mut Vec<Reconciled>,
) -> Result<(), PipelineError> {
    let mut imap = Imap::new(account.clone(), LIMIT);
    let mut broken = None;
    for folder in account.folders.iter().chain(&account.junk) {
        // A server that cannot be talked to is not asked again for every folder: that would be a login each.
        if let Some(error) = &broken {
            all.push(unread(mailbox, folder, String::clone(error)));
            continue;
        }
        let looked = match look(instance, &mut imap, folder).await {
            Err(PipelineError::Store(error)) => return Err(error.into()),
            looked => looked.map_err(|error| {
                let of_the_folder =
                    matches!(&error, PipelineError::Mailbox(MailboxError::Imap(ImapError::Refused { .. })));
                let why = error.to_string();
                broken = (!of_the_folder).then(|| why.clone());
                why
            }),
        };
        all.push(one(instance, mailbox, folder, looked, on_the_server).await?);
    }
    imap.leave().await;
    Ok(())
}

async fn look(instance: &Instance, imap: &mut Imap, folder: &str) -> Result<(OpenFolder, Vec<u32>), PipelineError> {
    let open = login::examine(&instance.tokens, imap, folder).await?;
    Ok((open, imap.all(open).await.map_err(MailboxError::from)?))
}

fn on_the_server((open, uids): (OpenFolder, Vec<u32>), state: FolderState) -> There {
    let read = state.validity == open.validity;
    let message =
        |uid| Lying { name: format!("{}.{uid}", open.validity), was_looked_at: read && uid < state.next, size: None };
    let renumbered = !read && state.validity != 0;
    There { messages: uids.into_iter().map(message).collect(), validity: open.validity, renumbered }
}

/// A file was looked at if it lay there before the last look began.
fn in_maildir(files: Vec<Listed>, state: FolderState) -> There {
    let before = |since: Option<Timestamp>| since.zip(state.last_read).is_some_and(|(since, read)| since < read);
    let lying = |file: Listed| Lying { was_looked_at: before(file.since), size: Some(file.size), name: file.name };
    let messages = files.into_iter().map(lying).collect();
    There { messages, validity: state.validity, renumbered: false }
}

fn unread(mailbox: &MailboxConfig, folder: &str, error: String) -> Reconciled {
    let (mailbox, folder, error) = (mailbox.name.clone(), folder.to_owned(), Some(error));
    Reconciled { mailbox, folder, error, ..Reconciled::default() }
}

/// Holds a folder against the log. What is in it was listed before, so whatever was looked at until then has a sighting.
async fn one<T: Send>(
    instance: &Instance,
    mailbox: &MailboxConfig,
    folder: &str,
    listed: Result<T, String>,
    there: impl FnOnce(T, FolderState) -> There + Send,
) -> Result<Reconciled, PipelineError> {
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return Ok(unread(mailbox, folder, error)),
    };
    let now = instance.clock.now();
    let mut tx = instance.db.begin().await?;
    let (id, _) = tx.mailbox(&mailbox.name, now).await?;
    let id = tx.folder(id, folder).await?;
    tx.commit().await?;
    let (state, mut seen) = seen(instance, id).await?;
    let there = there(listed, state);
    let mut line = Reconciled {
        mailbox: mailbox.name.clone(),
        folder: folder.to_owned(),
        messages: there.messages.len(),
        renumbered: there.renumbered,
        ..Reconciled::default()
    };
    let mut missing = Vec::new();
    for Lying { name, was_looked_at, size: now } in there.messages {
        match seen.remove(&name) {
            Some(Seen::Logged { size }) if size.zip(now).is_some_and(|(then, now)| then != now) => {
                line.changed.push(name);
            }
            Some(Seen::Logged { .. }) => line.logged += 1,
            Some(Seen::Short) => line.short += 1,
            Some(Seen::SetAside) => line.set_aside += 1,
            Some(Seen::TriedAgain) => line.tried_again += 1,
            None if !was_looked_at => line.not_looked_at += 1,
            Some(Seen::Gone) | None => missing.push(name),
        }
    }
    let is_of_today = |name: &String| there.validity == 0 || name.starts_with(&format!("{}.", there.validity));
    line.gone = if there.renumbered { 0 } else { seen.keys().filter(|name| is_of_today(name)).count() };
    if !there.renumbered {
        given_up_and_gone(instance, id, &seen).await?;
    }
    put_right(instance, id, there.validity, missing, &mut line).await?;
    Ok(line)
}

/// What the log has seen in a folder, all of one moment.
async fn seen(instance: &Instance, folder: Id) -> Result<(FolderState, BTreeMap<String, Seen>), PipelineError> {
    let mut tx = instance.db.snapshot().await?;
    let state = tx.folder_state(folder).await?;
    let (mut seen, mut behind) = (BTreeMap::new(), String::new());
    loop {
        let rows = tx.seen_behind(folder, &behind, PAGE).await?;
        let Some(last) = rows.last() else { return Ok((state, seen)) };
        behind.clone_from(&last.name);
        seen.extend(rows.into_iter().map(|SeenName { name, disposition, size, short }| {
            let says = match disposition.as_str() {
                "stored" if short => Seen::Short,
                "stored" => Seen::Logged { size },
                "failed" => Seen::TriedAgain,
                "gone" => Seen::Gone,
                _ => Seen::SetAside,
            };
            (name, says)
        }));
    }
}

/// What was set aside and does not lie in its folder any more asks nobody for anything.
async fn given_up_and_gone(
    instance: &Instance,
    folder: Id,
    not_there: &BTreeMap<String, Seen>,
) -> Result<(), PipelineError> {
    let set_aside: Vec<&String> =
        not_there.iter().filter(|(_, seen)| matches!(seen, Seen::SetAside)).map(|(name, _)| name).collect();
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
