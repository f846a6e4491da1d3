//! What a person decides, and what it does to letters, versions and the register.

use std::time::Duration;

use docket::{
    config::Shipped,
    core::{calls::status::Status, iso3::Iso3, judging::matching::Source, letter_kind::LetterKind},
    desk::{DeskError, view::LogFilter},
    pipeline::{self, Outcome},
    store::LetterState,
};

use jiff::SignedDuration;

use super::{
    mail::Mail,
    stage::{Sample, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

pub fn iso3(code: &str) -> Iso3 {
    code.parse().expect("a code")
}

/// The state's line in the register.
pub(super) async fn status(stage: &Stage, code: &str) -> Status {
    let register = stage.register(None).await;
    register.states.iter().find(|line| line.iso3.as_str() == code).expect("a state of the roster").status
}

pub(super) async fn assign(stage: &Stage, number: &str, code: &str, remember: bool) -> Option<String> {
    let decided =
        stage.desk().assign(number, &[iso3(code)], None, remember, &person("desk"), "by its letterhead").await;
    decided.unwrap().reference
}

both!(what_is_undecided_is_assigned, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    assert_eq!(stage.posted().len(), 1, "the neutral receipt has left");
    assert_eq!(
        (status(&stage, "MDA").await, status(&stage, "ROU").await),
        (Status::PossiblyReceived, Status::PossiblyReceived)
    );

    assert_eq!(assign(&stage, "M-000001", "MDA", false).await.as_deref(), Some("GCM-ECE-2020-0001"));
    let decided = stage.clock.now();
    let letters = stage.letters().await;
    let receipt = letters.iter().find(|letter| letter.kind == LetterKind::Acknowledgement).expect("it was decided");
    assert_eq!(receipt.not_before, decided + Duration::from_mins(2));
    stage.until(decided + Duration::from_secs(119)).await;
    assert_eq!(stage.posted().len(), 1, "the undo window is open");
    stage.until(decided + Duration::from_mins(2)).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 2, "the acknowledgement follows, and the neutral receipt is not repeated");
    assert!(posted["L-000002.eml"].body.contains("Republic of Moldova"));
    assert!(posted["L-000002.eml"].body.contains("GCM-ECE-2020-0001"));

    let line = &stage.log().await[0];
    assert_eq!(
        (line.states.as_slice(), line.version, line.waiting.as_deref()),
        ([iso3("MDA")].as_slice(), Some(1), None)
    );
    assert_eq!(line.letters, ["received: sent", "acknowledgement: sent"]);
    assert_eq!((status(&stage, "MDA").await, status(&stage, "ROU").await), (Status::Received, Status::NothingReceived));
    let entry = stage.entry("gcm-ece-2020-0001").await;
    assert_eq!(entry.number, "M-000001");
    assert_eq!(entry.items[0].decided.as_deref(), Some("assigned to Republic of Moldova by desk: by its letterhead"));
    assert!(entry.history.iter().any(|event| event.actor == person("desk") && event.what.starts_with("Assigned to")));
});

both!(a_decision_is_taken_back_before_its_letter_leaves, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    assign(&stage, "M-000001", "MDA", false).await;
    stage.wait(1).await;
    assert_eq!(assign(&stage, "M-000001", "ROU", false).await.as_deref(), Some("GCM-ECE-2020-0002"));
    stage.wait(60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 2, "the neutral receipt and one acknowledgement");
    assert!(posted.values().any(|letter| letter.body.contains("Romania")));
    assert!(posted.values().all(|letter| !letter.body.contains("Moldova")), "the first decision was never told");
    assert_eq!((status(&stage, "MDA").await, status(&stage, "ROU").await), (Status::NothingReceived, Status::Received));
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place").await, 2, "what was withdrawn stays on record");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NOT NULL").await, 1);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM decision").await, 2);

    let decided =
        stage.desk().not_an_input("M-000001", false, &person("desk"), "a draft sent by mistake").await.unwrap();
    assert_eq!(decided.reference, None);
    stage.wait(60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 3, "whoever was told that it is registered is told that it is not");
    assert!(posted.values().any(|letter| letter.body.contains("It is not registered as an input.")));
    assert_eq!(status(&stage, "ROU").await, Status::NothingReceived);
    assert_eq!(stage.log().await[0].reference, None);
});

