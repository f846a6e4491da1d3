//! One piece of evidence for a state: where it was found, its words, and how much they weigh.

use serde::{Deserialize, Serialize};

use crate::core::iso3::Iso3;

/// One piece of evidence for a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was found.
    pub source: Source,
    /// The words themselves, quoted.
    pub text: String,
    /// The state it speaks for.
    pub iso3: Iso3,
    /// How much it weighs; the scale is the matcher's own.
    pub weight: f64,
}

/// What a domain of a country weighs that nobody knows as an authority's.
pub(super) const COUNTRY_CODE: f64 = 0.2;
/// What two letters in the name of a file weigh.
pub(super) const TWO_LETTERS: f64 = 0.3;

impl Evidence {
    /// Whether it ties a message to a state. The text of a mail may speak of any state, a company may be of any country, and
    /// two letters in a file's name may mean anything.
    #[must_use]
    pub fn ties(&self) -> bool {
        match self.source {
            Source::Body | Source::Authentication => false,
            Source::SenderDomain => self.weight > COUNTRY_CODE,
            Source::FileName => self.weight > TWO_LETTERS,
            _ => self.weight > 0.0,
        }
    }
}

/// Where evidence was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the places")]
pub enum Source {
    Contact,
    SenderDomain,
    LocalPart,
    DisplayName,
    ReplyTo,
    Authentication,
    Letterhead,
    NoteVerbale,
    Title,
    Subject,
    FileName,
    Signature,
    Body,
    History,
}

impl Source {
    /// Where evidence stands, as a person says it.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Contact => "known contact",
            Self::SenderDomain => "sender’s domain",
            Self::LocalPart => "sender’s address",
            Self::DisplayName => "sender’s name",
            Self::ReplyTo => "reply to",
            Self::Authentication => "sender proof",
            Self::Letterhead => "letterhead",
            Self::NoteVerbale => "note verbale",
            Self::Title => "title",
            Self::Subject => "subject",
            Self::FileName => "file name",
            Self::Signature => "signature",
            Self::Body => "text",
            Self::History => "earlier input",
        }
    }
}
