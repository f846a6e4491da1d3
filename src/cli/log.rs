//! `docket log`: the intake log.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{
    say, table,
    terminal::{COLUMNS, call, columns, complain, time},
    workplace::Workplace,
};
use crate::{
    core::{
        calls::standing::Standing,
        narrowing::{EntryKind, Letter, Status},
        text::language::Language,
    },
    desk::{Desk, state_named, view::LogFilter},
    export::{self, As},
};

/// Prints the intake log, oldest first.
#[derive(Debug, Args)]
pub struct Log {
    /// Only what is registered for this state, or may be its own: by code, or by name in any of the six languages.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only what stands so against the deadline.
    #[arg(long)]
    standing: Option<StandingArgument>,
    /// Only this call.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
    /// Only what is that: input, addition, withdrawal, correspondence, unrelated.
    #[arg(long, value_parser = kind)]
    kind: Option<EntryKind>,
    /// Only versions that stand so: current, `not_current`, withdrawn.
    #[arg(long, value_parser = status)]
    status: Option<Status>,
    /// Only what is written in this language, by its main text, or without one by the mail: ar, en, es, fr, ru, zh.
    #[arg(long, value_name = "CODE")]
    written_in: Option<Language>,
    /// Only entries with a letter about them, or without one: with, without.
    #[arg(long, value_parser = letter)]
    letter: Option<Letter>,
    /// Only what waits for a person.
    #[arg(long)]
    waiting: bool,
    /// Only entries that hold each of these words, in any letters: in sender, subject, number, reference, name of a state, name
    /// or text of a file, or the text of the mail. `contrib*` for what begins so, "…" for words side by side. As in the pages.
    #[arg(long, value_name = "WORDS", alias = "text")]
    search: Option<String>,
    /// Only the newest of them, so many lines.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Only what was received at that time or later: 2020-09-30, or 2020-09-30T18:00, as with --as-of.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only what was received until that day, its last minute counted, or before that time; what it is since is shown.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// The log as it stood by what was received before that time: 2020-09-30, or 2020-09-30T18:00, in the zone of the call,
    /// or with an offset.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// What was known at that time: mail seen, judgements, letters and decisions until then.
    #[arg(long, value_name = "TIME")]
    known_at: Option<String>,
    /// The language of the states' names, which are those of the day that is asked for: ar, en, es, fr, ru, zh.
    #[arg(long, value_name = "CODE", default_value_t = Language::En)]
    language: Language,
    /// One JSON object a line: number, reference, received, clock, from, subject, relevance, states, names, kind,
    /// standing, deadline, words, version, current (whether that version stands), letters, waiting, recorded, place (what it is
    /// under its reference: version, annex, withdrawal …), withdrawn.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How many columns the table has; without it as many as the terminal, else 80.
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    width: Option<usize>,
    /// A table for the terminal, or a file for other programs: write xlsx and docx into one with >.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Xlsx,
    Docx,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum StandingArgument {
    OnTime,
    ByGrace,
    ByExtension,
    Late,
    Undetermined,
}

impl From<StandingArgument> for Standing {
    fn from(argument: StandingArgument) -> Self {
        match argument {
            StandingArgument::OnTime => Self::OnTime,
            StandingArgument::ByGrace => Self::ByGrace,
            StandingArgument::ByExtension => Self::ByExtension,
            StandingArgument::Late => Self::Late,
            StandingArgument::Undetermined => Self::Undetermined,
        }
    }
}

impl Log {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.to_read().await?;
        let open = call(&instance, self.call.as_deref())?;
        let zone = TimeZone::get(&open.deadline.zone)?;
        let filter = LogFilter {
            call: self.call.clone(),
            state: self.state.as_deref().map(|named| state_named(&instance.register, named)).transpose()?,
            standing: self.standing.map(Standing::from),
            as_of: self.as_of.as_deref().map(|text| time(text, &zone)).transpose()?,
            kind: self.kind,
            status: self.status,
            written_in: self.written_in,
            letter: self.letter,
            until: self.until.as_deref().map(|text| until(text, &zone)).transpose()?,
            since: self.since.as_deref().map(|text| time(text, &zone)).transpose()?,
            waiting: self.waiting,
            words: self.search.clone(),
            limit: self.limit.unwrap_or_default(),
            known_at: self.known_at.as_deref().map(|text| time(text, &zone)).transpose()?,
            language: Some(self.language),
            ..LogFilter::default()
        };
        let all = LogFilter { language: filter.language, limit: filter.limit, ..LogFilter::default() };
        let title = format!("Intake log: {}", open.call.title_in(self.language));
        let desk = Desk::new(Arc::clone(&instance));
        let lines = desk.log(&filter).await?;
        let behind = if filter.words.is_some() { desk.not_searched().await? } else { 0 };
        if behind > 0 {
            complain(&format!(
                "At least {behind} entries are not searched yet; the daemon takes up their words while it runs."
            ));
        }
        match self.format {
            _ if self.json => {
                for line in &lines {
                    say(&serde_json::to_string(line)?)?;
                }
            }
            Format::Csv => write(&export::log(As::Csv, &title, &lines, &zone)?, "log")?,
            Format::Xlsx => write(&export::log(As::Xlsx, &title, &lines, &zone)?, "log")?,
            Format::Docx => write(&export::log(As::Docx, &title, &lines, &zone)?, "log")?,
            Format::Table if lines.is_empty() && filter == all => say("The log holds no entry yet.")?,
            Format::Table if lines.is_empty() => say("No entry fits.")?,
            Format::Table => say(&table::log(&lines, &zone, self.width.unwrap_or_else(columns)))?,
        }
        Ok(())
    }
}

/// Writes a file to standard output; a terminal would only show its bytes.
pub(super) fn write(bytes: &[u8], command: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() && std::str::from_utf8(bytes).is_err() {
        anyhow::bail!(
            "this is a file, not text: write it into one, as in docket {command} --format xlsx > {command}.xlsx"
        );
    }
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// The end of what was received until a day, or before a time.
fn until(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    match text.parse::<Date>() {
        Ok(day) if !text.contains(['T', 't', ' ']) => time(&day.checked_add(1.day())?.to_string(), zone),
        _ => time(text, zone),
    }
}

fn kind(word: &str) -> Result<EntryKind, String> {
    EntryKind::named(word).ok_or_else(|| one_of(EntryKind::ALL.iter().map(|kind| kind.word())))
}

fn status(word: &str) -> Result<Status, String> {
    Status::named(word).ok_or_else(|| one_of(Status::ALL.iter().map(|status| status.word())))
}

fn letter(word: &str) -> Result<Letter, String> {
    Letter::named(word).ok_or_else(|| one_of(Letter::ALL.iter().map(|letter| letter.word())))
}

fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    format!("write one of: {}", words.collect::<Vec<_>>().join(", "))
}

/// The columns of a table, which has no less than 80.
fn width(text: &str) -> Result<usize, String> {
    let columns = text.parse::<usize>().ok().filter(|columns| (COLUMNS..=1_000).contains(columns));
    columns.ok_or_else(|| format!("write a number from {COLUMNS} to 1000"))
}
