//! Events: each kind has its facts, one canonical text for them, and a sentence in every language.

use std::collections::{BTreeMap, BTreeSet};

use docket::core::{
    actor::Actor,
    calls::{standing::Standing, status::Status},
    event::{
        AccountChange, AfterDoubt, AskedThen, Cap, Dropped, Event, Hindrance, Hold, IntakeAction, LeftBy,
        LetterAfterUndo, LetterMove, NoCopy, NotAMessage, NotLeft, NotRead, Proof, Remark, SeenIn, ToldOf, ToldWrongly,
        UndoneDecision, Wrote, canonical::canonical, not_taken::NotTaken, payload::Happened,
    },
    iso3::Iso3,
    judging::{allowance::Allowance, relevance::Relevance, silence::Silence},
    letter_kind::LetterKind,
    mail::phase::Phase,
    phrase::{self, Audience, Fill, Phrase},
    purpose::{Kind, Purpose},
    question::Question,
    recorded::Way,
    role::Role,
    text::language::Language,
};
use jiff::{
    Timestamp,
    civil::{Time, date, time},
    tz::TimeZone,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

fn at() -> Timestamp {
    "2020-09-03T08:00:00.5Z".parse().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn deadline(time: Option<Time>, authority: Option<&str>, reason: Option<&str>) -> Event {
    Event::Deadline {
        day: date(2020, 9, 30),
        time,
        zone: text("Europe/Zurich"),
        version: 1,
        authority: authority.map(text),
        reason: reason.map(text),
    }
}

fn judged_again(version: Option<u32>, before: Standing, after: Standing) -> Event {
    Event::JudgedAgain { reference: text("GCM-ECE-2020-0007"), version, before, after, deadline: 2 }
}

fn answered(subject: Option<&str>, seen: SeenIn, wrote: Wrote, asked: AskedThen) -> Event {
    Event::Answered { by: text("ana@unece.org"), subject: subject.map(text), on: at(), seen, wrote, asked }
}

/// Every kind of event with every kind of fact.
#[expect(clippy::too_many_lines, reason = "one for each kind")]
fn samples() -> Vec<Event> {
    let letter = LetterKind::Acknowledgement;
    let cap = |of| Hold::Cap { of, letters: 5 };
    let mut samples = vec![
        Event::Received { bytes: 12_345, only_header: None, short: None, announced: None },
        Event::Recorded { way: Way::Hand, authority: text("the registry"), bytes: 12_345 },
        Event::Recorded { way: Way::Pouch, authority: text("slip 7"), bytes: 12_345 },
        Event::Recorded { way: Way::Portal, authority: text("the portal"), bytes: 12_345 },
        Event::Recorded { way: Way::Colleague, authority: text("Mr. Weber"), bytes: 12_345 },
        Event::Received { bytes: 12_345, only_header: None, short: None, announced: Some(12_346) },
        Event::Received {
            bytes: 345,
            only_header: None,
            short: Some(text("Of 12345 bytes only 345 came.")),
            announced: Some(12_345),
        },
        Event::Received {
            bytes: 99_000_000,
            only_header: Some(text("It is larger than 35 MiB.")),
            short: None,
            announced: None,
        },
        Event::SeenAgain { name: text("1600000000.host:2,S") },
        Event::NotAMessage(NotAMessage::Folder { name: text("old") }),
        Event::NotAMessage(NotAMessage::Special { name: text("link") }),
        Event::NotAMessage(NotAMessage::TooLarge { name: text("huge"), mebibytes: 5120, most: 1024 }),
        Event::Failed { why: text("Permission denied (os error 13)") },
        Event::Gone { folder: text("INBOX"), uid: 7 },
        Event::NotStored { name: text("1.a"), attempts: 3, why: text("The database says no.") },
        Event::NotFetched { folder: text("INBOX"), uid: 7, attempts: 3, why: text("The server says NO.") },
        Event::Missing { mailbox: text("gcm"), folder: text("INBOX"), names: vec![text("7.2"), text("7.3")], more: 0 },
        Event::Missing { mailbox: text("gcm"), folder: text("INBOX"), names: vec![text("7.2")], more: 11 },
        Event::Reconciled { messages: 12, folders: 1, missing: 0, changed: 0, short: 0, unread: vec![] },
        Event::Reconciled { messages: 1, folders: 2, missing: 1, changed: 1, short: 1, unread: vec![text("Junk")] },
        Event::Reconciled { messages: 0, folders: 0, missing: 2, changed: 2, short: 2, unread: vec![] },
        Event::Reconciled { messages: 0, folders: 1, missing: 0, changed: 0, short: 0, unread: vec![text("Junk")] },
        Event::Grown { before: 90, before_sha256: text("ab"), bytes: 99, sha256: text("cd") },
        Event::Rewritten { before: 99, before_sha256: text("ab"), bytes: 90, sha256: text("cd") },
        Event::Outgrown { number: text("M-000002") },
        Event::Replaced { number: text("M-000002") },
        Event::Reread,
        Event::CorrectionProposed { files: vec![] },
        Event::CorrectionProposed {
            files: vec![
                ToldWrongly { name: Some(text("a.doc")), told: ToldOf::Damaged },
                ToldWrongly { name: None, told: ToldOf::NotRead },
            ],
        },
        Event::Renumbered { folder: text("INBOX") },
        Event::Moved { from: text("INBOX"), to: text("Logged"), proof: Proof::Proven },
        Event::Moved { from: text("INBOX"), to: text("Logged"), proof: Proof::Unproved },
        Event::Parked { why: NotRead::Erased },
        Event::Parked { why: NotRead::HeaderOnly { why: text("It is larger than 35 MiB.") } },
        Event::Parked { why: NotRead::Short { why: text("Of 12345 bytes only 345 came.") } },
        Event::Parked { why: NotRead::TooLarge { most: 35 } },
        Event::Parked { why: NotRead::Failed { times: 3, why: text("no child started") } },
        Event::Parked { why: NotRead::Interrupted { times: 10 } },
        Event::Parked { why: NotRead::Broken },
        Event::Parked { why: NotRead::Said { what: text("It is no message.") } },
        Event::Filed {
            reference: text("GCM-ECE-2020-0007"),
            version: 1,
            states: vec![],
            standing: Standing::OnTime,
            replaces: None,
        },
        Event::Filed {
            reference: text("GCM-ECE-2020-0007"),
            version: 3,
            states: vec![iso3("CHE"), iso3("LIE")],
            standing: Standing::Late,
            replaces: Some(1),
        },
        Event::Repeated { reference: text("GCM-ECE-2020-0007"), version: 1 },
        Event::Landed { reference: text("GCM-ECE-2020-0007") },
        Event::Thanked,
        answered(
            Some("Re: your question"),
            SeenIn::Message { number: text("M-000002") },
            Wrote::Colleague,
            AskedThen::Closed,
        ),
        answered(None, SeenIn::Folder { folder: text("Sent") }, Wrote::Colleague, AskedThen::Open),
        answered(None, SeenIn::Message { number: text("M-000002") }, Wrote::InTheirName, AskedThen::Open),
        answered(None, SeenIn::Folder { folder: text("Sent") }, Wrote::Colleague, AskedThen::Nothing),
        answered(None, SeenIn::Message { number: text("M-000002") }, Wrote::InTheirName, AskedThen::Nothing),
        Event::GaveWay { reference: text("GCM-ECE-2020-0007"), version: 1 },
        Event::TookPlace { reference: text("GCM-ECE-2020-0007"), version: 2 },
        Event::LetterDecided { letter, held: None },
        Event::LetterDecided { letter, held: Some(cap(Cap::Hour)) },
        Event::LetterDecided { letter, held: Some(cap(Cap::Day)) },
        Event::LetterDecided { letter, held: Some(cap(Cap::Allowance(Allowance::State(iso3("NOR"))))) },
        Event::LetterDecided { letter, held: Some(cap(Cap::Allowance(Allowance::InItsName(iso3("NOR"))))) },
        Event::LetterDecided { letter, held: Some(cap(Cap::Allowance(Allowance::Domain(text("example.org"))))) },
        Event::LetterDecided { letter, held: Some(cap(Cap::Allowance(Allowance::Others))) },
        Event::Reminded { state: iso3("NOR"), step: text("first"), held: None },
        Event::Reminded { state: iso3("NOR"), step: text("first"), held: Some(Hold::Restored { known_until: at() }) },
        Event::LetterSent { letter, by: LeftBy::Folder { file: text("L-000001.eml") } },
        Event::LetterSent { letter, by: LeftBy::Server { reply: text("250 2.0.0 taken as 4711") } },
        Event::LetterUncertain { why: NotLeft::Stopped, next: AfterDoubt::Again },
        Event::LetterUncertain { why: NotLeft::Unanswered { why: text("time out") }, next: AfterDoubt::Asked },
        Event::LetterDropped { letter, why: Dropped::EntryChanged },
        Event::LetterDropped { letter, why: Dropped::DecisionUndone },
        Event::LetterDropped { letter, why: Dropped::MessageGrew },
        Event::LetterDropped { letter, why: Dropped::MessageRewritten },
        Event::LetterDropped { letter, why: Dropped::NotToRemind { status: Status::Declined } },
        Event::LetterDropped { letter: LetterKind::DeadlineMoved, why: Dropped::DeadlineMoved },
        Event::LetterDropped { letter: LetterKind::Query, why: Dropped::DocumentCame { number: text("M-000002") } },
        Event::LetterMoved { letter: 5, to: LetterMove::Leaves, reason: text("they are correcting it") },
        Event::LetterMoved {
            letter: 5,
            to: LetterMove::LeavesWithOthers { not_before: None },
            reason: text("the flood is over"),
        },
        Event::LetterMoved {
            letter: 5,
            to: LetterMove::LeavesWithOthers { not_before: Some(at()) },
            reason: text("the flood is over"),
        },
        Event::LetterMoved { letter: 5, to: LetterMove::Discarded, reason: text("a draft") },
        Event::LetterHeld { letter: 5, held: Hold::Replaced },
        Event::LetterHeld { letter: 5, held: Hold::Sender },
        Event::LetterHeld { letter: 5, held: Hold::Interrupted { times: 3 } },
        Event::LetterHeld { letter: 5, held: Hold::Refused { times: 3, why: text("not this one") } },
        Event::LetterHeld { letter: 5, held: Hold::Left { why: text("not this one") } },
        Event::LetterHeld { letter: 5, held: Hold::Unrecorded { why: text("not this one") } },
        Event::LetterUndone { letter, became: LetterAfterUndo::Stopped },
        Event::LetterUndone { letter, became: LetterAfterUndo::Left { recipient: text("a@example.org"), at: at() } },
        Event::LetterUndone {
            letter,
            became: LetterAfterUndo::Leaving { recipient: text("a@example.org"), number: 5 },
        },
        Event::LetterUndone { letter, became: LetterAfterUndo::MayHaveLeft { recipient: text("a@example.org") } },
        Event::CopyFailed { why: NoCopy::Nowhere },
        Event::CopyFailed { why: NoCopy::Refused { folder: text("Sent"), why: text("it is full") } },
        Event::Assigned { states: vec![iso3("NOR"), iso3("CHE")], reason: text("by its letterhead") },
        Event::NotAnInput { reason: text("a draft") },
        Event::SenderKnown { address: text("a@example.org"), state: iso3("NOR") },
        Event::SenderKnownAgain { address: text("a@example.org"), state: iso3("NOR") },
        Event::SenderForgotten { address: text("a@example.org"), state: iso3("NOR") },
        Event::Flagged { state: iso3("NOR"), number: text("M-000001/2") },
        Event::LetterOvertaken { letter: 5, reference: text("ONE-0001") },
        deadline(None, None, None),
        deadline(Some(time(12, 0, 0, 0)), None, None),
        deadline(None, None, Some("the data of time zones have changed")),
        deadline(Some(time(12, 0, 0, 0)), Some("the Bureau"), Some("the floods.")),
        judged_again(Some(2), Standing::Late, Standing::ByExtension),
        judged_again(Some(2), Standing::ByGrace, Standing::OnTime),
        judged_again(None, Standing::Undetermined, Standing::Late),
        Event::CallsRefused {
            problems: vec![text("calls/a.toml:3: “day” is no day"), text("calls/a.toml:9: no “zone”")],
        },
        Event::Alarm { path: text("program"), said: text("docket: No letter can leave.") },
        Event::Purged,
        Event::LeftForLater { until: date(2020, 10, 5), reason: text("the mission answers by then") },
        Event::SendingStopped { reason: text("a wrong template") },
        Event::SendingResumed,
        Event::Exported { what: text("register.csv") },
        Event::Noted { text: text("the mission calls back") },
        Event::NoteStruck { text: text("the mission calls back") },
        Event::PutInCharge { name: Some(text("Zoë")) },
        Event::PutInCharge { name: None },
        Event::Downloaded { file: None, warned: None },
        Event::Downloaded { file: Some(text("input.docx")), warned: None },
        Event::Downloaded { file: None, warned: Some(text("The virus scanner found “X” in it.")) },
        Event::AccountChanged { name: text("Zoë"), change: AccountChange::Disabled },
        Event::Restored { worked_until: at(), held: 2 },
    ];
    for change in [
        AccountChange::Enabled,
        AccountChange::Linked,
        AccountChange::PasswordSet,
        AccountChange::SessionsEnded,
        AccountChange::TokenMade { until: at() },
        AccountChange::FeedMade { until: at() },
    ] {
        samples.push(Event::AccountChanged { name: text("Zoë"), change });
    }
    for role in Role::ALL {
        for change in [AccountChange::Added { role }, AccountChange::Attested { role }, AccountChange::Role { role }] {
            samples.push(Event::AccountChanged { name: text("Zoë"), change });
        }
    }
    for relevance in [Relevance::Input, Relevance::Correspondence, Relevance::Unrelated] {
        samples.push(Event::Read { relevance, files: 0, items: 1 });
    }
    samples.push(Event::Read { relevance: Relevance::Input, files: 1, items: 1 });
    samples.push(Event::Read { relevance: Relevance::Input, files: 2, items: 3 });
    for action in [IntakeAction::Mark, IntakeAction::Move { to: text("Logged") }] {
        for why in [
            Hindrance::ReadOnly,
            Hindrance::NoKeyword,
            Hindrance::NoMove,
            Hindrance::KeywordDropped,
            Hindrance::NotMoved,
            Hindrance::NoProof,
            Hindrance::Said { what: text("no such folder") },
        ] {
            samples.push(Event::AfterIntakeFailed { folder: text("INBOX"), action: action.clone(), why });
        }
    }
    let refused = |phase| NotLeft::Refused { phase, reply: text("550 5.1.1 no such user") };
    let mut ends: Vec<NotLeft> = Phase::ALL.into_iter().map(refused).collect();
    ends.extend([
        NotLeft::RefusedForNow { phase: Phase::Data, reply: text("451 later") },
        NotLeft::NotSent { phase: Phase::Connect, why: text("nobody answers") },
        NotLeft::Impossible { why: text("The server takes no such address") },
        NotLeft::NotWritten { why: text("The folder is full") },
        NotLeft::NotComposed { why: text("“a” is no address") },
        NotLeft::Dropped(Dropped::EntryChanged),
    ]);
    ends.extend(Status::ALL.map(|status| NotLeft::Dropped(Dropped::NotToRemind { status })));
    for why in ends {
        for remarks in [vec![], vec![Remark::GivenUp], vec![Remark::OthersLeft, Remark::MayHaveLeft]] {
            samples.push(Event::LetterEnded { why: why.clone(), remarks });
        }
    }
    for letter in LetterKind::ALL {
        samples.push(Event::LetterDecided { letter, held: None });
    }
    for (decision, by) in [
        (UndoneDecision::Assigned { states: vec![iso3("NOR")] }, Actor::person("docket")),
        (UndoneDecision::NotAnInput, Actor::Person { id: Some(12), name: text("Ana") }),
        (UndoneDecision::Other { what: text("withdrawn") }, Actor::Import),
    ] {
        samples.push(Event::Undone { reason: text("a mistake"), decision, by, because: text("by telephone") });
    }
    for (act, ..) in super::decision::acts() {
        let (decision, by) = (UndoneDecision::Acted { act: act.clone() }, Actor::Program);
        samples.push(Event::Undone { reason: text("a mistake"), decision, by, because: text("by telephone") });
        samples.push(Event::Decided { act, reason: text("by telephone") });
    }
    samples
}

/// The kinds there are, as the enum itself lists them to whoever names one that is none.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_value::<Event>(json!({ "kind": "none of them" })).unwrap_err().to_string();
    let (_, listed) = error.split_once("expected one of ").expect("the kinds are listed");
    listed.split(", ").map(|kind| kind.trim_matches('`').to_owned()).collect()
}

fn reader(language: Language) -> Audience<'static> {
    let zone = TimeZone::get("Europe/Zurich").unwrap();
    Audience { language, zone, name: &|iso3| format!("<{iso3}>") }
}

