//! A slow process that another overtakes, wherever it stands: what it does when it goes on changes nothing.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use docket::{
    pipeline::{Outcome, PipelineError, Post, Reader, Received},
    store::{CopyState, LetterState, Tried},
};
use jiff::Timestamp;
use tokio::time::timeout;

use crate::{
    dialogs::smtp_peer::Peer,
    fixture::{
        Database, Kind, both,
        dovecot::{Dovecot, USER},
        intake::{document, mail},
        on,
        pump::Pump,
    },
    imap::small,
    store::seed::{claimed, gone, not_fetched, now, receive},
};

/// How often a slow step has waited when it is overtaken.
const WAITS: [usize; 12] = [1, 2, 3, 4, 5, 8, 13, 21, 34, 55, 89, 144];

/// Lets a step go on until it has waited so often, has another do its work, and then lets the slow one go on. Where that
/// holds rows the other waits for it, and both go on together.
async fn overtaken<T>(waits: usize, slow: impl Future<Output = T>, other: impl Future<Output = ()>) -> T {
    let (mut slow, mut other, mut left) = (pin!(slow), pin!(other), waits);
    let early = poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        slow.as_mut().poll(context).map(Some)
    });
    if let Some(done) = early.await {
        other.await;
        return done;
    }
    match timeout(Duration::from_secs(1), other.as_mut()).await {
        Ok(()) => slow.await,
        Err(_) => tokio::join!(slow, other).0,
    }
}

/// Two processes on one database, one mailbox and one mail server.
struct Two {
    server: Dovecot,
    peer: Peer,
    slow: Pump,
    fast: Pump,
}

impl Two {
    async fn on(db: &Database) -> Self {
        let server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let open = || Pump::open(db.url(), server.account(), peer.address.port(), Timestamp::now());
        let (slow, fast) = (open().await.unwrap(), open().await.unwrap());
        Self { server, peer, slow, fast }
    }

    /// An input of a ministry of its own.
    fn deliver(&mut self, n: usize) {
        let from = format!("Ministry <desk{n}@mfa.no>");
        let files = [("input.docx", document(100 + n))];
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        self.server.deliver("INBOX", &mail(&format!("m{n}"), &from, "Norway: input", &files), Timestamp::now());
    }
}

/// A slow one may find that another was faster; it must not say that its own work is at fault for good.
fn may_fail<T>(done: Result<T, PipelineError>) {
    if let Err(error) = done {
        assert!(error.is_temporary(), "{error}");
    }
}

async fn read_all(reader: &Reader) {
    while reader.step().await.unwrap() == Outcome::Worked {}
}

async fn post_all(post: &Post) {
    while post.step().await.unwrap() == Outcome::Worked {}
}

#[test]
fn receiving() {
    on(Kind::Postgres, async |db: Database| {
        let mut two = Two::on(&db).await;
        let (mut slow, mut fast) = (two.slow.receiver().await, two.fast.receiver().await);
        let mut total = 0;
        for (waits, round) in WAITS.into_iter().zip(1_i64..) {
            for _ in 0..3 {
                total += 1;
                two.server.deliver("INBOX", &small(total), Timestamp::now());
            }
            if round % 3 == 0 {
                let validity = (1000 * round).to_string();
                two.server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", &validity, "INBOX"]);
            }
            // Of two that store the same message at once, one is told so, and looks again.
            let other = async { may_fail(fast.step().await) };
            may_fail(Box::pin(overtaken(waits, slow.step(), other)).await);
            fast.step().await.unwrap();
            let looked = fast.step().await.unwrap();
            assert_eq!(looked, Received::default(), "after {waits} waits");
            let all = i64::try_from(total).unwrap();
            assert_eq!(db.number("SELECT COUNT(*) FROM message").await, all, "after {waits} waits");
            assert_eq!(db.number("SELECT MAX(number) FROM message").await, all, "after {waits} waits");
            assert_eq!(db.number("SELECT next_uid FROM folder WHERE name = 'INBOX'").await, all + 1);
            let not_stored = "SELECT COUNT(*) FROM sighting WHERE disposition <> 'stored' OR message_id IS NULL";
            assert_eq!(db.number(not_stored).await, 0, "after {waits} waits");
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'renumbered'").await, 4, "noticed once each");
    });
}

#[test]
fn reading() {
    on(Kind::Postgres, async |db: Database| {
        let mut two = Two::on(&db).await;
        let mut receiver = two.fast.receiver().await;
        let (slow, fast) = (two.slow.reader(), two.fast.reader());
        for (waits, n) in WAITS.into_iter().zip(1_usize..) {
            two.deliver(n);
            receiver.step().await.unwrap();
            let other = async {
                db.tamper("UPDATE message SET lease_until = 0 WHERE state = 'stored'").await;
                read_all(&fast).await;
            };
            may_fail(Box::pin(overtaken(waits, slow.step(), other)).await);
            read_all(&fast).await;
            let all = i64::try_from(n).unwrap();
            for what in ["message WHERE state = 'read'", "item", "file", "place", "letter", "event WHERE kind = 'read'"]
            {
                let count = db.number(&format!("SELECT COUNT(*) FROM {what}")).await;
                assert_eq!(count, all, "{what} after {waits} waits");
            }
            assert_eq!(db.number("SELECT COUNT(*) FROM finding WHERE kind = 'message'").await, all);
        }
    });
}

#[test]
fn sending() {
    on(Kind::Postgres, async |db: Database| {
        let mut two = Two::on(&db).await;
        let mut receiver = two.fast.receiver().await;
        let (reader, slow, fast) = (two.fast.reader(), two.slow.post(), two.fast.post());
        for (waits, n) in WAITS.into_iter().zip(1_usize..) {
            two.deliver(n);
            receiver.step().await.unwrap();
            read_all(&reader).await;
            two.slow.minutes_pass(1);
            two.fast.minutes_pass(1);
            let other = async {
                db.tamper("UPDATE letter SET lease_until = 0").await;
                post_all(&fast).await;
            };
            may_fail(Box::pin(overtaken(waits, slow.step(), other)).await);
            two.slow.minutes_pass(60);
            two.fast.minutes_pass(60);
            db.tamper("UPDATE letter SET lease_until = 0").await;
            post_all(&fast).await;
            assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE state <> 'sent'").await, 0, "after {waits} waits");
            let mut ids = two.peer.ids();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), n, "after {waits} waits: each letter has left");
            let uncertain = db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await;
            let repeated = two.peer.taken().len() - n;
            assert!(repeated <= usize::try_from(uncertain).unwrap(), "after {waits} waits: {repeated}, {uncertain}");
        }
    });
}

