//! A call from its opening to its end: the sample mail, its index as the specification, and the reminder before the
//! deadline.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use docket::{
    core::{
        calls::{standing::Standing, status::Status},
        letter_kind::LetterKind,
    },
    desk::view::LogFilter,
    pipeline,
    store::word,
};

use super::stage::{ADDRESS, CALL, Expect, Sample, Scene, Stage, at, field};
use crate::fixture::{Database, both};

const FOCAL_POINTS: &str = include_str!("../../config/demo/focal_points.csv");

/// What the log says of a message, in the words of the index.
async fn told(stage: &Stage, scene: &Scene, number: &str) -> Expect {
    let lines = stage.log().await;
    let line = lines.iter().find(|line| line.number == number).expect("one line");
    let entry = stage.entry(number).await;
    let mut tx = stage.instance().db.snapshot().await.unwrap();
    let row = tx.entry(number.trim_start_matches("M-").parse().unwrap()).await.unwrap().expect("a row");
    let matched = tx.findings(row.id).await.unwrap().matched(1).unwrap().expect("a match");
    let item = &tx.items(row.id).await.unwrap()[0];
    let states = if line.reference.is_some() { line.states.clone() } else { matched.named() };
    let sent = |kind: &str| line.letters.contains(&format!("{kind}: sent"));
    let letter = ["acknowledgement", "received", "query"].into_iter().find(|kind| sent(kind)).unwrap_or("none");
    // What is nobody's business to the log is not held against it.
    let means = |key: Option<String>, told: Option<String>| key.and(told);
    let mut states: Vec<String> = states.iter().map(ToString::to_string).collect();
    states.sort();
    Expect {
        relevance: line.relevance.clone().unwrap_or_default(),
        states,
        kind: means(scene.expect.kind.clone(), line.kind.map(|kind| word(&kind).unwrap())),
        standing: line.standing.map(|standing| word(&standing).unwrap()),
        version: line.version,
        letter: letter.to_owned(),
        outcomes: entry
            .files
            .iter()
            .filter(|file| file.format.is_document())
            .map(|file| (file.name.clone().unwrap_or_default(), word(&file.outcome).unwrap()))
            .collect(),
        duplicate: tx.registration(item.id).await.unwrap().is_some_and(|filed| filed.repeats.is_some()),
        why: scene.expect.why.clone(),
    }
}

/// Focal points that are reminded on 23 September 2020: of the others something was received or may have been.
const REMINDED: [&str; 9] = ["AND", "BIH", "DEU", "FIN", "LUX", "MCO", "MNE", "NLD", "UZB"];

both!(the_call_of_2020, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    stage.desk().import_focal_points(FOCAL_POINTS).await.unwrap();
    let scenes = Sample::mail();
    let reminder = at("2020-09-23T09:00:00+02:00");
    let (before, after) = scenes.split_at(scenes.partition_point(|scene| scene.arrives < reminder));

    stage.play(before).await;
    stage.until(at("2020-09-23T08:59:59+02:00")).await;
    assert!(pipeline::remind(stage.instance(), false).await.unwrap().is_empty(), "the step is not due yet");
    stage.until(reminder).await;
    remind(&mut stage).await;
    stage.play(after).await;
    stage.wait(60).await;

    the_log_is_the_index(&stage, &scenes).await;
    letters_are_answers(&stage, &scenes).await;
    queries_waited(&stage).await;
    the_register_counts(&stage, &scenes).await;
    crate::story::versions::projections_are_the_fold(&stage).await;
    the_log_of_a_day(&stage, &scenes).await;
});

