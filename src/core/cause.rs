//! Why a letter waits though nothing is wrong with it, or perhaps nothing.
//!
//! A refusal that is about us would be the same for every letter: it is one trouble with a name, and no letter's end.

use serde::{Deserialize, Serialize};

/// Why a letter did not leave, where it is not known to be the letter's own fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nobody to hand it to: no connection, no encryption, no folder.
    Unreachable,
    /// Our login is refused, or wanted.
    Login,
    /// Our return path is refused.
    ReturnPath,
    /// We may not send under our address.
    Sender,
    /// We have sent too many letters.
    Quota,
    /// Our mail is blocked, whatever it is.
    Blocked,
    /// The server does not take mail for others from us.
    Relay,
    /// The server takes no address with letters beyond ASCII: it concerns those letters alone.
    Addresses,
    /// It is not known whether the refusal is about us or about this letter.
    Doubtful,
}

impl Cause {
    /// Whether every letter would meet it.
    #[must_use]
    pub fn concerns_all(self) -> bool {
        !matches!(self, Self::Addresses | Self::Doubtful)
    }

    /// What is the matter and what to do about it, behind “No letter can leave: ”.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unreachable => "there is nobody to hand them to",
            Self::Login => "the mail server wants another login: look at “user” and the password in [letters.smtp]",
            Self::ReturnPath => {
                "the mail server refuses our return path: look at “return_path” in [letters], which is none unless you \
                 set it"
            }
            Self::Sender => {
                "the mail server does not let us send under our address: look at “from_address” in [letters], and at \
                 what the account may do there"
            }
            Self::Quota => "we have sent as much as the mail server allows",
            Self::Blocked => "our mail is blocked, whatever it is: ask who runs the mail server",
            Self::Relay => "the mail server does not pass our letters on to others: it wants a login, or to know us",
            Self::Addresses => {
                "their addresses have letters beyond ASCII, and the mail server does not take such addresses (SMTPUTF8)"
            }
            Self::Doubtful => {
                "the mail server refuses them, and it is not clear whether that is about the letter or about us"
            }
        }
    }
}
