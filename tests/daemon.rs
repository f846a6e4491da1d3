//! The daemon as a supervisor runs it: mail in, letters out, stopped, killed and started again.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::fixture::{
    intake::{ADDRESS, PROGRAM, good_mail},
    program::{Daemon, House, free_port, get},
    someone_else,
};

/// Starts the daemon and waits until it watches its mailbox.
fn running(house: &House) -> Daemon {
    let before =
        fs::read_to_string(house.folder().join("daemon.log")).unwrap_or_default().matches("docket runs").count();
    let mut daemon = house.start(&[]);
    let said = house.folder().join("daemon.log");
    daemon.until("it runs", || fs::read_to_string(&said).unwrap().matches("docket runs").count() > before);
    daemon
}

#[test]
fn what_is_delivered_is_answered_within_seconds_and_once() {
    let house = House::with("");
    let mut daemon = running(&house);
    let delivered = Instant::now();
    house.deliver("1.a", &good_mail("a"));
    daemon.until("the letter leaves long before the next poll", || house.letters().len() == 1);
    let took = delivered.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    let letter = fs::read_to_string(&house.letters()[0]).unwrap();
    assert!(letter.contains("To: ") && letter.contains("post@mfa.no"), "{letter}");
    assert!(letter.contains("In-Reply-To: <a@ministry.test>"), "{letter}");
    assert!(daemon.stop().success());

    let mut daemon = running(&house);
    house.deliver("2.b", &good_mail("b"));
    house.deliver("3.a-again", &good_mail("a"));
    daemon.until("the next letter leaves", || house.letters().len() == 2);
    assert!(daemon.stop().success());
    let log = house.docket(&["log", "--json"]).json();
    assert_eq!(log.len(), 2, "the same message, delivered again, is no second entry");
    assert_eq!(house.letters().len(), 2);
    assert!(log.iter().all(|line| line["letters"][0] == "acknowledgement: sent"), "{log:?}");
}

#[test]
fn the_page_is_served_while_it_runs() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let house = House::with(&format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let daemon = running(&house);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.to_lowercase().contains("\r\ncontent-security-policy: default-src 'none'"), "{page}");
    // A browser that keeps its connection open must not keep the daemon from stopping.
    let _idle = TcpStream::connect(("127.0.0.1", port)).unwrap();
    assert!(daemon.stop().success());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let house = House::with(&format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let mut daemon = house.start(&[]);
    assert_eq!(daemon.ended(Duration::from_secs(10)).code(), Some(1));
    assert!(daemon.said().contains(&format!("the pages cannot be served at 127.0.0.1:{port}")), "{}", daemon.said());
}

#[test]
fn a_second_daemon_on_the_same_file_says_so_and_stops() {
    let house = House::with("");
    let mut first = running(&house);
    let mut second = house.start(&[]);
    assert_eq!(second.ended(Duration::from_secs(10)).code(), Some(1));
    assert!(second.said().contains("another docket works on this database"), "{}", second.said());
    house.deliver("1.a", &good_mail("a"));
    first.until("the first goes on", || house.letters().len() == 1);
    assert!(first.stop().success());
}

