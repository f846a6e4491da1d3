//! Where in the conversation with a mail server something happened.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::core::phrase::Phrase;

/// A place in the conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before the server said anything.
    Connect,
    /// The server's first words.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS, or the handshake of an encrypted connection.
    Tls,
    /// AUTH.
    Login,
    /// MAIL FROM, or RSET before it.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA.
    Data,
    /// The text of the letter.
    Body,
    /// The final dot and its reply.
    Dot,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Connect,
        Self::Greeting,
        Self::Hello,
        Self::Tls,
        Self::Login,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Body,
        Self::Dot,
    ];

    /// Whether it comes before any letter: what goes wrong there would go wrong for every letter.
    #[must_use]
    pub fn is_before_letters(self) -> bool {
        self < Self::Mail
    }

    /// It, in words.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        Phrase::of(match self {
            Self::Connect => "phase.connect",
            Self::Greeting => "phase.greeting",
            Self::Hello => "phase.hello",
            Self::Tls => "phase.tls",
            Self::Login => "phase.login",
            Self::Mail => "phase.mail",
            Self::Rcpt => "phase.rcpt",
            Self::Data => "phase.data",
            Self::Body => "phase.body",
            Self::Dot => "phase.dot",
        })
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().plain())
    }
}