both!(a_remembered_sender_is_evidence, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    let from = "Third Secretary <third.secretary@bluewin.ch>";
    stage.deliver("1.first", &Mail::from(from).document("A national contribution").raw(), stage.clock.now());
    stage.work().await;
    assert!(stage.log().await[0].waiting.as_deref().unwrap_or_default().starts_with("Which state?"));
    assign(&stage, "M-000001", "KGZ", true).await;
    stage.wait(60).await;
    stage.deliver("2.second", &Mail::from(from).document("A corrected contribution").raw(), stage.clock.now());
    stage.work().await;
    let line = &stage.log().await[1];
    assert_eq!((line.states.as_slice(), line.version), ([iso3("KGZ")].as_slice(), Some(2)), "{line:?}");
    let evidence = &stage.entry("M-000002").await.items[0].evidence;
    assert!(evidence.iter().any(|evidence| evidence.source == Source::Contact), "{evidence:?}");
    assert_eq!(status(&stage, "KGZ").await, Status::Corrected);
});

both!(unrelated_mail_is_erased_when_a_person_has_confirmed_it, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-10T12:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        config.intake.purge_unrelated_after = Some(Duration::from_hours(30 * 24));
    })
    .await;
    let choir = Sample::some(&["05-"]).remove(0);
    stage.play(std::slice::from_ref(&choir)).await;
    stage.wait(60 * 24 * 60).await;
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Idle, "nobody has confirmed it");
    let before = stage.entry("M-000001").await;
    assert!(before.body.contains("partitions"));

    stage.desk().assign("M-000001", &["NOR".parse().unwrap()], None, false, &person("desk"), "a guess").await.unwrap();
    stage.desk().not_an_input("M-000001", true, &person("desk"), "private").await.unwrap();
    let kept = "SELECT COUNT(*) FROM decision WHERE consequences IS NOT NULL OR answer_before IS NOT NULL";
    assert_eq!(stage.db.number(kept).await, 2, "what they come to and what the sender was told before");
    stage.wait(29 * 24 * 60).await;
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Idle, "its time has not come");
    stage.wait(2 * 24 * 60).await;
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Worked);
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Idle, "once");
    let after = stage.entry("M-000001").await;
    assert!(after.body.starts_with("(erased"), "{}", after.body);
    assert_eq!((&after.sha256, &after.from, &after.subject), (&before.sha256, &before.from, &before.subject));
    assert_eq!(stage.instance().db.snapshot().await.unwrap().original(&before.sha256, 10).await.unwrap(), None);
    for (table, column) in [("finding", "value"), ("file", "text"), ("event", "payload"), ("message", "body")] {
        let found = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%partitions%'");
        assert_eq!(stage.db.number(&found).await, 0, "{table} holds nothing of the text");
    }
    let quoting = "SELECT COUNT(*) FROM finding WHERE kind = 'match' AND value LIKE '%evidence%'";
    assert_eq!(stage.db.number(quoting).await, 0, "evidence quotes the text, and is gone with it");
    assert_eq!(stage.db.number(kept).await, 0, "what decisions keep of it is gone, too");
    let asked = "SELECT COUNT(*) FROM item_past WHERE waiting LIKE '{%'";
    assert_eq!(stage.db.number(asked).await, 0, "and what was asked about it");
    let decided: Vec<_> = after.items[0].decisions.iter().map(|decision| decision.reason.clone()).collect();
    assert_eq!(decided, ["a guess", "private"], "what was decided, and why, stays");
    let then = LogFilter { known_at: Some(at("2020-11-01T12:00:00+01:00")), ..LogFilter::default() };
    assert_eq!(stage.desk().log(&then).await.unwrap().len(), 1, "and the log of before can be read");

    stage.deliver("2.again", &choir.raw(), stage.clock.now());
    let received = stage.receive().await;
    assert_eq!((received[0].new, received[0].known), (0, 1), "it is known by its hash");
    assert_eq!(stage.posted().len(), 0);
});

