//! The facts of events on the way in: what is no message, what was not read, and what was not done after intake.

use serde::{Deserialize, Serialize};

/// Why something in a Maildir is no message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum NotAMessage {
    /// It is a folder.
    Folder {
        /// Its name.
        name: String,
    },
    /// It is a link or a device.
    Special {
        /// Its name.
        name: String,
    },
    /// It is larger than any mail.
    TooLarge {
        /// Its name.
        name: String,
        /// How many MiB it has.
        mebibytes: u64,
        /// How many MiB are taken in at most.
        most: u64,
    },
}

/// Why nobody read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum NotRead {
    /// Its original has been erased.
    Erased,
    /// Only its header was kept.
    HeaderOnly {
        /// Why.
        why: String,
    },
    /// Only a part of it came.
    Short {
        /// Why.
        why: String,
    },
    /// It is too large.
    TooLarge {
        /// How many MiB are read at most.
        most: u64,
    },
    /// Reading it failed again and again.
    Failed {
        /// How often it was tried.
        times: u64,
        /// Why it failed last.
        why: String,
    },
    /// The program ended again and again while it read this.
    Interrupted {
        /// How often.
        times: u64,
    },
    /// Reading it broke the program.
    Broken,
    /// The child that was to read it says why it cannot.
    Said {
        /// What it says.
        what: String,
    },
}

/// A file of which a letter said what another reading does not bear out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ToldWrongly {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the letter said of it.
    pub told: ToldOf,
}

/// What a letter said of a file that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldOf {
    /// That it could not be opened; it was asked for again.
    Damaged,
    /// That it was not read automatically.
    NotRead,
}

/// Whether a server proved that it moved a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It did.
    Proven,
    /// It says so, and gave no proof.
    Unproved,
}

/// What is to be done with messages after intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum IntakeAction {
    /// They get a keyword.
    Mark,
    /// They go into another folder.
    Move {
        /// Which one.
        to: String,
    },
}

/// Why it is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Hindrance {
    /// The server lets us only read there.
    ReadOnly,
    /// The server says that it keeps no such keyword.
    NoKeyword,
    /// The server can neither move messages nor remove a single one.
    NoMove,
    /// The server says OK to the keyword, and does not keep it.
    KeywordDropped,
    /// The server says OK, and does not move them.
    NotMoved,
    /// The server copies without a proof.
    NoProof,
    /// Anything else.
    Said {
        /// What was said.
        what: String,
    },
}
