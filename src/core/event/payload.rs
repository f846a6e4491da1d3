//! The payload of an event: its facts with a version, in the one canonical text that a commitment covers.
//!
//! A payload is an object with the event's `kind`, its facts, and `v`, the version in which they are written. Promises that
//! what was written comes back as the same event, and that a row which does not is told as what it is: the prose of a
//! program before facts were kept, erased, or unreadable and why. Reading one never fails.

use serde::Deserialize;
use serde_json::Value;

use super::{
    Event,
    canonical::{NotCanonical, VERSION_KEY, versioned},
};
use crate::core::phrase::Phrase;

/// The version in which facts are written. Whoever changes what a kind holds raises it, and keeps reading the old one.
const VERSION: u64 = 1;

/// What a row of the history holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// An event.
    Event(Event),
    /// A sentence, as the program wrote it before it kept facts.
    Prose(String),
    /// Nothing any more: it was erased.
    Erased,
    /// What cannot be read, and why.
    Unreadable(String),
}

/// The payload of old: a sentence, without a version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prose {
    what: String,
}

impl Event {
    /// The payload as it is kept.
    ///
    /// # Errors
    /// A fact is of a kind that has no canonical text.
    pub fn payload(&self) -> Result<String, NotCanonical> {
        versioned(self, VERSION)
    }
}

impl Happened {
    /// What a row holds that says of itself to be of that kind.
    #[must_use]
    pub fn read(kind: &str, payload: Option<&str>) -> Self {
        let Some(payload) = payload else { return Self::Erased };
        match read(payload) {
            Ok(Self::Event(event)) if event.kind() != kind => {
                Self::Unreadable(format!("the row says “{kind}”, and its payload “{}”", event.kind()))
            }
            Ok(happened) => happened,
            Err(why) => Self::Unreadable(why),
        }
    }

    /// The sentence that tells it; `id` is its row.
    #[must_use]
    pub fn phrase(&self, id: i64) -> Phrase {
        match self {
            Self::Event(event) => event.phrase(),
            Self::Prose(what) => Phrase::of("history.prose").with("what", what),
            Self::Erased => Phrase::of("history.erased"),
            Self::Unreadable(why) => Phrase::of("history.unreadable").with("id", id).with("why", why),
        }
    }
}

fn read(payload: &str) -> Result<Happened, String> {
    let mut facts: Value = serde_json::from_str(payload).map_err(|error| error.to_string())?;
    let version = facts.as_object_mut().and_then(|facts| facts.remove(VERSION_KEY));
    match version.as_ref().map(Value::as_u64) {
        None => {
            let prose: Prose = serde_json::from_value(facts).map_err(|error| error.to_string())?;
            Ok(Happened::Prose(prose.what))
        }
        Some(Some(VERSION)) => {
            let event: Event = serde_json::from_value(facts).map_err(|error| error.to_string())?;
            if event.payload().is_ok_and(|text| text == payload) {
                Ok(Happened::Event(event))
            } else {
                Err("its payload holds more than it can, or is not in its canonical text".to_owned())
            }
        }
        Some(_) => Err("its payload has a version that this program does not know".to_owned()),
    }
}
