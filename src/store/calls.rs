//! The calls as the database knows them: whom they address, and their deadlines as they were set.
//!
//! Promises that a deadline that is moved is an act beside the earlier ones: what was judged stays explained. A change of
//! the call file is one; a file that nobody has touched takes back nothing that a person set.

use jiff::{Timestamp, civil};

use super::{About, Count, Day, Id, Sql, StoreError, Time, Tx};
use crate::core::{
    actor::Actor,
    calls::{
        call::{Call, DeadlineRule},
        deadline::Deadline,
        file_says::{FileSays, file_says},
        law::{DeadlineAct, Law},
    },
    event::Event,
    iso3::Iso3,
};

/// Why there is another version of a deadline that nobody has moved.
const OTHER_ZONES: &str = "the data of time zones have changed";

statements! {
    ADD = Sql::both("INSERT INTO call (code, reference) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING");
    CALL = Sql::both("SELECT id, reference, file_said FROM call WHERE code = $1");
    // Who writes has a SQLite file for himself.
    LOCK = Sql {
        sqlite: "SELECT id FROM call WHERE id = $1",
        postgres: "SELECT id FROM call WHERE id = $1 FOR UPDATE",
    };
    KEEP_SAID = Sql::both("UPDATE call SET file_said = $2 WHERE id = $1 AND (file_said IS NULL OR file_said <> $2)");
    ACTS = Sql::both(
        "SELECT id, n, day, time, zone, grace_minutes, instant, since, authority, reason, actor FROM deadline_version
         WHERE call_id = $1 ORDER BY n");
    ADD_DEADLINE = Sql::both(
        "INSERT INTO deadline_version (call_id, n, day, time, zone, rule, tzdb, grace_minutes, instant, since, authority,
             reason, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id");
    TO_JUDGE = Sql::both(
        "SELECT c.id FROM call c
         WHERE COALESCE(c.judged_n, 0) < (SELECT MAX(v.n) FROM deadline_version v WHERE v.call_id = c.id) ORDER BY c.id");
    JUDGED = Sql::both(
        "UPDATE call SET judged_n = (SELECT MAX(v.n) FROM deadline_version v WHERE v.call_id = call.id) WHERE id = $1");
    ADD_ROSTER = Sql::both(
        "INSERT INTO roster (call_id, iso3, policy, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (call_id, iso3) DO UPDATE SET policy = excluded.policy, reason = excluded.reason");
}

/// A call as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCall {
    /// What its items, submissions and letters refer to.
    pub id: Id,
    /// Its deadlines, as they were set, and the extensions.
    pub law: Law,
    /// What its file says of the deadline, where another was set since.
    pub file_differs: Option<DeadlineRule>,
    /// The file was changed since it was taken over, and whoever opened the log only reads: it does not hold yet.
    pub to_be_taken_over: bool,
}

impl KnownCall {
    /// The number of the deadline that holds now, among those of the call.
    #[must_use]
    pub fn deadline_n(&self) -> u32 {
        self.law.newest().n
    }
}

/// Why a deadline is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grounds<'a> {
    /// On whose authority; none where the call file says so.
    pub authority: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Who sets it.
    pub by: &'a Actor,
}

#[derive(Debug, sqlx::FromRow)]
struct ActRow {
    id: Id,
    #[sqlx(try_from = "Count<u32>")]
    n: u32,
    #[sqlx(try_from = "Day")]
    day: civil::Date,
    time: Option<String>,
    zone: String,
    #[sqlx(try_from = "Count<u32>")]
    grace_minutes: u32,
    #[sqlx(try_from = "Time")]
    instant: Timestamp,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    authority: Option<String>,
    reason: Option<String>,
    actor: Actor,
}

impl TryFrom<ActRow> for DeadlineAct {
    type Error = StoreError;

    fn try_from(row: ActRow) -> Result<Self, StoreError> {
        let hour = |time: &String| {
            time.parse().map_err(|why| {
                StoreError::Row(format!("the column “time” of the deadline with id {} cannot be read: {why}", row.id))
            })
        };
        let time: Option<civil::Time> = row.time.as_ref().map(hour).transpose()?;
        let ActRow { id, n, day, zone, grace_minutes, instant, since, authority, reason, actor, .. } = row;
        let deadline = Deadline { day, time, zone, grace_minutes, instant };
        Ok(Self { id, n, deadline, at: since, authority, reason, by: actor })
    }
}

impl Tx {
    /// Brings a call up to date with its configuration. `deadline`: as its file says, computed with the zone data of the
    /// version `tzdb`.
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
        let (id, reference, said) = fetch!(one, self => (Id, String, Option<String>), CALL, call.code.as_str())?;
        if reference != call.reference {
            return Err(StoreError::Row(format!(
                "the call {} was kept under the reference {reference}, and the configuration says {}: references that \
                 people were given must not change; put {reference} back, or give the call another code",
                call.code, call.reference
            )));
        }
        self.change_call(id).await?;
        for &iso3 in roster {
            let reason = call.no_reminder.get(&iso3).map(String::as_str);
            let policy = if reason.is_some() { "no_reminder" } else { "remind" };
            execute!(self, ADD_ROSTER, id, iso3, policy, reason)?;
        }
        let last = said_last(&call.code, said.as_deref())?;
        let says = deadline.rule();
        let law = self.law_if_any(id).await?;
        let follows = file_says(&says, last.as_ref(), law.as_ref());
        let unwritten =
            |error| StoreError::Row(format!("what the file of {} says cannot be written down: {error}", call.code));
        let written = serde_json::to_string(&says).map_err(unwritten)?;
        execute!(self, KEEP_SAID, id, written)?;
        let by = Grounds { authority: None, reason: None, by: &Actor::Program };
        if follows == FileSays::Sets {
            self.set_deadline(id, deadline, by, tzdb, now).await?;
            if law.is_none() {
                self.judged_all(id).await?;
            }
        } else if let Some(fixed) = law.and_then(|law| fixed_anew(&law)) {
            self.set_deadline(id, &fixed, Grounds { reason: Some(OTHER_ZONES), ..by }, tzdb, now).await?;
        }
        let law = self.law(id).await?;
        let file_differs = (law.newest().deadline.rule() != says).then_some(says);
        Ok(KnownCall { id, law, file_differs, to_be_taken_over: false })
    }

    /// A call as it stands on record, for whoever only reads: nothing of its configuration is taken over. `says`: the deadline
    /// as its file says. None of one that is not on record yet.
    ///
    /// # Errors
    /// The database did not answer, or what is on record of it cannot be read.
    pub async fn known_call(&mut self, code: &str, says: &DeadlineRule) -> Result<Option<KnownCall>, StoreError> {
        let Some((id, _, said)) = fetch!(optional, self => (Id, String, Option<String>), CALL, code)? else {
            return Ok(None);
        };
        let Some(law) = self.law_if_any(id).await? else { return Ok(None) };
        let last = said_last(code, said.as_deref())?;
        let to_be_taken_over = file_says(says, last.as_ref(), Some(&law)) == FileSays::Sets;
        let file_differs = (law.newest().deadline.rule() != *says).then(|| says.clone());
        Ok(Some(KnownCall { id, law, file_differs, to_be_taken_over }))
    }

    /// From here on nobody else sets a deadline of this call or grants an extension.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn change_call(&mut self, call: Id) -> Result<(), StoreError> {
        let (_,) = fetch!(one, self => (Id,), LOCK, call)?;
        Ok(())
    }

    /// Sets the deadline of a call, as an act; yields its number.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn set_deadline(
        &mut self,
        call: Id,
        deadline: &Deadline,
        Grounds { authority, reason, by }: Grounds<'_>,
        tzdb: &str,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let acts = fetch!(all, self => ActRow, ACTS, call)?;
        let n = acts.last().map_or(1, |act| act.n + 1);
        // What is set at the same instant as the one before holds from the next one on.
        let earliest = acts.last().map(|act| act.since.as_microsecond() + 1);
        let at = earliest.map_or(now.as_microsecond(), |earliest| earliest.max(now.as_microsecond()));
        let time = deadline.time.map(|time| time.to_string());
        let rule = if time.is_some() { "hour" } else { "inclusive_day" };
        let (_,) = fetch!(one, self => (Id,), ADD_DEADLINE,
            call,
            i64::from(n),
            deadline.day.to_string(),
            time,
            deadline.zone.as_str(),
            rule,
            tzdb,
            i64::from(deadline.grace_minutes),
            deadline.instant.as_microsecond(),
            at,
            authority,
            reason,
            by,
        )?;
        let event = Event::Deadline {
            day: deadline.day,
            time: deadline.time,
            zone: deadline.zone.clone(),
            version: n,
            authority: authority.map(str::to_owned),
            reason: reason.map(str::to_owned),
        };
        self.record(now, About::call(call), by, &event)?;
        Ok(n)
    }

    /// The deadlines of a call and its extensions.
    ///
    /// # Errors
    /// The database did not answer, or the call has no deadline.
    pub async fn law(&mut self, call: Id) -> Result<Law, StoreError> {
        let none = || StoreError::Row(format!("the call with id {call} has no deadline"));
        self.law_if_any(call).await?.ok_or_else(none)
    }

    async fn law_if_any(&mut self, call: Id) -> Result<Option<Law>, StoreError> {
        let acts = fetch!(all, self => ActRow, ACTS, call)?;
        let acts = acts.into_iter().map(DeadlineAct::try_from).collect::<Result<_, _>>()?;
        Ok(Law::new(acts, self.extensions(call).await?))
    }

    /// The calls whose deadline was moved since what is filed was judged by it.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn calls_to_judge(&mut self) -> Result<Vec<Id>, StoreError> {
        Ok(fetch!(all, self => (Id,), TO_JUDGE)?.into_iter().map(|(id,)| id).collect())
    }

    /// All that is filed under a call is judged by the deadline that holds now.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn judged_all(&mut self, call: Id) -> Result<(), StoreError> {
        execute!(self, JUDGED, call)?;
        Ok(())
    }
}

/// What the file of a call said when it was taken over last.
fn said_last(code: &str, said: Option<&str>) -> Result<Option<DeadlineRule>, StoreError> {
    let broken = |error| StoreError::Row(format!("what the file of {code} said last cannot be read: {error}"));
    said.map(serde_json::from_str).transpose().map_err(broken)
}

/// The newest deadline as today's zone data fix it, where that is another instant than when it was set.
fn fixed_anew(law: &Law) -> Option<Deadline> {
    let was = &law.newest().deadline;
    Deadline::fix(&was.rule()).ok().filter(|now| now.instant != was.instant)
}