/// A sentence and its parts.
fn parts(phrase: &Phrase) -> Vec<Phrase> {
    let mut all = vec![phrase.clone()];
    for (_, fill) in phrase.filled() {
        match fill {
            Fill::Phrase(part) => all.extend(parts(part)),
            Fill::Between(word, _) => all.push(Phrase::of(*word).with("before", "one").with("next", "another")),
            _ => {}
        }
    }
    all
}

/// What a message may be for, sure and proposed.
fn purposes() -> Vec<Purpose> {
    let sure = Purpose {
        kind: Kind::Input,
        proposed: false,
        evidence: Vec::new(),
        in_body: false,
        day: None,
        announces_document: None,
    };
    let proposed = Purpose { kind: Kind::Extension, proposed: true, day: Some(date(2020, 10, 5)), ..sure.clone() };
    vec![sure, proposed]
}

/// All sentences of the history, of what it is about, and of what is asked.
fn phrases() -> Vec<Phrase> {
    let others = [Happened::Prose(text("Read.")), Happened::Erased, Happened::Unreadable(text("EOF"))];
    let others = others.iter().map(|happened| happened.phrase(123));
    let (failed, asked) = (NotTaken::Failed { why: text("torn") }, super::question::samples());
    let silences = super::silence::samples();
    samples()
        .iter()
        .map(Event::phrase)
        .chain(others)
        .chain([failed.phrase()])
        .chain(asked.iter().map(Question::phrase))
        .chain(silences.iter().map(Silence::told))
        .chain(super::decision::phrases())
        .chain(purposes().iter().map(|purpose| purpose.phrase(purpose.proposed)))
        .collect()
}