#[test]
fn a_rehearsal_does_everything_and_sends_nothing() {
    let port = free_port();
    let house = House::with(&format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let mut daemon = house.start(&["--rehearse"]);
    house.deliver("1.a", &good_mail("a"));
    daemon.until("the letter is decided", || {
        let log = house.docket(&["log", "--json"]).json();
        log.iter().any(|line| line["letters"][0] == "acknowledgement: waiting")
    });
    for path in ["/", "/log", "/nothing/here"] {
        assert!(get(port, path).1.contains("Rehearsal: no letter leaves"), "{path}");
    }
    assert!(daemon.stop().success());
    assert_eq!(house.letters(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_message_with_wrong_rights_stops_nothing_and_comes_in_when_they_are_right() {
    let house = House::with("");
    let secret = house.folder().join("mail/new/1.secret");
    house.deliver("1.secret", &good_mail("secret"));
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    let mut program = Command::new(PROGRAM);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        // Root reads everything: the daemon runs as another, from a place that this one may read.
        let (user, group) = someone_else().unwrap();
        let copy = house.folder().join("docket");
        fs::copy(PROGRAM, &copy).unwrap();
        chown_all(house.folder(), user, group);
        chown(&secret, Some(0), Some(0)).unwrap();
        program = Command::new(copy);
        program.uid(user).gid(group);
    }
    let mut daemon = house.start_as(program, &[]);
    let log = house.folder().join("daemon.log");
    daemon.until("it says so", || {
        fs::read_to_string(&log).unwrap().contains("the message 1.secret in gcm cannot be read")
    });
    house.deliver("2.good", &good_mail("good"));
    fs::set_permissions(house.folder().join("mail/new/2.good"), Permissions::from_mode(0o644)).unwrap();
    daemon.until("what lies behind it is answered", || house.letters().len() == 1);
    for n in 0..3 {
        let name = format!("mail/new/{}.good", n + 3);
        house.deliver(&format!("{}.good", n + 3), &good_mail(&format!("good-{n}")));
        fs::set_permissions(house.folder().join(name), Permissions::from_mode(0o644)).unwrap();
        daemon.until("each look goes past it", || house.letters().len() == n + 2);
    }
    fs::set_permissions(&secret, Permissions::from_mode(0o644)).unwrap();
    daemon.until("it comes in, however often it was tried", || house.letters().len() == 5);
    assert!(daemon.stop().success());
}

fn chown_all(path: &Path, user: u32, group: u32) {
    chown(path, Some(user), Some(group)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            chown_all(&entry.unwrap().path(), user, group);
        }
    }
}

/// The sample mail, in its order, sent to the mailbox of the test.
fn sample() -> Vec<(String, Vec<u8>)> {
    // Latin-1 both ways: every byte stays what it is.
    let sent_to_us = |raw: Vec<u8>| {
        let text: String = raw.iter().map(|&byte| char::from(byte)).collect();
        let text = text.replace("gcm-review@example.org", ADDRESS);
        text.chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<u8>>()
    };
    let mut files: Vec<_> = fs::read_dir("config/demo/mail").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    files.sort();
    files
        .iter()
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), sent_to_us(fs::read(path).unwrap())))
        .collect()
}

/// Whether so many messages came in and nothing is left to do for any of them.
fn is_idle(house: &House, messages: usize) -> bool {
    house.number("SELECT COUNT(*) FROM sighting") == i64::try_from(messages).ok() && house.is_idle()
}

/// What must be the same however often the daemon was killed: the log without its times, and the letters' addressees.
fn result(house: &House) -> (Vec<Value>, Vec<String>) {
    let mut log = house.docket(&["log", "--json"]).json();
    for line in &mut log {
        line.as_object_mut().unwrap().remove("received");
    }
    log.sort_by_key(|line| line["number"].as_str().unwrap().to_owned());
    let header = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    };
    let letters: Vec<String> = house.letters().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let ids: BTreeSet<String> = letters.iter().map(|letter| header(letter, "Message-ID: ")).collect();
    assert_eq!(ids.len(), letters.len(), "two letters with one Message-ID");
    let mut sent: Vec<String> =
        letters.iter().map(|letter| header(letter, "To: ") + &header(letter, "In-Reply-To: ")).collect();
    sent.sort();
    assert!(sent.windows(2).all(|pair| pair[0] != pair[1]), "a message was answered twice: {sent:#?}");
    (log, sent)
}

