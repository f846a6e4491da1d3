//! Decisions that are taken back: what was before holds again, and nothing of what was is lost.

use std::time::Duration;

use docket::{
    core::{
        calls::{standing::Standing, status::Status},
        iso3::Iso3,
        judging::matching::Source,
    },
    desk::{
        DeskError,
        view::{LogFilter, LogLine},
    },
    pipeline::{self, Outcome},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    mail::Mail,
    stage::{Sample, Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

fn iso3(code: &str) -> Iso3 {
    code.parse().expect("a code")
}

async fn status(stage: &Stage, code: &str) -> Status {
    let register = stage.register(None).await;
    register.states.iter().find(|line| line.iso3.as_str() == code).expect("a state of the roster").status
}

/// Assigns an item, and lets a minute go by.
async fn assign(stage: &mut Stage, number: &str, code: &str) -> String {
    let decided =
        stage.desk().assign(number, &[iso3(code)], None, false, &person("desk"), "by its letterhead").await.unwrap();
    stage.wait(1).await;
    decided.reference.expect("it is filed")
}

/// Takes the decision back, and yields what is said, a sentence a line.
async fn undo(stage: &Stage, number: &str) -> String {
    stage.desk().undo(number, &person("chief"), "that was a mistake").await.unwrap().said.join("\n")
}

/// Why a decision cannot be taken back; nothing must change by that.
async fn refused(stage: &Stage, number: &str) -> String {
    let (log, letters) = (stage.log().await, format!("{:?}", stage.letters().await));
    let revision = stage.db.number("SELECT CAST(SUM(revision) AS BIGINT) FROM message").await;
    let Err(DeskError::Refused(why)) = stage.desk().undo(number, &person("chief"), "once more").await else {
        panic!("refused")
    };
    assert_eq!((stage.log().await, format!("{:?}", stage.letters().await)), (log, letters));
    assert_eq!(stage.db.number("SELECT CAST(SUM(revision) AS BIGINT) FROM message").await, revision);
    why
}

async fn known_at(stage: &Stage, at: Timestamp) -> Vec<LogLine> {
    stage.desk().log(&LogFilter { known_at: Some(at), ..LogFilter::default() }).await.unwrap()
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

both!(what_was_undecided_is_so_again, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.wait(1).await;
    let asked = stage.log().await.remove(0);
    assert!(refused(&stage, "M-000001").await.starts_with("Nobody has decided about M-000001"));
    let decided = stage.clock.now();
    assert_eq!(assign(&mut stage, "M-000001", "MDA").await, "GCM-ECE-2020-0001");
    let during = stage.log().await.remove(0);
    let undone = stage.clock.now();
    let said = undo(&stage, "GCM-ECE-2020-0001").await;
    for sentence in [
        "Taken back (that was a mistake): assigned to Republic of Moldova by desk: by its letterhead",
        "GCM-ECE-2020-0001, version 1, is withdrawn.",
        "M-000001 waits for a person again: Which state?",
        "The acknowledgement had not left, and will not.",
    ] {
        assert!(said.contains(sentence), "{said}");
    }
    stage.wait(24 * 60).await;
    assert_eq!(stage.posted().len(), 1, "only the neutral receipt, once");
    let line = stage.log().await.remove(0);
    assert_eq!((&line.waiting, &line.reference, line.kind), (&asked.waiting, &None, asked.kind));
    assert_eq!(
        (status(&stage, "MDA").await, status(&stage, "ROU").await),
        (Status::PossiblyReceived, Status::PossiblyReceived)
    );
    assert!(stage.register(None).await.waiting.iter().any(|case| case.number == "M-000001"));

    let before = known_at(&stage, decided).await.remove(0);
    assert_eq!((before.reference, before.waiting, before.kind), (None, asked.waiting.clone(), asked.kind));
    for at in [decided + SECOND, undone] {
        let then = known_at(&stage, at).await.remove(0);
        assert_eq!((then.reference, then.version), (during.reference.clone(), Some(1)), "{at}");
        assert_eq!((then.states, then.kind, then.waiting), (vec![iso3("MDA")], during.kind, None), "{at}");
        assert_eq!((then.standing, then.letters), (Some(Standing::OnTime), during.letters.clone()));
    }
    assert_eq!(during.letters, ["received: sent", "acknowledgement: waiting"]);
    let after = known_at(&stage, undone + SECOND).await.remove(0);
    assert_eq!(after.letters, ["received: sent", "acknowledgement: not sent"]);
    assert_eq!((after.reference, after.waiting), (None, asked.waiting));
    let of_state = LogFilter { state: Some(iso3("MDA")), known_at: Some(undone), ..LogFilter::default() };
    assert_eq!(stage.desk().log(&of_state).await.unwrap().len(), 1);

    let entry = stage.entry("GCM-ECE-2020-0001").await;
    assert_eq!((entry.number.as_str(), &entry.items[0].decided), ("M-000001", &None));
    let decision = &entry.items[0].decisions[0];
    assert_eq!((decision.what.as_str(), decision.at), ("assigned to Republic of Moldova", decided));
    let by = decision.undone.as_ref().expect("it was taken back");
    assert_eq!((by.actor.clone(), by.reason.as_str(), by.at), (person("chief"), "that was a mistake", undone));
    assert!(entry.history.iter().any(|event| event.actor == person("chief") && event.what.starts_with("Taken back (")));
    assert!(entry.history.iter().any(|event| event.what == "The acknowledgement had not left, and will not."));

    let why = refused(&stage, "M-000001").await;
    assert!(why.contains("the last one was taken back by chief, 2020-09-22 16:29 CEST"), "{why}");
    assert_eq!(assign(&mut stage, "M-000001", "ROU").await, "GCM-ECE-2020-0002", "no number is used again");
    stage.wait(60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 2);
    assert!(posted.values().all(|letter| !letter.body.contains("Moldova")), "the first decision was never told");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM decision").await, 3);
});

both!(what_the_program_had_concluded_holds_again, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-03T10:00:00+02:00").await;
    stage.play(&Sample::some(&["01-"])).await;
    stage.wait(10).await;
    let filed = stage.log().await.remove(0);
    let answer = stage.entry("M-000001").await.answer;
    assert_eq!(assign(&mut stage, "M-000001", "DNK").await, "GCM-ECE-2020-0002");
    assert_eq!(status(&stage, "NOR").await, Status::NothingReceived);
    let said = undo(&stage, "M-000001").await;
    assert!(said.contains("M-000001 is GCM-ECE-2020-0001, version 1, received on time."), "{said}");
    let line = stage.log().await.remove(0);
    let letters = ["acknowledgement: sent", "correction: not sent"].map(str::to_owned).to_vec();
    assert_eq!(line, LogLine { letters, ..filed }, "Denmark's receipt was decided, and does not leave");
    assert_eq!(stage.entry("M-000001").await.answer, answer);
    assert_eq!((status(&stage, "NOR").await, status(&stage, "DNK").await), (Status::Received, Status::NothingReceived));
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 1, "its receipt had left long before");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place").await, 3, "what is withdrawn stays on record");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NULL").await, 1);

    // Of several the last one that stands is taken back, and then the one before it.
    assign(&mut stage, "M-000001", "DNK").await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "a draft").await.unwrap();
    assert_eq!(status(&stage, "DNK").await, Status::NothingReceived);
    undo(&stage, "M-000001").await;
    assert_eq!(status(&stage, "DNK").await, Status::Received);
    let decided = stage.entry("M-000001").await.items[0].decided.clone();
    assert_eq!(decided.as_deref(), Some("assigned to Denmark by desk: by its letterhead"));
    undo(&stage, "M-000001").await;
    assert_eq!((status(&stage, "NOR").await, status(&stage, "DNK").await), (Status::Received, Status::NothingReceived));
    assert!(refused(&stage, "M-000001").await.contains("stands"));
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 1);
});

