//! What a party has filed: the fold, the numbers, and what an item comes to.

mod numbers;
mod places;
mod settled;
mod stands;

use docket::core::{
    calls::standing::Witnesses,
    submission::{AdditionKind, Filed, Held, ItemId, Legible, Place, Receipt, Withdrawal},
};
use jiff::{SignedDuration, Timestamp};

/// A time, in hours after the first of September 2020.
pub fn hour(hours: i64) -> Timestamp {
    Timestamp::from_second(1_598_918_400).unwrap().checked_add(SignedDuration::from_hours(hours)).unwrap()
}

/// A readable version received in an hour, whose text is its own.
pub fn version(item: i64, received: i64) -> Filed {
    Filed {
        id: item,
        item: ItemId(item),
        place: Place::Version,
        n: u32::try_from(item).ok(),
        receipt: Receipt { at: hour(received), number: item, n: 1 },
        witnesses: Witnesses::default(),
        legible: Legible::Read,
        words: Some(100),
        content_key: Some(format!("text {item}")),
        settled: None,
        by: None,
        held: Held::from(hour(received)),
    }
}

/// The same in another place.
pub fn beside(place: Place, item: i64, received: i64) -> Filed {
    Filed { place, n: None, ..version(item, received) }
}

/// A version that nobody could read.
pub fn unread(item: i64, received: i64) -> Filed {
    Filed { legible: Legible::Unread, ..version(item, received) }
}

/// An annex that names no version.
pub fn annex(item: i64, received: i64) -> Filed {
    beside(Place::Addition { kind: AdditionKind::Annex, to: None }, item, received)
}

/// All that was received before an hour is taken back then.
pub fn taken_back(hours: i64) -> Withdrawal {
    Withdrawal { at: hour(hours), by: Some(1), held: Held::from(hour(hours)) }
}
