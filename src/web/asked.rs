//! What was asked by an address: what stands in its path, and behind the question mark.

use axum::extract::{Path, rejection::PathRejection};
use serde::Deserialize;

use super::no_page::NoPage;

/// Names and values in their order; a name that nobody reads is no error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Asked(Vec<(String, String)>);

/// What no text holds: PostgreSQL cannot even be asked for it.
const NOTHING: char = '\0';

impl Asked {
    /// What a form sent.
    pub(super) fn of_form(bytes: &[u8]) -> Result<Self, NoPage> {
        let wrong = || NoPage::Wrong("The form that was sent cannot be read. Nothing was done.".to_owned());
        serde_urlencoded::from_bytes(bytes).map_err(|_| wrong())
    }

    /// That what was asked for can be looked for; where it cannot, a sentence says why.
    ///
    /// # Errors
    /// It holds a character that no text has.
    pub(super) fn can_be_looked_for(&self) -> Result<(), NoPage> {
        if self.0.iter().any(|(name, value)| name.contains(NOTHING) || value.contains(NOTHING)) {
            let said = "What was sent holds a character that no text has (%00).";
            return Err(NoPage::Wrong(said.to_owned()));
        }
        Ok(())
    }

    /// The names, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The last non-empty value under that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim())
    }

    /// The last value under that name, letter by letter; nothing where there is none.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
}

/// A part of the address, if it is text.
pub(super) type InPath = Result<Path<String>, PathRejection>;

/// The part of an address that may name something.
pub(super) fn in_path(part: InPath) -> Result<String, NoPage> {
    let part = part.ok().map(|Path(part)| part).filter(|part| !part.contains(NOTHING));
    part.ok_or_else(NoPage::nothing_here)
}
