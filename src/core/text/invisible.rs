//! Characters that take no room on the page: they neither make a word nor part one, and may turn or hide what stands around
//! them.

/// Soft hyphen, tatweel, joiners, direction marks, embeddings, overrides and isolates, byte order marks.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{640}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Those that nobody writes with: soft hyphens part words at the end of a line, joiners and tatweel shape letters.
#[must_use]
pub fn turns_or_hides(c: char) -> bool {
    is_invisible(c) && !matches!(c, '\u{ad}' | '\u{640}' | '\u{200c}' | '\u{200d}')
}
