//! Tokens for mail servers that take no password (OAuth 2.0, RFC 6749): asked for, renewed in time, and kept.
//!
//! Promises one request at a time for an account; that a refresh token which the provider replaced is committed, encrypted,
//! before anything is done with what came with it; and that no token and no secret of a client gets into a log, an error
//! or the database in clear text. Mailbox and mailer are handed tokens by the pipeline and know nothing of this.

mod endpoint;
mod keeper;
mod seal;

pub use keeper::{Handed, Tokens};

use crate::{net::http::HttpError, store::StoreError};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The token endpoint did not answer.
    #[error("no token: {0}")]
    Http(#[from] HttpError),
    /// It answered that there is none for us.
    #[error("{host} gave no token: {why}{}", advice(why))]
    Refused {
        /// The server.
        host: String,
        /// The status of its answer.
        status: u16,
        /// Its words.
        why: String,
    },
    /// What it answered holds no token.
    #[error("{host} gave no token that can be used: {why}")]
    NotUnderstood {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
    /// The refresh token that was kept cannot be decrypted, and with the configured one there was no token either.
    #[error("the refresh token that was kept cannot be read: was “token_key” changed? With the configured one: {0}")]
    Sealed(Box<TokenError>),
    /// Refresh tokens cannot be kept.
    #[error("a refresh token cannot be kept: {0}")]
    Keep(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a person can do about a refusal.
fn advice(why: &str) -> &'static str {
    if is_about_the_grant(why) {
        ". If this stays: somebody must sign in anew, and the new refresh token belongs into the configuration"
    } else {
        ""
    }
}

/// Whether it is the refresh token that was refused.
fn is_about_the_grant(why: &str) -> bool {
    why.starts_with("invalid_grant")
}

impl TokenError {
    /// Whether the same may succeed later, without a person doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Http(error) => error.is_temporary(),
            Self::Refused { status, why, .. } => {
                *status >= 500 || *status == 429 || why.starts_with("temporarily_unavailable")
            }
            Self::NotUnderstood { .. } => true,
            Self::Sealed(error) => error.is_temporary(),
            Self::Keep(_) => false,
            Self::Store(error) => error.is_temporary(),
        }
    }
}
