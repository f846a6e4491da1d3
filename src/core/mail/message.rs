//! A message read in full (RFC 5322, RFC 2045 and following): raw bytes become its text and its files.
//!
//! Runs in the child process alone. What comes of it is in [`email`](super::email) and [`part`](super::part).

mod body;
mod boundary;
mod content;
mod parse;
mod transfer;

pub(in crate::core) use self::boundary::boundary_line;
pub use self::parse::{NotAMessage, Parsed, parse};
pub use super::{
    address::Address,
    email::{Attached, Header, Message, ReturnPath},
    part::{Disposition, Part},
};
