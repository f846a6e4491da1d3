//! What is said of a PDF that no engine opens.

use crate::{core::file::Outcome, extract::refusal::Refusal};

/// Its bytes make no PDF.
pub(super) fn damaged() -> Refusal {
    Refusal::new(Outcome::Damaged, "This PDF is damaged and could not be read: please send it again, or the DOCX.")
}

/// It is closed with a password.
pub(super) fn encrypted() -> Refusal {
    Refusal::new(Outcome::Encrypted, "This PDF needs a password: please send it without one.")
}
