//! Who is reminded before a deadline, and who is left out, and why.
//!
//! Promises that no state is reminded which has sent something or said what becomes of its input, or whose input may be among
//! what is still undecided, and that every state of the roster is accounted for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    Span, Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use super::{
    call::{Call, ReminderStep},
    deadline::Deadline,
    status::{StateStands, Status},
};
use crate::core::iso3::Iso3;

/// What is known when reminders are prepared.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// The states of the roster.
    pub roster: Vec<Iso3>,
    /// How each of them stands; of one that is not here that is not known.
    pub stands: BTreeMap<Iso3, StateStands>,
    /// States of which something undecided may be.
    pub possible: BTreeSet<Iso3>,
    /// Inputs, by number, that are undecided and name no state: they may be anybody's.
    pub anybodys: Vec<String>,
    /// Messages that are not read yet.
    pub unread: i64,
    /// States that are not reminded, with the reason.
    pub no_reminder: BTreeMap<Iso3, String>,
    /// States that this step has reminded before.
    pub reminded: BTreeSet<Iso3>,
    /// States with a focal point.
    pub reachable: BTreeSet<Iso3>,
}

/// What happens to one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// It is reminded.
    Remind(Iso3),
    /// It is left out, and why.
    LeaveOut(Iso3, String),
}

impl Line {
    /// The state.
    #[must_use]
    pub fn state(&self) -> Iso3 {
        match self {
            Self::Remind(state) | Self::LeaveOut(state, _) => *state,
        }
    }
}

/// Goes through the roster.
#[must_use]
pub fn plan(standings: &Standings) -> Vec<Line> {
    standings
        .roster
        .iter()
        .map(|&iso3| match reason_to_leave_out(iso3, standings) {
            Some(reason) => Line::LeaveOut(iso3, reason),
            None => Line::Remind(iso3),
        })
        .collect()
}

/// The states that are not reminded now for no other reason than that something is undecided.
#[must_use]
pub fn held_back(standings: &Standings) -> BTreeSet<Iso3> {
    let mut decided = Standings { possible: BTreeSet::new(), anybodys: Vec::new(), ..standings.clone() };
    for stands in decided.stands.values_mut().filter(|stands| stands.status == Status::PossiblyReceived) {
        stands.status = Status::NothingReceived;
    }
    let reminded = |standings: &Standings| -> BTreeSet<Iso3> {
        let reminded = plan(standings).into_iter().filter_map(|line| match line {
            Line::Remind(iso3) => Some(iso3),
            Line::LeaveOut(..) => None,
        });
        reminded.collect()
    };
    &reminded(&decided) - &reminded(standings)
}

/// How many of the messages that may be anybody's are named.
const NAMED: usize = 5;

/// Why a state is left out; none if it is reminded.
#[must_use]
pub fn reason_to_leave_out(iso3: Iso3, standings: &Standings) -> Option<String> {
    let Some(stands) = standings.stands.get(&iso3) else {
        return Some("how it stands is not known".to_owned());
    };
    if let Some(reason) = has_answered(stands) {
        return Some(reason);
    }
    if standings.reminded.contains(&iso3) {
        return Some("reminded by this step before".to_owned());
    }
    if let Some(reason) = standings.no_reminder.get(&iso3) {
        return Some(format!("not reminded: {reason}"));
    }
    if stands.status == Status::PossiblyReceived || standings.possible.contains(&iso3) {
        return Some("something undecided may be its input: decide that first".to_owned());
    }
    if !standings.anybodys.is_empty() {
        let (named, more) = standings.anybodys.split_at(standings.anybodys.len().min(NAMED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let numbers = named.join(", ");
        return Some(format!("an undecided input names no state and may be its own: decide {numbers}{more} first"));
    }
    if standings.unread > 0 {
        return Some(format!("{} received messages are not read yet", standings.unread));
    }
    if !standings.reachable.contains(&iso3) {
        return Some("no focal point is known: add one with `docket people import`".to_owned());
    }
    None
}

/// How a state stands where a reminder that was decided is due no more: it has sent something or said what becomes of its input,
/// or something undecided may be its own.
#[must_use]
pub fn overtaken(iso3: Iso3, standings: &Standings) -> Option<Status> {
    let stands = standings.stands.get(&iso3)?;
    match stands.status {
        Status::NothingReceived if standings.possible.contains(&iso3) => Some(Status::PossiblyReceived),
        Status::NothingReceived => None,
        status => Some(status),
    }
}

/// What a state has sent, or said of its input, that leaves nothing to be reminded of.
fn has_answered(stands: &StateStands) -> Option<String> {
    let reason = match (stands.status, stands.day) {
        (Status::Received | Status::Corrected, _) => "its input was received",
        (Status::UnderQuery, _) => "its input was received and could not be read",
        (Status::Announced, Some(day)) => return Some(format!("it has announced its input by {day}")),
        (Status::Announced, None) => "it has announced its input",
        (Status::Declined, _) => "it has said that it will send no input",
        (Status::Withdrawn, _) => "it has taken its input back",
        (Status::PossiblyReceived | Status::NothingReceived, _) => return None,
    };
    Some(reason.to_owned())
}

/// When a step falls due; `None` if that is no instant of the calendar.
#[must_use]
pub fn due(step: &ReminderStep, deadline: &Deadline) -> Option<Timestamp> {
    let day = deadline.day.checked_sub(Span::new().try_days(step.days_before).ok()?).ok()?;
    let hour = i8::try_from(step.hour).ok()?;
    let zone = TimeZone::get(&deadline.zone).ok()?;
    Some(day.to_datetime(Time::new(hour, 0, 0, 0).ok()?).to_zoned_datetime(zone).ok()?.timestamp())
}

/// Why nobody may be at work on a day: a holiday of the call, or the end of a week.
#[must_use]
pub fn free_day(day: Date, call: &Call) -> Option<&'static str> {
    if call.holidays.contains(&day) {
        return Some("a holiday");
    }
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday).then_some("the end of a week")
}

/// The step that has come last, and the one that comes next, each with its instant.
#[must_use]
pub fn last_and_next<'a>(
    steps: &'a [ReminderStep],
    deadline: &Deadline,
    now: Timestamp,
) -> [Option<(Timestamp, &'a ReminderStep)>; 2] {
    let dated = || steps.iter().filter_map(|step| Some((due(step, deadline)?, step)));
    let last = dated().filter(|(due, _)| *due <= now).max_by_key(|(due, _)| *due);
    let next = dated().filter(|(due, _)| *due > now).min_by_key(|(due, _)| *due);
    [last, next]
}

/// Whole days from a time to the last day that counts, that day not counted.
#[must_use]
pub fn days_left(deadline: &Deadline, now: Timestamp) -> u32 {
    let Ok(zone) = TimeZone::get(&deadline.zone) else { return 0 };
    let today = now.to_zoned_datetime(zone).date();
    today.until(deadline.day).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}