both!(a_letter_that_has_left_is_not_unsaid, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.wait(1).await;
    assign(&mut stage, "M-000001", "MDA").await;
    stage.wait(5).await;
    assert_eq!(stage.posted().len(), 2);
    let said = undo(&stage, "M-000001").await;
    assert!(said.contains("The acknowledgement left for "), "{said}");
    assert!(said.contains("2020-09-22 16:30 CEST, and cannot be called back: write to them"), "{said}");
    let entry = stage.entry("M-000001").await;
    assert!(entry.history.iter().any(|event| event.what.contains("cannot be called back")));
    assert_eq!(stage.log().await[0].reference, None);
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 2);

    // Just now on its way, and perhaps on its way once before.
    for (n, put) in [(2, "state = 'sending'"), (3, "state = 'released'")] {
        let number = format!("M-{n:06}");
        let mail = Mail::from("A person <person@mail.test>").document(&format!("Contribution {n} to the review"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(1).await;
        assign(&mut stage, &number, "MDA").await;
        let letter = stage.entry(&number).await.letters.remove(1);
        assert_eq!((letter.kind.as_str(), letter.state.as_str()), ("acknowledgement", "waiting"));
        let bytes = "(SELECT o.bytes FROM letter o WHERE o.id = 1)";
        stage.db.tamper(&format!("UPDATE letter SET {put}, bytes = {bytes} WHERE id = {}", letter.id)).await;
        let tried =
            format!("INSERT INTO attempt (letter_id, n, at, outcome) VALUES ({}, 0, 0, 'uncertain')", letter.id);
        stage.db.tamper(&tried).await;
        let said = undo(&stage, &number).await;
        let (sentence, then) = match n {
            2 => ("is being sent to person@mail.test at this moment, and cannot be stopped", "being sent"),
            _ => ("may have left for person@mail.test before; it does not go once more", "not sent"),
        };
        assert!(said.contains(sentence), "{said}");
        let entry = stage.entry(&number).await;
        assert_eq!(entry.letters[1].state, then, "who is sending it says what came of it");
        assert!(entry.history.iter().any(|event| event.what.contains(sentence)));
    }
});

