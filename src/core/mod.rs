//! What the program concludes from what it was given: values in, values out.
//!
//! Nothing here waits, reads a file, asks for the time or throws dice; every function can be tested by a table.

pub mod acknowledgement;
pub mod address;
pub mod allowance;
pub mod authenticity;
pub mod automatic;
pub mod backoff;
pub mod call;
pub mod cause;
pub mod deadline;
pub mod delivery;
pub mod duplicate;
pub mod file;
pub mod header;
pub mod identity;
pub mod iso3;
pub mod item;
pub mod judgement;
pub mod language;
pub mod matching;
pub mod message;
pub mod relevance;
pub mod reminder;
pub mod room;
pub mod sasl;
pub mod status;
pub mod text;
pub mod turn;
pub mod words;
