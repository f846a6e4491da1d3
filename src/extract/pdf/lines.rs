//! From glyphs on a page to lines of text.
//!
//! Promises the order in which the document writes its lines, a space where the gap between two glyphs is one, and
//! right-to-left lines in the order in which they are read. It does not look for columns or tables.

use std::ops::Range;

use super::glyphs::Glyph;
use crate::core::text::words::{is_han, is_kana};

/// A gap of this share of the font's height parts two words.
const WORD_GAP: f64 = 0.13;
/// Letters of one word are set apart by no more than this.
const LETTER_GAP: f64 = 0.4;
/// Chinese and Japanese characters stand apart without that.
const IDEOGRAPH_GAP: f64 = 0.6;
/// Glyphs within this share of the height of each other's baseline stand on one line.
const SAME_LINE: f64 = 0.45;

/// The text of a page.
pub(super) fn text(glyphs: Vec<Glyph>) -> String {
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        let placed = Placed::new(&glyph);
        match lines.last_mut().filter(|line| line.takes(&glyph, placed.across)) {
            Some(line) => line.push(placed, &glyph),
            None => match resumed(&mut lines, &glyph, &placed) {
                Some(line) => line.push(placed, &glyph),
                None => lines.push(Line::new(placed, &glyph)),
            },
        }
    }
    let mut text = String::new();
    let mut above: Option<(f64, f64)> = None;
    for line in lines {
        let (across, size) = (line.across, line.size);
        let line = line.text();
        if line.trim().is_empty() {
            continue;
        }
        if let Some((before, height)) = above {
            // A wide step down begins a paragraph.
            let step = before - across;
            text.push_str(if step > 1.9 * height.max(size) { "\n\n" } else { "\n" });
        }
        text.push_str(line.trim());
        above = Some((across, size));
    }
    undivided(&text)
}

/// The line, a little further up, that a glyph goes on where it was left: some programs write a line's words by font.
fn resumed<'l>(lines: &'l mut [Line], glyph: &Glyph, placed: &Placed) -> Option<&'l mut Line> {
    let begin = lines.len().saturating_sub(30);
    let touches = |line: &&mut Line| {
        let last_end = line.glyphs.iter().rev().find(|g| g.text != " ").map(|g| g.end);
        line.takes(glyph, placed.across)
            && last_end.is_some_and(|end| (placed.start - end).abs() < WORD_GAP * line.size && placed.text != " ")
    };
    lines[begin..].iter_mut().rev().find(touches)
}

/// A glyph along its line.
struct Placed {
    start: f64,
    end: f64,
    /// Where the next glyph would stand if there were no gap.
    next: f64,
    across: f64,
    size: f64,
    text: String,
}

impl Placed {
    fn new(glyph: &Glyph) -> Self {
        let (ux, uy) = glyph.direction;
        let start = glyph.x * ux + glyph.y * uy;
        let end = start + glyph.advance;
        Self {
            start,
            end,
            next: end + glyph.spacing,
            across: glyph.y * ux - glyph.x * uy,
            size: glyph.size,
            text: glyph.text.clone(),
        }
    }
}

struct Line {
    direction: (f64, f64),
    across: f64,
    size: f64,
    glyphs: Vec<Placed>,
}

impl Line {
    fn new(first: Placed, glyph: &Glyph) -> Self {
        Self { direction: glyph.direction, across: first.across, size: first.size, glyphs: vec![first] }
    }

    fn takes(&self, glyph: &Glyph, across: f64) -> bool {
        let along = self.direction.0 * glyph.direction.0 + self.direction.1 * glyph.direction.1;
        along > 0.99 && (across - self.across).abs() <= SAME_LINE * self.size.max(glyph.size)
    }

    fn push(&mut self, placed: Placed, glyph: &Glyph) {
        if glyph.size > self.size {
            (self.size, self.across) = (glyph.size, placed.across);
        }
        self.glyphs.push(placed);
    }

