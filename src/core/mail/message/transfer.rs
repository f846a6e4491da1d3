//! Transfer encodings (RFC 2045, section 6) and uuencode, decoded tolerantly.
//!
//! Promises the bytes that the part holds, whatever is missing or astray in it; text is never converted here.

use std::borrow::Cow;

use crate::core::mail::header::{base64, block::line_at};

/// A file found in a text between `begin` and `end`.
pub(super) struct Unpacked {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// What has no place in base64.
const STRANGE: [bool; 256] = strange();

const fn strange() -> [bool; 256] {
    let mut strange = [true; 256];
    let known = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t -_";
    let mut i = 0;
    while i < known.len() {
        strange[known[i] as usize] = false;
        i += 1;
    }
    strange
}

/// The content of a part, and whether its encoding was what it claimed to be.
pub(super) fn decode<'a>(raw: &'a [u8], encoding: &str) -> (Cow<'a, [u8]>, bool) {
    match encoding {
        "base64" => {
            let strange = raw.iter().filter(|byte| STRANGE[usize::from(**byte)]).count();
            if strange * 10 > raw.len() {
                return (Cow::Borrowed(raw), false);
            }
            (Cow::Owned(base64::decode(raw)), true)
        }
        "quoted-printable" => (Cow::Owned(quoted_printable(raw)), true),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => match unpack(raw).0.into_iter().next() {
            Some(file) => (Cow::Owned(file.bytes), true),
            None => (Cow::Borrowed(raw), false),
        },
        "" | "7bit" | "8bit" | "binary" => (Cow::Borrowed(raw), true),
        _ => (Cow::Borrowed(raw), false),
    }
}

fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some((line, next)) = line_at(raw, at) {
        let end = &raw[at + line.len()..next];
        let text = line.trim_ascii_end();
        // White space at the end of an encoded line was added on the way.
        let soft = text.ends_with(b"=");
        let text = if soft { &text[..text.len() - 1] } else { text };
        let mut bytes = text.iter().copied().enumerate();
        while let Some((i, byte)) = bytes.next() {
            let code = text.get(i + 1..i + 3).and_then(|p| std::str::from_utf8(p).ok());
            match code.and_then(|p| u8::from_str_radix(p, 16).ok()) {
                Some(code) if byte == b'=' => {
                    out.push(code);
                    bytes.nth(1);
                }
                _ => out.push(byte),
            }
        }
        if !soft {
            out.extend_from_slice(end);
        }
        at = next;
    }
    out
}

/// Takes the uuencoded files out of a text; what remains of the text is returned with them.
pub(super) fn unpack(text: &[u8]) -> (Vec<Unpacked>, Vec<u8>) {
    let (mut files, mut rest) = (Vec::new(), Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some((line, next)) = line_at(text, at) {
        let found = begin(line).and_then(|name| data(text, next).map(|(bytes, end)| (name, bytes, end)));
        if let Some((name, bytes, end)) = found {
            files.push(Unpacked { name, bytes });
            at = end;
        } else {
            rest.extend_from_slice(&text[at..next]);
            at = next;
        }
    }
    (files, rest)
}

/// The name in `begin 644 name`.
fn begin(line: &[u8]) -> Option<String> {
    let (mode, name) = std::str::from_utf8(line.strip_prefix(b"begin ")?).ok()?.split_once(' ')?;
    ((3..=4).contains(&mode.len()) && mode.bytes().all(|b| b.is_ascii_digit())).then(|| name.trim().to_owned())
}

/// The bytes of the lines up to `end`, and where the text goes on. Anything that is no uuencode is left as text.
fn data(text: &[u8], mut at: usize) -> Option<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    while let Some((line, next)) = line_at(text, at) {
        if line == b"end" {
            return (!out.is_empty()).then_some((out, next));
        }
        let Some((&first, code)) = line.split_first() else {
            at = next;
            continue;
        };
        let length = usize::from(first.wrapping_sub(b' ') & 0x3f);
        if !(b' '..=b'`').contains(&first) || code.len() * 3 + 3 < length * 4 - length || code.len() > 90 {
            return None;
        }
        let start = out.len();
        for group in code.chunks(4) {
            let bits = (0..4).fold(0_u32, |bits, i| {
                bits << 6 | u32::from(group.get(i).copied().unwrap_or(b' ').wrapping_sub(b' ') & 0x3f)
            });
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
        out.resize(start + length, 0);
        at = next;
    }
    // The closing line is missing: what was there is worth having.
    (!out.is_empty()).then_some((out, text.len()))
}
