//! What a person searches for, word by word.
//!
//! Promises that each word must be found, in whatever place and order. A word that signs or scripts part (`73/195`,
//! `main-d’œuvre`, `人民政府`) is found where its parts stand side by side; what stands in quotes likewise. A star at the end
//! asks for all words that begin so. Korean writes its particles behind the word, so that such a word asks for them too.

use std::{collections::BTreeSet, ops::Range};

use super::units::{Gap, Unit, units};

/// Words of one search.
const MOST: usize = 16;
/// Letters that a word must have before its star.
const BEFORE_A_STAR: usize = 2;
/// What opens and closes a quotation.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    words: Vec<Vec<Part>>,
}

/// A part of a word, and what lies before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    unit: Unit,
    begins: bool,
}

/// A text that nothing can be searched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsearchable {
    /// Signs alone.
    #[error("it holds no letter and no digit")]
    Nothing,
    /// More than anybody searches for.
    #[error("it holds more than {MOST} words")]
    TooMany,
}

/// What the index is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// This word.
    Is(String),
    /// All words that begin so.
    Begins(String),
}

impl Search {
    /// What a person typed.
    ///
    /// # Errors
    /// It holds no word, or too many.
    pub fn of(text: &str) -> Result<Self, Unsearchable> {
        let mut words: Vec<Vec<Part>> = Vec::new();
        for piece in pieces(text) {
            let parts: Vec<Unit> = units(piece);
            let star = piece.ends_with('*');
            let Some(last) = parts.len().checked_sub(1) else { continue };
            let part = |(n, unit): (usize, Unit)| {
                let enough = unit.word.chars().count() >= BEFORE_A_STAR;
                let begins = n == last && !unit.single && enough && (star || unit.word.chars().all(is_korean));
                Part { unit, begins }
            };
            let word: Vec<Part> = parts.into_iter().enumerate().map(part).collect();
            if !words.iter().any(|known| same(known, &word)) {
                words.push(word);
            }
        }
        match words.len() {
            0 => Err(Unsearchable::Nothing),
            1..=MOST => Ok(Self { words }),
            _ => Err(Unsearchable::TooMany),
        }
    }

    /// What the index must hold of an entry, whatever else is asked.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<Key> {
        let mut keys = BTreeSet::new();
        for word in &self.words {
            for (n, part) in word.iter().enumerate() {
                let pair = |other: &Part, gap: Gap| other.unit.single && part.unit.single && gap == Gap::None;
                let next = word.get(n + 1).filter(|next| pair(next, next.unit.gap));
                if let Some(next) = next {
                    keys.insert(Key::Is(format!("{}{}", part.unit.word, next.unit.word)));
                } else if part.begins {
                    keys.insert(Key::Begins(part.unit.word.clone()));
                } else if n == 0 || !pair(&word[n - 1], part.unit.gap) {
                    keys.insert(Key::Is(part.unit.word.clone()));
                }
            }
        }
        keys
    }

    /// The index alone does not tell: some words have parts that must stand side by side.
    #[must_use]
    pub fn needs_the_text(&self) -> bool {
        self.words.iter().any(|word| !told_by_keys(word))
    }

    /// Each word is found in one of these texts.
    #[must_use]
    pub fn finds<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let mut left: Vec<&Vec<Part>> = self.words.iter().collect();
        for text in texts {
            if left.is_empty() {
                break;
            }
            let units = units(text);
            left.retain(|word| !(0..units.len()).any(|at| end_of(word, &units, at).is_some()));
        }
        left.is_empty()
    }

    /// Where a text holds any of the words, and which, by its place in the search; in the order of the text.
    pub(super) fn places(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let units = units(text);
        let mut places = Vec::new();
        for at in 0..units.len() {
            for (n, word) in self.words.iter().enumerate() {
                if let Some(end) = end_of(word, &units, at) {
                    places.push((n, units[at].range.start..units[end - 1].range.end));
                }
            }
        }
        places
    }

    /// The stretches of a text that hold any of the words, in their order, and none over another.
    #[must_use]
    pub fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits: Vec<Range<usize>> = Vec::new();
        for (_, place) in self.places(text) {
            match hits.last_mut().filter(|last| place.start < last.end) {
                Some(last) => last.end = last.end.max(place.end),
                None => hits.push(place),
            }
        }
        hits
    }
}

/// A pair of characters stands in the index as such.
fn told_by_keys(word: &[Part]) -> bool {
    match word {
        [_] => true,
        [first, second] => first.unit.single && second.unit.single && second.unit.gap == Gap::None,
        _ => false,
    }
}

fn same(one: &[Part], other: &[Part]) -> bool {
    let of = |part: &Part| (part.unit.word.clone(), part.begins);
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| of(one) == of(other))
}

/// Behind which unit a word ends that begins at a place; none where it does not stand there.
fn end_of(word: &[Part], units: &[Unit], at: usize) -> Option<usize> {
    let Some((part, rest)) = word.split_first() else { return Some(at) };
    let unit = units.get(at)?;
    let fits = |held: &str| if part.begins { held.starts_with(&part.unit.word) } else { held == part.unit.word };
    let goes_on = |next: usize| match rest.first() {
        None => Some(next),
        Some(wanted) => {
            let near = units.get(next).is_some_and(|held| beside(&part.unit, &wanted.unit, held.gap));
            if near { end_of(rest, units, next) } else { None }
        }
    };
    let mended = unit.mended.as_deref().filter(|mended| fits(mended));
    (if fits(&unit.word) { goes_on(at + 1) } else { None }).or_else(|| mended.and_then(|_| goes_on(at + 2)))
}

/// Whether two parts of a word, which are written with what lies before the second, may lie so far apart in a text. A sign
/// between figures, or behind a letter that stands for a series, is part of the number; else it may be a space as well.
fn beside(first: &Unit, second: &Unit, held: Gap) -> bool {
    let most = match second.gap {
        Gap::None => Gap::None,
        Gap::Signs if second.is_number() && (first.is_number() || first.word.chars().count() == 1) => Gap::Signs,
        Gap::Signs | Gap::Spaces => Gap::Spaces,
        Gap::End => Gap::End,
    };
    held <= most
}

/// The words as they are typed; what stands in quotes is one. A quote inside a word is a sign like any other.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let inside = &rest[first.len_utf8()..];
        let closed = QUOTES.contains(&first).then(|| closing(inside)).flatten();
        if let Some((until, behind)) = closed {
            pieces.push(&inside[..until]);
            rest = inside[behind..].trim_start();
            continue;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    pieces
}

/// Where a quotation closes: at a quote that ends a word.
fn closing(inside: &str) -> Option<(usize, usize)> {
    inside.char_indices().find_map(|(at, c)| {
        let behind = at + c.len_utf8();
        let ends = inside[behind..].chars().next().is_none_or(char::is_whitespace);
        (QUOTES.contains(&c) && ends).then_some((at, behind))
    })
}

fn is_korean(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}
