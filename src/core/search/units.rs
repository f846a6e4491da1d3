//! The words of a text, one behind the other, with the place of each and what lies between them.

use std::{collections::BTreeSet, ops::Range};

use unicode_normalization::UnicodeNormalization as _;

use super::letters::{Letter, letters_of, makes_another};

/// Letters of a word that count; whatever is longer is no word that anybody types.
const LONGEST: usize = 40;

/// What lies between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing.
    None,
    /// Signs, and no space.
    Signs,
    /// Signs and spaces.
    Spaces,
    /// The end of a sentence, of a paragraph or of the text.
    End,
}

/// A word of a text, or a character where a script writes no spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As it is compared.
    pub word: String,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What lies before it.
    pub gap: Gap,
    /// It is a character of a script that writes no spaces.
    pub single: bool,
    /// The word that this one makes with the next, where a line's end cuts it in two.
    pub mended: Option<String>,
}

impl Unit {
    /// It is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.word.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The words of a text in their order.
#[must_use]
pub fn units(text: &str) -> Vec<Unit> {
    let mut made =
        Making { units: Vec::new(), word: String::new(), from: 0, until: 0, last: None, between: Between::start() };
    for (at, c) in text.char_indices() {
        letters_of(c, |letter| made.take(letter, at, at + c.len_utf8()));
    }
    made.end_word();
    mend(&mut made.units, text);
    made.units
}

/// The words that an index keeps of a text: each once, and the characters of scripts without spaces also in pairs.
pub fn index_words(text: &str, into: &mut BTreeSet<String>) {
    let units = units(text);
    for (n, unit) in units.iter().enumerate() {
        into.extend(unit.mended.clone());
        if unit.single
            && let Some(next) = units.get(n + 1)
            && next.single
            && next.gap == Gap::None
        {
            into.insert(format!("{}{}", unit.word, next.word));
        }
    }
    into.extend(units.into_iter().map(|unit| unit.word));
}

/// What was passed since the last word.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was passed or not")]
struct Between {
    signs: bool,
    spaces: bool,
    lines: usize,
    end: bool,
    /// A full stop was the last sign.
    stop: bool,
}

impl Between {
    fn none() -> Self {
        Self { signs: false, spaces: false, lines: 0, end: false, stop: false }
    }

    fn start() -> Self {
        Self { end: true, ..Self::none() }
    }

    fn is_nothing(&self) -> bool {
        !self.signs && !self.spaces && self.lines == 0 && !self.end
    }

    fn pass(&mut self, sign: char) {
        if sign == '\n' {
            self.lines += 1;
            self.end |= self.stop || self.lines > 1;
        } else if sign.is_whitespace() {
            self.spaces |= sign != '\r';
            self.end |= self.stop || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{000C}');
        } else {
            self.signs = true;
            self.stop = matches!(sign, '.' | '!' | '?' | ';' | '؟' | '؛' | '۔' | '։' | '।' | '…');
            self.end |= matches!(sign, '。' | '！' | '？' | '；' | '｡' | '\u{1F}');
        }
    }

    /// A line's end alone is none between characters without spaces.
    fn gap(&self, singles: bool) -> Gap {
        match self {
            Self { end: true, .. } => Gap::End,
            Self { signs: false, spaces: false, lines: 0, .. } => Gap::None,
            Self { signs: false, lines: 1, .. } if singles => Gap::None,
            Self { spaces: false, lines: 0, .. } => Gap::Signs,
            _ => Gap::Spaces,
        }
    }
}

struct Making {
    units: Vec<Unit>,
    word: String,
    from: usize,
    until: usize,
    last: Option<char>,
    between: Between,
}

impl Making {
    fn take(&mut self, letter: Letter, at: usize, end: usize) {
        match letter {
            Letter::Maybe(mark) => match self.last {
                Some(last) if !self.word.is_empty() && makes_another(last, mark) => {
                    self.take(Letter::Mark(mark), at, end);
                }
                _ => self.take(Letter::Nothing, at, end),
            },
            Letter::Nothing if !self.word.is_empty() => self.until = end,
            Letter::Nothing => {}
            Letter::Outside(sign) => {
                self.end_word();
                self.between.pass(sign);
            }
            Letter::Mark(mark) => {
                if self.word.is_empty() {
                    // What is written upon the last character goes with it.
                    let beside = self.between.is_nothing();
                    if let Some(unit) = self.units.last_mut().filter(|unit| unit.single && beside) {
                        unit.word = unit.word.chars().chain([mark]).nfc().collect();
                        unit.range.end = end;
                    }
                } else {
                    self.word.push(mark);
                    self.until = end;
                }
            }
            Letter::In(c) if unspaced(c) => {
                self.end_word();
                let gap = self.between.gap(self.units.last().is_some_and(|unit| unit.single));
                self.units.push(Unit { word: c.to_string(), range: at..end, gap, single: true, mended: None });
                self.between = Between::none();
            }
            Letter::In(c) => {
                if self.word.is_empty() {
                    self.from = at;
                }
                self.word.push(c);
                self.last = Some(c);
                self.until = end;
            }
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = counted(&self.word);
        self.word.clear();
        self.last = None;
        let gap = self.between.gap(false);
        self.units.push(Unit { word, range: self.from..self.until, gap, single: false, mended: None });
        self.between = Between::none();
    }
}

/// A word as far as it counts: its letters in one piece, a number without the noughts before it.
fn counted(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = word.trim_start_matches('0');
        return (if number.is_empty() { word } else { number }).chars().take(LONGEST).collect();
    }
    if word.is_ascii() { word.chars().take(LONGEST).collect() } else { word.nfc().take(LONGEST).collect() }
}

/// Notes which word is cut in two by the end of a line.
fn mend(units: &mut [Unit], text: &str) {
    for n in 1..units.len() {
        let (before, after) = units.split_at_mut(n);
        let (Some(first), Some(second)) = (before.last_mut(), after.first()) else { continue };
        if first.single || second.single || second.gap != Gap::Spaces || first.is_number() || second.is_number() {
            continue;
        }
        // Two words may come of one character, which has nothing between.
        let Some(between) = text.get(first.range.end..second.range.start) else { continue };
        let cut = between.strip_prefix(['-', '\u{2010}', '\u{00AD}']);
        if cut.is_some_and(|rest| rest.contains('\n') && rest.trim().is_empty()) {
            first.mended = Some(counted(&format!("{}{}", first.word, second.word)));
        }
    }
}

/// A letter of a script that writes no spaces between words.
pub(super) fn unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF
        | 0x3100..=0x312F | 0x31A0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}
