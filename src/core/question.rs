//! What a person is asked: the kinds of questions, each with the facts that its sentence needs.
//!
//! A question holds states by their codes and never the sentence itself, which is made when it is shown, in the reader's
//! language ([`sentence`]). What an outsider wrote or a tool said is a fact as well: it stands in a field of its own, as it
//! came. An item may have several ([`Questions`]). Whoever adds a kind is asked by the compiler for its sentence, and by a
//! test for its words in every language.

mod of_old;
mod questions;
mod sentence;

use jiff::{Timestamp, civil::Date};
pub use questions::Questions;
pub use sentence::did_not_leave;
use serde::{Deserialize, Serialize};

use super::{
    event::{NotRead, SeenIn, ToldWrongly, Wrote},
    file::File,
    iso3::Iso3,
    letter_kind::LetterKind,
    mail::mail_loop::Over,
    purpose,
    recorded::Way,
    submission::AdditionKind,
};

/// Something that a person is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// Whose input it is.
    WhichState {
        /// The states it may be of, the likeliest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Iso3>,
        /// Why that is not clear, as the matcher says it.
        why: String,
    },
    /// For which of the open calls it is.
    WhichCall,
    /// Its document is not in it.
    NoDocument {
        /// Where it is instead.
        missing: Missing,
        /// What the sender is asked for.
        next: Next,
    },
    /// Its document may be in a file that could not be looked into.
    Hidden {
        /// The file.
        file: Unseen,
    },
    /// A person reads and answers it.
    Correspondence,
    /// Nothing by itself: beside what is asked, that a colleague has answered.
    AnsweredBeside {
        /// When.
        on: Timestamp,
        /// Where that was seen.
        seen: SeenIn,
        /// Whether that is certain.
        wrote: Wrote,
    },
    /// What it is for, where not all speaks for one purpose, or where the purpose is a person's to act on.
    WhatFor {
        /// What it is most likely for.
        proposed: purpose::Kind,
        /// The states it may be of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        states: Vec<Iso3>,
        /// How several of them are meant.
        #[serde(default, skip_serializing_if = "Several::is_default")]
        several: Several,
        /// The day that it names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
        /// What speaks for it, and for other purposes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<Reason>,
    },
    /// What it is beside what stands for the same party.
    PlaceOf {
        /// The docket reference.
        reference: String,
        /// The version that stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        /// The number of the message that holds its text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<String>,
        /// What it most likely is.
        proposed: Proposal,
        /// What speaks for it, and against.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<Reason>,
    },
    /// Whether it is the readable copy of a version that could not be read.
    ReadableCopy {
        /// The docket reference.
        reference: String,
        /// That version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        /// The number of the message that holds it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<String>,
        /// What speaks for it, and against.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<Reason>,
    },
    /// What it belongs to: it calls itself an addition, and nothing stands for its party.
    AdditionAlone {
        /// What it calls itself.
        addition: AdditionKind,
    },
    /// It brings a document, and nothing ties it to us.
    Stray,
    /// Whether a program wrote it, where that is only likely.
    Automatic {
        /// What speaks for it.
        why: String,
    },
    /// Two programs may be answering each other.
    LoopSuspected(Over),
    /// A virus scanner found something in it.
    Harmful {
        /// What it says.
        found: String,
        /// The states it may be of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Iso3>,
    },
    /// The sender's domain does not vouch for it.
    NotGenuine {
        /// What our relay says.
        said: String,
        /// The states it may be of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Iso3>,
    },
    /// The main document could not be read in full.
    UnreadMain {
        /// Why, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// Files beside the main document could not be read in full.
    UnreadBeside {
        /// The first of them.
        file: Unseen,
        /// How many others.
        more: u64,
    },
    /// A letter of ours came back.
    CameBack,
    /// It brought a document, and must not be answered by itself.
    NotToBeAnswered {
        /// The states that it would be registered for, where nothing else asks that.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        states: Vec<Iso3>,
        /// Why.
        why: String,
    },
    /// It could not be read.
    NotRead {
        /// Why.
        why: NotRead,
    },
    /// It names no sender.
    NoSender,
    /// When it was received: two witnesses disagree about the deadline.
    WhenReceived,
    /// The server took it for junk.
    Junk,
    /// A person recorded it, and it was not assigned.
    Recorded {
        /// By which way it came.
        way: Way,
        /// The states whose it is.
        states: Vec<Iso3>,
    },
    /// It has grown since a person decided about it.
    GrownSinceDecision {
        /// Its bytes before.
        before: u64,
        /// Its bytes by now.
        bytes: u64,
    },
    /// It has grown since a letter about it was made.
    GrownSinceLetter {
        /// Its bytes before.
        before: u64,
        /// Its bytes by now.
        bytes: u64,
    },
    /// Its file has been written anew since a person decided about it.
    RewrittenSinceDecision {
        /// Its bytes before.
        before: u64,
        /// Its bytes by now.
        bytes: u64,
    },
    /// Its file has been written anew since a letter about it was made.
    RewrittenSinceLetter {
        /// Its bytes before.
        before: u64,
        /// Its bytes by now.
        bytes: u64,
    },
    /// It was found in the message before that grew, and not since.
    NotFoundAgain,
    /// It is only the beginning of another message, which came whole.
    OnlyTheBeginning {
        /// The other one.
        number: String,
    },
    /// It was concluded on a sender who is not known any more.
    SenderForgotten {
        /// The state for which the sender was known.
        state: Iso3,
        /// The number of the item that was decided.
        number: String,
    },
    /// A letter said of files what another reading does not bear out: the sender is to be told.
    TellSender {
        /// The files.
        files: Vec<ToldWrongly>,
    },
    /// It is registered by what a colleague passed on, and its states have had no letter.
    StateNotTold {
        /// The states.
        states: Vec<Iso3>,
    },
    /// A letter about it named another version that is none any more: the sender is to be told.
    LetterOvertaken {
        /// The letter.
        letter: i64,
        /// Of which docket reference.
        reference: String,
    },
    /// A letter left by a decision that was taken back: the sender is to be told.
    LetterUndone {
        /// The letter.
        letter: i64,
    },
    /// A decision about it was taken back that is older than the record of what was before it.
    DecideAgain,
    /// A person decided it later; what was asked before was not kept.
    DecidedLater,
    /// Whether a letter that is held may go.
    HeldLetter {
        /// The letter.
        letter: i64,
        /// Why it is held.
        why: String,
    },
    /// What is to be done about a letter that did not leave.
    LetterFailed {
        /// The letter.
        letter: i64,
        /// Its kind, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        what: Option<LetterKind>,
        /// The states that it is about.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        states: Vec<Iso3>,
        /// Why it did not leave.
        why: String,
    },
    /// Anything that is not known here, in the words in which it was asked.
    Other {
        /// Those words.
        text: String,
    },
}

