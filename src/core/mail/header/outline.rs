//! What the parent needs to know of a message before, or instead of, a full reading: its header alone.
//!
//! Promises an answer for any bytes, from the first 256 KB of them.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    address,
    block::Block,
    date,
    fields::{self, Defects, LONGEST_SUBJECT},
    ids::ids,
    received::{Received, received},
};
use crate::core::{
    mail::{address::Address, email::Message},
    text,
};

/// How much of a message the reader looks at.
pub const WINDOW: usize = 256 * 1024;

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

/// Whether bytes begin with the header of a message.
#[must_use]
pub fn is_a_message(raw: &[u8]) -> bool {
    Block::of_message(&with_line_ends(&raw[..raw.len().min(WINDOW)])).is_of_a_message()
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
