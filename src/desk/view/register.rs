//! The register as it is shown: a line for each state of the roster, and what they add up to.
//!
//! Promises that the count is made of the lines: who counts says so itself.

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::Serialize;

use super::waiting::Waiting;
use crate::{
    core::{
        calls::{count::ByStanding, standing::Standing, status::Status},
        iso3::Iso3,
        recorded::Way,
        submission::View,
        text::language::Language,
    },
    letters::format,
};

/// Which register is wanted.
#[derive(Clone, Debug)]
pub struct RegisterQuery {
    /// Of which call; of the first where none is named.
    pub call: Option<String>,
    /// From where one looks.
    pub view: View,
    /// The language of the states' names.
    pub language: Language,
}

impl RegisterQuery {
    /// A call as it stands now, with English names.
    #[must_use]
    pub fn now(call: Option<&str>) -> Self {
        Self { call: call.map(str::to_owned), view: View::NOW, language: Language::En }
    }
}

/// One state of the roster. The serialised names are the interface of `docket register --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterLine {
    /// The state.
    pub iso3: Iso3,
    /// Its short name.
    pub name: String,
    /// Its formal name.
    pub formal_name: String,
    /// How it stands.
    pub status: Status,
    /// It is among the “18 of 56”.
    pub counts: bool,
    /// How what counts first stands against the deadline; where nothing counts, what is under query.
    pub standing: Option<Standing>,
    /// The docket reference of what stands now; version, times and words are those under it.
    pub reference: Option<String>,
    /// The other references under which something of it was filed.
    pub also: Vec<String>,
    /// The current version; where nothing counts, the one under query.
    pub version: Option<u32>,
    /// When what is filed under that reference was first received.
    pub received: Option<Timestamp>,
    /// When the version that is shown was received.
    pub version_received: Option<Timestamp>,
    /// Words of that version.
    pub words: Option<u64>,
    /// The day that it announced.
    pub day: Option<Date>,
    /// The first instant that is late for it, where that was granted to it and is later than the deadline.
    pub extended_until: Option<Timestamp>,
    /// With whom it sent that version, in the order of their names.
    pub joint_with: Vec<Iso3>,
    /// Annexes, translations and cover letters that stand beside.
    pub additions: u64,
    /// By which way that version came, where no mail brought it.
    pub recorded: Option<Way>,
    /// When it was reminded last.
    pub reminded: Option<Timestamp>,
    /// Why it is not reminded; none of what counts, and where nothing stands against it.
    pub why_not_reminded: Option<String>,
    /// Under which other reference its input was first received; and what of it cannot be read: then this line may not be
    /// all.
    pub note: Option<String>,
}

impl RegisterLine {
    /// Its status in words.
    #[must_use]
    pub fn in_words(&self) -> &'static str {
        match (self.status, self.standing) {
            (Status::Received, Some(Standing::OnTime)) => "received on time",
            (Status::Received, Some(Standing::ByGrace)) => "received by grace",
            (Status::Received, Some(Standing::ByExtension)) => "received by extension",
            (Status::Received, Some(Standing::Late)) => "received late",
            (Status::Received, Some(Standing::Undetermined)) => "received, time unclear",
            (Status::Received, None) => "received",
            (Status::Corrected, _) => "corrected",
            (Status::UnderQuery, _) => "under query",
            (Status::PossiblyReceived, _) => "possibly received",
            (Status::Announced, _) => "announced",
            (Status::Declined, _) => "declined",
            (Status::Withdrawn, _) => "withdrawn",
            (Status::NothingReceived, _) => "nothing received",
        }
    }

    /// It counts, and came too late.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.counts && self.standing == Some(Standing::Late)
    }
}

/// A joint input that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JointLine {
    /// The docket reference.
    pub reference: String,
    /// Who sent it.
    pub states: Vec<Iso3>,
    /// The same by name.
    pub names: Vec<String>,
    /// The current version.
    pub version: Option<u32>,
    /// When the first that counts was received.
    pub received: Timestamp,
    /// How that stands against the deadline.
    pub standing: Standing,
    /// Words of the current version.
    pub words: Option<u64>,
}

/// What counts and is of no state of the roster, by the kind of sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherLine {
    /// The kind in words: “observers”.
    pub kind: String,
    /// How many inputs.
    pub inputs: u64,
    /// Their docket references.
    pub references: Vec<String>,
    /// The states among them, by name.
    pub names: Vec<String>,
}

