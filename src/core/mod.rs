//! What the program concludes from what it was given: values in, values out.
//!
//! Nothing here waits, reads a file, asks for the time or throws dice; every function can be tested by a table.

pub mod automatic;
pub mod call;
pub mod deadline;
pub mod file;
pub mod iso3;
pub mod language;
pub mod matching;
pub mod message;
pub mod words;
