//! The numbers of rows.

/// A row of the database; ids of all tables are of this type.
pub type Id = i64;
