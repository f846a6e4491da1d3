//! `docket coverage`: which headings of the template the inputs answer.

use clap::{Args, ValueEnum};
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::{
    log::write,
    say,
    table::{broken, wrapped},
    terminal::call,
    workplace::Workplace,
};
use crate::{
    core::{
        calls::coverage::{Answer, How},
        text::line,
    },
    desk::{Coverage, CoverageAsked, Covered, Desk, state_named},
    export::{self, As},
};

/// How much of a line is quoted in a terminal, in characters.
const QUOTED: usize = 200;
/// The columns of the table: the states, and the reference.
const WIDTHS: [usize; 2] = [30, 17];

const FORMATS: &str = "\
A table for the terminal; a file for other programs, or for a spreadsheet: write xlsx into one with >; or one JSON object an \
input (reference, states, version, number, headings: heading, and found with how, line and paragraph; why_not_read, lacks), and a \
last line with call, headings, roster, sent";

/// Shows which headings of the call's template the inputs answer, of each the version that stands.
///
/// It informs and judges nothing: the template is voluntary, and a heading that is not found is no fault of a state. A heading
/// is found where text stands below it, or behind it on its line; in passing, where a sentence under another one names it.
/// Questions of the template, tables of contents and headings with nothing below them answer nothing. With a reference or
/// --state the line is quoted that shows it; the files and --json have it for all.
#[derive(Debug, Args)]
pub struct CoverageCommand {
    /// A docket reference, or M-000123, or M-000123/2 for what is filed of it.
    #[arg(value_name = "REF", conflicts_with_all = ["state", "call"])]
    reference: Option<String>,
    /// Only what is filed for this state, by code or name, alone or with others.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// The call; without it the first of the configuration.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
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
    Json,
}

impl CoverageCommand {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.to_read().await?;
        call(&instance, self.call.as_deref())?;
        let asked = match (&self.reference, &self.state) {
            (Some(reference), _) => CoverageAsked::Reference(reference.clone()),
            (None, Some(state)) => CoverageAsked::State(self.call.clone(), state_named(&instance.register, state)?),
            (None, None) => CoverageAsked::Call(self.call.clone()),
        };
        let coverage = Desk::new(instance).coverage(&asked).await?;
        match self.format {
            Format::Json => say_json(&coverage),
            _ if self.json => say_json(&coverage),
            Format::Csv => write(&export::coverage(As::Csv, &coverage)?, "coverage"),
            Format::Xlsx => write(&export::coverage(As::Xlsx, &coverage)?, "coverage"),
            Format::Table if coverage.inputs.is_empty() => Ok(say("No input stands.")?),
            Format::Table => {
                let all = matches!(asked, CoverageAsked::Call(_));
                let said = if all { table(&coverage) } else { with_lines(&coverage) };
                said.iter().try_for_each(|line| Ok(say(line)?))
            }
        }
    }
}

fn say_json(coverage: &Coverage) -> anyhow::Result<()> {
    for input in &coverage.inputs {
        say(&serde_json::to_string(input)?)?;
    }
    let last = json!({
        "call": coverage.call,
        "headings": coverage.headings,
        "roster": coverage.roster,
        "sent": coverage.sent,
    });
    Ok(say(&last.to_string())?)
}

/// The headings by their numbers, and below, whose input answers which.
fn table(coverage: &Coverage) -> Vec<String> {
    let numbered = coverage.headings.iter().enumerate();
    let mut said: Vec<String> = numbered.map(|(n, heading)| wrapped(heading, &format!("{:>3}  ", n + 1))).collect();
    said.push(String::new());
    said.push("+ text stands below the heading, ~ a sentence names it, · not found".to_owned());
    said.push(String::new());
    said.push(row(&["State".to_owned()], "Reference", "Headings"));
    said.push(row(&["─".repeat(WIDTHS[0])], &"─".repeat(WIDTHS[1]), &"─".repeat(80 - 3 - WIDTHS[0] - WIDTHS[1])));
    for input in &coverage.inputs {
        let marks: Vec<String> =
            input.headings.iter().enumerate().map(|(n, answer)| format!("{}{}", n + 1, mark(answer))).collect();
        let marks = input.why_not_read.as_ref().map_or_else(|| marks.join(" "), |_| "not read".to_owned());
        said.push(row(&broken(&who(input), WIDTHS[0]), &input.reference, &marks));
        said.extend(remark(input).map(|remark| wrapped(&remark, "    ! ")));
    }
    said.push(String::new());
    let rest = coverage.roster.saturating_sub(coverage.sent);
    said.push(format!("Of {rest} of the {} states of the roster no input stands.", coverage.roster));
    said
}

/// A row whose first cell has several lines and whose last is broken where it must be.
fn row(states: &[String], reference: &str, marks: &str) -> String {
    let cell = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
    let [wide, narrow] = WIDTHS;
    let first = states.first().map_or("", String::as_str);
    let lead = format!("{} {} ", cell(first, wide), cell(reference, narrow));
    let mut lines = vec![wrapped(marks, &lead)];
    lines.extend(states.iter().skip(1).cloned());
    lines.join("\n")
}

fn mark(answer: &Answer) -> char {
    match answer.found.as_ref().map(|found| found.how) {
        Some(How::Headed) => '+',
        Some(How::InPassing) => '~',
        None => '·',
    }
}

/// Each heading with the line that shows it.
fn with_lines(coverage: &Coverage) -> Vec<String> {
    let mut said = Vec::new();
    for input in &coverage.inputs {
        let version = input.version.map(|n| format!(", version {n}")).unwrap_or_default();
        said.push(wrapped(&format!("{}{version}, {}", who(input), input.number), &format!("{}  ", input.reference)));
        for answer in &input.headings {
            let shown = answer.found.as_ref().map_or_else(
                || "not found".to_owned(),
                |found| {
                    let passing = if found.how == How::InPassing { "in passing, " } else { "" };
                    let quote = broken(&line(&found.line, QUOTED), 70).join(" ");
                    format!("{passing}¶ {}: “{quote}”", found.paragraph)
                },
            );
            said.push(wrapped(&format!("{}: {shown}", answer.heading), &format!("  {} ", mark(answer))));
        }
        said.extend(remark(input).map(|remark| wrapped(&remark, "  ! ")));
    }
    said
}

fn who(input: &Covered) -> String {
    let names: Vec<&str> = input.states.iter().map(|(_, name)| name.as_str()).collect();
    if names.is_empty() { "(no state)".to_owned() } else { names.join(", ") }
}

/// Why it was not read, or what of it was not.
fn remark(input: &Covered) -> Option<String> {
    let not_read = input.why_not_read.as_ref().map(|why| format!("not read: {why}"));
    not_read.or_else(|| input.lacks.clone()).map(|remark| line(&remark, QUOTED * 3))
}
