//! Until when inputs are in time: the deadline of a call as an instant.
//!
//! Promises that the whole last day counts in the zone of the call, or all of it up to the hour that was announced, whatever
//! daylight saving does on it. What holds for some
//! states, and how a receipt stands against that, is told by [`super::standing`].

use std::fmt;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::call::DeadlineRule;

/// A deadline fixed to an instant, with all that it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day that counts.
    pub day: Date,
    /// The hour of it that ends the time; without one the day counts as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// The IANA zone of that day.
    pub zone: String,
    /// Minutes of grace.
    pub grace_minutes: u32,
    /// The first instant that is late: that hour, or the next midnight.
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
        let instant = || -> Result<Timestamp, jiff::Error> { end(rule.day, rule.time, &TimeZone::get(&rule.zone)?) };
        let instant = instant().map_err(|source| DeadlineError { day: rule.day, zone: rule.zone.clone(), source })?;
        let DeadlineRule { day, time, zone, grace_minutes } = rule.clone();
        Ok(Self { day, time, zone, grace_minutes, instant })
    }

    /// The same until another instant, the first that is late: what a state has that was granted more time.
    #[must_use]
    pub fn until(&self, late: Timestamp) -> Self {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let day = last_day(late, &zone);
        let whole = end_of(day, &zone).is_ok_and(|end| end == late);
        let time = (!whole).then(|| zone.to_datetime(late).time());
        Self { day, time, zone: self.zone.clone(), grace_minutes: 0, instant: late }
    }

    /// The rule that was fixed.
    #[must_use]
    pub fn rule(&self) -> DeadlineRule {
        let Self { day, time, zone, grace_minutes, .. } = self.clone();
        DeadlineRule { day, time, zone, grace_minutes }
    }
}

impl fmt::Display for DeadlineRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { day, time, zone, grace_minutes } = self;
        write!(f, "{day}")?;
        if let Some(time) = time {
            write!(f, " {}", time.strftime("%H:%M"))?;
        }
        write!(f, " ({zone})")?;
        match grace_minutes {
            0 => Ok(()),
            minutes => write!(f, ", with {minutes} minutes of grace"),
        }
    }
}

/// The instant at which the time is over: an hour of the day, the later one where it comes twice; else the end of the day.
///
/// # Errors
/// The day lies outside the calendar.
pub fn end(day: Date, time: Option<Time>, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
    match time {
        Some(time) => zone.to_ambiguous_timestamp(day.to_datetime(time)).later(),
        None => end_of(day, zone),
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
