//! Until when inputs are in time: the deadline of a call as an instant.
//!
//! Promises that the whole last day counts in the zone of the call, whatever daylight saving does on it. What holds for some
//! states, and how a receipt stands against that, is told by [`super::standing`].

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
}

/// The last day of a time, by the first instant that is late.
#[must_use]
pub fn last_day(late: Timestamp, zone: &TimeZone) -> Date {
    let just_before = late.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(late);
    zone.to_datetime(just_before).date()
}

/// The instant at which a day is over in a zone: the next midnight. Where clocks skip it, the moment after; where they go
/// back over it into the day, the second midnight.
///
/// # Errors
/// The next day lies outside the calendar.
pub fn end_of(day: Date, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
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
