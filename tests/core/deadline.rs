//! The deadline as an instant, whatever daylight saving does; and the standing against it.

use docket::core::{
    calls::{
        call::DeadlineRule,
        deadline::Deadline,
        standing::{Standing, Witnesses},
    },
    iso3::Iso3,
};
use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, date, time},
    tz::{self, TimeZone},
};
use proptest::prelude::*;

fn fix(day: Date, zone: &str) -> Deadline {
    Deadline::fix(&DeadlineRule { day, time: None, zone: zone.to_owned(), grace_minutes: 0 }).expect(zone)
}

/// The deadline is the instant from which the day is over for good: just before it is still the day, and the day does not
/// come back behind it.
fn ends_the_day(day: Date, zone: &str, tz: &TimeZone) -> Result<(), String> {
    let deadline = fix(day, zone);
    let at = |nanos: i64| {
        let time = deadline.instant.checked_add(SignedDuration::from_nanos(nanos)).unwrap();
        tz.to_datetime(time)
    };
    let minute = 60_000_000_000;
    let over = [0, 1, minute, 29 * minute, 59 * minute, 61 * minute, 3 * 60 * minute];
    if at(-1).date() > day || over.iter().any(|&after| at(after).date() <= day) {
        return Err(format!("{day} in {zone} ends at {}: {} … {}", deadline.instant, at(-1), at(0)));
    }
    Ok(())
}

