//! An mbox file: messages one after another, each behind a line that begins with `From ` (RFC 4155).

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::RawMessage;

/// The messages of an mbox, each with the time of its `From ` line, which is in UTC. `None` if the bytes are no mbox.
#[must_use]
pub fn messages(bytes: &[u8]) -> Option<Vec<RawMessage>> {
    if !bytes.starts_with(b"From ") {
        return None;
    }
    let mut messages: Vec<RawMessage> = Vec::new();
    let mut after_blank = true;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let separates = after_blank && line.starts_with(b"From ");
        after_blank = line.iter().all(u8::is_ascii_whitespace);
        if separates {
            messages.push(RawMessage::whole(Vec::new(), delivered(line)));
        } else if let Some(message) = messages.last_mut() {
            message.bytes.extend_from_slice(unquoted(line));
        }
    }
    for message in &mut messages {
        if message.bytes.ends_with(b"\n\n") {
            message.bytes.pop();
        }
    }
    Some(messages)
}

/// A line without the mark that kept it from being a separator.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    if marks > 0 && line[marks..].starts_with(b"From ") { &line[1..] } else { line }
}

/// The time of a separator: `From sender Wed Sep 30 21:56:00 2020`.
fn delivered(line: &[u8]) -> Option<Timestamp> {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let date = words.get(words.len().checked_sub(5)?..)?.join(" ");
    let at = DateTime::strptime("%a %b %d %H:%M:%S %Y", &date).ok()?;
    Some(at.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}
