//! The log as a table for a terminal: 80 columns hold it, and wider ones hold more.

use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

use crate::{
    core::{calls::standing::Standing, judging::matching::Kind, text::digits::grouped},
    desk::view::LogLine,
};

/// The columns in their order. The state has what the others leave; sender and subject stand where the width allows.
const HEAD: [&str; 9] =
    ["Number", "Received", "Reference", "State", "Standing", "Words", "Letter", "Sender", "Subject"];
const STATE: usize = 3;
const LETTER: usize = 6;
const SENDER: usize = 7;
const SUBJECT: usize = 8;

/// Names of states take no more room where there is a column for the sender.
const WIDEST_STATE: usize = 26;
/// A narrower column for the letter would say nothing.
const LEAST_LETTER: usize = 8;
/// Narrower columns for sender and subject would say nothing.
const LEAST_SENDER: usize = 14;
const WIDEST_SENDER: usize = 26;
const LEAST_SUBJECT: usize = 20;

/// The log in so many columns, under its head. What waits for a person, what a person recorded, what is no version, and what
/// does not stand say so on lines of their own; where there is no column for the sender, what has no reference or waits is told by its
/// sender and its subject.
#[must_use]
pub fn log(lines: &[LogLine], zone: &TimeZone, columns: usize) -> String {
    let rows: Vec<[String; 9]> = lines.iter().map(|line| cells(line, zone)).collect();
    let widths = widths(&rows, columns);
    let indent = " ".repeat(widths[0] + 1);
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    let mut said = vec![row(&HEAD.map(str::to_owned), &widths), joined(rule)];
    for (line, cells) in lines.iter().zip(&rows) {
        said.push(row(cells, &widths));
        if widths[SENDER] == 0 && (line.reference.is_none() || line.waiting.is_some()) {
            let whose = format!("{indent}{}: {}", sender(line), line.subject.as_deref().unwrap_or("(no subject)"));
            said.push(clipped(&whose, columns));
        }
        said.extend(line.mark().map(|mark| wrapped(&format!("{}.", capital(&mark)), &indent)));
        said.extend(
            line.recorded.as_ref().map(|recorded| wrapped(&format!("Recorded {}.", recorded.in_words()), &indent)),
        );
        said.extend(line.waiting.as_ref().map(|question| wrapped(question, &format!("{indent}? "))));
    }
    said.join("\n")
}

fn cells(entry: &LogLine, zone: &TimeZone) -> [String; 9] {
    [
        entry.number.clone(),
        entry.received.to_zoned_datetime(zone.clone()).strftime("%d %b %H:%M").to_string(),
        entry.reference.clone().unwrap_or_default(),
        state(entry),
        standing(entry).to_owned(),
        entry.words.map(|words| grouped(words, ',')).unwrap_or_default(),
        entry.letters.first().map(|letter| short_letter(letter)).unwrap_or_default(),
        sender(entry).to_owned(),
        entry.subject.clone().unwrap_or_default(),
    ]
}

/// How wide each column is; none where there is no room for it.
fn widths(rows: &[[String; 9]], columns: usize) -> [usize; 9] {
    let mut widths = HEAD.map(UnicodeWidthStr::width);
    for row in rows {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(cell.width()));
    }
    // A name is broken between its words alone: where it would be cut, the letter makes room.
    let words = rows.iter().flat_map(|row| row[STATE].split_whitespace());
    let longest = words.map(UnicodeWidthStr::width).max().unwrap_or(0).min(WIDEST_STATE);
    let beside: usize = widths[..SENDER].iter().sum::<usize>() - widths[STATE] + SENDER - 1;
    let lacks = longest.saturating_sub(columns.saturating_sub(beside));
    widths[LETTER] -= lacks.min(widths[LETTER].saturating_sub(LEAST_LETTER));
    let others: usize = widths[..SENDER].iter().sum::<usize>() - widths[STATE] + SENDER - 1;
    let left = columns.saturating_sub(others);
    let state = widths[STATE].min(WIDEST_STATE);
    let (sender, subject) = (widths[SENDER], widths[SUBJECT]);
    (widths[STATE], widths[SENDER], widths[SUBJECT]) = match left.saturating_sub(state + 1) {
        0..LEAST_SENDER => (widths[STATE].min(left).max(HEAD[STATE].len()), 0, 0),
        room => match room.saturating_sub(sender.min(WIDEST_SENDER) + 1) {
            0..LEAST_SUBJECT => (state, sender.min(room), 0),
            room => (state, sender.min(WIDEST_SENDER), subject.min(room)),
        },
    };
    widths
}

