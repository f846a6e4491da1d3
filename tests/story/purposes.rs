//! What a government sends is registered only if it is an input: all else is asked, with what it is for and why.

use docket::core::purpose::Kind;

use super::{mail::Mail, stage::Stage};
use crate::fixture::{Database, both};

const INPUT: &str = "Contribution of Norway to the regional review of the Global Compact for Migration";

fn norway(subject: &str, body: &str) -> Mail {
    Mail::from("Ministry <post@mfa.no>").subject(subject).body(body)
}

both!(only_an_input_and_its_correction_are_registered, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let attached = "Please find attached our input to the regional review.";
    let mails = [
        (norway("Norway: input", attached).document(INPUT), Kind::Input, ""),
        (
            norway(
                "Nomination",
                "Please find attached the nomination of our participants for the meeting in November.",
            )
            .document("Nomination of participants: Ms A and Mr B"),
            Kind::Nomination,
            "Does it say who takes part in a meeting?",
        ),
        (
            norway("Regional review of the GCM", "We will send our input by 5 October."),
            Kind::Announcement,
            "Does it announce an input of Norway by 5 October 2020?",
        ),
        (
            norway("Regional review of the GCM", "Norway will not submit an input."),
            Kind::Declination,
            "Does it say that no input of Norway will come?",
        ),
        (
            norway("Regional review of the GCM", "May we ask for an extension of the deadline for our input?"),
            Kind::Extension,
            "Does it ask for more time",
        ),
        (
            norway("Norway: input", "Please disregard and delete our input of this morning."),
            Kind::Withdrawal,
            "Does it withdraw GCM-ECE-2020-0001, version 1 (M-000001)?",
        ),
        (
            norway("Norway: translation", "Please find attached the English translation of our input on the GCM.")
                .document(&format!("{INPUT}, translated")),
            Kind::Addition,
            "What is it beside GCM-ECE-2020-0001, version 1 (M-000001)?",
        ),
        (
            norway("Norway: corrected input", "Please find attached our corrected input to the regional review.")
                .document(&format!("{INPUT}, corrected")),
            Kind::Correction,
            "",
        ),
    ];
    for (n, (mail, ..)) in mails.iter().enumerate() {
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(10).await;
    }
    let log = stage.log().await;
    for ((line, (_, kind, asked)), n) in log.iter().zip(&mails).zip(1..) {
        let item = &stage.entry(&line.number).await.items[0];
        let purpose = item.purpose.as_ref().expect("what it is for is kept");
        assert_eq!(purpose.kind, *kind, "{n}: {purpose:#?}");
        assert!(!purpose.evidence.is_empty(), "{n}: with what speaks for it");
        let waiting = line.waiting.clone().unwrap_or_default();
        assert!(waiting.starts_with(asked) && waiting.is_empty() == asked.is_empty(), "{n}: {waiting}");
        assert_eq!(line.reference.is_some(), asked.is_empty(), "{n}: {line:?}");
    }
    assert_eq!(
        (log[0].version, log[7].version),
        (Some(1), Some(2)),
        "what is taken back in words stays until a person acts"
    );
});

both!(a_document_that_nothing_ties_to_us_gets_no_letter_and_is_asked, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let invoice = Mail::from("Sales <sales@shop.test>").subject("Invoice 4711").body("See attached.");
    stage.deliver("1.mail", &invoice.document("Invoice for office chairs").raw(), stage.clock.now());
    let lunch = Mail::from("Bob <bob@shop.test>").subject("Lunch").body("At noon?");
    stage.deliver("2.mail", &lunch.raw(), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    let log = stage.log().await;
    let waiting = log[0].waiting.clone().unwrap_or_default();
    assert!(waiting.starts_with("Is it mail for the office? It brings a document"), "{waiting}");
    assert_eq!(log[1].waiting, None, "what has no document and no purpose is not filed");
    let why = stage.entry("M-000001").await.answer.unwrap_or_default();
    assert!(why.contains("nothing in it speaks of a call"), "{why}");
});

both!(an_input_in_a_mail_that_is_not_addressed_to_us_waits_for_a_person, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let text = "Norway protects the rights of migrants, and reports the measures that it has adopted. ".repeat(40);
    let says = format!(
        "Please take the text below as the input of Norway to the regional review of the GCM.\n\nINPUT OF NORWAY\n\n{text}"
    );
    let mail = Mail::from("Ministry of Foreign Affairs <post@mfa.no>").to("somebody@else.example").body(&says);
    stage.deliver("1", &mail.raw(), stage.clock.now());
    stage.wait(1).await;
    let line = stage.log().await.remove(0);
    assert_eq!(line.reference, None);
    let asked = line.waiting.expect("a person is asked");
    assert!(asked.contains("Norway") && asked.contains("not addressed to us"), "{asked}");
});
