//! Who has sent nothing that counts, by what was done and will be done about it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::{RegisterLine, Reminded, end_in_words};
use crate::core::iso3::Iso3;

/// What is to be said of these lines; `next` is the reminder that comes, and `then` the time from which one looks.
#[must_use]
pub fn reminded<'a>(
    lines: impl IntoIterator<Item = &'a RegisterLine>,
    next: Option<&(String, Timestamp)>,
    zone: &str,
    then: Timestamp,
) -> Vec<Reminded> {
    let known = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let brief = |at: Timestamp| at.to_zoned_datetime(known.clone()).strftime("%d %b %H:%M").to_string();
    let mut groups: BTreeMap<(u8, String), Vec<(Iso3, String)>> = BTreeMap::new();
    for line in lines.into_iter().filter(|line| !line.counts) {
        let until = line.extended_until.filter(|until| then < *until);
        let until = until.map(|until| format!("has time until {} (extension)", end_in_words(until, zone)));
        let (place, how) = match (&line.reminded, &line.why_not_reminded) {
            (Some(at), why) => {
                let since = why.as_ref().map(|why| format!("; no more: {why}")).unwrap_or_default();
                (0, format!("Reminded {}{since}", brief(*at)))
            }
            (None, Some(why)) => {
                let why = why.strip_prefix("not reminded: ").unwrap_or(why);
                (2, format!("Not reminded: {why}"))
            }
            (None, None) => (
                1,
                next.map_or_else(
                    || "Not reminded yet".to_owned(),
                    |(step, due)| format!("To be reminded {} ({step})", brief(*due)),
                ),
            ),
        };
        let also = until.filter(|until| !how.contains(until.as_str())).map(|until| format!("; {until}"));
        let group = groups.entry((place, how + &also.unwrap_or_default())).or_default();
        group.push((line.iso3, line.name.clone()));
    }
    groups.into_iter().map(|((_, how), states)| Reminded { how, states }).collect()
}
