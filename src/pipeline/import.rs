//! Importing: files are taken in as if they had arrived at their recorded time.
//!
//! Nothing imported is answered unless that was asked for: a secretariat that moves an archive in must not write to
//! governments about it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    PipelineError,
    receive::intake::{self, Origin},
};
use crate::{
    core::{actor::Actor, judging::silence::Silence},
    instance::Instance,
    mailbox::{MailboxError, Maildir, RawMessage, Seen, mbox},
    store::Stored,
};

const NO_MBOX: &str = "it is no mbox, for its first line is not “From ” with a sender and a date; nothing of it was taken \
                       in. If it holds a single message, take that line out and name the file .eml";

/// What a file may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A message, or an mbox of them.
    Any,
    /// A message of a Maildir.
    Message,
}

/// What importing one message came to.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Which file, and which message of it.
    pub name: String,
    /// Where it is in the log.
    pub stored: Stored,
}

/// Takes in message files, mbox files and Maildirs.
///
/// # Errors
/// A path cannot be read, or the database did not answer. What was taken in until then stays.
pub async fn import(
    instance: &Instance,
    mailbox: &str,
    paths: &[PathBuf],
    acknowledge: bool,
) -> Result<Vec<Imported>, PipelineError> {
    let mut tx = instance.db.begin().await?;
    let (id, _) = tx.mailbox(mailbox, instance.clock.now()).await?;
    let folder = tx.folder(id, "import").await?;
    tx.commit().await?;
    let origin = Origin { mailbox: id, folder, junk: false };
    let trusted = instance.config.mailboxes.iter().find(|m| m.name == mailbox);
    let trusted_hops = trusted.map(|m| m.trusted_hops.clone()).unwrap_or_default();
    let silent = |_: Timestamp| (!acknowledge).then_some(Silence::Imported);
    let mut imported = Vec::new();
    for path in paths {
        let (files, kind) = files(path)?;
        for file in files {
            for (name, raw) in messages(&file, kind)? {
                let now = instance.clock.now();
                let message = intake::message(origin, name.clone(), &raw, &trusted_hops, now, silent, Actor::Import)?;
                let mut tx = instance.db.begin().await?;
                let stored = tx.store_message(&message).await?;
                tx.commit().await?;
                imported.push(Imported { name, stored });
            }
        }
    }
    Ok(imported)
}

/// The files that a path stands for: itself, the messages of a Maildir, or the `.eml` and `.mbox` files of a folder.
fn files(path: &Path) -> Result<(Vec<PathBuf>, Kind), PipelineError> {
    if !fs::metadata(path).map_err(|error| named(path, &error))?.is_dir() {
        return Ok((vec![path.to_owned()], Kind::Any));
    }
    if path.join("cur").is_dir() && path.join("new").is_dir() {
        let found = Maildir::at(path).list().map_err(MailboxError::from)?;
        return Ok((found.into_iter().map(|found| found.path).collect(), Kind::Message));
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| named(path, &error))? {
        let file = entry?.path();
        if is_named(&file, "eml") || is_named(&file, "mbox") {
            files.push(file);
        }
    }
    files.sort_unstable();
    Ok((files, Kind::Any))
}

/// The messages of a file, each with a name of its own.
fn messages(file: &Path, kind: Kind) -> Result<Vec<(String, RawMessage)>, PipelineError> {
    let name = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned();
    match Maildir::read_file(file).map_err(|error| named(file, &error))? {
        Seen::Message(raw) if kind == Kind::Message => Ok(vec![(name, raw)]),
        Seen::Message(raw) => match mbox::messages(&raw.bytes) {
            Some(messages) => {
                Ok(messages.into_iter().zip(1..).map(|(message, n)| (format!("{name}#{n}"), message)).collect())
            }
            None if raw.bytes.is_empty() && is_named(file, "mbox") => Ok(Vec::new()),
            // As one message, all but the first of them would be out of sight.
            None if raw.bytes.starts_with(b"From ") || is_named(file, "mbox") => {
                Err(named(file, &io::Error::new(io::ErrorKind::InvalidData, NO_MBOX)).into())
            }
            None => Ok(vec![(name, raw)]),
        },
        Seen::Gone => Ok(Vec::new()),
        Seen::NotAMessage(what) => Err(named(file, &io::Error::other(what.phrase().plain())).into()),
    }
}

fn is_named(file: &Path, kind: &str) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(kind))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
