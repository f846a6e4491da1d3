//! The law of a call: deadlines as acts, extensions, and which of them was in force when.

use docket::core::{
    actor::Actor,
    calls::{
        call::DeadlineRule,
        deadline::Deadline,
        law::{DeadlineAct, Extension, Judged, Law},
        said::Word,
        standing::{Standing, Witnesses},
    },
    iso3::Iso3,
    submission::{Filed, Held, View},
};
use jiff::civil::date;

use super::submission::{hour, version};

/// The end of the first deadline, 20 September in UTC, in the hours of these tests.
pub const END: i64 = 20 * 24;

/// An act that sets the deadline to the end of a day of September, in an hour.
pub fn act(n: u32, day: i8, hours: i64) -> DeadlineAct {
    let rule = DeadlineRule { day: date(2020, 9, day), time: None, zone: "UTC".to_owned(), grace_minutes: 60 };
    DeadlineAct {
        id: i64::from(n),
        n,
        deadline: Deadline::fix(&rule).unwrap(),
        at: hour(hours),
        authority: Some("the director".to_owned()),
        reason: None,
        by: Actor::Program,
    }
}

/// More time for a state until an hour, granted in another.
fn extension(id: i64, state: &str, until: i64, granted: i64) -> Extension {
    let held = Held::from(hour(granted));
    Extension { id, state: iso3(state), instant: hour(until), authority: "the director".to_owned(), by: id, held }
}

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

fn judged(law: &Law, received: i64, states: &[&str], view: View) -> Judged {
    let states: Vec<Iso3> = states.iter().map(|code| iso3(code)).collect();
    law.judge(&version(1, received), &states, view)
}

#[test]
fn as_of_an_earlier_time_the_deadline_of_then_holds() {
    assert!(Law::new(Vec::new(), Vec::new()).is_none(), "there is no law without an act");
    let law = Law::new(vec![act(2, 30, 600), act(1, 20, -100)], Vec::new()).unwrap();
    assert_eq!(law.acts().iter().map(|act| act.n).collect::<Vec<_>>(), [1, 2]);
    for (before, n) in [(-200, 1), (0, 1), (600, 1), (601, 2)] {
        assert_eq!(law.in_force(hour(before)).n, n, "before hour {before}");
    }
    let late = END + 50;
    for (view, standing, deadline) in [
        (View::NOW, Standing::OnTime, 2),
        (View::as_of(hour(590)), Standing::Late, 1),
        (View::known_at(hour(590)), Standing::Late, 1),
        (View { received_before: hour(590), known_before: hour(900) }, Standing::Late, 1),
        (View { received_before: hour(900), known_before: hour(590) }, Standing::Late, 1),
        (View { received_before: hour(601), known_before: hour(601) }, Standing::OnTime, 2),
    ] {
        assert_eq!(judged(&law, late, &["FRA"], view), Judged { standing, deadline, extension: None }, "{view:?}");
    }
}

#[test]
fn an_extension_holds_from_when_it_was_granted_until_it_is_taken_back() {
    let until = END + 100;
    let held = Held { since: hour(490), until: Some(hour(700)) };
    let granted = vec![
        Extension { held, ..extension(1, "NOR", until, 490) },
        extension(2, "NOR", END + 40, 485),
        extension(3, "SWE", END + 80, 485),
    ];
    let law = Law::new(vec![act(1, 20, -100)], granted).unwrap();
    let by = |extension| Judged { standing: Standing::ByExtension, deadline: 1, extension: Some(extension) };
    let late = Judged { standing: Standing::Late, deadline: 1, extension: None };
    for (hours, states, view, expected) in [
        (END + 60, &["NOR"][..], View::as_of(hour(600)), by(1)),
        (END + 60, &["NOR"], View::NOW, late),
        (END + 60, &["NOR"], View::as_of(hour(490)), late),
        (END + 30, &["NOR"], View::NOW, by(2)),
        (END + 60, &["SWE"], View::NOW, by(3)),
        (END + 60, &["FRA"], View::NOW, late),
        (END + 60, &["NOR", "SWE"], View::as_of(hour(600)), by(3)),
        (END + 60, &["NOR", "SWE"], View::NOW, late),
        (END + 60, &["NOR", "FRA"], View::as_of(hour(600)), late),
        (END + 60, &[], View::NOW, late),
    ] {
        assert_eq!(judged(&law, hours, states, view), expected, "{states:?} in hour {hours} from {view:?}");
    }
    let on_time = Judged { standing: Standing::OnTime, deadline: 1, extension: None };
    assert_eq!(judged(&law, END - 1, &["NOR"], View::NOW), on_time, "who is in time needs none");
}

#[test]
fn what_a_person_settled_stands_and_witnesses_that_disagree_leave_it_open() {
    let law = Law::new(vec![act(1, 20, -100)], Vec::new()).unwrap();
    let witnesses = Witnesses { relay: Some(hour(END - 1)), mailbox: None };
    let filed = Filed { witnesses, ..version(1, END + 30) };
    assert_eq!(law.judge(&filed, &[], View::NOW).standing, Standing::Undetermined);
    let settled = Filed { settled: Some(Standing::OnTime), ..filed };
    assert_eq!(law.judge(&settled, &[], View::NOW).standing, Standing::OnTime);
}

#[test]
fn what_a_state_says_comes_back_as_it_was_kept() {
    let day = Some(date(2020, 10, 5));
    for word in [Word::Announced { day }, Word::Announced { day: None }, Word::Declined] {
        assert_eq!(Word::read(word.word(), word.day()), Ok(word));
    }
    assert!(Word::read("declined", day).unwrap_err().contains("2020-10-05"));
    assert!(Word::read("promised", None).unwrap_err().contains("promised"));
}
