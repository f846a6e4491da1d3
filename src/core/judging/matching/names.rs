//! The names of states in running text: one automaton over folded text.
//!
//! Promises the longest name that stands at word edges, in any script; a name inside a longer one, and what the tables
//! say is no state's, never answers for the state. It says what is named, not whether that means anything.

use std::{collections::HashMap, ops::Range};

use aho_corasick::{AhoCorasick, Input, MatchKind};

use crate::core::iso3::Iso3;
use crate::core::text::fold::{Folded, is_unspaced};

/// How a name may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A name as any other.
    Plain,
    /// Counts only beside an authority's name or in a note verbale: Holland, America.
    Weak,
    /// Also a person's name: Jordan, Chad, Georgia.
    GivenName,
    /// An adjective or the people's name: Norwegian.
    Demonym,
    /// Capitals that stand for a name: УК, T.C.
    Abbreviation,
    /// Names several states at once: Benelux.
    Group,
}

/// What a pattern stands for.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The states it may mean; none where it is no state's.
    pub(super) states: Vec<Iso3>,
    /// How it may be read.
    pub(super) reading: Reading,
    /// For an abbreviation, its letters as they must be written.
    letters: Option<String>,
}

/// A name found in a folded text.
#[derive(Clone, Debug)]
pub(super) struct Mention<'n> {
    /// Where, in the folded text.
    pub(super) range: Range<usize>,
    /// What it stands for.
    pub(super) name: &'n Name,
}

/// The names while they are gathered: the first entry of a spelling stays.
#[derive(Default)]
pub(super) struct NameList {
    names: HashMap<String, Name>,
}

impl NameList {
    /// Adds a folded spelling unless it is taken; says whose it was.
    pub(super) fn add(&mut self, folded: String, states: &[Iso3], reading: Reading) -> Option<&Name> {
        self.insert(folded, Name { states: states.to_vec(), reading, letters: None })
    }

    /// Adds an abbreviation, which must be written as it is here but for its dots.
    pub(super) fn add_abbreviation(&mut self, folded: String, written: &str, states: &[Iso3]) {
        let letters = Some(letters_of(written));
        self.insert(folded, Name { states: states.to_vec(), reading: Reading::Abbreviation, letters });
    }

    fn insert(&mut self, folded: String, name: Name) -> Option<&Name> {
        use std::collections::hash_map::Entry;
        if folded.is_empty() {
            return None;
        }
        match self.names.entry(folded) {
            Entry::Occupied(taken) => Some(taken.into_mut()),
            Entry::Vacant(free) => {
                free.insert(name);
                None
            }
        }
    }

    /// Whether a spelling stands for something else than one state.
    pub(super) fn taken_by_other(&self, folded: &str, iso3: Iso3) -> bool {
        self.names.get(folded).is_some_and(|n| n.states != [iso3])
    }

    /// Changes how a spelling is read, where it is listed.
    pub(super) fn read_as(&mut self, folded: &str, reading: Reading) {
        if let Some(name) = self.names.get_mut(folded) {
            name.reading = reading;
        }
    }

    /// The automaton over all spellings.
    pub(super) fn build(self) -> Result<Names, aho_corasick::BuildError> {
        let mut pairs: Vec<(String, Name)> = self.names.into_iter().collect();
        pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
            .build(pairs.iter().map(|(spelling, _)| spelling))?;
        let (spellings, meanings): (Vec<String>, Vec<Name>) = pairs.into_iter().unzip();
        let mut beginnings: HashMap<char, Vec<usize>> = HashMap::new();
        let mut by_length: Vec<usize> = (0..spellings.len()).collect();
        by_length.sort_by_key(|at| spellings[*at].len());
        for at in by_length {
            for letter in beginning(&spellings[at]) {
                beginnings.entry(letter).or_default().push(at);
            }
        }
        Ok(Names { automaton, spellings, meanings, beginnings })
    }
}

