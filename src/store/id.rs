//! The numbers of rows.

/// A row of the database; ids of all tables are of this type.
pub type Id = i64;

/// An intake number as people write it.
#[must_use]
pub fn intake_number(number: i64) -> String {
    format!("M-{number:06}")
}

/// The number of a letter as people write it.
#[must_use]
pub fn letter_number(letter: Id) -> String {
    format!("L-{letter:06}")
}
