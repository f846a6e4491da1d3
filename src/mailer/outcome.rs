//! What became of a letter that was handed to a mail server, and where in the conversation.
//!
//! Promises a sentence for each outcome, fit to be shown to a person.

use std::fmt;

use super::wire::Reply;
use crate::core::cause::Cause;

/// Where in the conversation something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Whether it comes before any letter: what goes wrong there would go wrong for every letter.
    #[must_use]
    pub fn is_before_letters(self) -> bool {
        self < Self::Mail
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "while connecting",
            Self::Greeting => "at its greeting",
            Self::Hello => "at EHLO",
            Self::Tls => "while encrypting",
            Self::Login => "at the login",
            Self::Mail => "at MAIL",
            Self::Rcpt => "at RCPT",
            Self::Data => "at DATA",
            Self::Body => "during the text",
            Self::Dot => "after the text",
        })
    }
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The server has taken it.
    Accepted {
        /// What it said.
        reply: Reply,
    },
    /// The server refused it for now (4xx).
    Transient {
        /// Where.
        phase: Phase,
        /// What it said.
        reply: Reply,
    },
    /// The server refused it for good (5xx).
    Permanent {
        /// Where.
        phase: Phase,
        /// What it said.
        reply: Reply,
    },
    /// It cannot go by this server, which was not asked.
    Impossible {
        /// Why that is not its own fault, if it is not.
        cause: Option<Cause>,
        /// Why.
        reason: String,
    },
    /// It was not sent, for a reason that is not the letter's.
    NotSent {
        /// What it is, where the next letter would meet it, too.
        cause: Option<Cause>,
        /// Where.
        phase: Phase,
        /// Why.
        reason: String,
    },
    /// The final dot was written and not answered: it may have left.
    Uncertain {
        /// Why.
        reason: String,
    },
}

impl Sent {
    /// It was not sent, for a reason that is not the letter's.
    #[must_use]
    pub fn not_sent(phase: Phase, reason: String) -> Self {
        let cause = match phase {
            Phase::Login => Some(Cause::Login),
            _ if phase.is_before_letters() => Some(Cause::Unreachable),
            _ => None,
        };
        Self::NotSent { cause, phase, reason }
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { reply } => write!(f, "The server has accepted it: {reply}"),
            Self::Transient { phase, reply } => write!(f, "The server refused it for now {phase}: {reply}"),
            Self::Permanent { phase, reply } => write!(f, "The server refused it {phase}: {reply}"),
            Self::Impossible { reason, .. } => f.write_str(reason),
            Self::NotSent { phase, reason, .. } => write!(f, "It was not sent, {phase}: {reason}"),
            Self::Uncertain { reason } => write!(f, "It is not known whether it left: {reason}"),
        }
    }
}
