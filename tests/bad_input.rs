//! What a mailbox really brings, through the whole pipeline: whatever it is, it is kept byte for byte and in the log with
//! the reason in a sentence, and what comes behind it is filed.

use std::{fs, io::Write as _, os::unix::fs::symlink, process::Command, sync::Arc, time::Duration};

use docket::{
    core::file::{Format, Outcome},
    desk::view::Entry,
    mailbox::{Maildir, Seen},
    store::LetterState,
};
use tokio::time::timeout;

use crate::{
    extract::{
        build::{Docx, zip},
        tnef::winmail_by_reference,
    },
    fixture::intake::{Intake, document, good_mail, mail},
};

const FROM: &str = "Mission of Sweden <geneva@gov.se>";
const SUBJECT: &str = "Sweden: input to the regional review";

/// Has an intake receive something bad and a good message behind it, checks what holds for all that is bad, and yields
/// the entry of the bad one.
async fn survived(raw: &[u8]) -> (Intake, Entry) {
    let mut intake = Intake::open().await;
    intake.deliver("1.bad", raw);
    intake.deliver("2.good", &good_mail("good"));
    let received = intake.work().await;
    assert_eq!((received.new, received.refused), (2, 0));
    let log = intake.log().await;
    let numbers: Vec<&str> = log.iter().map(|line| line.number.as_str()).collect();
    assert_eq!(numbers, ["M-000001", "M-000002"]);
    let good = &log[1];
    assert_eq!(good.reference.as_deref().map(|reference| &reference[..13]), Some("GCM-ECE-2020-"), "{good:?}");
    assert_eq!(good.states.iter().map(ToString::to_string).collect::<Vec<_>>(), ["NOR"]);
    assert_eq!(good.letters, ["acknowledgement: sent"]);
    let bad = intake.entry("M-000001").await;
    assert!(intake.original(&bad).await == raw, "the original is not what came");
    assert_eq!(bad.size, raw.len() as u64);
    assert_ne!(bad.state, "stored", "it is not taken up again and again");
    assert_eq!(intake.work().await.new, 0, "nothing is received twice");
    (intake, bad)
}

/// What a person is told of an entry that could not be read.
fn waiting(entry: &Entry) -> &str {
    let waiting = entry.items[0].waiting.as_deref().expect("it waits for a person");
    assert!(waiting.ends_with('.'), "not a sentence: {waiting}");
    waiting
}

