//! What a message is: a state's input, or one of the many other letters that a mission writes.
//!
//! Promises that a message is taken for an input only where it or its document speaks of the call and nothing speaks for
//! another purpose; every finding quotes what it rests on, and in doubt a person is asked.

mod addresses;
mod cue;
pub(in crate::core) mod day;
mod paper;
pub(in crate::core) mod passage;
pub(in crate::core) mod phrases;
mod shape;
mod sources;
mod speech;
mod told;
mod topic;
mod weigh;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use told::Quoted;
pub use topic::Topic;
pub use weigh::purpose;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The input of a state.
    Input,
    /// It takes the place of what was sent before.
    Correction,
    /// It stands beside what was sent before: a supplement, an annex, a translation.
    Addition,
    /// An input will come.
    Announcement,
    /// None will come.
    Declination,
    /// More time is asked for.
    Extension,
    /// Something is taken back, or must not be registered.
    Withdrawal,
    /// Who takes part in a meeting.
    Nomination,
    /// A question.
    Question,
    /// Another letter: an invitation, a circular, a press release, business with another office.
    OtherNote,
    /// A template that nobody filled in.
    Template,
    /// A letter of ours that came back.
    OwnLetter,
    /// A program wrote it.
    Automatic,
    /// None of the secretariat's business.
    Unrelated,
}

impl Kind {
    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Correction => "correction",
            Self::Addition => "addition",
            Self::Announcement => "announcement",
            Self::Declination => "declination",
            Self::Extension => "extension",
            Self::Withdrawal => "withdrawal",
            Self::Nomination => "nomination",
            Self::Question => "question",
            Self::OtherNote => "other_note",
            Self::Template => "template",
            Self::OwnLetter => "own_letter",
            Self::Automatic => "automatic",
            Self::Unrelated => "unrelated",
        }
    }
}

impl Kind {
    /// It is an input, or belongs to one that was sent.
    #[must_use]
    pub fn is_input(self) -> bool {
        matches!(self, Self::Input | Self::Correction | Self::Addition)
    }

    /// It says that an input comes, or does not, or later, or is taken back.
    #[must_use]
    pub fn is_spoken(self) -> bool {
        matches!(self, Self::Announcement | Self::Declination | Self::Extension | Self::Withdrawal)
    }
}

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The subject.
    Subject,
    /// The first lines of the mail.
    Opening,
    /// Further down in the mail.
    Body,
    /// The title or the first page of a document.
    Document,
    /// The name of a file.
    FileName,
    /// The header of the mail.
    Header,
}

impl Place {
    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Opening => "opening",
            Self::Body => "body",
            Self::Document => "document",
            Self::FileName => "file_name",
            Self::Header => "header",
        }
    }
}

/// Something that speaks for what a message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// For what it speaks.
    pub speaks_for: Kind,
    /// Where it stands.
    pub place: Place,
    /// How much it weighs; what weighs 3 or more stands by itself.
    pub weight: i32,
    /// As it was written, or what was observed.
    pub text: String,
    /// It is no quotation, but what was observed.
    #[serde(default)]
    pub observed: bool,
}

/// What a message is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// What it is.
    pub kind: Kind,
    /// A person must confirm it.
    pub proposed: bool,
    /// What speaks for it and against it, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// The mail itself holds the input.
    pub in_body: bool,
    /// The day by which an input is announced, or more time asked for.
    pub day: Option<Date>,
    /// The sentence that says a document is in the message.
    pub announces_document: Option<String>,
}

impl Purpose {
    /// Whether it is registered without a person, where its state is sure.
    #[must_use]
    pub fn goes_by_itself(&self) -> bool {
        matches!(self.kind, Kind::Input | Kind::Correction) && !self.proposed
    }

    /// Whether a person to whom it is shown must confirm it.
    #[must_use]
    pub fn is_to_confirm(&self) -> bool {
        self.proposed || self.kind.is_input()
    }

    /// The same of what a program wrote.
    #[must_use]
    pub fn of_a_program(self) -> Self {
        Self { kind: Kind::Automatic, proposed: false, day: None, announces_document: None, ..self }
    }

    /// Whether a person has a purpose in it, so that no program wrote it by itself.
    #[must_use]
    pub fn is_a_persons(&self) -> bool {
        // A subject goes on saying what the first letter was about.
        let beyond = |evidence: &Evidence| {
            evidence.speaks_for.is_input() && !matches!(evidence.place, Place::Subject | Place::Header)
        };
        self.kind.is_input() && self.evidence.iter().any(beyond)
            || self.kind.is_spoken()
            || matches!(self.kind, Kind::Nomination | Kind::Question)
    }
}

/// A document of a message, as far as it tells what it is.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// Its first lines, those of the page's head included.
    pub letterhead: &'a str,
    /// Its text; empty where it could not be read.
    pub text: &'a str,
    /// Its words.
    pub words: u64,
}

/// What is known of a message when its purpose is judged.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a circumstance by itself")]
pub struct Letter<'a> {
    /// The subject.
    pub subject: &'a str,
    /// The sender's own words.
    pub own: &'a str,
    /// What it quotes or forwards.
    pub quoted: &'a str,
    /// The documents that came with it.
    pub documents: &'a [Document<'a>],
    /// Files came with it that are no documents, or may hide some.
    pub other_files: bool,
    /// It points to a page or a file elsewhere.
    pub links: bool,
    /// It answers a letter of ours.
    pub answers: bool,
    /// A program wrote it, by its header.
    pub automatic: bool,
    /// It is addressed to others, and to us in copy.
    pub in_copy: bool,
    /// It comes from an authority of a state.
    pub from_state: bool,
    /// The day it came: what it says of days is meant from there.
    pub on: Date,
}