    fn text(mut self) -> String {
        let right_to_left = self.glyphs.iter().any(|g| g.text.chars().any(is_right_to_left));
        if right_to_left {
            // By their right edges, so that marks follow the letters they stand on; a mark may be drawn from the left
            // edge of its letter.
            let edge = |g: &Placed| g.end + if g.text.chars().all(is_mark) { 0.1 * g.size } else { 0.0 };
            self.glyphs.sort_by(|a, b| edge(a).total_cmp(&edge(b)));
            return logical(self.spaced());
        }
        self.order_stretches();
        self.spaced().concat()
    }

    /// Puts stretches that were written out of order where they stand, unless they overlap.
    fn order_stretches(&mut self) {
        let mut stretches: Vec<Vec<Placed>> = Vec::new();
        for glyph in std::mem::take(&mut self.glyphs) {
            match stretches.last_mut() {
                Some(stretch) if stretch.last().is_some_and(|g| glyph.start > g.start - 0.3 * g.size) => {
                    stretch.push(glyph);
                }
                _ => stretches.push(vec![glyph]),
            }
        }
        let begin = |s: &Vec<Placed>| s.first().map_or(0.0, |g| g.start);
        let end = |s: &Vec<Placed>| s.iter().map(|g| g.end).fold(f64::NEG_INFINITY, f64::max);
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        order.sort_by(|a, b| begin(&stretches[*a]).total_cmp(&begin(&stretches[*b])));
        let apart = order.windows(2).all(|w| end(&stretches[w[0]]) <= begin(&stretches[w[1]]) + 0.3 * self.size);
        if apart {
            stretches.sort_by(|a, b| begin(a).total_cmp(&begin(b)));
        }
        self.glyphs = stretches.into_iter().flatten().collect();
    }

    /// The texts of the glyphs with spaces between words, from left to right.
    fn spaced(&self) -> Vec<String> {
        let threshold = self.word_gap();
        let mut texts: Vec<String> = Vec::new();
        let mut before: Option<&Placed> = None;
        for glyph in &self.glyphs {
            if glyph.text.chars().all(is_mark) {
                // It stands on the letter before, wherever the font puts its own edge.
                texts.push(glyph.text.clone());
                continue;
            }
            if let Some(before) = before {
                let gap = glyph.start - before.next;
                let size = before.size.min(glyph.size);
                let ideographs = |g: &Placed| g.text.chars().all(|c| is_han(c) || is_kana(c));
                let wide =
                    if ideographs(before) || ideographs(glyph) { IDEOGRAPH_GAP * size } else { threshold * size };
                let back = glyph.start < before.start - 0.5 * size;
                if (gap > wide || back) && before.text != " " && glyph.text != " " {
                    texts.push(" ".to_owned());
                }
            }
            if glyph.text != " " || texts.last().is_some_and(|t| t != " ") {
                texts.push(glyph.text.clone());
            }
            before = Some(glyph);
        }
        texts
    }

    /// The share of the height that parts words here: more on lines that are set wide letter by letter.
    fn word_gap(&self) -> f64 {
        let mut gaps: Vec<f64> = self
            .glyphs
            .windows(2)
            .filter(|w| w[0].text != " " && w[1].text != " ")
            .map(|w| (w[1].start - w[0].next) / w[0].size.min(w[1].size))
            .collect();
        if gaps.len() < 8 {
            return WORD_GAP;
        }
        gaps.sort_by(f64::total_cmp);
        let (usual, wide) = (gaps[gaps.len() / 2], gaps[gaps.len() / 4]);
        // Wider still, and these are single characters that stand apart, as in a table.
        if wide > WORD_GAP && usual < LETTER_GAP { usual * 1.6 } else { WORD_GAP }
    }
}

fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x65F | 0x66D..=0x6EF | 0x6FA..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC)
}

fn is_left_to_right(c: char) -> bool {
    c.is_alphanumeric() && !is_right_to_left(c)
}

/// A vowel point or accent, which stands on a letter.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x591..=0x5BD | 0x5BF | 0x5C1..=0x5C2 | 0x5C4..=0x5C5 | 0x64B..=0x65F | 0x670)
}

