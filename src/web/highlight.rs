//! Finds the quotes of the evidence in what is shown, so that each can be looked at in its place.
//!
//! Promises that a mark covers words that are there, as whole words and whatever their case and spacing; a quote that is
//! not found is listed without a place. Marks never overlap: a quote within another leads to the other's mark.

use std::ops::Range;

use serde::Serialize;

use crate::core::judging::matching::Source;

/// Where a text stands on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    From,
    ReplyTo,
    Subject,
    Body,
    FileName(usize),
    FileText(usize),
}

/// A stretch of a text, marked or not.
#[derive(Serialize)]
pub(super) struct Stretch {
    text: String,
    mark: Option<Highlight>,
}

/// How a stretch is marked: the number of the state that it speaks for, and its own id on the page.
#[derive(Clone, Serialize)]
pub(super) struct Highlight {
    pub(super) id: String,
    pub(super) state: usize,
}

/// The texts of a page and the marks found in them.
#[derive(Default)]
pub(super) struct Texts<'a> {
    texts: Vec<Searched<'a>>,
    marks: usize,
}

struct Searched<'a> {
    place: Passage,
    text: &'a str,
    folded: Vec<(char, usize)>,
    found: Vec<(Range<usize>, Highlight)>,
}

impl<'a> Texts<'a> {
    /// Adds a text; an order of adding is an order of searching.
    pub(super) fn add(&mut self, place: Passage, text: &'a str) {
        self.texts.push(Searched { place, text, folded: fold(text), found: Vec::new() });
    }

    /// Marks a quote for a state and returns the id of its mark.
    pub(super) fn mark(&mut self, source: Source, quote: &str, state: usize) -> Option<String> {
        let quote: Vec<char> = fold(quote.trim()).into_iter().map(|(c, _)| c).collect();
        let id = format!("e{}", self.marks + 1);
        let from_the_end = source == Source::Signature;
        let mut texts = self.texts.iter_mut().filter(|t| may_hold(source, t.place));
        let (text, range) = texts.find_map(|t| find(&t.folded, &quote, t.text.len(), from_the_end).map(|r| (t, r)))?;
        if let Some((_, mark)) = text.found.iter().find(|(r, _)| r.start < range.end && range.start < r.end) {
            return Some(mark.id.clone());
        }
        text.found.push((range, Highlight { id: id.clone(), state }));
        self.marks += 1;
        Some(id)
    }

    /// A text in stretches.
    pub(super) fn runs(&mut self, place: Passage) -> Vec<Stretch> {
        let Some(text) = self.texts.iter_mut().find(|t| t.place == place) else { return Vec::new() };
        text.found.sort_by_key(|(range, _)| range.start);
        let mut runs = Vec::new();
        let mut at = 0;
        for (range, mark) in &text.found {
            if at < range.start {
                runs.push(Stretch { text: text.text[at..range.start].to_owned(), mark: None });
            }
            runs.push(Stretch { text: text.text[range.clone()].to_owned(), mark: Some(mark.clone()) });
            at = range.end;
        }
        if at < text.text.len() {
            runs.push(Stretch { text: text.text[at..].to_owned(), mark: None });
        }
        runs
    }
}

fn may_hold(source: Source, place: Passage) -> bool {
    match source {
        Source::Contact | Source::SenderDomain | Source::LocalPart | Source::DisplayName | Source::Authentication => {
            place == Passage::From
        }
        Source::ReplyTo => place == Passage::ReplyTo,
        Source::Subject => place == Passage::Subject,
        Source::FileName => matches!(place, Passage::FileName(_)),
        Source::Letterhead | Source::Title => matches!(place, Passage::FileText(_)),
        Source::NoteVerbale | Source::Signature | Source::Body => matches!(place, Passage::Body | Passage::FileText(_)),
        Source::History => false,
    }
}

/// Lower case, with runs of white space as one space; every letter with the byte at which it began.
fn fold(text: &str) -> Vec<(char, usize)> {
    let mut folded: Vec<(char, usize)> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if folded.last().is_none_or(|(last, _)| *last != ' ') {
                folded.push((' ', at));
            }
        } else {
            folded.extend(c.to_lowercase().map(|low| (low, at)));
        }
    }
    folded
}

/// The bytes of a quote in a text, as whole words; where a script writes without spaces, as any stretch.
fn find(text: &[(char, usize)], quote: &[char], end: usize, from_the_end: bool) -> Option<Range<usize>> {
    let (first, last) = (*quote.first()?, *quote.last()?);
    let stretches = text.windows(quote.len()).enumerate().filter(|(_, w)| w.iter().map(|(c, _)| c).eq(quote));
    let whole = |at: usize| {
        let before = at.checked_sub(1).map(|i| text[i].0);
        let after = text.get(at + quote.len()).map(|(c, _)| *c);
        (!is_word(first) || before.is_none_or(|c| !is_word(c))) && (!is_word(last) || after.is_none_or(|c| !is_word(c)))
    };
    let mut places = stretches.map(|(at, _)| at).filter(|at| whole(*at));
    let at = if from_the_end { places.next_back() } else { places.next() }?;
    Some(text[at].1..text.get(at + quote.len()).map_or(end, |(_, byte)| *byte))
}

/// A letter of a script that parts its words by spaces, or a digit.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{2e80}'
}
