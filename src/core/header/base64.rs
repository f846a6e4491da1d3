//! Base64 as mail really carries it.
//!
//! Promises the bytes that are there: stray characters and line ends are passed over, padding may be missing, and what
//! a list or a gateway appended behind the padding does not spoil what stands before it.

/// Decodes all that is decodable.
#[must_use]
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut goes_on = false;
    for (at, &byte) in text.iter().enumerate() {
        if byte == b'=' {
            if count < 2 {
                continue;
            }
            flush(&mut out, bits, count);
            (bits, count) = (0, 0);
            if !goes_on && !begins_with_base64(text.get(at + 1..).unwrap_or_default()) {
                return out;
            }
            goes_on = true;
        } else if let Some(value) = value(byte) {
            bits = bits << 6 | u32::from(value);
            count += 1;
            if count == 4 {
                out.extend_from_slice(&bits.to_be_bytes()[1..]);
                (bits, count) = (0, 0);
            }
        }
    }
    flush(&mut out, bits, count);
    out
}

/// Some mailers pad every line or every block; the footer of a list is no base64.
fn begins_with_base64(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let line = text.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end();
    line.len() >= 4 && line.len().is_multiple_of(4) && line.iter().all(|b| value(*b).is_some() || *b == b'=')
}

/// The whole bytes of an unfinished group.
fn flush(out: &mut Vec<u8>, bits: u32, count: u32) {
    match count {
        2 => out.push((bits >> 4).to_be_bytes()[3]),
        3 => out.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
        _ => {}
    }
}

fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
