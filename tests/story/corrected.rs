//! Letters that correct what a receipt told, and what a letter may name of what others sent.

use std::fs;

use docket::{
    core::{
        decision::{Decision, LetterThen, Order},
        letter_kind::LetterKind,
        submission::AdditionKind,
    },
    desk::{Decided, Mode},
};

use super::{
    decisions::iso3,
    mail::Mail,
    stage::{Sample, Stage, person},
};
use crate::fixture::{Database, both};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";
const NOW: &str = "2020-09-07T09:00:00+02:00";

fn norway(text: &str) -> Mail {
    Mail::from(MINISTRY).document(&format!("Norway: contribution to the regional review, {text}"))
}

fn assign(code: &str) -> Decision {
    Decision::Assign { states: vec![iso3(code)], call: None, known_sender: false }
}

async fn decide(stage: &Stage, on: &str, decision: Decision) -> Decided {
    let order = Order::new(decision, "for a reason");
    stage.desk().decide(on, &order, &person("desk"), Mode::Do).await.unwrap_or_else(|why| panic!("{on}: {why}"))
}

/// What becomes of the letter by a decision; whatever is due has left then.
async fn letter(stage: &mut Stage, on: &str, decision: Decision) -> LetterThen {
    let then = decide(stage, on, decision).await.consequences.expect("it comes to something").letter;
    stage.wait(30).await;
    then
}

fn is_correction(then: &LetterThen) -> bool {
    matches!(then, LetterThen::Leaves { letter: LetterKind::Correction, .. })
}

/// The newest letter that left, on one line.
fn last(stage: &Stage) -> String {
    let posted = stage.posted();
    let (_, letter) = posted.last_key_value().expect("a letter left");
    letter.body.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn asked(stage: &Stage, number: &str) -> String {
    stage.entry(number).await.items[0].waiting.clone().unwrap_or_default()
}

/// Delivers a message, and has it registered for Norway where the program asks.
async fn deliver(stage: &mut Stage, n: usize, mail: &Mail) {
    stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    stage.wait(30).await;
    let number = format!("M-{n:06}");
    if stage.entry(&number).await.items[0].reference.is_none() {
        letter(stage, &number, assign("NOR")).await;
    }
}

both!(a_letter_names_no_version_that_its_reader_cannot_know, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    deliver(&mut stage, 1, &norway("whole")).await;
    let private = Mail::from("A person <person@mail.test>").document("Contribution of Norway, another text");
    deliver(&mut stage, 2, &private).await;
    let told = last(&stage);
    assert!(told.contains("Recorded as version 2, which replaces what was on record before."), "{told}");
    assert!(!told.contains("version 1") && !told.contains("7 September 2020 at 9:00"), "{told}");
    let revised = |text: &str| norway(text).subject("Norway: revised input, regional review of the GCM");
    deliver(&mut stage, 3, &revised("revised")).await;
    let told = last(&stage);
    assert!(told.contains("Recorded as version 3, which replaces what was on record before."), "{told}");
    deliver(&mut stage, 4, &revised("revised again")).await;
    assert!(last(&stage).contains("Recorded as version 4, which replaces version 3."), "{}", last(&stage));
});

both!(whoever_was_told_another_reference_is_told_the_right_one, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let mail = Mail::from("NGO <post@ngo.example>").document("Our input to the regional review");
    stage.deliver("1.mail", &mail.raw(), stage.clock.now());
    stage.wait(30).await;
    assert!(last(&stage).contains("Reference: GCM-ECE-2020-0001"), "{}", last(&stage));

    let then = letter(&mut stage, "M-000001", assign("VAT")).await;
    assert!(is_correction(&then), "{then:?}");
    let told = last(&stage);
    assert!(told.contains("This receipt replaces the one of") && told.contains("Holy See"), "{told}");
    assert!(told.contains("GCM-ECE-2020-0001") && told.contains("GCM-ECE-2020-0002"), "{told}");
    let then = letter(&mut stage, "M-000001", assign("VAT")).await;
    assert_eq!(then, LetterThen::LeftBefore { letter: LetterKind::Acknowledgement }, "and once");

    // Taken back once that has left, a person is asked to tell them.
    decide(&stage, "M-000001", Decision::Undo).await;
    decide(&stage, "M-000001", Decision::Undo).await;
    let question = asked(&stage, "M-000001").await;
    assert!(question.contains("Tell the sender? Letter 2 left by a decision that was taken back"), "{question}");
    assert!(stage.register(None).await.waiting.iter().any(|case| case.number == "M-000001"));
    let then = letter(&mut stage, "M-000001", Decision::VersionOf { of: "GCM-ECE-2020-0001".to_owned() }).await;
    assert!(is_correction(&then) && asked(&stage, "M-000001").await.is_empty(), "{then:?}");
});

