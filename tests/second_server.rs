//! A mailbox on a server of another kind: what holds with Dovecot holds with Cyrus.

use std::time::{Duration, Instant};

use docket::pipeline::Received;
use jiff::Timestamp;

use crate::{
    fixture::{Database, both, cyrus::Cyrus, pump::Pump},
    store::seed::sha256,
};

/// The time at which everything arrived, in IMAP's words.
const ARRIVED: &str = "10-Sep-2020 09:58:00 +0200";

fn small(n: usize) -> Vec<u8> {
    format!("From: s{n}@example.org\r\nSubject: message {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nText {n}.\r\n")
        .into()
}

fn ten_o_clock() -> Timestamp {
    "2020-09-10T08:00:00Z".parse().unwrap()
}

both!(batches_folders_and_people_at_work, async |db: Database| {
    let server = Cyrus::start();
    let mut person = server.person();
    for n in 0..230 {
        person.appends("INBOX", ARRIVED, &small(n));
    }
    for n in 230..240 {
        person.appends("Archive", ARRIVED, &small(n));
    }
    let large = [small(240), vec![b'x'; 2 << 20]].concat();
    person.appends("INBOX", ARRIVED, &large);
    let account = server.account(&["INBOX", "Archive"]);
    let pump = Pump::open(db.url(), account, 9, ten_o_clock()).await.unwrap();
    let mut receiver = pump.receiver().await;
    assert_eq!(receiver.step().await.unwrap(), Received { new: 241, ..Received::default() });
    for n in [0, 117, 239] {
        let kept = format!("SELECT COUNT(*) FROM message WHERE sha256 = '{}'", sha256(&small(n)));
        assert_eq!(db.number(&kept).await, 1, "byte by byte");
    }
    let kept = format!("SELECT COUNT(*) FROM message WHERE sha256 = '{}'", sha256(&large));
    assert_eq!(db.number(&kept).await, 1);
    let arrived = ten_o_clock().as_microsecond() - 120_000_000;
    let by_the_server = format!("SELECT COUNT(*) FROM message WHERE received = {arrived} AND clock = 'internal_date'");
    assert_eq!(db.number(&by_the_server).await, 241);

    // People read, mark, delete, and move there and back; a message comes in the meantime.
    person.says("SELECT INBOX");
    assert!(!person.says("FETCH 1:* (FLAGS)").contains("\\Seen"), "what nobody has read is unread");
    person.says("STORE 1:20 +FLAGS (\\Seen \\Flagged)");
    person.says("UID MOVE 30:40 Archive");
    person.says("STORE 5 +FLAGS (\\Deleted)");
    person.says("EXPUNGE");
    person.appends("INBOX", ARRIVED, &small(300));
    assert_eq!(receiver.step().await.unwrap(), Received { new: 1, known: 11, ..Received::default() });
    person.says("SELECT Archive");
    person.says("UID MOVE 1:5 INBOX");
    assert_eq!(receiver.step().await.unwrap(), Received { known: 5, ..Received::default() });
    assert_eq!(receiver.step().await.unwrap(), Received::default());
    assert_eq!(db.number("SELECT COUNT(*) FROM message").await, 242);
    assert_eq!(db.number("SELECT COUNT(*) - MAX(number) FROM message").await, 0);
});

#[test]
fn new_mail_is_announced() {
    crate::fixture::on(crate::fixture::Kind::Sqlite, async |db: Database| {
        let server = Cyrus::start();
        let pump = Pump::open(db.url(), server.account(&["INBOX"]), 9, ten_o_clock()).await.unwrap();
        let mut receiver = pump.receiver().await;
        assert_eq!(receiver.step().await.unwrap(), Received::default());
        server.person().appends("INBOX", ARRIVED, &small(1));
        let waited = Instant::now();
        receiver.news(Duration::from_mins(5)).await.unwrap();
        assert!(waited.elapsed() < Duration::from_mins(1), "{:?}", waited.elapsed());
        assert_eq!(receiver.step().await.unwrap().new, 1);
    });
}
