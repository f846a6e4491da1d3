//! The calls as the database knows them: their deadlines as they were announced, and whom they address.
//!
//! Promises that a changed deadline is a new version beside the old one: what was judged stays explained.

use jiff::Timestamp;

use super::{About, Count, Id, Sql, StoreError, Tx};
use crate::core::{
    actor::Actor,
    calls::{call::Call, deadline::Deadline, standing::Extension},
    event::Event,
    iso3::Iso3,
};

statements! {
    ADD = Sql::both("INSERT INTO call (code, reference) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING");
    CALL = Sql::both("SELECT id, reference FROM call WHERE code = $1");
    NEWEST_DEADLINE = Sql::both(
        "SELECT id, n, day, zone, grace_minutes, instant FROM deadline_version
         WHERE call_id = $1 ORDER BY n DESC LIMIT 1");
    ADD_DEADLINE = Sql::both(
        "INSERT INTO deadline_version (call_id, n, day, zone, rule, tzdb, grace_minutes, instant, since)
         VALUES ($1, $2, $3, $4, 'inclusive_day', $5, $6, $7, $8) RETURNING id");
    ADD_ROSTER = Sql::both(
        "INSERT INTO roster (call_id, iso3, policy, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (call_id, iso3) DO UPDATE SET policy = excluded.policy, reason = excluded.reason");
}

/// A call as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCall {
    /// What its items, submissions and letters refer to.
    pub id: Id,
    /// The row of the deadline that judges now.
    pub deadline_version: Id,
    /// Its number among those of the call.
    pub deadline_n: u32,
    /// The extensions that were granted to states. Nothing grants one yet.
    pub extensions: Vec<Extension>,
}

impl Tx {
    /// Brings a call up to date with its configuration; `tzdb` is the version of the zone data that computed the
    /// deadline.
    ///
    /// # Errors
    /// The database did not answer, or the reference of the call has changed since something was filed under it.
    pub async fn know_call(
        &mut self,
        call: &Call,
        deadline: &Deadline,
        roster: &[Iso3],
        tzdb: &str,
        now: Timestamp,
    ) -> Result<KnownCall, StoreError> {
        execute!(self, ADD, call.code.as_str(), call.reference.as_str())?;
        let (id, reference) = fetch!(one, self => (Id, String), CALL, call.code.as_str())?;
        if reference != call.reference {
            return Err(StoreError::Row(format!(
                "the call {} was kept under the reference {reference}, and the configuration says {}: references that \
                 people were given must not change; put {reference} back, or give the call another code",
                call.code, call.reference
            )));
        }
        for &iso3 in roster {
            let reason = call.no_reminder.get(&iso3).map(String::as_str);
            let policy = if reason.is_some() { "no_reminder" } else { "remind" };
            execute!(self, ADD_ROSTER, id, iso3, policy, reason)?;
        }
        let (deadline_version, deadline_n) = self.know_deadline(id, deadline, tzdb, now).await?;
        Ok(KnownCall { id, deadline_version, deadline_n, extensions: Vec::new() })
    }

    async fn know_deadline(
        &mut self,
        call: Id,
        deadline: &Deadline,
        tzdb: &str,
        now: Timestamp,
    ) -> Result<(Id, u32), StoreError> {
        let day = deadline.day.to_string();
        let (grace, instant) = (i64::from(deadline.grace_minutes), deadline.instant.as_microsecond());
        let newest = fetch!(optional, self => (Id, Count<u32>, String, String, i64, i64), NEWEST_DEADLINE, call)?;
        let n = match newest {
            Some((id, Count(n), d, z, g, i)) if (&d, &z, g, i) == (&day, &deadline.zone, grace, instant) => {
                return Ok((id, n));
            }
            Some((_, Count(n), ..)) => n + 1,
            None => 1,
        };
        let zone = deadline.zone.as_str();
        let (id,) = fetch!(one, self => (Id,), ADD_DEADLINE,
            call, i64::from(n), &day, zone, tzdb, grace, instant, now.as_microsecond())?;
        let event = Event::Deadline { day: deadline.day, zone: deadline.zone.clone(), version: n };
        self.record(now, About::call(call), &Actor::Program, &event)?;
        Ok((id, n))
    }
}
