//! Word documents of the old kind (DOC, Word 97 to 2003): their text, piece by piece.
//!
//! Promises body, text boxes, notes and running heads apart, and the results of fields. It cannot tell what a tracked
//! change has deleted, so its answer is always partial; what is older still, or odd, is not read.

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;

use super::{found::Found, limits::Limits, ole, refusal::Refusal};
use crate::core::file::Outcome;

/// Reads an old Word document.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|_| not_read())?;
    let mut stream = |name: &str| {
        let mut content = Vec::new();
        let read = file.open_stream(name).map(|stream| stream.take(limits.part_bytes).read_to_end(&mut content));
        matches!(read, Ok(Ok(_))).then_some(content)
    };
    let main = stream("/WordDocument").ok_or_else(not_read)?;
    let flags = u16_at(&main, 0x0A).ok_or_else(not_read)?;
    if flags & 0x0100 != 0 {
        return ole::refuse_encrypted();
    }
    let table = stream(if flags & 0x0200 == 0 { "/0Table" } else { "/1Table" }).ok_or_else(not_read)?;
    let units = units(&main, &table, limits).filter(|units| !units.is_empty()).ok_or_else(not_read)?;
    // The parts follow one another in this order: body, footnotes, running heads, macros, comments, endnotes, text
    // boxes.
    let mut at = 0usize;
    let mut part = |length_at: usize| {
        let length = usize::try_from(u32_at(&main, length_at).unwrap_or(0)).unwrap_or(usize::MAX);
        let begin = at.min(units.len());
        at = begin.saturating_add(length).min(units.len());
        seen(&units[begin..at])
    };
    let [body, footnotes, heads, _, _, endnotes, boxes] = [0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64].map(&mut part);
    Ok(Found {
        engine: "doc",
        body: body + &boxes,
        notes: footnotes + &endnotes,
        running_heads: heads,
        partial: true,
        remarks: vec![
            "This is a Word document of the old kind (.doc), in which deleted text cannot be told from the rest: please \
             check this count, or ask for DOCX or PDF."
                .to_owned(),
        ],
        ..Found::default()
    })
}

fn not_read() -> Refusal {
    Refusal::new(
        Outcome::Unsupported,
        "This is a Word document of the old kind (.doc), which could not be read here: please send DOCX or PDF.",
    )
}

/// All characters in their order, as UTF-16: what the table of pieces puts together.
fn units(main: &[u8], table: &[u8], limits: &Limits) -> Option<Vec<u16>> {
    const MAGIC: u16 = 0xA5EC;
    const WORD_97: u16 = 0xC1;
    if u16_at(main, 0)? != MAGIC || u16_at(main, 2)? < WORD_97 {
        return None;
    }
    let begin = usize::try_from(u32_at(main, 0x1A2)?).ok()?;
    let length = usize::try_from(u32_at(main, 0x1A6)?).ok()?;
    let mut pieces = table.get(begin..begin.checked_add(length)?)?;
    // Formatting comes first.
    while let [1, rest @ ..] = pieces {
        pieces = rest.get(2 + usize::from(u16_at(rest, 0)?)..)?;
    }
    let [2, rest @ ..] = pieces else { return None };
    let size = usize::try_from(u32_at(rest, 0)?).ok()?;
    let pieces = rest.get(4..4 + size.min(rest.len() - 4))?;
    let count = pieces.len().checked_sub(4)? / 12;
    let mut units = Vec::new();
    for n in 0..count {
        let (first, last) = (u32_at(pieces, n * 4)?, u32_at(pieces, n * 4 + 4)?);
        let length = usize::try_from(last.checked_sub(first)?).ok()?;
        let place = u32_at(pieces, (count + 1) * 4 + n * 8 + 2)?;
        let (in_bytes, place) = (place & 0x4000_0000 != 0, usize::try_from(place & 0x3FFF_FFFF).ok()?);
        if in_bytes {
            let place = place / 2;
            let bytes = main.get(place..place.checked_add(length)?)?;
            let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
            units.extend(text.encode_utf16());
        } else {
            let bytes = main.get(place..place.checked_add(length.checked_mul(2)?)?)?;
            units.extend(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
        }
        if units.len() > limits.text_bytes {
            break;
        }
    }
    Some(units)
}

/// The text without the marks of cells, fields and pictures.
fn seen(units: &[u16]) -> String {
    let mut text = String::with_capacity(units.len());
    // For each open field, whether its instruction is being read.
    let mut fields: Vec<bool> = Vec::new();
    for c in char::decode_utf16(units.iter().copied()) {
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        match c {
            '\x13' => fields.push(true),
            '\x14' => {
                if let Some(instruction) = fields.last_mut() {
                    *instruction = false;
                }
            }
            '\x15' => drop(fields.pop()),
            _ if fields.contains(&true) => {}
            // The end of a row follows that of its last cell.
            '\x07' if text.ends_with('\t') => {
                text.pop();
                text.push('\n');
            }
            '\x07' => text.push('\t'),
            '\r' | '\x0B' | '\x0C' => text.push('\n'),
            '\x1E' => text.push('-'),
            c if c.is_control() && c != '\t' => {}
            c => text.push(c),
        }
    }
    text
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
