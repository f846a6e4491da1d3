//! Answers of colleagues, case by case: which closes what is asked, beside which it is shown, and what is none.

use docket::core::{
    event::{AskedThen, NotRead, SeenIn, Wrote},
    judging::answered::{FromUs, Seen, once_answered, with_answer},
    mail::{
        automatic::Own,
        message::{Message, parse},
    },
    purpose::{Kind, Place},
    question::{Missing, Next, Proposal, Question, Questions, Reason, Several},
};

const TO_NORWAY: &str = "To: Ministry <post@mfa.no>\nSubject: Re: a question\nIn-Reply-To: <q@mfa.no>";
const COLLEAGUE: &str = "From: Ana <ana@unece.org>";

fn mail(header: &str) -> Message {
    parse(format!("{header}\n\nThe deadline is 30 September.\n").replace('\n', "\r\n").as_bytes()).unwrap().message
}

fn own() -> Own {
    Own { addresses: vec!["gcm@example.org".to_owned(), "letters@example.org".to_owned()], ..Own::default() }
}

fn from_us(header: &str) -> Option<FromUs> {
    FromUs::of(&mail(header), &own(), &["unece.org".to_owned()])
}

fn seen(vouched: bool) -> Seen {
    let seen_in = SeenIn::Message { number: "M-000002".to_owned() };
    Seen { on: "2020-09-03T08:00:00Z".parse().unwrap(), seen_in, vouched }
}

fn beside(seen: &Seen) -> Question {
    Question::AnsweredBeside { on: seen.on, seen: seen.seen_in.clone(), wrote: Wrote::by(seen.vouched) }
}

fn what_for(proposed: Kind) -> Question {
    Question::WhatFor { proposed, states: Vec::new(), several: Several::OneOf, day: None, reasons: Vec::new() }
}

/// What a question is for, where something speaks for another purpose.
fn question_with(speaks_for: Kind) -> Question {
    let reason = Reason { speaks_for, place: Place::Body, text: "our input".to_owned() };
    Question::WhatFor {
        proposed: Kind::Question,
        states: Vec::new(),
        several: Several::OneOf,
        day: None,
        reasons: vec![reason],
    }
}

/// What is asked, whether the item brings a text, whether the answer is vouched for, and what becomes of the question.
fn cases() -> Vec<(&'static str, Question, bool, bool, AskedThen)> {
    use AskedThen::{Closed, Open};
    let place_of = |proposed| Question::PlaceOf {
        reference: "GCM-ECE-2020-0001".to_owned(),
        version: Some(1),
        beside: None,
        proposed,
        reasons: Vec::new(),
    };
    let states = Vec::new;
    vec![
        ("a question by mail, answered in Cc or Sent", Question::Correspondence, false, true, Closed),
        ("the same, by somebody who writes as a colleague", Question::Correspondence, false, false, Open),
        ("a letter that brings a text of its own", Question::Correspondence, true, true, Open),
        ("an announcement", what_for(Kind::Announcement), false, true, Open),
        ("a declination", what_for(Kind::Declination), false, true, Open),
        ("a wish for more time", what_for(Kind::Extension), false, true, Open),
        ("a withdrawal", what_for(Kind::Withdrawal), false, true, Open),
        ("a possible input", what_for(Kind::Input), true, true, Open),
        ("a possible correction", what_for(Kind::Correction), true, true, Open),
        ("a question, in which nothing speaks for anything else", what_for(Kind::Question), false, true, Closed),
        ("other business, by somebody who writes as a colleague", what_for(Kind::OtherNote), false, false, Open),
        ("a question that words of another purpose are in", question_with(Kind::Input), false, true, Open),
        ("one that words of questions are in", question_with(Kind::OtherNote), false, true, Closed),
        (
            "a possible input of no state",
            Question::WhichState { candidates: states(), why: String::new() },
            true,
            true,
            Open,
        ),
        ("an input for no call", Question::WhichCall, true, true, Open),
        ("an annex", place_of(Proposal::Version), true, true, Open),
        ("a recall", place_of(Proposal::Recall), false, true, Open),
        (
            "a document that is elsewhere",
            Question::NoDocument { missing: Missing::Elsewhere, next: Next::Document },
            false,
            true,
            Open,
        ),
        ("a document that cannot be read", Question::UnreadMain { why: None }, true, true, Open),
        ("a message that cannot be read", Question::NotRead { why: NotRead::Erased }, false, true, Open),
        ("junk", Question::Junk, false, true, Open),
        (
            "what must not be answered",
            Question::NotToBeAnswered { states: states(), why: String::new() },
            true,
            true,
            Open,
        ),
        ("a document that nothing ties to us", Question::Stray, true, true, Open),
        ("what a program may have written", Question::Automatic { why: String::new() }, false, true, Open),
        ("a letter that came back", Question::CameBack, false, true, Open),
    ]
}

