//! The character map of an embedded TrueType font, turned round: from glyph to character.
//!
//! Promises what the font says, where it says it in one of the usual forms; anything else gives an empty map.

use std::collections::HashMap;

/// The characters by glyph.
pub(super) fn unicode_by_glyph(font: &[u8]) -> HashMap<u32, char> {
    read(font).unwrap_or_default()
}

fn read(font: &[u8]) -> Option<HashMap<u32, char>> {
    let tables = usize::from(u16_at(font, 4)?);
    let record = (0..tables).map(|i| 12 + i * 16).find(|at| font.get(*at..at + 4) == Some(b"cmap"))?;
    let cmap = font.get(u32_at(font, record + 8)? as usize..)?;
    // The fullest of the Unicode maps: platform 3 encoding 10, 3/1, then any of platform 0.
    let maps = (0..usize::from(u16_at(cmap, 2)?)).map(|i| 4 + i * 8);
    let rank = |at: usize| match (u16_at(cmap, at), u16_at(cmap, at + 2)) {
        (Some(3), Some(10)) => 0,
        (Some(3), Some(1)) => 1,
        (Some(0), _) => 2,
        _ => 9,
    };
    let best = maps.min_by_key(|at| rank(*at)).filter(|at| rank(*at) < 9)?;
    let map = cmap.get(u32_at(cmap, best + 4)? as usize..)?;
    let mut by_glyph = HashMap::new();
    let mut enter = |glyph: u32, code: u32| {
        if let Some(c) = char::from_u32(code).filter(|_| glyph != 0) {
            by_glyph.entry(glyph).or_insert(c);
        }
    };
    match u16_at(map, 0)? {
        4 => {
            let segments = usize::from(u16_at(map, 6)?) / 2;
            for i in 0..segments {
                let end = u16_at(map, 14 + i * 2)?;
                let start = u16_at(map, 16 + (segments + i) * 2)?;
                let delta = u16_at(map, 16 + (segments * 2 + i) * 2)?;
                let offset_at = 16 + (segments * 3 + i) * 2;
                let offset = u16_at(map, offset_at)?;
                for code in start..=end {
                    if code == 0xFFFF {
                        break;
                    }
                    let glyph = if offset == 0 {
                        code.wrapping_add(delta)
                    } else {
                        let at = offset_at + usize::from(offset) + usize::from(code - start) * 2;
                        match u16_at(map, at) {
                            Some(0) | None => continue,
                            Some(glyph) => glyph.wrapping_add(delta),
                        }
                    };
                    enter(glyph.into(), code.into());
                }
            }
        }
        6 => {
            let first = u32::from(u16_at(map, 6)?);
            for i in 0..usize::from(u16_at(map, 8)?) {
                enter(u16_at(map, 10 + i * 2)?.into(), first + u32::try_from(i).ok()?);
            }
        }
        12 => {
            for i in 0..u32_at(map, 12)?.min(100_000) as usize {
                let (start, end) = (u32_at(map, 16 + i * 12)?, u32_at(map, 20 + i * 12)?);
                let glyph = u32_at(map, 24 + i * 12)?;
                for code in start..=end.min(start.saturating_add(0xFFFF)) {
                    enter(glyph.saturating_add(code - start), code);
                }
            }
        }
        _ => return None,
    }
    Some(by_glyph)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}
