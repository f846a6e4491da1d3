//! The order of the receipt clock.

use jiff::Timestamp;

/// When something was received, by the receipt clock; of two at once the one with the lower number came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt {
    /// The time.
    pub at: Timestamp,
    /// The intake number of the message.
    pub number: i64,
    /// The number of the item in it.
    pub n: i64,
}
