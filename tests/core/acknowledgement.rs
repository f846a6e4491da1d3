//! Which letter a message gets, as a table; and what no message ever gets.

use docket::core::{
    judging::{
        allowance::Allowance,
        answer::{
            Answer,
            Fate::{self, Correspondence, Filed, Registered, Undecided, Unrelated, WithoutDocument},
            Letter::{Acknowledgement, Query, Received},
            Paces, Used, answer, capped, held_back,
        },
        relevance::Relevance,
        silence::Silence,
    },
    mail::automatic::Answerable,
};
use proptest::prelude::*;

fn answerable(send: bool) -> Answerable {
    Answerable {
        send,
        automatic: !send,
        recipient: Some("a@example.org".to_owned()),
        reason: "so it is".to_owned(),
        perhaps_automatic: None,
    }
}

#[test]
fn the_letter_by_what_became_of_the_items() {
    let link = WithoutDocument { link: true };
    let none = WithoutDocument { link: false };
    let silence = || Answer::Silence(Silence::Correspondence);
    let cases: [(&[Fate], Answer); 12] = [
        (&[Registered], Answer::Letter(Acknowledgement)),
        (&[Filed], Answer::Letter(Received)),
        (&[Undecided], Answer::Letter(Received)),
        (&[none], Answer::Letter(Query { link: false })),
        (&[link], Answer::Letter(Query { link: true })),
        (&[Correspondence], silence()),
        (&[Unrelated], Answer::Silence(Silence::Unrelated)),
        (&[Undecided, Registered], Answer::Letter(Acknowledgement)),
        (&[none, Filed], Answer::Letter(Received)),
        (&[Correspondence, link], Answer::Letter(Query { link: true })),
        (&[Unrelated, Correspondence], silence()),
        (&[Unrelated, Registered], Answer::Letter(Acknowledgement)),
    ];
    for (fates, expected) in cases {
        assert_eq!(answer(fates, &answerable(true), None, false), expected, "{fates:?}");
    }
}

#[test]
fn every_silence_has_its_reason() {
    let reason =
        |fates: &[Fate], send, silent, by_colleague| match answer(fates, &answerable(send), silent, by_colleague) {
            Answer::Silence(silence) => silence.phrase().plain(),
            Answer::Letter(letter) => panic!("{letter:?}"),
        };
    assert_eq!(reason(&[Registered], false, None, false), "so it is");
    assert_eq!(
        reason(&[Registered], true, Some(&Silence::Imported), false),
        "It was imported, and no letters were asked for."
    );
    assert!(reason(&[Registered], true, None, true).starts_with("A colleague's mail"));
    assert!(reason(&[Unrelated], false, None, true).starts_with("Unrelated"));
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Registered),
        Just(Filed),
        Just(Undecided),
        any::<bool>().prop_map(|link| WithoutDocument { link }),
        Just(Correspondence),
        Just(Unrelated),
    ]
}

fn paces(least: u64) -> impl Strategy<Value = Paces> {
    (least..9, least..40).prop_map(|(hour, day)| Paces { hour, day })
}

fn used() -> impl Strategy<Value = Used> {
    (0..300_u64, 1..300_u64).prop_map(|(letters, cap)| Used { whose: Allowance::Others, letters, cap })
}

proptest! {
    #[test]
    fn robots_colleagues_and_old_mail_get_none(
        fates in proptest::collection::vec(fate(), 1..5), send: bool, old: bool, by_colleague: bool,
    ) {
        let letter = answer(&fates, &answerable(send), old.then_some(&Silence::Old), by_colleague);
        if !send || old || by_colleague || fates.iter().all(|fate| matches!(fate, Unrelated | Correspondence)) {
            prop_assert!(matches!(letter, Answer::Silence(ref silence) if !silence.phrase().plain().is_empty()), "{:?}", letter);
        } else {
            prop_assert!(!matches!(letter, Answer::Silence(_)), "{:?}", fates);
        }
        let names_states = answer(&fates, &answerable(true), None, false) == Answer::Letter(Acknowledgement);
        prop_assert_eq!(names_states, fates.contains(&Registered), "states are named where one is registered");
    }

    #[test]
    fn caps_hold(went in paces(0), caps in paces(1), used in proptest::collection::vec(used(), 0..3)) {
        let held = capped(went, caps, &used);
        let all = used.iter().any(|used| used.letters >= used.cap);
        let reached = went.hour >= caps.hour || went.day >= caps.day || all;
        prop_assert_eq!(held.is_some(), reached);
        prop_assert!(held.is_none_or(|held| held.phrase().plain().ends_with("a person decides.")));
    }
}

#[test]
fn a_document_that_may_not_be_answered_is_shown() {
    let no = answerable(false);
    assert!(held_back(Relevance::Input, true, &no, Vec::new()).unwrap().phrase().plain().ends_with("so it is"));
    let norway = held_back(Relevance::Input, true, &no, vec!["NOR".parse().unwrap()]).unwrap().phrase().plain();
    assert!(norway.starts_with("Is it an input of NOR?") && norway.ends_with("so it is"), "{norway}");
    assert!(held_back(Relevance::Correspondence, true, &no, Vec::new()).is_some());
    assert_eq!(held_back(Relevance::Unrelated, true, &no, Vec::new()), None);
    assert_eq!(held_back(Relevance::Input, false, &no, Vec::new()), None);
    assert_eq!(held_back(Relevance::Input, true, &answerable(true), Vec::new()), None);
}