both!(what_is_over_the_cap_waits_for_a_person, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    for n in 1..=6 {
        let mail = Mail::from("Mission <mission@eda.admin.ch>").document(&format!("Switzerland, version {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(9).await;
    }
    assert_eq!(stage.posted().len(), 5);
    assert_eq!(stage.register(None).await.letters_waiting, 1, "what is held is in sight");
    let held = stage.entry("M-000006").await.letters.remove(0);
    assert_eq!(held.state, "held for a person");
    assert!(held.reason.unwrap_or_default().contains("5 letters within an hour"));
    stage.wait(24 * 60).await;
    assert_eq!(stage.posted().len(), 5, "time alone does not release it");

    stage.desk().move_letter(held.id, LetterState::Waiting, &person("desk"), "they are correcting it").await.unwrap();
    let again = stage.desk().move_letter(held.id, LetterState::Waiting, &person("desk"), "once more").await;
    assert!(matches!(again, Err(DeskError::Refused(_))), "{again:?}");
    stage.wait(1).await;
    assert_eq!(stage.posted().len(), 6);
    stage.wait(24 * 60).await;
    assert_eq!((stage.posted().len(), stage.register(None).await.letters_waiting), (6, 0), "it left once");
});

both!(the_log_tells_letters_as_they_stood, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    for n in 1..=6 {
        let mail = Mail::from("Mission <mission@eda.admin.ch>").document(&format!("Switzerland, version {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(9).await;
    }
    let held = stage.entry("M-000006").await.letters.remove(0);
    let hour = SignedDuration::from_hours(1);
    let waits = stage.clock.now() + hour;
    stage.wait(24 * 60).await;
    let release = stage.clock.now();
    stage.desk().move_letter(held.id, LetterState::Waiting, &person("desk"), "they are correcting it").await.unwrap();
    stage.wait(60).await;

    let norway = Mail::from("Mission <mission@mfa.no>").document("Norway's contribution");
    stage.deliver("7.mail", &norway.raw(), stage.clock.now());
    stage.receive().await;
    while stage.read().await == Outcome::Worked {}
    let decided = stage.clock.now();
    stage.clock.move_to(decided + hour * 72);
    let mut tx = stage.instance().db.begin().await.unwrap();
    let letter = tx.claim_letter("post", Duration::from_mins(5), stage.clock.now()).await.unwrap().expect("it is due");
    assert!(tx.freeze_letter(&letter, stage.clock.now(), "l@example.org", b"bytes").await.unwrap());
    assert!(tx.letter_leaves(&letter, stage.clock.now()).await.unwrap());
    assert!(tx.letter_ends(&letter, stage.clock.now(), LetterState::Failed, "550 no such user").await.unwrap());
    tx.commit().await.unwrap();
    stage.wait(60).await;

    let letters = async |number: &str, known_at| {
        let filter = LogFilter { known_at, ..LogFilter::default() };
        let log = stage.desk().log(&filter).await.unwrap();
        log.into_iter().find(|line| line.number == number).expect("a line").letters
    };
    assert_eq!(letters("M-000006", Some(waits)).await, ["acknowledgement: held for a person"]);
    assert_eq!(letters("M-000006", Some(release)).await, ["acknowledgement: held for a person"]);
    assert_eq!(letters("M-000006", None).await, ["acknowledgement: sent"]);
    assert_eq!(letters("M-000007", Some(decided + hour)).await, ["acknowledgement: waiting"]);
    assert_eq!(letters("M-000007", None).await, ["acknowledgement: failed"]);
});

both!(what_is_over_the_cap_in_all_waits_for_a_person, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-01T09:00:00+02:00", Shipped::embedded(), |config| {
        config.letters.cap_hour = 3;
        config.letters.cap_all_hour = 3;
    })
    .await;
    stage.desk().import_focal_points("iso3,name,address,language,from,until\nNOR,Ana,ana@mfa.no,en,,\n").await.unwrap();
    for n in 1..=5 {
        let mail = Mail::from(&format!("NGO <n{n}@ngo{n}.example>")).document(&format!("Our input, number {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(1).await;
    }
    assert_eq!(stage.posted().len(), 3);
    let register = stage.register(None).await;
    assert_eq!(register.letters_waiting, 2);
    let held: Vec<_> =
        register.waiting.iter().filter(|case| case.question.contains("docket letters release")).collect();
    assert_eq!(held.iter().map(|case| case.number.as_str()).collect::<Vec<_>>(), ["M-000004", "M-000005"]);
    let asks = "All addresses that are no state’s together had 3 letters within an hour already";
    assert!(held[0].question.contains(asks), "{}", held[0].question);
    assert_eq!(stage.desk().frame(None).await.unwrap().unwrap().waiting, register.waiting.len() as u64);
    let why = stage.entry("M-000005").await.answer.unwrap_or_default();
    assert!(why.contains("no state’s together"), "{why}");

    // What a person decides is not held by it, nor counted.
    assign(&stage, "M-000004", "NOR", false).await;
    let held = stage.entry("M-000005").await.letters.remove(0);
    stage.desk().move_letter(held.id, LetterState::Waiting, &person("desk"), "they are real").await.unwrap();
    stage.wait(3).await;
    assert_eq!(stage.posted().len(), 5);
    stage.wait(60).await;
    assert_eq!(stage.db.number("SELECT CAST(SUM(letters) AS BIGINT) FROM allowance WHERE whose = 'others'").await, 3);
    for n in 6..=9 {
        let mail = Mail::from(&format!("NGO <n{n}@ngo{n}.example>")).document(&format!("Our input, number {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
    }
    stage.wait(1).await;
    assert_eq!(stage.posted().len(), 8, "an hour later the next three go");
});

both!(a_copy_takes_the_place_of_what_is_withdrawn, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-21T17:00:00+02:00").await;
    stage.play(&Sample::some(&["13-", "20-"])).await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "sent before it was approved").await.unwrap();
    assert_eq!(status(&stage, "PRT").await, Status::Received, "the mission has sent the same document");
    let line = &stage.log().await[1];
    assert_eq!(line.reference.as_deref(), Some("GCM-ECE-2020-0001"));
    assert_eq!((line.states.as_slice(), line.version), ([iso3("PRT")].as_slice(), Some(2)));
    stage.wait(24 * 60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 3, "the ministry is told, and the mission needs no further letter");
    assert!(posted["L-000003.eml"].body.contains("It is not registered as an input."));
});

both!(a_document_that_was_asked_for_settles_the_question, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-25T16:00:00+02:00").await;
    stage.play(&Sample::some(&["21-"])).await;
    stage.wait(60).await;
    let query = stage.posted().remove("L-000001.eml").expect("the query has left");
    let ireland = stage.entry("M-000001").await.from.unwrap();
    let answer = Mail::from(&ireland)
        .field(&format!("In-Reply-To: <{}>", query.message_id.unwrap()))
        .document("Ireland: input to the regional review");
    stage.deliver("2.answer", &answer.raw(), stage.clock.now());
    stage.work().await;
    assert_eq!(status(&stage, "IRL").await, Status::Received);
    assert_eq!(stage.register(None).await.waiting, [], "nothing is left to be asked");
    assert_eq!(stage.posted().len(), 2);
});

both!(what_was_filed_already_is_confirmed_as_it_is, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-24T12:00:00+02:00").await;
    stage.play(&Sample::some(&["19-"])).await;
    let line = &stage.log().await[0];
    assert_eq!((line.version, line.waiting.is_some()), (Some(1), true), "filed, and its document could not be read");
    assert_eq!(assign(&stage, "M-000001", "DNK", false).await, line.reference);
    stage.wait(60).await;
    let line = &stage.log().await[0];
    assert_eq!((line.version, line.waiting.as_deref()), (Some(1), None), "no new version of what was sent once");
    assert_eq!(stage.posted().len(), 1, "the receipt had left, and is not repeated");
});
