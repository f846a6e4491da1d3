//! Refresh tokens that took the place of the configured ones, as the provider replaces them: encrypted by whoever keeps
//! them here.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Sql, StoreError, Tx};

statements! {
    KEPT = Sql::both("SELECT sealed, origin FROM oauth_token WHERE account = $1");
    KEEP = Sql::both(
        "INSERT INTO oauth_token (account, sealed, origin, kept_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, origin) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at");
}

/// A refresh token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// The token, encrypted.
    pub sealed: Vec<u8>,
    /// By what the configured token is recognised that it descends from.
    pub origin: Vec<u8>,
}

impl Tx {
    /// The refresh tokens that are kept for an account, each with its origin.
    pub async fn kept_tokens(&mut self, account: &str) -> Result<Vec<KeptToken>, StoreError> {
        let rows = fetch!(all, self => (Vec<u8>, Vec<u8>), KEPT, account)?;
        Ok(rows.into_iter().map(|(sealed, origin)| KeptToken { sealed, origin }).collect())
    }

    /// Keeps a refresh token in place of the one before it.
    pub async fn keep_token(&mut self, account: &str, kept: &KeptToken, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, KEEP, account, kept.sealed.as_slice(), kept.origin.as_slice(), at.as_microsecond())?;
        Ok(())
    }
}
