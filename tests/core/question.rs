//! Questions: each kind has its facts, one canonical text for them, and a sentence in every language; and what was asked
//! before there were kinds is not lost.

use std::collections::BTreeSet;

use docket::core::{
    event::{NotRead, SeenIn, ToldOf, ToldWrongly, Wrote},
    iso3::Iso3,
    letter_kind::LetterKind,
    mail::mail_loop::Over,
    phrase::Audience,
    purpose::{Kind, Place},
    question::{Missing, Next, Proposal, Question, Questions, Reason, Several, Unseen},
    recorded::Way,
    submission::AdditionKind,
    text::language::Language,
};
use jiff::{civil::date, tz::TimeZone};
use proptest::prelude::*;
use serde_json::json;

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn why() -> String {
    text("It is password-protected.")
}

/// Everything that a message may be for.
const KINDS: [Kind; 14] = [
    Kind::Input,
    Kind::Correction,
    Kind::Addition,
    Kind::Announcement,
    Kind::Declination,
    Kind::Extension,
    Kind::Withdrawal,
    Kind::Nomination,
    Kind::Question,
    Kind::OtherNote,
    Kind::Template,
    Kind::OwnLetter,
    Kind::Automatic,
    Kind::Unrelated,
];

/// Every place in which something stands.
const PLACES: [Place; 6] =
    [Place::Subject, Place::Opening, Place::Body, Place::Document, Place::FileName, Place::Header];

fn reason(place: Place) -> Reason {
    Reason { speaks_for: Kind::Announcement, place, text: text("We shall send it by 5 October.") }
}

/// Every kind of question with every kind of fact.
pub(super) fn samples() -> Vec<Question> {
    let which = |codes: &[&str]| Question::WhichState {
        candidates: codes.iter().map(|code| iso3(code)).collect(),
        why: text("Only one state is named, and by too little to be sure."),
    };
    let mut samples = vec![
        which(&[]),
        which(&["MDA"]),
        which(&["MDA", "ROU"]),
        which(&["MDA", "ROU", "UKR"]),
        Question::WhichCall,
        Question::Correspondence,
        Question::AnsweredBeside {
            on: "2020-09-03T08:00:00Z".parse().unwrap(),
            seen: SeenIn::Message { number: text("M-000002") },
            wrote: Wrote::Colleague,
        },
        Question::AnsweredBeside {
            on: "2020-09-03T08:00:00Z".parse().unwrap(),
            seen: SeenIn::Folder { folder: text("Sent") },
            wrote: Wrote::InTheirName,
        },
        Question::Stray,
        Question::Automatic { why: text("It is short, and came within minutes of a letter of ours.") },
        Question::LoopSuspected(Over::NothingNew),
        Question::LoopSuspected(Over::Letters { letters: 2 }),
        Question::UnreadMain { why: Some(why()) },
        Question::UnreadMain { why: None },
        Question::CameBack,
        Question::NotToBeAnswered { states: Vec::new(), why: text("The message came through a mailing list.") },
        Question::NotToBeAnswered { states: vec![iso3("NOR"), iso3("SWE")], why: text("It may be forged.") },
        Question::NotRead { why: NotRead::Erased },
        Question::NotRead { why: NotRead::TooLarge { most: 35 } },
        Question::NoSender,
        Question::WhenReceived,
        Question::Junk,
        Question::Recorded { way: Way::Hand, states: vec![iso3("NOR"), iso3("SWE")] },
        Question::GrownSinceDecision { before: 90, bytes: 99 },
        Question::GrownSinceLetter { before: 90, bytes: 99 },
        Question::RewrittenSinceDecision { before: 99, bytes: 90 },
        Question::RewrittenSinceLetter { before: 99, bytes: 90 },
        Question::NotFoundAgain,
        Question::OnlyTheBeginning { number: text("M-000003") },
        Question::SenderForgotten { state: iso3("KGZ"), number: text("M-000001/2") },
        Question::TellSender { files: vec![ToldWrongly { name: Some(text("a.doc")), told: ToldOf::Damaged }] },
        Question::LetterUndone { letter: 5 },
        Question::DecideAgain,
        Question::DecidedLater,
        Question::HeldLetter { letter: 7, why: text("This address had 5 letters within an hour already.") },
        Question::Other { text: text("input, or only correspondence?") },
    ];
    for (day, reasons) in [(None, Vec::new()), (Some(date(2020, 10, 5)), PLACES.map(reason).to_vec())] {
        for proposed in KINDS {
            let reasons = reasons.iter().cloned().map(|reason| Reason { speaks_for: proposed, ..reason }).collect();
            let states = if day.is_some() { vec![iso3("MDA"), iso3("ROU")] } else { Vec::new() };
            let several = if proposed == Kind::Addition && day.is_some() { Several::Together } else { Several::OneOf };
            samples.push(Question::WhatFor { proposed, states, several, day, reasons });
        }
    }
    samples.push(Question::LetterOvertaken { letter: 5, reference: text("ONE-0001") });
    samples.push(Question::StateNotTold { states: vec![iso3("NOR"), iso3("SWE")] });
    let additions = [AdditionKind::Annex, AdditionKind::Translation, AdditionKind::CoverLetter];
    let others = [Proposal::Version, Proposal::Duplicate, Proposal::Withdrawal, Proposal::Recall, Proposal::Unclear];
    for (version, beside) in
        [(Some(1), Some(text("M-000001"))), (Some(1), None), (None, Some(text("M-000001"))), (None, None)]
    {
        let (reference, reasons) = (text("GCM-ECE-2020-0007"), PLACES.map(reason).to_vec());
        for proposed in others.into_iter().chain(additions.map(Proposal::Addition)) {
            let (reference, beside, reasons) = (reference.clone(), beside.clone(), reasons.clone());
            samples.push(Question::PlaceOf { reference, version, beside, proposed, reasons });
        }
        samples.push(Question::ReadableCopy { reference, version, beside, reasons });
    }
    samples.extend(additions.map(|addition| Question::AdditionAlone { addition }));
    for missing in [Missing::Elsewhere, Missing::Announced] {
        for next in [Next::Document, Next::DocumentAndCall] {
            samples.push(Question::NoDocument { missing, next });
        }
    }
    for file in [
        Unseen::Named { name: text("input.zip"), why: Some(why()) },
        Unseen::Nameless { why: None },
        Unseen::Unlisted { why: Some(why()) },
    ] {
        samples.push(Question::Hidden { file: file.clone() });
        samples.extend([0, 1, 2].map(|more| Question::UnreadBeside { file: file.clone(), more }));
    }
    for codes in [&[][..], &["NOR"], &["NOR", "SWE", "DNK"]] {
        let candidates: Vec<Iso3> = codes.iter().map(|code| iso3(code)).collect();
        samples.push(Question::Harmful { found: text("ClamAV found Eicar."), candidates: candidates.clone() });
        samples.push(Question::NotGenuine { said: text("mx1: dmarc=fail"), candidates: candidates.clone() });
        for what in [Some(LetterKind::Query), Some(LetterKind::Received), None] {
            let why = text("550 no such user.");
            samples.push(Question::LetterFailed { letter: 7, what, states: candidates.clone(), why });
        }
    }
    samples
}

