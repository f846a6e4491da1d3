//! Whether two texts are the same text: sent again, or in another format.
//!
//! Promises that texts with equal keys differ in nothing but spacing, hyphenation, punctuation and case. The rest is a
//! matter of measure, and says “the same” only where nine words in ten agree and no title names another in the same place.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use strsim::osa_distance;

use crate::core::text::{self, wording::words};

/// Of the words of both texts, how many must agree for them to be renditions of one text.
const ALIKE: f64 = 0.9;

/// A key that equal texts share, whatever format they came in: SHA-256 of their letters and digits alone.
#[must_use]
pub fn content_key(text: &str) -> String {
    let letters: String = text::nfkc(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    hex::encode(Sha256::digest(letters))
}

/// Whether two texts are one text in two formats.
#[must_use]
pub fn same_text(one: &str, other: &str) -> bool {
    let (mut counts, mut total, mut shared) = (HashMap::<String, i64>::new(), 0_i64, 0_i64);
    for word in words(one) {
        *counts.entry(word).or_default() += 1;
        total += 1;
    }
    for word in words(other) {
        total += 1;
        if let Some(left) = counts.get_mut(&word).filter(|left| **left > 0) {
            *left -= 1;
            shared += 2;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
    let alike = total > 0 && shared as f64 >= ALIKE * total as f64;
    alike
}

/// How many words of a text its letterhead and its title take.
const TITLE_WORDS: usize = 60;
/// How many words a name takes.
const NAME_WORDS: usize = 5;
/// How many letters a reader of a page may mistake in a name.
const MISREAD: usize = 2;

/// Whether two texts are one text in two formats, of one and the same: what calls itself another’s is another text, however
/// much of it agrees.
#[must_use]
pub fn renditions(one: &str, other: &str) -> bool {
    same_text(one, other) && !name_another(one, other)
}

/// Whether the beginnings of two texts have different names in the same place: “contribution of Denmark to”, “contribution
/// of the Faroe Islands to”.
fn name_another(one: &str, other: &str) -> bool {
    let head = |text: &'_ str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.take(TITLE_WORDS).map(str::to_owned).collect()
    };
    let (one, other) = (head(one), head(other));
    let places = common(&one, &other);
    places.windows(2).any(|between| {
        let ((from, other_from), (to, other_to)) = (between[0], between[1]);
        another_name(&one[from + 1..to], &other[other_from + 1..other_to])
    })
}

/// The places of the words that two beginnings have in common, in their order.
fn common(one: &[String], other: &[String]) -> Vec<(usize, usize)> {
    let equal = |i: usize, j: usize| one[i].to_lowercase() == other[j].to_lowercase();
    let mut longest = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            longest[i][j] =
                if equal(i, j) { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, Vec::new());
    while i < one.len() && j < other.len() {
        if equal(i, j) {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

/// Whether what stands in one place of two texts are two names, and not one that was written or read in two ways.
fn another_name(one: &[String], other: &[String]) -> bool {
    let name = |word: &String| {
        word.chars().count() > 2 && word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
    };
    let named = |words: &[String]| words.len() <= NAME_WORDS && words.iter().any(name);
    named(one) && named(other) && osa_distance(&one.concat().to_lowercase(), &other.concat().to_lowercase()) > MISREAD
}
