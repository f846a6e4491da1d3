//! The time as of which a page is asked for: a day and an hour in the zone of the call.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::{asked::Asked, no_page::NoPage};
use crate::core::submission::View;

/// From where one looks: `as-of` is a day, which counts to its end, or a day with an hour; the hour may stand in `at`, too. `known-at` is
/// what was known then.
pub(super) fn view(asked: &Asked, zone: &str) -> Result<View, NoPage> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let known_before = match asked.get("known-at") {
        None => Timestamp::MAX,
        Some(text) => time(text, &zone).ok_or_else(|| wrong(text))?,
    };
    let Some(day) = asked.get("as-of") else { return Ok(View { known_before, ..View::NOW }) };
    let received_before = match asked.get("at") {
        None => time(day, &zone),
        Some(hour) => time(&format!("{day} {hour}"), &zone),
    };
    let shown = asked.get("at").map_or_else(|| day.to_owned(), |at| format!("{day} {at}"));
    Ok(View { received_before: received_before.ok_or_else(|| wrong(&shown))?, known_before })
}

fn wrong(text: &str) -> NoPage {
    let shown: String = text.chars().take(40).collect();
    NoPage::Wrong(format!("“{shown}” is not a date. Write 2020-09-30 or 2020-09-30 18:00."))
}

/// The beginning of a day, or a day with an hour.
pub(super) fn since(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    match text.parse::<Date>() {
        Ok(day) if !text.contains([' ', 'T']) => {
            Some(day.to_datetime(Time::midnight()).to_zoned_datetime(zone.clone()).ok()?.timestamp())
        }
        _ => time(text, zone),
    }
}

/// The end of a day, or a day with an hour.
pub(super) fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil = match text.split_once([' ', 'T']) {
        None => text.parse::<Date>().ok()?.checked_add(1.day()).ok()?.to_datetime(Time::midnight()),
        Some((day, hour)) => DateTime::from_parts(day.parse().ok()?, hour.trim().parse().ok()?),
    };
    Some(civil.to_zoned_datetime(zone.clone()).ok()?.timestamp())
}
