//! What went wrong is said with its causes, and nothing of it twice.

use std::{fs, io, net::TcpListener};

use docket::causes::in_words;

use crate::fixture::program::{House, Ran, docket};

#[derive(Debug, thiserror::Error)]
#[error("the letter cannot be written: {source}")]
struct Repeats {
    source: io::Error,
}

#[derive(Debug, thiserror::Error)]
#[error("the step failed")]
struct Keeps(#[source] Repeats);

#[test]
fn a_cause_that_was_said_is_not_said_again() {
    let repeats = || Repeats { source: io::Error::other("the disk is full") };
    assert_eq!(in_words(&repeats()), "the letter cannot be written: the disk is full");
    assert_eq!(in_words(&Keeps(repeats())), "the step failed: the letter cannot be written: the disk is full");
}

/// That a command failed and said so in one line, each of the words once.
#[track_caller]
fn said_once(ran: &Ran, status: i32, words: &[&str]) {
    assert_eq!(ran.status, Some(status), "{}{}", ran.out, ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    for word in words {
        assert_eq!(ran.err.matches(word).count(), 1, "“{word}” in: {}", ran.err);
    }
}

#[test]
fn commands_say_once_what_they_lack() {
    let house = House::with("");
    let missing = "No such file or directory";
    said_once(&house.docket(&["import", "/nonexist"]), 1, &["/nonexist", missing]);
    said_once(&house.docket(&["people", "import", "/nonexist"]), 1, &["/nonexist", missing]);
    said_once(&house.docket(&["match", "--cases", "/nonexist"]), 1, &["/nonexist", missing]);
    said_once(&house.docket(&["--config", "/nonexist", "log"]), 2, &["/nonexist", missing]);
    let folder = house.folder().join("states");
    fs::create_dir_all(folder.join("member_states.csv")).unwrap();
    said_once(&docket(house.folder(), &["log"]), 2, &["member_states.csv", "Is a directory"]);
}

#[test]
fn a_port_in_use_is_said_once() {
    let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let house = House::with(&format!("[web]\nlisten = \"{}\"\n", other.local_addr().unwrap()));
    let ran = house.docket(&["run"]);
    assert_eq!(ran.status, Some(1));
    let said: Vec<&str> = ran.err.lines().filter(|line| line.contains("in use")).collect();
    let [said] = said[..] else { panic!("once: {}", ran.err) };
    assert_eq!(said.matches("in use").count(), 1, "{said}");
    assert!(!house.folder().join("docket.db-wal").exists(), "a start that fails leaves one file, too");
}
