//! Who passes on what another wrote: whoever can type a line, or attach a message, files nothing in a state's name.

use std::collections::BTreeMap;

use docket::core::{
    file::{File, Format, Outcome, Reading},
    iso3::Iso3,
    judging::{
        circumstances::{Answers, Circumstances},
        judgement::{Filing, Judgement, judge},
        matching::{Case, CaseFile, Contact, Decision, Form, Sender},
        silence::Silence,
    },
    mail::{
        automatic::Own,
        message::{Address, Attached, Message},
    },
    text::{language::Language, words},
};
use jiff::civil::date;

use super::purpose::topic;
use crate::matching::{REGISTER, TABLES};

const COLLEAGUE: &str = "desk.officer@unece.org";
const PRIVATE: &str = "someone@gmail.com";

/// How a message passes on another.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    /// Attached as `message/rfc822`.
    Attached,
    /// Below a forwarding line.
    Quoted,
    /// Two are attached, the second of the next state.
    TwoAttached,
    /// A message is attached that has the author's attached.
    Within,
}

const WAYS: [How; 4] = [How::Attached, How::Quoted, How::TwoAttached, How::Within];

/// An address of an authority of each state of the roster.
fn authorities() -> Vec<(Iso3, String)> {
    let mut domains: BTreeMap<String, String> = BTreeMap::new();
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(TABLES.domain_evidence.as_bytes()).records().map(Result::unwrap).collect();
    // Of a state whose authorities the tables do not know one by one, an address under its suffix.
    for class in ["government", "suffix"] {
        for row in rows.iter().filter(|row| &row[2] == class && row[0].contains('.')) {
            domains.entry(row[1].to_owned()).or_insert_with(|| format!("officer@{}", &row[0]));
        }
    }
    let roster = REGISTER.roster("unece").unwrap();
    let found: Vec<(Iso3, String)> =
        roster.iter().map(|iso3| (*iso3, domains.remove(iso3.as_str()).unwrap_or_else(|| panic!("{iso3}")))).collect();
    assert_eq!(found.len(), 56);
    found
}

pub(super) fn iso3(code: &str) -> Iso3 {
    code.parse().expect("a state")
}

fn name(iso3: Iso3, form: Form) -> String {
    REGISTER.name(iso3, Language::En, date(2020, 9, 25), form)
}

pub(super) fn of(address: &str) -> Address {
    Address { name: None, address: Some(address.to_owned()) }
}

/// The input of a state, with its letterhead.
pub(super) fn input(path: &str, state: Iso3) -> File {
    let (formal, short) = (name(state, Form::Formal), name(state, Form::Short));
    let text = format!(
        "{formal}\nMinistry of the Interior of {short}\n\nContribution of {short} to the regional review of the Global \
         Compact for Safe, Orderly and Regular Migration\n\n{}",
        "The Government has taken measures on migration data and on regular pathways. ".repeat(30)
    );
    let reading = Reading {
        outcome: Outcome::Read,
        words: Some(words::count(&text)),
        letterhead: text.lines().take(2).collect::<Vec<_>>().join("\n"),
        text,
        ..Reading::without_text(Outcome::Read, "")
    };
    File {
        path: path.to_owned(),
        name: Some("input.docx".to_owned()),
        media_type: "application/octet-stream".to_owned(),
        size: 9_000,
        sha256: format!("{path} {state}"),
        format: Format::Docx,
        inline: false,
        reading,
    }
}

fn attached(path: &str, author: &str, state: Iso3) -> Attached {
    Attached {
        path: path.to_owned(),
        from: Some(of(author)),
        subject: Some(format!("Input of {}", name(state, Form::Short))),
        body: "Please find attached our input to the regional review of the GCM.".to_owned(),
        ..Attached::default()
    }
}

/// What one sends who passes on the mail of an author of a state.
fn passes_on(how: How, outer: &str, (state, author): (Iso3, &str), next: (Iso3, &str)) -> (Message, Vec<File>) {
    let subject = format!("Fwd: Input of {}", name(state, Form::Short));
    let message = Message {
        from: Some(of(outer)),
        recipients: vec!["gcm-input@example.org".to_owned()],
        subject: Some(subject.clone()),
        body: "Please see below.\n".to_owned(),
        ..Message::default()
    };
    match how {
        How::Attached => {
            (Message { attached: vec![attached("1.2", author, state)], ..message }, vec![input("1.2.1", state)])
        }
        How::TwoAttached => (
            Message { attached: vec![attached("1.2", author, state), attached("1.3", next.1, next.0)], ..message },
            vec![input("1.2.1", state), input("1.3.1", next.0)],
        ),
        How::Within => (
            Message { attached: vec![attached("1.2", outer, state), attached("1.2.2", author, state)], ..message },
            vec![input("1.2.2.1", state)],
        ),
        How::Quoted => {
            let body = format!(
                "FYI\n\n---------- Forwarded message ----------\nFrom: <{author}>\nDate: Fri, 25 Sep 2020 09:00\nSubject: \
                 Input of {}\nTo: <gcm-input@example.org>\n\nPlease find attached our input to the regional review of the \
                 GCM.\n",
                name(state, Form::Short)
            );
            (Message { body, ..message }, vec![input("2", state)])
        }
    }
}

fn judged(message: &Message, files: &[File], contacts: &[Contact]) -> Judgement {
    judged_as(message, files, contacts, Answers::Nothing)
}

