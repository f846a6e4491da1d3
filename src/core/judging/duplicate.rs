//! Whether two texts are the same text: sent again, or in another format.
//!
//! Promises that texts with equal keys differ in nothing but spacing, hyphenation, punctuation and case. The rest is a
//! matter of measure, and says “the same” only where nine words in ten agree.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

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
