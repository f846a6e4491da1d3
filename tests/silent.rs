//! A database that falls silent, or stays locked: what was in hand is taken up again as soon as it answers, nothing is done
//! twice, and a stop waits for it no more than for anything else.

use std::{
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use docket::{
    pipeline::{Outcome, PipelineError, Received},
    store::{ConnectError, Db, Patience, StoreError},
};
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{sync::Notify, time::sleep};

use crate::{
    crash::{
        mail::{Kind as Of, Mail},
        plan::Extent,
        verdict,
    },
    dialogs::smtp_peer::{At, Peer, say},
    fixture::{
        Database, Kind,
        dice::Dice,
        dovecot::Dovecot,
        intake::{document, good_mail, mail},
        on,
        program::Daemon,
        proxy::{Fate, Proxy},
        pump::Pump,
        station::{Relay, Station},
    },
};

/// Too little for a server that is far, and enough for one on this machine.
const HASTY: Patience = Patience {
    locked: Duration::from_millis(200),
    answer: Duration::from_millis(500),
    awake: Duration::from_millis(250),
    connect: Duration::from_millis(500),
};
/// What is left to do, or still held.
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored')
    + (SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending') OR lease_until > 0)";
const SENT: &str = "SELECT COUNT(*) FROM letter WHERE state = 'sent'";
const UNCERTAIN: &str = "SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'";

fn noon() -> Timestamp {
    "2020-09-10T12:00:00Z".parse().unwrap()
}

/// A way to the database with fates of its own, and the address by it.
fn through(db: &Database, own: &Path, fate: impl Fn(usize) -> Fate + Send + Sync + 'static) -> (Proxy, String) {
    let (base, host) = db.url().split_once("host=").unwrap();
    let (host, rest) = host.split_once('&').unwrap();
    let proxy = Proxy::before_postgres(Path::new(host), own, fate);
    (proxy, format!("{base}host={}&{rest}", own.display()))
}

/// A step that failed because the database did not answer; all else is a failure of the test.
fn silent<T>(step: Result<T, PipelineError>) -> Option<T> {
    step.inspect_err(|error| assert!(error.is_temporary(), "{error}")).ok()
}

/// In the middle of anything, a commit among it: it is done, or it is not, and the program is told neither.
#[test]
fn wherever_the_database_falls_silent_all_goes_on_and_nothing_is_done_twice() {
    on(Kind::Postgres, async |db: Database| {
        let mut server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let own = tempfile::tempdir().unwrap();
        let dice = Mutex::new(Dice::new(Extent::asked().seed));
        let fates = move |n| match n {
            0..2 => Fate::Holds,
            _ if n % 40 == 39 || n > 60 => Fate::Holds,
            _ => Fate::FallsSilent(600 + dice.lock().unwrap().below(8_000)),
        };
        let (proxy, url) = through(&db, own.path(), fates);
        let pump = Pump::open_with(&url, server.account(), peer.address.port(), noon(), HASTY).await.unwrap();
        let (mut receiver, reader, post) = (pump.receiver().await, pump.reader(), pump.post());
        // The first connection has lived long enough.
        pump.instance.db.close().await;
        let (mut delivered, mut dice) = (Mail::default(), Dice::new(1));
        for round in 0..3 {
            for kind in [Of::Document, Of::Text, Of::Twin] {
                server.deliver("INBOX", &delivered.make(kind, &mut dice), noon());
            }
            let began = Instant::now();
            loop {
                let looked = silent(receiver.step().await);
                let read = silent(reader.step().await);
                let posted = silent(post.step().await);
                let idle = matches!(looked, Some(Received { new: 0, unreadable: 0, .. }))
                    && matches!((read, posted), (Some(Outcome::Idle), Some(Outcome::Idle)));
                if idle && db.number(LEFT).await == 0 {
                    break;
                }
                assert!(began.elapsed() < Duration::from_mins(1), "round {round} never comes to its end");
                pump.minutes_pass(2);
            }
        }
        assert!(proxy.cuts() >= 6, "{} silences", proxy.cuts());
        verdict::each_message_is_logged_once(&db, &delivered.delivered).await;
        verdict::numbers_have_no_gaps(&db).await;
        verdict::letters_left_once(&db, &delivered.delivered, 0, &peer.taken()).await;
        assert_eq!(db.number(UNCERTAIN).await, 0, "what became of a letter was always known, and recorded in the end");
    });
}

/// All connections at once, as when a firewall forgets them: those that waited for work cost a moment, and not one each.
#[test]
fn connections_that_fell_silent_while_they_waited_are_all_given_up_at_once() {
    on(Kind::Postgres, async |db: Database| {
        let own = tempfile::tempdir().unwrap();
        let (proxy, url) = through(&db, own.path(), |_| Fate::Holds);
        let through = Db::open_with(&url, HASTY).await.unwrap();
        let mut busy = Vec::new();
        for _ in 0..8 {
            busy.push(through.begin().await.unwrap());
        }
        let crowded = through.begin().await.unwrap_err();
        assert!(matches!(&crowded, StoreError::Connect(ConnectError::Busy(..))) && crowded.is_temporary(), "{crowded}");
        for tx in busy {
            tx.roll_back().await.unwrap();
        }
        proxy.falls_dead();
        let began = Instant::now();
        let silent = through.begin().await.unwrap_err();
        assert!(matches!(silent, StoreError::Connect(ConnectError::Silent(..))) && silent.is_away(), "{silent}");
        assert!(began.elapsed() < 2 * (HASTY.awake + HASTY.connect), "{:?}", began.elapsed());
        proxy.works_again();
        let mut tx = through.begin().await.unwrap();
        assert_eq!(tx.take_number("message").await.unwrap(), 1);
        proxy.falls_dead();
        assert!(matches!(tx.take_number("message").await, Err(StoreError::Silent(_))));
        assert!(matches!(tx.take_number("message").await, Err(StoreError::Silent(_))), "it is not asked again");
        assert!(matches!(tx.commit().await, Err(StoreError::Silent(_))));
        let began = Instant::now();
        through.close().await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    });
}

#[test]
fn a_transaction_of_which_a_statement_failed_is_not_said_to_be_committed() {
    on(Kind::Postgres, async |db: Database| {
        db.tamper("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'")
            .await;
        db.tamper("CREATE TRIGGER refuse BEFORE INSERT ON lease FOR EACH ROW EXECUTE FUNCTION refuse()").await;
        let mut tx = db.begin().await.unwrap();
        tx.take_number("message").await.unwrap();
        assert!(tx.take_lease("post", "a", Duration::from_mins(1)).await.is_err());
        let error = tx.commit().await.unwrap_err();
        assert!(error.to_string().contains("a statement failed"), "{error}");
        let mut tx = db.begin().await.unwrap();
        assert_eq!(tx.take_number("message").await.unwrap(), 1, "and the connection is good for the next");
    });
}

/// The program itself, with all its limits: first cut off for a while, then for good.
#[test]
fn cut_off_from_the_database_it_works_again_within_seconds_and_ends_when_it_is_told_to() {
    on(Kind::Postgres, async |db: Database| {
        let mut server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let own = tempfile::tempdir().unwrap();
        let (proxy, url) = through(&db, own.path(), |_| Fate::Holds);
        let relay = Relay { port: peer.address.port(), authority: None };
        let station = Station::new(&server.account(), relay, &url, "");
        let mut daemon = station.start();
        server.deliver("INBOX", &good_mail("a"), Timestamp::now());
        until(&mut daemon, "the first letter leaves", async || db.number(SENT).await == 1).await;
        proxy.falls_dead();
        server.deliver("INBOX", &good_mail("b"), Timestamp::now());
        sleep(Duration::from_secs(6)).await;
        proxy.works_again();
        let again = Instant::now();
        until(&mut daemon, "the next letter leaves", async || db.number(SENT).await == 2).await;
        assert!(again.elapsed() < Duration::from_secs(15), "{:?}\n{}", again.elapsed(), station.said());
        proxy.falls_dead();
        sleep(Duration::from_millis(500)).await;
        let stopped = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &daemon.pid().to_string()]).status().unwrap().success());
        let status = daemon.ended(Duration::from_secs(20));
        let took = stopped.elapsed();
        assert!(took < Duration::from_secs(14), "{took:?}\n{}", station.said());
        assert!(!status.success(), "it could not say its last words");
        assert_eq!((peer.taken().len(), db.number(UNCERTAIN).await), (2, 0));
    });
}