async fn remind(stage: &mut Stage) {
    let outbox = stage.letters().await.len();
    let rehearsed = pipeline::remind(stage.instance(), true).await.unwrap();
    assert_eq!(stage.letters().await.len(), outbox, "a rehearsal decides nothing");
    let reminded = pipeline::remind(stage.instance(), false).await.unwrap();
    for run in [&rehearsed, &reminded] {
        let [step] = run.as_slice() else { panic!("one step is due") };
        let roster: BTreeSet<_> = step.lines.iter().map(|line| line.iso3).collect();
        assert_eq!(roster.len(), step.lines.len(), "every state stands once");
        assert_eq!(roster, stage.instance().calls[0].roster.iter().copied().collect());
        let letters: Vec<String> =
            step.lines.iter().filter(|line| line.letter.is_some()).map(|line| line.iso3.to_string()).collect();
        assert_eq!(letters.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(REMINDED));
        for line in &step.lines {
            assert!(line.letter.is_some() != line.left_out.is_some(), "{}: reminded or a reason", line.iso3);
        }
        let reason = |code: &str| {
            let line = step.lines.iter().find(|line| line.iso3.as_str() == code).expect(code);
            line.left_out.clone().expect(code)
        };
        assert_eq!(reason("NOR"), "its input was received");
        assert_eq!(reason("MDA"), "something undecided may be its input: decide that first");
        assert_eq!(reason("ROU"), reason("MDA"));
        assert_eq!(reason("ITA"), reason("MDA"), "its question is not answered yet");
        assert!(reason("USA").starts_with("not reminded: voted against"));
        assert!(reason("SWE").starts_with("no focal point is known"));
    }
    stage.work().await;
    let again = pipeline::remind(stage.instance(), false).await.unwrap();
    assert!(again[0].lines.iter().all(|line| line.letter.is_none()), "a state is reminded once by a step");
    let before = stage.posted();
    stage.work().await;
    assert_eq!(stage.posted(), before);
}

async fn the_log_is_the_index(stage: &Stage, scenes: &[Scene]) {
    let log = stage.log().await;
    assert_eq!(log.len(), scenes.len(), "each message is one line");
    let mut wrong = String::new();
    for ((scene, line), n) in scenes.iter().zip(&log).zip(1..) {
        assert_eq!(line.number, format!("M-{n:06}"));
        assert_eq!((line.received, line.clock.as_str()), (scene.arrives, "received_header"), "{}", scene.file);
        let told = told(stage, scene, &line.number).await;
        let mut expected = scene.expect.clone();
        expected.states.sort();
        if told != expected {
            let waiting = &line.waiting;
            writeln!(wrong, "{}\n  expected {expected:?}\n  told     {told:?}\n  {waiting:?}", scene.file).unwrap();
        }
    }
    assert!(wrong.is_empty(), "the log deviates from the index:\n{wrong}");

    let mut references: Vec<&str> = Vec::new();
    for line in &log {
        references.extend(line.reference.as_deref().filter(|reference| !references.contains(reference)));
    }
    let gapless: Vec<String> = (1..=references.len()).map(|n| format!("GCM-ECE-2020-{n:04}")).collect();
    assert_eq!(references, gapless, "references are taken in the order of filing, without gaps");
}

async fn letters_are_answers(stage: &Stage, scenes: &[Scene]) {
    let (rows, posted) = (stage.letters().await, stage.posted());
    let sent: Vec<_> = rows.iter().filter(|row| row.sent_at.is_some()).collect();
    let names: BTreeSet<String> = sent.iter().map(|row| format!("L-{:06}.eml", row.id)).collect();
    assert_eq!(posted.keys().cloned().collect::<BTreeSet<_>>(), names, "one file a letter that was sent");
    let mut ids = BTreeSet::new();
    let mut reminded = BTreeSet::new();
    for row in sent {
        let letter = &posted[&format!("L-{:06}.eml", row.id)];
        assert!(ids.insert(letter.message_id.clone()), "a Message-ID of its own");
        assert_eq!(letter.from.as_ref().unwrap().address.as_deref(), Some(ADDRESS));
        assert_eq!(letter.recipients, [row.recipient.to_lowercase()], "one recipient");
        assert_eq!(field(letter, "Precedence"), None);
        assert_eq!(letter.date, row.sent_at);
        let Some(number) = row.number else {
            assert_eq!(field(letter, "Auto-Submitted"), Some("auto-generated"));
            assert!(letter.in_reply_to.is_empty());
            assert!(reminded.insert(row.iso3.unwrap()), "each state once");
            continue;
        };
        let scene = &scenes[usize::try_from(number).unwrap() - 1];
        let entry = stage.entry(&format!("M-{number:06}")).await;
        assert_eq!(row.kind.name(), scene.expect.letter, "{}", scene.file);
        assert_eq!(field(letter, "Auto-Submitted"), Some("auto-replied"));
        assert_eq!(letter.in_reply_to, [entry.message_id.unwrap()], "it answers {}", scene.file);
        assert!(entry.from.unwrap().contains(&row.recipient), "the sender of {} is answered", scene.file);
        if row.kind == LetterKind::Received {
            let names = ["Moldova", "Romania"].iter().any(|name| letter.body.contains(name));
            assert!(!names, "a neutral receipt names no state");
        }
    }
    assert_eq!(reminded, REMINDED.map(|code| code.parse().unwrap()).into());
    let answered: BTreeSet<i64> =
        rows.iter().filter_map(|row| row.number.filter(|_| row.kind != LetterKind::Query)).collect();
    for (scene, n) in scenes.iter().zip(1..) {
        let receipt = ["acknowledgement", "received"].contains(&scene.expect.letter.as_str());
        assert_eq!(answered.contains(&n), receipt, "{}: {}", scene.file, scene.expect.why);
    }
}

