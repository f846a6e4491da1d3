//! What follows from the deadline that a call file names: whether it sets one, or what was set stands.
//!
//! Promises that only a change in the file, against what the file said last, is an act; that a file which nobody has touched
//! takes back nothing that a person set; and that it can be told where the two differ.

use super::{call::DeadlineRule, law::Law};

/// What follows from what a call file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSays {
    /// It sets the deadline: an act.
    Sets,
    /// What was set last stands, and the file says the same.
    TheSame,
    /// What was set last stands, and the file says something else.
    SomethingElse,
}

/// What follows from what a file says now. `last`: what it said when it was read last; not known of what was kept before
/// that was written down, when every change of the file had set the deadline. `law`: none before the first act.
#[must_use]
pub fn file_says(now: &DeadlineRule, last: Option<&DeadlineRule>, law: Option<&Law>) -> FileSays {
    let Some(law) = law else { return FileSays::Sets };
    let newest = law.newest().deadline.rule();
    let changed = *now != *last.unwrap_or(&newest);
    match (*now == newest, changed) {
        (true, _) => FileSays::TheSame,
        (false, true) => FileSays::Sets,
        (false, false) => FileSays::SomethingElse,
    }
}
