//! The mail side of the core: parsing, cleaning, taking bodies apart, and who may be answered.

mod answerable;
mod authenticity;
mod envelope;
mod header;
mod hostile;
mod message;
mod recipient;
mod robots;
mod text;
