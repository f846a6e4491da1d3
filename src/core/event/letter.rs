//! The facts of events in the life of a letter: for what it is held, how it left, why it did not, what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::core::{calls::status::Status, judging::allowance::Allowance, mail::phase::Phase};

/// For what a letter is held for a person, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldFor {
    /// A cap was reached.
    Cap,
    /// The database was put back from a backup: it may have been sent before.
    Restored,
    /// Nobody knows whether it left.
    Uncertain,
    /// It rests on a sender who is not known any more.
    Sender,
    /// It could not be handed over: the program ended over it, or the database refused it.
    Fault,
}

impl HeldFor {
    /// Whether it may have been sent before.
    #[must_use]
    pub fn may_have_left(self) -> bool {
        matches!(self, Self::Restored | Self::Uncertain)
    }
}

/// For what a letter is held for a person, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Hold {
    /// A cap is reached.
    Cap {
        /// Which one.
        of: Cap,
        /// How many letters went already.
        letters: u64,
    },
    /// The database was put back from a backup: it may have been sent before.
    Restored {
        /// Of when the backup is.
        known_until: Timestamp,
    },
    /// The database is a new one in the place of another: it may have been sent before.
    Replaced,
    /// It rests on a sender who is not known any more.
    Sender,
    /// The program ended each time while it had the letter in hand.
    Interrupted {
        /// How often.
        times: u64,
    },
    /// The database refused each time what was to be done with it.
    Refused {
        /// How often.
        times: u64,
        /// Why the last time.
        why: String,
    },
    /// It has left, and that cannot be written down.
    Left {
        /// Why not.
        why: String,
    },
    /// It has not left, and what became of it cannot be written down.
    Unrecorded {
        /// Why not.
        why: String,
    },
}

impl Hold {
    /// The word for it.
    #[must_use]
    pub fn held_for(&self) -> HeldFor {
        match self {
            Self::Cap { .. } => HeldFor::Cap,
            Self::Restored { .. } | Self::Replaced => HeldFor::Restored,
            Self::Sender => HeldFor::Sender,
            Self::Left { .. } => HeldFor::Uncertain,
            Self::Interrupted { .. } | Self::Refused { .. } | Self::Unrecorded { .. } => HeldFor::Fault,
        }
    }
}

/// A cap on letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cap {
    /// To one address within an hour.
    Hour,
    /// To one address within a day.
    Day,
    /// Out of one allowance within an hour.
    Allowance(Allowance),
}

/// How a letter left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum LeftBy {
    /// Into a folder.
    Folder {
        /// The file.
        file: String,
    },
    /// To a mail server.
    Server {
        /// What it answered.
        reply: String,
    },
}

/// Why a letter did not leave, or is not known to have left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum NotLeft {
    /// The server refused it for good.
    Refused {
        /// Where in the conversation.
        phase: Phase,
        /// What it answered.
        reply: String,
    },
    /// The server refused it for now.
    RefusedForNow {
        /// Where in the conversation.
        phase: Phase,
        /// What it answered.
        reply: String,
    },
    /// It cannot go by this server, which was not asked.
    Impossible {
        /// Why.
        why: String,
    },
    /// It was not sent, for a reason that is not its own.
    NotSent {
        /// Where in the conversation.
        phase: Phase,
        /// Why.
        why: String,
    },
    /// The final dot was written and not answered.
    Unanswered {
        /// Why.
        why: String,
    },
    /// The program stopped while handing it over.
    Stopped,
    /// The folder does not take it.
    NotWritten {
        /// Why.
        why: String,
    },
    /// It cannot be made into a message.
    NotComposed {
        /// Why.
        why: String,
    },
    /// What it says holds no more.
    Dropped(Dropped),
}

/// What else is to be said where a letter does not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// It was tried long enough, and is given up.
    GivenUp,
    /// It may have left before: then there was no answer.
    MayHaveLeft,
    /// Other letters left meanwhile: what it met was its own.
    OthersLeft,
}

/// What is done where it is not known whether a letter left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterDoubt {
    /// The same letter goes once more.
    Again,
    /// A person decides.
    Asked,
}

/// Why a letter that has not left is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Dropped {
    /// The entry has changed.
    EntryChanged,
    /// The decision for it was taken back.
    DecisionUndone,
    /// The message that it answers has grown.
    MessageGrew,
    /// The file of its message was written anew.
    MessageRewritten,
    /// The deadline that it tells of was moved again.
    DeadlineMoved,
    /// The state that it reminds has sent something, or said what becomes of its input, or may have.
    NotToRemind {
        /// How that state stands.
        status: Status,
    },
    /// The document that it asks for has come.
    DocumentCame {
        /// With this message.
        number: String,
    },
}

/// What a person does with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterMove {
    /// Lets it go.
    Leaves,
    /// Lets it go with others.
    LeavesWithOthers {
        /// Not before this time, if not at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Timestamp>,
    },
    /// Keeps it from going.
    Discarded,
}

/// What became of a letter whose decision was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LetterAfterUndo {
    /// It had not left, and will not.
    Stopped,
    /// It has left.
    Left {
        /// To whom.
        recipient: String,
        /// When.
        at: Timestamp,
    },
    /// It was being sent at that moment.
    Leaving {
        /// To whom.
        recipient: String,
        /// The letter, by its number.
        number: i64,
    },
    /// It may have left before, and does not go once more.
    MayHaveLeft {
        /// To whom.
        recipient: String,
    },
}

/// Why no copy of a letter is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum NoCopy {
    /// No mailbox keeps copies any more.
    Nowhere,
    /// The folder does not take it.
    Refused {
        /// The folder.
        folder: String,
        /// Why.
        why: String,
    },
}
