//! A statement of the program.

/// A statement: one text for both databases, or one for each.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// The same text for both.
    #[must_use]
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}