#[test]
fn killed_at_any_moment_it_loses_nothing_and_does_nothing_twice() {
    let mail = sample();
    let control = House::with("");
    for (name, raw) in &mail {
        control.deliver(name, raw);
    }
    let mut daemon = running(&control);
    daemon.until("all is done", || is_idle(&control, mail.len()));
    assert!(daemon.stop().success());
    let expected = result(&control);
    assert!(expected.1.len() > 10, "the sample mail is answered: {:?}", expected.1);
    let events = control.number("SELECT COUNT(*) FROM event").unwrap();

    let house = House::with("");
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: i64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        i64::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    let mut coming = mail.iter();
    for kill in 0..5_i64 {
        // What comes while a folder is listed may be seen before what came earlier: so it comes before.
        for (name, raw) in coming.by_ref().take(mail.len() / 5) {
            house.deliver(name, raw);
        }
        let mut daemon = house.start(&[]);
        // Progress is counted in events: the moment is any within the work that has come so far.
        let so_far = house.number("SELECT COUNT(*) FROM event").unwrap_or(0);
        let target = (so_far + 1 + random(events / 5)).min(events * (kill + 1) / 5 - 8);
        daemon.until("it has come so far", || house.number("SELECT COUNT(*) FROM event") >= Some(target));
        daemon.kill();
    }
    for (name, raw) in coming {
        house.deliver(name, raw);
    }
    let started = Instant::now();
    let mut daemon = running(&house);
    assert!(started.elapsed() < Duration::from_secs(10), "the place of a killed process is free at once");
    daemon.until("all is done", || is_idle(&house, mail.len()));
    // One that was in hand at three of the ends may have been their cause: a person is asked, and lets it go.
    let asked = "SELECT COUNT(*) FROM letter WHERE state = 'held'";
    if house.number(asked) > Some(0) {
        let blamed = "SELECT COUNT(*) FROM letter WHERE state = 'held' AND held_for = 'fault' AND reason LIKE 'The program ended%'";
        assert_eq!(house.number(asked), house.number(blamed), "nothing else is held");
        house
            .docket(&["letters", "release", "--all", "--held-for", "fault", "--reason", "It was us who ended it."])
            .done();
        daemon.until("it goes", || house.number(asked) == Some(0) && is_idle(&house, mail.len()));
    }
    assert!(daemon.stop().success());
    let (log, letters) = result(&house);
    assert_eq!(letters, expected.1);
    for (line, expected) in log.iter().zip(&expected.0) {
        assert_eq!(line, expected);
    }
    assert_eq!(log.len(), expected.0.len());
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), house.number("SELECT MAX(number) FROM message"));
}

#[test]
fn a_message_that_was_being_read_whenever_the_process_ended_is_left_to_a_person_in_the_end() {
    let house = House::with("");
    house.deliver("1.a", &good_mail("a"));
    house.docket(&["import", "--acknowledge", "mail"]).done();
    for (attempts, state) in [(9, "read"), (10, "parked")] {
        // As if it had been claimed so often, and never given back.
        house.run(&format!("UPDATE message SET state = 'stored', attempts = {attempts}, lease_until = 0"));
        let mut daemon = running(&house);
        daemon.until("it is done", || house.is_idle());
        assert!(daemon.stop().success());
        let query = format!("SELECT COUNT(*) FROM message WHERE state = '{state}'");
        assert_eq!(house.number(&query), Some(1), "after {attempts} attempts: {state}");
        house.run("DELETE FROM item_candidate; DELETE FROM letter_names; DELETE FROM place; DELETE FROM file; DELETE FROM item");
    }
    let query =
        "SELECT COUNT(*) FROM message WHERE state_reason LIKE 'The program ended 10 times while it read this;%'";
    assert_eq!(house.number(query), Some(1));
}

#[test]
fn stopped_in_the_middle_of_work_it_ends_in_time_and_goes_on_later() {
    let mail = sample();
    let house = House::with("");
    for (name, raw) in &mail {
        house.deliver(name, raw);
    }
    let mut daemon = house.start(&[]);
    daemon.until("work has begun", || house.number("SELECT COUNT(*) FROM event WHERE kind = 'read'") > Some(0));
    assert!(daemon.stop().success());
    let claimed = "SELECT COUNT(*) FROM message WHERE lease_until > 0 AND state = 'stored'";
    assert_eq!(house.number(claimed), Some(0), "nothing is claimed by one that has stopped");
    let mut daemon = running(&house);
    daemon.until("all is done", || is_idle(&house, mail.len()));
    assert!(daemon.stop().success());
    result(&house);
}
