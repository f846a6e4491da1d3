//! A text by its sentences, each with the cues that stand in it.
//!
//! Promises that addresses and links are no words: a mailbox called “input” makes no letter an input.

use std::ops::Range;

use super::{
    addresses,
    cue::{CUES, Cue, Meaning},
    day,
    phrases::Found,
    topic::Topic,
};
use crate::core::text::fold::Folded;

/// How long a quotation may be, in characters.
const LONGEST_QUOTE: usize = 180;

/// Within how many bytes a word denies another.
const NEAR: usize = 14;

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Sentences that run on from line to line.
    Prose,
    /// Lines that stand for themselves, as in a title.
    Lines,
}

/// A text by its sentences.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    /// The sentences in their order.
    pub(super) sentences: Vec<Sentence>,
}

/// A sentence, or a line that stands for itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    /// As it was written, on one line.
    pub(super) text: String,
    /// Its place in the text.
    pub(super) range: Range<usize>,
    /// How many words it has.
    pub(super) words: usize,
    /// What stands in it, in order.
    pub(super) hits: Vec<Hit>,
    /// The numbers of objectives that it names.
    pub(super) goals: Vec<u8>,
    /// The days that it names, as day and month.
    pub(super) days: Vec<(i8, i8)>,
}

/// A cue in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it is about.
    pub(super) meaning: Meaning,
    /// Its place in the folded text.
    pub(super) at: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// It begins the sentence.
    pub(super) first: bool,
}

impl Passage {
    /// Reads a text.
    pub(super) fn read(text: &str, layout: Layout, topic: &Topic) -> Self {
        let text = &addresses::left_out(text, |word| topic.is_mailbox(word));
        let bounds = bounds(text, layout);
        let mut sentences: Vec<Sentence> = bounds
            .windows(2)
            .map(|pair| {
                let written = text.get(pair[0]..pair[1]).unwrap_or_default();
                Sentence {
                    text: written.split_whitespace().collect::<Vec<_>>().join(" "),
                    range: pair[0]..pair[1],
                    words: count(written),
                    ..Sentence::default()
                }
            })
            .collect();
        let folded = Folded::new(text);
        let mut months: Vec<Found<Meaning>> = Vec::new();
        let mut spoken = [0_usize; 256];
        let of = |at: usize| bounds.partition_point(|&bound| bound <= folded.origin(at)).saturating_sub(1);
        let same = |a: usize, b: usize| of(a) == of(b.saturating_sub(1));
        let first = |at: usize| at == 0 || of(at - 1) != of(at) || at > 1 && of(at - 2) != of(at);
        for found in CUES.find(folded.text(), same).into_iter().chain(topic.phrases().find(folded.text(), same)) {
            let at = found.range.start;
            spoken[usize::from(found.meaning.language)] += 1;
            if let Some(sentence) = sentences.get_mut(of(at)) {
                if found.meaning.cue == Cue::Goal {
                    sentence.goals.extend(goals(folded.text(), &found.range));
                }
                if found.meaning.cue == Cue::Months {
                    months.push(found.clone());
                }
                sentence.hits.push(Hit { meaning: found.meaning, at, end: found.range.end, first: first(at) });
            }
        }
        months.sort_by_key(|month| std::cmp::Reverse(spoken[usize::from(month.meaning.language)]));
        for (n, month) in months.iter().enumerate() {
            // The same word is October in one language and November in another: the language of the other words decides.
            let named = months[..n].iter().any(|other| other.range == month.range);
            if let Some(sentence) = sentences.get_mut(of(month.range.start)).filter(|_| !named) {
                sentence.days.extend(day::beside_month(folded.text(), &month.range, month.meaning.nth));
            }
        }
        for sentence in &mut sentences {
            sentence.keep_the_call();
            sentence.days.extend(day::in_figures(&sentence.text));
        }
        sentences.retain(|sentence| !sentence.text.is_empty());
        Self { sentences }
    }

    /// Whether a cue stands anywhere.
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.sentences.iter().any(|sentence| sentence.has(cue))
    }

    /// The first sentence with a cue.
    pub(super) fn first(&self, cue: Cue) -> Option<&Sentence> {
        self.sentences.iter().find(|sentence| sentence.has(cue))
    }
}

impl Sentence {
    /// Words of the call are no other business, whatever they are for other calls.
    fn keep_the_call(&mut self) {
        let call: Vec<(usize, usize)> =
            self.hits.iter().filter(|hit| hit.meaning.cue == Cue::Call).map(|hit| (hit.at, hit.end)).collect();
        let within = |hit: &Hit| call.iter().any(|&(at, end)| at < hit.end && hit.at < end);
        self.hits.retain(|hit| hit.meaning.cue != Cue::Other || !within(hit));
    }

