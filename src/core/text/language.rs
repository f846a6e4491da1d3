//! The six official languages of the United Nations, and which of them a text is written in.
//!
//! Promises an answer only with a margin: a short or mixed text is `None`, never a guess.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An official language of the United Nations, by its ISO 639-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the codes are the documentation")]
pub enum Language {
    Ar,
    En,
    Es,
    Fr,
    Ru,
    Zh,
}

impl Language {
    /// All six, in the order of their codes.
    pub const ALL: [Self; 6] = [Self::Ar, Self::En, Self::Es, Self::Fr, Self::Ru, Self::Zh];

    /// The two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Ru => "ru",
            Self::Zh => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The text is no code of an official language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is none of the six languages: ar, en, es, fr, ru, zh")]
pub struct NotALanguage(String);

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        let code = text.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|l| l.code() == code).ok_or(NotALanguage(code))
    }
}

/// Fewer letters than this say nothing about a language written with an alphabet.
const FEWEST_LETTERS: usize = 24;
/// Fewer characters than this say nothing about Chinese.
const FEWEST_HAN: usize = 6;
/// A character of Chinese stands for so many letters of an alphabet, so that an address does not outweigh a sentence.
const LETTERS_OF_A_HAN: usize = 3;
/// A language is judged piece by piece, in pieces of so many characters, so that a bilingual text shows.
const PIECE: usize = 600;
/// No more pieces than this are judged, taken evenly over the text.
const PIECES: usize = 8;

/// Words that only English has, and that English is never short of.
const ENGLISH: [&str; 7] = ["the", "and", "of", "with", "that", "this", "which"];
/// Words that other languages of the alphabet are not short of, and English is.
const NOT_ENGLISH: [&str; 32] = [
    "de", "la", "le", "les", "et", "des", "du", "un", "une", "en", "el", "los", "las", "del", "y", "que", "para",
    "por", "der", "die", "und", "het", "een", "van", "di", "il", "e", "og", "och", "na", "i", "da",
];

/// The language of a text, where it is one of the six and clear.
///
/// The script decides first: letters that only other languages of the script use (Ukrainian, Bulgarian, Persian, Urdu,
/// Japanese …) rule it out. English, French and Spanish must be found in three quarters of the pieces of the text.
#[must_use]
pub fn detect(text: &str) -> Option<Language> {
    let scripts = Scripts::count(text);
    let letters = scripts.all();
    let most = |n: usize| n * 100 >= letters * 80;
    let others = scripts.kana + scripts.hangul;
    let ideographs = scripts.han * LETTERS_OF_A_HAN + others;
    let weighed = letters + scripts.han * (LETTERS_OF_A_HAN - 1);
    if scripts.han >= FEWEST_HAN && ideographs * 100 >= weighed * 80 {
        return (others * 50 <= scripts.han).then_some(Language::Zh);
    }
    if letters < FEWEST_LETTERS {
        return None;
    }
    if most(scripts.arabic) {
        return (scripts.not_arabic * 200 <= scripts.arabic).then_some(Language::Ar);
    }
    if most(scripts.cyrillic) {
        let foreign = scripts.not_russian * 200 > scripts.cyrillic;
        // ы, э and ё make 2.5 % of Russian letters; no language without letters of its own beside it has any.
        let russian = scripts.only_russian * 150 >= scripts.cyrillic;
        return (!foreign && russian).then_some(Language::Ru);
    }
    if most(scripts.latin) { latin(text) } else { None }
}

/// English, French or Spanish, if three quarters of the pieces agree.
fn latin(text: &str) -> Option<Language> {
    let characters: Vec<char> = text.chars().collect();
    let pieces: Vec<&[char]> = characters.chunks(PIECE).collect();
    let step = pieces.len().div_ceil(PIECES).max(1);
    let says_something = |piece: &&&[char]| piece.iter().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS;
    let pieces: Vec<&&[char]> = pieces.iter().step_by(step).filter(says_something).collect();
    let enough = (pieces.len() * 3).div_ceil(4);
    let mut votes = [(Language::En, 0), (Language::Fr, 0), (Language::Es, 0)];
    for (piece, left) in pieces.iter().zip((0..pieces.len()).rev()) {
        let said = of_piece(&piece.iter().collect::<String>());
        if let Some(vote) = votes.iter_mut().find(|(language, _)| Some(*language) == said) {
            vote.1 += 1;
        }
        let (language, most) = votes.into_iter().max_by_key(|(_, votes)| *votes)?;
        if most >= enough {
            return Some(language);
        }
        if most + left < enough {
            break;
        }
    }
    None
}

/// What one piece is written in, where it is clear and one of the three.
fn of_piece(piece: &str) -> Option<Language> {
    if plainly_english(piece) {
        return Some(Language::En);
    }
    match whatlang::detect(piece).filter(whatlang::Info::is_reliable)?.lang() {
        whatlang::Lang::Eng => Some(Language::En),
        whatlang::Lang::Fra => Some(Language::Fr),
        whatlang::Lang::Spa => Some(Language::Es),
        _ => None,
    }
}

/// Whether a piece is English by its commonest words: most pieces are, and need not be held against every language there
/// is. A piece in which another language has its say is not plain.
fn plainly_english(piece: &str) -> bool {
    let (mut words, mut english, mut others) = (0, 0, 0);
    for word in piece.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        let is = |common: &&str| word.eq_ignore_ascii_case(common);
        if ENGLISH.iter().any(is) {
            english += 1;
        } else if NOT_ENGLISH.iter().any(is) {
            others += 1;
        }
    }
    english >= 3 && english * 10 >= words && others * 8 <= english
}

/// How many letters a text has of each script, and of those that tell its languages apart.
#[derive(Default)]
struct Scripts {
    latin: usize,
    cyrillic: usize,
    only_russian: usize,
    not_russian: usize,
    arabic: usize,
    not_arabic: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    other: usize,
}

impl Scripts {
    fn count(text: &str) -> Self {
        let mut n = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            match u32::from(c) {
                0x41..=0x24F | 0x1E00..=0x1EFF | 0xFB00..=0xFB06 => n.latin += 1,
                0x400..=0x52F => {
                    n.cyrillic += 1;
                    match c {
                        'ы' | 'Ы' | 'э' | 'Э' | 'ё' | 'Ё' => n.only_russian += 1,
                        'А'..='я' => {}
                        _ => n.not_russian += 1,
                    }
                }
                0x600..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC => {
                    n.arabic += 1;
                    // Persian, Urdu, Kurdish, Uyghur and Pashto have letters of their own; U+06A9 and U+06CC are their
                    // kaf and yeh.
                    if matches!(u32::from(c), 0x671..=0x6D5 | 0x6EE..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFBFF) {
                        n.not_arabic += 1;
                    }
                }
                _ if super::words::is_han(c) => n.han += 1,
                _ if super::words::is_kana(c) => n.kana += 1,
                _ if super::words::is_hangul(c) => n.hangul += 1,
                _ => n.other += 1,
            }
        }
        n
    }

    fn all(&self) -> usize {
        self.latin + self.cyrillic + self.arabic + self.han + self.kana + self.hangul + self.other
    }
}
