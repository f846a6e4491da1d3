//! The letters that tell of acts: an extension, another deadline, a withdrawal, a correction; and what receipts say beside.

use docket::{
    core::{
        iso3::Iso3,
        submission::{AdditionKind, Becomes, Named},
        text::language::Language,
    },
    letters::{
        facts::{EntryFacts, Facts, Granted, LetterKind, Receipt},
        sample,
    },
};
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{in_one_line, letters, name, render, shown, usual};

fn second(kind: LetterKind) -> Facts {
    sample::facts(kind).into_iter().nth(1).expect("there are two")
}

#[test]
fn an_extension() {
    assert_snapshot!(shown(&usual(LetterKind::ExtensionGranted), Language::En), @"");
}

#[test]
fn an_extension_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::ExtensionGranted), Language::Fr), @"");
}

#[test]
fn another_deadline() {
    assert_snapshot!(shown(&usual(LetterKind::DeadlineMoved), Language::En), @"");
}

#[test]
fn another_deadline_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::DeadlineMoved), Language::Fr), @"");
}

#[test]
fn a_withdrawal() {
    assert_snapshot!(shown(&usual(LetterKind::Withdrawn), Language::En), @"");
}

#[test]
fn a_withdrawal_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Withdrawn), Language::Fr), @"");
}

#[test]
fn a_correction() {
    assert_snapshot!(shown(&usual(LetterKind::Correction), Language::En), @"");
}

#[test]
fn a_correction_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Correction), Language::Fr), @"");
}

#[test]
fn another_deadline_within_a_day() {
    assert_snapshot!(shown(&second(LetterKind::DeadlineMoved), Language::En), @"");
}

/// The receipt of one input that came to something, on one line.
fn said(named: bool, change: impl FnOnce(&mut EntryFacts)) -> String {
    let mut receipt = sample::receipt();
    change(&mut receipt.entries[0]);
    let facts = if named { Facts::Acknowledgement(receipt) } else { Facts::Received(receipt) };
    render(&facts, Language::En).body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_neutral_receipt_says_what_is_so_with_its_reference() {
    let look = "a member of the secretariat will look at it";
    let told_later = "you will be told so in another message";
    let neutral = |reference: Option<&str>, asked| {
        said(false, |entry| {
            entry.states.clear();
            (entry.reference, entry.asked) = (reference.map(str::to_owned), asked);
        })
    };
    let registered = neutral(Some("GCM-ECE-2020-0009"), false);
    assert!(registered.contains("registered under the reference below") && registered.contains("GCM-ECE-2020-0009"));
    assert!(!registered.contains(look) && !registered.contains(told_later), "{registered}");
    let waits = neutral(None, true);
    assert!(waits.contains(look) && waits.contains(told_later) && !waits.contains("Reference:"), "{waits}");
    let nobody_is_asked = neutral(None, false);
    assert!(!nobody_is_asked.contains(look) && !nobody_is_asked.contains(told_later), "{nobody_is_asked}");
    let mut both = sample::receipt();
    let waiting = EntryFacts { reference: None, states: Vec::new(), ..both.entries[0].clone() };
    both.entries[0].states.clear();
    both.entries.push(waiting);
    let both = in_one_line(both, Language::En);
    assert!(both.contains("What has been registered so far bears a reference below. A member"), "{both}");
}

#[test]
fn nobody_is_said_to_look_where_nobody_is_asked() {
    for facts in sample::facts(LetterKind::Acknowledgement) {
        let Facts::Acknowledgement(mut receipt) = facts else { panic!("not a receipt") };
        receipt.entries.iter_mut().for_each(|entry| entry.asked = false);
        for (language, looks) in [(Language::En, "will"), (Language::Fr, "ouvrira"), (Language::Fr, "examinera")] {
            let body = render(&Facts::Acknowledgement(receipt.clone()), language).body;
            assert!(!body.contains(looks), "{body}");
        }
    }
}

#[test]
fn what_an_input_comes_to_is_said_as_it_is() {
    let other = |n| Named { n, received: Timestamp::from_second(1_600_000_000).unwrap() };
    let day = "13 September 2020, 14:26 (Geneva time, UTC+2)";
    for (becomes, version, words) in [
        (Becomes::Replaces { former: other(Some(1)) }, Some(3), "Recorded as version 3, which replaces version 1.".to_owned()),
        (Becomes::Replaces { former: other(None) }, Some(3), format!("which replaces what was received on {day}.")),
        (Becomes::Earlier { current: other(Some(1)) }, Some(2), "received earlier than version 1, which stays".to_owned()),
        (Becomes::UnderQuery { current: None }, Some(1), "It could not be read automatically. The time".to_owned()),
        (Becomes::UnderQuery { current: Some(other(Some(1))) }, Some(2), "version 1 stays the current one".to_owned()),
        (Becomes::Copy { of: other(Some(2)) }, None, "Recorded as the readable copy of version 2, whose time".to_owned()),
        (Becomes::Copy { of: other(None) }, None, format!("readable copy of what was received on {day}, which is")),
        (
            Becomes::Beside { kind: AdditionKind::Annex, to: Some(other(Some(2))) },
            None,
            "Registered with the input of: Switzerland Recorded as an annex. It stands beside version 2, and replaces nothing. Received".to_owned(),
        ),
        (
            Becomes::Beside { kind: AdditionKind::Translation, to: None },
            None,
            "Recorded as a translation. It replaces nothing. Received".to_owned(),
        ),
    ] {
        let text = said(true, |entry| (entry.version, entry.becomes) = (version, Some(becomes.clone())));
        assert!(text.contains(&words), "{becomes:?}: {text}");
        let beside = matches!(becomes, Becomes::Beside { .. });
        assert_eq!(text.contains("Length:"), !beside, "the limit is the input’s: {text}");
    }
    let body = said(true, |entry| (entry.in_body, entry.files) = (true, Vec::new()));
    assert!(body.contains("The text of the message itself has been recorded as the input."), "{body}");
}

#[test]
fn facts_of_before_are_read_and_others_fall_back_to_english() {
    let facts = serde_json::to_value(Facts::Acknowledgement(sample::receipt())).unwrap();
    let mut of_before = facts.clone();
    for entry in of_before["entries"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        for new in ["becomes", "in_body", "asked"] {
            entry.remove(new);
        }
    }
    let read: Facts = serde_json::from_value(of_before).unwrap();
    let Some(Receipt { entries, .. }) = read.receipt() else { panic!("no receipt") };
    assert!(!entries[0].asked && !entries[0].in_body && entries[0].becomes.is_none());
    for kind in LetterKind::ALL {
        for facts in sample::facts(kind) {
            let kept = serde_json::to_string(&facts).unwrap();
            assert_eq!(serde_json::from_str::<Facts>(&kept).unwrap(), facts);
        }
        let letter = letters().render(&usual(kind), Language::Ru, &name).unwrap();
        assert_eq!(letter.language, Language::En);
    }
}

#[test]
fn the_letter_names_the_states_it_is_about_and_no_other() {
    let Facts::ExtensionGranted(granted) = usual(LetterKind::ExtensionGranted) else { panic!("no extension") };
    let only = |state: Iso3, language: Language| -> String {
        assert_eq!(state.as_str(), "CHE");
        name(state, language)
    };
    let granted = Facts::ExtensionGranted(Granted { states: vec!["CHE".parse().unwrap()], ..granted });
    assert!(letters().render(&granted, Language::En, &only).unwrap().body.contains("State: Switzerland"));
}
