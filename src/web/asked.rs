//! What was asked behind the question mark of an address.

use serde::Deserialize;

/// Names and values in their order; a name that nobody reads is no error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// The last non-empty value under that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim())
    }
}
