//! What must be decided, page by page.
//!
//! Promises the order of the whole list while only the cases of a page are loaded, and pages that go on where they were
//! left although what stood there is decided by now.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use jiff::Timestamp;

use super::{
    Desk, DeskError, ToDecide,
    later::{InHand, Later},
    view::Waiting,
    waiting::{Asked, HeldBack},
};
use crate::{
    core::{iso3::Iso3, text::language::Language},
    store::{Id, StoreError, Tx, WaitingPlace},
};

/// How many cases a page has.
const CASES: usize = 50;

/// A page of what must be decided.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The cases of the page, in their order.
    pub cases: Vec<ToDecide>,
    /// How many there are on all pages.
    pub in_all: usize,
    /// How many of them are left for later.
    pub later: usize,
    /// How many stand before the page.
    pub before: usize,
    /// Behind which place the page before begins, where there is one; it may be the first.
    pub previous: Option<Option<Place>>,
    /// Behind which place the next page begins, where there is one.
    pub next: Option<Place>,
}

/// What is beside a case in the queue.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The case that comes next.
    pub next: Option<String>,
    /// Who has this one open, by name.
    pub open_with: Vec<String>,
    /// Until when it is left, if it is.
    pub later: Option<Later>,
}

/// A place in the queue, by what it is put in order: what is left for later stands behind all else, what holds the most
/// reminders back before the rest, then the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    later: bool,
    unblocks: Reverse<usize>,
    /// Microseconds.
    since: i64,
    what: What,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// An item of a message, by their numbers.
    Item(i64, i64),
    /// A letter.
    Letter(Id),
}

/// That a text names no place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the queue")]
pub struct NoPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { later, unblocks: Reverse(unblocks), since, what } = self;
        write!(f, "{}.{unblocks}.{since}.", u8::from(*later))?;
        match what {
            What::Item(number, n) => write!(f, "{number}.{n}"),
            What::Letter(id) => write!(f, "{id}"),
        }
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| NoPlace);
        let parts: Vec<&str> = text.split('.').collect();
        let (later, unblocks, since, what) = match parts[..] {
            [later, unblocks, since, item, n] => (later, unblocks, since, What::Item(number(item)?, number(n)?)),
            [later, unblocks, since, letter] => (later, unblocks, since, What::Letter(number(letter)?)),
            _ => return Err(NoPlace),
        };
        Ok(Self {
            later: number(later)? != 0,
            unblocks: Reverse(unblocks.parse().map_err(|_| NoPlace)?),
            since: number(since)?,
            what,
        })
    }
}

/// All places of a call in order, with what is known of them already.
struct InOrder {
    places: Vec<Place>,
    letters: BTreeMap<Id, Asked>,
    held: HeldBack,
    in_hand: InHand,
    now: Timestamp,
}

