//! Reading what strangers sent: one child a message, raw bytes in, the message and its files out.
//!
//! Promises that every file of a message has an outcome, whatever becomes of its reader, and that what others do to a child
//! is held against no file. A virus scanner looks first, and programs outside are asked where our own readers found no
//! text. The cage in which all of it happens is the [sandbox](crate::sandbox)'s.

mod ask;
mod child;
mod outside;
#[cfg(debug_assertions)]
mod probe;
mod progress;
mod protocol;
mod read_mail;
mod readers;
mod scanned;
mod scanner;
mod taken_out;

pub use child::read_one;
pub use outside::Installed;
pub use read_mail::ReadMail;
pub use readers::Readers;
pub use scanner::{Scan, ScanError, Scanner};
pub use taken_out::Listed;
