//! The count of words that a limit is judged by.
//!
//! Promises one method for every script and every format, so that a count can be repeated by hand; it does not imitate
//! the quirks of any word processor, whose own counts differ from one another by a few in a thousand.

use super::invisible::is_invisible;

/// The number of words of `text`.
///
/// Method: each character of Chinese or Japanese writing, each Hangul character, each character of CJK punctuation
/// (U+3000 to U+303F) and each full-width or half-width form (U+FF00 to U+FFEF) is one word, as word processors count
/// them; every other unbroken run between white space is one word, whatever it is made of. Characters without width
/// (soft hyphens, joiners, direction marks, byte order marks) neither make nor break a word.
#[must_use]
pub fn count(text: &str) -> u64 {
    let mut words = 0;
    let mut inside = false;
    for c in text.chars() {
        if c.is_whitespace() {
            inside = false;
        } else if stands_alone(c) {
            words += 1;
            inside = false;
        } else if !is_invisible(c) && !c.is_control() && !inside {
            words += 1;
            inside = true;
        }
    }
    words
}

/// One character, one word.
pub(super) fn stands_alone(c: char) -> bool {
    is_han(c)
        || is_kana(c)
        || is_hangul(c)
        || (matches!(u32::from(c), 0x3000..=0x303F | 0xFF00..=0xFFEF) && !c.is_whitespace())
}

/// A character of Chinese writing.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FD5 | 0x3005 | 0x3007 | 0x3021..=0x3029 | 0x3038..=0x303B | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0x1_6FE2..=0x1_6FE3 | 0x1_6FF0..=0x1_6FF6 | 0x2_0000..=0x3_FFFD)
}

/// A character of the Japanese syllabaries.
#[must_use]
pub fn is_kana(c: char) -> bool {
    matches!(u32::from(c),
        0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FD..=0x30FF | 0x31F0..=0x31FF | 0x32D0..=0x32FE
        | 0x3300..=0x3357 | 0xFF66..=0xFF6F | 0xFF71..=0xFF9D | 0x1_AFF0..=0x1_B167 | 0x1_F200)
}

/// A Hangul syllable or letter.
#[must_use]
pub fn is_hangul(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x302E..=0x302F | 0x3131..=0x318E | 0x3200..=0x321E | 0x3260..=0x327E | 0xA960..=0xA97C
        | 0xAC00..=0xD7A3 | 0xD7B0..=0xD7FB | 0xFFA0..=0xFFDC)
}
