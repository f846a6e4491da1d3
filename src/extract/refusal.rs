//! Why an engine gave no text.
//!
//! Promises a sentence for a person with every outcome; the panic of an engine is a file that it could not read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::core::file::Outcome;

/// Why an engine gave no text: an outcome and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) outcome: Outcome,
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { outcome, detail: detail.into() }
    }
}

/// Runs one engine; its panic is a file it could not read.
pub(super) fn attempt<T>(engine: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(engine)).unwrap_or_else(|_| {
        Err(Refusal::new(
            Outcome::Damaged,
            "This file could not be read; it may be damaged: a person must open it, or please send it again.",
        ))
    })
}
