//! A small header reader for the parent process, which never runs a MIME parser on a stranger's bytes.
//!
//! Promises an answer for any bytes, from the first 256 KB of them: who wrote, when, about what, the `Received` lines that
//! the receipt clock judges by, and whatever says whether the message may be answered. The fields themselves are in
//! [`block`]; the child reads its fields there too, so that both agree.

pub mod address;
pub mod base64;
pub mod block;
pub mod boundary;
pub mod charset;
pub mod clock;
pub mod date;
pub mod encoded_word;
pub(crate) mod fields;
mod ids;
mod outline;
mod received;

pub use self::clock::{ClockRule, Receipt, receipt_clock};
pub use self::ids::ids;
pub use self::outline::{Headers, WINDOW, is_a_message, message, read, with_line_ends};
pub use self::received::{Received, by_host};
