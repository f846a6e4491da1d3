//! A small header reader for the parent process, which never runs a MIME parser on a stranger's bytes.
//!
//! Promises an answer for any bytes, from the first 256 KB of them: who wrote, when, about what, the `Received` lines that
//! the receipt clock judges by, and whatever says whether the message may be answered. The fields themselves are in [`block`]; the child reads its fields there too,
//! so that both agree.

pub mod address;
pub mod base64;
pub mod block;
pub mod boundary;
pub mod charset;
pub mod clock;
pub mod date;
pub mod encoded_word;
pub(crate) mod fields;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::{
    block::{Block, Field},
    fields::Defects,
};
use super::message::{Address, Message};
use crate::core::text;

pub use self::clock::{ClockRule, Receipt, receipt_clock};

/// How much of a message the reader looks at.
pub const WINDOW: usize = 256 * 1024;
/// The longest subject that is kept.
pub(crate) const LONGEST_SUBJECT: usize = 1_000;
/// The longest Message-ID that is kept; RFC 5322 allows 998 characters a line.
const LONGEST_ID: usize = 998;

/// What the parent needs to know of a message before, or instead of, a full reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// The first author.
    pub from: Option<Address>,
    /// The subject on one line.
    pub subject: Option<String>,
    /// The sender's own date: shown, never used to judge.
    pub date: Option<Timestamp>,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// The `Received` lines, the newest first.
    pub received: Vec<Received>,
}

/// One hop (RFC 5321, section 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The host that wrote the line, in lower case.
    pub by: Option<String>,
    /// When it took the message over; a line without a zone has none.
    pub at: Option<Timestamp>,
}

/// Reads the header of a message.
#[must_use]
pub fn read(raw: &[u8]) -> Headers {
    let raw = with_line_ends(&raw[..raw.len().min(WINDOW)]);
    let block = Block::of_message(&raw);
    let charset = block.charset(None);
    let first = |name| block.first(name);
    Headers {
        from: first("From").and_then(|f| address::list(&f.unfolded(charset), charset).into_iter().next()),
        subject: first("Subject").map(|f| f.text(charset, LONGEST_SUBJECT)).filter(|s| !s.is_empty()),
        date: first("Date").and_then(|f| date::parse(&f.unfolded(None))).map(|d| d.at),
        message_id: first("Message-ID").and_then(|f| ids(f).into_iter().next()),
        received: block.all("Received").map(received).collect(),
    }
}

/// A message that nobody could read, as far as its header tells.
#[must_use]
pub fn message(raw: &[u8]) -> Message {
    let raw = with_line_ends(&raw[..raw.len().min(WINDOW)]);
    let block = Block::of_message(&raw);
    let mut message = fields::read(&block, fields::charset(&raw, &block), &mut Defects::default());
    let kind = block.first("Content-Type").map(|f| f.unfolded(None).to_ascii_lowercase()).unwrap_or_default();
    let (media_type, parameters) = kind.split_once(';').unwrap_or((&kind, ""));
    let parameter = |name: &str| {
        let mut found = parameters.split(';').filter_map(|one| one.trim().strip_prefix(name)?.trim().strip_prefix('='));
        found.next().map(|value| text::line(value.trim().trim_matches('"'), 100))
    };
    message.media_type = text::line(media_type.trim(), 100);
    message.report_type = parameter("report-type");
    message.calendar_method = parameter("method").filter(|_| message.media_type == "text/calendar");
    message
}

/// The bytes with line feeds, where old programs wrote carriage returns alone.
#[must_use]
pub fn with_line_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    let start = &raw[..raw.len().min(WINDOW)];
    if start.contains(&b'\n') || !start.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
}

/// The Message-IDs of a field, without their brackets.
#[must_use]
pub fn ids(field: &Field<'_>) -> Vec<String> {
    let value = text::line(&field.unfolded(None), 64 * 1024);
    let clean = |id: &str| id.chars().filter(|c| !c.is_whitespace()).take(LONGEST_ID).collect::<String>();
    let mut found: Vec<String> =
        value.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| clean(id)).collect();
    if found.is_empty() {
        found = value.split_whitespace().map(|word| clean(word.trim_matches(['<', '>']))).collect();
    }
    found.retain(|id| !id.is_empty());
    found
}

fn received(field: &Field<'_>) -> Received {
    let value = field.unfolded(None);
    let words = value.rsplit_once(';').map_or(value.as_str(), |(words, _)| words);
    let at = value.rsplit_once(';').and_then(|(_, when)| date::parse(when)).filter(|d| d.zone_stated).map(|d| d.at);
    Received { by: by_host(words), at }
}

/// The host that wrote a `Received` line: the word behind the first `by` that stands outside comments, in lower case.
#[must_use]
pub fn by_host(words: &str) -> Option<String> {
    let mut depth = 0_u32;
    let plain: String = words
        .chars()
        .map(|c| {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' if depth > 0 => {
                    depth -= 1;
                    return ' ';
                }
                _ => {}
            }
            if depth == 0 { c } else { ' ' }
        })
        .collect();
    let mut words = plain.split_whitespace();
    words.by_ref().find(|w| w.eq_ignore_ascii_case("by"))?;
    let host = words.next()?.split(';').next()?;
    let host = text::line(host, 255).trim_end_matches(['.', ',']).to_lowercase();
    Some(host).filter(|h| !h.is_empty())
}
