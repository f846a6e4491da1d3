//! An input that no mail brought: by which way it came, and on whose word that is known.

use serde::{Deserialize, Serialize};

use super::phrase::Phrase;

/// By which way an input came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It was handed over.
    Hand,
    /// It came in the diplomatic pouch, or by post.
    Pouch,
    /// It was put into a portal.
    Portal,
    /// A colleague brought it, to whom it had been sent.
    Colleague,
}

impl Way {
    /// The word that stands for it in records.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Pouch => "pouch",
            Self::Portal => "portal",
            Self::Colleague => "colleague",
        }
    }

    /// In a few words: “by pouch”.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Hand => "by hand",
            Self::Pouch => "by pouch",
            Self::Portal => "by a portal",
            Self::Colleague => "through a colleague",
        }
    }

    /// The same in the language of a reader.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        Phrase::of(format!("way.{}", self.word()))
    }
}

/// That a person recorded an input, which no mail brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// By which way it came.
    pub way: Way,
    /// On whose word that, and when it came, is known.
    pub authority: String,
}

impl Recorded {
    /// In a few words: “by pouch, on the word of the registry”.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{}, on the word of {}", self.way.in_words(), self.authority)
    }
}
