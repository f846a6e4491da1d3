//! What could not be read, and what becomes of it: a person is asked, the sender is told nothing untrue, and it can be read
//! again.

use std::time::Duration;

use docket::{
    config::Shipped,
    core::file::Outcome,
    desk::view::{Entry, LogFilter},
    pipeline::{self, Outcome as Step, PipelineError, Reread},
    reading::Readers,
    sandbox::SandboxError,
    store::Db,
};

use super::{
    decisions::assign,
    stage::{Stage, person},
};
use crate::{
    dialogs::clamd_peer::{Clamd, HARM},
    extract::build::zip,
    fixture::{
        Database, both,
        deciding::Deciding as _,
        intake::{ADDRESS, PROGRAM, document, good_mail, mail},
        processes::Signal,
    },
    sandbox::deaths::{Ender, busy},
};

const NORWAY: &str = "Ministry <post@mfa.no>";
const SUBJECT: &str = "Norway: input to the regional review";

/// A stage whose children have so much memory above 1 GiB, which no other test gives, in pages; twice as much on a server.
async fn stage(db: Database, pages: u64) -> (Stage, u64) {
    let twice = if matches!(&*db, Db::Postgres(_)) { 2 } else { 1 };
    let memory = (1 << 30) + pages * twice * 4096;
    let stage = Stage::set_with(db, "2020-09-10T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
        config.reading.memory = memory;
        config.reading.children = 1;
    })
    .await;
    (stage, memory)
}

async fn reread(stage: &Stage, dry_run: bool) -> Result<Reread, PipelineError> {
    let sandbox = Readers::new(PROGRAM.into(), stage.instance().config.reading.clone());
    pipeline::reread(stage.instance(), &sandbox, 1, &person("chief"), dry_run).await
}

