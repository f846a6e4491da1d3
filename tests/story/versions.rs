//! Versions of an input: the receipt clock orders them, what nobody could read replaces nothing, and what is decided and taken
//! back leaves no trace that a state could see.

use docket::{
    core::{
        calls::status::Status,
        submission::{ItemId, Place, Version, View, stands},
    },
    desk::becomes_in_words,
    filing::{self, ToFile},
    store::LetterState,
};

use super::{
    decisions::assign,
    mail::Mail,
    stage::{Sample, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

/// Norway's input; texts that are called otherwise are others.
fn norway(text: &str) -> Mail {
    Mail::from(MINISTRY).document(&format!("Norway: contribution to the regional review, {text}"))
}

/// Norway's line of the register: status, version, and when what is shown was received.
pub async fn line(stage: &Stage) -> (Status, Option<u32>) {
    let register = stage.register(None).await;
    let line = register.states.into_iter().find(|line| line.iso3.as_str() == "NOR").unwrap();
    (line.status, line.version)
}

/// What the desk says of the place of an entry.
async fn place(stage: &Stage, number: &str) -> String {
    let item = stage.entry(number).await.items.remove(0);
    becomes_in_words(&item.becomes.unwrap(), &|at| at.to_string()).unwrap_or_default()
}

/// What stands beside the facts is what they come to, of every submission; something is filed.
pub async fn projections_are_the_fold(stage: &Stage) {
    assert!(projected(stage).await > 0, "nothing is filed");
}

/// The same, whether or not anything is filed. Yields how many facts were compared.
pub async fn projected(stage: &Stage) -> usize {
    let mut tx = stage.instance().db.snapshot().await.unwrap();
    let mut compared = 0;
    for open in &*stage.instance().calls() {
        let law = tx.law(open.known.id).await.unwrap();
        for party in tx.parties_of(open.known.id, &[], View::NOW).await.unwrap() {
            let all = stands(&party.filed, &party.withdrawals, View::NOW);
            for beside in tx.projected_in(party.submission.id).await.unwrap() {
                let filed = party.filed.iter().find(|filed| filed.id == beside.place).unwrap();
                let version = all.version_of(filed.item);
                let own = version.filter(|version| version.filed.id == filed.id);
                let repeats = match filed.place {
                    Place::Duplicate { of } => all.version_of(of),
                    _ => version.filter(|version| version.repeats(filed.item)),
                };
                let repeats = repeats.map(|version| version.filed.item.0);
                let current = all.current().is_some_and(|version| version.filed.id == filed.id);
                assert_eq!((beside.counts, beside.current), (own.is_some_and(Version::counts), current), "{filed:?}");
                assert_eq!((beside.repeats, beside.n), (repeats, filed.n), "{filed:?}");
                let judged = law.judge(filed, &party.submission.states, View::NOW);
                assert_eq!(beside.standing, Some(judged.standing), "{filed:?}");
                // A later act that changes nothing leaves by which it was judged.
                assert!(beside.deadline.is_some_and(|n| (1..=judged.deadline).contains(&n)), "{beside:?}");
                compared += 1;
            }
            let mut numbers: Vec<_> = all.versions.iter().map(|version| version.filed.n).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert!(numbers.len() == all.versions.len() && !numbers.contains(&None), "{numbers:?}");
        }
    }
    compared
}

both!(what_is_found_later_and_came_earlier_is_not_current, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-08T09:00:00+02:00").await;
    stage.deliver("1.newer", &norway("as of Monday").raw(), at("2020-09-07T10:00:00+02:00"));
    stage.wait(1).await;
    stage.deliver("2.older", &norway("as of Friday").raw(), at("2020-09-04T10:00:00+02:00"));
    stage.wait(1).await;
    let log = stage.log().await;
    let versions: Vec<_> = log.iter().map(|line| (line.number.as_str(), line.version)).collect();
    assert_eq!(versions, [("M-000002", Some(2)), ("M-000001", Some(1))], "the next number, for what came before");
    assert_eq!(line(&stage).await.1, Some(1), "what was received last stands");
    let body = &stage.posted()["L-000002.eml"].body.replace('\n', " ");
    assert!(body.contains("Recorded as version 2. It was received earlier than version 1, which stays"), "{body}");
    assert!(!body.contains("replaces"), "{body}");
    let number = stage.db.snapshot().await.unwrap().number_of_reference("GCM-ECE-2020-0001").await.unwrap();
    assert_eq!(number, Some((1, 1)), "the reference leads to the current version");
    assert_eq!(place(&stage, "M-000002").await, "received earlier than version 1, not current");
    assert_eq!(place(&stage, "M-000001").await, "current, replaces version 2");

    stage.deliver("3.newest", &norway("as of Tuesday").raw(), stage.clock.now());
    stage.wait(1).await;
    let body = &stage.posted()["L-000003.eml"].body.replace('\n', " ");
    assert!(body.contains("Recorded as version 3, which replaces version 1."), "not the one before by number: {body}");
    projections_are_the_fold(&stage).await;
});

both!(what_nobody_could_read_replaces_nothing, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.input", &norway("whole").raw(), stage.clock.now());
    stage.wait(60).await;
    let revised =
        Mail::from(MINISTRY).subject("Norway: revised input, regional review of the GCM").cut("a revised text");
    stage.deliver("2.cut", &revised.raw(), stage.clock.now());
    stage.wait(60).await;
    let log = stage.log().await;
    assert_eq!((log[1].version, log[1].waiting.is_some()), (Some(2), true), "{:?}", log[1]);
    assert_eq!(line(&stage).await, (Status::UnderQuery, Some(1)), "the one that was read stands");
    assert_eq!(stage.register(None).await.received, 1, "and counts");
    assert_eq!(place(&stage, "M-000002").await, "not current: nobody has read it, and version 1 stands");
    let body = &stage.posted()["L-000002.eml"].body.replace('\n', " ");
    assert!(body.contains("Recorded as version 2. It could not be read automatically: version 1 stays"), "{body}");
    assert!(!body.contains("replaces"), "{body}");
    projections_are_the_fold(&stage).await;

    // Once a person has opened it and said so, it is current; taken back, it is not.
    let said = stage.desk().assign("M-000002", &[iso3("NOR")], None, false, &person("desk"), "opened by hand").await;
    let said = said.unwrap().said.join("\n");
    assert!(
        said.contains("M-000002 is GCM-ECE-2020-0001, version 2, received on time. It replaces version 1."),
        "{said}"
    );
    assert_eq!(line(&stage).await, (Status::Corrected, Some(2)));
    projections_are_the_fold(&stage).await;
    stage.wait(1).await;
    stage.desk().undo("M-000002", &person("desk"), "it is another paper").await.unwrap();
    assert_eq!((line(&stage).await, stage.log().await[1].version), ((Status::UnderQuery, Some(1)), Some(2)));
    projections_are_the_fold(&stage).await;
});

