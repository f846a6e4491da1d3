//! Mail that a person names: files and folders, and what in them is a message.
//!
//! Promises that a folder is walked to any depth, and that whatever in it is not looked into is named or counted: what is
//! hidden, links, what a Maildir holds half delivered, and files that are named neither .eml nor .mbox. What is no message
//! is told from one by its header, and costs no other.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Maildir, RawMessage, Seen, mbox};
use crate::core::{event::NotAMessage, mail::header};

/// What lies at the paths that a person named.
#[derive(Debug, Default)]
pub struct Archive {
    /// The files that may hold messages.
    pub files: Vec<MailFile>,
    /// What is not looked into.
    pub left_out: Vec<LeftOut>,
    /// How many other files there are in folders, named neither .eml nor .mbox.
    pub others: usize,
    /// What cannot be read.
    pub refused: Vec<Refused>,
}

/// A file that may hold messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFile {
    path: PathBuf,
    kind: Kind,
}

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A message, or an mbox of them.
    Any,
    /// A message of a Maildir.
    Message,
}

/// What in a folder is not looked into, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its path.
    pub path: PathBuf,
    /// Why.
    pub why: &'static str,
}

const HIDDEN: &str = "it is hidden";
const LINK: &str = "it is a link";
const HALF_DELIVERED: &str = "it holds what was not delivered in full";

/// What is not taken in.
#[derive(Debug)]
pub struct Refused {
    /// The file, or the message of an mbox.
    pub name: String,
    /// Why.
    pub why: Refusal,
}

/// Why something is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The system does not hand it out.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is a link, a device, or larger than any mail.
    #[error("{}", .0.phrase().plain())]
    NotAFile(NotAMessage),
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It does not begin as an mbox.
    #[error(
        "it is no mbox, for its first line is not “From ” with a sender and a date; nothing of it was taken in. If it \
         holds a single message, take that line out and name the file .eml"
    )]
    NoMbox,
    /// It has no header.
    #[error(
        "it is no message, for no line of a header (From, To, Subject, Date, Received, Message-ID) stands at its \
         beginning; nothing of it was taken in. A document by itself is no message: it has no sender and no time of receipt"
    )]
    NoMessage,
}

/// Each message of a file by its name, or why it is none.
pub type Messages = Vec<(String, Result<RawMessage, Refusal>)>;

impl Archive {
    /// All that lies at these paths. A folder stands for its .eml and .mbox files, a Maildir for its messages, and either
    /// for the folders in it.
    #[must_use]
    pub fn at(paths: &[PathBuf]) -> Self {
        let mut archive = Self::default();
        for path in paths {
            if path.is_dir() {
                archive.walk(path);
            } else {
                archive.files.push(MailFile { path: path.clone(), kind: Kind::Any });
            }
        }
        archive
    }

    fn walk(&mut self, path: &Path) {
        let mut waiting = vec![path.to_owned()];
        while let Some(folder) = waiting.pop() {
            let is_maildir = folder.join("cur").is_dir() && folder.join("new").is_dir();
            if is_maildir {
                self.maildir(&folder);
            }
            let mut below = Vec::new();
            for path in self.entries(&folder) {
                let delivered = is_maildir && ["cur", "new"].iter().any(|name| path.ends_with(name));
                if is_maildir && path.ends_with("tmp") {
                    if fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some()) {
                        self.left_out.push(LeftOut { path, why: HALF_DELIVERED });
                    }
                } else if path.is_dir() {
                    below.extend((!delivered).then_some(path));
                } else if is_named(&path, "eml") || is_named(&path, "mbox") {
                    self.files.push(MailFile { path, kind: Kind::Any });
                } else {
                    self.others += 1;
                }
            }
            waiting.extend(below.into_iter().rev());
        }
    }

    /// The messages of a Maildir, in the order of their delivery.
    fn maildir(&mut self, folder: &Path) {
        let delivered = ["new", "cur"].map(|name| self.entries(&folder.join(name)));
        let mut messages: Vec<PathBuf> = delivered.into_iter().flatten().collect();
        messages.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        self.files.extend(messages.into_iter().map(|path| MailFile { path, kind: Kind::Message }));
    }

    /// What stands in a folder, in the order of the names, but for what is not looked into.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let listed: io::Result<Vec<fs::DirEntry>> = fs::read_dir(folder).and_then(Iterator::collect);
        let listed = listed.unwrap_or_else(|error| {
            self.refused.push(Refused { name: folder.display().to_string(), why: error.into() });
            Vec::new()
        });
        let mut entries = Vec::new();
        for entry in listed {
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                self.left_out.push(LeftOut { path, why: HIDDEN });
            } else if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                self.left_out.push(LeftOut { path, why: LINK });
            } else {
                entries.push(path);
            }
        }
        entries.sort_unstable();
        self.left_out.sort_by(|a, b| a.path.cmp(&b.path));
        entries
    }
}

impl MailFile {
    /// The messages of the file, each with a name of its own, and what in it is none.
    #[must_use]
    pub fn messages(&self) -> Messages {
        let name = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone()).to_string_lossy().into_owned();
        let alone = |message: Result<RawMessage, Refusal>| vec![(name.clone(), message)];
        let raw = match Maildir::read_file(&self.path) {
            Ok(Seen::Message(raw)) => raw,
            Ok(Seen::NotAMessage(what)) => return alone(Err(Refusal::NotAFile(what))),
            Ok(Seen::Gone) => return Vec::new(),
            Err(error) => return alone(Err(error.into())),
        };
        let may_be_mbox = self.kind == Kind::Any;
        if let Some(messages) = may_be_mbox.then(|| mbox::messages(&raw.bytes)).flatten() {
            return (1..).zip(messages).map(|(n, raw)| (format!("{name}#{n}"), of_a_message(raw))).collect();
        }
        match is_named(&self.path, "mbox") {
            // One without messages.
            true if may_be_mbox && raw.bytes.is_empty() => Vec::new(),
            // As one message, all but the first of them would be out of sight.
            is_mbox if may_be_mbox && (is_mbox || raw.bytes.starts_with(b"From ")) => alone(Err(Refusal::NoMbox)),
            _ => alone(of_a_message(raw)),
        }
    }
}

/// The bytes, if they are those of a message.
fn of_a_message(raw: RawMessage) -> Result<RawMessage, Refusal> {
    if raw.bytes.is_empty() {
        Err(Refusal::Empty)
    } else if header::is_a_message(&raw.bytes) {
        Ok(raw)
    } else {
        Err(Refusal::NoMessage)
    }
}

fn is_named(file: &Path, kind: &str) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(kind))
}