both!(what_came_first_is_the_version_again, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-21T17:00:00+02:00").await;
    stage.play(&Sample::some(&["13-", "20-"])).await;
    let before = stage.log().await;
    let decided = stage.clock.now();
    stage.wait(1).await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "sent before it was approved").await.unwrap();
    assert_eq!(stage.log().await[1].version, Some(2), "the mission has sent the same");
    stage.wait(1).await;
    let said = undo(&stage, "M-000001").await;
    assert!(said.contains("M-000001 is GCM-ECE-2020-0001, version 1, received on time."), "{said}");
    let log = stage.log().await;
    assert_eq!((log[0].version, log[1].version), (Some(1), Some(1)), "the second repeats the first again");
    assert_eq!(status(&stage, "PRT").await, Status::Received);
    let register = stage.register(None).await;
    let portugal = register.states.iter().find(|line| line.iso3 == iso3("PRT")).unwrap();
    assert_eq!(portugal.received, Some(log[0].received), "by the time of the first");
    assert_eq!(known_at(&stage, decided + SECOND).await, before, "it was known so then");
    assert!(stage.entry("M-000002").await.history.iter().any(|event| event.what.contains("had been received before")));
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 2);
});

both!(a_sender_is_known_as_long_as_the_decision_stands, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T09:00:00+02:00").await;
    let people = "iso3,name,address,language,from,until\nKGZ,,focal@mfa.gov.kg,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    let from = "Third Secretary <Third.Secretary@bluewin.ch>";
    stage.deliver("1.first", &Mail::from(from).document("A national contribution").raw(), stage.clock.now());
    stage.wait(1).await;
    stage.desk().assign("M-000001", &[iso3("KGZ")], None, true, &person("desk"), "by telephone").await.unwrap();
    stage.wait(1).await;
    stage.deliver("2.second", &Mail::from(from).document("A corrected contribution").raw(), stage.clock.now());
    stage.work().await;
    assert_eq!(stage.log().await[1].states, [iso3("KGZ")]);
    let contact = |entry: docket::desk::view::Entry| {
        entry.items[0].evidence.iter().any(|evidence| evidence.source == Source::Contact)
    };
    assert!(contact(stage.entry("M-000002").await));
    stage.wait(5).await;
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM contact WHERE address LIKE '%bluewin%'").await, 0);

    // Confirmed once more, it stays known; taken back, it is no evidence, and what rests on it is shown again.
    stage.desk().assign("M-000001", &[iso3("KGZ")], None, false, &person("desk"), "certainly").await.unwrap();
    undo(&stage, "M-000001").await;
    stage.deliver("3.third", &Mail::from(from).document("A third contribution").raw(), stage.clock.now());
    stage.receive().await;
    assert_eq!(stage.read().await, Outcome::Worked);
    assert!(contact(stage.entry("M-000003").await));
    let said = undo(&stage, "M-000001").await;
    assert!(said.contains("third.secretary@bluewin.ch is no evidence for Kyrgyzstan any more."), "{said}");
    assert!(
        said.contains("M-000002/1 (GCM-ECE-2020-0001) was concluded on that, and waits for a person to look again."),
        "{said}"
    );
    assert!(said.contains("M-000003/1 (GCM-ECE-2020-0001) was concluded on that, and waits for a person to look again; its letter had not left and is held."), "{said}");
    let log = stage.log().await;
    for line in &log[1..] {
        assert_eq!(line.states, [iso3("KGZ")], "nothing is changed in silence");
        assert!(
            line.waiting.as_deref().unwrap_or_default().contains("its sender was known for Kyrgyzstan"),
            "{line:?}"
        );
    }
    let posted = stage.posted().len();
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), posted, "no letter goes on that word");
    assert_eq!(stage.entry("M-000003").await.letters[0].state, "held for a person");
    stage.deliver("4.fourth", &Mail::from(from).document("A fourth contribution").raw(), stage.clock.now());
    stage.work().await;
    assert!(!contact(stage.entry("M-000004").await));
    assert!(stage.log().await[3].waiting.as_deref().unwrap_or_default().starts_with("Which state?"));

    // The person looks again.
    assign(&mut stage, "M-000003", "KGZ").await;
    stage.wait(60).await;
    assert_eq!(stage.log().await[2].waiting, None);
    assert_eq!(stage.entry("M-000003").await.letters[0].state, "sent");
});

