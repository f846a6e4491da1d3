//! Something that is not as it should be: what, since when, and in a sentence for a person.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// What a trouble is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A mailbox is not read.
    Mailbox(String),
    /// What came in is not read.
    Reading,
    /// No letter leaves.
    Letters,
    /// Some letters wait, for what is not known to be their own fault.
    LettersWait,
    /// The database takes no commit.
    Database,
    /// Something stands still, for the database and the program do not fit each other: what, as the log says it.
    StandsStill(String),
    /// The files of the calls are wrong; what was read before holds.
    Calls,
    /// Messages lie in mailboxes that were given up, and are not in the log.
    NotTaken,
    /// A mailbox is nearly full.
    Quota(String),
    /// Our clock and another's differ.
    Clock(String),
    /// The processes that read are held to less than they should be.
    Sandbox,
    /// The processes that read may take more memory than there is.
    Memory,
    /// A program that is to help reading cannot be used.
    Program(&'static str),
    /// The virus scanner does not do its work.
    Scanner,
    /// An alarm does not get through by a path.
    Path(String),
}

impl Topic {
    /// Whether people are called at once; else when it has lasted.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::Quota(_) | Self::Clock(_))
    }

    /// Whether people are called at all; what was decided when this machine was set up is only shown.
    #[must_use]
    pub fn calls_people(&self) -> bool {
        !matches!(self, Self::Sandbox | Self::Memory | Self::Program(_))
    }

    /// Whether the program cannot do its work meanwhile.
    #[must_use]
    pub fn stops_work(&self) -> bool {
        matches!(self, Self::Mailbox(_) | Self::Reading | Self::Letters | Self::Database | Self::StandsStill(_))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mailbox(name) => write!(f, "mailbox {name}"),
            Self::Reading => f.write_str("reading"),
            Self::Letters => f.write_str("letters"),
            Self::LettersWait => f.write_str("letters that wait"),
            Self::Database => f.write_str("database"),
            Self::StandsStill(what) => f.write_str(what),
            Self::Calls => f.write_str("files of the calls"),
            Self::NotTaken => f.write_str("messages not taken in"),
            Self::Quota(name) => write!(f, "quota of mailbox {name}"),
            Self::Clock(whose) => write!(f, "clock of {whose}"),
            Self::Sandbox => f.write_str("sandbox"),
            Self::Memory => f.write_str("memory"),
            Self::Program(name) => write!(f, "program {name}"),
            Self::Scanner => f.write_str("virus scanner"),
            Self::Path(name) => write!(f, "alarm by the {name}"),
        }
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it is about.
    pub topic: Topic,
    /// Since when.
    pub since: Timestamp,
    /// What is the matter, in a sentence.
    pub what: String,
    /// Until when the other side is left alone.
    pub(super) until: Option<Timestamp>,
    /// How long it may last before it counts.
    pub(super) patience: SignedDuration,
}

impl Trouble {
    /// What is the matter, and what is done about it at this moment.
    #[must_use]
    pub fn in_words(&self) -> String {
        let until = self.until.map(|until| format!(" It is left alone until {until:.0}."));
        format!("{}{}", self.what, until.unwrap_or_default())
    }

    /// Whether it has lasted longer than it may pass for a hiccup.
    #[must_use]
    pub fn counts(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) > self.patience || self.patience.is_zero()
    }
}