#[test]
fn every_kind_has_a_sample_and_its_word() {
    let there: BTreeSet<String> = samples().iter().map(|event| event.kind().to_owned()).collect();
    assert_eq!(there, kinds());
    assert!(there.len() > 35, "{there:?}");
    for event in samples() {
        assert_eq!(serde_json::to_value(&event).unwrap()["kind"], event.kind());
    }
}

#[test]
fn every_kind_has_its_sentence_in_every_language() {
    assert_eq!(phrase::languages(), [Language::En, Language::Fr]);
    for language in phrase::languages() {
        let words = phrase::of(language).unwrap();
        for phrase in phrases() {
            for part in parts(&phrase) {
                let template = words.get(part.key()).unwrap_or_else(|| panic!("{language}: {} is missing", part.key()));
                let mut asked = template.split('{').skip(1).map(|rest| rest.split_once('}').expect("it is closed").0);
                let filled = |name: &str| part.filled().iter().any(|(known, _)| *known == name);
                assert!(asked.all(filled), "{language}: {} asks for more than there is", part.key());
            }
            let said = phrase.in_words(&reader(language));
            assert!(!said.trim().is_empty() && !said.contains(['{', '}']), "{language}: {said}");
        }
        let used: BTreeSet<String> = phrases().iter().flat_map(parts).map(|part| part.key().to_owned()).collect();
        let there: BTreeSet<String> = words.keys().cloned().collect();
        assert_eq!(there.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "{language}: said by nobody");
    }
}

