//! What became of a letter that was handed to a mail server.
//!
//! Promises a sentence for each outcome, fit to be shown to a person.

use std::fmt;

use super::wire::Reply;
pub use crate::core::mail::phase::Phase;
use crate::core::{cause::Cause, event::NotLeft};

/// How it ended that a letter was to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
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

impl Handover {
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

    /// What the server answered when it took the letter.
    ///
    /// # Errors
    /// Why it did not leave, or is not known to have left.
    pub fn became(self) -> Result<Reply, NotLeft> {
        Err(match self {
            Self::Accepted { reply } => return Ok(reply),
            Self::Transient { phase, reply } => NotLeft::RefusedForNow { phase, reply: reply.to_string() },
            Self::Permanent { phase, reply } => NotLeft::Refused { phase, reply: reply.to_string() },
            Self::Impossible { reason, .. } => NotLeft::Impossible { why: reason },
            Self::NotSent { phase, reason, .. } => NotLeft::NotSent { phase, why: reason },
            Self::Uncertain { reason } => NotLeft::Unanswered { why: reason },
        })
    }
}

impl fmt::Display for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.clone().became() {
            Ok(reply) => write!(f, "The server has accepted it: {reply}"),
            Err(why) => f.write_str(&why.phrase().plain()),
        }
    }
}
