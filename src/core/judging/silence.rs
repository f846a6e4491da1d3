//! Why a message gets no letter: the kinds of reasons, told when they are shown.
//!
//! A reason that holds for a message whatever it is stands with it in one canonical text, with a version. Promises that what
//! was written comes back as the same reason, that a sentence of old comes back as the kind it certainly is of, else word for
//! word, and that anything else is an error: it is never taken for leave to answer.

use serde::{Deserialize, Serialize};

use crate::core::{
    event::canonical::{NotCanonical, read_versioned, versioned},
    mail::mail_loop::Over,
    phrase::Phrase,
};

/// The version in which reasons are written. Whoever changes what a kind holds raises it, and keeps reading the old one.
const VERSION: u64 = 1;

/// Why a message gets no letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Silence {
    /// It is none of our business.
    Unrelated,
    /// A colleague sent it.
    Colleague,
    /// It passes on what is another's: whoever sent it is owed no receipt for it, and its author is only said to be that.
    PassedOn,
    /// It must not be answered.
    NotAnswerable {
        /// Why, as the rules for that say it.
        why: String,
    },
    /// A person answers it.
    Correspondence,
    /// It brings a document, and nothing ties it to us.
    Stray,
    /// Nobody knows who sent it, and it merely names the call.
    Stranger,
    /// It lay in a folder of junk.
    Junk,
    /// It was received before the program began to answer.
    BeforeTheBeginning,
    /// It was old when it was first seen.
    Old,
    /// It was imported, and no letters were asked for.
    Imported,
    /// A person recorded it, and no mail brought it.
    Recorded,
    /// A person is asked about it first.
    Asked,
    /// Two programs may be answering each other.
    LoopSuspected(Over),
    /// The same message came to another mailbox for the same call, and is answered there.
    AnsweredElsewhere {
        /// The other mailbox.
        mailbox: String,
        /// The number that it has there.
        number: String,
    },
    /// A person decided so.
    NotWished,
    /// It names no address that an answer could go to.
    NoAddress,
    /// No focal point of the state is known.
    NoFocalPoint,
    /// An extension gives the state more time, and stays in force.
    HasMoreTime,
    /// The answer would go to ourselves.
    ToOurselves,
    /// It is not decided yet for which call it is.
    NoCall,
    /// Anything that is not known here.
    Other {
        /// In words.
        text: String,
    },
}

impl Silence {
    /// The reason.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("silence.{form}"));
        match self {
            Self::Unrelated => form("unrelated"),
            Self::Colleague => form("colleague"),
            Self::PassedOn => form("passed_on"),
            Self::NotAnswerable { why } => form("not_answerable").with("why", why),
            Self::Correspondence => form("correspondence"),
            Self::Stray => form("stray"),
            Self::Stranger => form("stranger"),
            Self::Junk => form("junk"),
            Self::BeforeTheBeginning => form("before_the_beginning"),
            Self::Old => form("old"),
            Self::Imported => form("imported"),
            Self::Recorded => form("recorded"),
            Self::Asked => form("asked"),
            Self::LoopSuspected(Over::NothingNew) => form("nothing_new"),
            Self::LoopSuspected(Over::Letters { letters }) => form("letters").with("letters", *letters),
            Self::AnsweredElsewhere { mailbox, number } => {
                form("answered_elsewhere").with("mailbox", mailbox).with("number", number)
            }
            Self::NotWished => form("not_wished"),
            Self::NoAddress => form("no_address"),
            Self::NoFocalPoint => form("no_focal_point"),
            Self::HasMoreTime => form("has_more_time"),
            Self::ToOurselves => form("to_ourselves"),
            Self::NoCall => form("no_call"),
            Self::Other { text } => form("other").with("text", text),
        }
    }

    /// That a message is not answered, and why.
    #[must_use]
    pub fn told(&self) -> Phrase {
        let form = if matches!(self, Self::NoFocalPoint | Self::HasMoreTime) { "no_letter" } else { "not_answered" };
        Phrase::of(form).with("why", self.phrase())
    }

    /// The text in which it is kept.
    ///
    /// # Errors
    /// A fact is of a kind that has no canonical text.
    pub fn kept(&self) -> Result<String, NotCanonical> {
        versioned(self, VERSION)
    }

    /// What a row holds.
    ///
    /// # Errors
    /// It holds something else, and why.
    pub fn read(kept: &str) -> Result<Self, String> {
        if !kept.starts_with('{') {
            return Ok(of_old(kept));
        }
        read_versioned(kept, VERSION)
    }
}

/// The reason that a sentence gave before there were kinds.
fn of_old(text: &str) -> Silence {
    let known = [Silence::Junk, Silence::BeforeTheBeginning, Silence::Old, Silence::Imported];
    let other = || Silence::Other { text: text.to_owned() };
    known.into_iter().find(|silence| silence.phrase().plain() == text).unwrap_or_else(other)
}