    /// Whether a cue stands in it.
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.at(cue).is_some()
    }

    /// Where a cue stands first.
    pub(super) fn at(&self, cue: Cue) -> Option<usize> {
        self.hits.iter().filter(|hit| hit.meaning.cue == cue).map(|hit| hit.at).min()
    }

    /// Whether a cue stands in it that is not denied.
    pub(super) fn affirms(&self, cue: Cue) -> bool {
        // A phrase that holds its own denial, as “cannot meet the deadline”, is denied by another only.
        let denied = |of: &Hit| {
            let near =
                |hit: &Hit| hit.at + NEAR >= of.at && hit.at <= of.at + NEAR && !(of.at..of.end).contains(&hit.at);
            self.hits.iter().any(|hit| hit.meaning.cue == Cue::Not && near(hit))
        };
        self.hits.iter().any(|hit| hit.meaning.cue == cue && !denied(hit))
    }

    /// Whether a cue stands in it by itself, not as a part of another.
    pub(super) fn stands_apart(&self, cue: Cue, other: Cue) -> bool {
        let within = |hit: &Hit| {
            let covers = |o: &Hit| o.meaning.cue == other && o.at <= hit.at && hit.end <= o.end;
            self.hits.iter().any(covers)
        };
        self.hits.iter().any(|hit| hit.meaning.cue == cue && !within(hit))
    }

    /// Whether it begins with a word that marks what stands below it, or behind it, as a draft.
    pub(super) fn is_marked_draft(&self) -> bool {
        let text = self.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = text.trim_start_matches(char::is_alphanumeric).trim_start();
        // “Projet”, “Projet – …”, “Projet du 5 octobre”, and not “Projet de loi”.
        let by_itself = rest.chars().next().is_none_or(|c| !c.is_alphabetic())
            || rest.split_whitespace().take(2).any(|word| word.contains(|c: char| c.is_ascii_digit()));
        (self.begins(Cue::Draft) || self.begins(Cue::Mark)) && by_itself
    }

    /// Whether it begins with a cue.
    pub(super) fn begins(&self, cue: Cue) -> bool {
        self.hits.iter().any(|hit| hit.meaning.cue == cue && hit.first)
    }

    /// As it may be quoted.
    pub(super) fn quote(&self) -> String {
        shortened(&self.text)
    }

    /// Whether it asks.
    pub(super) fn asks(&self) -> bool {
        let greek = |c: char| matches!(u32::from(c), 0x370..=0x3FF | 0x1F00..=0x1FFF);
        let text = self.text.trim_end_matches(['"', '”', '»', ')', ' ']);
        text.ends_with(['?', '？', '؟', '\u{37e}']) || text.contains('՞') || text.ends_with(';') && text.contains(greek)
    }
}

/// A text as it may be quoted.
pub(super) fn shortened(text: &str) -> String {
    let mut quote: String = text.chars().take(LONGEST_QUOTE).collect();
    if quote.len() < text.len() {
        quote.push('…');
    }
    quote
}

/// Words, counted roughly: a character of Chinese writing is half a word.
fn count(text: &str) -> usize {
    let han = text.chars().filter(|c| crate::core::text::words::is_han(*c)).count();
    if han > 0 { han / 2 + 1 } else { text.split_whitespace().count() }
}

/// The sentences of a letter, by their places in it.
pub(in crate::core) fn sentences(text: &str) -> Vec<Range<usize>> {
    let bounds = bounds(text, Layout::Prose);
    let sentences = bounds.windows(2).map(|pair| pair[0]..pair[1]);
    sentences.filter(|sentence| !text[sentence.clone()].trim().is_empty()).collect()
}

/// Where sentences begin, and where the text ends.
fn bounds(text: &str, layout: Layout) -> Vec<usize> {
    let mut bounds = vec![0];
    let mut word = 0_usize;
    let mut line = 0_usize;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let next = chars.peek().map(|&(_, next)| next);
        let stop = match c {
            '。' | '！' | '？' | '；' | '؟' | '։' => true,
            '.' | '!' | '?' | ';' | '…' => {
                word > 2 && next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '”' | '»' | ')'))
            }
            '\n' => {
                let after = text[end..].trim_start_matches([' ', '\t', '\u{a0}']);
                let blank = after.starts_with('\n');
                let begins = after.chars().next();
                let fresh =
                    begins.is_none_or(|c| !c.is_lowercase() && (c.is_alphanumeric() || "-–—•*·▪[(„“\"«".contains(c)));
                blank || fresh && (layout == Layout::Lines || line < 46)
            }
            _ => false,
        };
        word = match c {
            c if c.is_alphanumeric() => word + 1,
            ')' | '"' | '”' | '»' | '“' | '’' => word.max(3),
            _ => 0,
        };
        line = if c == '\n' { 0 } else { line + 1 };
        if stop && bounds.last() != Some(&end) {
            bounds.push(end);
        }
    }
    if bounds.last() != Some(&text.len()) {
        bounds.push(text.len());
    }
    bounds
}

/// The numbers of objectives beside a word for one.
fn goals(text: &str, word: &Range<usize>) -> Vec<u8> {
    let number = |word: &str| {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u8>().ok().filter(|n| (1..=23).contains(n))
    };
    let before = text[..word.start].trim_end().rsplit(' ').next().and_then(number);
    let mut numbers: Vec<u8> = Vec::new();
    let mut others = 0;
    for token in text[word.end..].split(' ').filter(|token| !token.is_empty()).take(12) {
        match number(token) {
            Some(n) => {
                numbers.push(n);
                others = 0;
            }
            None if others == 0 && !numbers.is_empty() && token.chars().count() <= 3 => others = 1,
            None => break,
        }
    }
    if numbers.is_empty() { before.into_iter().collect() } else { numbers }
}
