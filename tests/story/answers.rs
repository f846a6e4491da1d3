//! Colleagues who answer themselves: in copy to the mailbox, or from an account whose sent mail is looked through.

use std::fs;

use docket::{
    config::Shipped,
    desk::view::LogLine,
    pipeline::{Answers, Outcome},
};

use super::{
    mail::Mail,
    stage::{ADDRESS, Stage},
};
use crate::fixture::{Database, both};

const RELAY: &str = "Received: from out.example by mx1.example.org with ESMTPS; Wed, 02 Sep 2020 08:59:00 +0200";
const NORWAY: &str = "Ministry <post@mfa.no>";
const ASKED: &str = "Correspondence: a person reads and answers it.";

/// A stage whose relay vouches for senders, and whose mailbox names a folder of sent mail.
async fn stage(db: Database) -> Stage {
    let stage = Stage::set_with(db, "2020-09-02T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].trusted_authserv = vec!["mx1.example.org".to_owned()];
        config.mailboxes[0].answers = Some("Sent".to_owned());
    })
    .await;
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(stage.maildir(0).join(".Sent").join(part)).unwrap();
    }
    stage
}

/// Mail of a ministry in which nothing speaks for a purpose.
fn question(from: &str, id: &str) -> Vec<u8> {
    let text = "Warm greetings from all of us at the ministry.";
    with_id(&Mail::from(from).subject("Greetings from Oslo").body(text), id)
}

fn announcement(id: &str) -> Vec<u8> {
    let mail = Mail::from(NORWAY).subject("Regional review of the GCM").body("We will send our input by 5 October.");
    with_id(&mail, id)
}

