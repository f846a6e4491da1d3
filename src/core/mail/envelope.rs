//! The envelope of mail into which an input is put that no mail brought, so that it is kept and read as any other.
//!
//! Promises that each file comes out of it byte for byte under its name, that the same input makes the same bytes, and that
//! it names no sender, for there was none.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;

use super::super::{recorded::Recorded, text::percent};

/// What tells such an envelope from mail.
pub const FIELD: &str = "X-Docket-Recorded";
/// All parts are base64, in which no line begins with dashes.
const BOUNDARY: &str = "docket-recorded";
/// As many bytes make a line of 76 characters.
const LINE: usize = 57;
/// As many bytes fit an encoded word (RFC 2047, section 2).
const WORD: usize = 45;

/// What stands in the envelope.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// What it is, in a line.
    pub subject: &'a str,
    /// How it came.
    pub recorded: &'a Recorded,
    /// When it was received.
    pub received: Timestamp,
    /// What is to be said of it beside that.
    pub text: &'a str,
    /// The files, by name.
    pub files: &'a [(String, Vec<u8>)],
}

/// The bytes of the envelope.
#[must_use]
pub fn envelope(envelope: &Envelope<'_>) -> Vec<u8> {
    let Envelope { subject, recorded, received, text, files } = envelope;
    let date = received.strftime("%a, %d %b %Y %H:%M:%S +0000");
    let (subject, way) = (header_text(subject), recorded.way.word());
    let head = format!(
        "Subject: {subject}\r\nDate: {date}\r\n{FIELD}: {way}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n"
    );
    let mut bytes = head.into_bytes();
    let mut part = |head: &str, content: &[u8]| {
        bytes.extend(format!("--{BOUNDARY}\r\n{head}Content-Transfer-Encoding: base64\r\n\r\n").bytes());
        for line in content.chunks(LINE) {
            bytes.extend(STANDARD.encode(line).bytes());
            bytes.extend(b"\r\n");
        }
    };
    part("Content-Type: text/plain; charset=utf-8\r\n", text.as_bytes());
    for (name, content) in *files {
        let name = percent::encoded(name);
        let head = format!(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n filename*=utf-8''{name}\r\n"
        );
        part(&head, content);
    }
    bytes.extend(format!("--{BOUNDARY}--\r\n").bytes());
    bytes
}

/// A text as it stands in a header: as encoded words where it is not plain.
fn header_text(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("=?") && text.len() < 900 {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for letter in text.chars() {
        if words.last().is_some_and(|word| word.len() + letter.len_utf8() > WORD) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word))).collect::<Vec<_>>().join("\r\n ")
}