#[test]
fn a_language_without_words_is_spoken_to_in_english() {
    let event = Event::Purged.phrase();
    assert_eq!(event.in_words(&reader(Language::Zh)), event.in_words(&reader(Language::En)));
    assert_ne!(event.in_words(&reader(Language::Fr)), event.in_words(&reader(Language::En)));
}

#[test]
fn what_an_outsider_wrote_is_no_sentence_of_ours() {
    let event = Event::LetterMoved { letter: 5, to: LetterMove::Leaves, reason: text("{letter} {reason}") };
    assert_eq!(event.phrase().plain(), "Letter 5 leaves now: {letter} {reason}");
}

#[test]
fn an_event_is_told_in_the_readers_language_zone_and_names() {
    let told = |event: &Event| [Language::En, Language::Fr].map(|language| event.phrase().in_words(&reader(language)));
    let left = LetterAfterUndo::Left { recipient: text("a@example.org"), at: at() };
    let event = Event::LetterUndone { letter: LetterKind::Acknowledgement, became: left };
    let [english, french] = told(&event);
    assert_eq!(
        english,
        "The acknowledgement left for a@example.org, 2020-09-03 10:00 CEST, and cannot be called back: write to them if \
         what it says is wrong."
    );
    assert!(french.starts_with("La lettre (accusé de réception) est partie pour a@example.org, 2020-09-03 10:00 CEST"));
    let event = Event::Assigned { states: vec![iso3("NOR"), iso3("CHE")], reason: text("by its letterhead") };
    assert_eq!(told(&event)[0], "Assigned to <NOR>, <CHE>: by its letterhead");
    assert_eq!(event.phrase().plain(), "Assigned to NOR, CHE: by its letterhead");
    let event = Event::Undone {
        reason: text("a mistake"),
        decision: UndoneDecision::Assigned { states: vec![iso3("NOR")] },
        by: Actor::person("desk"),
        because: text("by telephone"),
    };
    assert_eq!(told(&event)[0], "Taken back (a mistake): assigned to <NOR> by desk: by telephone");
}

