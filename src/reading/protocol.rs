//! What parent and child say to each other about a message: a task, and a line for all that comes of it.

use serde::{Deserialize, Serialize};

use crate::{
    core::{
        file::{File, Reading},
        mail::message::Message,
    },
    extract::Supplied,
};

/// How many files of a message are looked at.
pub(super) const MOST_FILES: usize = 200;

/// What a child is to do with the bytes that follow.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Task {
    /// The bytes are one document of this name, not a message.
    pub(super) document: Option<String>,
    /// Files before this one were answered by an earlier child.
    pub(super) done: usize,
    /// Files on which an earlier child ended: they are neither read nor opened.
    pub(super) poison: Vec<usize>,
    /// The time is up, or the message is harmful: files are listed, not read.
    pub(super) list_only: bool,
    /// The contents of the first file that is not answered are handed over, and nothing is read.
    pub(super) contents: bool,
    /// Pages of the document that are read already.
    pub(super) supplied: Option<Supplied>,
}

/// One line of a child.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The parsed message.
    Message(Box<Message>),
    /// The bytes are no message, and why.
    NotAMessage(String),
    /// A file is about to be read; it is said first, so that its name is known if reading it ends the child.
    Begins(Box<File>),
    /// What is known of the file that began, should the child end on it.
    InHand(Box<Reading>),
    /// The file that began was read.
    Reading(Box<Reading>),
    /// The contents of the file that was asked for: so many bytes follow this line.
    Contents(usize),
    /// Nothing follows.
    End,
}
