//! Where one can go by a few letters: an entry by its number, a state by its name in any of the six languages.

use std::cmp::Reverse;

use super::{Desk, DeskError};
use crate::core::{
    iso3::Iso3,
    judging::matching::Form,
    text::{comparable, language::Language},
};

/// What a few letters may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The entry with that number.
    pub entry: Option<String>,
    /// The states of the call whose names have a word that begins so, with their names; what begins so itself comes first.
    pub states: Vec<(Iso3, String)>,
}

impl Desk {
    /// What a few letters may mean, in a call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn find(&self, call: &str, text: &str) -> Result<Found, DeskError> {
        let text = text.trim();
        let letters = comparable(text);
        if letters.is_empty() {
            return Ok(Found::default());
        }
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if is_number { format!("M-{text}") } else { text.to_owned() };
        let roster = self.instance.call(Some(call)).map(|open| open.roster.clone()).unwrap_or_default();
        let mut states: Vec<(Iso3, String)> = self
            .by_name(roster)
            .into_iter()
            .filter(|(iso3, _)| comparable(iso3.as_str()) == letters || self.is_called(*iso3, &letters))
            .collect();
        states.sort_by_key(|(_, name)| Reverse(comparable(name).starts_with(&letters)));
        Ok(Found { entry: self.entry_named(&number).await?, states })
    }

    /// Whether a name of a state has a word that begins with these letters; Chinese names have no words.
    fn is_called(&self, iso3: Iso3, letters: &str) -> bool {
        let today = self.today();
        Language::ALL.iter().any(|&language| {
            let name = comparable(&self.instance.register.name(iso3, language, today, Form::Short));
            name.match_indices(letters).any(|(at, _)| {
                let before = name[..at].chars().next_back();
                before.is_none_or(|before| !before.is_alphanumeric()) || language == Language::Zh
            })
        })
    }
}
