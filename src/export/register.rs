//! The register as a file: for other programs a row a state, in Word a paper that can be sent on.
//!
//! Promises that the paper says nothing of what is between the secretariat and a state alone: who is reminded, and why not.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    ExportError,
    sheet::{As, Cell, csv, xlsx},
    word::{Document, Weight},
};
use crate::{
    core::{
        calls::count::ByStanding,
        iso3::Iso3,
        recorded::Way,
        text::{digits::grouped, language::Language},
    },
    desk::view::{JointLine, OtherLine, Register, RegisterLine, Status, end_in_words},
    letters::format,
    store::word,
};

/// The columns, named as in the JSON of the register.
const COLUMNS: [&str; 20] = [
    "iso3",
    "name",
    "formal_name",
    "status",
    "counts",
    "standing",
    "reference",
    "also",
    "version",
    "received",
    "version_received",
    "words",
    "day",
    "extended_until",
    "joint_with",
    "additions",
    "recorded",
    "reminded",
    "why_not_reminded",
    "note",
];

/// The columns of the paper, with their shares of its width.
const ON_PAPER: [(&str, usize); 5] = [("State", 30), ("Status", 18), ("Received", 18), ("Words", 9), ("Notes", 25)];

/// The register as a file, with these lines of it.
///
/// # Errors
/// The file cannot be made.
pub fn register(
    format: As,
    register: &Register,
    lines: &[&RegisterLine],
    name: &dyn Fn(Iso3) -> String,
) -> Result<Vec<u8>, ExportError> {
    let zone = TimeZone::get(&register.zone)?;
    let rows = || lines.iter().map(|line| cells(line, &zone)).collect::<Result<Vec<_>, ExportError>>();
    match format {
        As::Csv => csv(&COLUMNS, &rows()?),
        As::Xlsx => {
            let sentences = [register.title.clone(), register.sentence()].into_iter().chain(notes(register));
            xlsx("Register", &COLUMNS, &rows()?, &sentences.collect::<Vec<_>>())
        }
        As::Docx => paper(register, lines, &zone, name),
    }
}

/// The register for other programs: at the terminal a line for each part, over the network one object.
#[derive(Debug, Serialize)]
pub struct RegisterInJson<'a> {
    /// The states, by name.
    pub states: Vec<&'a RegisterLine>,
    /// The whole.
    pub total: RegisterTotal<'a>,
}

/// What the states of a register add up to. The serialised names are the interface of the last line of `docket register
/// --json`.
#[derive(Debug, Serialize)]
pub struct RegisterTotal<'a> {
    as_of: Option<Timestamp>,
    call: &'a str,
    joint: &'a [JointLine],
    known_at: Option<Timestamp>,
    notes: &'a [String],
    of: u64,
    others: &'a [OtherLine],
    received: u64,
    standings: &'a ByStanding,
    statuses: &'a BTreeMap<Status, u64>,
}

impl<'a> From<&'a Register> for RegisterTotal<'a> {
    fn from(register: &'a Register) -> Self {
        Self {
            as_of: register.as_of,
            call: &register.call,
            joint: &register.joint,
            known_at: register.known_at,
            notes: &register.notes,
            of: register.of,
            others: &register.others,
            received: register.received,
            standings: &register.standings,
            statuses: &register.statuses,
        }
    }
}

/// The register as JSON: an object a state, one on each line, and a last one for the whole.
///
/// # Errors
/// It cannot be written.
pub fn register_json(register: &Register, lines: &[&RegisterLine]) -> Result<Vec<String>, ExportError> {
    let mut said = lines.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    said.push(serde_json::to_string(&RegisterTotal::from(register))?);
    Ok(said)
}

fn cells(line: &RegisterLine, zone: &TimeZone) -> Result<Vec<Cell>, ExportError> {
    let joint: Vec<&str> = line.joint_with.iter().map(Iso3::as_str).collect();
    Ok(vec![
        Cell::text(Some(line.iso3.as_str())),
        Cell::text(Some(&line.name)),
        Cell::text(Some(&line.formal_name)),
        Cell::text(Some(line.status.word())),
        Cell::text(Some(if line.counts { "true" } else { "false" })),
        Cell::Text(line.standing.map(|standing| word(&standing)).transpose()?.unwrap_or_default()),
        Cell::text(line.reference.as_deref()),
        Cell::Text(line.also.join(" ")),
        Cell::number(line.version.map(u64::from)),
        Cell::time(line.received, zone),
        Cell::time(line.version_received, zone),
        Cell::number(line.words),
        Cell::day(line.day),
        Cell::time(line.extended_until, zone),
        Cell::Text(joint.join(" ")),
        Cell::Number(line.additions),
        Cell::text(line.recorded.map(Way::word)),
        Cell::time(line.reminded, zone),
        Cell::text(line.why_not_reminded.as_deref()),
        Cell::text(line.note.as_deref()),
    ])
}

