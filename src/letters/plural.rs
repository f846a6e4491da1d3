//! Which form a phrase takes beside a whole number, in each of the six languages: “1 day”, “2 days”; «2 дня», «5 дней».
//!
//! The forms and their rules are the plural categories of the Unicode CLDR. Promises a form for every number.

use crate::core::text::language::Language;

/// A plural category of the CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "what they mean depends on the language")]
pub enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Form {
    /// All six.
    pub const ALL: [Self; 6] = [Self::Zero, Self::One, Self::Two, Self::Few, Self::Many, Self::Other];

    /// How the files of words write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    /// The form of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The form that a number asks for.
    #[must_use]
    pub fn of(number: u64, language: Language) -> Self {
        let (ones, tens) = (number % 10, number % 100);
        let millions = number != 0 && number.is_multiple_of(1_000_000);
        match (language, number) {
            (Language::En | Language::Es | Language::Ar, 1) | (Language::Fr, 0 | 1) => Self::One,
            (Language::Es | Language::Fr, _) if millions => Self::Many,
            (Language::Ar, 0) => Self::Zero,
            (Language::Ar, 2) => Self::Two,
            (Language::Ar, _) if (3..=10).contains(&tens) => Self::Few,
            (Language::Ar, _) if tens >= 11 => Self::Many,
            (Language::Ru, _) if ones == 1 && tens != 11 => Self::One,
            (Language::Ru, _) if (2..=4).contains(&ones) && !(12..=14).contains(&tens) => Self::Few,
            (Language::Ru, _) => Self::Many,
            (Language::En | Language::Es | Language::Fr | Language::Ar | Language::Zh, _) => Self::Other,
        }
    }

    /// The forms that a language needs.
    #[must_use]
    pub fn needed(language: Language) -> &'static [Self] {
        match language {
            Language::En | Language::Es | Language::Fr => &[Self::One, Self::Other],
            Language::Ru => &[Self::One, Self::Few, Self::Many],
            Language::Ar => &Self::ALL,
            Language::Zh => &[Self::Other],
        }
    }

    /// The forms that a language knows too and a phrase may leave out: of round millions («un millón de palabras»), for
    /// which `other` stands in, and of fractions, which letters have none of.
    #[must_use]
    pub fn spare(language: Language) -> &'static [Self] {
        match language {
            Language::Es | Language::Fr => &[Self::Many],
            Language::Ru => &[Self::Other],
            Language::En | Language::Ar | Language::Zh => &[],
        }
    }
}
