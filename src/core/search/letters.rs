//! One character as it is compared.
//!
//! Whatever is a way of writing falls away: case, accents, vowel marks, the forms that a font gives a letter, a stroke
//! through it. What makes another letter stays: the short of й and ў, the points of ї, the accents of ѓ and ќ, which their
//! alphabets count as letters (ё is written е by most and is none of them); the voiced marks of Japanese; the vowel signs
//! of India.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What a character is in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// It stands in a word.
    In(char),
    /// It stands in a word, and goes with the letter before.
    Mark(char),
    /// A mark that makes another letter of some.
    Maybe(char),
    /// Nobody sees it, or it makes no difference: as if it were not there.
    Nothing,
    /// No word goes on over it.
    Outside(char),
}

/// Yields what a character is, letter by letter.
pub(super) fn letters_of(c: char, mut each: impl FnMut(Letter)) {
    if c.is_ascii() {
        each(if c.is_ascii_alphanumeric() { Letter::In(c.to_ascii_lowercase()) } else { Letter::Outside(c) });
        return;
    }
    // An accent that stands alone is written for an apostrophe, and would become a space.
    if c == '\u{00B4}' {
        return each(Letter::Outside('\''));
    }
    decompose_compatible(c, |part| {
        for small in part.to_lowercase() {
            // What has become small may have marks of its own.
            decompose_compatible(small, |small| one(small, &mut each));
        }
    });
}

fn one(c: char, each: &mut impl FnMut(Letter)) {
    match c {
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{0640}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => return each(Letter::Nothing),
        // Letters that are written for an apostrophe.
        '\u{02B9}'..='\u{02BD}' | '\u{02C8}' | '\u{055A}' => return each(Letter::Outside('\'')),
        _ => {}
    }
    if is_combining_mark(c) {
        return each(match c {
            _ if may_make_another(c) => Letter::Maybe(c),
            _ if falls_away(c) => Letter::Nothing,
            _ => Letter::Mark(c),
        });
    }
    if let Some(digit) = digit(c) {
        return each(Letter::In(digit));
    }
    let plain = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ƀ' => "b",
        'ɨ' | 'ı' => "i",
        'ς' => "σ",
        // Alef with a sign upon it, the two ends of a word that look alike, and letters as Persian and Urdu type them.
        '\u{0671}' | '\u{0672}' | '\u{0673}' => "\u{0627}",
        '\u{0629}' | '\u{06C1}' | '\u{06BE}' | '\u{06D5}' | '\u{06C3}' => "\u{0647}",
        '\u{0649}' | '\u{06CC}' => "\u{064A}",
        '\u{06A9}' => "\u{0643}",
        _ => {
            // Letters that are read and not seen (Hangul filler) are none.
            let filler = matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}');
            return each(if c.is_alphanumeric() && !filler { Letter::In(c) } else { Letter::Outside(c) });
        }
    };
    plain.chars().for_each(|c| each(Letter::In(c)));
}

/// A mark that is a way of writing.
fn falls_away(mark: char) -> bool {
    matches!(mark,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' | '\u{0711}' | '\u{0730}'..='\u{074A}'
        | '\u{08CA}'..='\u{08FF}' | '\u{093C}' | '\u{135D}'..='\u{135F}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// The mark that makes another letter of the one before, in an alphabet that counts it as one.
pub(super) fn makes_another(letter: char, mark: char) -> bool {
    matches!((letter, mark), ('и' | 'у', '\u{0306}') | ('і', '\u{0308}') | ('г' | 'к', '\u{0301}'))
}

/// The marks that may do so; they are looked at together with their letter.
fn may_make_another(mark: char) -> bool {
    matches!(mark, '\u{0301}' | '\u{0306}' | '\u{0308}')
}

/// Where the ten digits of a script begin that is not ours.
const ZEROS: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x1E950,
];

fn digit(c: char) -> Option<char> {
    if c.is_ascii() || !c.is_numeric() {
        return None;
    }
    let code = u32::from(c);
    let at = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code - ZEROS[at], 10)
}