/// Waits until something holds; a daemon that ended, or a minute without it, is a failure.
async fn until(daemon: &mut Daemon, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds().await {
        assert!(Instant::now() < deadline, "never came true: {what}\n{}", daemon.said());
        assert!(daemon.has_ended().is_none(), "the daemon ended before: {what}\n{}", daemon.said());
        sleep(Duration::from_millis(20)).await;
    }
}

/// What was claimed before another process kept the file for itself is done right after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_stays_locked_keeps_nothing_claimed_and_no_letter_goes_twice() {
    let bell = Arc::new(Notify::new());
    let ring = Arc::clone(&bell);
    let peer = Peer::start(move |at, _| (at == At::Dot).then(|| say("250 2.0.0 queued\r\n").after(&bell))).await;
    let mut server = Dovecot::start();
    let db = Database::fresh(Kind::Sqlite).await;
    let pump = Pump::open_with(db.url(), server.account(), peer.address.port(), noon(), HASTY).await.unwrap();
    let (mut receiver, reader, post) = (pump.receiver().await, Arc::new(pump.reader()), Arc::new(pump.post()));
    let files = [("input.docx", document(60_000))];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    server.deliver("INBOX", &mail("a", "Ministry <post@mfa.no>", "Norway: input", &files), noon());
    receiver.step().await.unwrap();
    let options = SqliteConnectOptions::new().filename(db.folder().join("docket.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    let reading = tokio::spawn({
        let reader = Arc::clone(&reader);
        async move { reader.step().await }
    });
    while db.number("SELECT COUNT(*) FROM message WHERE lease_until > 0").await == 0 {
        tokio::task::yield_now().await;
    }
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = reading.await.unwrap().unwrap_err();
    assert!(error.is_away(), "{error}");
    assert!(reader.step().await.is_err(), "it stays locked");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(reader.step().await.unwrap(), Outcome::Worked);
    assert_eq!(db.number("SELECT attempts FROM message WHERE state = 'read'").await, 1, "it was no attempt");

    let posting = tokio::spawn({
        let post = Arc::clone(&post);
        async move { post.step().await }
    });
    peer.was_asked(At::Dot, 1).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    ring.notify_one();
    // Longer than it is tried where the database answers with a refusal.
    sleep(Duration::from_secs(5)).await;
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(posting.await.unwrap().unwrap(), Outcome::Worked);
    assert_eq!((db.number(SENT).await, db.number(UNCERTAIN).await, peer.taken().len()), (1, 0, 1));
    assert_eq!(db.number(LEFT).await, 0);
}
