//! What a transaction says in the log of the program, once it is so.
//!
//! Promises that a line is said after the commit that made it true, and that none is said of what did not happen. Lines
//! name numbers, references and states; addresses, names and subjects stand in the database alone.

use super::Tx;

/// The lines of a transaction, in their order.
#[derive(Debug, Default)]
pub(super) struct Said(Vec<(Weight, String)>);

#[derive(Clone, Copy, Debug)]
enum Weight {
    Usual,
    Warning,
}

impl Tx {
    /// Says that something happened, for those who follow the work.
    pub fn say(&mut self, line: String) {
        self.said.0.push((Weight::Usual, line));
    }

    /// Says that something happened which somebody should look at.
    pub fn warn(&mut self, line: String) {
        self.said.0.push((Weight::Warning, line));
    }
}

impl Said {
    /// It is so.
    pub(super) fn aloud(self) {
        for (weight, line) in self.0 {
            match weight {
                Weight::Usual => tracing::info!("{line}"),
                Weight::Warning => tracing::warn!("{line}"),
            }
        }
    }
}
