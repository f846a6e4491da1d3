//! How the lines of a register are shown: by which shape and colour, and with which others.
//!
//! Promises that every line has its place, that the word for a status always stands beside its shape and colour, and that
//! what is late is told from what is in time.

use serde::Serialize;

use crate::{
    core::calls::standing::Standing,
    desk::view::{RegisterLine, Status},
};

/// What is shown by one shape and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Nothing,
    Possible,
    Query,
    InTime,
    Unclear,
    Corrected,
    Late,
    Announced,
    Declined,
    Withdrawn,
}

impl Group {
    /// What is missing stands first, as on the map: it shows as holes.
    pub(super) const ALL: [Self; 10] = [
        Self::Nothing,
        Self::Possible,
        Self::Query,
        Self::InTime,
        Self::Unclear,
        Self::Corrected,
        Self::Late,
        Self::Announced,
        Self::Declined,
        Self::Withdrawn,
    ];
    /// What is in comes first, what is missing last.
    pub(super) const ON_THE_BAR: [Self; 10] = [
        Self::InTime,
        Self::Corrected,
        Self::Late,
        Self::Unclear,
        Self::Query,
        Self::Possible,
        Self::Announced,
        Self::Declined,
        Self::Withdrawn,
        Self::Nothing,
    ];

    pub(super) fn of(line: &RegisterLine) -> Self {
        match line.status {
            Status::Received if line.is_late() => Self::Late,
            Status::Received if line.standing == Some(Standing::Undetermined) => Self::Unclear,
            Status::Received => Self::InTime,
            Status::Corrected => Self::Corrected,
            Status::UnderQuery => Self::Query,
            Status::PossiblyReceived => Self::Possible,
            Status::Announced => Self::Announced,
            Status::Declined => Self::Declined,
            Status::Withdrawn => Self::Withdrawn,
            Status::NothingReceived => Self::Nothing,
        }
    }

    /// Its name in classes, glyphs and addresses.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::InTime => "ok",
            Self::Unclear => "when",
            Self::Corrected => "new",
            Self::Late => "late",
            Self::Query => "query",
            Self::Possible => "maybe",
            Self::Announced => "ahead",
            Self::Declined => "no",
            Self::Withdrawn => "back",
            Self::Nothing => "none",
        }
    }

    /// The same in words; how what is in time came to be so is said of each line.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::InTime => "received in time",
            Self::Unclear => "received, time unclear",
            Self::Corrected => "corrected",
            Self::Late => "received late",
            Self::Query => "under query",
            Self::Possible => "possibly received",
            Self::Announced => "announced",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Nothing => "nothing received",
        }
    }

    /// The legend has it also where there is no such state.
    pub(super) fn is_usual(self) -> bool {
        matches!(self, Self::InTime | Self::Corrected | Self::Late | Self::Possible | Self::Nothing)
    }
}

/// A line with its shape and its words.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Shown<'a> {
    #[serde(flatten)]
    line: &'a RegisterLine,
    key: &'static str,
    stands: &'static str,
}

impl<'a> Shown<'a> {
    pub(super) fn of(line: &'a RegisterLine) -> Self {
        Self { line, key: Group::of(line).key(), stands: line.in_words() }
    }
}
