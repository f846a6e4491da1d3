//! How the states of a call stand when reminders are prepared, gathered from all that tells.
//!
//! Promises that whoever prepares reminders and whoever asks which of them are held back see the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::{Id, Person, Read, StoreError, Tx, intake_number};
use crate::core::{
    calls::{call::Call, reminder::Standings},
    iso3::Iso3,
};

/// The step of a call for which it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Reminding<'a> {
    /// The call.
    pub call: &'a Call,
    /// Its row.
    pub id: Id,
    /// The states that it addresses.
    pub roster: &'a [Iso3],
    /// The step.
    pub step: &'a str,
    /// The day, where the call is.
    pub today: Date,
}

impl Tx {
    /// How the states of a call stand at a step, and whom of each it could be sent to.
    ///
    /// # Errors
    /// The database did not answer; or for which state something is cannot be read, so that nobody can be left out.
    pub async fn standings(
        &mut self,
        Reminding { call, id, roster, step, today }: Reminding<'_>,
    ) -> Result<(Standings, BTreeMap<Iso3, Person>), StoreError> {
        let mut focal_points: BTreeMap<Iso3, Person> = BTreeMap::new();
        for person in self.focal_points(today).await? {
            focal_points.entry(person.iso3).or_insert(person);
        }
        let waiting = self.waiting(Some(&call.code)).await?;
        let filed = self.filed(&call.code).await?;
        let anybodys = waiting.iter().filter(|row| row.is_anybodys()).map(|row| intake_number(row.number)).collect();
        let standings = Standings {
            roster: roster.to_vec(),
            // Who is not known cannot be left out: then nobody is reminded.
            received: known(filed.into_iter().map(|version| version.iso3))?,
            possible: known(self.possible_states(&call.code, Timestamp::MAX, false).await?)?,
            anybodys,
            unread: self.unread().await?,
            no_reminder: call.no_reminder.clone(),
            reminded: self.reminded(id, step).await?.into_iter().collect(),
            reachable: focal_points.keys().copied().collect(),
        };
        Ok((standings, focal_points))
    }
}

/// The states, where each is known.
fn known(states: impl IntoIterator<Item = Read<Iso3>>) -> Result<BTreeSet<Iso3>, StoreError> {
    states.into_iter().collect::<Read<_>>().map_err(StoreError::Row)
}
