//! Decisions as they stand on record: each comes back as it was, and none loses its states.

use docket::core::{
    calls::{
        said::Word,
        standing::{Standing, Witnesses},
        status::{StateStands, Status},
    },
    decision::{
        Act, Answered, CivilEnd, Consequences, Decision, ExtendedThen, FiledThen, LeavesThen, LetterThen, OfRoster,
        ReferenceIs, Refusal, Roster, Ruling, SaidThen, StateThen, Subject, Submitted, WithdrawnThen, awaits,
        extension, place, to_take_back,
    },
    event::{Cap, Event, Hold, UndoneDecision},
    iso3::Iso3,
    judging::{relevance::Relevance, silence::Silence},
    letter_kind::LetterKind,
    phrase::Phrase,
    question::Question,
    submission::{
        AdditionKind, Becomes, Filed, Held, ItemId, Legible, Named, Place, Receipt, View, Withdrawal, stands,
    },
};
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

#[test]
fn every_ruling_comes_back_as_it_was() {
    let states = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<_>>();
    for (ruling, kind, value) in [
        (Ruling::Assigned { states: states(&["NOR"]) }, "assign", "NOR"),
        (Ruling::Assigned { states: states(&["CHE", "LIE"]) }, "assign", "CHE+LIE"),
        (Ruling::NotAnInput { unrelated: false }, "not_an_input", ""),
        (Ruling::NotAnInput { unrelated: true }, "not_an_input", "unrelated"),
        (Ruling::Undone, "undo", ""),
        (Ruling::Other { kind: "merge".to_owned(), value: "M-000002".to_owned() }, "merge", "M-000002"),
    ] {
        assert_eq!((ruling.kind(), ruling.value().unwrap().as_str()), (kind, value));
        assert_eq!(Ruling::read(kind, value), Ok(ruling));
    }
}

#[test]
fn what_cannot_be_read_is_no_decision_without_states() {
    for (kind, value, why) in [
        ("assign", "", "three-letter"),
        ("assign", "NOR+", "three-letter"),
        ("assign", "Norway", "Norway"),
        ("not_an_input", "perhaps", "perhaps"),
        ("undo", "NOR", "NOR"),
    ] {
        let error = Ruling::read(kind, value).unwrap_err();
        assert!(error.contains(why), "{kind} {value}: {error}");
    }
}

#[test]
fn the_history_tells_what_was_taken_back() {
    let told = |kind: &str, value: &str| Ruling::read(kind, value).unwrap().undone();
    assert_eq!(told("assign", "NOR"), UndoneDecision::Assigned { states: vec!["NOR".parse().unwrap()] });
    assert_eq!(told("not_an_input", "unrelated"), UndoneDecision::NotAnInput);
    assert_eq!(told("merge", "M-000002"), UndoneDecision::Other { what: "merge M-000002".to_owned() });
}