impl Desk {
    /// A page of what must be decided in a call, in the order of the whole list, behind a place: all of it, or what one
    /// person is in charge of.
    pub async fn queue(
        &self,
        call: &str,
        in_charge: Option<&str>,
        after: Option<Place>,
        language: Language,
    ) -> Result<Queue, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let mut all = self.in_order(&mut tx, call, in_charge, language).await?;
        let before = after.map_or(0, |after| all.places.partition_point(|place| *place <= after));
        let shown: Vec<Place> = all.places[before..].iter().take(CASES).copied().collect();
        let behind = before + shown.len();
        Ok(Queue {
            cases: self.cases(&mut tx, call, &shown, &mut all, language).await?,
            in_all: all.places.len(),
            later: all.places.iter().filter(|place| place.later).count(),
            before,
            previous: (before > 0).then(|| before.checked_sub(CASES + 1).map(|at| all.places[at])),
            next: (behind < all.places.len()).then(|| shown.last().copied()).flatten(),
        })
    }

    /// What is beside an item in the queue of a call.
    pub async fn beside(&self, call: &str, number: &str) -> Result<Beside, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let mut all = self.in_order(&mut tx, call, None, Language::En).await?;
        let Some((message, n)) = numbers(number) else { return Ok(Beside::default()) };
        let is_here = |place: &Place| match place.what {
            What::Item(number, item_n) => number == message && n.is_none_or(|n| n == item_n),
            What::Letter(_) => false,
        };
        let here = all.places.iter().position(is_here);
        let behind = here.filter(|at| !all.places[*at].later).map_or(0, |at| at + 1);
        let next = all.places[behind..].iter().find(|place| matches!(place.what, What::Item(..)) && !is_here(place));
        let next: Vec<Place> = next.copied().into_iter().collect();
        let this: Vec<Place> = here.map(|at| all.places[at]).into_iter().collect();
        let next = self.cases(&mut tx, call, &next, &mut all, Language::En).await?.pop();
        let this = self.cases(&mut tx, call, &this, &mut all, Language::En).await?.pop();
        let (open_with, later) = this.map(|case| (case.open_with, case.later)).unwrap_or_default();
        Ok(Beside { next: next.map(|case| case.number), open_with, later })
    }

    /// The oldest of what waits for a person in a call, and how many there are in all.
    pub(super) async fn oldest(
        &self,
        tx: &mut Tx,
        call: &str,
        most: usize,
    ) -> Result<(Vec<Waiting>, usize), StoreError> {
        let places = tx.waiting_places(Some(call)).await?;
        let letters = self.letters_asked(tx, Some(call), Language::En).await?;
        let in_all = places.len() + letters.len();
        let mut oldest = places;
        oldest.sort_unstable_by_key(|place| (place.since, place.number, place.item_n));
        oldest.truncate(most);
        let numbers: Vec<i64> = oldest.iter().map(|place| place.number).collect();
        let rows = tx.waiting_of(Some(call), &numbers).await?;
        let in_hand = InHand::default();
        let items = rows.into_iter().map(|row| self.undecided(row, &in_hand, Language::En).case);
        let mut shown: Vec<Waiting> = items.chain(letters.into_iter().map(|(_, letter)| letter.case)).collect();
        shown.sort_by_key(|case| case.since);
        shown.truncate(most);
        Ok((shown, in_all))
    }

    async fn in_order(
        &self,
        tx: &mut Tx,
        call: &str,
        in_charge: Option<&str>,
        language: Language,
    ) -> Result<InOrder, StoreError> {
        let now = self.instance.clock.now();
        let held = self.held_back_in(tx, Some(call), now).await?;
        let in_hand = self.in_hand(tx, now).await?;
        let mut items = tx.waiting_places(Some(call)).await?;
        items.retain(|item| in_charge.is_none() || in_hand.in_charge(item.item).as_deref() == in_charge);
        let left = self.left_for_later(tx, call, &items, &in_hand).await?;
        let candidates = if held.is_empty() { BTreeMap::new() } else { tx.candidates_of_waiting().await? };
        let mut letters: BTreeMap<Id, Asked> =
            self.letters_asked(tx, Some(call), language).await?.into_iter().collect();
        letters.retain(|_, _| in_charge.is_none());
        let of_items = items.into_iter().map(|item| {
            let of_item = candidates.get(&item.item).map(Vec::as_slice).unwrap_or_default();
            let spoken_for = of_item.iter().any(|(_, weight)| *weight > 0.0);
            let may_be: Vec<Iso3> = of_item.iter().filter_map(|(iso3, _)| iso3.clone().ok()).collect();
            let unblocks = held.by(item.call.as_deref(), &may_be, item.undecided && !spoken_for);
            Place {
                later: left.contains(&item.item),
                unblocks: Reverse(unblocks.len()),
                since: item.since.as_microsecond(),
                what: What::Item(item.number, item.item_n),
            }
        });
        let of_letters = letters.iter().map(|(id, letter)| Place {
            later: false,
            unblocks: Reverse(held.by(None, &letter.case.candidates, false).len()),
            since: letter.case.since.as_microsecond(),
            what: What::Letter(*id),
        });
        let mut places: Vec<Place> = of_items.chain(of_letters).collect();
        places.sort_unstable();
        Ok(InOrder { places, letters, held, in_hand, now })
    }

    /// The items that are left for later, of what each asks now.
    async fn left_for_later(
        &self,
        tx: &mut Tx,
        call: &str,
        items: &[WaitingPlace],
        in_hand: &InHand,
    ) -> Result<BTreeSet<Id>, StoreError> {
        let may_be: Vec<i64> =
            items.iter().filter(|item| in_hand.may_be_left(item.item)).map(|item| item.number).collect();
        if may_be.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows = tx.waiting_of(Some(call), &may_be).await?;
        let left = rows.iter().filter(|row| in_hand.later(row.item, &row.question_key()).is_some());
        Ok(left.map(|row| row.item).collect())
    }

    /// The cases at some places, in the same order.
    async fn cases(
        &self,
        tx: &mut Tx,
        call: &str,
        places: &[Place],
        all: &mut InOrder,
        language: Language,
    ) -> Result<Vec<ToDecide>, StoreError> {
        let numbers = places.iter().filter_map(|place| match place.what {
            What::Item(number, _) => Some(number),
            What::Letter(_) => None,
        });
        let numbers: BTreeSet<i64> = numbers.collect();
        let mut asked = BTreeMap::new();
        if !numbers.is_empty() {
            for row in tx.waiting_of(Some(call), &numbers.into_iter().collect::<Vec<_>>()).await? {
                let what = What::Item(row.number, row.item_n.unwrap_or(1));
                asked.insert(what, self.undecided(row, &all.in_hand, language));
            }
        }
        let found = places.iter().filter_map(|place| match place.what {
            What::Letter(id) => all.letters.remove(&id),
            What::Item(number, n) => {
                // The item of a message that has one is not told apart by its number.
                asked.remove(&What::Item(number, n)).or_else(|| asked.remove(&What::Item(number, 1)))
            }
        });
        let found: Vec<Asked> = found.collect();
        Ok(found.into_iter().map(|asked| self.to_decide(asked, &all.held, all.now)).collect())
    }
}

/// The numbers of “M-000123” or “M-000123/2”.
fn numbers(number: &str) -> Option<(i64, Option<i64>)> {
    let (message, n) = number.split_once('/').map_or((number, None), |(message, n)| (message, Some(n)));
    let message = message.strip_prefix("M-")?.parse().ok()?;
    Some((message, n.map(str::parse).transpose().ok()?))
}
