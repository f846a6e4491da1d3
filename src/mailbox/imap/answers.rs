//! What a server answers, as it is told to those who asked: folders, messages, moves, limits.
//!
//! Says no more than the server said: what it did not tell is missing, and what it did not prove is called unproved.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// A folder as it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenFolder {
    /// UIDs mean the same as long as this is the same.
    pub validity: u32,
    /// Every message there is has a smaller UID.
    pub next: u32,
    /// How many messages there are.
    pub exists: u32,
}

impl OpenFolder {
    /// What a message is called in the log: UIDs are only unique together with their validity.
    #[must_use]
    pub fn name_of(&self, uid: u32) -> String {
        format!("{}.{uid}", self.validity)
    }
}

/// What the server says of a message without handing it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its size; some servers only estimate.
    pub size: u32,
    /// When it arrived.
    pub internal_date: Option<Timestamp>,
}

/// What comes of a message that is asked for in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InPieces {
    /// These bytes, up to where the server gives no more.
    All(Vec<u8>),
    /// The server does not hand it over.
    Nothing,
    /// The server does not keep to what it is asked for: what it gives cannot be put together.
    Confused,
}

/// What a server gives for a piece that was asked for.
#[derive(Debug)]
pub(in crate::mailbox) struct Piece {
    /// From where on, as it says; none if it says that this is the whole.
    pub(in crate::mailbox) origin: Option<u32>,
    pub(in crate::mailbox) bytes: Vec<u8>,
}

/// A folder as it was opened to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writable {
    /// The folder.
    pub open: OpenFolder,
    /// It cannot be changed with our rights.
    pub read_only: bool,
    /// It keeps any keyword.
    pub any_keyword: bool,
    /// The flags and keywords that it keeps, in lower case.
    pub keywords: BTreeSet<String>,
}

impl Writable {
    /// Whether the server says that it keeps a keyword.
    #[must_use]
    pub fn keeps(&self, keyword: &str) -> bool {
        self.any_keyword || self.keywords.contains(&keyword.to_lowercase())
    }
}

/// What the server said of messages that went into another folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// These did, by COPYUID.
    Proven(BTreeSet<u32>),
    /// OK, and no word of which.
    Unproved,
}

impl Moved {
    /// Whether the server proved it of a message.
    #[must_use]
    pub fn proves(&self, uid: u32) -> bool {
        matches!(self, Self::Proven(proven) if proven.contains(&uid))
    }
}

/// How messages can go into another folder of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By one command.
    Move,
    /// By a copy, and by removing the original alone.
    CopyAndExpunge,
    /// Not so that nothing else could be removed with them.
    None,
}

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In hundredths.
    pub percent: u64,
    /// The same in words: “4812 of 5120 MiB”.
    pub in_words: String,
}
