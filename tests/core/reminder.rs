//! Who is reminded: every state of the roster once, and nobody who has written.

use std::collections::{BTreeMap, BTreeSet};

use docket::core::{
    calls::{
        call::{DeadlineRule, ReminderStep},
        deadline::Deadline,
        reminder::{Line, Standings, days_left, due, last_and_next, plan},
        status::{StateStands, Status},
    },
    iso3::Iso3,
};
use jiff::{Timestamp, civil::date};
use proptest::{prelude::*, sample::subsequence};

const ROSTER: [&str; 12] = ["ALB", "AUT", "BEL", "CHE", "DEU", "ESP", "FRA", "ITA", "NOR", "POL", "SWE", "USA"];

fn roster() -> Vec<Iso3> {
    ROSTER.iter().map(|code| code.parse().unwrap()).collect()
}

/// Nothing is known of a state but that it stands so.
fn stands(status: Status) -> StateStands {
    StateStands { status, judged: None, counts: false, current: None, queried: None, received: None, day: None }
}

fn some() -> impl Strategy<Value = BTreeSet<Iso3>> {
    subsequence(roster(), 0..=ROSTER.len()).prop_map(|states| states.into_iter().collect())
}

prop_compose! {
    fn standings()(
        statuses in proptest::collection::vec(0..Status::ALL.len(), ROSTER.len()), possible in some(), unwanted in some(), reminded in some(), reachable in some(),
        anybodys in proptest::collection::vec("M-[0-9]{6}", 0..2), unread in 0_i64..2,
    ) -> Standings {
        let no_reminder = unwanted.into_iter().map(|iso3| (iso3, "its own wish".to_owned())).collect();
        let stands = roster().into_iter().zip(statuses.into_iter().map(|at| stands(Status::ALL[at]))).collect();
        Standings { roster: roster(), stands, possible, anybodys, unread, no_reminder, reminded, reachable }
    }
}

proptest! {
    #[test]
    fn everybody_is_accounted_for_and_nobody_who_wrote_is_reminded(standings in standings()) {
        let lines = plan(&standings);
        let mut seen = Vec::new();
        for line in &lines {
            match line {
                Line::Remind(iso3) => {
                    prop_assert_eq!(standings.stands[iso3].status, Status::NothingReceived);
                    prop_assert!(!standings.possible.contains(iso3));
                    prop_assert!(!standings.reminded.contains(iso3));
                    prop_assert!(!standings.no_reminder.contains_key(iso3));
                    prop_assert!(standings.reachable.contains(iso3));
                    prop_assert!(standings.anybodys.is_empty() && standings.unread == 0);
                    seen.push(*iso3);
                }
                Line::LeaveOut(iso3, reason) => {
                    prop_assert!(!reason.is_empty());
                    seen.push(*iso3);
                }
            }
        }
        prop_assert_eq!(seen, standings.roster.clone(), "each state of the roster once, in its order");
    }

    #[test]
    fn who_was_reminded_is_not_reminded_again(mut standings in standings()) {
        let remind = |standings: &Standings| -> BTreeSet<Iso3> {
            plan(standings).into_iter().filter_map(|line| match line {
                Line::Remind(iso3) => Some(iso3),
                Line::LeaveOut(..) => None,
            }).collect()
        };
        let first = remind(&standings);
        standings.reminded.extend(first);
        prop_assert_eq!(remind(&standings), BTreeSet::new());
    }
}

