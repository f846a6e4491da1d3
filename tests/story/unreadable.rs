//! Rows that cannot be read: they are named where they are looked at, and nothing is decided as if they were not there.

use docket::{
    core::{calls::status::Status, decision::Decision},
    desk::{DeskError, view::LogFilter},
};
use jiff::Timestamp;

use super::{
    decisions::iso3,
    mail::Mail,
    stage::{Sample, Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

/// Why nothing is decided on a message.
async fn refused(stage: &Stage, number: &str) -> String {
    let desk = stage.desk();
    let decided = [
        desk.assign(number, &[iso3("MDA")], None, false, &person("desk"), "why").await,
        desk.not_an_input(number, false, &person("desk"), "why").await,
        desk.undo(number, &person("desk"), "why").await,
    ];
    let mut refused = decided.map(|decided| match decided {
        Err(DeskError::Refused(why)) => why,
        other => panic!("it is refused: {other:?}"),
    });
    refused.sort();
    assert_eq!(refused[0], refused[2], "by one sentence");
    refused[0].clone()
}

both!(a_finding_that_cannot_be_read_is_named_and_nothing_is_decided_on_it, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-", "19-"])).await;
    let (log, letters) = (stage.log().await, stage.letters().await.len());
    let waiting = stage.register(None).await.waiting;
    for (kind, broken) in [
        ("answering", "value = '{\"answerable\":{}}'"),
        ("match", "value = 'no JSON'"),
        ("message", "version = 7"),
        ("answering", "kind = 'from_the_future'"),
    ] {
        let row = format!("(SELECT MAX(id) FROM finding WHERE kind = '{kind}' AND message_id = 1)");
        let id = stage.db.number(&format!("SELECT {row}")).await;
        stage.db.tamper("CREATE TABLE finding_before AS SELECT * FROM finding").await;
        stage.db.tamper(&format!("UPDATE finding SET {broken} WHERE id = {id}")).await;
        let named = format!("finding {id} of message M-000001 cannot be read: ");

        let entry = stage.entry("M-000001").await;
        assert!(entry.unreadable.len() == 1 && entry.unreadable[0].starts_with(&named), "{:?}", entry.unreadable);
        assert_eq!(entry.items[0].evidence.is_empty(), kind == "match", "what can be read is shown");
        assert!(refused(&stage, "M-000001").await.starts_with(&format!("M-000001 cannot be decided on: {named}")));
        assert_eq!(stage.log().await, log, "the log is as it was");
        assert_eq!(stage.register(None).await.waiting, waiting, "and so is the register");
        assert_eq!(stage.entry("M-000002").await.unreadable, Vec::<String>::new());

        stage
            .db
            .tamper(&format!(
                "UPDATE finding SET kind = '{kind}', version = 1,
                 value = (SELECT b.value FROM finding_before b WHERE b.id = finding.id) WHERE id = {id}"
            ))
            .await;
        stage.db.tamper("DROP TABLE finding_before").await;
    }
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM decision").await, 0, "nothing was decided");
    assert_eq!(stage.letters().await.len(), letters);
    let decided = stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "mended").await;
    assert!(decided.is_ok(), "what is put right is decided on: {decided:?}");
});

both!(an_older_finding_that_cannot_be_read_does_not_count, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage
        .db
        .tamper(
            "INSERT INTO finding (message_id, item_n, kind, version, value, engine, at)
         SELECT message_id, item_n, kind, version, value, engine, at FROM finding WHERE message_id = 1 ORDER BY id",
        )
        .await;
    stage.db.tamper("UPDATE finding SET value = '' WHERE id <= (SELECT MAX(id) / 2 FROM finding)").await;
    assert_eq!(stage.entry("M-000001").await.unreadable, Vec::<String>::new());
    stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "why").await.unwrap();
});

