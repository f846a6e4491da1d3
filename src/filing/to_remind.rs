//! How the states of a call stand when reminders are prepared.
//!
//! Promises that whoever prepares reminders and whoever asks which of them are held back see the same.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::overview::{Overview, standings};
use crate::{
    core::{calls::reminder::Standings, iso3::Iso3, submission::View},
    instance::OpenCall,
    store::{Person, StoreError, Tx},
};

/// How the states of a call stand at a step, or where none is named whatever was reminded before, and whom of each it could be sent to.
///
/// # Errors
/// The database did not answer; or whose something is cannot be read, so that nobody can be left out.
pub async fn to_remind(
    tx: &mut Tx,
    open: &OpenCall,
    step: Option<&str>,
    now: Timestamp,
) -> Result<(Standings, BTreeMap<Iso3, Person>), StoreError> {
    let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
    let today = now.to_zoned_datetime(zone).date();
    let overview = Overview::of(tx, open, View::NOW).await?;
    overview.is_whole()?;
    let stands = overview.stands(&open.roster, &overview.parties());
    standings(tx, open, &overview, stands, (step, today)).await
}
