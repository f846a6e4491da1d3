//! The intake log as it is shown: its lines, what narrows it, and its pages.
//!
//! Promises that whatever is filed says what it is there: a version, or what stands beside versions, or what takes them back.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::core::{
    calls::standing::Standing,
    iso3::Iso3,
    judging::matching::Kind,
    narrowing::{EntryKind, Letter, Status},
    recorded::Recorded,
    text::language::Language,
};

/// One line of the intake log. The serialised names are the interface of `docket log --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogLine {
    /// The intake number, `M-000123` or `M-000123/2`.
    pub number: String,
    /// The docket reference, once filed.
    pub reference: Option<String>,
    /// When it was received.
    pub received: Timestamp,
    /// Which rule chose that time: `received_header`, `internal_date`, `first_seen`; `recorded` of what no mail brought.
    pub clock: String,
    /// The sender as written, name and address.
    pub from: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// `input`, `correspondence`, `unrelated`; none while it is not read.
    pub relevance: Option<String>,
    /// The states it is registered for.
    pub states: Vec<Iso3>,
    /// Their short names, as they were on the day that the log is of.
    pub names: Vec<String>,
    /// The kind of sender.
    pub kind: Option<Kind>,
    /// The standing; none for what is no input.
    pub standing: Option<Standing>,
    /// The last day it was judged by.
    pub deadline: Option<Date>,
    /// Words that count.
    pub words: Option<u64>,
    /// The version of the submission.
    pub version: Option<u32>,
    /// Whether that stands: one that was replaced, received earlier, taken back or read by nobody does not; none of what is no
    /// version.
    pub current: Option<bool>,
    /// The letters: “acknowledgement: sent”.
    pub letters: Vec<String>,
    /// Why it waits for a person; none if it does not.
    pub waiting: Option<String>,
    /// How it came, where a person recorded it and no mail brought it.
    pub recorded: Option<Recorded>,
    /// What it is under its reference: `version`, `annex`, `translation`, `cover_letter`, `rendition`, `duplicate`,
    /// `withdrawal`, `recall`, `correspondence`; none of what is not filed.
    pub place: Option<String>,
    /// Who is in charge of its entry, by name, today.
    pub in_charge: Option<String>,
    /// Its party has taken it back.
    pub withdrawn: bool,
    /// Where it holds the words of a search, besides what the line shows itself; of a page of the log alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<FoundAt>,
}

/// Where an entry holds the words of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundAt {
    /// The name of the file; none of the text of the mail.
    pub file: Option<String>,
    /// The line of its text; none where only the name holds any.
    pub line: Option<String>,
}

/// Which lines of the intake log are asked for; what is none does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// The call's code.
    pub call: Option<String>,
    /// Registered for this state.
    pub state: Option<Iso3>,
    /// With this standing.
    pub standing: Option<Standing>,
    /// What is that.
    pub kind: Option<EntryKind>,
    /// Whose version stands so.
    pub status: Option<Status>,
    /// Written in this language: its main text, or without one the mail.
    pub written_in: Option<Language>,
    /// With a letter, or without one.
    pub letter: Option<Letter>,
    /// Words that the entry holds, all of them, in any letters ([`crate::core::search`]): sender, subject, number, reference,
    /// names of its states, names and texts of its files, and the text of the mail.
    pub words: Option<String>,
    /// Only what waits for a person.
    pub waiting: bool,
    /// Received then or later.
    pub since: Option<Timestamp>,
    /// Received before this time, whatever it became since.
    pub until: Option<Timestamp>,
    /// As it stood by what was received before this time; what is known of it now.
    pub as_of: Option<Timestamp>,
    /// As it was known before this time.
    pub known_at: Option<Timestamp>,
    /// The language of the states' names; English where none is asked for.
    pub language: Option<Language>,
    /// Lines behind this one: the `next` of the page before. What is no such value is refused.
    pub after: Option<String>,
    /// Lines before this one: the `newer` of the page behind. What is no such value is refused.
    pub before: Option<String>,
    /// How many lines at most; of a whole log none is no limit.
    pub limit: u32,
}

/// A page of the intake log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Where the page of older ones begins; none if this is the last.
    pub next: Option<String>,
    /// Where the page of newer ones ends; none if this is the first.
    pub newer: Option<String>,
    /// After so many lines, of which few or none fit, nobody looked further; what comes then is on the next page.
    pub looked_through: Option<u64>,
    /// Entries that came so lately, or wait so long for it, that their words are not searched yet.
    pub behind: u64,
    /// The states that can be asked for, by English name.
    pub states: Vec<(Iso3, String)>,
}

/// How many lines of the intake log fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogCount {
    /// So many at least.
    pub lines: u64,
    /// There are more, or may be.
    pub more: bool,
}

/// What something is under its reference, in words for who looks through a list; none of versions, which have their numbers.
#[must_use]
pub fn place_in_words(place: &str) -> Option<&'static str> {
    Some(match place {
        "annex" => "annex, beside the versions",
        "translation" => "translation, beside the versions",
        "cover_letter" => "cover letter, beside the versions",
        "rendition" => "readable copy of a version",
        "duplicate" => "says nothing new",
        "withdrawal" => "takes back what was sent",
        "recall" => "recall of a message",
        "correspondence" => "letter about it",
        _ => return None,
    })
}

impl LogLine {
    /// What is to be known of it beside its columns: that it is no version, was taken back, or does not stand.
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        let place = self.place.as_deref().and_then(place_in_words);
        let stands = match (self.withdrawn, self.current) {
            (true, _) => Some("withdrawn"),
            (false, Some(false)) => Some("not current"),
            (false, _) => None,
        };
        [place, stands].into_iter().flatten().map(str::to_owned).reduce(|place, stands| format!("{place}; {stands}"))
    }
}