/// A row, and below it what of its states does not fit beside the others: no name is cut short.
fn row(cells: &[String; 9], widths: &[usize; 9]) -> String {
    let mut states = broken(&cells[STATE], widths[STATE]).into_iter();
    let there = cells.iter().zip(widths).enumerate().filter(|(_, (_, width))| **width > 0);
    let padded = there.map(|(column, (cell, width))| {
        let cell = if column == STATE { states.next().unwrap_or_default() } else { clipped(cell, *width) };
        let missing = width.saturating_sub(cell.width());
        format!("{cell}{}", " ".repeat(missing))
    });
    let mut lines = vec![joined(padded.collect())];
    let indent = " ".repeat(widths[..STATE].iter().sum::<usize>() + STATE);
    lines.extend(states.map(|more| format!("{indent}{more}")));
    lines.join("\n")
}

/// The columns that there are, side by side.
fn joined(columns: Vec<String>) -> String {
    let there: Vec<String> = columns.into_iter().filter(|column| !column.is_empty()).collect();
    there.join(" ").trim_end().to_owned()
}

/// Text on lines of so many columns, between words where they fit.
pub(super) fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let (mut word, mut last) = (word, lines.pop().unwrap_or_default());
        if !last.is_empty() && last.width() + 1 + word.width() <= columns {
            last.push(' ');
        } else if !last.is_empty() {
            lines.push(std::mem::take(&mut last));
        }
        while word.width() > columns {
            let fits = word.char_indices().find(|(at, letter)| word[..at + letter.len_utf8()].width() > columns);
            let (head, rest) = word.split_at(fits.map_or(word.len(), |(at, letter)| at.max(letter.len_utf8())));
            lines.push(head.to_owned());
            word = rest;
        }
        last.push_str(word);
        lines.push(last);
    }
    lines
}

/// The sender, without the address where there is a name.
fn sender(entry: &LogLine) -> &str {
    let none = entry.recorded.as_ref().map_or("(no sender)", |recorded| recorded.way.in_words());
    let from = entry.from.as_deref().unwrap_or(none);
    from.split_once(" <").map_or(from, |(name, _)| name)
}

/// A message as it comes in: when, its number, from whom, about what.
#[must_use]
pub fn arrival(entry: &LogLine, zone: &TimeZone) -> String {
    let received = entry.received.to_zoned_datetime(zone.clone()).strftime("%d %b %H:%M").to_string();
    let from = sender(entry);
    let subject = entry.subject.as_deref().unwrap_or("(no subject)");
    clipped(&format!("{received}  {}  {from}: {subject}", entry.number), 80)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Text that fits into so many columns; letters of some scripts take two.
#[must_use]
pub fn clipped(text: &str, columns: usize) -> String {
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
    let who = match (entry.names.is_empty(), entry.relevance.as_deref(), entry.kind) {
        (false, ..) => entry.names.join(", "),
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
        "extension_granted" => "extension",
        "deadline_moved" => "deadline",
        other => other,
    };
    match state {
        "sent" => kind.to_owned(),
        "waiting" | "released" | "being sent" => format!("{kind} …"),
        "not sent" => String::new(),
        _ => format!("{kind} !"),
    }
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
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines.join("\n")
}
