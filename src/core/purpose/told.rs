//! A purpose as it is told to people and scripts.

use serde::Serialize;

use super::{Evidence, Kind, Place, Purpose};
use crate::core::phrase::{Fill, Phrase};

/// What speaks for a purpose, in the words of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quoted {
    /// As it was written, or what was observed.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: &'static str,
    /// The purpose.
    #[serde(rename = "for")]
    pub speaks_for: Kind,
    /// It is no quotation, but what was observed.
    pub observed: bool,
}

impl From<&Evidence> for Quoted {
    fn from(evidence: &Evidence) -> Self {
        // The interface knows the mail as a whole, and neither its first lines nor its header by themselves.
        let place = match evidence.place {
            Place::Opening | Place::Header => Place::Body,
            place => place,
        };
        let Evidence { text, speaks_for, observed, .. } = evidence;
        Self { text: text.clone(), place: place.word(), speaks_for: *speaks_for, observed: *observed }
    }
}

impl Kind {
    /// Its name for a person.
    #[must_use]
    pub fn name(self) -> String {
        Phrase::of(format!("purpose.{}", self.word())).plain()
    }

    /// The words beside the day that it names: an input comes by a day, and more time is asked for until one.
    #[must_use]
    pub fn day_key(self) -> &'static str {
        if self == Self::Extension { "question.what_for.by.until" } else { "question.what_for.by.day" }
    }
}

impl Purpose {
    /// What it is, in a few words. `proposed`: a person must confirm it.
    #[must_use]
    pub fn phrase(&self, proposed: bool) -> Phrase {
        let form = if proposed { "purpose_told.proposed" } else { "purpose_told.sure" };
        let by = match self.day {
            None => Phrase::of("question.what_for.by.no_day"),
            Some(day) => Phrase::of(self.kind.day_key()).with("day", Fill::Day(day)),
        };
        Phrase::of(form).with("purpose", Phrase::of(format!("purpose.{}", self.kind.word()))).with("by", by)
    }

    /// What speaks for it and against it, in the words of the interface.
    #[must_use]
    pub fn quoted(&self) -> Vec<Quoted> {
        let mut quoted: Vec<Quoted> = Vec::new();
        for one in self.told().into_iter().map(Quoted::from) {
            if !quoted.contains(&one) {
                quoted.push(one);
            }
        }
        quoted
    }

    /// What a person is told of the evidence: the same words speak for one thing, that for which they weigh most.
    #[must_use]
    pub fn told(&self) -> Vec<&Evidence> {
        let outweighs = |one: &Evidence, other: &Evidence| {
            other.text == one.text && other.speaks_for != one.speaks_for && {
                let own = |evidence: &Evidence| evidence.speaks_for == self.kind;
                (other.weight, own(other)) > (one.weight, own(one))
            }
        };
        self.evidence.iter().filter(|one| !self.evidence.iter().any(|other| outweighs(one, other))).collect()
    }
}
