//! What a change of facts comes to: numbers to give, what is current, and what repeats what now.

use super::{
    number::{Numbered, Told, numbers},
    place::ItemId,
    stands::Stands,
};

/// What a change of facts comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The numbers of the versions that stand: row, number. Rows of what repeats keep the last they had, which binds nobody.
    pub numbers: Vec<(i64, u32)>,
    /// What repeated another and is a version now.
    pub took_place: Vec<ItemId>,
    /// What was a version and repeats another now.
    pub gave_way: Vec<ItemId>,
    /// What is current.
    pub current: Option<ItemId>,
}

/// Compares what stood with what stands. Every row of `after` has an `id` of its own.
#[must_use]
pub fn settle(before: &Stands<'_>, after: &Stands<'_>, told: &[Told]) -> Settled {
    let stood = |item: ItemId| before.versions.iter().any(|version| version.filed.item == item);
    let repeated = |stands: &Stands<'_>, item: ItemId| stands.versions.iter().any(|version| version.repeats(item));
    let versions: Vec<Numbered> = after
        .versions
        .iter()
        .map(|version| Numbered {
            row: version.filed.id,
            item: version.filed.item,
            had: version.filed.n,
            was: stood(version.filed.item),
            receipt: version.filed.receipt,
        })
        .collect();
    let items = after.versions.iter().map(|version| version.filed.item);
    Settled {
        numbers: numbers(&versions, told),
        took_place: items.filter(|item| repeated(before, *item)).collect(),
        gave_way: before
            .versions
            .iter()
            .map(|version| version.filed.item)
            .filter(|item| repeated(after, *item))
            .collect(),
        current: after.current().map(|version| version.filed.item),
    }
}
