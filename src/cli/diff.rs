//! `docket diff`: what differs in words between two versions.

use clap::Args;
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{say, table::wrapped, workplace::Workplace};
use crate::{
    core::text::{
        difference::{Part, Piece},
        digits::grouped,
        line,
    },
    desk::{Compared, Desk, Side},
    store::word,
};

/// The columns of a terminal.
const COLUMNS: usize = 80;
/// Where a paragraph begins.
const INDENT: usize = 12;

/// Shows what differs in words between two versions of an input, paragraph by paragraph.
///
/// Without versions the latest two are compared that somebody could read; with one, that and what stands. A version that
/// could not be read is named and never chosen by itself. In a paragraph that was changed [-these words-] are only in the
/// version before, and {+these+} only in the one after; “-” stands before a paragraph that is only in the one before, “+”
/// before one that is only in the one after. What was not read of a version, such as a page, is not compared, and is said.
#[derive(Debug, Args)]
pub struct Diff {
    /// A docket reference, or M-000123, or M-000123/2 for what is filed of it.
    #[arg(value_name = "REF")]
    reference: String,
    /// The numbers of the versions, the one before first.
    #[arg(value_name = "VERSION", num_args = 0..=2)]
    versions: Vec<u32>,
    /// One JSON object: reference, states, zone, before, after, `not_compared`, parts, and the words added, removed, same.
    #[arg(long)]
    json: bool,
}

impl Diff {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let compared = Desk::new(place.to_read().await?).compare(&self.reference, &self.versions).await?;
        if self.json {
            say(&serde_json::to_string(&compared)?)?;
        } else {
            say(&in_words(&compared)?)?;
        }
        Ok(())
    }
}

fn in_words(compared: &Compared) -> anyhow::Result<String> {
    let zone = TimeZone::get(&compared.zone)?;
    let names: Vec<&str> = compared.states.iter().map(|(_, name)| name.as_str()).collect();
    let mut said = vec![
        wrapped(&names.join(", "), &format!("{}  ", compared.reference)),
        wrapped(&side(&compared.before, &zone)?, "before   "),
        wrapped(&side(&compared.after, &zone)?, "after    "),
    ];
    for other in &compared.not_compared {
        let called = other.version.map_or_else(|| "a version".to_owned(), |n| format!("version {n}"));
        said.push(wrapped(&format!("{called}, {}: {}", other.number, plain(&other.why)), "not      "));
    }
    let difference = &compared.difference;
    let count = |n: u64| grouped(n, ',');
    said.push(wrapped(
        &format!(
            "words: {} added, {} removed, {} as before",
            count(difference.added),
            count(difference.removed),
            count(difference.same)
        ),
        "         ",
    ));
    said.push(String::new());
    if difference.is_none() {
        said.push("The texts are the same, word for word.".to_owned());
    } else {
        said.extend(difference.parts.iter().map(part));
    }
    Ok(said.join("\n"))
}

fn side(side: &Side, zone: &TimeZone) -> anyhow::Result<String> {
    let called = side.version.map_or_else(|| "a version".to_owned(), |n| format!("version {n}"));
    let mut said = vec![
        called,
        side.number.clone(),
        format!("received {}", side.received.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M %Z")),
    ];
    said.extend(side.standing.map(|standing| word(&standing)).transpose()?.map(|word| word.replace('_', " ")));
    said.extend(side.words.map(|words| format!("{} words", grouped(words, ','))));
    said.extend(side.current.then(|| "stands".to_owned()));
    said.extend(side.taken_back.then(|| "taken back".to_owned()));
    said.push(side.file.as_deref().map_or_else(|| "the mail itself".to_owned(), |name| format!("“{}”", plain(name))));
    said.extend(side.lacks.as_ref().map(|lacks| format!("of which {}", plain(lacks))));
    Ok(said.join(", "))
}

/// Paragraphs by their numbers in the version after; what is not in it, in the one before.
fn part(part: &Part) -> String {
    match part {
        Part::Same { after, paragraphs, .. } => {
            let last = after + paragraphs.len() - 1;
            let numbers = if last == *after { format!("¶ {after}") } else { format!("¶ {after}–{last}") };
            let same = match paragraphs.len() {
                1 => "1 paragraph is the same".to_owned(),
                n => format!("{} paragraphs are the same", grouped(n as u64, ',')),
            };
            paragraph(&numbers, ' ', &format!("({same})"))
        }
        Part::Changed { after, pieces, .. } => {
            let text: String = pieces.iter().map(piece).collect();
            paragraph(&format!("¶ {after}"), ' ', &text)
        }
        Part::Removed { before, paragraph: text } => paragraph(&format!("¶ {before}"), '-', text),
        Part::Added { after, paragraph: text } => paragraph(&format!("¶ {after}"), '+', text),
    }
}

/// Words with the marks of those that were changed; the space before them stays outside.
fn piece(piece: &Piece) -> String {
    let marked = |text: &str, open: &str, close: &str| {
        let words = text.trim_start();
        format!("{}{open}{words}{close}", &text[..text.len() - words.len()])
    };
    match piece {
        Piece::Same(text) => text.clone(),
        Piece::Removed(text) => marked(text, "[-", "-]"),
        Piece::Added(text) => marked(text, "{+", "+}"),
    }
}

/// A paragraph behind its number and its sign.
fn paragraph(number: &str, sign: char, text: &str) -> String {
    let space = INDENT.saturating_sub(number.width() + 2).max(1);
    wrapped(&broken(&plain(text)), &format!("{number}{}{sign} ", " ".repeat(space)))
}

/// On one line, without what could move a terminal's cursor or turn its text.
fn plain(text: &str) -> String {
    line(text, usize::MAX / 8)
}

/// Words that are wider than a line, such as texts that are written without spaces, in pieces that fit.
fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut width = 0;
    for c in text.chars() {
        let own = c.width().unwrap_or(0);
        if c.is_whitespace() {
            width = 0;
        } else if width + own > COLUMNS - INDENT - 4 {
            out.push(' ');
            width = 0;
        }
        out.push(c);
        width += own;
    }
    out
}
