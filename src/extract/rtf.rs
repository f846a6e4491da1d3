//! Rich Text Format: its text.
//!
//! Promises paragraphs, tables and notes where they stand, in Unicode or the document's code page; pictures, styles,
//! headers and footers are left out, and notes count as body. Nesting costs no stack.

use encoding_rs::Encoding;

use super::{found::Found, limits::Limits, refusal::Refusal};
use crate::core::file::Outcome;

/// Groups left out, besides those marked `\*`.
const SKIPPED: &str = " fonttbl colortbl stylesheet info pict object filetbl pntext nonshppict header headerl headerr headerf \
                       footer footerl footerr footerf ";
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    text: String,
    encoding: &'static Encoding,
    /// Bytes of the code page not yet decoded: a character may have two.
    pending: Vec<u8>,
    /// UTF-16 units not yet decoded: a character may have two.
    units: Vec<u16>,
    /// For each open group, whether it is left out, and how many characters after `\u` stand in for it.
    groups: Vec<(bool, usize)>,
    to_skip: usize,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let (text, encoding, groups) = (String::new(), encoding_rs::WINDOWS_1252, vec![(false, 1)]);
    let mut reader = Reader { bytes, at: 0, text, encoding, pending: vec![], units: vec![], groups, to_skip: 0 };
    while let Some(byte) = reader.next().filter(|_| reader.text.len() <= limits.text_bytes) {
        match byte {
            b'{' if reader.groups.len() > limits.nesting => {
                let detail =
                    format!("This document nests more than {} levels deep: a person must open it.", limits.nesting);
                return Err(Refusal::new(Outcome::TooLarge, detail));
            }
            b'{' => {
                reader.flush();
                reader.groups.push(reader.group());
            }
            b'}' => {
                reader.flush();
                reader.groups.truncate((reader.groups.len() - 1).max(1));
            }
            b'\\' => reader.control(),
            b'\r' | b'\n' => {}
            byte => reader.byte(byte),
        }
    }
    reader.flush();
    Ok(Found { engine: "rtf", body: reader.text, ..Found::default() })
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    fn while_is(&mut self, kind: fn(&u8) -> bool) -> String {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let run = &rest[..rest.iter().position(|b| !kind(b)).unwrap_or(rest.len())];
        self.at += run.len();
        String::from_utf8_lossy(run).into_owned()
    }

    fn group(&self) -> (bool, usize) {
        self.groups.last().copied().unwrap_or((false, 1))
    }

    fn leave_out(&mut self, out: bool) {
        self.groups.last_mut().into_iter().for_each(|group| group.0 = out);
    }

    fn flush(&mut self) {
        let units = String::from_utf16_lossy(&std::mem::take(&mut self.units));
        let bytes = std::mem::take(&mut self.pending);
        if !self.group().0 {
            self.text.push_str(&units);
            self.text.push_str(&self.encoding.decode_without_bom_handling(&bytes).0);
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        if !self.units.is_empty() {
            self.flush();
        }
        self.pending.push(byte);
    }

    /// Reads what follows a backslash.
    fn control(&mut self) {
        let word = self.while_is(u8::is_ascii_alphabetic);
        if word.is_empty() {
            match self.next() {
                Some(b'\'') => {
                    let hex = self.bytes.get(self.at..self.at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                    let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                    self.at += 2;
                    if let Some(byte) = byte {
                        self.byte(byte);
                    }
                }
                Some(b'~') => self.byte(b' '),
                Some(b'_') => self.byte(b'-'),
                Some(b'*') => self.leave_out(true),
                Some(byte @ (b'\\' | b'{' | b'}')) => self.byte(byte),
                _ => {}
            }
            return;
        }
        let number: Option<i64> = self.while_is(|b| b.is_ascii_digit() || *b == b'-').parse().ok();
        self.at += usize::from(self.bytes.get(self.at) == Some(&b' '));
        let count = number.and_then(|n| usize::try_from(n).ok());
        if word == "u" {
            if !self.pending.is_empty() {
                self.flush();
            }
            // Units above 32,767 are written as negative numbers.
            self.units.extend(number.and_then(|n| u16::try_from(n.rem_euclid(0x1_0000)).ok()));
            self.to_skip = self.group().1;
            return;
        }
        self.flush();
        match (word.as_str(), count) {
            ("uc", Some(n)) => self.groups.last_mut().into_iter().for_each(|group| group.1 = n.min(16)),
            ("bin", Some(n)) => self.at = self.at.saturating_add(n),
            ("deleted", n) => self.leave_out(n != Some(0)),
            ("shptxt" | "fldrslt", _) => self.leave_out(false),
            ("ansicpg", Some(n)) => {
                let label = if n == 936 { "gbk".to_owned() } else { format!("windows-{n}") };
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(self.encoding);
            }
            (word, _) if SKIPPED.contains(&format!(" {word} ")) => self.leave_out(true),
            _ if self.group().0 => {}
            ("par" | "line" | "sect" | "page" | "row" | "nestrow", _) => self.text.push('\n'),
            ("tab" | "cell" | "nestcell", _) => self.text.push('\t'),
            ("emdash", _) => self.text.push('—'),
            ("endash", _) => self.text.push('–'),
            ("lquote" | "rquote", _) => self.text.push('’'),
            ("ldblquote" | "rdblquote", _) => self.text.push('"'),
            _ => {}
        }
    }
}
