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
    receive::{Incoming, Place, take_in},
};
use crate::{
    mailbox::{MailboxError, Maildir, RawMessage, Seen, mbox},
    office::Office,
    store::Stored,
};

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
    office: &Office,
    mailbox: &str,
    paths: &[PathBuf],
    acknowledge: bool,
) -> Result<Vec<Imported>, PipelineError> {
    let mut tx = office.db.begin().await?;
    let (id, _) = tx.mailbox(mailbox, office.clock.now()).await?;
    let folder = tx.folder(id, "import").await?;
    tx.commit().await?;
    let place = Place { mailbox: id, folder, held: None };
    let trusted = office.config.mailboxes.iter().find(|m| m.name == mailbox);
    let trusted_hops = trusted.map(|m| m.trusted_hops.clone()).unwrap_or_default();
    let silent = |_: Timestamp, _: Timestamp| {
        (!acknowledge).then(|| "It was imported, and no letters were asked for.".to_owned())
    };
    let mut imported = Vec::new();
    for path in paths {
        for file in files(path)? {
            for (name, raw) in messages(&file)? {
                let incoming = Incoming::of(place, name.clone(), &raw)?;
                let mut tx = office.db.begin().await?;
                let stored = take_in(&mut tx, office, &incoming, &trusted_hops, &silent).await?;
                tx.commit().await?;
                imported.push(Imported { name, stored });
            }
        }
    }
    Ok(imported)
}

/// The files that a path stands for: itself, the messages of a Maildir, or the `.eml` and `.mbox` files of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    if !fs::metadata(path).map_err(|error| named(path, &error))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    if path.join("cur").is_dir() && path.join("new").is_dir() {
        return Ok(Maildir::at(path).list().map_err(MailboxError::from)?.into_iter().map(|found| found.path).collect());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| named(path, &error))? {
        let file = entry?.path();
        let mail =
            file.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("eml") || kind.eq_ignore_ascii_case("mbox"));
        if mail {
            files.push(file);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The messages of a file, each with a name of its own.
fn messages(file: &Path) -> Result<Vec<(String, RawMessage)>, PipelineError> {
    let name = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned();
    match Maildir::read_file(file).map_err(|error| named(file, &error))? {
        Seen::Message(raw) => Ok(match mbox::messages(&raw.bytes) {
            Some(messages) => {
                messages.into_iter().zip(1..).map(|(message, n)| (format!("{name}#{n}"), message)).collect()
            }
            None => vec![(name, raw)],
        }),
        Seen::Gone => Ok(Vec::new()),
        Seen::NotAMessage(what) => Err(named(file, &io::Error::other(what)).into()),
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
