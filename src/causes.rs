//! An error in words, with what caused it: for a person at a terminal, and for the log of the program.
//!
//! Promises that nothing is said twice, though many errors name their cause in a sentence of their own and pass it on
//! besides.

use std::{error::Error, iter::successors};

/// The error and its causes, from the outermost in; a cause that what stands before it has named already is left out.
#[must_use]
pub fn in_words(error: &(dyn Error + 'static)) -> String {
    successors(Some(error), |&error| error.source()).fold(String::new(), |said, cause| match cause.to_string() {
        cause if said.is_empty() => cause,
        cause if said.contains(&cause) => said,
        cause => format!("{said}: {cause}"),
    })
}
