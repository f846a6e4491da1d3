//! A purpose as it is told to people and scripts.

use serde::{Serialize, Serializer};

use super::{Evidence, Kind, Place, Purpose};
use crate::core::phrase::Phrase;

/// What speaks for a purpose, in the words of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quoted {
    /// As it was written, or what was observed.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where", serialize_with = "place_word")]
    pub place: Place,
    /// The purpose.
    #[serde(rename = "for")]
    pub speaks_for: Kind,
}

impl From<&Evidence> for Quoted {
    fn from(evidence: &Evidence) -> Self {
        Self { text: evidence.text.clone(), place: evidence.place, speaks_for: evidence.speaks_for }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn place_word<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match place {
        Place::Opening => Place::Body.word(),
        place => place.word(),
    })
}

impl Purpose {
    /// What it is, in a few words; whether a person must confirm it.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = if self.proposed { "purpose_told.proposed" } else { "purpose_told.sure" };
        let by = match self.day {
            None => Phrase::of("question.what_for.by.no_day"),
            Some(day) => Phrase::of("question.what_for.by.day").with("day", day),
        };
        Phrase::of(form).with("purpose", Phrase::of(format!("purpose.{}", self.kind.word()))).with("by", by)
    }

    /// What speaks for it and against it, in the words of the interface.
    #[must_use]
    pub fn quoted(&self) -> Vec<Quoted> {
        let mut quoted: Vec<Quoted> = Vec::new();
        for one in self.evidence.iter().map(Quoted::from) {
            if !quoted.contains(&one) {
                quoted.push(one);
            }
        }
        quoted
    }
}
