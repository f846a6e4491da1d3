//! The header block of a message or of a MIME part: its fields as raw bytes, and where the body begins (RFC 5322,
//! section 2.2).
//!
//! Promises never to fail and never to copy. Leading blank lines and an mbox `From ` line are passed over; a stray line
//! between fields is passed over and noted.

use encoding_rs::Encoding;

use super::{charset, encoded_word};
use crate::core::text;

/// No block has more fields than this; what follows is passed over.
const MOST_FIELDS: usize = 2_000;
/// No field is read further than this.
const LONGEST_FIELD: usize = 64 * 1024;
/// No field name is longer; gateways have written names of a thousand characters.
const LONGEST_NAME: usize = 2_000;
/// How many lines of something else may stand above the header.
const LINES_ABOVE: usize = 5;
/// How many lines of white space may stand within a field.
const BLANK_LINES: usize = 10;
/// Fields by which a header is known: one that does not begin in the first line, and that of a message from other texts.
const SURE_FIELDS: [&str; 9] =
    ["from", "to", "subject", "date", "received", "return-path", "message-id", "mime-version", "delivered-to"];

/// One field as it stands in the message.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The field name as written.
    pub name: &'a str,
    /// The folded value, at most 64 KB of it.
    pub raw: &'a [u8],
    /// Where the field begins.
    pub start: usize,
    /// Where the next one begins.
    pub end: usize,
}

/// A header block.
#[derive(Clone, Debug, Default)]
pub struct Block<'a> {
    /// The fields in their order.
    pub fields: Vec<Field<'a>>,
    /// Where the body begins.
    pub body: usize,
    /// Lines that are no fields stood between the fields.
    pub stray_lines: bool,
}

impl<'a> Block<'a> {
    /// Reads the block at the beginning of a message.
    #[must_use]
    pub fn of_message(raw: &'a [u8]) -> Self {
        let mut at = if raw.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        while let Some((line, next)) = line_at(raw, at) {
            let blank = line.iter().all(u8::is_ascii_whitespace);
            let envelope = line.starts_with(b"From ") || line.starts_with(b">From ");
            if !blank && !envelope {
                break;
            }
            at = next;
        }
        let mut above = at;
        for _ in 0..=LINES_ABOVE {
            let Some((line, next)) = line_at(raw, above).filter(|(line, _)| !line.is_empty()) else { break };
            if field_name(line).is_some_and(|name| above == at || is_sure(name)) {
                let block = Self::from(raw, above);
                return Self { stray_lines: block.stray_lines || above > at, ..block };
            }
            above = next;
        }
        Self::from(raw, at)
    }

    /// Reads the block at the beginning of a MIME part, which may be empty.
    #[must_use]
    pub fn of_part(raw: &'a [u8]) -> Self {
        Self::from(raw, 0)
    }

    fn from(raw: &'a [u8], mut at: usize) -> Self {
        let mut block = Self { body: at, ..Self::default() };
        while let Some((line, next)) = line_at(raw, at) {
            if line.iter().all(u8::is_ascii_whitespace) {
                block.body = next;
                return block;
            }
            let Some(name) = field_name(line) else {
                if block.fields.is_empty() || !field_follows(raw, next) {
                    // The blank line is missing: the body begins here.
                    block.body = at;
                    return block;
                }
                block.stray_lines = true;
                at = next;
                continue;
            };
            let end = end_of_field(raw, at, next);
            if block.fields.len() < MOST_FIELDS {
                let value = at + line.iter().position(|b| *b == b':').map_or(line.len(), |colon| colon + 1);
                let raw = &raw[value..end.min(value + LONGEST_FIELD)];
                block.fields.push(Field { name, raw, start: at, end });
            }
            at = end;
        }
        block.body = raw.len();
        block
    }

    /// Whether one of the fields is of those that every message has: other texts have lines with a colon, too.
    #[must_use]
    pub fn is_of_a_message(&self) -> bool {
        self.fields.iter().any(|field| is_sure(field.name))
    }

    /// All fields of that name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name))
    }

    /// The first field of that name: what mail clients show where there are two.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|f| f.name.eq_ignore_ascii_case(name))
    }

    /// The charset of raw 8-bit fields: the hint, else what all of them together look like.
    #[must_use]
    pub fn charset(&self, hint: Option<&str>) -> Option<&'static Encoding> {
        let eight_bit: Vec<u8> = self
            .fields
            .iter()
            .filter(|f| !f.raw.is_ascii())
            .flat_map(|f| f.raw.iter().copied().take(4_096))
            .take(LONGEST_FIELD)
            .collect();
        (!eight_bit.is_empty()).then(|| charset::of_header(&eight_bit, hint))
    }
}

impl Field<'_> {
    /// The value unfolded, as text, its encoded words left as they are.
    #[must_use]
    pub fn unfolded(&self, charset: Option<&'static Encoding>) -> String {
        let mut bytes = Vec::with_capacity(self.raw.len());
        bytes.extend(self.raw.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')));
        charset::decode_as(&bytes, charset)
    }

    /// The value on one line, decoded and cleaned.
    #[must_use]
    pub fn text(&self, charset: Option<&'static Encoding>, longest: usize) -> String {
        text::line(&encoded_word::decode(&self.unfolded(charset), charset), longest)
    }
}

/// Where a field ends whose first line ends at `end`.
fn end_of_field(raw: &[u8], start: usize, mut end: usize) -> usize {
    while let Some((line, next)) = line_at(raw, end) {
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        // A line of white space alone ends the header for some mailers, and is part of the field for others.
        let goes_on = if line.iter().all(u8::is_ascii_whitespace) {
            folded && header_goes_on(raw, next)
        } else {
            // Some mailers forget the white space before a parameter.
            folded
                || raw[start..end].trim_ascii_end().ends_with(b";")
                    && line.contains(&b'=')
                    && field_name(line).is_none()
        };
        if !goes_on {
            break;
        }
        end = next;
    }
    end
}

/// The line at that place without its end, and where the next begins.
#[must_use]
pub fn line_at(raw: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = raw.get(at..).filter(|r| !r.is_empty())?;
    let (line, next) = match rest.iter().position(|b| *b == b'\n') {
        Some(end) => (&rest[..end], at + end + 1),
        None => (rest, raw.len()),
    };
    Some((line.strip_suffix(b"\r").unwrap_or(line), next))
}

/// The field name of a line, if it begins a field.
fn field_name(line: &[u8]) -> Option<&str> {
    let colon = line.iter().take(LONGEST_NAME).position(|b| *b == b':')?;
    let name = std::str::from_utf8(&line[..colon]).ok()?.trim_ascii_end();
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())).then_some(name)
}

fn is_sure(name: &str) -> bool {
    SURE_FIELDS.contains(&name.to_ascii_lowercase().as_str())
}

fn field_follows(raw: &[u8], at: usize) -> bool {
    line_at(raw, at).is_some_and(|(line, _)| field_name(line).is_some())
}

/// Whether more of the header stands behind lines of white space.
fn header_goes_on(raw: &[u8], mut at: usize) -> bool {
    for _ in 0..BLANK_LINES {
        let Some((line, next)) = line_at(raw, at) else { return false };
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        if !line.iter().all(u8::is_ascii_whitespace) {
            return folded || field_name(line).is_some();
        }
        if !folded {
            return false;
        }
        at = next;
    }
    false
}
