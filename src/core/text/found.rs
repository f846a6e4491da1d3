//! Where the words of a search stand in a text, whatever their capitals and accents.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::fold::Folded;

/// The stretches of a text, in bytes, that hold one of these words; in their order, and none touches another.
///
/// The words are as [`comparable`](super::comparable) makes them.
#[must_use]
pub fn found(text: &str, words: &str) -> Vec<Range<usize>> {
    let folded = Folded::new(text);
    let stretches = words.split_whitespace().flat_map(|word| folded.text().match_indices(word));
    let mut found: Vec<Range<usize>> = stretches.map(|(at, word)| folded.written(at..at + word.len())).collect();
    found.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        // A mark above the last letter belongs to it.
        let marks = text[range.end..].chars().take_while(|c| is_combining_mark(*c)).map(char::len_utf8).sum::<usize>();
        let end = range.end + marks;
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(end),
            _ => apart.push(range.start..end),
        }
    }
    apart
}