/// How the states of a roster stand towards a call, from where one looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The call's code.
    pub call: String,
    /// The title of the call.
    pub title: String,
    /// The IANA zone of the deadline.
    pub zone: String,
    /// The first instant that was late by the deadline in force.
    pub deadline: Timestamp,
    /// As of which time, where one was asked for.
    pub as_of: Option<Timestamp>,
    /// As it was known at which time, where one was asked for.
    pub known_at: Option<Timestamp>,
    /// Now, by the program's clock.
    pub now: Timestamp,
    /// Word limit.
    pub word_limit: Option<u64>,
    /// The states by name.
    pub lines: Vec<RegisterLine>,
    /// How many of them count.
    pub received: u64,
    /// How many there are.
    pub of: u64,
    /// How many stand so; every word is there.
    pub statuses: BTreeMap<Status, u64>,
    /// How those that count stand against the deadline.
    pub standings: ByStanding,
    /// The joint inputs that count, each once.
    pub joint: Vec<JointLine>,
    /// What counts and is of no state of the roster.
    pub others: Vec<OtherLine>,
    /// What of others cannot be read.
    pub notes: Vec<String>,
    /// The next reminder, and when it falls due.
    pub next_reminder: Option<(String, Timestamp)>,
}

impl Register {
    /// “As of 30 September 2020, 18:00 (Geneva), 18 of 56 States have submitted written inputs.”
    #[must_use]
    pub fn sentence(&self) -> String {
        let known = self.known_at.map(|at| format!(", by what was known on {}", self.time(at))).unwrap_or_default();
        let (of, states) = (self.of, if self.of == 1 { "State" } else { "States" });
        let have = if self.received == 1 { "has submitted a written input" } else { "have submitted written inputs" };
        let at = self.time(self.as_of.unwrap_or(self.now));
        format!("As of {at}{known}, {} of {of} {states} {have}.", self.received)
    }

    /// How many of the states that do not count stand so.
    #[must_use]
    pub fn beside(&self, status: Status) -> u64 {
        self.lines.iter().filter(|line| !line.counts && line.status == status).count() as u64
    }

    /// “the end of 30 September 2020 (Geneva)”, or the hour.
    #[must_use]
    pub fn deadline_in_words(&self) -> String {
        format!("{} ({})", end_in_words(self.deadline, &self.zone), format::city(&self.zone))
    }

    /// “30 September 2020, 18:00 (Geneva)”.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let known = TimeZone::get(&self.zone);
        let zone = known.clone().unwrap_or(TimeZone::UTC);
        let city = format::city(if known.is_ok() { &self.zone } else { "UTC" });
        let local = at.to_zoned_datetime(zone);
        format!("{}, {} ({city})", format::day(local.date(), Language::En), local.strftime("%H:%M"))
    }
}

/// The first instant that is late, as people say it in a zone: “the end of 30 September 2020”, “15 October 2020, 12:00”.
#[must_use]
pub fn end_in_words(late: Timestamp, zone: &str) -> String {
    let ends = late.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).datetime();
    match ends.date().yesterday() {
        Ok(last) if ends.time() == Time::midnight() => format!("the end of {}", format::day(last, Language::En)),
        _ => format!("{}, {}", format::day(ends.date(), Language::En), ends.strftime("%H:%M")),
    }
}

/// The register of one call at a glance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallRegister {
    /// The call's code.
    pub call: String,
    /// The call's docket reference.
    pub reference: String,
    /// Its title in English.
    pub title: String,
    /// The day it was issued.
    pub issued: Date,
    /// The last day that counts.
    pub last_day: Date,
    /// The hour of it that ends the time; none where the whole day counts.
    pub last_hour: Option<Time>,
    /// The first instant that is late.
    pub deadline: Timestamp,
    /// The IANA zone of the deadline, in which times are shown.
    pub zone: String,
    /// Word limit.
    pub word_limit: Option<u64>,
    /// The time as of which it is shown; none where it is shown as it stands.
    pub as_of: Option<Timestamp>,
    /// As it was known at which time, where one was asked for.
    pub known_at: Option<Timestamp>,
    /// Now, by the program's clock.
    pub now: Timestamp,
    /// Who has sent nothing that counts, by whether and why not reminded.
    pub reminded: Vec<Reminded>,
    /// The reminders that have left: each step, and when the first of it did.
    pub rounds: Vec<(String, Timestamp)>,
    /// The states of the roster by English name.
    pub states: Vec<RegisterLine>,
    /// How many of them count.
    pub received: u64,
    /// What each was told last, in words: “receipt sent 28 Sep”, “reminder held: may have written”; and how its input came, where
    /// no mail brought it: “recorded by pouch”. Empty where that is nothing.
    pub told: BTreeMap<Iso3, String>,
    /// Row and column of each on the map, both from 1, where the roster has a map.
    pub tiles: BTreeMap<Iso3, (u8, u8)>,
    /// What waits for a person, oldest first.
    pub waiting: Vec<Waiting>,
    /// Letters that have not left: released or held.
    pub letters_waiting: u64,
    /// Letters sent so far.
    pub letters_sent: u64,
    /// Inputs of senders who are no state of the roster, by kind in words: (“organisations”, 2).
    pub others: Vec<(String, u64)>,
    /// The mailboxes and when each was last read.
    pub mailboxes: Vec<(String, Option<Timestamp>)>,
}

/// States of which it is the same whether they were reminded, will be, or not, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reminded {
    /// How that is, in words that begin a sentence.
    pub how: String,
    /// The states, in the order of the lines.
    pub states: Vec<(Iso3, String)>,
}
