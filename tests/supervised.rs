//! The program and whoever started it: a part that is gone ends the whole, what ended it is counted, and the service manager
//! hears that it starts, runs, is alive and stops.

use std::{
    collections::BTreeSet,
    os::unix::{net::UnixDatagram, process::ExitStatusExt as _},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use docket::daemon::service_manager::ServiceManager;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::sleep;

use crate::fixture::{
    Database, Kind,
    dovecot::Dovecot,
    intake::{PROGRAM, good_mail},
    program::{Daemon, House, free_port},
    station::{ABORTED, Relay, Station},
};

/// Starts the daemon so that it ends, or panics, at a place of the program.
fn start_to(house: &House, told: &str) -> Daemon {
    let mut program = Command::new(PROGRAM);
    program.env_remove("RUST_LOG").env("DOCKET_FAILPOINT", told);
    house.start_as(program, &[])
}

/// Who is told what the program says to a service manager.
struct Listener {
    socket: UnixDatagram,
}

impl Listener {
    fn at(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        Self { socket }
    }

    /// What has been said and not been heard yet.
    fn heard(&self) -> Vec<String> {
        let (mut words, mut word) = (Vec::new(), [0; 200]);
        while let Ok(bytes) = self.socket.recv(&mut word) {
            words.push(String::from_utf8(word[..bytes].to_vec()).unwrap());
        }
        words
    }
}

/// A program that speaks to a socket, and gives a sign of life several times a second.
fn program(socket: &Path) -> Command {
    let mut program = Command::new(PROGRAM);
    program.env_remove("RUST_LOG").env("NOTIFY_SOCKET", socket).env("WATCHDOG_USEC", "600000");
    program
}

#[test]
fn a_loop_that_breaks_ends_the_process_with_failure_and_one_line() {
    let house = House::with("");
    let mut daemon = start_to(&house, "panic:after-message-claim");
    house.deliver("1.a", &good_mail("a"));
    let ended = daemon.ended(Duration::from_secs(30));
    assert_eq!(ended.code(), Some(1), "{}", daemon.said());
    let said = daemon.said();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("docket: ")).collect();
    let [line] = lines.as_slice() else { panic!("{said}") };
    assert!(line.contains("what reads messages broke (a panic at after-message-claim"), "{line}");
    let counted = "SELECT attempts FROM message WHERE state = 'stored'";
    assert_eq!(house.number(counted), Some(1), "it may have been the message: that is counted");
    let mut daemon = house.start(&[]);
    daemon.until("started again it goes on", || house.letters().len() == 1);
    assert!(daemon.stop().success());
}

#[test]
fn a_letter_that_ends_the_program_three_times_is_held_and_the_next_one_leaves() {
    let house = House::with("");
    house.deliver("1.a", &good_mail("a"));
    for _ in 0..3 {
        let mut daemon = start_to(&house, "after-release-commit");
        assert_eq!(daemon.ended(Duration::from_secs(30)).signal(), Some(ABORTED));
    }
    house.deliver("2.b", &good_mail("b"));
    let mut daemon = house.start(&[]);
    daemon.until("the next one leaves", || house.letters().len() == 1 && house.is_idle());
    assert!(daemon.stop().success());
    let letters = house.docket(&["letters", "--json"]).json();
    let held: Vec<_> = letters.iter().filter(|letter| letter["state"] == "held").collect();
    let [held] = held.as_slice() else { panic!("{letters:?}") };
    assert_eq!((&held["held_for"], &held["number"]), (&"fault".into(), &"M-000001".into()));
    assert!(held["reason"].as_str().unwrap().starts_with("The program ended 3 times"), "{held}");
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_held'"), Some(1));
}

#[test]
fn a_file_that_ends_the_program_ten_times_is_given_up_and_the_next_one_comes_in() {
    let house = House::with("");
    house.deliver("1.a", &good_mail("a"));
    for _ in 0..10 {
        let mut daemon = start_to(&house, "before-receive-commit");
        assert_eq!(daemon.ended(Duration::from_secs(30)).signal(), Some(ABORTED));
    }
    house.deliver("2.b", &good_mail("b"));
    let mut daemon = house.start(&[]);
    daemon.until("the next one is answered", || house.letters().len() == 1 && house.is_idle());
    assert!(daemon.said().contains("“1.a” in the Maildir"), "{}", daemon.said());
    assert!(daemon.stop().success());
    let given_up = "SELECT COUNT(*) FROM sighting WHERE name = '1.a' AND disposition = 'parked'";
    assert_eq!((house.number(given_up), house.number("SELECT COUNT(*) FROM message")), (Some(1), Some(1)));
}

