//! What the program does when it is told something by a signal.

use std::{fs, process::Command, time::Duration};

use crate::fixture::{
    intake::{PROGRAM, good_mail},
    program::{Daemon, House},
};

fn signal(daemon: &Daemon, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), daemon.pid().to_string()]).status();
    assert!(sent.unwrap().success());
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
fn a_terminal_that_is_closed_stops_it_in_order() {
    for name in ["HUP", "INT"] {
        let house = House::with("");
        let mut daemon = house.start(&[]);
        daemon.until("it runs", || says(&house, "docket runs"));
        signal(&daemon, name);
        assert!(daemon.ended(Duration::from_secs(10)).success());
        assert!(
            says(&house, &format!("SIG{name}: what is under way is finished")) && says(&house, "docket has stopped")
        );
        assert!(!house.folder().join("docket.db-wal").exists(), "whoever copies the file has all of it");
    }
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
