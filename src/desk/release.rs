//! Letting many held letters go at once.
//!
//! Promises that nothing goes faster than the caps of the configuration allow: what is too much for an hour leaves in the
//! next. Letters that may have been sent before go only where that is asked for by its name, and what stays is said.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz};

use super::{Desk, DeskError};
use crate::{
    core::{
        actor::Actor,
        event::{Event, HeldFor, LetterMove},
        iso3::Iso3,
        judging::allowance::Allowance,
        mail::address::folded,
    },
    failpoint,
    store::{About, Id, LetterState, StoreError, ToRelease, Tx},
};

/// Which held letters are to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releasing {
    /// Only those that are about this state, or go to it.
    pub state: Option<Iso3>,
    /// Only those that are held for one of these; if none is named, all but what may have been sent before.
    pub held_for: Vec<HeldFor>,
}

/// A letter that was let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The letter.
    pub id: Id,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
    /// It does not leave earlier.
    pub not_before: Timestamp,
}

/// A letter that stays held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The letter.
    pub id: Id,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
    /// For what it is held.
    pub held_for: Option<HeldFor>,
    /// Why it is held, in a sentence.
    pub reason: String,
}

/// How much has gone lately, to each address and out of each allowance, with what goes now.
#[derive(Default)]
struct Pace {
    addresses: BTreeMap<String, [u64; 2]>,
    allowances: BTreeMap<String, u64>,
}

impl Desk {
    /// Lets the held letters go that are asked for, and yields them with those that stay.
    ///
    /// # Errors
    /// The database did not answer. Then none goes.
    pub async fn release_held(
        &self,
        which: &Releasing,
        actor: &Actor,
        reason: &str,
    ) -> Result<(Vec<Released>, Vec<Left>), DeskError> {
        let (mut released, mut left, mut pace) = (Vec::new(), Vec::new(), Pace::default());
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        let mut filed: BTreeMap<Id, Vec<Iso3>> = BTreeMap::new();
        for (letter, iso3) in tx.states_of_letters(LetterState::Held).await? {
            filed.entry(letter).or_default().push(iso3.map_err(StoreError::Row)?);
        }
        for letter in tx.letters_to_release().await? {
            let (id, number, held_for) = (letter.id, letter.number, letter.held_for);
            let filed = filed.remove(&id).unwrap_or_default();
            let to = (letter.recipient.as_str(), letter.reminds);
            let allowances = self.allowances(&mut tx, to, &filed, now).await?;
            let about = letter.reminds.into_iter().chain(filed).chain(allowances.iter().filter_map(Allowance::state));
            let asked =
                which.state.is_none_or(|state| about.into_iter().any(|iso3| iso3 == state)) && which.takes(held_for);
            let not_before =
                if asked { self.not_before(&mut tx, &mut pace, &letter, &allowances, now).await? } else { now };
            let to = if letter.frozen { LetterState::Released } else { LetterState::Waiting };
            if !asked || !tx.move_letter(id, LetterState::Held, to, None, now, not_before).await? {
                left.push(Left { id, number, held_for, reason: letter.reason.unwrap_or_default() });
                continue;
            }
            let to = LetterMove::LeavesWithOthers { not_before: Some(not_before).filter(|at| *at != now) };
            let event = Event::LetterMoved { letter: id, to, reason: reason.to_owned() };
            tx.record(now, About { message: letter.message_id, ..About::letter(id) }, actor, &event)?;
            released.push(Released { id, number, not_before });
        }
        failpoint::reached("before-decision-commit");
        tx.commit().await?;
        failpoint::reached("after-decision-commit");
        Ok((released, left))
    }

    /// The allowances that a letter uses; a reminder none.
    pub(super) async fn allowances(
        &self,
        tx: &mut Tx,
        (recipient, reminds): (&str, Option<Iso3>),
        filed: &[Iso3],
        now: Timestamp,
    ) -> Result<Vec<Allowance>, StoreError> {
        if reminds.is_some() {
            return Ok(Vec::new());
        }
        let today = now.to_zoned_datetime(tz::TimeZone::UTC).date();
        let known = tx.contacts_with_address(recipient, today).await?;
        let known: Vec<Iso3> = known.iter().map(|contact| contact.iso3).collect();
        Ok(Allowance::of(&self.instance.register, recipient, &known, filed))
    }

    /// When a letter may leave that is let go with others.
    async fn not_before(
        &self,
        tx: &mut Tx,
        pace: &mut Pace,
        letter: &ToRelease,
        allowances: &[Allowance],
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let config = &self.instance.config.letters;
        let mailbox = folded(&letter.recipient);
        if !pace.addresses.contains_key(&mailbox) {
            let went = tx.paces(&letter.recipient, now).await?;
            pace.addresses.insert(mailbox.clone(), [went.hour, went.day]);
        }
        let mut hours = 0;
        if let Some([hour, day]) = pace.addresses.get_mut(&mailbox) {
            hours = (*hour / u64::from(config.cap_hour)).max(*day / u64::from(config.cap_day) * 24);
            (*hour, *day) = (*hour + 1, *day + 1);
        }
        for allowance in allowances {
            let word = allowance.word();
            if !pace.allowances.contains_key(&word) {
                pace.allowances.insert(word.clone(), tx.used(&word, now).await?);
            }
            if let Some(used) = pace.allowances.get_mut(&word) {
                hours = hours.max(*used / self.instance.cap_of(allowance).max(1));
                *used += 1;
            }
        }
        let wait = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3_600));
        Ok(now.saturating_add(wait).unwrap_or(Timestamp::MAX))
    }
}

impl Releasing {
    fn takes(&self, held_for: Option<HeldFor>) -> bool {
        match held_for {
            Some(held_for) if self.held_for.is_empty() => !held_for.may_have_left(),
            Some(held_for) => self.held_for.contains(&held_for),
            None => self.held_for.is_empty(),
        }
    }
}