#[test]
fn the_reason_says_what_to_do() {
    let states = |codes: &[&str]| -> BTreeSet<Iso3> { codes.iter().map(|code| code.parse().unwrap()).collect() };
    let mut standings = Standings {
        roster: roster(),
        stands: roster().into_iter().map(|iso3| (iso3, stands(Status::NothingReceived))).collect(),
        possible: states(&["ITA"]),
        no_reminder: BTreeMap::from([("USA".parse().unwrap(), "it voted against".to_owned())]),
        reminded: states(&["SWE"]),
        reachable: states(&["FRA", "ITA", "NOR", "SWE", "USA"]),
        ..Standings::default()
    };
    let said = |standings: &Standings, code: &str| {
        let of = |line: &Line| match line {
            Line::Remind(iso3) => (*iso3, "reminded".to_owned()),
            Line::LeaveOut(iso3, reason) => (*iso3, reason.clone()),
        };
        plan(standings).iter().map(of).find(|(iso3, _)| iso3.as_str() == code).unwrap().1
    };
    for (code, reason) in [
        ("FRA", "reminded"),
        ("ITA", "something undecided may be its input: decide that first"),
        ("USA", "not reminded: it voted against"),
        ("SWE", "reminded by this step before"),
        ("CHE", "no focal point is known: add one with `docket people import`"),
    ] {
        assert_eq!(said(&standings, code), reason, "{code}");
    }
    for (status, reason) in [
        (Status::Received, "its input was received"),
        (Status::Corrected, "its input was received"),
        (Status::UnderQuery, "its input was received and could not be read"),
        (Status::PossiblyReceived, "something undecided may be its input: decide that first"),
        (Status::Announced, "it has announced its input"),
        (Status::Declined, "it has said that it will send no input"),
        (Status::Withdrawn, "it has taken its input back"),
    ] {
        standings.stands.insert("NOR".parse().unwrap(), stands(status));
        assert_eq!(said(&standings, "NOR"), reason);
    }
    let announced = StateStands { day: Some(date(2020, 10, 5)), ..stands(Status::Announced) };
    standings.stands.insert("NOR".parse().unwrap(), announced);
    assert_eq!(said(&standings, "NOR"), "it has announced its input by 2020-10-05");
    standings.stands.remove(&"NOR".parse().unwrap());
    assert_eq!(said(&standings, "NOR"), "how it stands is not known");

    standings.unread = 2;
    assert_eq!(said(&standings, "FRA"), "2 received messages are not read yet");
    standings.anybodys = vec!["M-000007".to_owned()];
    let reason = "an undecided input names no state and may be its own: decide M-000007 first";
    assert_eq!(said(&standings, "FRA"), reason);
    standings.anybodys.extend((8..20).map(|n| format!("M-{n:06}")));
    assert!(said(&standings, "FRA").ends_with("M-000010, M-000011 and 8 more first"), "{}", said(&standings, "FRA"));
}

#[test]
fn a_step_is_due_at_its_hour_in_the_zone_of_the_call() {
    let rule = |zone: &str| DeadlineRule { day: date(2020, 10, 27), zone: zone.to_owned(), grace_minutes: 0 };
    let step = |days_before, hour| ReminderStep { step: "first".to_owned(), days_before, hour };
    for (zone, days_before, hour, expected) in [
        ("Europe/Zurich", 7, 9, "2020-10-20T07:00:00Z"),
        ("Europe/Zurich", 1, 9, "2020-10-26T08:00:00Z"),
        ("Asia/Kathmandu", 0, 0, "2020-10-26T18:15:00Z"),
    ] {
        let deadline = Deadline::fix(&rule(zone)).unwrap();
        assert_eq!(due(&step(days_before, hour), &deadline), Some(expected.parse().unwrap()), "{zone}");
    }
    let deadline = Deadline::fix(&rule("Europe/Zurich")).unwrap();
    assert_eq!(due(&step(7, 24), &deadline), None);
    assert_eq!(due(&step(u32::MAX, 9), &deadline), None);
    let steps = [step(14, 9), step(3, 9)];
    let names = |now: &str| {
        let dated = last_and_next(&steps, &deadline, now.parse().unwrap());
        dated.map(|one| one.map(|(_, step)| step.days_before))
    };
    assert_eq!(names("2020-10-01T00:00:00Z"), [None, Some(14)]);
    assert_eq!(names("2020-10-14T12:00:00Z"), [Some(14), Some(3)]);
    assert_eq!(names("2020-10-26T12:00:00Z"), [Some(3), None]);
    for (now, left) in [
        ("2020-10-20T07:00:00Z", 7),
        ("2020-10-19T22:00:00Z", 7),
        ("2020-10-19T21:59:59Z", 8),
        ("2020-10-27T12:00:00Z", 0),
        ("2020-10-29T12:00:00Z", 0),
    ] {
        assert_eq!(days_left(&deadline, now.parse::<Timestamp>().unwrap()), left, "{now}");
    }
}