async fn queries_waited(stage: &Stage) {
    let ireland = &stage.entry("M-000021").await.letters[0];
    assert_eq!((ireland.kind.as_str(), ireland.sent), ("query", Some(at("2020-09-25T16:28:00+02:00"))));
    let canada = &stage.entry("M-000024").await.letters[0];
    assert_eq!((canada.kind.as_str(), canada.sent), ("query", None));
    assert_eq!(canada.reason.as_deref(), Some("the document came with M-000025"));
    assert_eq!(stage.entry("M-000024").await.items[0].waiting, None, "nobody need look for the document any more");
}

async fn the_register_counts(stage: &Stage, scenes: &[Scene]) {
    let register = stage.register(None).await;
    let filed = |kinds: &[&str]| -> BTreeSet<&str> {
        let filed = scenes.iter().map(|scene| &scene.expect).filter(|expect| expect.version.is_some());
        let filed = filed.filter(|expect| kinds.contains(&expect.kind.as_deref().unwrap_or_default()));
        filed.flat_map(|expect| expect.states.iter().map(String::as_str)).collect()
    };
    let with = |statuses: &[Status]| -> BTreeSet<&str> {
        let lines = register.states.iter().filter(|line| statuses.contains(&line.status));
        lines.map(|line| line.iso3.as_str()).collect()
    };
    let mut received = filed(&["member_state", "joint"]);
    assert!(received.remove("DNK"), "its document needs a password: nobody has read it");
    assert_eq!(with(&[Status::Received, Status::Corrected]), received, "what was received");
    let late = register.states.iter().filter(|line| line.is_late()).map(|line| line.iso3.as_str());
    assert_eq!(late.collect::<BTreeSet<_>>(), BTreeSet::from(["SVN", "LUX"]));
    assert_eq!(register.received, received.len() as u64);
    assert_eq!(with(&[Status::UnderQuery]), BTreeSet::from(["DNK"]));
    assert_eq!(with(&[Status::Corrected]), BTreeSet::from(["BEL"]));
    assert_eq!(with(&[Status::PossiblyReceived]), BTreeSet::from(["MDA", "ROU", "IRL"]));
    let belgium = register.states.iter().find(|line| line.iso3.as_str() == "BEL").unwrap();
    assert_eq!((belgium.version, belgium.received), (Some(2), Some(at("2020-09-17T14:10:00+02:00"))));
    let others: BTreeMap<&str, u64> = register.others.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    assert_eq!(
        others,
        BTreeMap::from([("observers", 1), ("organisations and others", 2), ("states outside the region", 2)])
    );
    assert_eq!(register.letters_sent, stage.posted().len() as u64);
    assert_eq!(register.letters_waiting, 0);
    let waiting: Vec<&str> = register.waiting.iter().map(|waiting| waiting.number.as_str()).collect();
    assert_eq!(waiting, ["M-000011", "M-000015", "M-000017", "M-000019", "M-000021"], "what a person must decide");
}

async fn the_log_of_a_day(stage: &Stage, scenes: &[Scene]) {
    for day in ["2020-09-15T00:00:00+02:00", "2020-10-01T00:00:00+02:00", "2020-12-01T00:00:00+01:00"] {
        let arrived: Vec<&Scene> = scenes.iter().filter(|scene| scene.arrives < at(day)).collect();
        let log = stage.desk().log(&LogFilter { as_of: Some(at(day)), ..LogFilter::default() }).await.unwrap();
        assert_eq!(log.len(), arrived.len(), "as of {day}");
        let filed = log.iter().filter(|line| line.reference.is_some()).count();
        assert_eq!(filed, arrived.iter().filter(|scene| scene.expect.version.is_some()).count(), "as of {day}");
    }
    let call = LogFilter { call: Some(CALL.to_owned()), ..LogFilter::default() };
    let of = |filter| async move { stage.desk().log(&filter).await.unwrap().len() };
    assert_eq!(of(LogFilter { state: Some("PRT".parse().unwrap()), ..call.clone() }).await, 2);
    assert_eq!(of(LogFilter { standing: Some(Standing::Late), ..call }).await, 2);
}