fn paper(
    register: &Register,
    lines: &[&RegisterLine],
    zone: &TimeZone,
    name: &dyn Fn(Iso3) -> String,
) -> Result<Vec<u8>, ExportError> {
    let mut document = Document::default();
    document.paragraph("Register of written inputs", Weight::Title);
    document.paragraph(&register.title, Weight::Bold);
    document.paragraph(&register.sentence(), Weight::Plain);
    document.paragraph(&format!("Deadline: {}.", register.deadline_in_words()), Weight::Plain);
    let row = |line: &&RegisterLine| {
        let weight = if line.is_late() { Weight::Bold } else { Weight::Plain };
        let received = line.received.map(|at| day_and_hour(at, zone)).unwrap_or_default();
        let words = line.words.map(|words| grouped(words, ',')).unwrap_or_default();
        vec![
            (line.formal_name.clone(), Weight::Plain),
            (capital(line.in_words()), weight),
            (received, weight),
            (words, Weight::Plain),
            (remarks(line, register, name), Weight::Plain),
        ]
    };
    document.table(&ON_PAPER, lines.iter().map(row).collect());
    document.paragraph("Notes", Weight::Bold);
    for note in notes(register) {
        document.paragraph(&note, Weight::Plain);
    }
    document.written()
}

/// What is to be said of a line beside its columns.
fn remarks(line: &RegisterLine, register: &Register, name: &dyn Fn(Iso3) -> String) -> String {
    let mut remarks = Vec::new();
    remarks.extend(line.reference.clone().map(|reference| match line.version.filter(|n| *n > 1) {
        Some(n) => format!("{reference}, version {n}"),
        None => reference,
    }));
    if line.is_late() && line.status != Status::Received {
        remarks.push("first received late".to_owned());
    }
    if !line.joint_with.is_empty() {
        let others: Vec<String> = line.joint_with.iter().map(|iso3| name(*iso3)).collect();
        remarks.push(format!("joint with {}", others.join(", ")));
    }
    if let Some(limit) = register.word_limit.filter(|limit| line.words.is_some_and(|words| words > *limit)) {
        remarks.push(format!("over the limit of {} words", grouped(limit, ',')));
    }
    remarks.extend(line.recorded.map(|way| format!("received {}", way.in_words())));
    match line.additions {
        0 => {}
        1 => remarks.push("1 annex, translation or cover letter beside".to_owned()),
        n => remarks.push(format!("{n} annexes, translations or cover letters beside")),
    }
    remarks.extend(line.day.map(|day| format!("by {}", format::day(day, Language::En))));
    remarks.extend(line.extended_until.map(|until| format!("extended until {}", end_in_words(until, &register.zone))));
    remarks.extend(line.note.clone());
    remarks.join("; ")
}

/// What the count is made of, and who else has written.
#[must_use]
pub fn notes(register: &Register) -> Vec<String> {
    let standings = &register.standings;
    let of = |status: Status| register.statuses.get(&status).copied().unwrap_or_default();
    let mut parts = vec![format!("{} on time", standings.on_time)];
    for (n, words) in [
        (standings.by_grace, "by grace"),
        (standings.by_extension, "by extension"),
        (standings.late, "late"),
        (standings.undetermined, "at a time that is not settled"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    }
    // What came last from these could not be read, and something of before stands.
    let queried = of(Status::UnderQuery) - register.beside(Status::UnderQuery);
    let queried = if queried == 0 { String::new() } else { format!(", {queried} under query") };
    let corrected = of(Status::Corrected);
    let mut notes = vec![format!("Received: {}; {corrected} of them corrected since{queried}.", parts.join(", "))];
    let beside: Vec<String> = [
        (Status::UnderQuery, "under query"),
        (Status::PossiblyReceived, "possibly received"),
        (Status::Announced, "announced"),
        (Status::Declined, "declined"),
        (Status::Withdrawn, "withdrawn"),
        (Status::NothingReceived, "nothing received"),
    ]
    .into_iter()
    .map(|(status, words)| format!("{} {words}", register.beside(status)))
    .collect();
    notes.push(format!("Besides: {}.", beside.join(", ")));
    for joint in &register.joint {
        let reference = &joint.reference;
        notes.push(format!("{reference} is a joint input of {}; it counts for each.", joint.names.join(", ")));
    }
    for other in &register.others {
        let names = if other.names.is_empty() { String::new() } else { format!(": {}", other.names.join(", ")) };
        notes.push(format!("Not on the roster and not counted: {} from {}{names}.", inputs(other.inputs), other.kind));
    }
    notes.extend(register.notes.iter().cloned());
    notes
}

fn inputs(n: u64) -> String {
    if n == 1 { "1 input".to_owned() } else { format!("{n} inputs") }
}

fn day_and_hour(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