#[test]
fn the_whole_last_day_counts_around_every_change_of_clocks() {
    let since = date(1970, 1, 3).at(0, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).unwrap().timestamp();
    let until = date(2037, 12, 31).at(0, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).unwrap().timestamp();
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for name in tz::db().available() {
        let tz = TimeZone::get(name.as_str()).unwrap();
        let changes: Vec<Timestamp> =
            tz.following(since).map(|change| change.timestamp()).take_while(|at| *at < until).collect();
        for change in changes {
            for days in -2..=1 {
                let day = tz.to_datetime(change).date().checked_add(days.days()).unwrap();
                wrong.extend(ends_the_day(day, name.as_str(), &tz).err());
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 50_000, "{looked_at} days");
    assert!(wrong.is_empty(), "{} of {looked_at}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_last_day_ends_at_the_next_midnight() {
    for (zone, day, instant) in [
        ("Europe/Zurich", date(2020, 9, 30), "2020-09-30T22:00:00Z"),
        ("Europe/Zurich", date(2020, 10, 25), "2020-10-25T23:00:00Z"),
        ("Asia/Kathmandu", date(2020, 9, 30), "2020-09-30T18:15:00Z"),
        ("Pacific/Kiritimati", date(2020, 12, 31), "2020-12-31T10:00:00Z"),
        // Clocks skip the midnight.
        ("America/Sao_Paulo", date(2018, 11, 3), "2018-11-04T03:00:00Z"),
        ("Africa/Cairo", date(2024, 4, 25), "2024-04-25T22:00:00Z"),
        // The last hour of the day comes twice.
        ("Asia/Beirut", date(2023, 10, 28), "2023-10-28T22:00:00Z"),
        ("America/Asuncion", date(2024, 3, 23), "2024-03-24T04:00:00Z"),
        // The first hour of the next day comes twice.
        ("America/Havana", date(2023, 11, 4), "2023-11-05T04:00:00Z"),
        // One minute past midnight, clocks went back into the day that was over.
        ("America/St_Johns", date(2010, 11, 6), "2010-11-07T03:30:00Z"),
        // The next day never was.
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-30T10:00:00Z"),
    ] {
        assert_eq!(fix(day, zone).instant, instant.parse::<Timestamp>().unwrap(), "{day} in {zone}");
    }
}

#[test]
fn an_hour_of_the_last_day_ends_the_time() {
    for (zone, day, (hour, minute), instant) in [
        ("Europe/Zurich", date(2020, 9, 30), (12, 0), "2020-09-30T10:00:00Z"),
        ("Europe/Zurich", date(2020, 9, 30), (23, 59), "2020-09-30T21:59:00Z"),
        ("Europe/Zurich", date(2020, 9, 30), (0, 0), "2020-09-29T22:00:00Z"),
        // The hour comes twice, and the second one counts.
        ("Europe/Zurich", date(2020, 10, 25), (2, 30), "2020-10-25T01:30:00Z"),
        // The hour is skipped.
        ("Europe/Zurich", date(2020, 3, 29), (2, 30), "2020-03-29T01:30:00Z"),
    ] {
        let rule = DeadlineRule { day, time: Some(time(hour, minute, 0, 0)), zone: zone.to_owned(), grace_minutes: 5 };
        let deadline = Deadline::fix(&rule).unwrap();
        assert_eq!(deadline.instant, instant.parse::<Timestamp>().unwrap(), "{rule}");
        assert_eq!(deadline.rule(), rule);
    }
    let rule = |time, grace_minutes| {
        let zone = "Europe/Zurich".to_owned();
        DeadlineRule { day: date(2020, 9, 30), time, zone, grace_minutes }.to_string()
    };
    assert_eq!(rule(None, 0), "2020-09-30 (Europe/Zurich)");
    assert_eq!(rule(Some(time(12, 0, 0, 0)), 30), "2020-09-30 12:00 (Europe/Zurich), with 30 minutes of grace");
}

#[test]
fn what_is_no_instant_is_an_error() {
    for (zone, day) in [("Europe/Atlantis", date(2020, 9, 30)), ("Europe/Zurich", Date::MAX)] {
        let error =
            Deadline::fix(&DeadlineRule { day, time: None, zone: zone.to_owned(), grace_minutes: 0 }).unwrap_err();
        assert!(error.to_string().contains(zone), "{error}");
    }
}

proptest! {
    #[test]
    fn every_day_ends_in_every_zone(zone in 0_usize..600, days in 0_i32..24_800) {
        let names: Vec<_> = tz::db().available().collect();
        let name = names[zone % names.len()].as_str();
        let day = date(1970, 1, 3).checked_add(days.days()).unwrap();
        let ended = ends_the_day(day, name, &TimeZone::get(name).unwrap());
        prop_assert!(ended.is_ok(), "{ended:?}");
    }

    #[test]
    fn standings_follow_one_another(seconds in -200_000_i64..200_000, grace_minutes in 0_u32..2_000) {
        let rule = DeadlineRule { day: date(2020, 9, 30), time: None, zone: "Europe/Zurich".to_owned(), grace_minutes };
        let deadline = Deadline::fix(&rule).unwrap();
        let standing = deadline.due(&[], |_| None).judge(deadline.instant.checked_add(SignedDuration::from_secs(seconds)).unwrap());
        let expected = match seconds {
            ..0 => Standing::OnTime,
            after if after < i64::from(grace_minutes) * 60 => Standing::ByGrace,
            _ => Standing::Late,
        };
        prop_assert_eq!(standing, expected);
    }
}

/// The deadline of the shipped call with an hour of grace, and what holds with these extensions, each in hours after it.
fn judged(states: &[&str], extensions: &[(&str, i64)], hours: i64) -> Standing {
    let rule = DeadlineRule { day: date(2020, 9, 30), time: None, zone: "Europe/Zurich".to_owned(), grace_minutes: 60 };
    let deadline = Deadline::fix(&rule).unwrap();
    let after = |hours| deadline.instant.checked_add(SignedDuration::from_hours(hours)).unwrap();
    let extended = |state: Iso3| {
        let own = extensions.iter().filter(|(code, _)| *code == state.as_str());
        own.map(|(_, hours)| after(*hours)).max()
    };
    let states: Vec<_> = states.iter().map(|code| code.parse().unwrap()).collect();
    deadline.due(&states, extended).judge(after(hours))
}

#[test]
fn an_extension_holds_for_its_state_and_no_other() {
    let granted = [("NOR", 48), ("NOR", 24), ("SWE", 24)];
    for (states, hours, standing) in [
        (&["NOR"][..], -1, Standing::OnTime),
        (&["NOR"], 0, Standing::ByGrace),
        (&["NOR"], 1, Standing::ByExtension),
        (&["NOR"], 47, Standing::ByExtension),
        (&["NOR"], 48, Standing::Late),
        (&["SWE"], 24, Standing::Late),
        (&["DNK"], 1, Standing::Late),
        (&[], 1, Standing::Late),
        (&["NOR", "SWE"], 23, Standing::ByExtension),
        (&["NOR", "SWE"], 24, Standing::Late),
        (&["NOR", "DNK"], 1, Standing::Late),
    ] {
        assert_eq!(judged(states, &granted, hours), standing, "{states:?} after {hours} hours");
    }
    assert_eq!(judged(&["NOR"], &[], 1), Standing::Late);
    assert_eq!(judged(&["NOR"], &[("NOR", -5)], -1), Standing::OnTime, "an extension takes no time away");
}

#[test]
fn witnesses_that_disagree_about_the_standing_leave_it_open() {
    let rule = DeadlineRule { day: date(2020, 9, 30), time: None, zone: "Europe/Zurich".to_owned(), grace_minutes: 0 };
    let deadline = Deadline::fix(&rule).unwrap();
    let after = |hours| deadline.instant.checked_add(SignedDuration::from_hours(hours)).unwrap();
    let granted = |state: Iso3| (state.as_str() == "NOR").then(|| after(24));
    let weighed = |code: &str, relay: Option<i64>, mailbox: Option<i64>| {
        let witnesses = Witnesses { relay: relay.map(after), mailbox: mailbox.map(after) };
        deadline.due(&[code.parse().unwrap()], granted).weigh(after(23), witnesses)
    };
    assert_eq!(weighed("NOR", None, None), Standing::ByExtension);
    assert_eq!(weighed("NOR", Some(1), Some(22)), Standing::ByExtension);
    assert_eq!(weighed("NOR", Some(1), Some(24)), Standing::Undetermined, "about the extension");
    assert_eq!(weighed("NOR", Some(-1), None), Standing::Undetermined, "about the deadline");
    assert_eq!(weighed("DNK", Some(24), Some(1)), Standing::Late, "late by both");
}