both!(what_is_said_too_late_of_a_message_in_a_folder, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    receive(&mut tx, "7.1", b"one").await;
    let (mailbox, _) = tx.mailbox("inputs", now()).await.unwrap();
    let folder = tx.folder(mailbox, "INBOX").await.unwrap();
    assert!(tx.folder_begins_again(folder, 0, 7).await.unwrap());
    tx.folder_moves_on(folder, 7, 5).await.unwrap();
    assert!(!tx.folder_begins_again(folder, 0, 6).await.unwrap(), "another has begun it again");
    let place = tx.folder_place(folder).await.unwrap();
    assert_eq!((place.validity, place.next), (7, 5));

    assert_eq!(tx.count_attempt(folder, "7.1", now(), None).await.unwrap(), None, "it is stored");
    tx.attempt_failed(folder, "7.1", true, "late").await.unwrap();
    tx.attempt_failed(folder, "7.1", false, "late").await.unwrap();
    assert!(!tx.pass_over(folder, "7.1", now(), &gone()).await.unwrap());
    for (attempts, told, announced) in [(1, None, None), (2, Some(26), Some(26)), (3, None, Some(26))] {
        let tried = tx.count_attempt(folder, "7.2", now(), told).await.unwrap();
        assert_eq!(tried, Some(Tried { attempts, announced }), "what was announced once is known from then on");
    }
    assert!(tx.pass_over(folder, "7.2", now(), &not_fetched()).await.unwrap());
    assert!(!tx.pass_over(folder, "7.2", now(), &gone()).await.unwrap(), "it has its end");
    tx.commit().await.unwrap();
    let late = "SELECT COUNT(*) FROM sighting WHERE reason = 'late' OR disposition = 'gone' OR attempts > 3";
    assert_eq!(db.number(late).await, 0);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind IN ('gone', 'not_fetched')").await, 1);
});

both!(a_copy_that_another_has_taken_up, async |db: Database| {
    let message = claimed(&db, "a").await;
    db.tamper(&format!(
        "INSERT INTO letter (occasion, message_id, kind, facts, language, template, recipient, subject, body, not_before, state,
             attempts, lease_until, epoch, decided_at, sent_at, copy_state)
         VALUES ('one', {}, 'received', '', 'en', '', 'a@mfa.no', '', '', 0, 'sent', 1, 0, 0, 0, 0, 'wanted')",
        message.id
    ))
    .await;
    let mut tx = db.begin().await.unwrap();
    let slow = tx.claim_copy(now(), now() + Duration::from_mins(5)).await.unwrap().expect("one is wanted");
    assert!(tx.copy_is_claimed(&slow).await.unwrap());
    assert!(tx.claim_copy(now(), now()).await.unwrap().is_none(), "it is taken up");
    let later = now() + Duration::from_mins(6);
    let fast = tx.claim_copy(later, later + Duration::from_mins(5)).await.unwrap().expect("its time is over");
    assert_eq!((fast.id, fast.attempts), (slow.id, 2), "a repetition, which searches first");
    assert!(!tx.copy_is_claimed(&slow).await.unwrap());
    assert!(!tx.copy_kept(&slow).await.unwrap());
    assert!(!tx.copy_later(&slow, later, "late").await.unwrap());
    assert!(!tx.copy_failed(&slow, "late").await.unwrap());
    assert!(tx.copy_is_claimed(&fast).await.unwrap() && tx.copy_kept(&fast).await.unwrap());
    let letter = tx.letter(fast.id).await.unwrap().expect("the letter");
    assert_eq!((letter.state, letter.copy_state), (LetterState::Sent, Some(CopyState::Kept)));
});

/// A process that was stopped within a transaction holds the counter of the intake numbers.
#[test]
fn a_transaction_that_sleeps_is_ended_and_did_not_happen() {
    on(Kind::Postgres, async |db: Database| {
        let other = db.open_again().await;
        let mut sleeps = db.begin().await.unwrap();
        assert_eq!(sleeps.take_number("message").await.unwrap(), 1);
        let next = async {
            let mut tx = other.begin().await.unwrap();
            let number = tx.take_number("message").await.unwrap();
            tx.commit().await.unwrap();
            number
        };
        let number = timeout(Duration::from_mins(2), next).await.expect("nobody waits for ever");
        assert_eq!(number, 1, "what slept has taken nothing");
        assert!(sleeps.take_number("message").await.is_err(), "and is told so");
    });
}
