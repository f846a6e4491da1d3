//! The packing of RTF in messages (its mark is `LZFu`).
//!
//! Promises no more bytes than the limit and than the head states; `None` where the bytes are packed otherwise.

use super::input::Input;

const PACKED: u32 = 0x7546_5A4C;
const PLAIN: u32 = 0x414C_454D;
const SIZE: usize = 4096;
/// What stands in the dictionary before anything is unpacked.
const BEFORE: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
\\b\\i\\u\\tab\\tx";

/// Unpacks RTF.
pub(super) fn unpack(bytes: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut input = Input(bytes);
    input.u32()?;
    let size = u64::from(input.u32()?).min(most);
    let size = usize::try_from(size).ok()?;
    let kind = input.u32()?;
    input.u32()?;
    match kind {
        PLAIN => return Some(input.0[..size.min(input.0.len())].to_vec()),
        PACKED => {}
        _ => return None,
    }
    let mut dictionary = [b' '; SIZE];
    dictionary[..BEFORE.len()].copy_from_slice(BEFORE);
    let mut at = BEFORE.len();
    let mut text = Vec::new();
    // What is cut off gives what is there.
    while let Some(&[flags]) = input.take(1) {
        for bit in 0..8 {
            if text.len() >= size {
                return Some(text);
            }
            let refers = (flags >> bit) & 1 == 1;
            let Some(token) = input.take(if refers { 2 } else { 1 }) else { return Some(text) };
            let (from, length) = match *token {
                [high, low] => ((usize::from(high) << 4) | usize::from(low >> 4), usize::from(low & 0xF) + 2),
                _ => (at, 1),
            };
            // The end.
            if refers && from == at {
                return Some(text);
            }
            for i in 0..length {
                let byte = if refers { dictionary[(from + i) % SIZE] } else { token[0] };
                text.push(byte);
                dictionary[at] = byte;
                at = (at + 1) % SIZE;
            }
        }
    }
    Some(text)
}