/// All names, ready to be found.
#[derive(Debug)]
pub(super) struct Names {
    automaton: AhoCorasick,
    /// Sorted.
    spellings: Vec<String>,
    /// What each spelling stands for.
    meanings: Vec<Name>,
    /// Where the spellings are that have a letter as their first or second, the shortest first.
    beginnings: HashMap<char, Vec<usize>>,
}

impl Names {
    /// Every name in a text, in its order, without those that are no state's.
    pub(super) fn mentions(&self, text: &Folded<'_>) -> Vec<Mention<'_>> {
        let folded = text.text();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(hit) = self.automaton.find(Input::new(folded).range(at..)) {
            // The longest that ends inside a word may hide a shorter one that does not.
            let mut candidate = Some(hit);
            while let Some(hit) = candidate {
                if at_word_edges(folded, hit.range()) {
                    break;
                }
                let shorter = floor(folded, hit.end() - 1);
                candidate = self
                    .automaton
                    .find(Input::new(folded).range(hit.start()..shorter))
                    .filter(|m| m.start() == hit.start() && m.end() < hit.end());
            }
            let Some(hit) = candidate else {
                at = ceil(folded, hit.start() + 1);
                continue;
            };
            let name = &self.meanings[hit.pattern().as_usize()];
            at = hit.end();
            let written = name.letters.as_ref().is_none_or(|l| *l == letters_of(text.quote(hit.range())));
            if written && !name.states.is_empty() {
                found.push(Mention { range: hit.range(), name });
            }
        }
        found
    }

    /// The name with exactly this folded spelling.
    pub(super) fn exact(&self, folded: &str) -> Option<&Name> {
        let at = self.spellings.binary_search_by(|s| s.as_str().cmp(folded)).ok()?;
        Some(&self.meanings[at])
    }

    /// The spellings and what they stand for.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.spellings.iter().map(String::as_str).zip(&self.meanings)
    }

    /// The spellings of which one of the first two letters is one of these words' first two, and whose length in bytes is
    /// within a distance of theirs, with what they stand for; one may come twice.
    pub(super) fn beginning_alike(&self, words: &str, within: usize) -> impl Iterator<Item = (&str, &Name)> {
        let (shortest, longest) = (words.len().saturating_sub(within), words.len() + within);
        beginning(words).filter_map(move |letter| self.beginnings.get(&letter)).flat_map(move |all| {
            let first = all.partition_point(|at| self.spellings[*at].len() < shortest);
            let fitting = all[first..].iter().take_while(move |at| self.spellings[**at].len() <= longest);
            fitting.map(move |at| (self.spellings[*at].as_str(), &self.meanings[*at]))
        })
    }
}

/// The first two letters of words, once where they are the same.
fn beginning(words: &str) -> impl Iterator<Item = char> + use<> {
    let mut letters = words.chars();
    let first = letters.next();
    let second = letters.next().filter(|letter| Some(*letter) != first);
    first.into_iter().chain(second)
}

/// The letters and digits of an abbreviation, without its dots.
fn letters_of(written: &str) -> String {
    written.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

/// Whether a stretch begins and ends with its words. Scripts without spaces have no edges; in Arabic the clitics
/// و ف ب ك ل, alone or before the article, belong to the word.
fn at_word_edges(text: &str, range: Range<usize>) -> bool {
    let (before, inside, after) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let (first, last) = (inside.chars().next(), inside.chars().last());
    let right = last.is_some_and(is_unspaced) || after.chars().next().is_none_or(|c| c == ' ' || is_unspaced(c));
    if !right {
        return false;
    }
    if first.is_some_and(is_unspaced) || before.chars().next_back().is_none_or(|c| c == ' ' || is_unspaced(c)) {
        return true;
    }
    if !first.is_some_and(|c| ('\u{600}'..='\u{6ff}').contains(&c)) {
        return false;
    }
    let word = before.rsplit(' ').next().unwrap_or("");
    let clitics = word.strip_suffix("ال").unwrap_or(word);
    clitics.chars().count() <= 2 && clitics.chars().all(|c| matches!(c, 'و' | 'ف' | 'ب' | 'ك' | 'ل'))
}