#[test]
fn the_service_manager_hears_that_it_starts_runs_lives_and_stops() {
    let house = House::with("");
    let socket = house.folder().join("notify");
    let listener = Listener::at(&socket);
    let mut daemon = house.start_as(program(&socket), &[]);
    let mut words = Vec::new();
    let mut signs = |daemon: &mut Daemon, least: usize| {
        daemon.until("it gives signs of life", || {
            words.extend(listener.heard());
            words.iter().filter(|word| *word == "WATCHDOG=1").count() >= least
        });
    };
    signs(&mut daemon, 5);
    assert!(daemon.stop().success());
    words.extend(listener.heard());
    let first = |word: &str| words.iter().position(|known| known.starts_with(word)).expect(word);
    assert!(first("EXTEND_TIMEOUT_USEC=60000000") < first("READY=1"), "{words:?}");
    assert!(first("READY=1") < first("WATCHDOG=1") && first("WATCHDOG=1") < first("STOPPING=1"), "{words:?}");
    assert_eq!(words.last().unwrap(), "STOPPING=1", "{words:?}");
    let kinds: BTreeSet<&str> = words.iter().filter_map(|word| word.split('=').next()).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[test]
fn a_process_that_stands_still_gives_no_sign_and_the_unit_expects_one() {
    let house = House::with("");
    let socket = house.folder().join("notify");
    let listener = Listener::at(&socket);
    let mut daemon = house.start_as(program(&socket), &[]);
    daemon.until("it runs", || listener.heard().iter().any(|word| word == "WATCHDOG=1"));
    assert!(Command::new("kill").args(["-STOP", &daemon.pid().to_string()]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(300));
    listener.heard();
    std::thread::sleep(Duration::from_millis(900));
    assert_eq!(listener.heard(), Vec::<String>::new());
    assert!(Command::new("kill").args(["-CONT", &daemon.pid().to_string()]).status().unwrap().success());
    daemon.until("it goes on", || listener.heard().iter().any(|word| word == "WATCHDOG=1"));
    assert!(daemon.stop().success());
    let unit = std::fs::read_to_string("config/deploy/docket.service").unwrap();
    let has = |line: &str| unit.lines().any(|known| known == line);
    assert!(has("Type=notify") && has("WatchdogSec=2min") && has("Restart=always"), "{unit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_database_mailbox_or_relay_is_no_missing_sign() {
    let mut server = Dovecot::start();
    let db = Database::fresh(Kind::Sqlite).await;
    // Nobody listens there: no letter can leave at all.
    let relay = Relay { port: free_port(), authority: None };
    let station = Station::new(&server.account(), relay, db.url(), "");
    let socket = station.folder().join("notify");
    let listener = Listener::at(&socket);
    let mut daemon = Daemon::start(station.folder(), program(&socket), &[]);
    daemon.until("it runs", || listener.heard().iter().any(|word| word == "WATCHDOG=1"));
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    daemon.until("the relay is missed", || station.said().contains("no letter can leave"));
    server.kill();
    daemon.until("the mailbox is missed", || station.said().contains("cannot be read"));
    let options = SqliteConnectOptions::new().filename(db.folder().join("docket.db"));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    while sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.is_err() {}
    listener.heard();
    // Longer than a locked file is waited for.
    let (began, mut signs) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(14) {
        sleep(Duration::from_millis(900)).await;
        let heard = listener.heard().len();
        assert!(heard > 0, "no sign after {:?}: {}", began.elapsed(), station.said());
        signs += heard;
    }
    assert!(signs >= 40, "{signs}");
    assert!(station.said().contains("database is locked"), "{}", station.said());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(daemon.stop().success());
}

#[test]
fn an_abstract_socket_is_spoken_to_and_one_that_nobody_listens_at_keeps_nothing_from_being_done() {
    use std::os::{linux::net::SocketAddrExt as _, unix::net::SocketAddr};
    let name = format!("docket-test-{}", std::process::id());
    let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let manager = ServiceManager::at(format!("@{name}").as_ref(), Some(Duration::from_secs(3))).unwrap();
    manager.ready();
    assert_eq!(manager.watchdog(), Some(Duration::from_secs(3)));
    let mut word = [0; 20];
    let bytes = socket.recv(&mut word).unwrap();
    assert_eq!(&word[..bytes], b"READY=1");
    drop(socket);
    manager.alive();
    ServiceManager::default().stopping();
}