/// What is made of a message, by the shipped words of the call.
pub(super) fn judged_as(message: &Message, files: &[File], contacts: &[Contact], answers: Answers) -> Judgement {
    let own = Own { addresses: vec!["gcm-input@example.org".to_owned()], ..Own::default() };
    let around = Circumstances {
        register: &REGISTER,
        calls: &[],
        topic: &topic(),
        own: &own,
        colleagues: &["unece.org".to_owned()],
        contacts,
        earlier: &[],
        on: date(2020, 9, 25),
        answers,
        lately: &[],
    };
    judge(message, files, &around)
}

#[test]
fn nobody_files_in_a_states_name_what_another_is_said_to_have_written() {
    let all = authorities();
    let mut wrong = Vec::new();
    for (at, (state, author)) in all.iter().enumerate() {
        let (next, other) = &all[(at + 1) % all.len()];
        for how in WAYS {
            for outer in [PRIVATE, other, "officer@ministry-of-interior.example"] {
                let (message, files) = passes_on(how, outer, (*state, author), (*next, other));
                let judgement = judged(&message, &files, &[]);
                for judged in &judgement.items {
                    let own = judged.item.from.as_ref().and_then(|from| from.address.as_deref()) == Some(outer);
                    // The mail of the other authority itself, attached by that authority, is its own.
                    let its_own = how == How::TwoAttached && own && outer == other;
                    let named = judged.matched.decision == Decision::Matched;
                    if (named || judged.filing() == Filing::Registered) && !its_own {
                        wrong.push(format!("{state} {how:?} by {outer}: {}", judged.matched.reason));
                    }
                    let proposed = judged.matched.candidates().iter().any(|(iso3, _)| iso3 == state);
                    if judged.item.from.as_ref().and_then(|from| from.address.as_deref()) == Some(author) && !proposed {
                        wrong.push(format!("{state} {how:?} by {outer}: the state is not proposed"));
                    }
                }
                if judgement.silent() != Some(Silence::PassedOn) {
                    wrong.push(format!("{state} {how:?} by {outer}: a letter may go"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_colleague_and_an_authority_of_the_same_state_stand_for_the_author() {
    let all = authorities();
    let mut left = Vec::new();
    for (at, (state, author)) in all.iter().enumerate() {
        let (next, other) = &all[(at + 1) % all.len()];
        let domain = author.split_once('@').unwrap().1;
        for how in [How::Attached, How::Quoted, How::TwoAttached] {
            for outer in [COLLEAGUE, &format!("mission@{domain}")] {
                let by_state = outer != COLLEAGUE;
                if by_state && how == How::TwoAttached {
                    continue;
                }
                let (message, files) = passes_on(how, outer, (*state, author), (*next, other));
                let judgement = judged(&message, &files, &[]);
                for judged in &judgement.items {
                    if judged.filing() != Filing::Registered {
                        left.push(format!(
                            "{state} {how:?} by {outer}: {} {:?}",
                            judged.matched.reason, judged.waiting
                        ));
                    }
                }
                if judgement.silent().is_some() {
                    left.push(format!("{state} {how:?} by {outer}: it is not answered"));
                }
            }
        }
    }
    assert!(left.is_empty(), "{} are left:\n{}", left.len(), left.join("\n"));
}

#[test]
fn an_address_that_a_person_tied_to_the_state_passes_on_its_mail() {
    let (state, author) = (iso3("AUT"), "officer@bmi.gv.at");
    let (message, files) = passes_on(How::Attached, PRIVATE, (state, author), (state, author));
    assert_eq!(judged(&message, &files, &[]).filing(), Filing::Asked);
    let known = [Contact { address: PRIVATE.to_owned(), iso3: state }];
    assert_eq!(judged(&message, &files, &known).filing(), Filing::Registered);
    let of_another = [Contact { address: PRIVATE.to_owned(), iso3: iso3("EST") }];
    assert_eq!(judged(&message, &files, &of_another).filing(), Filing::Asked);
}

#[test]
fn a_prepared_case_with_forwarding_lines_is_left_to_a_person_too() {
    let forwarded = |subject: &str, by: &str, author: &str| Case {
        from: Sender { display: String::new(), address: by.to_owned() },
        subject: subject.to_owned(),
        body: format!("FYI\n\n{author}Date: 1 Sep 2020\nSubject: Input\nTo: x@example.org\n\nOur input is attached."),
        attachments: vec![CaseFile {
            filename: "input.docx".to_owned(),
            first_page_text: input("1", iso3("AUT")).reading.text,
        }],
        ours: vec!["gcm-input@example.org".to_owned()],
        ..Case::default()
    };
    let officer = "From: Officer <officer@bmi.gv.at>\n";
    for (by, author, named) in [
        (PRIVATE, officer, false),
        ("x@siseministeerium.ee", officer, false),
        ("x@bmeia.gv.at", officer, true),
        // Our own letter, forwarded with an input, passes on nothing.
        ("x@bmeia.gv.at", "From: Secretariat <gcm-input@example.org>\n", true),
        // A program leaves out the addresses of those in the same house.
        ("x@bmeia.gv.at", "From: Huber Anna\n", true),
        ("x@bmeia.gv.at", "From: Ministry of the Interior of Estonia\n", false),
        ("x@bmeia.gv.at", "From: Somebody <somebody@consultants.example>\n", false),
    ] {
        let found = REGISTER.match_case(&forwarded("Fwd: Input", by, author), "unece");
        assert_eq!(found.decision == Decision::Matched, named, "{by}, {author}: {}", found.reason);
        assert_eq!(found.passed_on, !named, "{by}, {author}");
    }
}