both!(whoever_was_told_another_place_is_told_the_right_one, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    deliver(&mut stage, 1, &norway("whole")).await;
    deliver(&mut stage, 2, &norway("revised").subject("Norway: revised input, regional review of the GCM")).await;
    let of = || "GCM-ECE-2020-0001".to_owned();
    let annex = || Decision::AdditionTo { of: of(), kind: AdditionKind::Annex, version: None };
    let then = letter(&mut stage, "M-000002", annex()).await;
    assert!(is_correction(&then) && last(&stage).contains("Recorded as an annex."), "{then:?} {}", last(&stage));
    let then = letter(&mut stage, "M-000002", annex()).await;
    assert!(matches!(then, LetterThen::LeftBefore { .. }), "{then:?}");
    let then = letter(&mut stage, "M-000002", Decision::DuplicateOf { of: "M-000001".to_owned() }).await;
    assert!(is_correction(&then) && last(&stage).contains("had been received before"), "{then:?} {}", last(&stage));

    // What is no input is told as that, unless that is not wished.
    let no_input = || Decision::NotAnInput { unrelated: false };
    let order = Order::new(no_input(), "for a reason").without_letter();
    let silent = stage.desk().decide("M-000001", &order, &person("desk"), Mode::Do).await.unwrap();
    assert_eq!(silent.consequences.unwrap().letter, LetterThen::Unchanged);
    decide(&stage, "M-000001", Decision::Undo).await;
    let then = letter(&mut stage, "M-000001", no_input()).await;
    assert!(is_correction(&then), "{then:?}");
    let told = last(&stage);
    assert!(told.contains("That receipt said: Reference: GCM-ECE-2020-0001"), "{told}");
    assert!(told.contains("It is not registered as an input.") && !told.contains("Received on time"), "{told}");
    assert_eq!(asked(&stage, "M-000001").await, "");
    decide(&stage, "M-000001", Decision::Undo).await;
    assert!(asked(&stage, "M-000001").await.contains("Tell the sender?"), "{}", asked(&stage, "M-000001").await);
});

both!(whoever_sent_what_nobody_can_read_is_asked_for_a_readable_copy, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let cut = Mail::from(MINISTRY).subject("Norway: input, regional review of the GCM").cut("a text");
    deliver(&mut stage, 1, &cut).await;
    decide(&stage, "M-000001", Decision::AskSender).await;
    stage.wait(30).await;
    let told = last(&stage);
    assert!(told.contains("registered under the reference below. Its document could not be opened."), "{told}");
    assert!(told.contains("Reference: GCM-ECE-2020-0001") && told.contains("a copy of the document"), "{told}");
    assert!(!told.contains("no document was found") && !told.contains("none of them is a document"), "{told}");
    let letters = stage.letters().await;
    assert!(letters.last().unwrap().subject.starts_with("A readable copy, please: GCM-ECE-2020-0001"));
});

both!(what_came_before_a_withdrawal_is_told_to_be_withdrawn, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    deliver(&mut stage, 1, &norway("whole")).await;
    let notice =
        Mail::from(MINISTRY).body("We withdraw our contribution to the regional review of the Global Compact.");
    let lost = stage.clock.now();
    stage.wait(60).await;
    stage.deliver("2.notice", &notice.raw(), stage.clock.now());
    stage.wait(1).await;
    decide(&stage, "M-000002", Decision::Withdraw { of: Some("GCM-ECE-2020-0001".to_owned()) }).await;
    stage.wait(30).await;
    let later = norway("revised").subject("Norway: revised input, regional review of the GCM");
    stage.deliver("3.mail", &later.raw(), lost);
    stage.wait(1).await;
    decide(&stage, "M-000003", Decision::VersionOf { of: "GCM-ECE-2020-0001".to_owned() }).await;
    stage.wait(30).await;
    let told = last(&stage);
    assert!(told.contains("Reference: GCM-ECE-2020-0001"), "{told}");
    assert!(told.contains("It is among what has been withdrawn"), "{told}");
});

both!(what_could_not_be_opened_and_is_whole_now_is_told, async |db: Database| {
    let scene = Sample::some(&["09-"]).remove(0);
    let mut stage = Stage::set(db, &scene.arrives.to_string()).await;
    let raw = scene.raw();
    let path = stage.maildir(0).join("new/1.half");
    fs::write(&path, &raw[..raw.len() * 2 / 3]).unwrap();
    stage.wait(60).await;
    assert!(last(&stage).contains("Ce fichier n’a pas pu être ouvert"), "{}", last(&stage));
    fs::write(&path, &raw).unwrap();
    stage.wait(60).await;
    assert!(asked(&stage, "M-000001").await.contains("It has grown since a letter"));
    let then = letter(&mut stage, "M-000001", assign("BEL")).await;
    assert!(is_correction(&then), "{then:?}");
    assert!(!last(&stage).contains("n’a pas pu être ouvert"), "{}", last(&stage));
});
