//! The `Received` lines of a message (RFC 5321, section 4.4): which host took it over, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{block::Field, date};
use crate::core::text;

/// One hop (RFC 5321, section 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The host that wrote the line, in lower case.
    pub by: Option<String>,
    /// When it took the message over; a line without a zone has none.
    pub at: Option<Timestamp>,
}

/// The hop that a `Received` line tells of.
pub(super) fn received(field: &Field<'_>) -> Received {
    let value = field.unfolded(None);
    let words = value.rsplit_once(';').map_or(value.as_str(), |(words, _)| words);
    let at = value.rsplit_once(';').and_then(|(_, when)| date::parse(when)).filter(|d| d.zone_stated).map(|d| d.at);
    Received { by: by_host(words), at }
}

/// The host that wrote a `Received` line: the word behind the first `by` that stands outside comments, in lower case.
#[must_use]
pub fn by_host(words: &str) -> Option<String> {
    let mut depth = 0_u32;
    let plain: String = words
        .chars()
        .map(|c| {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' if depth > 0 => {
                    depth -= 1;
                    return ' ';
                }
                _ => {}
            }
            if depth == 0 { c } else { ' ' }
        })
        .collect();
    let mut words = plain.split_whitespace();
    words.by_ref().find(|w| w.eq_ignore_ascii_case("by"))?;
    let host = words.next()?.split(';').next()?;
    let host = text::line(host, 255).trim_end_matches(['.', ',']).to_lowercase();
    Some(host).filter(|h| !h.is_empty())
}
