//! Letters: facts in, text out.
//!
//! What a letter says, and when, stands once in its templates; the words of each language stand in a file of their own.
//! Promises that every letter renders in every language with every kind of facts before the program starts, and that
//! nothing a sender wrote is ever read as a template or a phrase.

pub mod facts;
pub mod format;
mod phrase;
pub mod plural;
mod problem;
mod render;
pub mod sample;
mod templates;
mod text;
mod values;
pub mod variants;
mod words;

pub use self::{
    problem::{LetterProblem, LetterProblems},
    render::{Letters, Rendered},
    words::choices,
};