both!(another_decision_forgets_the_sender_too, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T09:00:00+02:00").await;
    let from = "Third Secretary <third.secretary@bluewin.ch>";
    stage.deliver("1.first", &Mail::from(from).document("A national contribution").raw(), stage.clock.now());
    stage.wait(1).await;
    stage.desk().assign("M-000001", &[iso3("KGZ")], None, true, &person("desk"), "by telephone").await.unwrap();
    stage.wait(1).await;
    let decided =
        stage.desk().assign("M-000001", &[iso3("KAZ")], None, false, &person("desk"), "misheard").await.unwrap();
    assert!(decided.said.iter().any(|said| said.contains("is no evidence for Kyrgyzstan any more")), "{decided:?}");
    stage.wait(1).await;
    let said = undo(&stage, "M-000001").await;
    assert!(said.contains("third.secretary@bluewin.ch counts as evidence for Kyrgyzstan again."), "{said}");
});

both!(a_state_is_reminded_again, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    let people =
        "iso3,name,address,language,from,until\nMDA,,a@mfa.gov.md,,,\nROU,,b@mae.ro,,,\nKGZ,,c@mfa.gov.kg,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    stage.play(&Sample::some(&["15-"])).await;
    stage.until("2020-09-23T10:00:00+02:00".parse().unwrap()).await;
    let reminded = async |stage: &Stage| {
        let steps = pipeline::remind(stage.instance(), true).await.unwrap();
        let lines = steps.into_iter().flat_map(|step| step.lines).filter(|line| line.letter.is_some());
        lines.map(|line| line.iso3.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(reminded(&stage).await, ["KGZ"], "the input may be of the others");
    assign(&mut stage, "M-000001", "KGZ").await;
    assert_eq!(reminded(&stage).await, ["MDA", "ROU"]);
    undo(&stage, "M-000001").await;
    assert_eq!(reminded(&stage).await, ["KGZ"], "its only input was not its own, and the others wait again");
    stage.desk().not_an_input("M-000001", false, &person("desk"), "an advertisement").await.unwrap();
    assert_eq!(reminded(&stage).await, ["KGZ", "MDA", "ROU"]);
});

both!(what_was_confirmed_as_unrelated_is_kept_after_all, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-10T12:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        config.intake.purge_unrelated_after = Some(Duration::from_hours(24));
    })
    .await;
    stage.play(&Sample::some(&["05-", "04-"])).await;
    for number in ["M-000001", "M-000002"] {
        stage.desk().not_an_input(number, true, &person("desk"), "private").await.unwrap();
        stage.wait(1).await;
    }
    undo(&stage, "M-000002").await;
    assign(&mut stage, "M-000001", "ESP").await;
    stage.wait(48 * 60).await;
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Idle, "neither is unrelated any more");
    stage.desk().not_an_input("M-000002", true, &person("desk"), "private indeed").await.unwrap();
    stage.wait(48 * 60).await;
    assert_eq!(pipeline::purge(stage.instance()).await.unwrap(), Outcome::Worked);
    let said = undo(&stage, "M-000002").await;
    assert!(said.contains("Its text was erased meanwhile, and does not come back."), "{said}");
});