both!(what_may_rest_on_a_forgotten_sender_is_shown_though_it_cannot_be_read, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T09:00:00+02:00").await;
    let from = "Third Secretary <third.secretary@bluewin.ch>";
    stage.deliver("1.first", &Mail::from(from).document("A national contribution").raw(), stage.clock.now());
    stage.wait(1).await;
    stage.desk().assign("M-000001", &[iso3("KGZ")], None, true, &person("desk"), "by telephone").await.unwrap();
    stage.wait(1).await;
    stage.deliver("2.second", &Mail::from(from).document("A corrected contribution").raw(), stage.clock.now());
    stage.work().await;
    assert_eq!(stage.log().await[1].waiting, None);
    stage.db.tamper("UPDATE finding SET value = '{}' WHERE kind = 'match' AND message_id = 2").await;
    let said = stage.desk().undo("M-000001", &person("chief"), "a mistake").await.unwrap().said.join("\n");
    assert!(said.contains("M-000002/1 (GCM-ECE-2020-0001) may have been concluded on that"), "{said}");
    assert!(said.contains(" of message M-000002 cannot be read: "), "{said}");
    let waiting = stage.log().await[1].waiting.clone().unwrap_or_default();
    assert!(waiting.contains("its sender was known for Kyrgyzstan"), "{waiting}");
});

both!(a_question_that_cannot_be_read_is_shown_as_that, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-", "19-"])).await;
    let (before, waiting) = (stage.log().await, stage.register(None).await.waiting);
    let kept = "(SELECT q.waiting FROM question_before q WHERE q.id = item.id)";
    stage.db.tamper("CREATE TABLE question_before AS SELECT id, waiting FROM item").await;
    for broken in ["'{\"ask\":[{\"kind\":\"from_the_future\"}],\"v\":1}'", "'{\"v\":7}'", "'{'"] {
        stage.db.tamper(&format!("UPDATE item SET waiting = {broken} WHERE message_id = 1")).await;
        let shown = stage.log().await;
        let asked = shown[0].waiting.clone().unwrap_or_default();
        assert!(asked.contains("item 1 cannot be read: what is asked about it: "), "{asked}");
        assert_eq!(shown[1..], before[1..], "the others are as they were");
        let register = stage.register(None).await;
        assert_eq!(register.waiting.len(), waiting.len());
        assert_eq!((register.waiting[0].number.as_str(), &register.waiting[0].question), ("M-000001", &asked));
        assert_eq!(stage.entry("M-000001").await.items[0].waiting.as_ref(), Some(&asked));
        assert!(refused(&stage, "M-000001").await.starts_with("M-000001 cannot be decided on: item 1 cannot be read"));
    }
    stage.db.tamper(&format!("UPDATE item SET waiting = {kept} WHERE message_id = 1")).await;
    assert_eq!(stage.log().await, before);
    stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "why").await.unwrap();

    stage.db.tamper("UPDATE item_past SET waiting = '{'").await;
    let undone = stage.desk().undo("M-000001", &person("desk"), "why").await.unwrap_err().to_string();
    assert!(undone.contains("item_past 1 cannot be read: what is asked about it: EOF"), "{undone}");
    assert_eq!(stage.log().await[0].states, [iso3("MDA")], "nothing was changed");
});

both!(what_was_asked_before_there_were_kinds_is_asked_and_decided, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    let of_old = "Which state? Republic of Moldova or Romania. It names more than one state.";
    stage.db.tamper(&format!("UPDATE item SET waiting = '{of_old}'")).await;
    assert_eq!(stage.log().await[0].waiting.as_deref(), Some(of_old));
    stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "why").await.unwrap();
    assert_eq!(stage.log().await[0].waiting, None);
    let said = stage.desk().undo("M-000001", &person("desk"), "why").await.unwrap().said.join("\n");
    assert!(said.contains(&format!("M-000001 waits for a person again: {of_old}")), "{said}");
    assert_eq!(stage.log().await[0].waiting.as_deref(), Some(of_old), "word for word");
});

