//! What was asked of whom, by when, and how things stand with it.

pub mod call;
pub mod deadline;
pub mod reminder;
pub mod standing;
pub mod status;
