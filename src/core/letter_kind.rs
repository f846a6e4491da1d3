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
    /// Tells that a state has more time.
    ExtensionGranted,
    /// Tells that the deadline is another for all.
    DeadlineMoved,
    /// Confirms that a party has taken back what it sent.
    Withdrawn,
    /// A receipt in place of one that left and said what does not hold.
    Correction,
}

impl LetterKind {
    /// All kinds of letters.
    pub const ALL: [Self; 8] = [
        Self::Acknowledgement,
        Self::Received,
        Self::Query,
        Self::Reminder,
        Self::ExtensionGranted,
        Self::DeadlineMoved,
        Self::Withdrawn,
        Self::Correction,
    ];

    /// The folder of its templates, and its word in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Received => "received",
            Self::Query => "query",
            Self::Reminder => "reminder",
            Self::ExtensionGranted => "extension_granted",
            Self::DeadlineMoved => "deadline_moved",
            Self::Withdrawn => "withdrawn",
            Self::Correction => "correction",
        }
    }

    /// It confirms that something was received.
    #[must_use]
    pub fn is_receipt(self) -> bool {
        matches!(self, Self::Acknowledgement | Self::Received | Self::Correction)
    }

    /// It tells of an act, and of nothing else: whatever is decided next, it leaves, unless that act is taken back.
    #[must_use]
    pub fn is_of_an_act(self) -> bool {
        matches!(self, Self::ExtensionGranted | Self::DeadlineMoved | Self::Withdrawn)
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
    /// It tells a state of an act that no message asked for.
    Act {
        /// In this call.
        call: i64,
        /// That state.
        state: Iso3,
        /// The decision.
        decision: i64,
    },
    /// It tells a state of another deadline for all.
    Deadline {
        /// Of this call.
        call: i64,
        /// That state.
        state: Iso3,
        /// The version of the deadline.
        version: u32,
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
            Self::Act { call, state, decision } => format!("call {call}: {kind} for {state} by decision {decision}"),
            Self::Deadline { call, state, version } => {
                format!("call {call}: {kind} for {state} with version {version}")
            }
        }
    }
}
