//! Character maps (CMaps): from the bytes of a string to codes, from codes to glyphs and to Unicode.
//!
//! Promises to read maps that are wrong in the usual ways (counts that lie, odd strings, ranges without end) as far as
//! they make sense.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::lexer::{Lexer, Operand};

/// A range wider than this is cut.
const WIDEST: u32 = 0xFFFF;
/// Nor does a map hold more entries than this.
const MOST: usize = 400_000;

/// From codes to Unicode.
pub(super) type ToUnicode = HashMap<u32, String>;

/// Reads a `ToUnicode` map.
pub(super) fn to_unicode(bytes: &[u8]) -> ToUnicode {
    let mut map = ToUnicode::new();
    let mut lexer = Lexer::new(bytes);
    let mut operands = Vec::new();
    while let Some(operator) = lexer.next(&mut operands) {
        if map.len() > MOST {
            break;
        }
        match operator {
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some(code), Some(text)) = (pair[0].string(), pair[1].string()) {
                        insert(&mut map, number(code), text, 0);
                    }
                }
            }
            b"endbfrange" => {
                for range in operands.chunks_exact(3) {
                    let (Some(low), Some(high)) = (range[0].string(), range[1].string()) else { continue };
                    let (low, high) = (number(low), number(high));
                    let last = high.min(low.saturating_add(WIDEST));
                    match &range[2] {
                        Operand::String(text) => {
                            for code in low..=last {
                                insert(&mut map, code, text, code - low);
                            }
                        }
                        Operand::Array(texts) => {
                            for (code, text) in (low..=last).zip(texts) {
                                insert(&mut map, code, text.string().unwrap_or_default(), 0);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    map
}

/// Enters a code's text, its last character moved on by `step`.
fn insert(map: &mut ToUnicode, code: u32, text: &[u8], step: u32) {
    let mut text = if text.len() == 1 {
        char::from(text[0]).to_string()
    } else {
        let units: Vec<u16> = text.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
        let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
        text
    };
    if step > 0
        && let Some(last) = text.pop()
        && let Some(moved) = char::from_u32(u32::from(last).saturating_add(step))
    {
        text.push(moved);
    }
    text.retain(|c| c != '\0');
    if !text.is_empty() {
        map.insert(code, text);
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, b| n << 8 | u32::from(*b))
}

/// How a composite font's strings fall into codes, and codes into glyphs.
pub(super) enum Encodings {
    /// Two bytes a code, which is the glyph.
    Identity,
    /// A map within the document.
    Embedded(Embedded),
    /// A predefined map whose codes are UTF-16.
    Utf16,
    /// A predefined map whose codes are a legacy charset.
    Legacy(&'static Encoding),
}

/// The ranges of an embedded map.
#[derive(Default)]
pub(super) struct Embedded {
    /// Length in bytes, low, high.
    codes: Vec<(usize, u32, u32)>,
    /// Low, high, first glyph.
    glyphs: Vec<(u32, u32, u32)>,
}

impl Embedded {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut embedded = Self::default();
        let mut lexer = Lexer::new(bytes);
        let mut operands = Vec::new();
        while let Some(operator) = lexer.next(&mut operands) {
            match operator {
                b"endcodespacerange" => {
                    for pair in operands.chunks_exact(2) {
                        if let (Some(low), Some(high)) = (pair[0].string(), pair[1].string()) {
                            embedded.codes.push((high.len(), number(low), number(high)));
                        }
                    }
                }
                b"endcidrange" => {
                    for range in operands.chunks_exact(3) {
                        if let (Some(low), Some(high), Some(glyph)) =
                            (range[0].string(), range[1].string(), range[2].number())
                        {
                            embedded.glyphs.push((number(low), number(high), whole(glyph)));
                        }
                    }
                }
                b"endcidchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let (Some(code), Some(glyph)) = (pair[0].string(), pair[1].number()) {
                            embedded.glyphs.push((number(code), number(code), whole(glyph)));
                        }
                    }
                }
                _ => {}
            }
        }
        embedded
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a glyph number; `as` saturates")]
fn whole(number: f64) -> u32 {
    number as u32
}

/// One code of a string.
pub(super) struct Code {
    /// The code itself, by which Unicode is looked up.
    pub(super) value: u32,
    /// Its glyph, by which the width is looked up; `None` where that is not known.
    pub(super) glyph: Option<u32>,
    /// How many bytes it took.
    pub(super) length: usize,
    /// Its text, where the encoding itself tells.
    pub(super) text: Option<String>,
}

impl Encodings {
    /// A predefined map by its name.
    pub(super) fn named(name: &[u8]) -> Self {
        let name = String::from_utf8_lossy(name);
        let has = |part: &str| name.contains(part);
        if has("UCS2") || has("UTF16") {
            Self::Utf16
        } else if has("GBK2K") || has("GBK") || name.starts_with("GB") {
            Self::Legacy(encoding_rs::GB18030)
        } else if has("RKSJ") {
            Self::Legacy(encoding_rs::SHIFT_JIS)
        } else if has("B5") || has("HKscs") {
            Self::Legacy(encoding_rs::BIG5)
        } else if name.starts_with("KSC") {
            Self::Legacy(encoding_rs::EUC_KR)
        } else if name == "EUC-H" || name == "EUC-V" {
            Self::Legacy(encoding_rs::EUC_JP)
        } else {
            Self::Identity
        }
    }

    /// The code at the head of a string that is not empty.
    pub(super) fn first(&self, bytes: &[u8]) -> Code {
        let two = bytes.len().min(2);
        match self {
            Self::Identity => {
                let code = number(&bytes[..two]);
                Code { value: code, glyph: Some(code), length: two, text: None }
            }
            Self::Embedded(map) => {
                let fits = |n: &usize| {
                    let code = number(&bytes[..*n]);
                    map.codes.iter().any(|(length, low, high)| length == n && (*low..=*high).contains(&code))
                };
                let fallback = if map.codes.iter().any(|c| c.0 == 1) { 1 } else { two };
                let length = (1..=bytes.len().min(4)).find(fits).unwrap_or(fallback);
                let code = number(&bytes[..length]);
                let range = map.glyphs.iter().find(|(low, high, _)| (*low..=*high).contains(&code));
                let glyph = range.map(|(low, _, first)| first.saturating_add(code - low));
                Code { value: code, glyph: glyph.or(Some(code)), length, text: None }
            }
            Self::Utf16 => {
                let pair = matches!(bytes, [0xD8..=0xDB, _, 0xDC..=0xDF, _, ..]);
                let length = if pair { 4 } else { two };
                let text = encoding_rs::UTF_16BE.decode_without_bom_handling(&bytes[..length]).0.into_owned();
                Code { value: number(&bytes[..length]), glyph: None, length, text: Some(text) }
            }
            Self::Legacy(encoding) => {
                let single =
                    bytes[0] < 0x81 || (*encoding == encoding_rs::SHIFT_JIS && (0xA0..0xE0).contains(&bytes[0]));
                let length = if single { 1 } else { two };
                let text = encoding.decode_without_bom_handling(&bytes[..length]).0.into_owned();
                Code { value: number(&bytes[..length]), glyph: None, length, text: Some(text) }
            }
        }
    }
}
