//! What was asked of whom, by when, and how things stand with it.

pub mod call;
pub mod count;
pub mod coverage;
pub mod deadline;
pub mod law;
pub mod reminder;
pub mod said;
pub mod standing;
pub mod status;
