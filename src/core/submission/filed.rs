//! An item's place as a fact, and the fact that a party took back what it had sent.

use jiff::Timestamp;

use super::{
    held::Held,
    place::{ItemId, Legible, Place},
    receipt::Receipt,
};
use crate::core::calls::standing::{Standing, Witnesses};

/// An item's place in a submission, as long as it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The row; 0 before it has one.
    pub id: i64,
    /// The item.
    pub item: ItemId,
    /// Its place.
    pub place: Place,
    /// A version's number, once it was given.
    pub n: Option<u32>,
    /// When it was received.
    pub receipt: Receipt,
    /// Who else can tell the time of receipt.
    pub witnesses: Witnesses,
    /// Whether it can be read.
    pub legible: Legible,
    /// The words of its main text.
    pub words: Option<u64>,
    /// What tells its content from any other.
    pub content_key: Option<String>,
    /// The standing that a person settled where the witnesses disagree.
    pub settled: Option<Standing>,
    /// The decision that opened it; none where the program did.
    pub by: Option<i64>,
    /// How long it was held.
    pub held: Held,
}

/// A party took back all that it had sent before a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The receipt of the notice, or the hour of the decision without one.
    pub at: Timestamp,
    /// The decision that opened it.
    pub by: Option<i64>,
    /// How long it was held.
    pub held: Held,
}
