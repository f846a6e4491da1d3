//! What a transaction says in the log of the program, once it is so.
//!
//! Promises that a line is said after the commit that made it true, and that none is said of what did not happen. Lines
//! name numbers, references and states; addresses, names and subjects stand in the database alone.

/// The lines of a transaction, in their order.
#[derive(Debug, Default)]
pub(super) struct Said(Vec<(Weight, String)>);

#[derive(Clone, Copy, Debug)]
enum Weight {
    Usual,
    Warning,
}

impl Said {
    pub(super) fn usual(&mut self, line: String) {
        self.0.push((Weight::Usual, line));
    }

    pub(super) fn warning(&mut self, line: String) {
        self.0.push((Weight::Warning, line));
    }

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
