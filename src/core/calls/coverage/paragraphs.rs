//! The paragraphs of a paper, without its table of contents and without what stands on every page.
//!
//! Promises that lines are put together only where the text shows that they are one: a word that goes on in small letters,
//! or a line that is as wide as the page.

use std::collections::BTreeMap;

use super::{asked::Asked, number};
use crate::core::text::{fold::fold, words};

/// A line that stands so often is one of the page, not of the text.
const RUNNING: usize = 3;
/// Lines of a page are so wide, in characters; what is wider is a paragraph.
const PAGE: std::ops::RangeInclusive<usize> = 40..=130;
/// From so many words on a line with a stop belongs to no table of contents.
const PROSE: u64 = 6;
/// Up to so many words a line can be in a table of contents.
const ENTRY: u64 = 20;

/// A paragraph, of one line or several.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) text: String,
    /// The number of its first line among those that are not empty.
    pub(super) line: usize,
}

struct Line<'t> {
    written: &'t str,
    number: usize,
    /// Nothing stands between it and the line before.
    close: bool,
}

/// What a line is, to those who know the headings.
pub(super) trait Known {
    /// Whether it is a heading and nothing else.
    fn is_bare(&self, line: &str) -> bool;
    /// Whether it begins with a heading.
    fn begins(&self, line: &str) -> bool;
}

/// The paragraphs of a text.
pub(super) fn paragraphs(text: &str, asked: &Asked, known: &impl Known) -> Vec<Paragraph> {
    let lines = without_contents(without_running(lines(text), known), asked);
    let wide = width(&lines);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut before: Option<&Line<'_>> = None;
    for line in &lines {
        let goes_on = line.close && before.is_some_and(|before| joins(before.written, line.written, wide, known));
        match paragraphs.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(line.written);
            }
            None => paragraphs.push(Paragraph { text: line.written.to_owned(), line: line.number }),
        }
        before = Some(line);
    }
    paragraphs
}

/// The lines that say something.
fn lines(text: &str) -> Vec<Line<'_>> {
    let (mut lines, mut close, mut number) = (Vec::new(), false, 0);
    for written in text.lines().map(str::trim) {
        if written.is_empty() {
            close = false;
            continue;
        }
        number += 1;
        if written.chars().any(char::is_alphabetic) {
            lines.push(Line { written, number, close });
            close = true;
        }
    }
    lines
}

/// Without the lines that stand on every page, with its number or without.
fn without_running<'t>(lines: Vec<Line<'t>>, known: &impl Known) -> Vec<Line<'t>> {
    let key = |line: &Line<'_>| -> String { fold(line.written).chars().filter(|c| !c.is_numeric()).collect() };
    let mut often: BTreeMap<String, usize> = BTreeMap::new();
    for line in &lines {
        *often.entry(key(line)).or_default() += 1;
    }
    let runs = |line: &Line<'_>| {
        often.get(&key(line)).is_some_and(|n| *n >= RUNNING)
            && !known.is_bare(line.written)
            && !known.begins(line.written)
            && !asks(line.written)
    };
    let kept: Vec<bool> = lines.iter().map(|line| !runs(line)).collect();
    lines.into_iter().zip(kept).filter_map(|(line, kept)| kept.then_some(line)).collect()
}

fn asks(line: &str) -> bool {
    line.ends_with(['?', '？', '؟'])
}

/// Without the entries of tables of contents.
fn without_contents<'t>(lines: Vec<Line<'t>>, asked: &Asked) -> Vec<Line<'t>> {
    let pages: Vec<Option<Page<'_>>> = lines.iter().map(|line| page(line.written)).collect();
    let mut listed = vec![false; lines.len()];
    for (at, page) in pages.iter().enumerate() {
        let Some(page) = page else { continue };
        let beside = |other: Option<&Option<Page<'_>>>| other.is_some_and(Option::is_some);
        listed[at] = page.led || beside(pages.get(at + 1)) || at > 0 && beside(pages.get(at - 1));
    }
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| asked.is_contents(line.written)) {
        let mut entries: Vec<String> = Vec::new();
        for (n, line) in lines.iter().enumerate().skip(at + 1) {
            let words = words::count(line.written);
            let title = title(line.written);
            let said = words > ENTRY || words >= PROSE && line.written.ends_with(['.', '。', '!', '؟', '?']);
            if said || entries.contains(&title) {
                break;
            }
            entries.push(title);
            listed[n] = true;
        }
    }
    lines.into_iter().zip(listed).filter_map(|(line, listed)| (!listed).then_some(line)).collect()
}

/// What a line names, without its number and that of a page.
fn title(line: &str) -> String {
    let named = page(line).map_or(line, |page| page.before);
    fold(number::split(named).1)
}

/// A line that ends with the number of a page.
struct Page<'t> {
    before: &'t str,
    /// Something leads to the number: dots, or a tab.
    led: bool,
}

fn page(line: &str) -> Option<Page<'_>> {
    let before = line.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - before.len();
    if !(1..=3).contains(&digits) || words::count(line) > ENTRY {
        return None;
    }
    let named = before.trim_end_matches(['.', '…', '·', '_', ' ', '\t', '\u{a0}']);
    let leader = &before[named.len()..];
    let dots = leader.chars().filter(|c| matches!(c, '.' | '·' | '_')).count();
    let led = dots >= 3 || leader.contains(['…', '\t']) || leader.contains("  ");
    let ends = !leader.is_empty() && named.chars().any(char::is_alphabetic);
    ends.then_some(Page { before: named, led })
}

/// How wide the lines of a page are; none where a line is a paragraph.
fn width(lines: &[Line<'_>]) -> Option<usize> {
    let mut widths: Vec<usize> = lines.iter().map(|line| line.written.chars().count()).collect();
    widths.sort_unstable();
    let wide = *widths.get(widths.len() * 9 / 10)?;
    PAGE.contains(&wide).then_some(wide)
}

/// Whether the second line goes on where the first ends.
fn joins(first: &str, second: &str, wide: Option<usize>, known: &impl Known) -> bool {
    let bulleted = second.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '“' | '"' | '«' | '„'));
    if first.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：', '；', '؟', '؛'])
        || bulleted
        || first.contains('\t')
        || second.contains('\t')
        || number::split(second).0.is_some()
    {
        return false;
    }
    let open = first.ends_with([',', '،', '、', '，']);
    if !open && (known.is_bare(first) || known.is_bare(second)) {
        return false;
    }
    let full = || wide.is_some_and(|wide| first.chars().count() * 20 >= wide * 17);
    second.starts_with(char::is_lowercase) || full()
}
