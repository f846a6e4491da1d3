//! The reader of documents, on documents built here.

pub mod build;
mod containers;
mod count;
mod docx;
mod never_panics;
mod others;
mod outcomes;
mod pdf;
mod sniff;
pub mod tnef;