#[test]
fn a_payload_is_written_in_one_way() {
    let filed = Event::Filed {
        reference: text("GCM-ECE-2020-0007"),
        version: 2,
        states: vec![iso3("CHE")],
        standing: Standing::OnTime,
        replaces: Some(1),
    };
    assert_eq!(
        filed.payload().unwrap(),
        r#"{"kind":"filed","reference":"GCM-ECE-2020-0007","replaces":1,"standing":"on_time","states":["CHE"],"v":1,"version":2}"#
    );
    let undone = Event::LetterUndone { letter: LetterKind::Query, became: LetterAfterUndo::Stopped };
    assert_eq!(
        undone.payload().unwrap(),
        r#"{"became":{"is":"stopped"},"kind":"letter_undone","letter":"query","v":1}"#
    );
}

#[test]
fn every_sample_comes_back_as_it_was() {
    for event in samples() {
        let payload = event.payload().unwrap();
        assert_eq!(Happened::read(event.kind(), Some(&payload)), Happened::Event(event), "{payload}");
    }
}

#[test]
fn what_could_be_written_in_two_ways_has_no_place() {
    for wrong in [json!(1.5), json!(null), json!(true), json!({ "a": [1, null] }), json!(1_u64 << 53), json!(i64::MIN)]
    {
        assert!(canonical(&wrong).is_err(), "{wrong}");
    }
    let right =
        json!({ "b": [1, "\"\\\u{8}\u{c}\n\r\t\u{1f}\u{7f}é"], "a": { "é": -7, "z": [] }, "A": (1_u64 << 53) - 1 });
    let text = "{\"A\":9007199254740991,\"a\":{\"z\":[],\"é\":-7},\"b\":[1,\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\u{7f}é\"]}";
    assert_eq!(canonical(&right).unwrap(), text, "as RFC 8785 has it");
}

