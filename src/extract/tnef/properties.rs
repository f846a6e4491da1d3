//! MAPI properties, as TNEF lines them up.
//!
//! Promises each value with its number and its type until the first that is broken, and says where one is.

use super::input::Input;
use crate::extract::plain;

pub(super) const TEXT: u16 = 0x1E;
pub(super) const WIDE_TEXT: u16 = 0x1F;
pub(super) const BINARY: u16 = 0x102;
pub(super) const OBJECT: u16 = 0x0D;

/// Hands over each value: its number, its type, its bytes. `None` where the properties are broken; the value that is cut
/// off is handed over as far as it goes.
pub(super) fn each<'a>(bytes: &'a [u8], mut property: impl FnMut(u16, u16, &'a [u8])) -> Option<()> {
    let mut input = Input(bytes);
    let count = input.u32()?;
    for _ in 0..count {
        let kind = input.u16()?;
        let id = input.u16()?;
        if id >= 0x8000 {
            input.take(16)?;
            if input.u32()? == 0 {
                input.u32()?;
            } else {
                let length = input.u32()? as usize;
                input.padded(length)?;
            }
        }
        let values = if kind & 0x1000 != 0 { input.u32()? } else { 1 };
        for _ in 0..values {
            let value = match kind & 0x0FFF {
                0x02 | 0x03 | 0x04 | 0x0A | 0x0B => input.take(4)?,
                0x05..=0x07 | 0x14 | 0x40 => input.take(8)?,
                0x48 => input.take(16)?,
                // Strings, binary and objects carry a count of their own before each value.
                OBJECT | TEXT | WIDE_TEXT | BINARY => {
                    if kind & 0x1000 == 0 {
                        input.u32()?;
                    }
                    let length = input.u32()? as usize;
                    if length > input.0.len() {
                        property(id, kind, input.0);
                        return None;
                    }
                    input.padded(length)?
                }
                _ => return None,
            };
            property(id, kind, value);
        }
    }
    Some(())
}

/// The text of a value; `None` where it is none.
pub(super) fn text(kind: u16, value: &[u8]) -> Option<String> {
    match kind {
        TEXT => Some(narrow(value)),
        WIDE_TEXT => Some(wide(value)),
        _ => None,
    }
}

fn wide(bytes: &[u8]) -> String {
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    text.trim_end_matches('\0').to_owned()
}

/// Text of one byte a letter, up to its end mark.
pub(super) fn narrow(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    plain::decode(&bytes[..end], None).into_owned()
}
