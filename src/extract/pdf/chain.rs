//! Two engines and one answer: when the second is asked, which of the two is taken, and what is said of it.
//!
//! Promises that the first answer stands unless the second is better, that pages lost by the first come from the second,
//! and that a count on which they differ is said to be in doubt.

use super::{super::Refusal, FIRST, second};
use crate::core::{
    file::{Tried, pages_in_words},
    text::words,
};

/// From this share of characters without a meaning, the second engine is asked.
pub(super) const BAD_SHARE: f64 = 0.05;
/// Nobody writes so many words on a page.
const MOST_ON_A_PAGE: u64 = 2_500;
/// Nor so few on each of several pages.
const FEWEST_ON_A_PAGE: u64 = 8;
const SEVERAL: u64 = 3;
/// Words of more or fewer letters than this, in the mean, are words run together or torn apart, in any alphabet.
const LETTERS_OF_A_WORD: std::ops::RangeInclusive<f64> = 2.5..=12.0;
/// Fewer words than this tell nothing of their length.
const FEWEST_WORDS: u32 = 50;
/// Counts that differ by more than one in fifty are in doubt.
const DIFFERENCE: u64 = 50;

/// An answer in hand is not put at risk for a second opinion on more pages than this: a file that takes too long has no
/// answer at all.
const MOST_PAGES_TO_DOUBT: usize = 200;

/// The pages of a document as one engine read them.
pub(super) struct Pages {
    pub(super) engine: &'static str,
    /// `None` for a page that could not be read.
    pub(super) texts: Vec<Option<String>>,
    /// Pages beyond the limit, which were not tried.
    pub(super) beyond: usize,
}

impl Pages {
    pub(super) fn lost(&self) -> usize {
        self.texts.iter().filter(|t| t.is_none()).count()
    }

    pub(super) fn length(&self) -> usize {
        self.texts.iter().flatten().map(|t| t.trim().len()).sum()
    }

    /// The share of visible characters that mean nothing.
    pub(super) fn bad_share(&self) -> f64 {
        let mut all = 0u32;
        let mut bad = 0u32;
        for c in self.texts.iter().flatten().flat_map(|t| t.chars()).filter(|c| !c.is_whitespace()) {
            all += 1;
            bad += u32::from(is_meaningless(c));
        }
        f64::from(bad) / f64::from(all.max(1))
    }

    /// Why this answer is not simply believed.
    fn doubt(&self) -> Option<String> {
        if self.lost() > 0 {
            return Some(format!("it could not read {} of {} pages", self.lost(), self.texts.len() + self.beyond));
        }
        if self.length() == 0 {
            return Some("it found no text".to_owned());
        }
        if self.bad_share() >= BAD_SHARE {
            return Some("too many of its characters have no Unicode mapping".to_owned());
        }
        self.odd_words().map(str::to_owned)
    }

    /// Whether the words are far off for the pages, or for words.
    fn odd_words(&self) -> Option<&'static str> {
        let counts = self.texts.iter().flatten().map(|text| words::count(text)).filter(|n| *n > 0);
        let (pages, all) = counts.fold((0, 0), |(pages, all), n| (pages + 1, all + n));
        if all > pages * MOST_ON_A_PAGE {
            Some("it found more words than go on the pages")
        } else if pages >= SEVERAL && all < pages * FEWEST_ON_A_PAGE {
            Some("it found hardly any words on the pages")
        } else if self.letters_of_a_word().is_some_and(|mean| !LETTERS_OF_A_WORD.contains(&mean)) {
            Some("its words are too long or too short for words")
        } else {
            None
        }
    }

    /// How many letters a word of an alphabet has in the mean, where there are enough of them to tell.
    fn letters_of_a_word(&self) -> Option<f64> {
        let stands_alone = |c: char| words::is_han(c) || words::is_kana(c) || words::is_hangul(c);
        let (mut written, mut all) = (0u32, 0u32);
        for word in self.texts.iter().flatten().flat_map(|text| text.split_whitespace()) {
            let letters = word.chars().filter(|c| c.is_alphabetic());
            let (letters, alone) = letters.fold((0, false), |(n, alone), c| (n + 1, alone || stands_alone(c)));
            if letters > 0 && !alone {
                (written, all) = (written + 1, all + letters);
            }
        }
        (written >= FEWEST_WORDS).then(|| f64::from(all) / f64::from(written))
    }

    /// Whether there is text in it that may be compared.
    pub(super) fn is_text(&self) -> bool {
        self.length() > 0 && self.bad_share() < BAD_SHARE
    }
}

