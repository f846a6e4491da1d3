//! What the program does when it is told something by a signal.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::fixture::{
    intake::{PROGRAM, good_mail},
    program::{Daemon, House},
};

fn signal(daemon: &Daemon, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), daemon.pid().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Whether the log says it, as far as there is one.
fn says_so_far(house: &House, what: &str) -> bool {
    fs::read_to_string(house.folder().join("daemon.log")).is_ok_and(|log| log.contains(what))
}

fn says(house: &House, what: &str) -> bool {
    fs::read_to_string(house.folder().join("daemon.log")).unwrap().contains(what)
}

#[test]
fn signals_that_other_daemons_know_do_nothing() {
    let house = House::with("");
    let mut daemon = house.start(&[]);
    daemon.until("it runs", || says(&house, "docket runs"));
    for name in ["USR1", "USR2"] {
        signal(&daemon, name);
        daemon.until("it says so", || says(&house, &format!("SIG{name} does nothing here")));
    }
    house.deliver("1.a", &good_mail("a"));
    daemon.until("it goes on", || house.letters().len() == 1);
    assert!(daemon.stop().success());
    assert!(says(&house, "SIGTERM: what is under way is finished") && says(&house, "docket has stopped"));
}

#[test]
fn an_interrupt_stops_it_in_order() {
    let house = House::with("");
    let mut daemon = house.start(&[]);
    daemon.until("it runs", || says(&house, "docket runs"));
    signal(&daemon, "INT");
    assert!(daemon.ended(Duration::from_secs(10)).success());
    assert!(says(&house, "SIGINT: what is under way is finished") && says(&house, "docket has stopped"));
    assert!(!house.folder().join("docket.db-wal").exists(), "whoever copies the file has all of it");
}

#[test]
fn a_terminal_that_is_closed_stops_it_in_order() {
    let house = House::with("");
    // A terminal of its own, which goes with whoever holds it.
    let mut terminal = Command::new("script");
    let command = format!("exec {PROGRAM} --config docket.toml run 2>daemon.log");
    terminal.args(["-qec", &command, "/dev/null"]).current_dir(house.folder()).env_remove("RUST_LOG");
    terminal.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut terminal = terminal.spawn().expect("script of util-linux is there");
    let begun = Instant::now();
    let until = |what: &str| {
        while !says_so_far(&house, what) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until("docket runs");
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    until("SIGHUP: what is under way is finished");
    until("docket has stopped");
}

#[test]
fn without_a_terminal_a_hangup_has_the_calls_read_again() {
    let house = House::with("");
    let mut daemon = house.start(&[]);
    daemon.until("it runs", || says(&house, "docket runs"));
    let file = house.folder().join("calls/unece-gcm-2020.toml");
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replace("day = 2020-09-30", "day = 2020-09-31")).unwrap();
    signal(&daemon, "HUP");
    daemon.until("it says what is wrong", || says(&house, "2020-09-31 is no date"));
    fs::write(&file, good.replace("day = 2020-09-30", "day = 2020-10-09\ntime = \"12:00\"")).unwrap();
    signal(&daemon, "HUP");
    daemon.until("they hold", || says(&house, "the calls were read again, and hold from now on"));
    assert_eq!(house.number("SELECT MAX(n) FROM deadline_version"), Some(2));
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'calls_refused'"), Some(1));
    house.deliver("1.a", &good_mail("a"));
    daemon.until("it goes on", || house.letters().len() == 1);
    assert!(daemon.stop().success());

    // With a wrong file it does not start.
    fs::write(&file, good.replace("roster = ", "rooster = ")).unwrap();
    let ran = house.docket(&["run"]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("did you mean “roster”"), "{}", ran.err);
}

#[test]
fn a_hangup_that_whoever_started_it_has_ignored_stays_ignored() {
    let house = House::with("");
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", PROGRAM]).env_remove("RUST_LOG");
    let mut daemon = house.start_as(shell, &[]);
    daemon.until("it runs", || says(&house, "docket runs"));
    signal(&daemon, "HUP");
    house.deliver("1.a", &good_mail("a"));
    daemon.until("it goes on", || house.letters().len() == 1);
    assert!(daemon.stop().success());
    assert!(!says(&house, "SIGHUP"));
}