both!(a_first_input_that_nobody_could_read_is_filed_and_not_counted, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver(
        "1.cut",
        &Mail::from(MINISTRY).subject("Norway: input, regional review of the GCM").cut("text").raw(),
        stage.clock.now(),
    );
    stage.wait(60).await;
    let register = stage.register(None).await;
    let norway = register.states.iter().find(|line| line.iso3.as_str() == "NOR").unwrap();
    assert_eq!((norway.status, register.received), (Status::UnderQuery, 0), "a person looks first");
    assert_eq!(norway.reference.as_deref(), Some("GCM-ECE-2020-0001"), "its reference is taken");
    assert!(norway.received.is_some() && stage.posted()["L-000001.eml"].body.contains("GCM-ECE-2020-0001"));
});

both!(the_order_of_arrival_decides_nothing_but_numbers, async |db: Database| {
    let first = [("1.a", "one text", 4), ("2.b", "another", 5), ("3.a", "one text", 6)];
    let mut seen = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut stage = Stage::set(Database::fresh(db.kind()).await, "2020-09-08T09:00:00+02:00").await;
        for (name, text, day) in order.map(|at| first[at]) {
            let received = at(&format!("2020-09-{day:02}T10:00:00+02:00"));
            let mail = norway(text).field(&format!("X-Name: {name}"));
            stage.deliver(name, &mail.raw(), received);
            stage.work().await;
        }
        projections_are_the_fold(&stage).await;
        let mut tx = stage.instance().db.snapshot().await.unwrap();
        let party =
            tx.parties_of(stage.instance().call(None).unwrap().known.id, &[], View::NOW).await.unwrap().remove(0);
        let all = stands(&party.filed, &[], View::NOW);
        let version = |version: &Version<'_>| {
            (version.filed.receipt.at, version.repeated.iter().map(|again| again.receipt.at).collect::<Vec<_>>())
        };
        let current = all.current().map(|version| version.filed.receipt.at);
        seen.push((all.versions.iter().map(version).collect::<Vec<_>>(), current));
    }
    assert_eq!((seen[0].0.len(), seen[0].0[0].1.len()), (2, 1), "of equal texts the first is the version");
    assert!(seen.iter().all(|other| *other == seen[0]), "{seen:#?}");
});

