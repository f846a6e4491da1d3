//! What a message is to the secretariat, by its signs.

use docket::core::{
    file::{File, Reading},
    judging::{
        circumstances::Answers,
        judgement::{Filing, Judgement},
        matching::Contact,
        relevance::{
            Relevance::{self, Correspondence, Input, Unrelated},
            Signs, relevance,
        },
        silence::Silence,
    },
    mail::message::{Address, Message},
    text::words,
};

use super::passing::{input, iso3, judged_as};

/// All 512 sets of signs.
fn all() -> impl Iterator<Item = Signs> {
    (0_u16..512).map(|bits| {
        let sign = |n: u16| bits & (1 << n) != 0;
        Signs {
            text: sign(0),
            document: sign(1),
            missing_document: sign(2),
            state: sign(3),
            words: sign(4),
            reply: sign(5),
            automatic: sign(6),
            input: sign(7),
            spoken: sign(8),
        }
    })
}

#[test]
fn unrelated_is_what_nothing_ties_to_a_call() {
    for signs in all() {
        let tied = signs.state || signs.words || signs.reply || signs.document || signs.spoken;
        assert_eq!(relevance(signs) == Unrelated, !tied, "{signs:?}");
    }
}

#[test]
fn robots_send_no_inputs() {
    for signs in all().filter(|signs| signs.automatic) {
        assert_ne!(relevance(signs), Input, "{signs:?}");
    }
}

#[test]
fn a_further_sign_never_makes_less_of_a_message() {
    for signs in all() {
        for more in [
            Signs { document: true, ..signs },
            Signs { state: true, ..signs },
            Signs { words: true, ..signs },
            Signs { text: true, ..signs },
            Signs { input: true, ..signs },
            Signs { spoken: true, ..signs },
        ] {
            assert!(relevance(more) >= relevance(signs), "{signs:?} and {more:?}");
        }
    }
}

#[test]
fn cases_from_the_mailbox() {
    let none = Signs::default();
    let cases: [(&str, Signs, Relevance); 10] = [
        ("an input of a state", Signs { text: true, document: true, state: true, input: true, ..none }, Input),
        ("another document of a state", Signs { text: true, document: true, state: true, ..none }, Correspondence),
        ("an input of nobody", Signs { text: true, document: true, input: true, ..none }, Correspondence),
        ("a refusal of nobody", Signs { spoken: true, ..none }, Correspondence),
        ("a document of somebody", Signs { text: true, document: true, ..none }, Correspondence),
        ("a forgotten attachment", Signs { missing_document: true, words: true, input: true, ..none }, Input),
        (
            "thanks, see your attached letter",
            Signs { missing_document: true, reply: true, input: true, ..none },
            Correspondence,
        ),
        ("a question in answer to us", Signs { reply: true, state: true, ..none }, Correspondence),
        ("an absence note of a ministry", Signs { automatic: true, state: true, ..none }, Correspondence),
        ("a newsletter", Signs { automatic: true, text: true, ..none }, Unrelated),
    ];
    for (what, signs, expected) in cases {
        assert_eq!(relevance(signs), expected, "{what}");
    }
}

const CALL: &str = "regional review of the Global Compact for Safe, Orderly and Regular Migration";

/// A mail with one document.
fn sent(from: &str, name: &str, subject: &str, document: File, contacts: &[Contact], answers: Answers) -> Judgement {
    let message = Message {
        from: Some(Address { name: Some(name.to_owned()), address: Some(from.to_owned()) }),
        recipients: vec!["gcm-input@example.org".to_owned()],
        subject: Some(subject.to_owned()),
        body: format!("Please open the attached document regarding the {CALL} and confirm."),
        ..Message::default()
    };
    judged_as(&message, &[document], contacts, answers)
}

/// A document with this text.
fn document(text: &str) -> File {
    let file = input("1.2", iso3("LVA"));
    let reading = Reading {
        words: Some(words::count(text)),
        letterhead: text.lines().take(10).collect::<Vec<_>>().join("\n"),
        text: text.to_owned(),
        ..file.reading
    };
    File { reading, ..file }
}

