//! Who has a case open, and leaving one for later.
//!
//! Promises that neither keeps anybody from deciding, and that what is left for later is still counted and listed.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date};
use serde::Serialize;

use super::{Desk, DeskError, Person, case::no_entry, entry::resolve};
use crate::{
    core::{actor::Actor, event::Event},
    filing::lines,
    store::{About, Id, ItemRow, Postponed, StoreError, Tx},
};

/// How long after the last sign of its page a person counts as having a case open.
const LOOKS_FOR: SignedDuration = SignedDuration::from_mins(10);
/// For so many days a case can be left.
const DAYS: i32 = 90;

/// That a case is left for later. The serialised names are part of the interface of `docket waiting --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Later {
    /// Until when.
    pub until: Timestamp,
    /// Who left it, by name.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What people do with the cases that wait, by item.
#[derive(Default)]
pub(super) struct InHand {
    open: BTreeMap<Id, Vec<String>>,
    later: BTreeMap<Id, Postponed>,
    in_charge: BTreeMap<Id, String>,
}

impl InHand {
    /// Who has a case open, by name.
    pub(super) fn open_with(&self, item: Id) -> Vec<String> {
        self.open.get(&item).cloned().unwrap_or_default()
    }

    /// Whether a case was left for later, whatever it asked then.
    pub(super) fn may_be_left(&self, item: Id) -> bool {
        self.later.contains_key(&item)
    }

    /// Who is in charge of a case, by name.
    pub(super) fn in_charge(&self, item: Id) -> Option<String> {
        self.in_charge.get(&item).cloned()
    }

    /// That a case is left for later, if that was said of what it asks now.
    pub(super) fn later(&self, item: Id, question: &[u8]) -> Option<Later> {
        let left = self.later.get(&item).filter(|left| left.asked == question)?;
        Some(Later { until: left.until, by: left.by.name().to_owned(), reason: left.reason.clone() })
    }
}

impl Desk {
    /// Writes down that a person has the page of a case open, if it waits.
    pub async fn has_open(&self, person: &Person, case: &str) -> Result<(), DeskError> {
        let Some(account) = person.account else { return Ok(()) };
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        if let Some(item) = item(&mut tx, case).await?.filter(ItemRow::waits) {
            tx.keep_looking(item.id, account, (now, since(now))).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Leaves a case for later: until that day begins, where its call is, it stands behind all others.
    ///
    /// # Errors
    /// Nothing waits there, there is no reason, or the day is over or too far away.
    pub async fn leave_for_later(&self, case: &str, day: Date, reason: &str, actor: &Actor) -> Result<(), DeskError> {
        let refused = |why: &str| Err(DeskError::Refused(why.to_owned()));
        let reason = reason.trim();
        if reason.is_empty() {
            return refused("Write a reason: whoever sees it in the queue reads why it is left.");
        }
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let Some(found) = item(&mut tx, case).await? else { return Err(DeskError::NotFound(no_entry(case))) };
        // From here on nobody else decides on it.
        tx.change_entry(found.message_id).await?;
        let item = tx.item_row(found.id).await?;
        let Some(asked) = item.question_key() else {
            return refused("Nothing waits here any more, so nothing can be left for later.");
        };
        let zone = self.zone_of(item.call_id);
        let today = now.to_zoned_datetime(zone.clone()).date();
        if day <= today {
            return refused("Write a day after today.");
        }
        if today.checked_add(DAYS.days()).is_ok_and(|last| day > last) {
            return refused("A case can be left for 90 days; write an earlier day.");
        }
        let until = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).later();
        let until = until.map_err(|_| DeskError::Refused("There is no such day.".to_owned()))?;
        let (by, reason) = (actor.clone(), reason.to_owned());
        tx.take_up(item.id).await?;
        tx.postpone(&Postponed { item: item.id, asked, until, by, reason: reason.clone() }).await?;
        let event = Event::LeftForLater { until: day, reason };
        tx.record(now, About::message(item.message_id), actor, &event)?;
        tx.say(lines::decision(case, actor, &self.instance.in_words(&event.phrase())));
        Ok(tx.commit().await?)
    }

    /// What people do with the cases that wait.
    pub(super) async fn in_hand(&self, tx: &mut Tx, now: Timestamp) -> Result<InHand, StoreError> {
        let mut in_hand = InHand::default();
        for (item, name) in tx.looking(since(now)).await? {
            in_hand.open.entry(item).or_default().push(name);
        }
        in_hand.later = tx.postponed(now).await?.into_iter().map(|left| (left.item, left)).collect();
        in_hand.in_charge = tx.in_charge_of_waiting().await?.into_iter().collect();
        Ok(in_hand)
    }
}

/// Since when a page gave a sign that counts.
fn since(now: Timestamp) -> Timestamp {
    now.saturating_sub(LOOKS_FOR).unwrap_or(Timestamp::MIN)
}

/// The item that is meant: the one that is named, or the only one of its message.
async fn item(tx: &mut Tx, case: &str) -> Result<Option<ItemRow>, StoreError> {
    let Some((number, n)) = resolve(tx, case).await? else { return Ok(None) };
    if let Some(n) = n {
        return tx.item(number, n).await;
    }
    let Some(entry) = tx.entry(number).await? else { return Ok(None) };
    let mut items = tx.items(entry.id).await?;
    Ok(if items.len() == 1 { items.pop() } else { None })
}
