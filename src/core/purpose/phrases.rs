//! Finds the phrases of long lists in a folded text, all lists in one pass.
//!
//! A phrase is words as they are written; `*` at the end of a word lets it go on, and `…` leaves room for other words of the
//! same sentence. Promises that a phrase is found only where its words stand by themselves: in scripts without spaces
//! anywhere, in Arabic and Hebrew also behind the letters that are written together with the word that follows.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::AhoCorasick;

use crate::core::text::fold::{fold, is_unspaced};

/// How many bytes of the folded text may lie between the pieces of a phrase.
const ROOM: usize = 90;

/// A phrase that was found, and where in the folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::core) struct Found<T> {
    /// What the phrase stands for.
    pub(in crate::core) meaning: T,
    /// Its place.
    pub(in crate::core) range: Range<usize>,
}

/// Lists of phrases, each with what it stands for.
pub(in crate::core) struct Phrases<T> {
    /// The longest word of each piece.
    anchors: AhoCorasick,
    /// By anchor, the pieces that hold it: phrase and number of the piece.
    pieces: Vec<Vec<(usize, usize)>>,
    all: Vec<Phrase<T>>,
}

struct Phrase<T> {
    meaning: T,
    pieces: Vec<Piece>,
}

struct Piece {
    words: Vec<Word>,
    /// Which word is looked for.
    anchor: usize,
}

struct Word {
    text: String,
    goes_on: bool,
}

impl<T: Copy> Phrases<T> {
    /// The lists in the form in which they are searched.
    pub(in crate::core) fn new<'a>(lists: impl IntoIterator<Item = (T, &'a str)>) -> Self {
        let mut anchors: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        let mut phrases = Vec::new();
        for (meaning, written) in lists {
            let pieces: Vec<Piece> = written.split('…').filter_map(piece).collect();
            for (n, piece) in pieces.iter().enumerate() {
                anchors.entry(piece.words[piece.anchor].text.clone()).or_default().push((phrases.len(), n));
            }
            if !pieces.is_empty() {
                phrases.push(Phrase { meaning, pieces });
            }
        }
        let (words, pieces): (Vec<String>, Vec<_>) = anchors.into_iter().unzip();
        let anchors = AhoCorasick::new(words).expect("lists of words are far below the limits of the automaton");
        Self { anchors, pieces, all: phrases }
    }

    /// All phrases in a folded text, in the order of their ends. `same` says whether two places stand in one sentence.
    pub(in crate::core) fn find(&self, text: &str, same: impl Fn(usize, usize) -> bool) -> Vec<Found<T>> {
        let mut found = Vec::new();
        let mut parts: BTreeMap<(usize, usize), Vec<Range<usize>>> = BTreeMap::new();
        for hit in self.anchors.find_overlapping_iter(text) {
            for &(p, n) in &self.pieces[hit.pattern().as_usize()] {
                let phrase = &self.all[p];
                let Some(range) = phrase.pieces[n].around(text, hit.start(), hit.end()) else { continue };
                if !same(range.start, range.end) {
                    continue;
                }
                if phrase.pieces.len() == 1 {
                    found.push(Found { meaning: phrase.meaning, range });
                } else {
                    parts.entry((p, n)).or_default().push(range);
                }
            }
        }
        for (&(p, n), starts) in &parts {
            if n > 0 {
                continue;
            }
            let phrase = &self.all[p];
            for start in starts {
                let mut end = start.end;
                let whole = (1..phrase.pieces.len()).all(|n| {
                    let next = parts.get(&(p, n)).and_then(|ranges| {
                        ranges.iter().find(|r| r.start > end && r.start - end <= ROOM && same(start.start, r.end))
                    });
                    next.inspect(|r| end = r.end).is_some()
                });
                if whole {
                    found.push(Found { meaning: phrase.meaning, range: start.start..end });
                }
            }
        }
        found.sort_by_key(|found| found.range.start);
        found
    }
}

/// The words of a piece; none where nothing is written.
fn piece(written: &str) -> Option<Piece> {
    let mut words = Vec::new();
    for word in written.split_whitespace() {
        let goes_on = word.ends_with('*');
        let folded = fold(word.trim_end_matches('*'));
        let last = folded.split(' ').count();
        for (n, text) in folded.split(' ').enumerate().filter(|(_, text)| !text.is_empty()) {
            words.push(Word { text: text.to_owned(), goes_on: goes_on && n + 1 == last });
        }
    }
    let anchor = (0..words.len()).max_by_key(|&i| words[i].text.len())?;
    Some(Piece { words, anchor })
}

impl Piece {
    /// The place of the piece whose anchor stands there, if its other words stand beside it.
    fn around(&self, text: &str, start: usize, end: usize) -> Option<Range<usize>> {
        let word = self.words[self.anchor].end(text, start, end)?;
        let begins = if self.anchor == 0 { joined_before(text, start) } else { begins_word(text, start) };
        if !begins {
            return None;
        }
        let (mut from, mut to) = (start, word);
        for (n, word) in self.words[..self.anchor].iter().enumerate().rev() {
            let before = text[..from].strip_suffix(' ')?;
            let at = before.rfind(' ').map_or(0, |at| at + 1);
            let written = &before[at..];
            from = if n == 0 && written.len() > word.text.len() && !word.goes_on {
                let at = before.len().checked_sub(word.text.len())?;
                (before.is_char_boundary(at) && joined_before(text, at)).then_some(at)?
            } else {
                at
            };
            if !word.is(&before[from..]) {
                return None;
            }
        }
        for word in &self.words[self.anchor + 1..] {
            let after = text[to..].strip_prefix(' ')?;
            let length = after.find(' ').unwrap_or(after.len());
            if !word.is(&after[..length]) {
                return None;
            }
            to += 1 + length;
        }
        Some(from..to)
    }
}

impl Word {
    fn is(&self, written: &str) -> bool {
        if self.goes_on { written.starts_with(&self.text) } else { written == self.text }
    }

    /// Where the word ends that begins as this one, if it is this one.
    fn end(&self, text: &str, start: usize, end: usize) -> Option<usize> {
        let next = text[end..].chars().next();
        let unspaced = text[start..end].chars().next_back().is_some_and(is_unspaced);
        if unspaced || next.is_none_or(|c| c == ' ' || is_unspaced(c)) {
            return Some(end);
        }
        self.goes_on.then(|| text[end..].find(' ').map_or(text.len(), |n| end + n))
    }
}

/// Whether a word begins there.
fn begins_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_none_or(|c| c == ' ' || is_unspaced(c)) || text[at..].chars().next().is_some_and(is_unspaced)
}

/// Whether a word begins there, or stands behind letters that are written together with it.
fn joined_before(text: &str, at: usize) -> bool {
    if begins_word(text, at) {
        return true;
    }
    let start = text[..at].rfind(' ').map_or(0, |at| at + 1);
    let before = &text[start..at];
    let arabic = before.chars().all(|c| matches!(c, 'و' | 'ف' | 'ب' | 'ل' | 'ك' | 'ا'));
    let hebrew = before.chars().all(|c| matches!(c, 'ו' | 'ה' | 'ב' | 'ל' | 'מ' | 'ש' | 'כ'));
    before.chars().count() <= 4 && (arabic || hebrew)
}