both!(a_question_for_the_document_is_asked_after_all, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-25T16:00:00+02:00").await;
    let ireland = Sample::some(&["21-"]).remove(0);
    stage.until(ireland.arrives).await;
    stage.deliver_sample(&ireland);
    stage.work().await;
    let waiting = stage.log().await[0].waiting.clone();
    stage.wait(1).await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "an advertisement").await.unwrap();
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    undo(&stage, "M-000001").await;
    assert_eq!(stage.log().await[0].waiting, waiting);
    stage.wait(60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(stage.entry("M-000001").await.letters[0].kind, "query");

    stage.desk().not_an_input("M-000001", false, &person("desk"), "once more").await.unwrap();
    undo(&stage, "M-000001").await;
    stage.wait(60).await;
    assert_eq!(stage.posted(), posted, "nobody is asked twice");
});

both!(a_confirmation_is_taken_back, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-24T12:00:00+02:00").await;
    stage.play(&Sample::some(&["19-"])).await;
    stage.wait(1).await;
    let before = stage.log().await;
    stage.db.tamper("UPDATE place SET standing = 'undetermined'").await;
    let undetermined = stage.log().await;
    let decided = stage.clock.now();
    stage.wait(1).await;
    assign(&mut stage, "M-000001", "DNK").await;
    assert_eq!(stage.log().await[0], LogLine { waiting: None, current: Some(true), ..before[0].clone() });
    assert_eq!(known_at(&stage, decided + SECOND).await, undetermined, "it was settled later");
    let said = undo(&stage, "M-000001").await;
    let again =
        "M-000001 is GCM-ECE-2020-0001, version 1, received at a time that a person must settle. Nobody has read it.";
    assert!(said.contains(again), "{said}");
    assert_eq!(stage.log().await, undetermined);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NULL").await, 1);
});