/// Bytes without a pattern.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_message_are_left_to_a_person() {
    for (raw, reason) in [
        (noise(100_000), "This is no email"),
        (b"Once upon a time there was a file\nwithout any header.\n".to_vec(), "This is no email"),
        (vec![0; 4096], "The file is empty"),
        (Vec::new(), "The file is empty"),
        (document(50), "This is no email"),
    ] {
        let (intake, bad) = survived(&raw).await;
        assert_eq!(bad.state, "parked");
        assert!(waiting(&bad).contains(reason), "{}", waiting(&bad));
        assert_eq!(intake.log().await[0].waiting, bad.items[0].waiting, "the log says it too");
        assert!(bad.letters.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_empty_files_are_two_messages() {
    let mut intake = Intake::open().await;
    intake.deliver("1", b"");
    intake.deliver("2", b"");
    assert_eq!(intake.work().await.new, 2);
    assert_eq!(intake.log().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_over_the_limit_is_logged_from_its_header() {
    let mut intake = Intake::open().await;
    let head = mail("large", FROM, SUBJECT, &[]);
    let size = 50 << 20;
    intake.deliver_file("1.large", |path| {
        let mut file = fs::File::create(path).unwrap();
        file.write_all(&head).unwrap();
        file.set_len(size).unwrap();
    });
    intake.deliver("2.good", &good_mail("good"));
    assert_eq!(intake.work().await.new, 2);
    let log = intake.log().await;
    assert!(log[1].reference.is_some(), "what came behind it is filed: {:?}", log[1]);
    let entry = intake.entry("M-000001").await;
    assert_eq!((entry.state.as_str(), entry.size), ("parked", size));
    assert_eq!(
        waiting(&entry),
        "It could not be read: It is larger than the 35 MiB that are read; a person must open it."
    );
    assert_eq!(entry.from.as_deref(), Some("Mission of Sweden <geneva@gov.se>"));
    assert_eq!(entry.subject.as_deref(), Some(SUBJECT));
    assert_eq!(entry.message_id.as_deref(), Some("large@ministry.test"));
    assert!(entry.items[0].evidence.iter().any(|evidence| evidence.iso3.as_str() == "SWE"), "{:?}", entry.items[0]);
    assert!(entry.files.is_empty() && entry.body.is_empty(), "it was not read");
    let original = intake.original(&entry).await;
    assert!(
        original.len() as u64 == size && original.starts_with(&head) && original[head.len()..].iter().all(|b| *b == 0)
    );
}

/// The one file of an input, with the reason why it was not read.
fn only_file(entry: &Entry) -> (Format, Outcome, &str) {
    let [file] = entry.files.as_slice() else { panic!("one file: {:?}", entry.files) };
    (file.format, file.outcome, file.detail.as_deref().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_cannot_be_read_are_named_with_the_reason() {
    let bomb = {
        let zeros = format!("<w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>", " ".repeat(120 << 20));
        Docx::raw(&zeros).bytes()
    };
    assert!(bomb.len() < 1 << 20, "a bomb is small");
    let encrypted = fs::read("config/demo/documents/denmark.pdf").unwrap();
    let mut program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec();
    program.extend(noise(4000));
    for (name, bytes, expected) in [
        ("input.docx", bomb, (Format::Docx, Outcome::TooLarge, "more than is safe")),
        ("input.pdf", encrypted, (Format::Pdf, Outcome::Encrypted, "password")),
        ("input.docx", program, (Format::Executable, Outcome::Unsupported, "This is a program")),
        ("input.docx", Vec::new(), (Format::Unknown, Outcome::NoText, "empty (0 bytes)")),
        ("input.docx", document(400)[..600].to_vec(), (Format::Docx, Outcome::Damaged, "damaged")),
        ("winmail.dat", winmail_by_reference(), (Format::Tnef, Outcome::NotRead, "“input.pdf” is not in it")),
    ] {
        let raw = mail("bad", FROM, SUBJECT, &[(name, &bytes)]);
        let (_, entry) = survived(&raw).await;
        assert_eq!(entry.state, "read");
        let (format, outcome, detail) = only_file(&entry);
        assert_eq!(outcome, expected.1, "{name}: {format:?} {detail}");
        assert!(format == expected.0 || bytes.is_empty(), "{name}: {format:?} {detail}");
        assert!(detail.contains(expected.2) && detail.ends_with('.'), "{name}: {detail}");
        assert_eq!(entry.relevance.as_deref(), Some("input"), "{name} came from a government that announces it");
        assert!(entry.items[0].waiting.is_some(), "{name}: a person looks at it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_within_messages_end_somewhere() {
    let mut raw = mail("nested", FROM, SUBJECT, &[]);
    let header = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let media_type = raw.windows(13).position(|w| w == b"Content-Type:").unwrap();
    assert!(media_type < header);
    raw.truncate(media_type);
    for _ in 0..20_000 {
        raw.extend_from_slice(b"Content-Type: message/rfc822\r\n\r\n");
    }
    raw.extend_from_slice(b"Subject: the innermost\r\n\r\nText.\r\n");
    let (_, entry) = survived(&raw).await;
    assert_eq!(entry.state, "read");
    assert!(entry.files.len() <= 200, "{}", entry.files.len());
    let said = entry.defects.iter().map(String::as_str).chain(entry.files.iter().filter_map(|f| f.detail.as_deref()));
    let said: Vec<&str> = said.collect();
    assert!(said.iter().any(|s| s.contains("16") || s.contains("deep")), "the limit is named: {said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn archives_within_archives_end_somewhere() {
    let mut inner = zip(&[("input.txt", b"text")]);
    for _ in 0..40 {
        inner = zip(&[("inner.zip", &inner)]);
    }
    let (_, entry) = survived(&mail("bad", FROM, SUBJECT, &[("input.zip", &inner)])).await;
    assert_eq!(entry.files.len(), 17, "the archive and sixteen levels in it");
    let last = entry.files.last().unwrap();
    assert_eq!(last.outcome, Outcome::NotRead);
    assert!(last.detail.as_deref().unwrap().contains("too deep to be listed"), "{:?}", last.detail);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_file_gets_no_number_and_blocks_nothing() {
    let mut intake = Intake::open().await;
    fs::create_dir(intake.place("1.folder")).unwrap();
    let outside = intake.folder().join("secret");
    fs::write(&outside, good_mail("elsewhere")).unwrap();
    symlink(&outside, intake.place("2.link")).unwrap();
    symlink("/nowhere", intake.place("3.dangling")).unwrap();
    // Opening a FIFO waits for somebody to write: it must not even be tried.
    assert!(Command::new("mkfifo").arg(intake.place("4.fifo")).status().unwrap().success());
    intake.deliver("5.good", &good_mail("good"));
    let received = intake.work().await;
    assert_eq!((received.new, received.refused), (1, 4));
    let log = intake.log().await;
    assert_eq!(log.len(), 1);
    assert!(log[0].reference.is_some());
    assert_eq!(log[0].number, "M-000001", "what is no message takes no number");
    assert_eq!(intake.work().await.refused, 0, "each is named once");
    let said = intake.texts("SELECT payload FROM event WHERE kind = 'not_a_message' ORDER BY id").await;
    assert_eq!(
        said,
        [
            r#"{"is":"folder","kind":"not_a_message","name":"1.folder","v":1}"#,
            r#"{"is":"special","kind":"not_a_message","name":"2.link","v":1}"#,
            r#"{"is":"special","kind":"not_a_message","name":"3.dangling","v":1}"#,
            r#"{"is":"special","kind":"not_a_message","name":"4.fifo","v":1}"#,
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_larger_than_any_mail_is_left_where_it_is() {
    let mut intake = Intake::open().await;
    intake.deliver_file("1.huge", |path| fs::File::create(path).unwrap().set_len(5 << 30).unwrap());
    intake.deliver("2.good", &good_mail("good"));
    let received = intake.work().await;
    assert_eq!((received.new, received.refused), (1, 1));
    let said = intake.texts("SELECT payload FROM event WHERE kind = 'not_a_message'").await;
    let facts = r#"{"is":"too_large","kind":"not_a_message","mebibytes":5120,"most":1024,"name":"1.huge","v":1}"#;
    assert_eq!(said, [facts]);
    let seen = intake.texts("SELECT reason FROM sighting WHERE disposition = 'not_a_message'").await;
    assert!(seen[0].contains("“1.huge” has 5120 MiB, and 1024 MiB"), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_moves_or_goes_is_no_failure() {
    let mut intake = Intake::open().await;
    intake.deliver("1.gone", &good_mail("gone"));
    intake.deliver("2.moved", &good_mail("moved"));
    let maildir = Maildir::at(&intake.folder().join("mail"));
    let listed = maildir.list().unwrap();
    fs::remove_file(intake.place("1.gone")).unwrap();
    let moved = intake.folder().join("mail/cur/2.moved:2,S");
    fs::rename(intake.place("2.moved"), &moved).unwrap();
    for found in &listed {
        assert!(matches!(maildir.read(found), Ok(Seen::Gone)), "{found:?} is not where it was listed");
    }
    assert_eq!(intake.work().await.new, 1, "the next look finds what moved");
    fs::rename(&moved, intake.folder().join("mail/cur/2.moved:2,RS")).unwrap();
    assert_eq!(intake.work().await, docket::pipeline::Received::default(), "new marks make no new message");
    fs::remove_dir_all(intake.folder().join("mail/cur")).unwrap();
    fs::create_dir(intake.folder().join("mail/cur")).unwrap();
    intake.work().await;
    assert_eq!(intake.log().await.len(), 1, "what people delete stays in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_headers_make_no_hostile_letter() {
    let subject = "=?utf-8?q?Input_to_the_regional_review=0D=0ABcc:_everyone=40evil.test=0D=0A=0D=0AText?=";
    let name = "=?utf-8?q?Ministry=0D=0ABcc:_evil?=";
    let mut intake = Intake::open().await;
    intake.deliver("1", &mail("plain", &format!("{name} <post@mfa.no>"), subject, &[("input.docx", &document(100))]));
    let name = "=?utf-8?q?=0D=0ABcc:_everyone=40evil.test?=";
    intake.deliver("2", &mail("claims", &format!("{name} <post@mfa.no>"), subject, &[("input.docx", &document(90))]));
    intake.work().await;
    let [Ok(letter)] = &intake.desk.letters().await.unwrap()[..] else { panic!("one letter") };
    assert_eq!(letter.state, LetterState::Sent, "{letter:?}");
    let sent = fs::read_to_string(intake.folder().join(format!("letters/L-{:06}.eml", letter.id))).unwrap();
    let (head, _) = sent.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{head}");
    let answer = intake.entry("M-000002").await.answer.unwrap();
    assert!(answer.starts_with("Not answered: The display name claims another address"), "{answer}");
}

#[tokio::test]
async fn of_large_messages_one_is_in_memory_at_a_time() {
    let mut intake = Intake::open().await;
    let instance = Arc::clone(&intake.instance);
    let another = instance.room_for(Some(25 << 20)).await;
    assert!(another.is_some() && instance.room_for(Some(1 << 20)).await.is_none());
    intake.deliver("1.large", &[good_mail("large"), b"\r\n".repeat(5 << 20)].concat());
    assert_eq!(intake.receive().await.new, 1);
    assert!(timeout(Duration::from_secs(1), intake.work()).await.is_err(), "it was read beside another large one");
    drop(another);
    intake.work().await;
    assert_eq!(intake.log().await[0].letters, ["acknowledgement: sent"]);
}