/// Why the first message is not read again.
async fn refused(stage: &Stage) -> String {
    match reread(stage, false).await {
        Err(PipelineError::NotReread(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// The letters that left, a line each.
fn told(stage: &Stage) -> Vec<String> {
    stage.posted().into_values().map(|letter| letter.body.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn is_blameless(letter: &str) {
    for untrue in ["damaged", "send it again", "clean copy", "No document"] {
        assert!(!letter.contains(untrue), "{untrue}: {letter}");
    }
}

async fn question(stage: &Stage) -> String {
    let waiting = stage.register(None).await.waiting;
    let [case] = waiting.as_slice() else { panic!("one question: {waiting:?}") };
    case.question.clone()
}

both!(a_file_whose_readers_are_killed_is_not_read_alone_and_a_person_is_asked, async |db: Database| {
    let (mut stage, memory) = stage(db, 1001).await;
    let (a, b, c) = (document(120), busy(3000), document(50));
    let raw = mail("m", NORWAY, SUBJECT, &[("a.docx", &a), ("b.pdf", &b), ("c.docx", &c)]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    let ender = Ender::start(memory, Signal::SIGKILL, 3);
    stage.work().await;
    assert_eq!(ender.ended(), 3);
    let entry = stage.entry("M-000001").await;
    let outcomes: Vec<Outcome> = entry.files.iter().map(|file| file.outcome).collect();
    assert_eq!(outcomes, [Outcome::Read, Outcome::NotRead, Outcome::Read]);
    assert_eq!(entry.state, "read");
    assert_eq!(entry.items[0].reference.as_deref(), Some("GCM-ECE-2020-0001"));
    let [letter] = &told(&stage)[..] else { panic!("one letter") };
    is_blameless(letter);
    assert!(letter.contains("This file was recorded but not read automatically."), "{letter}");
    let asked = question(&stage).await;
    assert!(asked.starts_with("“b.pdf” was not read in full: This file was not read, for each process"), "{asked}");
    assert_eq!(stage.log().await[0].waiting.as_ref(), Some(&asked));
});

both!(an_input_whose_only_document_is_not_read_is_receipted_and_asked, async |db: Database| {
    let (mut stage, memory) = stage(db, 1002).await;
    stage.deliver("1.mail", &mail("m", NORWAY, SUBJECT, &[("b.pdf", &busy(3000))]), stage.clock.now());
    let ender = Ender::start(memory, Signal::SIGKILL, 3);
    stage.work().await;
    assert_eq!(ender.ended(), 3);
    let [letter] = &told(&stage)[..] else { panic!("one letter") };
    is_blameless(letter);
    let asked = question(&stage).await;
    assert!(asked.starts_with("The main document could not be read in full: This file was not read, for"), "{asked}");
});

both!(what_was_not_opened_is_no_missing_document, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-10T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
        config.reading.time_per_message = Duration::from_secs(2);
    })
    .await;
    let files: [(&str, &[u8]); 2] =
        [("p.txt", b"docket-probe busy 60000\n"), ("all.zip", &zip(&[("input.docx", &document(120))]))];
    stage.deliver("1.mail", &mail("m", NORWAY, SUBJECT, &files), stage.clock.now());
    stage.wait(60).await;
    let entry = stage.entry("M-000001").await;
    assert_eq!(entry.files[1].outcome, Outcome::NotRead);
    let [letter] = &entry.letters[..] else { panic!("{:?}", entry.letters) };
    assert_eq!(letter.kind, "received", "nobody says that there is no document");
    let body = &told(&stage)[0];
    is_blameless(body);
    assert!(body.contains("This file was recorded but not read automatically."), "{body}");
    let asked = question(&stage).await;
    assert!(asked.starts_with("Is its document in it? “all.zip” was not read in full: The time for"), "{asked}");
});

both!(a_message_that_no_reader_lives_to_parse_is_tried_later_and_left_to_a_person_in_the_end, async |db: Database| {
    let (mut stage, memory) = stage(db, 1003).await;
    let padding: Vec<u8> = (0..16 << 20).map(|n: u32| n.to_le_bytes()[1]).collect();
    let raw = mail("m", NORWAY, SUBJECT, &[("input.docx", &document(120)), ("padding.bin", &padding)]);
    stage.deliver("1.mail", &raw, stage.clock.now());
    stage.receive().await;
    for failures in 1..=3 {
        let ender = Ender::start(memory, Signal::SIGKILL, 3);
        let read = stage.try_read().await;
        assert_eq!(ender.ended(), 3);
        assert!(matches!(read, Err(PipelineError::Sandbox(SandboxError::Killed))), "{read:?}");
        let counted = format!("SELECT COUNT(*) FROM message WHERE state = 'stored' AND failures = {failures}");
        assert_eq!(stage.db.number(&counted).await, 1, "it waits for another attempt");
    }
    stage.deliver("2.mail", &good_mail("behind"), stage.clock.now());
    stage.work().await;
    assert!(stage.log().await[1].reference.is_some(), "what came behind it is filed");
    let entry = stage.entry("M-000001").await;
    assert_eq!((entry.state.as_str(), entry.letters.len()), ("parked", 0));
    let asked = question(&stage).await;
    assert!(
        asked.starts_with("It could not be read: Reading it was tried 3 times and failed (each process"),
        "{asked}"
    );
    assert!(asked.contains("ended from outside; the machine may be short of memory"), "{asked}");

    // The machine has memory again.
    let parked = stage.clock.now();
    stage.wait(5).await;
    let said = reread(&stage, true).await.unwrap();
    assert!(!said.put_back && stage.entry("M-000001").await.state == "parked", "{said:?}");
    assert_eq!(said.said[0], "M-000001 would go back into the ordinary reading, and be answered as new.");
    assert!(said.said[1].starts_with("It can be read: Norway; “input.docx”: read, "), "{said:?}");
    assert!(reread(&stage, false).await.unwrap().put_back);
    assert_eq!(stage.entry("M-000001").await.state, "stored");
    assert_eq!(stage.register(None).await.waiting, [], "nobody is asked while it waits to be read");
    let said = reread(&stage, false).await.unwrap().said;
    assert_eq!(said, ["M-000001 has not been read yet: the running daemon reads it in its turn."]);
    stage.clock.move_to(stage.clock.now() + Duration::from_mins(5));
    stage.work().await;
    let entry = stage.entry("M-000001").await;
    assert_eq!((entry.state.as_str(), entry.items.len()), ("read", 1));
    assert!(entry.items[0].reference.is_some() && entry.letters[0].state == "sent", "{entry:?}");
    assert!(
        entry.history.iter().any(|event| event.actor == person("chief") && event.what.starts_with("Put back into the"))
    );
    // The history stays what it was.
    let then = LogFilter { known_at: Some(parked + Duration::from_secs(1)), ..LogFilter::default() };
    let line = stage.desk().log(&then).await.unwrap().remove(0);
    assert_eq!((line.waiting.as_ref(), line.reference), (Some(&asked), None));
    let between = LogFilter { known_at: Some(parked + Duration::from_secs(301)), ..LogFilter::default() };
    let line = stage.desk().log(&between).await.unwrap().remove(0);
    assert_eq!((line.waiting, line.reference, line.relevance), (None, None, None), "it was to be read then");
});

both!(failures_and_ends_of_the_program_are_counted_apart, async |db: Database| {
    let (mut stage, _) = stage(db, 1004).await;
    for (n, (attempts, failures, reason)) in [
        (9 + 2, 2, None),
        (
            3,
            3,
            Some("It could not be read: Reading it was tried 3 times and failed (the disk); a person must open it."),
        ),
        (
            10 + 2,
            2,
            Some("It could not be read: The program ended 10 times while it read this; a person must open it."),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        stage.deliver(&format!("{n}.mail"), &good_mail(&n.to_string()), stage.clock.now());
        stage.receive().await;
        let tried = format!(
            "UPDATE message SET attempts = {attempts}, failures = {failures}, state_reason = 'the disk'
             WHERE state = 'stored'"
        );
        assert_eq!(stage.db.tamper(&tried).await, 1);
        stage.work().await;
        assert_eq!(stage.log().await[n].waiting.as_deref(), reason);
    }
});

both!(what_was_in_hand_whenever_the_program_ended_is_read_by_itself, async |db: Database| {
    let (mut stage, _) = stage(db, 1009).await;
    for n in 1..=5 {
        stage.deliver(&format!("{n}.mail"), &good_mail(&n.to_string()), stage.clock.now());
    }
    stage.receive().await;
    assert_eq!(stage.db.tamper("UPDATE message SET attempts = 4 WHERE number IN (2, 3)").await, 2);
    let untouched = "SELECT COUNT(*) FROM message WHERE state = 'stored' AND lease_until = 0
        AND attempts = CASE WHEN number IN (2, 3) THEN 4 ELSE 0 END";
    for left in [4, 3, 2, 0] {
        assert_eq!(stage.read().await, Step::Worked);
        assert_eq!(stage.db.number(untouched).await, left, "the others are as they were");
    }
    while stage.read().await == Step::Worked {}
    let filed: Vec<_> = stage.log().await.into_iter().map(|line| (line.number, line.reference.is_some())).collect();
    assert_eq!(filed, (1..=5).map(|n| (format!("M-00000{n}"), true)).collect::<Vec<_>>());
});

/// Has a message parked as the ends of the program park it, and yields its entry.
async fn parked(stage: &mut Stage, raw: &[u8]) -> Entry {
    stage.deliver("1.mail", raw, stage.clock.now());
    stage.receive().await;
    assert_eq!(stage.db.tamper("UPDATE message SET attempts = 10").await, 1);
    stage.work().await;
    stage.entry("M-000001").await
}

both!(what_nobody_could_read_is_receipted_when_a_person_says_whose_it_is, async |db: Database| {
    let (mut stage, _) = stage(db, 1005).await;
    let entry = parked(&mut stage, &good_mail("m")).await;
    assert_eq!((entry.state.as_str(), told(&stage).len()), ("parked", 0));
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(5).await;
    let [letter] = &told(&stage)[..] else { panic!("its receipt leaves: {:?}", stage.entry("M-000001").await) };
    assert!(letter.contains("Registered as the input of: Kingdom of Norway"), "{letter}");
    assert!(
        letter.contains("Your message has been recorded as it came. It could not be read automatically"),
        "{letter}"
    );
    assert!(!letter.contains("Files, each with") && !letter.contains("words were counted"), "{letter}");
    is_blameless(letter);
    assert!(stage.posted().values().all(|letter| letter.in_reply_to == ["m@ministry.test"]));

    assert!(refused(&stage).await.contains("a person has decided about it"));
    stage.desk().undo("M-000001", &person("chief"), "to have it read").await.unwrap();
    assert!(reread(&stage, false).await.unwrap().put_back);
    stage.wait(5).await;
    let entry = stage.entry("M-000001").await;
    assert_eq!((entry.state.as_str(), entry.items[0].reference.as_deref()), ("read", Some("GCM-ECE-2020-0001")));
    assert_eq!(entry.items[0].version, Some(1), "the number was told of it");
    assert_eq!(told(&stage).len(), 1, "no second receipt of one message");
    assert_eq!(entry.items[0].decisions.len(), 1);
});

both!(of_what_is_kept_by_its_header_alone_the_receipt_says_so, async |db: Database| {
    let (mut stage, _) = stage(db, 1006).await;
    stage.deliver("1.mail", &good_mail("m"), stage.clock.now());
    stage.receive().await;
    let only = "UPDATE message SET header_only = 'It is larger than 35 MiB, so only its header was fetched.'";
    assert_eq!(stage.db.tamper(only).await, 1);
    stage.work().await;
    assert_eq!(stage.entry("M-000001").await.state, "parked");
    assert_eq!(
        refused(&stage).await,
        "M-000001 cannot be read again: only its header was kept. It is larger than 35 MiB, so only its header was fetched."
    );
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(5).await;
    let [letter] = &told(&stage)[..] else { panic!("its receipt leaves") };
    assert!(letter.contains("Only the header of your message could be taken in automatically"), "{letter}");
    assert!(!letter.contains("recorded as it came"), "{letter}");
    is_blameless(letter);
});

both!(a_robot_is_not_answered_though_nobody_could_read_it, async |db: Database| {
    let (mut stage, _) = stage(db, 1007).await;
    let raw = [b"Auto-Submitted: auto-replied\r\n".as_slice(), &good_mail("m")].concat();
    parked(&mut stage, &raw).await;
    let decided =
        stage.desk().assign("M-000001", &["NOR".parse().unwrap()], None, false, &person("desk"), "why").await.unwrap();
    assert!(decided.said.iter().any(|said| said.contains("Auto-Submitted: auto-replied")), "{decided:?}");
    stage.wait(60).await;
    assert_eq!(told(&stage).len(), 0);
});

both!(a_harmful_message_is_receipted_when_a_person_says_whose_it_is, async |db: Database| {
    let (_clamd, at) = Clamd::start(|_| None).await;
    let mut stage = Stage::set_with(db, "2020-09-10T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].addresses.push(ADDRESS.to_owned());
        config.reading.scanner = Some(at);
    })
    .await;
    let subject = format!("{SUBJECT} {HARM}");
    stage.deliver("1.mail", &mail("m", NORWAY, &subject, &[("input.docx", &document(120))]), stage.clock.now());
    stage.wait(5).await;
    assert_eq!(stage.log().await[0].letters, ["received: sent"]);
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(5).await;
    assert_eq!(stage.log().await[0].letters, ["received: sent", "acknowledgement: sent"]);
    let letter = told(&stage).pop().unwrap();
    assert!(letter.contains("Registered as the input of: Kingdom of Norway"), "{letter}");
    assert!(letter.contains("reported the message as harmful, and this file was not opened."), "{letter}");
});

both!(what_was_read_is_shown_and_a_wrong_letter_is_put_to_a_person, async |db: Database| {
    let (mut stage, _) = stage(db, 1008).await;
    stage.deliver("1.mail", &good_mail("m"), stage.clock.now());
    stage.wait(5).await;
    let letters = format!("{:?}", stage.letters().await);
    let said = reread(&stage, false).await.unwrap();
    assert_eq!(
        said,
        Reread { said: vec!["M-000001 was read again, and reads as before.".to_owned()], put_back: false }
    );

    // As it was read, and told, by a program that took a stop for the file's fault.
    stage.db.tamper("UPDATE file SET outcome = 'damaged', words = NULL, language = NULL, text = ''").await;
    stage.db.tamper("UPDATE item SET words = NULL").await;
    let wrongly = r#"UPDATE letter SET facts = REPLACE(facts, '"outcome":"read"', '"outcome":"damaged"')"#;
    assert_eq!(stage.db.tamper(wrongly).await, 1);
    let before = format!("{:?}", stage.entry("M-000001").await);
    let would = reread(&stage, true).await.unwrap().said;
    assert_eq!(before, format!("{:?}", stage.entry("M-000001").await), "a dry run changes nothing");
    assert_eq!(
        would,
        [
            "M-000001 was read again. What was filed and answered stays as it is; by this reading it would be:",
            "words: 132 (was not counted)",
            "“input.docx”: read, 132 words, en (was damaged)",
            "A person would be asked: Tell the sender that “input.docx” reads well? A letter said that it could not be \
             opened, and asked for it again. Nothing is sent by itself: write to them, then decide this once more.",
        ]
    );
    let asked = reread(&stage, false).await.unwrap().said;
    assert_eq!(asked[3], would[3].replace("A person would be asked", "A person is asked"));
    let waiting = question(&stage).await;
    assert!(asked[3].ends_with(&waiting), "{waiting}");
    let entry = stage.entry("M-000001").await;
    assert_eq!((entry.items[0].waiting.as_ref(), entry.files[0].outcome), (Some(&waiting), Outcome::Damaged));
    assert!(entry.history.iter().any(|event| event.actor == person("chief") && event.what == waiting));
    assert_eq!(stage.log().await[0].waiting.as_ref(), Some(&waiting));
    stage.wait(60).await;
    assert_eq!(format!("{:?}", stage.letters().await), letters, "nothing was sent");

    assert_eq!(reread(&stage, false).await.unwrap().said.len(), 3, "a person is asked once");
    assign(&stage, "M-000001", "NOR", false).await;
    assert_eq!(stage.register(None).await.waiting, []);
    assert_eq!(reread(&stage, false).await.unwrap().said.len(), 3, "and not again when that is settled");
    assert_eq!(stage.read().await, Step::Idle);
});
