//! The difference in words between two texts, paragraph by paragraph.
//!
//! Promises that every paragraph of both texts is shown, in its order and with its number; that what is shown as the text
//! after it changed is that text word for word; and that lines broken elsewhere are no difference. Paragraphs are lines
//! that are not empty.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use serde::Serialize;

use super::{common::common, words::stands_alone};

/// Paragraphs belong together where a third of the words of the shorter one are the same.
const TOGETHER: usize = 3;

/// The difference between two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its parts, in their order.
    pub parts: Vec<Part>,
    /// Words that are only in the text after.
    pub added: u64,
    /// Words that are only in the text before.
    pub removed: u64,
    /// Words that are in both.
    pub same: u64,
}

/// A part of a difference: one paragraph or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Part {
    /// They are the same.
    Same {
        /// The number of the first in the text before.
        before: usize,
        /// The number of the first in the text after.
        after: usize,
        /// The paragraphs.
        paragraphs: Vec<String>,
    },
    /// They are the same in part.
    Changed {
        /// The number of the first in the text before.
        before: usize,
        /// The number of the first in the text after.
        after: usize,
        /// The words.
        pieces: Vec<Piece>,
    },
    /// It is only in the text before.
    Removed {
        /// Its number there.
        before: usize,
        /// The paragraph.
        paragraph: String,
    },
    /// It is only in the text after.
    Added {
        /// Its number there.
        after: usize,
        /// The paragraph.
        paragraph: String,
    },
}

/// Words of a paragraph that was changed, with the space before them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// They are in both texts.
    Same(String),
    /// They are only in the text before.
    Removed(String),
    /// They are only in the text after.
    Added(String),
}

/// A word as it was written, and what stands before it.
#[derive(Clone, Copy)]
struct Word<'t> {
    written: &'t str,
    space: &'static str,
    paragraph: usize,
}

/// Names for what is equal, so that numbers are compared.
#[derive(Default)]
struct Names<'t>(HashMap<&'t str, u32>);

impl<'t> Names<'t> {
    fn of(&mut self, text: &'t str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text).or_insert(next)
    }
}

