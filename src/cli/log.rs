//! `docket log`: the intake log.

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{office, say, table};
use crate::{
    core::{deadline::Standing, iso3::Iso3},
    desk::{
        Desk,
        view::{LogFilter, LogLine},
    },
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
    /// One JSON object a line: number, reference, received, clock, from, subject, relevance, states, kind, standing,
    /// deadline, words, version, letters, waiting.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// A table for the terminal, or comma-separated values.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
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
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let office = office(config).await?;
        let open = office.call(self.call.as_deref()).with_context(|| match &self.call {
            Some(code) => format!("there is no call “{code}” in the configuration"),
            None => "the configuration has no call".to_owned(),
        })?;
        let zone = TimeZone::get(&open.deadline.zone)?;
        let as_of = self.as_of.as_deref().map(|text| time(text, &zone)).transpose()?;
        let filter = LogFilter {
            call: self.call.clone(),
            state: self.state,
            standing: self.standing.map(Standing::from),
            ..LogFilter::default()
        };
        let lines = Desk::new(office).log(&filter, as_of).await?;
        if self.json {
            for line in &lines {
                say(&serde_json::to_string(line)?)?;
            }
        } else if self.format == Format::Csv {
            say(csv(&lines)?.trim_end())?;
        } else if lines.is_empty() {
            say("No entry fits.")?;
        } else {
            say(&table::head())?;
            for line in &lines {
                say(&table::line(line, &zone))?;
            }
        }
        Ok(())
    }
}

/// A time as people write it: with an offset, or in the zone of the call.
fn time(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let civil: DateTime =
        text.parse().map_err(|_| anyhow::anyhow!("“{text}” is no time; write 2020-09-30 or 2020-09-30T18:00"))?;
    Ok(civil.to_zoned_datetime(zone.clone())?.timestamp())
}

/// Comma-separated values; what a spreadsheet would take for a formula is marked as text.
fn csv(lines: &[LogLine]) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "number",
        "reference",
        "received",
        "clock",
        "from",
        "subject",
        "relevance",
        "states",
        "kind",
        "standing",
        "deadline",
        "words",
        "version",
        "letters",
        "waiting",
    ])?;
    for line in lines {
        let text = |value: &Option<String>| plain(value.as_deref().unwrap_or_default());
        table.write_record([
            line.number.clone(),
            text(&line.reference),
            line.received.to_string(),
            line.clock.clone(),
            text(&line.from),
            text(&line.subject),
            text(&line.relevance),
            line.states.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            line.kind.map(|kind| crate::store::word(&kind)).transpose()?.unwrap_or_default(),
            line.standing.map(|standing| crate::store::word(&standing)).transpose()?.unwrap_or_default(),
            line.deadline.map(|day| day.to_string()).unwrap_or_default(),
            line.words.map(|words| words.to_string()).unwrap_or_default(),
            line.version.map(|version| version.to_string()).unwrap_or_default(),
            line.letters.join("; "),
            text(&line.waiting),
        ])?;
    }
    Ok(String::from_utf8(table.into_inner()?)?)
}

fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
