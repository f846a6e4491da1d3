//! What a letter is for: two occasions never have one text, whatever a step is called.

use std::collections::BTreeSet;

use docket::core::letter_kind::{LetterKind, Occasion};

#[test]
fn two_occasions_never_have_one_text() {
    let mut keys = BTreeSet::new();
    let mut occasions = 0;
    for kind in LetterKind::ALL {
        for message in [1, 11, 12] {
            for decision in [None, Some(1), Some(2), Some(12)] {
                keys.insert(Occasion::Message { message, decision }.key(kind));
                occasions += 1;
            }
        }
        for call in [1, 11] {
            for state in ["CHE", "NOR"] {
                for step in ["first", "first by decision 1", "", " by first", "to NOR by first"] {
                    keys.insert(Occasion::Step { call, state: state.parse().unwrap(), step }.key(kind));
                    occasions += 1;
                }
                let state = state.parse().unwrap();
                for decision in [1, 2, 12] {
                    keys.insert(Occasion::Act { call, state, decision }.key(kind));
                    occasions += 1;
                }
                for version in [1, 2, 12] {
                    keys.insert(Occasion::Deadline { call, state, version }.key(kind));
                    occasions += 1;
                }
            }
        }
    }
    assert_eq!(keys.len(), occasions);
    // As the migration of the letters that were there before has it.
    let program = Occasion::Message { message: 12, decision: None }.key(LetterKind::Query);
    let step = Occasion::Step { call: 3, state: "CHE".parse().unwrap(), step: "first" }.key(LetterKind::Reminder);
    assert_eq!((program.as_str(), step.as_str()), ("message 12: query", "call 3: reminder to CHE by first"));
}

#[test]
fn a_receipt_tells_of_no_act() {
    let of_an_act: Vec<_> = LetterKind::ALL.into_iter().filter(|kind| kind.is_of_an_act()).collect();
    assert_eq!(of_an_act, [LetterKind::ExtensionGranted, LetterKind::DeadlineMoved, LetterKind::Withdrawn]);
    assert!(!LetterKind::ALL.into_iter().any(|kind| kind.is_receipt() && kind.is_of_an_act()));
}
