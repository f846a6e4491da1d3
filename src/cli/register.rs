//! `docket register`: how the states of a roster stand towards a call, and the count.

use clap::{Args, ValueEnum};
use jiff::{Timestamp, tz::TimeZone};
use unicode_width::UnicodeWidthStr as _;

use super::{
    log::write,
    say,
    table::{clipped, wrapped},
    terminal::{WrongArgument, call, states, time},
    workplace::Workplace,
};
use crate::{
    core::{
        calls::standing::Standing,
        iso3::Iso3,
        judging::matching::Form,
        submission::View,
        text::{digits::grouped, language::Language},
    },
    desk::{
        Desk,
        view::{Register, RegisterLine, RegisterQuery, Reminded, Status, reminded},
    },
    export::{self, As},
    instance::Instance,
};

const STATUSES: &str = "\
Only what stands so: received, corrected, under_query, possibly_received, announced, declined, withdrawn, nothing_received; \
the count is that of all";
const FORMATS: &str = "\
A table for the terminal; a file for other programs, or a paper to be sent on: write xlsx and docx into one with >; or one \
JSON object a state (iso3, name, formal_name, status, counts, standing, reference, also, version, received, version_received, \
words, day, extended_until, joint_with, additions, recorded, reminded, why_not_reminded, note), and a last line with call, \
as_of, known_at, received, of, statuses, standings, joint, others, notes";

/// Prints the register: every state of the roster with its status, the count, and who is not reminded, and why.
///
/// Received, late or corrected counts. What is possibly received, under query, announced, declined or withdrawn does not,
/// unless an earlier version that could be read stands. A joint input counts for each of its states on the roster; observers
/// and others are counted apart.
#[derive(Debug, Args)]
pub struct RegisterCommand {
    /// The call; the first of the configuration where none is named.
    #[arg(value_name = "CALL")]
    named: Option<String>,
    /// The same.
    #[arg(long, value_name = "CODE", conflicts_with = "named")]
    call: Option<String>,
    /// Only what was received before that time, by the deadline that was in force then: 2020-09-30, or 2020-09-30T18:00, in
    /// the zone of the call, or with an offset.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// What was known at that time: mail seen, decisions and deadlines until then.
    #[arg(long, value_name = "TIME")]
    known_at: Option<String>,
    /// Only these states, by code or name; the count is that of all.
    #[arg(long, value_name = "STATE")]
    state: Vec<String>,
    #[arg(long, value_name = "STATUS", value_parser = status, help = STATUSES)]
    status: Vec<Status>,
    /// The language of the states' names, which are those of the day that is asked for: ar, en, es, fr, ru, zh.
    #[arg(long, value_name = "CODE", default_value_t = Language::En)]
    language: Language,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[arg(long, value_enum, default_value_t = Format::Table, help = FORMATS)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Xlsx,
    Docx,
    Json,
}

fn status(word: &str) -> Result<Status, String> {
    let known = || Status::ALL.map(Status::word).join(", ");
    Status::ALL.into_iter().find(|status| status.word() == word).ok_or_else(|| format!("there are: {}", known()))
}

impl RegisterCommand {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.to_read().await?;
        let code = self.named.as_deref().or(self.call.as_deref());
        let open = call(&instance, code)?;
        let zone = TimeZone::get(&open.deadline.zone)?;
        let before = |text: &Option<String>| -> anyhow::Result<Timestamp> {
            let Some(text) = text else { return Ok(Timestamp::MAX) };
            time(text, &zone)
        };
        let view = View { received_before: before(&self.as_of)?, known_before: before(&self.known_at)? };
        let states = self.states(&instance, &open.roster)?;
        let query = RegisterQuery { call: Some(open.call.code.clone()), view, language: self.language };
        let Some(register) = Desk::new(instance.clone()).register(&query).await? else {
            anyhow::bail!("the call {} is not there any more", open.call.code)
        };
        let wanted = |line: &&RegisterLine| {
            (states.is_empty() || states.contains(&line.iso3))
                && (self.status.is_empty() || self.status.contains(&line.status))
        };
        let lines: Vec<&RegisterLine> = register.lines.iter().filter(wanted).collect();
        let on = register.as_of.or(register.known_at).unwrap_or(register.now).to_zoned_datetime(zone.clone()).date();
        let name = |iso3: Iso3| instance.register.name(iso3, self.language, on, Form::Short);
        let file = |format: As| write(&export::register(format, &register, &lines, &name)?, "register");
        match self.format {
            Format::Json => say_json(&register, &lines),
            _ if self.json => say_json(&register, &lines),
            Format::Csv => file(As::Csv),
            Format::Xlsx => file(As::Xlsx),
            Format::Docx => file(As::Docx),
            Format::Table => in_table(&register, &lines, &zone).iter().try_for_each(|line| Ok(say(line)?)),
        }
    }

