//! The log as a table for a terminal of 80 columns.

use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::{
    core::{calls::standing::Standing, judging::matching::Kind, text::digits::grouped},
    desk::view::LogLine,
};

const HEAD: [&str; 7] = ["Number", "Received", "Reference", "State", "Standing", "Words", "Letter"];
const WIDTHS: [usize; 7] = [10, 12, 17, 11, 8, 6, 10];

/// The head of the table, underlined.
#[must_use]
pub fn head() -> String {
    let head = row(&HEAD.map(str::to_owned));
    let rule = row(&WIDTHS.map(|width| "─".repeat(width)));
    format!("{head}\n{rule}")
}

/// One line of the log; what waits for a person says so on a line of its own.
#[must_use]
pub fn line(entry: &LogLine, zone: &TimeZone) -> String {
    let received = entry.received.to_zoned_datetime(zone.clone()).strftime("%d %b %H:%M").to_string();
    let letter = entry.letters.first().map(|letter| short_letter(letter)).unwrap_or_default();
    let line = row(&[
        entry.number.clone(),
        received,
        entry.reference.clone().unwrap_or_default(),
        state(entry),
        standing(entry).to_owned(),
        entry.words.map(|words| grouped(words, ',')).unwrap_or_default(),
        letter,
    ]);
    match &entry.waiting {
        Some(question) => format!("{line}\n{}", wrapped(question, "           ? ")),
        None => line,
    }
}

/// A message as it comes in: when, its number, from whom, about what.
#[must_use]
pub fn arrival(entry: &LogLine, zone: &TimeZone) -> String {
    let received = entry.received.to_zoned_datetime(zone.clone()).strftime("%d %b %H:%M").to_string();
    let from = entry.from.as_deref().unwrap_or("(no sender)");
    let from = from.split_once(" <").map_or(from, |(name, _)| name);
    let subject = entry.subject.as_deref().unwrap_or("(no subject)");
    clipped(&format!("{received}  {}  {from}: {subject}", entry.number), 80)
}

/// Text that fits into so many columns; letters of some scripts take two.
pub(super) fn clipped(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if kept.width() + letter.width().unwrap_or(0) >= columns {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

fn state(entry: &LogLine) -> String {
    let version = entry.version.filter(|n| *n > 1).map(|n| format!(" v{n}")).unwrap_or_default();
    let states: Vec<&str> = entry.states.iter().map(crate::core::iso3::Iso3::as_str).collect();
    let who = match (states.is_empty(), entry.relevance.as_deref(), entry.kind) {
        (false, ..) => states.join("+"),
        (true, Some("unrelated"), _) => "unrelated".to_owned(),
        (true, Some("correspondence"), _) => "letter".to_owned(),
        (true, _, Some(Kind::NotAState)) if entry.reference.is_some() => "no state".to_owned(),
        (true, Some("input"), _) if entry.waiting.is_none() => "settled".to_owned(),
        (true, ..) => "?".to_owned(),
    };
    format!("{who}{version}")
}

fn standing(entry: &LogLine) -> &'static str {
    match entry.standing {
        Some(Standing::OnTime) => "on time",
        Some(Standing::ByGrace) => "by grace",
        Some(Standing::ByExtension) => "extended",
        Some(Standing::Late) => "late",
        Some(Standing::Undetermined) => "unclear",
        None => "",
    }
}

fn short_letter(letter: &str) -> String {
    let (kind, state) = letter.split_once(": ").unwrap_or((letter, ""));
    let kind = match kind {
        "acknowledgement" => "receipt",
        "received" => "neutral",
        other => other,
    };
    match state {
        "sent" => kind.to_owned(),
        "waiting" | "released" | "being sent" => format!("{kind} …"),
        "not sent" => String::new(),
        _ => format!("{kind} !"),
    }
}

fn row(cells: &[String; 7]) -> String {
    let padded = cells.iter().zip(WIDTHS).map(|(cell, width)| {
        let clipped = clipped(cell, width);
        let missing = width.saturating_sub(clipped.width());
        format!("{clipped}{}", " ".repeat(missing))
    });
    padded.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

/// Text on lines of at most 80 columns, the first behind `lead`, the others under it.
#[must_use]
pub fn wrapped(text: &str, lead: &str) -> String {
    let indent = " ".repeat(lead.width());
    let mut lines = vec![lead.to_owned()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.width());
        let fits = last + 1 + word.width() <= 80;
        match lines.last_mut() {
            Some(line) if fits || line.trim().is_empty() => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines.join("\n")
}
