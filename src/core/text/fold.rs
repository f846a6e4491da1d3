//! Text as it is compared: lower case, no diacritics, one space between words.
//!
//! Promises that composed and decomposed Unicode, lost diacritics and any punctuation between words read the same, and
//! that every stretch of the folded text leads back to the words as they were written. It does not translate and never
//! merges names that differ by a letter.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::core::text::invisible::is_invisible;

/// A text and its folded form, byte by byte.
#[derive(Clone, Debug)]
pub(in crate::core) struct Folded<'t> {
    original: &'t str,
    text: String,
    /// For every byte of `text`, where its character starts in `original`.
    origin: Vec<u32>,
}

impl<'t> Folded<'t> {
    /// Folds a text; the caller bounds its length.
    pub(in crate::core) fn new(original: &'t str) -> Self {
        let mut folded =
            Self { original, text: String::with_capacity(original.len()), origin: Vec::with_capacity(original.len()) };
        for (at, c) in original.char_indices() {
            // Longer texts than 4 GiB never come here; a wrapped offset would only misquote.
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), c.is_ascii_alphanumeric(), at);
            } else if let Some(letters) = spelled_out(c) {
                letters.chars().for_each(|l| folded.push(l, true, at));
            } else if !is_invisible(c) {
                decompose_compatible(c, |d| {
                    if !is_combining_mark(d) {
                        for l in d.to_lowercase().filter(|l| !is_combining_mark(*l)) {
                            folded.push(arabic_spelling(l), l.is_alphanumeric() && !is_apostrophe(l), at);
                        }
                    }
                });
            }
        }
        if folded.text.ends_with(' ') {
            folded.text.pop();
            folded.origin.pop();
        }
        folded
    }

    fn push(&mut self, c: char, in_word: bool, at: u32) {
        if in_word {
            self.text.push(c);
        } else if self.text.is_empty() || self.text.ends_with(' ') {
            return;
        } else {
            self.text.push(' ');
        }
        self.origin.resize(self.text.len(), at);
    }

    /// The folded text.
    pub(in crate::core) fn text(&self) -> &str {
        &self.text
    }

    /// Where in the text as it was written the character at this place of the folded text stands.
    pub(in crate::core) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).map_or(self.original.len(), |&at| at as usize)
    }

    /// Where the words that this stretch of the folded text was made of stand; nowhere of one that is none.
    pub(in crate::core) fn written(&self, range: Range<usize>) -> Range<usize> {
        let (Some(&from), Some(&last)) = (self.origin.get(range.start), self.origin.get(range.end.wrapping_sub(1)))
        else {
            return 0..0;
        };
        let (from, last) = (from as usize, last as usize);
        let end = self.original[last..].chars().next().map_or(last, |c| last + c.len_utf8());
        from..end.max(from)
    }

    /// The words as they were written.
    pub(in crate::core) fn quote(&self, range: Range<usize>) -> &'t str {
        self.original.get(self.written(range)).unwrap_or("")
    }

    /// What stands between two places of the folded text, as it was written: separators that folding removed.
    pub(in crate::core) fn written_after(&self, end: usize) -> &'t str {
        let from = match self.origin.get(end.wrapping_sub(1)) {
            Some(&last) => {
                let last = last as usize;
                self.original[last..].chars().next().map_or(last, |c| last + c.len_utf8())
            }
            None => 0,
        };
        self.original.get(from..).unwrap_or("")
    }
}

impl<'t> Folded<'t> {
    /// What is written between the end of one word of the folded text and the beginning of a later one.
    pub(in crate::core) fn between(&self, end: usize, start: usize) -> &'t str {
        let rest = self.written_after(end);
        let from = self.original.len() - rest.len();
        let to = self.origin.get(start).map_or(self.original.len(), |&at| at as usize);
        self.original.get(from..to).unwrap_or("")
    }
}

/// The folded form alone.
pub(in crate::core) fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// Letters that Unicode does not take apart, as they are written where they are missing.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ħ' | 'Ħ' => "h",
        'ı' => "i",
        'ə' | 'Ə' => "e",
        _ => return None,
    })
}

/// One letter for the spellings that Arabic and Persian writers use side by side.
fn arabic_spelling(c: char) -> char {
    match c {
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        other => other,
    }
}

/// Letters by their class, but apostrophes in use: Oʻzbekiston.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2b9}'..='\u{2bf}' | '\u{55a}' | '\u{5f3}' | '\u{5f4}')
}

/// Scripts written without spaces between words.
pub(in crate::core) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}')
}

/// The text up to a length, cut at a character.
pub(in crate::core) fn head_of(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
