//! The header fields of a message as [`Message`] holds them: for who parses it, and for who only looks at its header.
//!
//! Promises the first of fields that stand twice, as mail clients show it, and a defect that says so. Raw 8-bit values are
//! read as UTF-8, then by the charset that the message names, then by what they look like.

use encoding_rs::Encoding;

use super::{address, block::Block, date, ids::ids};
use crate::core::{
    mail::email::{Header, Message, ReturnPath},
    text,
};

/// The longest subject that is kept.
pub(super) const LONGEST_SUBJECT: usize = 1_000;
/// How much is kept of the header.
const MOST_HEADERS: usize = 500;
const MOST_HEADER_BYTES: usize = 1024 * 1024;
const LONGEST_HEADER: usize = 4_000;
/// How many references are kept: the newest.
const MOST_REFERENCES: usize = 100;

/// Sentences, each once.
#[derive(Default)]
pub(crate) struct Defects(pub(crate) Vec<String>);

impl Defects {
    pub(crate) fn add(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.0.len() < 50 && !self.0.contains(&sentence) {
            self.0.push(sentence);
        }
    }
}

/// The charset of raw 8-bit fields of a message.
pub(crate) fn charset(raw: &[u8], block: &Block<'_>) -> Option<&'static Encoding> {
    block.charset(charset_hint(raw).as_deref())
}

/// The header fields of a message, but for what they say about its content.
pub(crate) fn read(block: &Block<'_>, eight_bit: Option<&'static Encoding>, defects: &mut Defects) -> Message {
    let mut message = Message::default();
    let addresses = |name: &str| -> Vec<_> {
        block.all(name).flat_map(|f| address::list(&f.unfolded(eight_bit), eight_bit)).collect()
    };
    let one = |name: &str| {
        block.first(name).and_then(|f| {
            let list = address::list(&f.unfolded(eight_bit), eight_bit);
            list.iter().find(|a| a.address.is_some()).or(list.first()).cloned()
        })
    };
    message.from = one("From");
    message.sender = one("Sender");
    message.reply_to = addresses("Reply-To");
    for name in ["To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"] {
        for address in addresses(name).into_iter().filter_map(|a| a.address) {
            message.recipients.push(address.to_lowercase());
        }
    }
    message.recipients.truncate(1_000);
    message.return_path = return_path(block);
    message.subject = block.first("Subject").map(|f| f.text(eight_bit, LONGEST_SUBJECT)).filter(|s| !s.is_empty());
    message.message_id = block.first("Message-ID").and_then(|f| ids(f).into_iter().next());
    message.in_reply_to = block.first("In-Reply-To").map(ids).unwrap_or_default();
    message.in_reply_to.truncate(MOST_REFERENCES);
    message.references = block.first("References").map(ids).unwrap_or_default();
    message.references.drain(..message.references.len().saturating_sub(MOST_REFERENCES));
    if let Some(field) = block.first("Date") {
        match date::parse(&field.unfolded(None)) {
            Some(date) => {
                message.date = Some(date.at);
                if !date.zone_stated {
                    defects.add("The sender's date has no time zone; it is shown as UTC.");
                }
            }
            None => defects.add("The sender's date cannot be read."),
        }
    }
    message.headers = block
        .fields
        .iter()
        .take(MOST_HEADERS)
        .scan(0, |bytes, field| {
            *bytes += field.raw.len();
            (*bytes <= MOST_HEADER_BYTES).then_some(field)
        })
        .map(|f| Header { name: text::line(f.name, 100), value: f.text(eight_bit, LONGEST_HEADER) })
        .collect();
    for name in ["From", "Sender", "Subject", "Date", "Message-ID"] {
        if block.all(name).count() > 1 {
            defects.add(format!("The message has more than one {name} field; the first one counts."));
        }
    }
    if block.stray_lines {
        defects.add("Lines that are no header fields stand between the header fields.");
    }
    message
}

fn return_path(block: &Block<'_>) -> ReturnPath {
    let Some(field) = block.first("Return-Path") else { return ReturnPath::Absent };
    let value = field.unfolded(None);
    let value = value.trim();
    if value.is_empty() || value.starts_with("<>") || value.starts_with("< >") {
        return ReturnPath::Null;
    }
    match address::list(value, None).into_iter().find_map(|a| a.address) {
        Some(address) => ReturnPath::Address(address),
        None => ReturnPath::Null,
    }
}

/// The first charset that the message names anywhere near its beginning, for raw 8-bit header fields.
fn charset_hint(raw: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&raw[..raw.len().min(64 * 1024)]).to_ascii_lowercase();
    let (_, after) = start.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    Some(label).filter(|l| !matches!(l.as_str(), "" | "us-ascii" | "ascii"))
}