/// The replacement character, and the private area where fonts without Unicode put their glyphs.
fn is_meaningless(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || matches!(u32::from(c), 0xE000..=0xF8FF)
}

/// Takes the first answer, or asks the second engine where that is in doubt, and says in `tried` whose answer was not
/// taken. With the pages come remarks for a person. The second is told what the first has answered.
pub(super) fn answer(
    first: Result<Pages, Refusal>,
    second: impl FnOnce(Option<&Pages>) -> Result<Pages, Refusal>,
    tried: &mut Vec<Tried>,
) -> Result<(Pages, Vec<String>), Refusal> {
    let doubt = match &first {
        Ok(pages) => pages.doubt(),
        Err(refusal) => Some(refusal.detail.clone()),
    };
    let Some(doubt) = doubt else { return first.map(|pages| (pages, Vec::new())) };
    if let Ok(pages) = &first
        && pages.is_text()
        && pages.texts.len() + pages.beyond > MOST_PAGES_TO_DOUBT
    {
        tried.push(Tried::new(
            second::NAME,
            format!("not asked, though {FIRST} is in doubt ({doubt}): there are too many pages"),
        ));
        return first.map(|pages| (pages, Vec::new()));
    }
    let second = second(first.as_ref().ok());
    let (mut first, mut second) = match (first, second) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(_), Ok(second)) => {
            tried.push(Tried::new(FIRST, doubt));
            return Ok((second, Vec::new()));
        }
        (first, Err(refusal)) => {
            if first.is_err() {
                tried.push(Tried::new(FIRST, doubt));
            }
            tried.push(Tried::new(second::NAME, refusal.detail));
            return first.map(|pages| (pages, Vec::new()));
        }
    };
    if !first.is_text() {
        let improves = second.length() > 0 && (first.length() == 0 || second.bad_share() < first.bad_share());
        let (better, other, reason) =
            if improves { (second, FIRST, doubt) } else { (first, second::NAME, "it found no more text".to_owned()) };
        tried.push(Tried::new(other, reason));
        return Ok((better, Vec::new()));
    }
    let mut remarks: Vec<String> = difference(&first, &second).into_iter().collect();
    let mut filled = Vec::new();
    if first.texts.len() == second.texts.len() {
        for (number, (mine, other)) in (1u32..).zip(first.texts.iter_mut().zip(&mut second.texts)) {
            if mine.is_none() && other.as_ref().is_some_and(|text| !text.trim().is_empty()) {
                *mine = other.take();
                filled.push(number);
            }
        }
    }
    if filled.is_empty() {
        tried.push(Tried::new(second::NAME, format!("asked because {FIRST} was in doubt ({doubt}), it did no better")));
    } else {
        let said = format!("{} by {}, which {FIRST} could not read.", pages_in_words(&filled), second::NAME);
        remarks.push(format!("Read {said}"));
        tried.push(Tried::new(FIRST, doubt));
    }
    Ok((first, remarks))
}

/// What to say where the counts of two readings differ, over the pages that both could read.
fn difference(first: &Pages, second: &Pages) -> Option<String> {
    if !second.is_text() {
        return None;
    }
    let count = |text: &Option<String>| text.as_deref().map_or(0, words::count);
    let both = first.texts.iter().zip(&second.texts).filter(|(mine, other)| mine.is_some() && other.is_some());
    let (mine, other) = both.fold((0, 0), |(mine, other), (a, b)| (mine + count(a), other + count(b)));
    (mine.abs_diff(other) * DIFFERENCE > mine.max(other))
        .then(|| format!("Please check this count: {FIRST} found {mine} words where {} found {other}.", second::NAME))
}