/// What an item most likely is beside what stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// A text in place of what stands.
    Version,
    /// The same again.
    Duplicate,
    /// All that was sent is taken back.
    Withdrawal,
    /// A program asks for a message to be forgotten.
    Recall,
    /// That is not clear.
    Unclear,
    /// Something that stands beside.
    #[serde(untagged)]
    Addition(AdditionKind),
}

impl Proposal {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Addition(kind) => kind.word(),
            Self::Duplicate => "duplicate",
            Self::Withdrawal => "withdrawal",
            Self::Recall => "recall",
            Self::Unclear => "unclear",
        }
    }
}

/// How several states are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Several {
    /// It is of one of them.
    #[default]
    OneOf,
    /// It is of all of them together.
    Together,
}

impl Several {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What speaks for a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The purpose.
    #[serde(rename = "for")]
    pub speaks_for: purpose::Kind,
    /// Where it stands.
    pub place: purpose::Place,
    /// As it was written.
    pub text: String,
}

/// Where a document is that is not in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Behind a link.
    Elsewhere,
    /// Nowhere: the message only announces it.
    Announced,
}

/// What the sender of a message without its document is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// The document: the program asks.
    Document,
    /// The document, and for which call it is: a person asks.
    DocumentAndCall,
}

/// A file that was not read in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Unseen {
    /// One with a name.
    Named {
        /// The name.
        name: String,
        /// Why, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// One without a name.
    Nameless {
        /// Why, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// Files that are not listed one by one.
    Unlisted {
        /// Why, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
}

impl Unseen {
    /// A file that was not read in full, and why.
    #[must_use]
    pub fn of(file: &File) -> Self {
        let why = file.reading.detail.clone();
        match &file.name {
            _ if file.is_unlisted() => Self::Unlisted { why },
            Some(name) => Self::Named { name: name.clone(), why },
            None => Self::Nameless { why },
        }
    }
}
