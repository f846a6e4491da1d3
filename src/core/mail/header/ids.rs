//! Message-IDs as header fields hold them, tolerant of what mailers write.

use super::block::Field;
use crate::core::text;

/// The longest Message-ID that is kept; RFC 5322 allows 998 characters a line.
const LONGEST_ID: usize = 998;

/// The Message-IDs of a field, without their brackets.
#[must_use]
pub fn ids(field: &Field<'_>) -> Vec<String> {
    let value = text::line(&field.unfolded(None), 64 * 1024);
    let clean = |id: &str| id.chars().filter(|c| !c.is_whitespace()).take(LONGEST_ID).collect::<String>();
    let mut found: Vec<String> =
        value.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| clean(id)).collect();
    if found.is_empty() {
        found = value.split_whitespace().map(|word| clean(word.trim_matches(['<', '>']))).collect();
    }
    found.retain(|id| !id.is_empty());
    found
}