#[test]
fn an_answer_closes_correspondence_and_nothing_else() {
    for (what, question, text, vouched, expected) in cases() {
        let seen = seen(vouched);
        let (then, asked) = once_answered(&question.clone().into(), &seen, text);
        assert_eq!(then, expected, "{what}");
        let stays = Questions::from(question).and(beside(&seen));
        assert_eq!(asked, if expected == AskedThen::Closed { Questions::default() } else { stays }, "{what}");
    }
}

#[test]
fn what_else_is_asked_stays_with_the_answer_beside_it() {
    let unread = Question::UnreadMain { why: None };
    let both = Questions::from(Question::Correspondence).and(unread.clone());
    let (then, asked) = once_answered(&both, &seen(true), false);
    assert_eq!((then, asked), (AskedThen::Closed, Questions::from(unread).and(beside(&seen(true)))));
    assert_eq!(
        once_answered(&Questions::default(), &seen(true), false),
        (AskedThen::Nothing, Questions::default()),
        "where nothing is asked, nothing begins to be"
    );
}

#[test]
fn of_several_answers_the_last_certain_one_is_shown() {
    let question = Questions::from(what_for(Kind::Extension));
    let (_, first) = once_answered(&question, &seen(true), false);
    let (then, forged) = once_answered(&first, &seen(false), false);
    assert_eq!((then, &forged), (AskedThen::Open, &first), "a forgery takes the place of no answer");
    let (_, forged) = once_answered(&question, &seen(false), false);
    assert_eq!(once_answered(&forged, &seen(true), false).1, first, "and gives way to one");
    let doubtful = with_answer(&Question::Correspondence.into(), &seen(false));
    assert_eq!(once_answered(&doubtful, &seen(true), false), (AskedThen::Closed, Questions::default()));
    assert_eq!(with_answer(&Questions::default(), &seen(true)), Questions::default());
}

#[test]
fn an_answer_is_a_mail_that_a_colleague_wrote() {
    let colleague = from_us(&format!("{COLLEAGUE}\nMessage-ID: <a@unece.org>\n{TO_NORWAY}")).expect("it is one");
    assert_eq!(
        (colleague.by.as_str(), colleague.answers.as_slice()),
        ("ana@unece.org", ["q@mfa.no".to_owned()].as_slice())
    );
    assert!(colleague.goes_to("Post@MFA.no") && !colleague.goes_to("other@mfa.no"));
    let own = from_us(&format!("From: Secretariat <gcm@example.org>\n{TO_NORWAY}"));
    assert_eq!(own.expect("it comes from our own address").by, "gcm@example.org");
    let thread = from_us(&format!("{COLLEAGUE}\n{TO_NORWAY}\nReferences: <first@mfa.no> <q@mfa.no>")).unwrap();
    assert_eq!(thread.answers, ["first@mfa.no", "q@mfa.no"]);
    let named = "From: ana@unece.org\nTo: post@mfa.no\nCc: gcm@example.org\nSubject: M-000017, GCM-ECE-2020-0007: your question";
    let named = from_us(named).unwrap();
    assert_eq!(
        (named.numbers.as_slice(), named.references("GCM-ECE-2020")),
        ([17].as_slice(), vec!["GCM-ECE-2020-0007".to_owned()])
    );
    for (what, header) in [
        ("the government itself", "From: Ministry <post@mfa.no>".to_owned()),
        ("a domain that only ends alike", "From: x@notunece.org".to_owned()),
        ("a letter of ours", format!("From: letters@example.org\nMessage-ID: <docket.7.{}@example.org>", "0a".repeat(16))),
        ("a letter of ours whose relay writes another domain", format!("From: letters@example.org\nMessage-ID: <docket.7.{}@relay.test>", "0a".repeat(16))),
        ("a letter of ours with another Message-ID", "From: letters@example.org\nMessage-ID: <x@relay.test>\nAuto-Submitted: auto-replied".to_owned()),
        ("an absence notice of a colleague", format!("{COLLEAGUE}\nAuto-Submitted: auto-replied")),
        ("a report", format!("{COLLEAGUE}\nReturn-Path: <>")),
        ("one with two authors", format!("{COLLEAGUE}\nFrom: other@unece.org")),
        ("what a group put our name on", "From: Ministry via GCM <gcm@example.org>\nReply-To: post@mfa.no\nList-Id: <gcm.example.org>\nX-Original-From: Ministry <post@mfa.no>".to_owned()),
    ] {
        assert_eq!(from_us(&format!("{header}\n{TO_NORWAY}")), None, "{what} is no answer of ours");
    }
}