/// A mail under a Message-ID of its own.
fn with_id(mail: &Mail, id: &str) -> Vec<u8> {
    let raw = String::from_utf8(mail.raw()).unwrap();
    let lines = raw.split("\r\n").map(|line| match line.strip_prefix("Message-ID: ") {
        Some(_) => format!("Message-ID: <{id}>"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\r\n").into_bytes()
}

/// What a colleague writes to Norway; `result` is what our relay says of it.
fn answer(from: &str, to: &str, answers: &str, id: &str, result: &str) -> Vec<u8> {
    let domain = from.rsplit_once('@').unwrap().1.trim_end_matches('>');
    let mail = Mail::from(from)
        .to(to)
        .subject("Re: Greetings from Oslo")
        .body("Greetings to you as well.")
        .field(&format!("Cc: {ADDRESS}"))
        .field(&format!("In-Reply-To: <{answers}>"))
        .above(RELAY)
        .above(&format!("Authentication-Results: mx1.example.org; dmarc={result} header.from={domain}"));
    with_id(&mail, id)
}

async fn line(stage: &Stage, number: &str) -> LogLine {
    stage.log().await.into_iter().find(|line| line.number == number).expect("it is in the log")
}

async fn asked(stage: &Stage, number: &str) -> String {
    line(stage, number).await.waiting.unwrap_or_default()
}

async fn history(stage: &Stage, number: &str) -> Vec<String> {
    stage.entry(number).await.history.iter().map(|event| event.what.clone()).collect()
}

/// Puts a mail into the folder of sent mail.
fn send(stage: &Stage, name: &str, raw: &[u8]) {
    fs::write(stage.maildir(0).join(".Sent/cur").join(name), raw).unwrap();
}

/// Looks for answers until nothing is left to be done.
async fn look(stage: &mut Stage, answers: &mut Answers) {
    for _ in 0..4 {
        stage.work().await;
        answers.step().await.unwrap();
    }
    assert_eq!(answers.step().await.unwrap(), Outcome::Idle);
}

both!(an_answer_in_copy_closes_correspondence_and_nothing_else, async |db: Database| {
    let mut stage = stage(db).await;
    let now = stage.clock.now();
    stage.deliver("1.mail", &question(NORWAY, "q1@mfa.no"), now);
    stage.deliver("2.mail", &announcement("q2@mfa.no"), now);
    stage.deliver("3.mail", &question("Ministry <post@mfa.gov.rs>", "q3@mfa.rs"), now);
    stage.wait(1).await;
    assert_eq!(asked(&stage, "M-000001").await, ASKED);
    assert_eq!(asked(&stage, "M-000003").await, ASKED);
    let announced = asked(&stage, "M-000002").await;
    assert!(announced.starts_with("Does it announce an input of Norway"), "{announced}");
    let known_then = stage.clock.now();
    let then = register_then(&stage, known_then).await;
    stage.wait(30).await;

    let now = stage.clock.now();
    // Whoever writes as a colleague closes nothing.
    stage.deliver("4.mail", &answer("Ana <ana@unece.org>", "post@mfa.no", "q1@mfa.no", "f@x.test", "fail"), now);
    stage.wait(1).await;
    let doubtful = asked(&stage, "M-000001").await;
    assert!(doubtful.starts_with(ASKED), "{doubtful}");
    assert!(
        doubtful.contains("A mail in a colleague’s name answered on") && doubtful.contains("M-000004"),
        "{doubtful}"
    );
    // Nor does what goes to somebody else.
    stage.deliver("5.mail", &answer("Ana <ana@unece.org>", "other@mfa.no", "q1@mfa.no", "o@unece.org", "pass"), now);
    stage.wait(1).await;
    assert_eq!(asked(&stage, "M-000001").await, doubtful);

    stage.deliver("6.mail", &answer("Ana <ana@unece.org>", "post@mfa.no", "q1@mfa.no", "a@unece.org", "pass"), now);
    stage.deliver("7.mail", &answer("Ana <ana@unece.org>", "post@mfa.no", "q2@mfa.no", "b@unece.org", "pass"), now);
    stage.wait(1).await;
    assert_eq!(asked(&stage, "M-000001").await, "", "the colleague has answered it");
    assert_eq!(asked(&stage, "M-000006").await, "", "and nobody is to answer that");
    let told = history(&stage, "M-000001").await;
    let closed: Vec<&String> =
        told.iter().filter(|what| what.contains("question of correspondence is closed")).collect();
    assert_eq!(closed.len(), 1, "{told:?}");
    assert!(closed[0].starts_with("ana@unece.org answered it on 2020-09-02"), "{}", closed[0]);
    assert!(closed[0].contains("(M-000006)") && closed[0].contains("“Re: Greetings from Oslo”"), "{}", closed[0]);
    let beside = asked(&stage, "M-000002").await;
    assert!(beside.starts_with(&announced) && beside.contains("A colleague answered on"), "{beside}");
    assert!(beside.contains("(M-000007)"), "{beside}");
    assert_eq!(asked(&stage, "M-000003").await, ASKED, "nobody has answered that one");
    assert_eq!(stage.posted().len(), 0, "and no letter left for it");
    assert_eq!(register_then(&stage, known_then).await, then, "what was known then is what it was");
});

/// What the log said at a time.
async fn register_then(stage: &Stage, at: jiff::Timestamp) -> Vec<(String, Option<String>)> {
    let filter = docket::desk::view::LogFilter { known_at: Some(at), ..Default::default() };
    stage.desk().log(&filter).await.unwrap().into_iter().map(|line| (line.number, line.waiting)).collect()
}

both!(an_answer_in_the_sent_folder_is_seen_once_and_is_no_mail_to_us, async |db: Database| {
    let mut stage = stage(db).await;
    let mut answers = Answers::new(stage.shared_instance());
    let now = stage.clock.now();
    // It was sent before the program saw what it answers.
    send(
        &stage,
        "1:2,S",
        &answer("Secretariat <gcm-review@example.org>", "Post@MFA.no", "q1@mfa.no", "a@x.test", "none"),
    );
    answers.step().await.unwrap();
    assert_eq!(stage.number("SELECT COUNT(*) FROM sent_seen").await, 0, "what came by then is not read yet");
    stage.deliver("1.mail", &question(NORWAY, "q1@mfa.no"), now);
    stage.deliver("2.mail", &announcement("q2@mfa.no"), now);
    look(&mut stage, &mut answers).await;
    assert_eq!(asked(&stage, "M-000001").await, "");
    let told = history(&stage, "M-000001").await;
    assert!(told.iter().any(|what| what.contains("in the folder Sent") && what.contains("is closed")), "{told:?}");

    let sent = |answers: &str, id: &str| answer("Ana <ana@unece.org>", "post@mfa.no", answers, id, "none");
    send(&stage, "2:2,S", &sent("q2@mfa.no", "b@unece.org"));
    // A letter of ours that a server has put there, and mail that has nothing to do with the log.
    send(&stage, "3:2,S", &sent("q2@mfa.no", &format!("docket.7.{}@example.org", "0a".repeat(16))));
    send(&stage, "4:2,S", &sent("elsewhere@mfa.no", "c@unece.org"));
    look(&mut stage, &mut answers).await;
    let beside = asked(&stage, "M-000002").await;
    assert!(beside.contains("A colleague answered on") && beside.contains("in the folder Sent"), "{beside}");
    assert_eq!(stage.number("SELECT COUNT(*) FROM event WHERE kind = 'answered'").await, 2);
    // A mail program marks it, the process ends, and all is as it was.
    fs::rename(stage.maildir(0).join(".Sent/cur/2:2,S"), stage.maildir(0).join(".Sent/cur/2:2,FS")).unwrap();
    stage.restart().await;
    let mut again = Answers::new(stage.shared_instance());
    look(&mut stage, &mut again).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM event WHERE kind = 'answered'").await, 2, "it is seen once");
    // Nor is it another answer where the same mail comes in copy, too.
    stage.deliver("3.mail", &sent("q2@mfa.no", "b@unece.org"), now);
    look(&mut stage, &mut again).await;
    assert_eq!(asked(&stage, "M-000002").await, beside);
    assert_eq!((stage.log().await.len(), stage.posted().len()), (3, 0), "sent mail is neither logged nor answered");
    assert_eq!(stage.number("SELECT COUNT(*) FROM message").await, 3);
});

both!(a_reference_or_a_number_in_the_subject_is_an_answer_too, async |db: Database| {
    let mut stage = stage(db).await;
    let mut answers = Answers::new(stage.shared_instance());
    stage.deliver("1.mail", &question(NORWAY, "q1@mfa.no"), stage.clock.now());
    look(&mut stage, &mut answers).await;
    let mail = Mail::from("Ana <ana@unece.org>").to("post@mfa.no").subject("Your letter M-000001").body("Greetings.");
    send(&stage, "1:2,S", &mail.raw());
    look(&mut stage, &mut answers).await;
    assert_eq!(asked(&stage, "M-000001").await, "");
});

both!(a_folder_that_is_not_there_is_said_and_stops_nothing, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-02T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].answers = Some("Sent".to_owned());
    })
    .await;
    let mut answers = Answers::new(stage.shared_instance());
    stage.deliver("1.mail", &question(NORWAY, "q1@mfa.no"), stage.clock.now());
    stage.work().await;
    assert_eq!(answers.step().await.unwrap(), Outcome::Idle);
    assert_eq!(asked(&stage, "M-000001").await, ASKED);
    let mut forgetful = Answers::new(stage.shared_instance());
    fs::create_dir_all(stage.maildir(0).join("Sent/cur")).unwrap();
    fs::create_dir_all(stage.maildir(0).join("Sent/new")).unwrap();
    let raw = answer("Ana <ana@unece.org>", "post@mfa.no", "q1@mfa.no", "a@unece.org", "none");
    fs::write(stage.maildir(0).join("Sent/new/1"), raw).unwrap();
    look(&mut stage, &mut forgetful).await;
    assert_eq!(asked(&stage, "M-000001").await, "", "a folder without a dot serves as well");
});