#[test]
fn who_is_unknown_and_merely_names_the_call_is_asked_and_gets_no_letter() {
    let lure = format!("Protected document\nClick Enable Editing to see the input to the {CALL}.");
    for (from, name, subject, text) in [
        ("mfa.input@protonmail.com", "Ministry of Foreign Affairs", "Input regional review", &lure),
        ("pasts.iem@outlook.com", "Ministry of Interior Latvia", "Input of Latvia to the regional review", &lure),
        ("missionperm@laposte.example", "Mission Permanente", "Contribution to the regional review", &lure),
    ] {
        let judgement = sent(from, name, subject, document(text), &[], Answers::Nothing);
        assert_eq!(judgement.filing(), Filing::Asked, "{from}: a person sees it");
        assert_eq!(judgement.silent(), Some(Silence::Stranger), "{from}");
        let known = sent(from, name, subject, document(text), &[], Answers::Letter { call: None, at_once: false });
        assert_eq!(known.silent(), None, "{from} answers a letter of ours");
        let contact = Contact { address: from.to_owned(), iso3: iso3("LVA") };
        assert_eq!(sent(from, name, subject, document(text), &[contact], Answers::Nothing).silent(), None, "{from}");
    }
    let ministry =
        sent("post@iem.gov.lv", "", "Input of Latvia to the regional review", document(&lure), &[], Answers::Nothing);
    assert_eq!(ministry.silent(), None, "an authority's domain is known");
}

#[test]
fn missions_on_free_mail_and_ministries_that_the_tables_do_not_know_get_their_letter() {
    for from in ["latvia.mission.geneva@gmail.com", "info@integration.lv", "mission@latvian-mission.example"] {
        let judgement = sent(
            from,
            "Permanent Mission of Latvia",
            "Input of Latvia",
            input("1.2", iso3("LVA")),
            &[],
            Answers::Nothing,
        );
        assert_eq!((judgement.silent(), judgement.answerable.send), (None, true), "{from}");
    }
    let text = "Latvijas Republikas ieguldījums reģionālajā pārskatā par Globālo migrācijas paktu. ".repeat(12);
    let judgement = sent("info@pmlp-integracija.lv", "", "Latvia", document(&text), &[], Answers::Nothing);
    assert_eq!(judgement.silent(), None, "a text of a state in its own language");
    let short = "REPUBLIC OF LATVIA\nMinistry of the Interior\n\nContribution of Latvia is attached below.";
    let judgement = sent("latvia.mission@gmail.com", "", "Input of Latvia", document(short), &[], Answers::Nothing);
    assert_eq!(judgement.silent(), None, "a letterhead stands on it");
}

#[test]
fn who_bears_our_name_or_leaves_out_a_dot_gets_no_letter() {
    for from in [
        "secretariat@unece.email",
        "desk@unece-secretariat.example",
        "un@mfagov.rs",
        "un@govmfa.am",
        "pasts@rnfa.gov.lv",
    ] {
        let judgement = sent(from, "MFA", "Input of Latvia", input("1.2", iso3("LVA")), &[], Answers::Nothing);
        assert!(!judgement.answerable.send && judgement.answerable.reason.contains("looks like"), "{from}");
        assert_eq!(judgement.filing(), Filing::Asked, "{from}: a person sees it");
        let contact = Contact { address: from.to_owned(), iso3: iso3("LVA") };
        let confirmed = sent(from, "MFA", "Input of Latvia", input("1.2", iso3("LVA")), &[contact], Answers::Nothing);
        assert!(confirmed.answerable.send, "{from} is a contact that a person confirmed");
    }
    for from in ["anna@pirogov.ru", "anna@dolgov.rs", "anna@eece.example"] {
        let judgement = sent(from, "", "Input of Latvia", input("1.2", iso3("LVA")), &[], Answers::Nothing);
        assert!(judgement.answerable.send, "{from}: {}", judgement.answerable.reason);
    }
}
