//! Whether an input came in time: the deadline as an instant, and the standing of a receipt against it.
//!
//! Promises that the whole last day counts in the zone of the call, whatever daylight saving does on it, and that late is
//! recorded, never refused. Judges by the receipt clock alone; the sender's Date has no place here.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::call::DeadlineRule;

/// A deadline fixed to an instant, with all that it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day that counts.
    pub day: Date,
    /// The IANA zone of that day.
    pub zone: String,
    /// Minutes of grace.
    pub grace_minutes: u32,
    /// The first instant that is late: the next midnight.
    pub instant: Timestamp,
}

/// How a receipt stands against the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Received before the end of the last day.
    OnTime,
    /// Received after it, within the grace of the call.
    ByGrace,
    /// Received within an extension granted to that state.
    ByExtension,
    /// Received after that.
    Late,
    /// The evidence for the time of receipt disagrees; a person decides.
    Undetermined,
}

/// The zone is not in the time zone database, or the day is out of range.
#[derive(Debug, thiserror::Error)]
#[error("the deadline {day} in “{zone}” is no instant: {source}")]
pub struct DeadlineError {
    day: Date,
    zone: String,
    source: jiff::Error,
}

impl Deadline {
    /// Fixes a rule to an instant.
    ///
    /// # Errors
    /// The zone is unknown, or the day lies outside the calendar.
    pub fn fix(rule: &DeadlineRule) -> Result<Self, DeadlineError> {
        let instant = || -> Result<Timestamp, jiff::Error> { end_of(rule.day, &TimeZone::get(&rule.zone)?) };
        let instant = instant().map_err(|source| DeadlineError { day: rule.day, zone: rule.zone.clone(), source })?;
        Ok(Self { day: rule.day, zone: rule.zone.clone(), grace_minutes: rule.grace_minutes, instant })
    }

    /// The standing of an input received at that time.
    #[must_use]
    pub fn judge(&self, received: Timestamp) -> Standing {
        let grace = SignedDuration::from_mins(i64::from(self.grace_minutes));
        if received < self.instant {
            Standing::OnTime
        } else if received < self.instant.saturating_add(grace).unwrap_or(Timestamp::MAX) {
            Standing::ByGrace
        } else {
            Standing::Late
        }
    }
}

/// The instant at which a day is over in a zone: the next midnight. Where clocks skip it, the moment after; where they go
/// back over it into the day, the second midnight.
fn end_of(day: Date, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
    let midnight = zone.to_ambiguous_timestamp(day.checked_add(1.day())?.at(0, 0, 0, 0));
    if midnight.is_ambiguous() {
        let later = midnight.later()?;
        let just_before = later.checked_sub(SignedDuration::from_nanos(1))?;
        if zone.to_datetime(just_before).date() <= day {
            return Ok(later);
        }
    }
    midnight.compatible()
}