/// Every act with every kind of fact, and the text in which it is kept.
pub fn acts() -> Vec<(Act, &'static str, &'static str)> {
    let text = str::to_owned;
    let states = || vec![iso3("FRA")];
    let reference = || text("GCM-ECE-2020-0001");
    let addition = |addition, version| Act::AdditionTo { reference: reference(), addition, version };
    vec![
        (Act::VersionOf { reference: reference() }, "version_of", r#"{"reference":"GCM-ECE-2020-0001","v":1}"#),
        (
            Act::RenditionOf { reference: reference(), version: Some(2) },
            "rendition_of",
            r#"{"reference":"GCM-ECE-2020-0001","v":1,"version":2}"#,
        ),
        (
            Act::RenditionOf { reference: reference(), version: None },
            "rendition_of",
            r#"{"reference":"GCM-ECE-2020-0001","v":1}"#,
        ),
        (
            addition(AdditionKind::Annex, None),
            "addition_to",
            r#"{"addition":"annex","reference":"GCM-ECE-2020-0001","v":1}"#,
        ),
        (
            addition(AdditionKind::Translation, Some(1)),
            "addition_to",
            r#"{"addition":"translation","reference":"GCM-ECE-2020-0001","v":1,"version":1}"#,
        ),
        (
            addition(AdditionKind::CoverLetter, None),
            "addition_to",
            r#"{"addition":"cover_letter","reference":"GCM-ECE-2020-0001","v":1}"#,
        ),
        (Act::DuplicateOf { of: text("M-000002") }, "duplicate_of", r#"{"of":"M-000002","v":1}"#),
        (Act::Correspondence { answered: None, reference: None }, "correspondence", r#"{"v":1}"#),
        (
            Act::Correspondence {
                answered: Some(Answered { by: text("Ana"), how: Some(text("by telephone")) }),
                reference: Some(reference()),
            },
            "correspondence",
            r#"{"answered":{"by":"Ana","how":"by telephone"},"reference":"GCM-ECE-2020-0001","v":1}"#,
        ),
        (Act::Announce { states: states(), day: None }, "announce", r#"{"states":["FRA"],"v":1}"#),
        (
            Act::Announce { states: states(), day: Some(date(2020, 10, 5)) },
            "announce",
            r#"{"day":"2020-10-05","states":["FRA"],"v":1}"#,
        ),
        (Act::Decline { states: states() }, "decline", r#"{"states":["FRA"],"v":1}"#),
        (Act::Withdraw { reference: reference() }, "withdraw", r#"{"reference":"GCM-ECE-2020-0001","v":1}"#),
        (
            Act::Extend { states: states(), until: at("2020-10-09T10:00:00Z"), authority: text("the Bureau") },
            "extend",
            r#"{"authority":"the Bureau","states":["FRA"],"until":"2020-10-09T10:00:00Z","v":1}"#,
        ),
        (Act::UnreadableButOurs { states: states() }, "unreadable_but_ours", r#"{"states":["FRA"],"v":1}"#),
        (Act::AskSender, "ask_sender", r#"{"v":1}"#),
    ]
}

#[test]
fn every_act_comes_back_as_it_was() {
    for (act, kind, value) in acts() {
        let ruling = Ruling::Act(act.clone());
        assert_eq!((ruling.kind(), ruling.value().unwrap().as_str()), (kind, value));
        assert_eq!(Ruling::read(kind, value), Ok(ruling.clone()));
        assert_eq!(ruling.undone(), UndoneDecision::Acted { act });
    }
    for (kind, value) in [
        ("announce", ""),
        ("announce", r#"{"states":["FRA"]}"#),
        ("announce", r#"{"states":["FRA"],"v":2}"#),
        ("decline", r#"{"states":["France"],"v":1}"#),
        ("withdraw", r#"{"reference":"R","v":1,"x":1}"#),
        ("ask_sender", r#"{"v":1,"x":1}"#),
        ("ask_sender", r#"{ "v":1}"#),
    ] {
        assert!(Ruling::read(kind, value).is_err(), "{kind} {value}");
    }
}

/// Consequences of which each tells something else; together, all that there is to tell.
pub fn consequences() -> Vec<Consequences> {
    let text = str::to_owned;
    let received = at("2020-09-04T08:00:00Z");
    let base = |act: &str| Consequences { act: text(act), number: Some(text("M-000002")), ..Consequences::default() };
    let named = |n| Named { n, received };
    let filed = |place: &str, version, becomes, standing, opened| FiledThen {
        reference: text("GCM-ECE-2020-0001"),
        opened,
        states: [Roster::OnRoster, Roster::Observer, Roster::Outside]
            .map(|on| OfRoster { state: iso3("FRA"), on })
            .to_vec(),
        place: text(place),
        version,
        becomes,
        received,
        standing,
    };
    let known = |place: &str, version, becomes| filed(place, version, becomes, Standing::OnTime, ReferenceIs::Known);
    let leaves = |version, states: &[&str]| LeavesThen {
        reference: text("GCM-ECE-2020-0002"),
        states: states.iter().map(|code| iso3(code)).collect(),
        version,
        uncovers: Some(named(Some(1))),
    };
    let letter = LetterKind::Acknowledgement;
    let mut all = Vec::new();
    for standing in [Standing::OnTime, Standing::ByGrace, Standing::ByExtension, Standing::Late, Standing::Undetermined]
    {
        let filed = filed("version", Some(2), Becomes::First, standing, ReferenceIs::New);
        all.push(Consequences { filed: Some(filed), ..base("assign") });
    }
    let beside = |kind, to| Becomes::Beside { kind, to };
    for then in [
        known("version", Some(2), Becomes::Replaces { former: named(Some(1)) }),
        known("version", Some(2), Becomes::Earlier { current: named(None) }),
        known("version", Some(2), Becomes::UnderQuery { current: Some(named(Some(1))) }),
        known("version", Some(2), Becomes::UnderQuery { current: None }),
        known("version", Some(2), Becomes::Kept),
        known("version", None, Becomes::First),
        known("version", Some(1), Becomes::Repeats { version: named(Some(1)) }),
        filed("version", Some(2), Becomes::First, Standing::OnTime, ReferenceIs::Kept),
        known("duplicate", None, Becomes::Repeats { version: named(Some(1)) }),
        known("duplicate", None, Becomes::Kept),
        known("rendition", None, Becomes::Copy { of: named(Some(1)) }),
        known("rendition", None, Becomes::UnderQuery { current: None }),
        known("annex", None, beside(AdditionKind::Annex, Some(named(Some(1))))),
        known("translation", None, beside(AdditionKind::Translation, None)),
        known("cover_letter", None, beside(AdditionKind::CoverLetter, None)),
        known("withdrawal", None, Becomes::Kept),
        known("recall", None, Becomes::Kept),
        known("correspondence", None, Becomes::Kept),
    ] {
        all.push(Consequences { filed: Some(then), ..base("version_of") });
    }
    for version in [None, Some(1)] {
        all.push(Consequences { leaves: Some(leaves(version, &["ROU"])), ..base("not_an_input") });
        let then = known("version", Some(2), Becomes::First);
        all.push(Consequences { filed: Some(then), leaves: Some(leaves(version, &[])), ..base("assign") });
    }
    for how in [None, Some(text("by telephone"))] {
        all.push(Consequences { answered: Some(Answered { by: text("Ana"), how }), ..base("correspondence") });
    }
    all.push(base("correspondence"));
    let withdrawn = WithdrawnThen { reference: text("GCM-ECE-2020-0001"), states: vec![iso3("FRA")], until: received };
    all.push(Consequences { withdrawn: Some(withdrawn), ..base("withdraw") });
    let said = |word: &str, day| SaidThen { state: iso3("FRA"), word: text(word), day };
    let day = Some(date(2020, 10, 5));
    all.push(Consequences {
        said: vec![said("announced", day), said("announced", None), said("declined", None)],
        extended: vec![ExtendedThen { state: iso3("FRA"), until: received, authority: text("the Bureau") }],
        ..Consequences { act: text("announce"), ..Consequences::default() }
    });
    let line = |before, after| StateThen { state: iso3("FRA"), before, after };
    all.push(Consequences {
        states: Status::ALL.into_iter().map(|status| line(status, Status::NothingReceived)).collect(),
        confirmed: Some(Relevance::Unrelated),
        ..base("not_an_input")
    });
    let (asked, sample) = (vec![Question::Junk, Question::WhichCall], Event::Purged);
    all.push(Consequences { asked: asked.clone(), also: vec![sample], ..base("undo") });
    for then in [
        LetterThen::None { why: Silence::NotWished },
        LetterThen::Leaves { letter, to: text("a@example.org"), at: received },
        LetterThen::Held { letter, to: text("a@example.org"), held: Hold::Cap { of: Cap::Hour, letters: 5 } },
        LetterThen::Stopped { letter },
        LetterThen::LeftBefore { letter },
        LetterThen::FailedBefore { letter, number: 7 },
        LetterThen::WrittenSince,
        LetterThen::Erased,
    ] {
        all.push(Consequences { letter: then, asked: asked.clone(), ..base("ask_sender") });
    }
    all
}

/// Every refusal.
fn refusals() -> Vec<Refusal> {
    let text = str::to_owned;
    let (number, reference) = (|| text("M-000002"), || text("GCM-ECE-2020-0001"));
    let (state, until) = (iso3("FRA"), at("2020-10-09T10:00:00Z"));
    vec![
        Refusal::OfItself { number: number() },
        Refusal::NotFiled { named: number() },
        Refusal::NoVersionStands { reference: reference() },
        Refusal::NoSuchVersion { reference: reference(), version: 3 },
        Refusal::NothingToCopy { reference: reference() },
        Refusal::NothingStands { reference: reference() },
        Refusal::NothingOf { state },
        Refusal::Several { state, references: vec![reference(), text("GCM-ECE-2020-0002")] },
        Refusal::Together { reference: reference(), states: vec![state, iso3("ROU")] },
        Refusal::NotOnRoster { state },
        Refusal::SaidAlready { state },
        Refusal::DayPast { day: date(2020, 9, 1), on: date(2020, 9, 4) },
        Refusal::NotLater { until, deadline: until },
        Refusal::GrantedAlready { state, until },
        Refusal::Legible { number: number() },
        Refusal::WhichStates { number: number() },
        Refusal::StateNamed { state },
        Refusal::NotOnState { state },
        Refusal::CannotAsk { number: number(), why: Silence::NoAddress.phrase() },
        Refusal::NothingToAsk { number: number() },
        Refusal::IsTheLetter,
        Refusal::NothingDecided { named: number() },
        Refusal::NothingDecidedStands { named: number(), by: text("Ana"), at: until },
    ]
}

/// All sentences about decisions.
pub fn phrases() -> Vec<Phrase> {
    let acts = acts().into_iter().map(|(act, ..)| act.phrase());
    let came_to = consequences().into_iter().flat_map(|to| to.phrase());
    acts.chain(came_to).chain(refusals().iter().map(Refusal::phrase)).collect()
}

#[test]
fn what_a_decision_comes_to_comes_back_as_it_was() {
    for to in consequences() {
        let kept = to.kept().unwrap();
        assert_eq!(Consequences::read(&kept), Ok(to), "{kept}");
    }
    let plain = Consequences { act: "undo".to_owned(), ..Consequences::default() };
    assert_eq!(plain.kept().unwrap(), r#"{"act":"undo","v":1}"#);
    for broken in ["", "{}", r#"{"act":"undo"}"#, r#"{"act":"undo","v":2}"#, r#"{"act":"undo","v":1,"x":1}"#] {
        assert!(Consequences::read(broken).is_err(), "{broken}");
    }
}

#[test]
fn the_sentences_stand_in_the_order_in_which_they_are_asked_for() {
    let received = at("2020-09-04T08:00:00Z");
    let named = |n| Named { n: Some(n), received };
    let to = Consequences {
        act: "version_of".to_owned(),
        number: Some("M-000002".to_owned()),
        filed: Some(FiledThen {
            reference: "GCM-ECE-2020-0001".to_owned(),
            opened: ReferenceIs::Known,
            states: vec![OfRoster { state: iso3("FRA"), on: Roster::OnRoster }],
            place: "version".to_owned(),
            version: Some(2),
            becomes: Becomes::Replaces { former: named(1) },
            received,
            standing: Standing::OnTime,
        }),
        leaves: Some(LeavesThen {
            reference: "GCM-ECE-2020-0003".to_owned(),
            states: vec![iso3("ROU")],
            version: Some(2),
            uncovers: Some(named(1)),
        }),
        states: vec![StateThen { state: iso3("FRA"), before: Status::Received, after: Status::Corrected }],
        letter: LetterThen::Leaves {
            letter: LetterKind::Acknowledgement,
            to: "a@example.org".to_owned(),
            at: received,
        },
        ..Consequences::default()
    };
    let said: Vec<String> = to.phrase().iter().map(Phrase::plain).collect();
    assert_eq!(
        said,
        [
            "M-000002 is GCM-ECE-2020-0001, version 2, received on time. It replaces version 1.",
            "For FRA, on the roster of the call.",
            "It moves there from GCM-ECE-2020-0003, version 2, filed for ROU.",
            "In GCM-ECE-2020-0003, version 1 is the current one again.",
            "FRA: “received” before, “corrected” from now on.",
            "The acknowledgement to a@example.org leaves 2020-09-04 08:00 UTC; until then it can be stopped.",
        ]
    );
}

#[test]
fn an_end_is_a_day_or_an_hour_of_it() {
    let geneva = TimeZone::get("Europe/Zurich").unwrap();
    for (text, told, instant) in [
        ("2020-10-09", "2020-10-09", "2020-10-09T22:00:00Z"),
        ("2020-10-09T12:00", "2020-10-09T12:00:00", "2020-10-09T10:00:00Z"),
        (" 2020-10-09 12:00 ", "2020-10-09T12:00:00", "2020-10-09T10:00:00Z"),
    ] {
        let end: CivilEnd = text.parse().unwrap();
        assert_eq!((end.to_string().as_str(), end.instant(&geneva).unwrap()), (told, at(instant)));
        assert_eq!(told.parse(), Ok(end));
    }
    for wrong in ["", "tomorrow", "2020-09-31", "2020-10-09T25:00", "2020-10-09T", "9.10.2020"] {
        assert!(wrong.parse::<CivilEnd>().unwrap_err().to_string().contains("neither a day"), "{wrong}");
    }
}

/// A version by its item, received in the order of the items.
fn version(item: i64, n: u32, legible: Legible) -> Filed {
    let at = at("2020-09-01T08:00:00Z") + SignedDuration::from_hours(item);
    Filed {
        id: item,
        item: ItemId(item),
        place: Place::Version,
        n: Some(n),
        receipt: Receipt { at, number: item, n: 1 },
        witnesses: Witnesses::default(),
        legible,
        words: None,
        content_key: Some(item.to_string()),
        settled: None,
        by: None,
        held: Held::from(at),
    }
}

#[test]
fn an_act_gives_a_place_or_says_why_not() {
    let of = || "R".to_owned();
    let reference = of;
    let filed = [version(1, 1, Legible::Read), version(2, 2, Legible::Unread)];
    let annex = |version| Decision::AdditionTo { of: of(), kind: AdditionKind::Annex, version };
    let copy = |version| Decision::RenditionOf { of: of(), version };
    let duplicate = || Decision::DuplicateOf { of: of() };
    let beside = |to| Ok(Some(Place::Addition { kind: AdditionKind::Annex, to }));
    let itself = |n: i64| Err(Refusal::OfItself { number: format!("M-{n:06}") });
    let nothing = || Err(Refusal::NoVersionStands { reference: reference() });
    for (decision, on, named, there, expected) in [
        (Decision::VersionOf { of: of() }, 3, None, &filed[..], Ok(Some(Place::Version))),
        (Decision::VersionOf { of: of() }, 2, Some(2), &filed[..], itself(2)),
        (annex(None), 3, None, &filed[..], beside(None)),
        (annex(Some(1)), 3, None, &filed[..], beside(Some(ItemId(1)))),
        (annex(Some(7)), 3, None, &filed[..], Err(Refusal::NoSuchVersion { reference: reference(), version: 7 })),
        (annex(Some(2)), 2, None, &filed[..], itself(2)),
        (annex(None), 3, None, &[], nothing()),
        (annex(None), 1, None, &filed[..1], nothing()),
        (copy(None), 3, None, &filed[..], Ok(Some(Place::Rendition { of: ItemId(2) }))),
        (copy(Some(1)), 3, None, &filed[..], Ok(Some(Place::Rendition { of: ItemId(1) }))),
        (copy(None), 3, None, &filed[..1], Err(Refusal::NothingToCopy { reference: reference() })),
        (copy(None), 2, None, &filed[..], Err(Refusal::NothingToCopy { reference: reference() })),
        (copy(Some(2)), 2, None, &filed[..], itself(2)),
        (duplicate(), 3, None, &filed[..], Ok(Some(Place::Duplicate { of: ItemId(1) }))),
        (duplicate(), 3, Some(2), &filed[..], Ok(Some(Place::Duplicate { of: ItemId(2) }))),
        (duplicate(), 1, Some(1), &filed[..], itself(1)),
        (duplicate(), 1, None, &filed[..1], itself(1)),
        (Decision::AskSender, 3, None, &filed[..], Ok(None)),
    ] {
        let stands = stands(there, &[], View::NOW);
        let number = format!("M-{on:06}");
        let on = Subject { number: &number, item: ItemId(on) };
        let there = Submitted { reference: "R", stands: &stands, named: named.map(ItemId) };
        assert_eq!(place(&decision, on, there), expected, "{decision:?} on {on:?}");
    }
}

#[test]
fn only_what_stands_is_taken_back() {
    let filed = [version(1, 1, Legible::Read)];
    let all = stands(&filed, &[], View::NOW);
    let there = Submitted { reference: "R", stands: &all, named: None };
    let received = filed[0].receipt.at;
    assert_eq!(to_take_back(there, received + SignedDuration::from_secs(1)), Ok(()));
    let nothing = Err(Refusal::NothingStands { reference: "R".to_owned() });
    assert_eq!(to_take_back(there, received), nothing, "it came after the notice");
    let back = Withdrawal { at: Timestamp::MAX, by: None, held: Held::from(received) };
    let gone = stands(&filed, &[Withdrawal { at: received + SignedDuration::from_secs(1), ..back }], View::NOW);
    let there = Submitted { reference: "R", stands: &gone, named: None };
    assert_eq!(to_take_back(there, Timestamp::MAX), nothing);
}

#[test]
fn a_word_must_say_something() {
    let line = |status, day| StateStands {
        status,
        judged: None,
        counts: false,
        current: None,
        queried: None,
        received: None,
        day,
    };
    let (state, zone) = (iso3("FRA"), TimeZone::get("Europe/Zurich").unwrap());
    let said = at("2020-09-30T22:30:00Z");
    let (october, september) = (date(2020, 10, 1), date(2020, 9, 30));
    let announced = |day| Word::Announced { day: Some(day) };
    let already = Err(Refusal::SaidAlready { state });
    for (word, line, by_letter, expected) in [
        (Word::Declined, Some(line(Status::NothingReceived, None)), false, Ok(())),
        (Word::Declined, None, false, Err(Refusal::NotOnRoster { state })),
        (Word::Declined, Some(line(Status::Declined, None)), false, already.clone()),
        (Word::Declined, Some(line(Status::Declined, None)), true, Ok(())),
        (announced(october), Some(line(Status::Declined, None)), false, Ok(())),
        (announced(october), Some(line(Status::Announced, Some(october))), false, already),
        (announced(october), Some(line(Status::Announced, None)), false, Ok(())),
        (
            announced(september),
            Some(line(Status::NothingReceived, None)),
            false,
            Err(Refusal::DayPast { day: september, on: october }),
        ),
    ] {
        assert_eq!(awaits(state, word, line.as_ref(), (said, &zone), by_letter), expected, "{word:?} {line:?}");
    }
}

#[test]
fn more_time_is_more() {
    let (state, deadline) = (iso3("FRA"), at("2020-09-30T22:00:00Z"));
    let later = |hours| deadline + SignedDuration::from_hours(hours);
    assert_eq!(extension(state, later(1), deadline, None), Ok(()));
    assert_eq!(extension(state, deadline, deadline, None), Err(Refusal::NotLater { until: deadline, deadline }));
    assert_eq!(extension(state, later(3), deadline, Some(later(2))), Ok(()));
    assert_eq!(
        extension(state, later(2), deadline, Some(later(2))),
        Err(Refusal::GrantedAlready { state, until: later(2) })
    );
}