/// Puts a line that stands as it is seen, from left to right, into the order in which it is read. Brackets are left as
/// they are: documents map their drawn shapes to the characters that were meant.
fn logical(texts: Vec<String>) -> String {
    let left = texts.iter().filter(|t| t.chars().any(is_right_to_left)).count();
    // Digits alone do not make a line left-to-right.
    let right = texts.iter().filter(|t| t.chars().any(|c| c.is_alphabetic() && is_left_to_right(c))).count();
    if right > left {
        return from_the_left(texts);
    }
    let read = from_the_right(texts.clone());
    if !is_backwards(&read) {
        return read;
    }
    // Arabic in a paragraph that is set from left to right.
    let other = from_the_left(texts);
    if is_backwards(&other) { read } else { other }
}

/// Whether a line begins with what ends a sentence, or closes a bracket before it opens one.
fn is_backwards(line: &str) -> bool {
    let first_bracket = line.chars().find(|c| matches!(c, '(' | ')' | '[' | ']'));
    line.trim_start().starts_with(['.', ',', ':', ';', '،', '؛', '؟'])
        || (matches!(first_bracket, Some(')' | ']')) && line.contains(['(', '[']))
}

/// Reads a line from left to right, and what is written from the right within it.
fn from_the_left(mut texts: Vec<String>) -> String {
    let is_right = |c: char| is_right_to_left(c) && (c.is_alphanumeric() || is_mark(c));
    for run in runs(&texts, is_right, is_left_to_right) {
        texts[run].reverse();
    }
    texts.concat()
}

/// Reads a line from right to left, and what is written from the left within it.
fn from_the_right(mut texts: Vec<String>) -> String {
    texts.reverse();
    for run in runs(&texts, is_left_to_right, is_right_to_left) {
        let letters = texts[run.clone()].iter().any(|t| t.chars().any(char::is_alphabetic));
        if letters {
            texts[run].reverse();
            continue;
        }
        // Numbers next to Arabic follow one another from right to left, unless a point, comma, colon or slash joins
        // them: 2026-2027 is seen as 2027-2026.
        let mut begin = run.start;
        for at in run.clone() {
            let joins = |t: &String| t.chars().all(|c| c.is_numeric() || ".,:/%٫٬".contains(c));
            if !joins(&texts[at]) {
                texts[begin..at].reverse();
                begin = at + 1;
            }
        }
        texts[begin..run.end].reverse();
    }
    texts.concat()
}

/// Runs of texts of one direction, with what has none between them.
fn runs(texts: &[String], of: fn(char) -> bool, other: fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut run: Option<Range<usize>> = None;
    for (at, text) in texts.iter().enumerate() {
        if text.chars().any(of) {
            run = Some(run.map_or(at, |r| r.start)..at + 1);
        } else if text.chars().any(other) {
            runs.extend(run.take());
        }
    }
    runs.extend(run);
    runs
}

/// Puts words together that were divided at the end of a line.
fn undivided(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    // What of the next line went to the line before.
    let mut taken = 0;
    while let Some(line) = lines.next() {
        out.push_str(&line[taken..]);
        taken = 0;
        let Some(next) = lines.peek() else { break };
        let mut end = out.chars().rev();
        let hyphen = end.next().filter(|c| matches!(c, '-' | '\u{AD}' | '\u{2010}'));
        if let (Some(hyphen), Some(before), Some(after)) = (hyphen, end.next(), next.chars().next()) {
            let (word, number) =
                (before.is_alphabetic() && after.is_lowercase(), before.is_numeric() && after.is_numeric());
            if word || number {
                if word {
                    out.truncate(out.len() - hyphen.len_utf8());
                }
                taken = next.find(char::is_whitespace).unwrap_or(next.len());
                out.push_str(&next[..taken]);
                taken += next[taken..].chars().next().map_or(0, char::len_utf8);
            }
        }
        out.push('\n');
    }
    out
}
