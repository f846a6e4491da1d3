//! What a PDF repeats at the top and bottom of its pages: running heads and page numbers.
//!
//! Promises only what comes back on most pages; the text keeps it, the count does not. A document of one or two pages
//! has none, nor has one that would be running heads for the most part: there they are the text.

use std::collections::HashMap;

use crate::core::text::words;

/// Lines at each edge of a page that are looked at.
const EDGE: usize = 2;
/// Fewer pages than this repeat nothing.
const FEWEST: usize = 3;

/// The lines that are repeated, every time they occur.
pub(super) fn repeated(pages: &[&str]) -> String {
    let mut seen: HashMap<(bool, String), Vec<&str>> = HashMap::new();
    let mut written = 0;
    for page in pages {
        let lines: Vec<&str> = page.lines().filter(|line| !line.trim().is_empty()).collect();
        if lines.is_empty() {
            continue;
        }
        written += 1;
        for (i, line) in lines.iter().enumerate() {
            let (top, bottom) = (i < EDGE, i + EDGE >= lines.len());
            if top || bottom {
                seen.entry((top, pattern(line))).or_default().push(line);
            }
        }
    }
    // Left and right pages may have heads of their own.
    let enough = FEWEST.max(written * 2 / 5);
    let mut heads: Vec<&str> = seen.into_values().filter(|lines| lines.len() >= enough).flatten().collect();
    heads.sort_unstable();
    let heads = heads.join("\n");
    let all: u64 = pages.iter().map(|page| words::count(page)).sum();
    if words::count(&heads) * 2 > all { String::new() } else { heads }
}

/// A line with its numbers made alike, so that page numbers are.
fn pattern(line: &str) -> String {
    let mut pattern = String::new();
    for c in line.trim().chars() {
        let c = if c.is_numeric() { '#' } else { c };
        if !(pattern.ends_with(c) && (c == '#' || c.is_whitespace())) {
            pattern.push(c);
        }
    }
    pattern
}
