//! May this message be answered? (RFC 3834, and what robots do in practice.)
//!
//! Promises silence in doubt: a message that may come from a robot, a list or ourselves is taken in and not answered.

use serde::{Deserialize, Serialize};

/// Whether a message may be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerable {
    /// An answer is allowed.
    pub send: bool,
    /// A robot wrote the message: whatever it holds, it is no state's input.
    pub automatic: bool,
    /// One sentence for a person.
    pub reason: String,
    /// To whom an answer goes: one address.
    pub recipient: Option<String>,
}
