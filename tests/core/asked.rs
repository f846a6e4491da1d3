//! What a person is asked about a message, beside whose it is.

use docket::core::{
    judging::{circumstances::Answers, judgement::Filing, matching::Decision},
    mail::message::{Address, Header, Message, ReturnPath},
    phrase::Audience,
    purpose::Kind,
    question::{Question, Several},
    text::language::Language,
};
use jiff::tz::TimeZone;

use super::passing::{input, iso3, judged_as, of};

const OURS: Answers = Answers::Letter { call: None, at_once: false };

/// A mail to us.
fn mail(address: &str, subject: &str, body: &str) -> Message {
    Message {
        from: Some(of(address)),
        recipients: vec!["gcm-input@example.org".to_owned()],
        subject: Some(subject.to_owned()),
        body: body.to_owned(),
        ..Message::default()
    }
}

#[test]
fn a_letter_that_comes_back_in_plain_words_is_asked() {
    let body = "The following address failed: officer@bmi.gv.at: user unknown";
    for server in ["MAILER-DAEMON@mx.example.org", "postmaster@bmi.gv.at", "Mail-Daemon@mx.example.org"] {
        let bounce =
            Message { return_path: ReturnPath::Null, ..mail(server, "Mail delivery failed: returning message", body) };
        let judgement = judged_as(&bounce, &[], &[], OURS);
        let asked: Vec<&Question> = judgement.items[0].waiting.iter().collect();
        assert_eq!(asked, [&Question::CameBack], "{server}");
        assert_eq!((judgement.filing(), judgement.answerable.send), (Filing::Asked, false), "{server}");
    }
    let absent = Message {
        return_path: ReturnPath::Null,
        headers: vec![Header { name: "Auto-Submitted".to_owned(), value: "auto-replied".to_owned() }],
        ..mail("officer@bmi.gv.at", "Out of office", "I am out of the office until Monday.")
    };
    assert!(judged_as(&absent, &[], &[], OURS).items[0].waiting.is_empty(), "who is away got the letter");
}

#[test]
fn what_must_not_be_answered_is_asked_with_its_state() {
    let listed = Message {
        headers: vec![Header { name: "List-Id".to_owned(), value: "<gcm.lists.example.org>".to_owned() }],
        ..mail(
            "officer@bmi.gv.at",
            "Input of Austria",
            "Please find attached our input to the regional review of the GCM.",
        )
    };
    let judgement = judged_as(&listed, &[input("2", iso3("AUT"))], &[], Answers::Nothing);
    let item = &judgement.items[0];
    assert_eq!((item.filing(), item.purpose.kind), (Filing::Asked, Kind::Input));
    assert!(item.is_proposed(), "in JSON and in words alike");
    let said = item.waiting.phrase().unwrap().plain();
    assert!(said.starts_with("Is it an input of AUT? It brought a document and must not be answered"), "{said}");
}

#[test]
fn what_is_not_filed_is_proposed_to_nobody() {
    let spam = mail("offers@shop.example", "Great offers", "Buy two, pay one.");
    let judged = &judged_as(&spam, &[], &[], Answers::Nothing).items[0];
    assert_eq!((judged.filing(), judged.is_proposed()), (Filing::None, false));
    assert_eq!(judged.purpose.phrase(judged.is_proposed()).plain(), "unrelated mail");
}

#[test]
fn candidates_are_alternatives_and_joint_authors_are_not() {
    let said = |states: &[&str], several, language| {
        let states = states.iter().map(|code| iso3(code)).collect();
        let question = Question::WhatFor { proposed: Kind::Input, states, several, day: None, reasons: Vec::new() };
        let name = |iso3: docket::core::iso3::Iso3| iso3.to_string();
        question.phrase().in_words(&Audience { language, zone: TimeZone::UTC, name: &name })
    };
    let three = ["EST", "LVA", "LTU"];
    assert!(said(&three, Several::OneOf, Language::En).starts_with("Is it an input of EST or LTU or LVA?"));
    assert!(said(&three[..2], Several::Together, Language::En).starts_with("Is it an input of EST and LVA?"));
    assert!(said(&three[..2], Several::OneOf, Language::Fr).contains("EST ou LVA"));
    assert!(said(&three[..2], Several::Together, Language::Fr).contains("EST et LVA"));
}

#[test]
fn an_input_that_calls_itself_a_states_is_not_filed_as_nobodys() {
    let mut paper = input("2", iso3("MKD"));
    paper.reading.text = paper.reading.text.lines().skip(3).collect::<Vec<_>>().join("\n");
    paper.reading.letterhead = paper.reading.text.lines().take(1).collect();
    let sent =
        mail("expert@icmpd.org", "Input of North Macedonia", "On behalf of the Ministry we send the input on the GCM.");
    let centre = Address { name: Some("ICMPD".to_owned()), address: Some("expert@icmpd.org".to_owned()) };
    let sent = Message { from: Some(centre), ..sent };
    let judgement = judged_as(&sent, &[paper], &[], Answers::Nothing);
    let asked: Vec<&Question> = judgement.items[0].waiting.iter().collect();
    assert_eq!(judgement.items[0].matched.decision, Decision::None);
    assert_eq!(judgement.filing(), Filing::Asked);
    assert!(matches!(asked[..], [Question::WhichState { .. }]), "{asked:#?}");
}
