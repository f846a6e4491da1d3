//! The log as a table for a terminal of 80 columns.

use jiff::tz::TimeZone;
use unicode_normalization::char::is_combining_mark;

use crate::{
    core::{deadline::Standing, matching::Kind},
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
        entry.words.map(grouped).unwrap_or_default(),
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

fn clipped(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += width(c);
        if taken >= most {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// How many columns of a terminal a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Chinese, Japanese and Korean characters take two columns, marks on a letter none.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ if is_combining_mark(c) => 0,
        _ => 1,
    }
}

fn state(entry: &LogLine) -> String {
    let version = entry.version.filter(|n| *n > 1).map(|n| format!(" v{n}")).unwrap_or_default();
    let states: Vec<&str> = entry.states.iter().map(crate::core::iso3::Iso3::as_str).collect();
    let who = match (states.is_empty(), entry.relevance.as_deref(), entry.kind) {
        (false, ..) => states.join("+"),
        (true, Some("unrelated"), _) => "unrelated".to_owned(),
        (true, Some("correspondence"), _) => "letter".to_owned(),
        (true, _, Some(Kind::NotAState)) if entry.reference.is_some() => "no state".to_owned(),
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
        let missing = width.saturating_sub(columns(&clipped));
        format!("{clipped}{}", " ".repeat(missing))
    });
    padded.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

/// A number with its thousands apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Text on lines of at most 80 columns, the first behind `lead`, the others under it.
#[must_use]
pub fn wrapped(text: &str, lead: &str) -> String {
    let indent = " ".repeat(columns(lead));
    let mut lines = vec![lead.to_owned()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| columns(line));
        let fits = last + 1 + columns(word) <= 80;
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
