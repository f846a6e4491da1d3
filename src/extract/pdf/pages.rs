//! The pages of a PDF as one engine read them, and whether they are to be believed.

use crate::core::text::words;

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

/// The pages of a document as one engine read them.
pub(super) struct Pages {
    pub(super) engine: &'static str,
    /// `None` for a page that could not be read.
    pub(super) texts: Vec<Option<String>>,
    /// The pages, counted from 1, that show a picture, or may for all that the engine tells.
    pub(super) pictures: Vec<u32>,
    /// Pages beyond the limit, which were not tried.
    pub(super) beyond: usize,
}

impl Pages {
    /// The pages of an engine that tells nothing of pictures: whatever holds no text may be one.
    pub(super) fn of_texts(engine: &'static str, texts: Vec<Option<String>>, beyond: usize) -> Self {
        let mut pages = Self { engine, texts, pictures: Vec::new(), beyond };
        pages.pictures = pages.without_text();
        pages
    }

    /// The pages that were read and hold no text, counted from 1.
    pub(super) fn without_text(&self) -> Vec<u32> {
        let is_blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        (1..).zip(&self.texts).filter(|(_, text)| is_blank(text)).map(|(number, _)| number).collect()
    }

    /// Takes over what another engine tells of pictures on the same pages.
    pub(super) fn with_pictures_of(self, other: &Self) -> Self {
        if self.texts.len() == other.texts.len() {
            // Of a page that the other could not read it tells nothing.
            let lost = |number: &u32| other.texts.iter().zip(1..).any(|(text, n)| n == *number && text.is_none());
            let untold = self.pictures.iter().copied().filter(lost);
            let pictures = other.pictures.iter().copied().chain(untold).collect();
            return Self { pictures, ..self };
        }
        self
    }

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
    pub(super) fn doubt(&self) -> Option<String> {
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
