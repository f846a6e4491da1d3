//! How the states of a call stand when reminders are prepared, gathered from all that tells.
//!
//! Promises that whoever prepares reminders and whoever asks which of them are held back see the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};

use super::state_lines;
use crate::{
    core::{calls::reminder::Standings, iso3::Iso3},
    instance::OpenCall,
    store::{Person, Read, StoreError, Tx, intake_number},
};

/// How the states of a call stand at a step, and whom of each it could be sent to.
///
/// # Errors
/// The database did not answer; or for which state something is cannot be read, so that nobody can be left out.
pub async fn standings(
    tx: &mut Tx,
    open: &OpenCall,
    step: &str,
    now: Timestamp,
) -> Result<(Standings, BTreeMap<Iso3, Person>), StoreError> {
    let code = open.call.code.as_str();
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    let mut focal_points: BTreeMap<Iso3, Person> = BTreeMap::new();
    for person in tx.focal_points(now.to_zoned_datetime(zone).date()).await? {
        focal_points.entry(person.iso3).or_insert(person);
    }
    let waiting = tx.waiting(Some(code)).await?;
    let filed = tx.filed(code).await?;
    let standings = Standings {
        roster: open.roster.clone(),
        // Who is not known cannot be left out: then nobody is reminded.
        received: known(filed.into_iter().map(|version| version.iso3))?,
        told: state_lines(tx, open, &[]).await?,
        possible: known(tx.possible_states(code, Timestamp::MAX, false).await?)?,
        anybodys: waiting.iter().filter(|row| row.is_anybodys()).map(|row| intake_number(row.number)).collect(),
        unread: tx.unread().await?,
        no_reminder: open.call.no_reminder.clone(),
        reminded: tx.reminded(open.known.id, step).await?.into_iter().collect(),
        reachable: focal_points.keys().copied().collect(),
    };
    Ok((standings, focal_points))
}

/// The states, where each is known.
fn known(states: impl IntoIterator<Item = Read<Iso3>>) -> Result<BTreeSet<Iso3>, StoreError> {
    states.into_iter().collect::<Read<_>>().map_err(StoreError::Row)
}