    /// The states that are asked for.
    fn states(&self, instance: &Instance, roster: &[Iso3]) -> anyhow::Result<Vec<Iso3>> {
        let states = states(&instance.register, &self.state)?;
        if let Some(outside) = states.iter().find(|iso3| !roster.contains(iso3)) {
            return Err(WrongArgument(format!("{} is not on the roster of the call", instance.name(*outside))).into());
        }
        Ok(states)
    }
}

fn say_json(register: &Register, lines: &[&RegisterLine]) -> anyhow::Result<()> {
    export::register_json(register, lines)?.iter().try_for_each(|line| Ok(say(line)?))
}

const HEAD: [&str; 5] = ["State", "Status", "Received", "Reference", "Words"];
const WIDTHS: [usize; 5] = [22, 19, 12, 17, 6];

/// The register for a terminal of 80 columns.
fn in_table(register: &Register, lines: &[&RegisterLine], zone: &TimeZone) -> Vec<String> {
    let mut said = vec![paragraph(&register.title), paragraph(&register.sentence()), String::new()];
    if lines.is_empty() {
        said.push("No state stands so.".to_owned());
        return said;
    }
    said.push(row(&HEAD.map(str::to_owned)));
    said.push(row(&WIDTHS.map(|width| "─".repeat(width))));
    for line in lines {
        let words = line.words.map(|words| grouped(words, ',')).unwrap_or_default();
        said.push(row(&[
            line.name.clone(),
            short(line),
            line.received.map(|at| brief(at, zone)).unwrap_or_default(),
            line.reference.clone().unwrap_or_default(),
            format!("{words:>6}"),
        ]));
        said.extend(line.recorded.map(|way| wrapped(&format!("Recorded {}.", way.in_words()), "    ")));
        said.extend(line.note.iter().map(|note| wrapped(note, "    ! ")));
    }
    said.push(String::new());
    said.extend(export::notes(register).iter().map(|note| paragraph(note)));
    said.extend(reminders(register, lines));
    said
}

/// Who has sent nothing that counts: who was reminded, who will be, and who not, and why.
fn reminders(register: &Register, lines: &[&RegisterLine]) -> Vec<String> {
    let then = register.as_of.or(register.known_at).unwrap_or(register.now);
    let groups = reminded(lines.iter().copied(), register.next_reminder.as_ref(), &register.zone, then);
    let said = groups.into_iter().map(|Reminded { how, states }| {
        let names: Vec<&str> = states.iter().map(|(_, name)| name.as_str()).collect();
        paragraph(&format!("{how} ({}): {}.", names.len(), names.join(", ")))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { said } else { [vec![String::new()], said].concat() }
}

fn short(line: &RegisterLine) -> String {
    let version = line.version.filter(|n| *n > 1).map(|n| format!(" (v{n})")).unwrap_or_default();
    let how = match (line.status, line.standing) {
        (Status::Received, Some(Standing::ByExtension)) => "received, extended",
        (Status::Received, Some(Standing::Undetermined)) => "received, unclear",
        _ => line.in_words(),
    };
    match line.day {
        Some(day) => format!("{how} {}", day.strftime("%-d %b")),
        None if line.status == Status::Corrected => format!("{how}{version}"),
        None => how.to_owned(),
    }
}

/// Text on lines of at most 80 columns.
fn paragraph(text: &str) -> String {
    wrapped(text, "").trim_start().to_owned()
}

fn brief(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%d %b %H:%M").to_string()
}

fn row(cells: &[String; 5]) -> String {
    let padded = cells.iter().zip(WIDTHS).map(|(cell, width)| {
        let cell = clipped(cell, width);
        let missing = width.saturating_sub(cell.width());
        format!("{cell}{}", " ".repeat(missing))
    });
    padded.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}
