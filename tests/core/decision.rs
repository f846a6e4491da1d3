//! Decisions as they stand on record: each comes back as it was, and none loses its states.

use docket::core::{decision::Ruling, event::UndoneDecision};

#[test]
fn every_ruling_comes_back_as_it_was() {
    let states = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<_>>();
    for (ruling, kind, value) in [
        (Ruling::Assigned { states: states(&["NOR"]) }, "assign", "NOR"),
        (Ruling::Assigned { states: states(&["CHE", "LIE"]) }, "assign", "CHE+LIE"),
        (Ruling::NotAnInput { unrelated: false }, "not_an_input", ""),
        (Ruling::NotAnInput { unrelated: true }, "not_an_input", "unrelated"),
        (Ruling::Undone, "undo", ""),
        (Ruling::Other { kind: "merge".to_owned(), value: "M-000002".to_owned() }, "merge", "M-000002"),
    ] {
        assert_eq!((ruling.kind(), ruling.value().unwrap().as_str()), (kind, value));
        assert_eq!(Ruling::read(kind, value), Ok(ruling));
    }
}

#[test]
fn what_cannot_be_read_is_no_decision_without_states() {
    for (kind, value, why) in [
        ("assign", "", "three-letter"),
        ("assign", "NOR+", "three-letter"),
        ("assign", "Norway", "Norway"),
        ("not_an_input", "perhaps", "perhaps"),
        ("undo", "NOR", "NOR"),
    ] {
        let error = Ruling::read(kind, value).unwrap_err();
        assert!(error.contains(why), "{kind} {value}: {error}");
    }
}

#[test]
fn the_history_tells_what_was_taken_back() {
    let told = |kind: &str, value: &str| Ruling::read(kind, value).unwrap().undone();
    assert_eq!(told("assign", "NOR"), UndoneDecision::Assigned { states: vec!["NOR".parse().unwrap()] });
    assert_eq!(told("not_an_input", "unrelated"), UndoneDecision::NotAnInput);
    assert_eq!(told("merge", "M-000002"), UndoneDecision::Other { what: "merge M-000002".to_owned() });
}
