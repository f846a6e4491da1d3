//! What follows from the deadline that a call file names: only a change against what it said last is an act.

use docket::core::{
    actor::Actor,
    calls::{
        call::DeadlineRule,
        deadline::Deadline,
        file_says::{FileSays, file_says},
        law::{DeadlineAct, Law},
    },
};
use jiff::{Timestamp, civil::date};

fn until(day: i8) -> DeadlineRule {
    DeadlineRule { day: date(2020, 9, day), time: None, zone: "Europe/Zurich".to_owned(), grace_minutes: 0 }
}

/// A call whose deadline was set to these days, one after the other.
fn law(days: &[i8]) -> Option<Law> {
    let act = |(day, n): (&i8, u32)| DeadlineAct {
        id: i64::from(n),
        n,
        deadline: Deadline::fix(&until(*day)).unwrap(),
        at: Timestamp::from_second(i64::from(n)).unwrap(),
        authority: None,
        reason: None,
        by: Actor::Program,
    };
    Law::new(days.iter().zip(1..).map(act).collect(), Vec::new())
}

#[test]
fn only_a_change_of_the_file_is_an_act() {
    for (case, last, acts, now, follows) in [
        ("the first is an act", None, &[][..], 20, FileSays::Sets),
        ("nobody touched it", Some(20), &[20], 20, FileSays::TheSame),
        ("a person moved it, and nobody touched the file", Some(20), &[20, 25], 20, FileSays::SomethingElse),
        ("the file was changed", Some(20), &[20], 22, FileSays::Sets),
        ("the file was changed after a person had moved it", Some(20), &[20, 25], 22, FileSays::Sets),
        ("the file follows what a person has set", Some(20), &[20, 25], 25, FileSays::TheSame),
        ("back to what it said once", Some(22), &[20, 22], 20, FileSays::Sets),
        ("kept before it was written down what it said: the same", None, &[20], 20, FileSays::TheSame),
        ("kept before it was written down what it said: changed", None, &[20], 22, FileSays::Sets),
    ] {
        let last = last.map(until);
        assert_eq!(file_says(&until(now), last.as_ref(), law(acts).as_ref()), follows, "{case}");
    }
}