both!(each_item_of_a_message_has_its_own_decisions, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-22T09:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        config.intake.colleagues = vec!["colleagues.test".to_owned()];
    })
    .await;
    let inner = |n: u32| {
        let mail = Mail::from(&format!("Somebody <{n}@bluewin.ch>")).document(&format!("A national contribution {n}"));
        String::from_utf8(mail.raw()).unwrap()
    };
    let raw = format!(
        "From: Colleague <ana@colleagues.test>\r\nTo: gcm@example.org\r\nSubject: Two for you\r\nMessage-ID: <two@x.test>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\
         Content-Type: text/plain\r\n\r\nTwo for you.\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--outer\r\n\
         Content-Type: message/rfc822\r\n\r\n{}\r\n--outer--\r\n",
        inner(1),
        inner(2)
    );
    stage.deliver("1.two", raw.as_bytes(), stage.clock.now());
    stage.wait(1).await;
    assert_eq!(
        stage.log().await.iter().map(|line| line.number.as_str()).collect::<Vec<_>>(),
        ["M-000001/1", "M-000001/2"]
    );
    assert!(refused(&stage, "M-000001").await.contains("has 2 items; say which: M-000001/1"));
    assert_eq!(assign(&mut stage, "M-000001/1", "KGZ").await, "GCM-ECE-2020-0001");
    assert_eq!(assign(&mut stage, "M-000001/2", "KAZ").await, "GCM-ECE-2020-0002");
    let said = undo(&stage, "M-000001/1").await;
    assert!(said.contains("M-000001/1 waits for a person again"), "{said}");
    let log = stage.log().await;
    assert_eq!((log[0].reference.as_deref(), log[1].reference.as_deref()), (None, Some("GCM-ECE-2020-0002")));
    assert!(refused(&stage, "M-000001/1").await.contains("No decision about M-000001/1 stands"));
    undo(&stage, "gcm-ece-2020-0002").await;
    assert!(stage.log().await.iter().all(|line| line.reference.is_none() && line.waiting.is_some()));
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0, "a colleague is not answered");
});

both!(a_decision_from_before_the_record_is_taken_back, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-03T10:00:00+02:00").await;
    stage.play(&Sample::some(&["01-"])).await;
    assign(&mut stage, "M-000001", "DNK").await;
    stage.db.tamper("DELETE FROM item_past").await;
    undo(&stage, "M-000001").await;
    let line = stage.log().await.remove(0);
    assert_eq!(
        line.reference.as_deref(),
        Some("GCM-ECE-2020-0001"),
        "what is filed is known; what was asked, a person says"
    );
    assert_eq!(line.waiting.as_deref(), Some("A decision about it was taken back: decide it again."));
});

both!(of_two_at_once_one_takes_it_back, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    for _ in 0..5 {
        assign(&mut stage, "M-000001", "MDA").await;
        let desk = stage.desk();
        let (one, other) = (person("one"), person("other"));
        let (one, other) = tokio::join!(desk.undo("M-000001", &one, "x"), desk.undo("M-000001", &other, "x"));
        let refused = [&one, &other].into_iter().filter(|done| matches!(done, Err(DeskError::Refused(_)))).count();
        assert_eq!((refused, one.is_ok() || other.is_ok()), (1, true), "{one:?} {other:?}");
    }
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NULL").await, 0);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place").await, 5);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM submission").await, 1);
});

both!(whoever_was_told_something_wrong_is_told_better, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.wait(1).await;
    assign(&mut stage, "M-000001", "MDA").await;
    stage.wait(5).await;
    assert_eq!(stage.posted().len(), 2);
    assign(&mut stage, "M-000001", "MDA").await;
    stage.wait(5).await;
    assert_eq!(stage.posted().len(), 2, "the same is not told twice");

    undo(&stage, "M-000001").await;
    assert_eq!(assign(&mut stage, "M-000001", "ROU").await, "GCM-ECE-2020-0002");
    let entry = stage.entry("M-000001").await;
    let last = entry.letters.last().expect("it is decided");
    assert_eq!((last.kind.as_str(), last.state.as_str()), ("correction", "waiting"));
    assert!(entry.answer.unwrap().contains("that was made before says something else"));
    stage.wait(60).await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 3, "the sender is told of the right state, once");
    assert!(posted["L-000002.eml"].body.contains("Moldova"));
    let (before, holds) = posted["L-000003.eml"].body.split_once("What is recorded:").expect("it is a correction");
    assert!(before.contains("GCM-ECE-2020-0001") && before.contains("Moldova") && !before.contains("Romania"));
    assert!(holds.contains("Romania") && holds.contains("GCM-ECE-2020-0002") && !holds.contains("Moldova"));
    assert_eq!(stage.log().await[0].letters, ["received: sent", "acknowledgement: sent", "correction: sent"]);
    assign(&mut stage, "M-000001", "ROU").await;
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 3, "and is not told it again");
});
