//! Secrets that are handed out once: sessions, links, tokens.
//!
//! Promises 256 random bits each, of which only the SHA-256 is kept: whoever reads the database can use none of them.

use sha2::{Digest, Sha256};

use super::DeskError;
use crate::store::StoreError;

/// A secret that was just made; shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// The system gave no randomness.
    pub(super) fn fresh() -> Result<Self, DeskError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::Row(format!("no randomness for a secret: {error}")))?;
        Ok(Self(hex::encode(bytes)))
    }

    /// The text that is handed out.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(super) fn kept(&self) -> Vec<u8> {
        kept(&self.0)
    }
}

/// What is kept of a secret that somebody presents.
pub(super) fn kept(presented: &str) -> Vec<u8> {
    Sha256::digest(presented).to_vec()
}