/// The kinds there are, as the enum itself lists them to whoever names one that is none.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_value::<Question>(json!({ "kind": "none of them" })).unwrap_err().to_string();
    let (_, listed) = error.split_once("expected one of ").expect("the kinds are listed");
    listed.split(", ").map(|kind| kind.trim_matches('`').to_owned()).collect()
}

fn said(question: &Question, language: Language) -> String {
    let name = |iso3: Iso3| format!("<{iso3}>");
    question.phrase().in_words(&Audience { language, zone: TimeZone::UTC, name: &name })
}

fn kept(question: &Question) -> String {
    Questions::from(question.clone()).kept().unwrap().unwrap()
}

#[test]
fn every_kind_has_a_sample() {
    let word = |question: &Question| serde_json::to_value(question).unwrap()["kind"].as_str().unwrap().to_owned();
    assert_eq!(samples().iter().map(word).collect::<BTreeSet<_>>(), kinds());
}

#[test]
fn a_question_is_asked_in_the_readers_language_with_names() {
    let question = samples().remove(3);
    let why = "Only one state is named, and by too little to be sure.";
    assert_eq!(said(&question, Language::En), format!("Which state? <MDA>, <ROU> or <UKR>. {why}"));
    assert_eq!(said(&question, Language::Fr), format!("Quel État ? <MDA>, <ROU> ou <UKR>. {why}"));
    let harmful = Question::Harmful { found: text("{states}"), candidates: vec![iso3("NOR"), iso3("SWE")] };
    assert_eq!(
        said(&harmful, Language::En),
        "Is it harmful? {states} Have it examined first. Perhaps <NOR> or <SWE>.",
        "what a scanner said is no sentence of ours"
    );
    let announced = Question::WhatFor {
        proposed: Kind::Announcement,
        states: vec![iso3("MDA")],
        several: Several::OneOf,
        day: Some(date(2020, 10, 5)),
        reasons: vec![reason(Place::Opening)],
    };
    assert_eq!(
        said(&announced, Language::En),
        "Does it announce an input of <MDA> by 5 October 2020? Found in it: for an announcement of an input, \
         “We shall send it by 5 October.” (first lines)."
    );
    let missing = Question::NoDocument { missing: Missing::Elsewhere, next: Next::DocumentAndCall };
    assert_eq!(
        said(&missing, Language::En),
        "It only points to a document elsewhere; links are never opened: ask the sender for it, and for which call it is."
    );
}

