//! Logins by an issuer of OpenID Connect: the code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0).
//!
//! Promises that nobody is taken for somebody but by a token that the issuer signed for us, for this login of this browser
//! and now; and that no token, code or secret gets into a log or an error. Who a person is here, and whether that person is
//! let in, is the desk's to say.

mod attempt;
mod issuer;
mod keys;
mod metadata;
mod token;

pub use attempt::Attempt;
pub use issuer::{Attested, Issuer};
pub use token::BadToken;

use crate::net::http::HttpError;

/// Why nobody was taken for somebody.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The issuer did not answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// What the issuer offers is not what we need.
    #[error("{host} cannot be used for logins: {why}")]
    Unfit {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
    /// The login was not begun in this browser, is too old, or was ended already.
    #[error("the login was not begun in this browser, lasted too long, or had ended")]
    NotBegun,
    /// The issuer did not log the person in, or gave no token for the code.
    #[error("{host} did not log the person in: {why}")]
    Refused {
        /// The server.
        host: String,
        /// Its words.
        why: String,
        /// Whether another try of the same person may succeed.
        again: bool,
    },
    /// What the issuer gave says nothing about who it is.
    #[error("{host} gave a token that says nothing: {why}")]
    Token {
        /// The server.
        host: String,
        /// Why.
        why: BadToken,
    },
}

impl OidcError {
    /// Whether the same may succeed later, without anybody changing a setting.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Http(error) => error.is_temporary(),
            Self::Unfit { .. } | Self::Token { .. } => false,
            Self::NotBegun => true,
            Self::Refused { again, .. } => *again,
        }
    }
}