both!(a_line_of_the_log_that_cannot_be_read_hides_none, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-", "19-"])).await;
    let before = stage.log().await;
    stage.db.tamper("UPDATE place SET standing = 'by_miracle'").await;
    stage.db.tamper("UPDATE item SET kind = 'a_star' WHERE message_id = 1").await;
    stage.db.tamper("UPDATE item_candidate SET iso3 = 'nowhere' WHERE iso3 = 'ROU'").await;
    let log = stage.log().await;
    assert_eq!(log.len(), before.len());
    for (line, word) in log.iter().zip(["a_star", "by_miracle"]) {
        let waiting = line.waiting.as_deref().unwrap_or_default();
        assert!(waiting.starts_with(&format!("{} cannot be read: “{word}”", line.number)), "{waiting}");
    }
    let register = stage.register(None).await;
    assert!(register.waiting.iter().any(|case| case.number == "M-000001" && case.question.contains("nowhere")));
    let denmark = register.states.iter().find(|line| line.iso3 == iso3("DNK")).unwrap();
    assert_eq!(
        (denmark.status, &denmark.note),
        (Status::UnderQuery, &None),
        "it is folded from the facts: {denmark:?}"
    );
    stage.db.tamper("UPDATE place SET legible = 'by_miracle'").await;
    let register = stage.register(None).await;
    let denmark = register.states.iter().find(|line| line.iso3 == iso3("DNK")).unwrap();
    assert!(denmark.note.as_deref().unwrap_or_default().contains("cannot be read: “by_miracle”"), "{denmark:?}");
    assert_eq!(denmark.status, Status::PossiblyReceived, "nothing is said of it that nobody knows");
    let refused = docket::pipeline::remind(stage.instance(), true).await.map(|_| ());
    assert!(refused.is_ok() || refused.unwrap_err().to_string().contains("GCM-ECE-2020-0001 cannot be read"));
    stage.db.tamper("UPDATE submission_state SET iso3 = 'nobody'").await;
    let log = stage.log().await;
    assert!(log[1].waiting.as_deref().unwrap_or_default().contains("“nobody”") && log[1].states.is_empty(), "{log:?}");
});

both!(a_time_that_is_none_hides_no_line, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-", "19-"])).await;
    let (before, cases) = (stage.log().await, stage.register(None).await.waiting.len());
    for (micros, shown) in [(i64::MAX, Timestamp::MAX), (i64::MAX - 1, Timestamp::MAX), (i64::MIN, Timestamp::MIN)] {
        stage.db.tamper(&format!("UPDATE message SET received = {micros}")).await;
        stage.db.tamper(&format!("UPDATE place SET received = {micros}")).await;
        let log = stage.log().await;
        assert_eq!(log.len(), before.len());
        for line in &log {
            assert_eq!(line.received, shown);
            let named = format!("{} cannot be read: {micros} is no time", line.number);
            assert!(line.waiting.as_deref().unwrap_or_default().starts_with(&named), "{line:?}");
        }
        let (mut numbers, mut after) = (Vec::new(), None);
        loop {
            let filter = LogFilter { after, limit: 1, ..LogFilter::default() };
            let page = stage.desk().log_page(&filter).await.unwrap();
            numbers.extend(page.lines.into_iter().map(|line| line.number));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(numbers, ["M-000002", "M-000001"], "page by page they come once each");
        let register = stage.register(None).await;
        assert_eq!(register.waiting.len(), cases);
        assert!(register.waiting[0].question.contains(&format!("{micros} is no time")), "{:?}", register.waiting);
        let denmark = register.states.iter().find(|line| line.iso3 == iso3("DNK")).unwrap();
        assert!(denmark.received.is_none() && denmark.reference.is_some(), "{denmark:?}");
        assert!(
            denmark.note.as_deref().unwrap_or_default().contains(&format!("cannot be read: {micros} is no time")),
            "{denmark:?}"
        );
    }
});

