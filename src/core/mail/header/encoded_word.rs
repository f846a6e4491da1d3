//! Encoded words in header fields (RFC 2047).
//!
//! Promises to join neighbouring words before decoding, since mailers cut them inside a character or a base64 quantum,
//! and to leave alone what is no encoded word. Tolerates spaces in the text and missing padding.

use ::base64::{Engine as _, engine::general_purpose::STANDARD};
use encoding_rs::Encoding;

use super::{base64, charset};

/// The longest encoded word that is looked for; the standard says 75.
const LONGEST: usize = 2_048;

/// One encoded word as it stands in the field.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    text: &'a str,
    /// How many bytes of the field it takes.
    length: usize,
}

/// Neighbouring words of one charset.
#[derive(Default)]
struct Run<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// Base64 text not decoded yet, as it may go on in the next word.
    pending: String,
}

impl Run<'_> {
    fn settle(&mut self) {
        self.bytes.extend(base64::decode(self.pending.as_bytes()));
        self.pending.clear();
    }

    fn write(&mut self, out: &mut String, fallback: Option<&'static Encoding>, write: fn(&str, &mut String)) {
        self.settle();
        if !self.bytes.is_empty() {
            write(&charset::decode_as(&self.bytes, charset::by_label(self.charset).or(fallback)), out);
            self.bytes.clear();
        }
    }
}

/// Decodes all encoded words of a field value that is already text.
#[must_use]
pub fn decode(text: &str, fallback: Option<&'static Encoding>) -> String {
    rewrite(text, fallback, |decoded, out| out.push_str(decoded))
}

/// Writes every run of encoded words as one word in UTF-8, for a parser that decodes word by word.
#[must_use]
pub fn joined(text: &str, fallback: Option<&'static Encoding>) -> String {
    rewrite(text, fallback, |decoded, out| {
        out.push_str("=?utf-8?B?");
        out.push_str(&STANDARD.encode(decoded));
        out.push_str("?=");
    })
}

fn rewrite(text: &str, fallback: Option<&'static Encoding>, write: fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = Run::default();
    let mut rest = text;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some(word) = word_at(from) else {
            run.write(&mut out, fallback, write);
            out.push_str(before);
            out.push_str("=?");
            rest = &from[2..];
            after_word = false;
            continue;
        };
        let joined = after_word && before.chars().all(char::is_whitespace);
        if !joined {
            run.write(&mut out, fallback, write);
            out.push_str(before);
        } else if !word.charset.eq_ignore_ascii_case(run.charset) {
            run.write(&mut out, fallback, write);
        }
        run.charset = word.charset;
        if word.base64 {
            run.pending.push_str(word.text);
            if word.text.len().is_multiple_of(4) || word.text.ends_with('=') {
                run.settle();
            }
        } else {
            run.settle();
            run.bytes.extend(q_decode(word.text));
        }
        rest = &from[word.length..];
        after_word = true;
    }
    run.write(&mut out, fallback, write);
    out.push_str(rest);
    out
}

/// The number of bytes of the encoded word at the start of the text, if one stands there.
#[must_use]
pub fn length_at(text: &str) -> Option<usize> {
    word_at(text).map(|w| w.length)
}

fn word_at(text: &str) -> Option<Word<'_>> {
    let window = &text[..text.floor_char_boundary(LONGEST)];
    let (charset, rest) = window.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    if charset.is_empty() || charset.len() > 60 || !charset.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let base64 = match encoding {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    let (text, _) = rest.split_once("?=")?;
    if text.contains(['\r', '\n']) {
        return None;
    }
    let length = 2 + charset.len() + 1 + encoding.len() + 1 + text.len() + 2;
    Some(Word { charset, base64, text, length })
}

fn q_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let pair = bytes.get(i + 1..i + 3).and_then(|p| std::str::from_utf8(p).ok());
        match (byte, pair.and_then(|p| u8::from_str_radix(p, 16).ok())) {
            (b'_', _) => out.push(b' '),
            (b'=', Some(code)) => {
                out.push(code);
                i += 2;
            }
            _ => out.push(byte),
        }
        i += 1;
    }
    out
}
