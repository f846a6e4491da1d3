//! Letters on their way out: composed to bytes once, then handed over.
//!
//! Promises that the same letter always makes the same file, so that handing it over once more does no harm.

mod compose;
mod folder;

pub use compose::{ComposeError, Outgoing, compose, message_id};
pub use folder::{Folder, HandOverError};
