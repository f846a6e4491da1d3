//! The kinds of letters that the secretariat sends, and what each single one is for.
//!
//! Promises one text for each [`Occasion`], and never the same for two: by it the database holds that there is one letter
//! of each.

use serde::{Deserialize, Serialize};

use super::iso3::Iso3;

/// A kind of letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A receipt that names the state.
    Acknowledgement,
    /// A receipt that names no state.
    Received,
    /// Asks for the document that was not in the message.
    Query,
    /// Reminds a state that has sent nothing.
    Reminder,
}

impl LetterKind {
    /// All kinds of letters.
    pub const ALL: [Self; 4] = [Self::Acknowledgement, Self::Received, Self::Query, Self::Reminder];

    /// The folder of its templates, and its word in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Received => "received",
            Self::Query => "query",
            Self::Reminder => "reminder",
        }
    }

    /// It answers a message; a reminder begins by itself.
    #[must_use]
    pub fn answers(self) -> bool {
        self != Self::Reminder
    }

    /// It confirms that something was received.
    #[must_use]
    pub fn is_receipt(self) -> bool {
        matches!(self, Self::Acknowledgement | Self::Received)
    }
}

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion<'a> {
    /// It answers a message, as the program judges it, or as a person's decision on it says.
    Message {
        /// The message.
        message: i64,
        /// The decision.
        decision: Option<i64>,
    },
    /// It reminds a state.
    Step {
        /// In this call.
        call: i64,
        /// That state.
        state: Iso3,
        /// By this step.
        step: &'a str,
    },
}

impl Occasion<'_> {
    /// The text of the occasion of a letter of that kind.
    #[must_use]
    pub fn key(&self, kind: LetterKind) -> String {
        let kind = kind.name();
        match self {
            Self::Message { message, decision: None } => format!("message {message}: {kind}"),
            Self::Message { message, decision: Some(decision) } => {
                format!("message {message}: {kind} by decision {decision}")
            }
            Self::Step { call, state, step } => format!("call {call}: {kind} to {state} by {step}"),
        }
    }
}
