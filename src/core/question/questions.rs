//! All that a person is asked about one thing, in the one text in which the database keeps it.
//!
//! The text is canonical, with a version, as payloads of events are. Promises that what was written comes back as the same
//! questions; that a sentence from before there were kinds comes back as the kind it certainly is of, else word for word;
//! and that anything else is an error with the reason.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Question, of_old::of_old};
use crate::core::{
    event::canonical::{NotCanonical, canonical},
    phrase::Phrase,
};

/// The version in which questions are written. Whoever changes what a kind holds raises it, and keeps reading the old one.
const VERSION: u64 = 1;

/// What a person is asked about one thing, in the order in which it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions(Vec<Question>);

/// Them as they are kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    ask: Vec<Question>,
    v: u64,
}

impl Questions {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Question> {
        self.0.iter()
    }

    /// Asks one more, beside what is asked already.
    #[must_use]
    pub fn and(mut self, question: Question) -> Self {
        if !self.0.contains(&question) {
            self.0.push(question);
        }
        self
    }

    /// The others.
    #[must_use]
    pub fn without(mut self, asked: impl Fn(&Question) -> bool) -> Self {
        self.0.retain(|question| !asked(question));
        self
    }

    /// The text in which they are kept; none where nothing is asked.
    ///
    /// # Errors
    /// A fact is of a kind that has no canonical text.
    pub fn kept(&self) -> Result<Option<String>, NotCanonical> {
        if self.is_empty() {
            return Ok(None);
        }
        let kept = Kept { ask: self.0.clone(), v: VERSION };
        let value = serde_json::to_value(kept).map_err(|error| NotCanonical::because(&error))?;
        canonical(&value).map(Some)
    }

    /// What a row asks.
    ///
    /// # Errors
    /// It holds something else, and why.
    pub fn read(kept: Option<&str>) -> Result<Self, String> {
        let Some(kept) = kept else { return Ok(Self::default()) };
        if !kept.starts_with('{') {
            return Ok(of_old(kept).into());
        }
        let value: Value = serde_json::from_str(kept).map_err(|error| error.to_string())?;
        if value.get("v").and_then(Value::as_u64) != Some(VERSION) {
            return Err("it has a version that this program does not know".to_owned());
        }
        let Kept { ask, .. } = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let questions = Self(ask);
        match questions.kept() {
            Ok(Some(text)) if text == kept => Ok(questions),
            _ => Err("it holds more than it can, or is not in its canonical text".to_owned()),
        }
    }

    /// The sentences that ask; none where nothing is asked.
    #[must_use]
    pub fn phrase(&self) -> Option<Phrase> {
        let join = |before, next| Phrase::of("joined.by_space").with("before", before).with("next", next);
        self.iter().map(Question::phrase).reduce(join)
    }

    /// Whether a question says already why the matcher left it to a person.
    #[must_use]
    pub fn say_why(&self, reason: &str) -> bool {
        self.iter().any(|question| matches!(question, Question::WhichState { why, .. } if why == reason))
    }
}

impl From<Question> for Questions {
    fn from(question: Question) -> Self {
        Self(vec![question])
    }
}

impl From<Option<Question>> for Questions {
    fn from(question: Option<Question>) -> Self {
        Self(question.into_iter().collect())
    }
}
