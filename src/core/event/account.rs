//! What becomes of somebody's account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::core::{
    phrase::{Fill, Phrase},
    role::Role,
};

/// How an account was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AccountChange {
    /// It was added, with a link to set the password.
    Added {
        /// What the person may do.
        role: Role,
    },
    /// It was added, for somebody whom the issuer of logins knows.
    Attested {
        /// What the person may do.
        role: Role,
    },
    /// The person may do something else.
    Role {
        /// What.
        role: Role,
    },
    /// The person may do nothing any more.
    Disabled,
    /// The person was let in again.
    Enabled,
    /// A new link was made to set the password.
    Linked,
    /// The person set the password.
    PasswordSet,
    /// All sessions of the person were ended.
    SessionsEnded,
    /// A token for scripts was made.
    TokenMade {
        /// Until when it holds.
        until: Timestamp,
    },
    /// A link was made that opens the feeds and nothing else.
    FeedMade {
        /// Until when it holds.
        until: Timestamp,
    },
}

impl AccountChange {
    /// The sentence that tells it, but for the name.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let plain = |form: &str| Phrase::of(format!("event.account_changed.{form}"));
        match self {
            Self::Added { role } => plain("added").with("role", Phrase::of(format!("role.{role}"))),
            Self::Attested { role } => plain("attested").with("role", Phrase::of(format!("role.{role}"))),
            Self::Role { role } => plain("role").with("role", Phrase::of(format!("role.{role}"))),
            Self::Disabled => plain("disabled"),
            Self::Enabled => plain("enabled"),
            Self::Linked => plain("linked"),
            Self::PasswordSet => plain("password_set"),
            Self::SessionsEnded => plain("sessions_ended"),
            Self::FeedMade { until } => plain("feed_made").with("until", Fill::Moment(*until)),
            Self::TokenMade { until } => plain("token_made").with("until", Fill::Moment(*until)),
        }
    }
}
