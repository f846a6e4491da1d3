//! Letters: facts in, text out.
//!
//! Promises that every template renders with every kind of facts before the program starts, and that nothing a sender
//! wrote is ever read as a template.

pub mod facts;
pub mod format;
mod render;
pub mod sample;
mod text;
pub mod variants;

pub use self::render::{LetterProblem, LetterProblems, Letters, Rendered};
