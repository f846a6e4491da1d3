//! Failures that repeat: what the log says of them, and how often.

use std::time::Duration;

use docket::watch::Watch;
use jiff::{SignedDuration, Timestamp};

use crate::fixture::heard::Heard;

const MAILBOX: &str = "ERROR the mailbox gcm cannot be read";

/// So many seconds after 10:04.
fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2020-09-28T10:04:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

fn watch() -> Watch {
    let watch = Watch::new(at(0));
    watch.mailbox("gcm", Duration::from_mins(1), None, at(0));
    watch
}

fn fails(watch: &Watch, why: &str, seconds: i64) {
    watch.mailbox_fails("gcm", at(seconds), why, Duration::from_secs(5));
}

#[test]
fn a_hundred_failures_are_one_line_and_their_number_when_it_is_over() {
    let (watch, heard) = (watch(), Heard::from_now_on());
    for n in 0..100 {
        fails(&watch, "no such folder.", n * 5);
    }
    assert_eq!(heard.lines(), [format!("{MAILBOX}: no such folder")]);
    watch.mailbox_read("gcm", at(500));
    assert_eq!(heard.lines(), ["INFO it is over: the mailbox gcm cannot be read, 100 times since 10:04 UTC"]);
    watch.mailbox_read("gcm", at(560));
    watch.tally(at(10_000));
    assert_eq!(heard.lines(), Vec::<String>::new());
}

#[test]
fn what_lasts_is_counted_every_hour_and_over_days_with_its_date() {
    let (watch, heard) = (watch(), Heard::from_now_on());
    for n in 0..=1440 {
        fails(&watch, "no route", n * 5);
    }
    let counted = |since| format!("{MAILBOX}: no route (again 720 times since {since} UTC)");
    assert_eq!(heard.lines(), [format!("{MAILBOX}: no route"), counted("10:04"), counted("11:04")]);
    watch.mailbox_read("gcm", at(24 * 3600));
    let said = "INFO it is over: the mailbox gcm cannot be read, 1441 times since 2020-09-28 10:04 UTC";
    assert_eq!(heard.lines(), [said]);
}

#[test]
fn another_reason_is_said_at_once_and_another_number_is_none() {
    let (watch, heard) = (watch(), Heard::from_now_on());
    for (n, why) in ["wait 299961 ms", "wait 312 ms", "the login was refused", "wait 5 ms"].into_iter().enumerate() {
        fails(&watch, why, i64::try_from(n).unwrap());
    }
    let said = ["wait 299961 ms", "the login was refused"].map(|why| format!("{MAILBOX}: {why}"));
    assert_eq!(heard.lines(), said);
    for n in 0..100_u8 {
        fails(&watch, &format!("nonsense {}", char::from(b'!' + n % 90)), 10);
    }
    assert_eq!(heard.lines().len(), 3, "who makes up reasons does not fill the log");
}

#[test]
fn what_comes_and_goes_is_said_again_only_when_it_lasts_longer() {
    let (watch, heard) = (watch(), Heard::from_now_on());
    let mut seconds = 0;
    let mut goes_wrong = |times: i64| {
        for _ in 0..times {
            fails(&watch, "the server closed the connection", seconds);
            seconds += 10;
        }
        watch.mailbox_read("gcm", at(seconds));
        seconds += 10;
        heard.lines().len()
    };
    assert_eq!(goes_wrong(1), 2, "that it fails, and that it is over");
    assert_eq!([goes_wrong(1), goes_wrong(1)], [0, 0]);
    assert_eq!(goes_wrong(30), 2, "this time it lasted");
    assert_eq!([goes_wrong(1), goes_wrong(1), goes_wrong(2)], [0, 0, 0]);
    watch.tally(at(seconds + 3000));
    assert_eq!(heard.lines(), Vec::<String>::new());
    watch.tally(at(seconds + 3601));
    let said = "WARN the mailbox gcm cannot be read (again 4 times since 10:10 UTC); it works now";
    assert_eq!(heard.lines(), [said]);
    fails(&watch, "the server closed the connection", seconds + 7300);
    assert_eq!(heard.lines(), [format!("{MAILBOX}: the server closed the connection")], "an hour later it is news");
}

#[test]
fn each_failure_is_counted_by_itself() {
    let (watch, heard) = (watch(), Heard::from_now_on());
    for n in 0..10 {
        fails(&watch, "no route", n);
        watch.database_fails(at(n), "it is locked");
        watch.letters_fail(at(n), "no route");
        watch.reading_fails(at(n), "no memory");
        watch.scanner(&Err("does not answer".to_owned()), at(n));
    }
    watch.letter_left(at(20));
    assert_eq!(
        heard.lines(),
        [
            "ERROR the mailbox gcm cannot be read: no route",
            "ERROR the database takes no commit: it is locked",
            "ERROR no letter can leave: no route",
            "ERROR a message cannot be read: no memory",
            "ERROR mail is not scanned for viruses: the scanner does not answer",
            "INFO it is over: no letter can leave, 10 times since 10:04 UTC",
        ]
    );
}

#[test]
fn a_mailbox_that_fails_at_every_look_is_not_ready_in_minutes_however_rarely_it_is_looked_at() {
    let watch = Watch::new(at(0));
    watch.mailbox("gcm", Duration::from_hours(1), None, at(0));
    watch.mailbox_read("gcm", at(0));
    assert!(watch.health(at(3000)).ready, "it is looked at once an hour");
    fails(&watch, "no such folder", 3000);
    assert!(watch.health(at(3200)).ready, "a hiccup");
    fails(&watch, "no such folder", 3301);
    let health = watch.health(at(3301));
    assert!(!health.ready);
    assert!(health.in_words().contains("The mailbox gcm cannot be read: no such folder."), "{}", health.in_words());
}

#[test]
fn why_nothing_is_read_is_told_with_it() {
    let watch = Watch::new(at(0));
    watch.messages_unread(Some(at(0)), at(0));
    watch.reading_fails(at(10), "no process could be started to read with: no memory");
    let said = watch.health(at(400)).in_words();
    let expected =
        "Messages came in, and are not being read: no process could be started to read with: no memory. Since";
    assert!(said.starts_with("not ready\n") && said.contains(expected), "{said}");
    watch.message_read(at(401));
    assert!(watch.health(at(401)).ready);
}