/// A value of the kinds that have a place in a payload.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<String>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map: BTreeMap<String, Value>| map.into_iter().collect::<Value>()),
        ]
    })
}

/// Puts other texts and numbers into an event, wherever it can hold them.
fn vary(value: &mut Value, place: &str, whole: &Value, texts: &mut dyn Iterator<Item = String>, n: u64) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                vary(value, &format!("{place}/{key}"), whole, texts, n);
            }
        }
        Value::Array(list) => {
            for (i, value) in list.iter_mut().enumerate() {
                vary(value, &format!("{place}/{i}"), whole, texts, n);
            }
        }
        leaf => {
            let other = if leaf.is_string() { Value::from(texts.next()) } else { Value::from(n) };
            let mut changed = whole.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            if serde_json::from_value::<Event>(changed).is_ok() {
                *leaf = other;
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_an_event_holds_comes_back(
        sample in any::<prop::sample::Index>(),
        texts in proptest::collection::vec(any::<String>(), 1..4),
        n in 0..=9_007_199_254_740_991_u64,
    ) {
        let sample = sample.get(&samples()).clone();
        let whole = serde_json::to_value(&sample).unwrap();
        let mut varied = whole.clone();
        vary(&mut varied, "", &whole, &mut texts.into_iter().cycle(), n);
        let event: Event = serde_json::from_value(varied).unwrap();
        let payload = event.payload().unwrap();
        prop_assert_eq!(Happened::read(event.kind(), Some(&payload)), Happened::Event(event));
        let parsed: Value = serde_json::from_str(&payload).unwrap();
        prop_assert_eq!(canonical(&parsed).unwrap(), payload, "a fixed point");
    }

    #[test]
    fn the_canonical_text_is_one_and_stays(value in value()) {
        let text = canonical(&value).unwrap();
        let parsed: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&parsed, &value, "it says what the value is");
        prop_assert_eq!(&canonical(&parsed).unwrap(), &text, "a fixed point");
        let other_way: Value = serde_json::from_str(&serde_json::to_string_pretty(&value).unwrap()).unwrap();
        prop_assert_eq!(canonical(&other_way).unwrap(), text, "however it had been written");
    }

    #[test]
    fn reading_a_row_never_fails(kind in any::<String>(), payload in any::<Option<String>>(), value in value()) {
        let happened = Happened::read(&kind, payload.as_deref());
        prop_assert!(!matches!(happened, Happened::Event(_)));
        prop_assert!(!happened.phrase(7).plain().is_empty() || matches!(happened, Happened::Prose(_)));
        let of_value = Happened::read(&kind, Some(&value.to_string()));
        prop_assert!(!matches!(of_value, Happened::Event(_)));
    }
}
