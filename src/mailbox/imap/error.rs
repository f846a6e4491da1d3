//! Why a server's mailbox could not be read, and what that says of the next attempt.
//!
//! Promises to tell what one message or folder may be to blame for from what is the server's, and to hear it where a server
//! asks for peace.

use std::{io, time::Duration};

use crate::core::backoff;

/// Why a server's mailbox could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// No connection.
    #[error("{host}:{port} cannot be reached: {source}")]
    Unreachable {
        /// The server.
        host: String,
        /// Its port.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The connection cannot be protected; nobody logged in.
    #[error("no login, for the connection is not safe: {0}")]
    Certificate(String),
    /// STARTTLS is not offered: the server cannot, or someone took it out.
    #[error("{0} does not offer STARTTLS, so nobody logged in; use tls = \"implicit\", or ask who runs the server")]
    NoStarttls(String),
    /// The server does not take the name, or the password or token.
    #[error("the login was refused: {0}")]
    Login(String),
    /// It did not answer in time.
    #[error("the server was silent for {} s during {doing}", limit.as_secs())]
    Silent {
        /// The command.
        doing: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// The connection ended.
    #[error("the connection broke during {doing}")]
    Lost {
        /// The command.
        doing: &'static str,
    },
    /// The server ended the conversation.
    #[error("the server closed the connection: {0}")]
    Goodbye(String),
    /// The server answered NO or BAD; the conversation can go on.
    #[error("the server refused {doing}: {answer}")]
    Refused {
        /// The command.
        doing: &'static str,
        /// Its words.
        answer: String,
    },
    /// What it answered is not IMAP, or not an answer to what was asked.
    #[error("the server's answer to {doing} cannot be understood")]
    NotUnderstood {
        /// The command.
        doing: &'static str,
    },
    /// The parser gave up in a way that it must not.
    #[error("the server's answer to {doing} broke the parser")]
    Broke {
        /// The command.
        doing: &'static str,
    },
}

impl ImapError {
    /// Whether the same may succeed later, without anybody changing a setting.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Certificate(_) | Self::NoStarttls(_) | Self::Login(_))
    }

    /// Whether a failed fetch says nothing about the message that was asked for: the server has trouble, or wants peace.
    #[must_use]
    pub fn is_about_the_server(&self) -> bool {
        const TROUBLE: [&str; 4] = ["[unavailable]", "[limit]", "[inuse]", "[serverbug]"];
        match self {
            Self::Refused { answer, .. } => {
                let answer = answer.to_lowercase();
                self.wants_peace() || TROUBLE.iter().any(|word| answer.contains(word))
            }
            Self::Unreachable { .. } | Self::Certificate(_) | Self::NoStarttls(_) | Self::Login(_) => true,
            _ => false,
        }
    }

    /// How long the server asks to be left alone, if it says so.
    #[must_use]
    pub fn asks_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Refused { answer, .. } | Self::Login(answer) | Self::Goodbye(answer) => backoff::asked_for(answer),
            _ => None,
        }
    }

    /// Whether the server wants to be left alone, for as long as it says or not.
    #[must_use]
    pub fn wants_peace(&self) -> bool {
        const WORDS: [&str; 4] = ["throttle", "backoff", "bandwidth limit", "too many requests"];
        match self {
            Self::Refused { answer, .. } | Self::Login(answer) | Self::Goodbye(answer) => {
                let answer = answer.to_lowercase();
                WORDS.iter().any(|word| answer.contains(word)) || backoff::asked_for(&answer).is_some()
            }
            _ => false,
        }
    }

    /// Whether the conversation can go on.
    pub(in crate::mailbox) fn leaves_the_session(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}