both!(what_is_taken_back_leaves_no_trace_that_a_state_could_see, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.wait(1).await;
    assign(&stage, "M-000001", "MDA", false).await;
    stage.desk().undo("M-000001", &person("desk"), "wait").await.unwrap();
    assign(&stage, "M-000001", "MDA", false).await;
    assert_eq!(stage.log().await[0].version, Some(1), "no letter told the number: it was free");
    projections_are_the_fold(&stage).await;
    stage.wait(10).await;
    let receipt = stage.posted().into_values().find(|letter| letter.body.contains("Republic of Moldova")).unwrap();
    assert!(!receipt.body.contains("version 2") && !receipt.body.contains("replaces"), "{}", receipt.body);

    // The number was told: it stays that message's, whatever is decided and taken back.
    let before = stage.log().await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "a draft").await.unwrap();
    stage.wait(1).await;
    stage.desk().undo("M-000001", &person("desk"), "no draft").await.unwrap();
    assert_eq!(stage.log().await[0].version, before[0].version);
    assign(&stage, "M-000001", "ROU", false).await;
    stage.wait(1).await;
    let own =
        Mail::from("Ministry of Foreign Affairs <secdep@mfa.gov.md>").document("Republic of Moldova: contribution");
    stage.deliver("2.own", &own.raw(), stage.clock.now());
    stage.wait(1).await;
    assign(&stage, "M-000002", "MDA", false).await;
    assert_eq!(stage.log().await[1].version, Some(2), "number 1 was told of another message");
    stage.wait(10).await;
    let told = stage.posted().into_values().find(|letter| letter.body.contains("Recorded as version 2")).unwrap();
    assert!(!told.body.contains("replaces"), "nothing stands that it could replace: {}", told.body);
    projections_are_the_fold(&stage).await;
});

both!(a_letter_that_was_not_made_says_what_is_so_now, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.wait(1).await;
    assign(&stage, "M-000001", "NOR", false).await;
    let text = (0..40).map(|n| format!("Norway: measure {n} was adopted after consultations in year {n}."));
    let newer = norway("")
        .body("Please find attached our revised input to the regional review of the GCM.")
        .text(&text.collect::<Vec<_>>().join("\n"));
    stage.deliver("2.newer", &newer.raw(), stage.clock.now());
    stage.work().await;
    let letters = stage.letters().await;
    let waiting = letters.iter().find(|letter| letter.state == LetterState::Waiting).unwrap();
    let body = waiting.body.replace('\n', " ");
    assert!(
        body.contains("Something else was received later, which stays the current version."),
        "it names no number that nobody told: {body}"
    );
    let newer = letters.iter().rfind(|letter| letter.number == Some(2)).unwrap().body.replace('\n', " ");
    assert!(newer.contains("Recorded as version 2, which replaces what was on record before."), "{newer}");
    stage.desk().undo("M-000001", &person("desk"), "not theirs").await.unwrap();
    stage.wait(10).await;
    assert!(stage.posted().values().all(|letter| letter.subject.as_deref().is_some_and(|s| !s.is_empty())));
    projections_are_the_fold(&stage).await;
});

both!(what_a_person_calls_a_duplicate_repeats_whatever_its_words, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    for (name, text) in [("1.a", "one text"), ("2.b", "the same in other words")] {
        stage.deliver(name, &norway(text).raw(), stage.clock.now());
        stage.wait(1).await;
    }
    assert_eq!(line(&stage).await, (Status::Corrected, Some(2)));
    let instance = stage.instance();
    let mut tx = instance.db.begin().await.unwrap();
    let (entry, open) = (tx.entry(2).await.unwrap().unwrap(), instance.call(None).unwrap());
    let (of, item) = (ItemId(tx.item(1, 1).await.unwrap().unwrap().id), tx.item(2, 1).await.unwrap().unwrap());
    let (submission, before) = tx.place_of(item.id).await.unwrap().unwrap();
    let filed = docket::core::submission::Filed { place: Place::Duplicate { of }, ..before };
    let what = ToFile { party: filing::party(&submission.states, ""), kind: submission.kind, filed };
    let filed = filing::file(&mut tx, instance, &open, &what, stage.clock.now()).await.unwrap();
    assert!(filed.repeats() && entry.number == 2, "{filed:?}");
    tx.commit().await.unwrap();
    assert_eq!(line(&stage).await, (Status::Received, Some(1)), "it replaces nothing");
    assert_eq!(stage.log().await[1].version, Some(1), "the log names what it repeats");
    assert_eq!(place(&stage, "M-000002").await, "says the same as version 1");
    projections_are_the_fold(&stage).await;
});

fn iso3(code: &str) -> docket::core::iso3::Iso3 {
    code.parse().unwrap()
}
