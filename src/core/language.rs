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
