//! Base64 as mail really carries it.
//!
//! Promises the bytes that are there: stray characters and line ends are passed over, padding may be missing, and what
//! a list or a gateway appended behind the padding does not spoil what stands before it.

/// What each byte stands for; [`NONE`] if for nothing.
const VALUES: [u8; 256] = values();
const NONE: u8 = 0xFF;

/// Decodes all that is decodable.
#[must_use]
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut goes_on = false;
    let mut at = 0;
    loop {
        if count == 0 {
            at += whole_groups(text.get(at..).unwrap_or_default(), &mut out);
        }
        let Some(&byte) = text.get(at) else { break };
        at += 1;
        if byte == b'=' {
            if count < 2 {
                continue;
            }
            flush(&mut out, bits, count);
            (bits, count) = (0, 0);
            if !goes_on && !begins_with_base64(text.get(at..).unwrap_or_default()) {
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

/// Decodes the groups of four at the beginning, up to one that is not whole, and yields how many bytes they take.
fn whole_groups(text: &[u8], out: &mut Vec<u8>) -> usize {
    let mut taken = 0;
    for group in text.chunks_exact(4) {
        let [a, b, c, d] = [group[0], group[1], group[2], group[3]].map(|byte| VALUES[usize::from(byte)]);
        // A value has six bits, and what is none has all eight.
        if a | b | c | d == NONE {
            break;
        }
        let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
        out.extend_from_slice(&bits.to_be_bytes()[1..]);
        taken += 4;
    }
    taken
}

fn value(byte: u8) -> Option<u8> {
    Some(VALUES[usize::from(byte)]).filter(|value| *value != NONE)
}

const fn values() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        values[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    values
}