#[test]
fn questions_are_kept_in_one_way() {
    let question = Question::WhichState { candidates: vec![iso3("MDA")], why: text("why") };
    assert_eq!(kept(&question), r#"{"ask":[{"candidates":["MDA"],"kind":"which_state","why":"why"}],"v":1}"#);
    assert_eq!(Questions::default().kept(), Ok(None));
    assert_eq!(Questions::read(None), Ok(Questions::default()));
    let both = Questions::from(question.clone()).and(Question::Junk).and(Question::Junk);
    assert_eq!(both.iter().count(), 2, "nothing is asked twice");
    assert_eq!(Questions::read(both.kept().unwrap().as_deref()), Ok(both.clone()));
    assert_eq!(
        both.phrase().unwrap().plain(),
        format!("{} {}", question.phrase().plain(), Question::Junk.phrase().plain())
    );
    assert!(both.say_why("why") && !both.say_why("another"));
}

#[test]
fn every_sample_comes_back_as_it_was() {
    for question in samples() {
        assert_eq!(Questions::read(Some(&kept(&question))), Ok(question.into()));
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let good = kept(&Question::Junk);
    for (broken, why) in [
        ("{".to_owned(), "EOF"),
        (good.replace("\"v\":1", "\"v\":2"), "version"),
        (good.replace(",\"v\":1", ""), "version"),
        (good.replace("junk", "from_the_future"), "from_the_future"),
        (good.replace("\"v\":1", "\"v\":1,\"w\":1"), "w"),
        (good.replace(':', ": "), "canonical"),
        (r#"{"ask":[],"v":1}"#.to_owned(), "canonical"),
    ] {
        let error = Questions::read(Some(&broken)).unwrap_err();
        assert!(error.contains(why), "{broken}: {error}");
    }
}

#[test]
fn what_was_asked_before_there_were_kinds_is_asked_still() {
    let certain = |question: Question| {
        let of_old = question.phrase().plain();
        assert_eq!(Questions::read(Some(&of_old)), Ok(question.into()), "{of_old}");
    };
    for question in samples() {
        use Question as Q;
        let of_old = question.phrase().plain();
        let read = Questions::read(Some(&of_old)).unwrap();
        assert_eq!(read.phrase().unwrap().plain(), of_old, "not a word is lost");
        match question {
            Q::WhichCall
            | Q::NoDocument { .. }
            | Q::Correspondence
            | Q::LoopSuspected(Over::NothingNew)
            | Q::CameBack
            | Q::NoSender
            | Q::WhenReceived
            | Q::Junk
            | Q::NotFoundAgain
            | Q::DecideAgain
            | Q::OnlyTheBeginning { .. }
            | Q::GrownSinceDecision { .. }
            | Q::GrownSinceLetter { .. }
            | Q::UnreadMain { why: Some(_) } => certain(question),
            Q::NotToBeAnswered { ref states, .. } if states.is_empty() => certain(question),
            Q::WhichState { .. }
            | Q::NotToBeAnswered { .. }
            | Q::Harmful { .. }
            | Q::NotGenuine { .. }
            | Q::SenderForgotten { .. } => {
                assert_eq!(read, Q::Other { text: of_old }.into(), "states stood there by their names");
            }
            _ => {}
        }
    }
    certain(Question::NotRead { why: NotRead::Said { what: text("It is no message.") } });
    let two = "It could not be read: It is no message. Look at it again: its sender was known for Norway by a decision on \
               M-000001 that does not hold any more.";
    assert_eq!(Questions::read(Some(two)), Ok(Question::Other { text: text(two) }.into()), "two are not taken for one");
    assert_eq!(Questions::read(Some("")), Ok(Question::Other { text: text("") }.into()));
}

proptest! {
    #[test]
    fn whatever_stands_there_is_kept_or_named(row in any::<String>()) {
        match Questions::read(Some(&row)) {
            Ok(questions) => {
                let said = questions.phrase().unwrap().plain();
                prop_assert!(said == row || questions.kept().unwrap().unwrap() == row);
            }
            Err(why) => {
                let named = row.starts_with('{') && !why.is_empty();
                prop_assert!(named, "{}", why);
            }
        }
    }
}
