//! The whole way through real parts: a mail server takes what a ministry sends and delivers it, the program reads it over
//! IMAP and answers by SMTP, and the answer lies in the ministry's mailbox.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use docket::config::ImapConfig;

use crate::fixture::{
    dovecot::Dovecot,
    intake::{ADDRESS, good_mail},
    postfix::Postfix,
    program::Daemon,
    station::{Relay, Station},
};

/// Who writes; its mailbox is on the same server.
const MINISTRY: &str = "post@mfa.no";

/// A mail server, mailboxes, and the program between them.
struct World {
    station: Station,
    postfix: Postfix,
    dovecot: Dovecot,
}

impl World {
    fn new() -> Self {
        let dovecot = Dovecot::start();
        let postfix = Postfix::before(&dovecot);
        let account = ImapConfig { user: ADDRESS.to_owned(), ..dovecot.account() };
        let authority = dovecot.folder().join("tls/ca.pem");
        let relay = Relay { port: postfix.port(), authority: Some(&authority) };
        let station = Station::new(&account, relay, "sqlite:docket.db", "");
        Self { station, postfix, dovecot }
    }

    /// The letters in the ministry's mailbox, each with its header.
    fn letters(&self) -> Vec<String> {
        let said = self.dovecot.doveadm(&["-f", "pager", "fetch", "-u", MINISTRY, "text", "mailbox", "INBOX"]);
        said.split("text:\n").map(str::to_owned).filter(|letter| !letter.trim().is_empty()).collect()
    }

    fn log(&self) -> Vec<serde_json::Value> {
        self.station.docket(&["log", "--json"]).json()
    }

    /// Whether so many messages came in, and nothing is left to do for any.
    fn is_done(&self, messages: usize) -> bool {
        let log = self.log();
        let ended =
            |letter: &serde_json::Value| [": sent", ": held"].iter().any(|end| letter.to_string().contains(end));
        let letters = |line: &serde_json::Value| line["letters"].as_array().cloned().unwrap_or_default();
        log.len() == messages && log.iter().all(|line| !line["relevance"].is_null() && letters(line).iter().all(ended))
    }
}

/// The value of a header of a letter.
fn header<'a>(letter: &'a str, name: &str) -> Option<&'a str> {
    let head = letter.split("\r\n\r\n").next().unwrap_or(letter).split("\n\n").next().unwrap_or(letter);
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim)
}

fn wait(daemon: &mut Daemon, world: &World, what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}\n{}\n{}", daemon.said(), world.postfix.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_a_ministry_sends_is_acknowledged_in_its_mailbox_once() {
    let world = World::new();
    let mut daemon = world.station.start();
    let input = good_mail("a");
    world.postfix.hand_over(MINISTRY, ADDRESS, &input);
    wait(&mut daemon, &world, "the letter lies in the ministry's mailbox", || world.letters().len() == 1);
    let letter = &world.letters()[0];
    assert_eq!(header(letter, "Return-Path"), Some("<>"), "{letter}");
    assert_eq!(header(letter, "Auto-Submitted"), Some("auto-replied"), "{letter}");
    assert_eq!(header(letter, "In-Reply-To"), Some("<a@ministry.test>"), "{letter}");
    assert!(header(letter, "To").is_some_and(|to| to.contains(MINISTRY)), "{letter}");
    assert!(letter.contains("GCM-ECE-2020-0001"), "{letter}");

    // The same message once more, by another way; a robot; and the next input.
    world.postfix.hand_over(MINISTRY, ADDRESS, &input);
    let robot = [b"Auto-Submitted: auto-replied\r\n".as_slice(), &good_mail("b")].concat();
    world.postfix.hand_over(MINISTRY, ADDRESS, &robot);
    world.postfix.hand_over(MINISTRY, ADDRESS, &good_mail("c"));
    wait(&mut daemon, &world, "the next input is answered", || world.letters().len() == 2);
    wait(&mut daemon, &world, "all is done", || world.is_done(3));
    assert!(daemon.stop().success());
    let answered = |letter: &String| header(letter, "In-Reply-To").map(str::to_owned);
    let answered: Vec<_> = world.letters().iter().filter_map(answered).collect();
    assert_eq!(answered, ["<a@ministry.test>", "<c@ministry.test>"]);
    assert!(world.log().iter().all(|line| line["clock"] == "internal_date"), "{:?}", world.log());
    let flags = world.dovecot.doveadm(&["-f", "tab", "fetch", "-u", ADDRESS, "flags", "mailbox", "INBOX"]);
    assert!(!flags.contains("Seen") && flags.lines().count() == 5, "{flags}");
}

#[test]
fn a_robot_that_answers_every_letter_is_answered_no_further() {
    let world = World::new();
    let mut daemon = world.station.start();
    world.postfix.hand_over(MINISTRY, ADDRESS, &good_mail("a"));
    wait(&mut daemon, &world, "the letter lies in the ministry's mailbox", || world.letters().len() == 1);
    // It looks at no header and answers each letter under an id and a subject of its own, with the letter itself.
    let mut answered = BTreeSet::new();
    let mut sent = 1;
    loop {
        let letters = world.letters();
        let fresh = letters.iter().find(|letter| answered.insert(header(letter, "Message-ID").map(str::to_owned)));
        if let Some(letter) = fresh {
            let text = letter.split_once("\n\n").map_or(letter.as_str(), |(_, text)| text).replace('\n', "\r\n");
            let raw = format!(
                "From: Robot <{MINISTRY}>\r\nTo: <{ADDRESS}>\r\nSubject: Case {sent}\r\nMessage-ID: \
                 <case{sent}@ministry.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease find attached \
                 what you wrote to us:\r\n{text}\r\n{text}\r\n{text}"
            );
            let ascii = raw.replace(|c: char| !c.is_ascii(), "-");
            world.postfix.hand_over(MINISTRY, ADDRESS, ascii.as_bytes());
            sent += 1;
            assert!(sent < 12, "it goes on and on");
        } else if world.is_done(sent) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        assert!(daemon.has_ended().is_none(), "{}", daemon.said());
    }
    assert!(daemon.stop().success());
    assert_eq!((world.letters().len(), sent), (1, 2), "the robot's answer got none");
    let log = world.log();
    let robots = log.iter().find(|line| line["from"].to_string().contains("Robot"));
    assert!(robots.is_some_and(|line| line["reference"].is_null() && line["waiting"].is_string()), "{log:#?}");
}