both!(a_register_says_of_nobody_that_nothing_came_while_it_is_not_known_whose_something_is, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-", "19-"])).await;
    let of = async |stage: &Stage, code: &str| {
        stage.register(None).await.states.into_iter().find(|line| line.iso3 == iso3(code)).unwrap()
    };
    stage.db.tamper("UPDATE letter SET state = 'nowhere'").await;
    let told = stage.register(None).await.told;
    assert!(told[&iso3("DNK")].contains("cannot be read: “nowhere”"), "{told:?}");
    assert!(of(&stage, "DNK").await.reference.is_some());
    stage.db.tamper("UPDATE submission_state SET iso3 = 'nobody'").await;
    for code in ["DNK", "NOR"] {
        let line = of(&stage, code).await;
        assert_eq!((line.status, &line.reference), (Status::PossiblyReceived, &None), "{line:?}");
        let note = line.note.as_deref().unwrap_or_default();
        assert!(note.contains("for whom GCM-ECE-2020-0001 is: “nobody”"), "{line:?}");
    }
});

both!(a_time_or_a_kind_in_a_decision_that_cannot_be_read_is_named, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "why").await.unwrap();
    for (broken, said) in [
        ("letter_before = 'a_poem'", "“a_poem” is not known here"),
        ("letter_before = NULL, at = 9223372036854775807", "9223372036854775807 is no time"),
    ] {
        stage.db.tamper(&format!("UPDATE decision SET {broken}")).await;
        let entry = stage.entry("M-000001").await;
        let named = format!("decision 1 cannot be read: {said}");
        assert!(entry.unreadable.len() == 1 && entry.unreadable[0].starts_with(&named), "{:?}", entry.unreadable);
        assert_eq!(entry.items[0].decisions.len(), 1, "it is shown");
        assert!(refused(&stage, "M-000001").await.contains(&named));
    }
});

both!(a_decision_that_cannot_be_read_is_shown_as_that, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    stage.desk().assign("M-000001", &[iso3("MDA")], None, false, &person("desk"), "why").await.unwrap();
    stage.db.tamper("UPDATE decision SET value = 'MDA+Romania'").await;
    let decided = stage.entry("M-000001").await.items[0].decided.clone().unwrap_or_default();
    assert!(decided.contains("decision 1 cannot be read: “Romania”") && decided.ends_with("by desk: why"), "{decided}");
    assert!(refused(&stage, "M-000001").await.starts_with("M-000001 cannot be decided on: decision 1 cannot be read"));
    assert_eq!(stage.log().await[0].states, [iso3("MDA")]);
});

both!(a_letter_is_decided_on_by_its_number, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    stage.play(&Sample::some(&["15-"])).await;
    for reference in ["M-000001", "", "1.5"] {
        let decided = stage.desk().decide(reference, &Decision::Discard, &person("desk"), "why").await;
        let Err(DeskError::NotFound(why)) = decided else { panic!("{reference} is no letter: {decided:?}") };
        assert!(why.contains("is no letter; `docket letters` lists them"), "{why}");
    }
    let again = stage.desk().decide("1", &Decision::Resend, &person("desk"), "they have not got it").await.unwrap();
    assert_eq!((again.reference, again.said), (None, vec!["Letter 1 leaves now: they have not got it".to_owned()]));
});

both!(what_forbids_an_answer_and_cannot_be_read_is_no_leave_to_answer, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-22T16:00:00+02:00").await;
    let scene = Sample::some(&["15-"]).remove(0);
    stage.until(scene.arrives).await;
    stage.deliver_sample(&scene);
    stage.receive().await;
    stage.db.tamper("UPDATE message SET silent = '{\"kind\":\"from_the_future\",\"v\":1}'").await;
    for _ in 0..10 {
        _ = stage.try_read().await;
    }
    let asked = stage.log().await[0].waiting.clone().unwrap_or_default();
    assert!(asked.starts_with("It could not be read: ") && asked.contains("why it gets no letter: "), "{asked}");
    assert_eq!(stage.letters().await.len(), 0, "nothing is answered that may not be");
    assert!(refused(&stage, "M-000001").await.contains("message M-000001 cannot be read: why it gets no letter"));
});