impl Difference {
    /// Compares two texts.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Self {
        let (before, after) = (paragraphs(before), paragraphs(after));
        let mut names = Names::default();
        let one: Vec<u32> = before.iter().map(|paragraph| names.of(paragraph)).collect();
        let other: Vec<u32> = after.iter().map(|paragraph| names.of(paragraph)).collect();
        let mut difference = Self::default();
        let (mut x, mut y) = (0, 0);
        for (next_x, next_y) in common(&one, &other).into_iter().chain([(before.len(), after.len())]) {
            difference.changed(&before, x..next_x, &after, y..next_y);
            if let Some(paragraph) = before.get(next_x) {
                difference.unchanged(next_x, next_y, paragraph);
            }
            (x, y) = (next_x + 1, next_y + 1);
        }
        difference
    }

    /// Whether both texts are the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added == 0 && self.removed == 0
    }

    fn unchanged(&mut self, x: usize, y: usize, paragraph: &str) {
        self.same += cut(paragraph, 0).len() as u64;
        match self.parts.last_mut() {
            Some(Part::Same { paragraphs, .. }) => paragraphs.push(paragraph.to_owned()),
            _ => self.parts.push(Part::Same { before: x + 1, after: y + 1, paragraphs: vec![paragraph.to_owned()] }),
        }
    }

    /// Paragraphs between two that are the same: those that share words are compared, the others stand alone.
    fn changed(&mut self, before: &[String], xs: Range<usize>, after: &[String], ys: Range<usize>) {
        let (one, other) = (cut_all(before, xs.clone()), cut_all(after, ys.clone()));
        let mut names = Names::default();
        let a: Vec<u32> = one.iter().map(|word| names.of(word.written)).collect();
        let b: Vec<u32> = other.iter().map(|word| names.of(word.written)).collect();
        let pairs = common(&a, &b);
        let (mut x, mut y) = (xs.start, ys.start);
        for (own_xs, own_ys) in together(&one, &other, &pairs) {
            self.alone(before, x..own_xs.start, after, y..own_ys.start);
            (x, y) = (own_xs.end, own_ys.end);
            let numbers = (own_xs.start + 1, own_ys.start + 1);
            let pieces = self.pieces((&one, within(&one, own_xs)), (&other, within(&other, own_ys)), &pairs);
            self.parts.push(Part::Changed { before: numbers.0, after: numbers.1, pieces });
        }
        self.alone(before, x..xs.end, after, y..ys.end);
    }

    fn alone(&mut self, before: &[String], xs: Range<usize>, after: &[String], ys: Range<usize>) {
        for x in xs {
            self.removed += cut(&before[x], x).len() as u64;
            self.parts.push(Part::Removed { before: x + 1, paragraph: before[x].clone() });
        }
        for y in ys {
            self.added += cut(&after[y], y).len() as u64;
            self.parts.push(Part::Added { after: y + 1, paragraph: after[y].clone() });
        }
    }

    fn pieces(
        &mut self,
        (one, xs): (&[Word<'_>], Range<usize>),
        (other, ys): (&[Word<'_>], Range<usize>),
        pairs: &[(usize, usize)],
    ) -> Vec<Piece> {
        let at = |word: usize| pairs.partition_point(|(x, _)| *x < word);
        let own = pairs[at(xs.start)..at(xs.end)].iter().copied().filter(|(_, y)| ys.contains(y));
        let mut pieces = Vec::new();
        let (mut x, mut y) = (xs.start, ys.start);
        for (next_x, next_y) in own.chain([(xs.end, ys.end)]) {
            self.removed += (next_x - x) as u64;
            self.added += (next_y - y) as u64;
            (x..next_x).for_each(|at| push(&mut pieces, Piece::Removed(one[at].text(at == xs.start))));
            if let (Some(Piece::Removed(text)), true) = (pieces.last_mut(), y == ys.start && next_x > x) {
                // The text after begins here, and its first word has no space before it.
                text.push_str(one[..xs.end].get(next_x).map_or(" ", |word| word.space));
            }
            (y..next_y).for_each(|at| push(&mut pieces, Piece::Added(other[at].text(at == ys.start))));
            if next_x < xs.end {
                self.same += 1;
                push(&mut pieces, Piece::Same(other[next_y].text(next_y == ys.start)));
            }
            (x, y) = (next_x + 1, next_y + 1);
        }
        pieces
    }
}

impl Word<'_> {
    /// As it stands in a paragraph, with the space before it.
    fn text(&self, first: bool) -> String {
        format!("{}{}", if first { "" } else { self.space }, self.written)
    }
}

/// Adds words to those of the same kind.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), &piece) {
        (Some(Piece::Same(text)), Piece::Same(more))
        | (Some(Piece::Removed(text)), Piece::Removed(more))
        | (Some(Piece::Added(text)), Piece::Added(more)) => text.push_str(more),
        _ => pieces.push(piece),
    }
}

/// Lines that are not empty, with one space between words.
fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

fn cut_all(texts: &[String], range: Range<usize>) -> Vec<Word<'_>> {
    range.flat_map(|at| cut(&texts[at], at)).collect()
}

/// The words of a paragraph; what is written without spaces is cut as it is counted.
fn cut(text: &str, paragraph: usize) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    // A paragraph that goes on with another begins a line.
    let (mut space, mut inside) = ("\n", false);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            (space, inside) = (" ", false);
            continue;
        }
        let alone = stands_alone(c);
        match words.last_mut().filter(|_| inside && !alone) {
            Some(word) => word.written = &text[end - word.written.len() - c.len_utf8()..end],
            None => words.push(Word { written: &text[at..end], space: std::mem::take(&mut space), paragraph }),
        }
        inside = !alone;
    }
    words
}

/// The words of some paragraphs, by their places.
fn within(words: &[Word<'_>], paragraphs: Range<usize>) -> Range<usize> {
    let before = |paragraph| words.partition_point(|word| word.paragraph < paragraph);
    before(paragraphs.start)..before(paragraphs.end)
}

/// Which paragraphs belong together, by the words that both have in common.
fn together(one: &[Word<'_>], other: &[Word<'_>], pairs: &[(usize, usize)]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &(x, y) in pairs {
        *shared.entry((one[x].paragraph, other[y].paragraph)).or_default() += 1;
    }
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for ((x, y), words) in shared {
        let (long, short) = {
            let lengths = (within(one, x..x + 1).len(), within(other, y..y + 1).len());
            (lengths.0.max(lengths.1), lengths.0.min(lengths.1))
        };
        // A word or two in common tie a short line to no long one.
        if words * TOGETHER < short || words < TOGETHER && words * TOGETHER < long {
            continue;
        }
        match found.last_mut() {
            Some((xs, ys)) if x < xs.end || y < ys.end => (xs.end, ys.end) = (xs.end.max(x + 1), ys.end.max(y + 1)),
            _ => found.push((x..x + 1, y..y + 1)),
        }
    }
    found
}
