//! An mbox file: messages one after another, each behind a line `From sender date` (RFC 4155 and the kinds of mbox before it).
//!
//! Promises to split only at such a line with a sender and a whole date, at the beginning or behind an empty line, so that a
//! sentence that begins with “From ” is no message; and to give each message as it was before its writer marked such
//! sentences. What a message itself says of its length (mboxcl) is not believed: a wrong word would hide those behind it.

use jiff::Timestamp;

use super::raw::RawMessage;
use crate::core::mail::header::{block::line_at, date};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The messages of an mbox, each with the time of its separator, which is in UTC unless it names a zone. `None` if the bytes
/// do not begin with a separator, and so are no mbox.
#[must_use]
pub fn messages(bytes: &[u8]) -> Option<Vec<RawMessage>> {
    let mut messages = Vec::new();
    let mut at = 0;
    while let Some((line, start)) = line_at(bytes, at) {
        let delivered = separator(line)?;
        let (end, next) = end_of_message(bytes, start);
        messages.push(RawMessage::whole(unmarked(&bytes[start..end]), Some(delivered)));
        at = next;
    }
    (!messages.is_empty()).then_some(messages)
}

/// Where a message that begins there ends, and where the next separator stands.
fn end_of_message(bytes: &[u8], start: usize) -> (usize, usize) {
    let (mut at, mut after_blank) = (start, false);
    while let Some((line, next)) = line_at(bytes, at) {
        if after_blank && separator(line).is_some() {
            break;
        }
        after_blank = is_blank(line);
        at = next;
    }
    // The empty line before a separator belongs to that.
    let message = &bytes[start..at];
    let blank = [&b"\r\n\r\n"[..], b"\n\n"].into_iter().find(|blank| message.ends_with(blank));
    (at - blank.map_or(0, |blank| blank.len() / 2), at)
}

/// A message without the marks that kept its lines from being taken for separators: one `>` before each `From ` of its text,
/// however many stand there. Where such a line stands without a mark, its writer does not mark, and all is left as it is.
fn unmarked(message: &[u8]) -> Vec<u8> {
    let (mut plain, mut at) = (Vec::with_capacity(message.len()), 0);
    let (mut in_text, mut after_blank) = (false, false);
    while let Some((line, next)) = line_at(message, at) {
        let whole = &message[at..next];
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let marked = in_text && line[marks..].starts_with(b"From ");
        if marked && marks == 0 && after_blank {
            return message.to_vec();
        }
        plain.extend_from_slice(if marked && marks > 0 { &whole[1..] } else { whole });
        after_blank = is_blank(line);
        in_text |= after_blank;
        at = next;
    }
    plain
}

/// The time of a line that separates messages, if it is one: `From sender Wed Sep 30 21:56:00 2020`, with a zone before or
/// behind the year, without seconds, or with the host that it came from.
fn separator(line: &[u8]) -> Option<Timestamp> {
    let line = String::from_utf8_lossy(line.strip_prefix(b"From ")?);
    let words: Vec<&str> = line.split_whitespace().collect();
    let sender = sender(&line, &words)?;
    let [weekday, month, day, time, rest @ ..] = words.get(sender..)? else { return None };
    let is_one_of = |word: &str, names: &[&str]| names.contains(&word.to_ascii_lowercase().as_str());
    let is_date = is_one_of(weekday, &WEEKDAYS)
        && is_one_of(month, &MONTHS)
        && day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
        && time.contains(':');
    let (year, zone) = match rest {
        [year] | [year, "remote", "from", _] => (*year, ""),
        [zone, year] | [zone, year, "remote", "from", _] if is_zone(zone) => (*year, *zone),
        [year, zone] => (*year, *zone),
        _ => return None,
    };
    let is_date = is_date && is_year(year) && (zone.is_empty() || is_zone(zone));
    date::parse(&[*month, day, time, year, zone].join(" ")).filter(|_| is_date).map(|date| date.at)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `+0200` or `CEST`.
fn is_zone(word: &str) -> bool {
    let offset = word.strip_prefix(['+', '-']);
    offset.is_some_and(is_year) || word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// How many words name the sender: none, one, an address in quotes, or one that a list archive wrote as `name at host`.
fn sender(line: &str, words: &[&str]) -> Option<usize> {
    let is_date_at = |n: usize| words.get(n).is_some_and(|word| WEEKDAYS.contains(&word.to_ascii_lowercase().as_str()));
    let quoted = || {
        let (name, behind) = line.trim_start().strip_prefix('"')?.split_once('"')?;
        let host = usize::from(!behind.starts_with(char::is_whitespace));
        Some(format!("\"{name}\"").split_whitespace().count().max(host))
    };
    let spaced = (words.get(1) == Some(&"at")).then_some(3);
    [Some(1), Some(0), spaced, quoted()].into_iter().flatten().find(|n| is_date_at(*n))
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
