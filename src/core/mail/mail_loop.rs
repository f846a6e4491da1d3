//! Whose turn it is: whether a message without a document is owed a letter so soon after another of ours.
//!
//! Two programs that answer each other's letters do so for ever, and no header need give the other one away. Promises that
//! what follows a letter of ours within a day, and brings neither a document nor much that is new, gets none: a person sees
//! it. Goes by the words alone, and trusts nothing that a program could leave out. A robot that sends a document each time
//! is stopped by the caps.

use std::{collections::HashSet, time::Duration};

use serde::{Deserialize, Serialize};

use crate::core::{phrase::Phrase, text::wording::words};

/// For how long a letter of ours counts.
pub const LATELY: Duration = Duration::from_hours(24);
/// From so many new words on, a text is owed a receipt of its own.
const NEW_WORDS: usize = 150;
/// After so many letters no text gets a further one, however new it is.
const LETTERS: usize = 2;
/// So many numbers of a text are looked at.
const NUMBERS: usize = 20;
/// Words that stand in a row in a text that is known are not new.
const IN_A_ROW: usize = 3;

/// A letter that went to an address lately, and what it answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The subject of the letter.
    pub subject: String,
    /// Its text.
    pub letter: String,
    /// The text of the message that it answered.
    pub answered: String,
}

/// Why the turn is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Over {
    /// The text is short, or repeats what was written before, here or there.
    NothingNew,
    /// Letters went there already.
    Letters {
        /// So many.
        letters: u64,
    },
}

impl Over {
    /// The reason in a sentence for a person.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NothingNew => Phrase::of("loop.nothing_new"),
            Self::Letters { letters } => Phrase::of("loop.letters").with("letters", letters),
        }
    }
}

/// Whether the turn is over for a message without a document, by the sender's own words and the letters that went to that
/// address lately.
#[must_use]
pub fn over(own_words: &str, lately: &[Turn]) -> Option<Over> {
    if lately.is_empty() {
        None
    } else if new_words(own_words, lately) < NEW_WORDS {
        Some(Over::NothingNew)
    } else {
        (lately.len() >= LETTERS).then_some(Over::Letters { letters: lately.len() as u64 })
    }
}

/// The intake numbers that a text names, as our letters write them: a peer may answer each letter under an address of its
/// own.
#[must_use]
pub fn numbers(text: &str) -> Vec<i64> {
    let digits = |rest: &str| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = |(_, rest): (&str, &str)| (digits(rest) >= 6).then(|| rest[..digits(rest)].parse().ok()).flatten();
    let mut numbers: Vec<i64> =
        text.match_indices("M-").filter_map(|(at, _)| number(text.split_at(at + 2))).take(NUMBERS).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The docket references of a call that a text names, by what they begin with.
#[must_use]
pub fn references(text: &str, prefix: &str) -> Vec<String> {
    let text = text.to_ascii_uppercase();
    let reference = |(at, _): (usize, &str)| {
        let number = text[at + prefix.len()..].strip_prefix('-')?;
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        (digits.len() >= 4).then(|| format!("{prefix}-{digits}"))
    };
    text.match_indices(&prefix.to_ascii_uppercase()).filter_map(reference).collect()
}

/// How many words stand in no row that is known.
fn new_words(text: &str, lately: &[Turn]) -> usize {
    let known = lately.iter().flat_map(|turn| [&turn.subject, &turn.letter, &turn.answered]);
    let known: Vec<Vec<String>> = known.map(|text| words(text).collect()).collect();
    let known: HashSet<&[String]> = known.iter().flat_map(|words| words.windows(IN_A_ROW)).collect();
    let own: Vec<String> = words(text).collect();
    let mut new = vec![true; own.len()];
    for (at, row) in own.windows(IN_A_ROW).enumerate() {
        if known.contains(row) {
            new[at..at + IN_A_ROW].fill(false);
        }
    }
    new.into_iter().filter(|new| *new).count()
}
