//! A line of a text around what was found in it.

use super::asked::Search;

/// Bytes that are looked at together, and letters that are shown before and in all.
const TOGETHER: usize = 140;
const BEFORE: usize = 50;
const SHOWN: usize = 180;

/// The line of a text where most words of a search stand together; none where none does.
#[must_use]
pub fn passage(search: &Search, text: &str) -> Option<String> {
    let places = search.places(text);
    let together = |first: usize| {
        let start = places[first].1.start;
        let near =
            places[first..].iter().take_while(|(_, place)| place.start < start + TOGETHER).map(|(n, _)| 1_u32 << n);
        near.fold(0, |words, word| words | word).count_ones()
    };
    // The first of those that hold the most.
    let best = (0..places.len()).rev().max_by_key(|first| together(*first))?;
    let hit = places[best].1.start;
    let start = text[..hit].char_indices().rev().take(BEFORE).last().map_or(hit, |(at, _)| at);
    // Not in the middle of a word.
    let start =
        if start == 0 { 0 } else { text[start..hit].find(char::is_whitespace).map_or(start, |space| start + space) };
    let end = text[start..].char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| start + at);
    let end = if end == text.len() {
        end
    } else {
        text[hit..end].rfind(char::is_whitespace).filter(|space| *space > 0).map_or(end, |space| hit + space)
    };
    let line = text[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = (if start > 0 { "… " } else { "" }, if end < text.len() { " …" } else { "" });
    Some(format!("{before}{line}{after}"))
}
