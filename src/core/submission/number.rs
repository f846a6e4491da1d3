//! Which number a version bears.
//!
//! Promises that a number which a letter has told belongs to that version for ever and is given to no other, that one which
//! no letter told is free again when its version is gone, that the versions that stand bear different numbers, and that what
//! is decided and taken back leaves the numbers as they were. Numbers count versions as they were filed; what is current
//! follows from the receipt clock.

use std::collections::BTreeMap;

use super::{place::ItemId, receipt::Receipt};

/// A number that a letter has told, or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The number.
    pub n: u32,
    /// The item it is that of, for ever and in that submission; none where the letter is lost, so that it is nobody's.
    pub item: Option<ItemId>,
}

/// A version that stands, but nothing that repeats one.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Its row.
    pub row: i64,
    /// Its item.
    pub item: ItemId,
    /// The number it had last.
    pub had: Option<u32>,
    /// It stood before the change.
    pub was: bool,
    /// When it was received.
    pub receipt: Receipt,
}

/// Gives each version its number, by row: the one that was told of it; else the one it had, unless that is told of another or
/// another keeps it (who stood before the change goes first); else the next after all that stand or were told.
#[must_use]
pub fn numbers(versions: &[Numbered], told: &[Told]) -> Vec<(i64, u32)> {
    let own = |version: &Numbered| {
        let own = told.iter().filter(|told| told.item == Some(version.item));
        own.map(|told| told.n).max()
    };
    let mut order: Vec<&Numbered> = versions.iter().collect();
    order.sort_by_key(|version| (own(version).is_none(), !version.was, version.receipt));
    let (mut given, mut without) = (BTreeMap::<u32, i64>::new(), Vec::new());
    for version in order {
        let anothers = |n: u32| told.iter().any(|told| told.n == n && told.item != Some(version.item));
        let kept = own(version).or(version.had.filter(|n| !anothers(*n)));
        match kept.filter(|n| !given.contains_key(n)) {
            Some(n) => _ = given.insert(n, version.row),
            None => without.push(version),
        }
    }
    without.sort_by_key(|version| version.receipt);
    for version in without {
        let last = given.keys().copied().chain(told.iter().map(|told| told.n)).max().unwrap_or(0);
        given.insert(last + 1, version.row);
    }
    given.into_iter().map(|(n, row)| (row, n)).collect()
}
