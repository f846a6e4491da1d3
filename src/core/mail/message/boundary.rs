//! The pieces of a multipart (RFC 2046, section 5.1.1).
//!
//! Promises that only a whole line is a boundary, so that one that begins another is not taken for it; a piece whose
//! closing boundary is missing goes on to the end.

use crate::core::mail::header::block::line_at;

/// The pieces between the boundary lines (RFC 2046, section 5.1.1), at most that many. Where no boundary is stated, the
/// first line that closes like one is taken for it.
pub(super) fn split<'a>(raw: &'a [u8], boundary: Option<&str>, most: usize) -> Vec<&'a [u8]> {
    let guessed;
    let boundary = match boundary {
        Some(boundary) => boundary.as_bytes(),
        None => match guess_boundary(raw) {
            Some(found) => {
                guessed = found;
                guessed
            }
            None => return Vec::new(),
        },
    };
    let mut pieces = Vec::new();
    let (mut at, mut start) = (0, None);
    while let Some((line, next)) = line_at(raw, at) {
        if let Some(closing) = boundary_line(line, boundary) {
            if let Some(start) = start {
                pieces.push(piece(raw, start, at));
            }
            start = (!closing).then_some(next);
            // Mailers that reuse a boundary go on behind the closing line: so do we.
            if pieces.len() > most {
                return pieces;
            }
        }
        at = next;
    }
    if let Some(start) = start {
        pieces.push(piece(raw, start, raw.len() + 1));
    }
    pieces
}

/// The bytes up to the line end that belongs to the boundary.
fn piece(raw: &[u8], start: usize, end: usize) -> &[u8] {
    let Some(bytes) = raw.get(start..end) else { return raw.get(start..).unwrap_or_default() };
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// Whether a line is the boundary, and whether it closes the multipart.
pub(in crate::core) fn boundary_line(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
    match rest {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

fn guess_boundary(raw: &[u8]) -> Option<&[u8]> {
    let lines = || raw.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let opening = lines().find_map(|l| l.strip_prefix(b"--").filter(|b| b.len() >= 4 && !b.starts_with(b"-")))?;
    lines().any(|l| boundary_line(l, opening) == Some(true)).then_some(opening)
}
