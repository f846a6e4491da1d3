//! What happens around the program: a database that does not take anything, a machine that stops it, a process that sleeps
//! while another does its work. Nothing is lost, nothing leaves twice, and nobody has to help.

use std::{
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use docket::{
    config::{ImapConfig, MailSource, Proof, Secret},
    pipeline::PipelineError,
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{sync::Notify, time::sleep};

use crate::{
    dialogs::smtp_peer::{At, Peer, hang, say},
    fixture::{
        Database, Kind, both,
        dice::Dice,
        dovecot::Dovecot,
        intake::{PROGRAM, good_mail, mail},
        program::{Daemon, House},
        pump::Pump,
        station::{Relay, Station},
    },
};

const UNCERTAIN: &str = "SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'";
const SENT: &str = "SELECT COUNT(*) FROM letter WHERE state = 'sent'";

/// Waits until something holds; a daemon that ended, or two minutes without it, is a failure.
async fn until(daemon: &mut Daemon, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !holds().await {
        assert!(Instant::now() < deadline, "never came true: {what}\n{}", daemon.said());
        assert!(daemon.has_ended().is_none(), "the daemon ended before: {what}\n{}", daemon.said());
        sleep(Duration::from_millis(20)).await;
    }
}

fn station(server: &Dovecot, peer: &Peer, url: &str) -> Station {
    Station::new(&server.account(), Relay { port: peer.address.port(), authority: None }, url, "")
}

/// Sends a process a signal.
fn signal(daemon: &Daemon, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), daemon.pid().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_locked_nothing_is_marked_or_sent_and_then_all_goes_on() {
    let mut server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let db = Database::fresh(Kind::Sqlite).await;
    let station = station(&server, &peer, db.url());
    let mut daemon = station.start();
    until(&mut daemon, "it runs", async || daemon_says(&station, "docket runs")).await;
    let options = SqliteConnectOptions::new().filename(db.folder().join("docket.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    // Between two writes of the program, of which each keeps the file for an instant.
    while sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.is_err() {}
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    until(&mut daemon, "it says so", async || daemon_says(&station, "database is locked")).await;
    assert_eq!(peer.taken(), []);
    assert!(server.flags("INBOX").iter().all(|flags| !flags.contains("Seen") && !flags.contains("docket")));
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    until(&mut daemon, "the letter leaves", async || db.number(SENT).await == 1).await;
    assert!(daemon.stop().success());
    assert_eq!((peer.taken().len(), db.number("SELECT COUNT(*) FROM message").await), (1, 1));
}

fn daemon_says(station: &Station, what: &str) -> bool {
    station.said().contains(what)
}

#[test]
fn while_the_disk_is_full_nothing_is_sent_and_then_all_goes_on() {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    // No file of the daemon may grow beyond three megabytes, and it is told so instead of being killed.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -S -f 6000; exec \"$0\" \"$@\"", PROGRAM]);
    let mut daemon = house.start_as(shell, &[]);
    let mut dice = Dice::new(1);
    let noise: Vec<u8> = (0..4 << 20).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
    let large = mail("a", "Ministry <post@mfa.no>", "Norway: input to the regional review", &[("scan.bin", &noise)]);
    house.deliver("1.large", &large);
    let log = house.folder().join("daemon.log");
    daemon.until("it says so", || {
        let said = fs::read_to_string(&log).unwrap();
        said.contains("the mailbox gcm cannot be read") && (said.contains("full") || said.contains("disk I/O error"))
    });
    assert_eq!(house.letters(), Vec::<std::path::PathBuf>::new());
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(0));
    let lifted = Command::new("prlimit").args(["--pid", &daemon.pid().to_string(), "--fsize=unlimited"]).status();
    assert!(lifted.unwrap().success());
    house.deliver("2.good", &good_mail("b"));
    daemon.until("both come in", || house.number("SELECT COUNT(*) FROM message WHERE state = 'read'") == Some(2));
    daemon.until("all is done", || house.is_idle() && !house.letters().is_empty());
    assert!(daemon.stop().success());
    assert_eq!(house.number("SELECT MAX(number) FROM message"), Some(2), "no number was lost");
}

#[test]
fn while_the_database_can_only_be_read_nothing_is_sent_and_then_all_goes_on() {
    crate::fixture::on(Kind::Postgres, async |db: Database| {
        let mut server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let station = station(&server, &peer, &format!("{}&application_name=docket", db.url()));
        let mut daemon = station.start();
        until(&mut daemon, "it runs", async || daemon_says(&station, "docket runs")).await;
        // As after a failover to a machine that only follows, and back.
        let mut other = PgConnection::connect(db.url()).await.unwrap();
        let name: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut other).await.unwrap();
        let all_anew = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'docket'
            AND datname = current_database()";
        let only_read = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
        sqlx::query(AssertSqlSafe(only_read)).execute(&mut other).await.unwrap();
        sqlx::query(all_anew).execute(&mut other).await.unwrap();
        server.deliver("INBOX", &good_mail("a"), Timestamp::now());
        until(&mut daemon, "it says so", async || daemon_says(&station, "read-only transaction")).await;
        assert_eq!(peer.taken(), []);
        let back = format!("ALTER DATABASE {name} RESET default_transaction_read_only");
        sqlx::query("SET default_transaction_read_only = off").execute(&mut other).await.unwrap();
        sqlx::query(AssertSqlSafe(back)).execute(&mut other).await.unwrap();
        sqlx::query(all_anew).execute(&mut other).await.unwrap();
        until(&mut daemon, "the letter leaves", async || db.number(SENT).await == 1).await;
        assert!(daemon.stop().success());
        assert_eq!((peer.taken().len(), db.number("SELECT COUNT(*) FROM message").await), (1, 1));
    });
}

both!(stopped_while_the_final_reply_is_awaited_it_waits_for_it, async |db: Database| {
    let bell = Arc::new(Notify::new());
    let ring = Arc::clone(&bell);
    let script =
        move |at, before| (at == At::Dot && before == 0).then(|| say("250 2.0.0 queued\r\n").stored().after(&bell));
    let mut server = Dovecot::start();
    let peer = Peer::start(script).await;
    let station = station(&server, &peer, db.url());
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    let mut daemon = station.start();
    peer.was_asked(At::Dot, 1).await;
    signal(&daemon, "TERM");
    until(&mut daemon, "it has begun to stop", async || daemon_says(&station, "docket stops")).await;
    ring.notify_one();
    assert!(daemon.ended(Duration::from_secs(10)).success());
    assert_eq!((db.number(SENT).await, db.number(UNCERTAIN).await, peer.taken().len()), (1, 0, 1));
});

both!(stopped_while_a_server_is_silent_it_ends_in_time_and_nothing_is_uncertain, async |db: Database| {
    let mut server = Dovecot::start();
    let peer = Peer::start(|at, before| (at == At::Rcpt && before == 0).then(hang)).await;
    let station = station(&server, &peer, db.url());
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    let daemon = station.start();
    peer.was_asked(At::Rcpt, 1).await;
    assert!(daemon.stop().success(), "within ten seconds");
    assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE lease_until > 0").await, 0);
    let mut daemon = station.start();
    until(&mut daemon, "the letter leaves", async || db.number(SENT).await == 1).await;
    assert!(daemon.stop().success());
    assert_eq!((db.number(UNCERTAIN).await, peer.taken().len()), (0, 1));
});

/// The first process sleeps with a letter in its hands, the second takes over and sends it, the first wakes up.
#[test]
fn a_process_that_slept_while_another_took_over_does_no_harm() {
    crate::fixture::on(Kind::Postgres, async |db: Database| {
        let bell = Arc::new(Notify::new());
        let ring = Arc::clone(&bell);
        let script = move |at, before| (at == At::Data && before == 0).then(|| say("354 go ahead\r\n").after(&bell));
        let mut server = Dovecot::start();
        let peer = Peer::start(script).await;
        let (first, second) = (station(&server, &peer, db.url()), station(&server, &peer, db.url()));
        server.deliver("INBOX", &good_mail("a"), Timestamp::now());
        let mut sleeper = first.start();
        peer.was_asked(At::Data, 1).await;
        signal(&sleeper, "STOP");
        // Its leases run out.
        db.tamper("UPDATE lease SET lease_until = 0").await;
        db.tamper("UPDATE letter SET lease_until = 0").await;
        let mut successor = second.start();
        until(&mut successor, "the second sends it", async || db.number(SENT).await == 1).await;
        signal(&sleeper, "CONT");
        ring.notify_one();
        server.deliver("INBOX", &good_mail("b"), Timestamp::now());
        until(&mut successor, "the next letter leaves", async || db.number(SENT).await == 2).await;
        let idle = "SELECT COUNT(*) FROM letter WHERE lease_until > 0";
        until(&mut sleeper, "nobody holds a letter", async || db.number(idle).await == 0).await;
        assert!(sleeper.stop().success() && successor.stop().success());
        let mut ids = peer.ids();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), peer.taken().len()), (2, 2), "each once");
        assert_eq!(db.number(UNCERTAIN).await, 0);
        assert_eq!(db.number("SELECT COUNT(*) FROM message").await, 2);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_to_the_mailbox_is_repeated_ever_more_rarely() {
    let server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let account = ImapConfig { proof: Proof::Password(Secret::new("wrong")), ..server.account() };
    let db = Database::fresh(Kind::Sqlite).await;
    let pump = Pump::open(db.url(), account, peer.address.port(), Timestamp::now()).await.unwrap();
    assert!(matches!(pump.instance.config.mailboxes[0].source, MailSource::Imap(_)));
    let mut receiver = pump.receiver().await;
    let mut waits = Vec::new();
    for failed in 1..=8 {
        let error = receiver.step().await.unwrap_err();
        assert!(matches!(error, PipelineError::Mailbox(_)), "{error}");
        waits.push(receiver.pause(&error, failed));
    }
    assert!(waits[0] >= Duration::from_secs(45), "{waits:?}");
    assert!(waits[..6].windows(2).all(|pair| pair[1] > pair[0]), "{waits:?}");
    assert!(
        *waits.last().unwrap() >= Duration::from_mins(44) && waits.iter().all(|wait| *wait <= Duration::from_hours(1))
    );
}
