//! What leaves once sending is resumed, and when.
//!
//! Promises that the time while sending was stopped counts for nothing that a letter waits for, and that what was held up leaves
//! no faster than the caps allow. Whoever resumes is shown it before, by the same steps.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Desk, DeskError};
use crate::{
    core::{event::HeldFor, iso3::Iso3, judging::allowance::Allowance, letter_kind::LetterKind, mail::address::folded},
    store::{Id, LetterState, StoreError, ToLeave, Tx, intake_number, letter_number},
};

/// A letter that leaves once sending is resumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leaving {
    /// The letter.
    pub id: Id,
    /// Its kind.
    pub kind: LetterKind,
    /// To whom.
    pub to: String,
    /// The intake number of the message that it answers.
    pub number: Option<i64>,
    /// The state that it goes to, where it answers no message.
    pub iso3: Option<Iso3>,
    /// It does not leave earlier.
    pub not_before: Timestamp,
    /// Its number, as people write it.
    pub named: String,
    /// The message that it answers, by its number; else the state that it goes to.
    pub about: String,
    /// It may have left when it was stopped.
    pub may_have_left: bool,
}

/// What resuming does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resuming {
    /// Now.
    pub now: Timestamp,
    /// What leaves, in its order.
    pub leaves: Vec<Leaving>,
    /// How many letters stay held for a person, by what for.
    pub held: Vec<(Option<HeldFor>, u64)>,
}

/// How much leaves within the hours after sending is resumed.
#[derive(Default)]
struct Pace {
    addresses: BTreeMap<String, [u64; 2]>,
    allowances: BTreeMap<String, u64>,
}

impl Resuming {
    /// What leaves and what stays, a sentence each.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let mut said = Vec::new();
        let at_once = self.leaves.iter().filter(|letter| letter.not_before <= self.now).count();
        let last = self.leaves.iter().map(|letter| letter.not_before).max().filter(|last| *last > self.now);
        said.push(match (self.leaves.len(), at_once, last) {
            (0, ..) => "No letter waits.".to_owned(),
            (1, _, None) => "1 letter leaves at once.".to_owned(),
            (all, _, None) => format!("{all} letters leave at once, one after the other."),
            (1, _, Some(last)) => format!("1 letter leaves, at {last:.0}."),
            (all, at_once, Some(last)) => {
                format!("{all} letters leave, {at_once} of them at once, the last at {last:.0}: each waits for as long as it still had to wait, and no address gets more than the caps allow.")
            }
        });
        let doubtful = self.leaves.iter().filter(|letter| letter.may_have_left).count();
        if doubtful > 0 {
            let letters = if doubtful == 1 { "1 letter" } else { &format!("{doubtful} letters") };
            said.push(format!(
                "Of {letters} it is not known whether it left; what is done with that says “on_uncertain”."
            ));
        }
        for (held_for, letters) in &self.held {
            let (letters, stay) =
                if *letters == 1 { ("1 letter".to_owned(), "stays") } else { (format!("{letters} letters"), "stay") };
            said.push(format!("{letters} {stay} held for a person: {}.", held_words(*held_for)));
        }
        said
    }
}

/// For what letters are held, for a person.
fn held_words(held_for: Option<HeldFor>) -> &'static str {
    match held_for {
        Some(HeldFor::Cap) => "a cap on letters was reached (cap)",
        Some(HeldFor::Restored) => "they may have been sent before a backup was put back (restored)",
        Some(HeldFor::Uncertain) => "nobody knows whether they left (uncertain)",
        Some(HeldFor::Sender) => "their sender is not known any more (sender)",
        Some(HeldFor::Fault) => "they could not be handed over (fault)",
        None => "nothing says why",
    }
}

impl Desk {
    /// What resuming lets go, and what stays held; none where sending is not stopped.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn would_leave(&self) -> Result<Option<Resuming>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let Some(stopped) = tx.sending_stopped().await? else { return Ok(None) };
        Ok(Some(self.resuming(&mut tx, stopped.since).await?))
    }

    /// The same of what was stopped since then.
    pub(super) async fn resuming(&self, tx: &mut Tx, since: Timestamp) -> Result<Resuming, DeskError> {
        let now = self.instance.clock.now();
        let leaves = self.leaving(tx, since, now).await?;
        Ok(Resuming { now, leaves, held: tx.letters_held_for().await? })
    }

    /// What leaves once sending is resumed, and when: each after as long as it still had to wait when it was stopped, or when
    /// it was decided after that, and none before the caps allow it.
    async fn leaving(&self, tx: &mut Tx, since: Timestamp, now: Timestamp) -> Result<Vec<Leaving>, DeskError> {
        let mut filed: BTreeMap<Id, Vec<Iso3>> = BTreeMap::new();
        for state in [LetterState::Waiting, LetterState::Released] {
            for (letter, iso3) in tx.states_of_letters(state).await? {
                filed.entry(letter).or_default().push(iso3.map_err(StoreError::Row)?);
            }
        }
        let (mut leaves, mut pace) = (Vec::new(), Pace::default());
        for letter in tx.letters_to_leave().await? {
            let may_have_left = letter.state == LetterState::Sending;
            let left =
                letter.not_before.duration_since(since.max(letter.decided_at).min(now)).max(SignedDuration::ZERO);
            let rest = now.saturating_add(left).unwrap_or(Timestamp::MAX);
            let not_before = if may_have_left {
                letter.not_before
            } else {
                let filed = filed.remove(&letter.id).unwrap_or_default();
                rest.max(self.paced(tx, &mut pace, &letter, &filed, now).await?)
            };
            let ToLeave { id, kind, recipient: to, number, iso3, .. } = letter;
            let named = letter_number(id);
            let about = number.map(intake_number).or(iso3.map(|iso3| iso3.to_string())).unwrap_or_default();
            leaves.push(Leaving { id, kind, to, number, iso3, not_before, named, about, may_have_left });
        }
        leaves.sort_by_key(|letter| (letter.not_before, letter.id));
        Ok(leaves)
    }

    /// When the caps allow a letter that leaves with others; a reminder at once.
    async fn paced(
        &self,
        tx: &mut Tx,
        pace: &mut Pace,
        letter: &ToLeave,
        filed: &[Iso3],
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        if letter.kind == LetterKind::Reminder {
            return Ok(now);
        }
        let config = &self.instance.config.letters;
        let mailbox = folded(&letter.recipient);
        if !pace.addresses.contains_key(&mailbox) {
            pace.addresses.insert(mailbox.clone(), tx.letters_went(&letter.recipient, now).await?);
        }
        let mut hours = 0;
        if let Some([hour, day]) = pace.addresses.get_mut(&mailbox) {
            hours = (*hour / u64::from(config.cap_hour).max(1)).max(*day / u64::from(config.cap_day).max(1) * 24);
            (*hour, *day) = (*hour + 1, *day + 1);
        }
        for allowance in self.allowances(tx, (&letter.recipient, None), filed, now).await? {
            let used = pace.allowances.entry(Allowance::word(&allowance)).or_default();
            hours = hours.max(*used / self.instance.cap_of(&allowance).max(1));
            *used += 1;
        }
        let wait = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3_600));
        Ok(now.saturating_add(wait).unwrap_or(Timestamp::MAX))
    }
}
