//! What parent and child say to each other: a task on one line and the raw bytes after it; an answer on each line.

use serde::{Deserialize, Serialize};

use super::enforced::Enforced;
use crate::{
    core::{
        file::{File, Format, Reading},
        mail::message::Message,
    },
    extract::Supplied,
};

/// The first argument that makes the program a fork server.
pub const CHILD_ARGUMENT: &str = "read-for-parent";
/// The first argument that makes the program the launcher of another.
pub const LAUNCH_ARGUMENT: &str = "run-for-parent";

/// The argument of a child that reads on a weaker kernel, too.
pub(super) const WEAKER: &str = "best";
/// The argument of one that does not.
pub(super) const WHOLE: &str = "require";

/// What a fork server says of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It ended, with this status as the system has it.
    Ended(i32),
    /// There is none, for this error of the system.
    NotForked(i32),
}

impl Said {
    pub(super) const LENGTH: usize = 5;

    pub(super) fn to_bytes(self) -> [u8; Self::LENGTH] {
        let (kind, number) = match self {
            Self::Ended(status) => (0, status),
            Self::NotForked(error) => (1, error),
        };
        let [a, b, c, d] = number.to_ne_bytes();
        [kind, a, b, c, d]
    }

    pub(super) fn from_bytes([kind, a, b, c, d]: [u8; Self::LENGTH]) -> Self {
        let number = i32::from_ne_bytes([a, b, c, d]);
        if kind == 0 { Self::Ended(number) } else { Self::NotForked(number) }
    }
}

/// What a child is to do with the bytes that follow.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Task {
    /// The bytes are one document of this name, not a message.
    pub document: Option<String>,
    /// Files before this one were answered by an earlier child.
    pub done: usize,
    /// Files on which an earlier child ended: they are neither read nor opened.
    pub poison: Vec<usize>,
    /// The time is up, or the message is harmful: files are listed, not read.
    pub list_only: bool,
    /// The contents of the first file that is not answered are handed over, and nothing is read.
    pub contents: bool,
    /// Pages of the document that are read already.
    pub supplied: Option<Supplied>,
}

/// A file before it is read, so that its name is known if reading it ends the child.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileHead {
    /// The path in the MIME tree.
    pub path: String,
    /// The name the sender gave it.
    pub name: Option<String>,
    /// The declared media type.
    pub media_type: String,
    /// Decoded bytes.
    pub size: u64,
    /// SHA-256 of the decoded bytes.
    pub sha256: String,
    /// What the bytes are.
    pub format: Format,
    /// Shown within the text.
    pub inline: bool,
}

impl FileHead {
    /// Stands for files that no child could list.
    pub fn unlisted() -> Self {
        Self {
            path: "?".to_owned(),
            name: None,
            media_type: "application/octet-stream".to_owned(),
            size: 0,
            sha256: String::new(),
            format: Format::Unknown,
            inline: false,
        }
    }

    /// The file, once there is a reading.
    pub fn with(self, reading: Reading) -> File {
        File {
            path: self.path,
            name: self.name,
            media_type: self.media_type,
            size: self.size,
            sha256: self.sha256,
            format: self.format,
            inline: self.inline,
            reading,
        }
    }
}

/// One line of a child.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Restricted, as far as the kernel goes, and waiting for a task.
    Ready(Enforced),
    /// The parsed message.
    Message(Box<Message>),
    /// The bytes are no message, and why.
    NotAMessage(String),
    /// A file is about to be read.
    Begins(FileHead),
    /// What is known of the file that began, should the child end on it.
    InHand(Box<Reading>),
    /// The file that began was read.
    Reading(Box<Reading>),
    /// The contents of the file that was asked for: so many bytes follow this line.
    Contents(usize),
    /// Nothing follows.
    End,
}
