//! `docket log`: the intake log.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    export::{self, As},
    say, table,
    workplace::Workplace,
};
use crate::{
    core::{calls::standing::Standing, iso3::Iso3, text::language::Language},
    desk::{Desk, view::LogFilter},
};

/// Prints the intake log, oldest first.
#[derive(Debug, Args)]
pub struct Log {
    /// Only what is registered for this state, or may be its own.
    #[arg(long, value_name = "ISO3")]
    state: Option<Iso3>,
    /// Only what stands so against the deadline.
    #[arg(long)]
    standing: Option<StandingArgument>,
    /// Only this call.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
    /// Only what was received before that time: 2020-09-30, or 2020-09-30T18:00, in the zone of the call, or with an
    /// offset.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// What was known at that time: mail seen, judgements, letters and decisions until then.
    #[arg(long, value_name = "TIME")]
    known_at: Option<String>,
    /// The language of the states' names, which are those of the day that is asked for: ar, en, es, fr, ru, zh.
    #[arg(long, value_name = "CODE", default_value_t = Language::En)]
    language: Language,
    /// One JSON object a line: number, reference, received, clock, from, subject, relevance, states, names, kind,
    /// standing, deadline, words, version, letters, waiting.
    #[arg(long, conflicts_with = "format")]
    json: bool,
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
        let instance = place.instance().await?;
        let open = instance.call(self.call.as_deref()).with_context(|| match &self.call {
            Some(code) => format!("there is no call “{code}” in the configuration"),
            None => "the configuration has no call".to_owned(),
        })?;
        let zone = TimeZone::get(&open.deadline.zone)?;
        let filter = LogFilter {
            call: self.call.clone(),
            state: self.state,
            standing: self.standing.map(Standing::from),
            as_of: self.as_of.as_deref().map(|text| time(text, &zone)).transpose()?,
            known_at: self.known_at.as_deref().map(|text| time(text, &zone)).transpose()?,
            language: Some(self.language),
            ..LogFilter::default()
        };
        let title = format!("Intake log: {}", open.call.title_in(self.language));
        let lines = Desk::new(Arc::clone(&instance)).log(&filter).await?;
        match self.format {
            _ if self.json => {
                for line in &lines {
                    say(&serde_json::to_string(line)?)?;
                }
            }
            Format::Csv => write(&export::log(As::Csv, &title, &lines, &zone)?, "log")?,
            Format::Xlsx => write(&export::log(As::Xlsx, &title, &lines, &zone)?, "log")?,
            Format::Docx => write(&export::log(As::Docx, &title, &lines, &zone)?, "log")?,
            Format::Table if lines.is_empty() => say("No entry fits.")?,
            Format::Table => {
                say(&table::head())?;
                for line in &lines {
                    say(&table::line(line, &zone))?;
                }
            }
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

/// A time as people write it: with an offset, or in the zone of the call.
pub(super) fn time(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let civil: DateTime =
        text.parse().map_err(|_| anyhow::anyhow!("“{text}” is no time; write 2020-09-30 or 2020-09-30T18:00"))?;
    Ok(civil.to_zoned_datetime(zone.clone())?.timestamp())
}
