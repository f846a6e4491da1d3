//! The boundary that a multipart names in its `Content-Type` (RFC 2046, section 5.1.1).
//!
//! Promises to read that one parameter alone, and never to fail.

use super::block::Field;

/// The boundary of a `Content-Type` that is a multipart's; nothing where it is none, or names none.
#[must_use]
pub fn of_multipart(content_type: &Field<'_>) -> Option<Vec<u8>> {
    let value: Vec<u8> = content_type.raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let (kind, mut rest) = value.split_at(value.iter().position(|byte| *byte == b';')?);
    if !kind.trim_ascii().to_ascii_lowercase().starts_with(b"multipart/") {
        return None;
    }
    while let Some(parameters) = rest.strip_prefix(b";") {
        let name_ends = parameters.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(parameters.len());
        let (name, behind) = parameters.split_at(name_ends);
        let Some(behind) = behind.strip_prefix(b"=") else {
            rest = behind;
            continue;
        };
        let (value, behind) = value_of(behind.trim_ascii_start());
        if name.trim_ascii().eq_ignore_ascii_case(b"boundary") {
            let boundary = value.trim_ascii_end().to_vec();
            return (!boundary.is_empty()).then_some(boundary);
        }
        rest = behind;
    }
    None
}

/// The value at the beginning, quoted or not, and what follows from the next semicolon on.
fn value_of(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let to_the_next = |from: usize| {
        let semicolon = bytes[from..].iter().position(|byte| *byte == b';').unwrap_or(bytes.len() - from);
        from + semicolon
    };
    let Some(quoted) = bytes.strip_prefix(b"\"") else {
        let end = to_the_next(0);
        let token = bytes[..end].trim_ascii();
        let token = token.split(|byte| byte.is_ascii_whitespace() || *byte == b'(').next().unwrap_or_default();
        return (token.to_vec(), &bytes[end..]);
    };
    let (mut value, mut escaped, mut at) = (Vec::new(), false, 0);
    for (i, &byte) in quoted.iter().enumerate() {
        at = i + 1;
        match byte {
            b'\\' if !escaped => escaped = true,
            b'"' if !escaped => break,
            byte => {
                value.push(byte);
                escaped = false;
            }
        }
    }
    (value, &bytes[to_the_next(1 + at)..])
}
