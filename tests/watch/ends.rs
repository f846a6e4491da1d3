//! What counts as trouble, on a clock that is moved by hand.

use std::time::Duration;

use docket::{
    core::cause::Cause,
    watch::{AlarmMoment, Alarms, Signal, Topic, Watch},
};
use jiff::{SignedDuration, Timestamp};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// So many minutes after the start.
fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2020-09-28T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

/// With one mailbox that is looked at every minute and was read at the start.
fn watch() -> Watch {
    let watch = Watch::new(at(0));
    watch.mailbox("gcm", MINUTE, None, at(0));
    watch.mailbox_read("gcm", at(0));
    watch
}

/// What does not count yet is none.
fn troubles(watch: &Watch, minutes: i64) -> Vec<String> {
    let now = at(minutes);
    watch.troubles(now).into_iter().filter(|trouble| trouble.counts(now)).map(|trouble| trouble.what).collect()
}

fn ready(watch: &Watch, minutes: i64) -> bool {
    watch.health(at(minutes)).ready
}

/// The moments of what is due, and that people were told.
fn told(alarms: &mut Alarms, watch: &Watch, minutes: i64) -> Vec<AlarmMoment> {
    let due: Vec<Signal> = alarms.due(&watch.troubles(at(minutes)), at(minutes));
    for signal in &due {
        alarms.told(signal);
    }
    due.iter().map(|signal| signal.moment).collect()
}

#[test]
fn a_mailbox_that_nobody_reads_is_noticed_without_any_failure() {
    let watch = watch();
    assert_eq!((troubles(&watch, 5), ready(&watch, 5)), (vec![], true), "a look may be late");
    assert_eq!(troubles(&watch, 7), ["The mailbox gcm is not being read."]);
    assert!(!ready(&watch, 7));
    watch.mailbox_moves("gcm", at(7));
    assert_eq!(watch.troubles(at(8)), [], "a full mailbox takes its time");
    watch.mailbox_read("gcm", at(8));
    assert_eq!((troubles(&watch, 8), ready(&watch, 8)), (vec![], true));
}

#[test]
fn the_first_failure_tells_since_when_and_the_last_one_why() {
    let watch = watch();
    watch.mailbox_fails("gcm", at(1), "no route.", MINUTE);
    watch.mailbox_fails("gcm", at(9), "the login was refused", 10 * MINUTE);
    assert_eq!(troubles(&watch, 10), ["The mailbox gcm cannot be read: the login was refused."]);
    let health = watch.health(at(10));
    assert_eq!(health.mailboxes[0].failing_since, Some(at(1)));
    assert!(health.in_words().starts_with("not ready\nThe mailbox gcm cannot be read: "), "{}", health.in_words());
    let until = "It is left alone until 2020-09-28T08:19:00Z. Since 2020-09-28T08:01:00Z.\n";
    assert!(health.in_words().ends_with(until), "{}", health.in_words());
}

#[test]
fn after_a_start_a_mailbox_counts_as_unread_since_it_was_last_read() {
    let watch = Watch::new(at(600));
    watch.mailbox("gcm", MINUTE, Some(at(0)), at(600));
    assert_eq!(watch.troubles(at(600)), [], "it has its time to be read");
    watch.mailbox_fails("gcm", at(600), "no route", Duration::ZERO);
    assert_eq!(
        watch.troubles(at(600))[0].since,
        at(1),
        "a program that ends again and again calls people all the same"
    );
}

#[test]
fn who_does_not_receive_has_no_trouble_with_mailboxes() {
    let watch = watch();
    watch.mailbox_fails("gcm", at(1), "no route", Duration::ZERO);
    watch.read_elsewhere(at(30));
    assert_eq!((troubles(&watch, 90), watch.health(at(90)).receives), (vec![], false));
    watch.mailbox_fails("gcm", at(91), "no route", Duration::ZERO);
    assert_eq!(watch.troubles(at(91))[0].since, at(91), "up to now another read it");
}

#[test]
fn people_are_called_once_again_every_day_and_when_it_is_over() {
    let (watch, mut alarms) = (watch(), Alarms::new(HOUR));
    watch.mailbox_fails("gcm", at(1), "no route", Duration::ZERO);
    assert_eq!(told(&mut alarms, &watch, 60), []);
    assert_eq!(told(&mut alarms, &watch, 61), [AlarmMoment::Begins]);
    assert_eq!(told(&mut alarms, &watch, 62), []);
    assert_eq!(told(&mut alarms, &watch, 61 + 24 * 60), [AlarmMoment::Lasts]);
    watch.mailbox_read("gcm", at(1600));
    let over = alarms.due(&watch.troubles(at(1600)), at(1600));
    assert_eq!(
        over[0].sentence(),
        "docket: It is over: The mailbox gcm cannot be read: no route. It lasted from 2020-09-28T08:01:00Z to \
         2020-09-29T10:40:00Z."
    );
    assert_eq!(told(&mut alarms, &watch, 1600), [AlarmMoment::Over]);
    assert_eq!(told(&mut alarms, &watch, 1601), []);
}

#[test]
fn a_call_that_did_not_get_through_is_due_again_and_a_hiccup_calls_nobody() {
    let (watch, mut alarms) = (watch(), Alarms::new(HOUR));
    watch.mailbox_fails("gcm", at(1), "no route", Duration::ZERO);
    let due = alarms.due(&watch.troubles(at(62)), at(62));
    assert_eq!(alarms.due(&watch.troubles(at(63)), at(63)).len(), due.len());
    watch.mailbox_read("gcm", at(64));
    assert_eq!(told(&mut alarms, &watch, 64), [], "who was told nothing is not told that it is over");
}

#[test]
fn letters_that_are_due_and_do_not_leave_are_noticed() {
    let watch = watch();
    watch.letters_due(Some(at(0)), at(0));
    watch.letters_due(Some(at(0)), at(6));
    assert_eq!(troubles(&watch, 6).last().unwrap(), "Letters are due, and none leaves; “docket letters” says why.");
    watch.letter_left(at(7));
    watch.mailbox_read("gcm", at(7));
    assert_eq!(troubles(&watch, 7), Vec::<String>::new(), "a long queue that moves is no trouble");
    watch.letters_due(None, at(8));
    // An old letter that a person released just now.
    watch.letters_due(Some(at(-4000)), at(9));
    watch.mailbox_read("gcm", at(9));
    assert_eq!(watch.troubles(at(9)), []);
}

#[test]
fn a_mail_server_that_cannot_be_talked_to_stays_a_trouble_when_the_letters_are_given_up() {
    let watch = watch();
    watch.letters_due(Some(at(0)), at(0));
    watch.letters_fail(at(1), "no route (while connecting)");
    assert!(!watch.letters_in_doubt(), "the next letter will show");
    watch.letters_due(None, at(2));
    assert!(watch.letters_in_doubt());
    watch.mailbox_read("gcm", at(10));
    assert_eq!(troubles(&watch, 10), ["No letter can leave: no route (while connecting)."]);
    assert!(!ready(&watch, 10));
    watch.letters_can_leave(at(10));
    assert_eq!((troubles(&watch, 10), watch.letters_in_doubt()), (vec![], false));
}

#[test]
fn a_mail_server_that_refuses_us_for_good_is_said_at_once_and_a_hiccup_is_not() {
    let watch = Watch::new(at(0));
    watch.letters_refused(at(1), "it refuses our return path");
    assert_eq!(troubles(&watch, 1), ["No letter can leave: it refuses our return path."]);
    assert!(!ready(&watch, 1));
    watch.letter_left(at(2));
    assert_eq!((troubles(&watch, 2), ready(&watch, 2)), (vec![], true));
    watch.letters_fail(at(3), "no route");
    assert!(ready(&watch, 4), "it may pass");
}

#[test]
fn letters_that_wait_while_others_leave_are_said_and_once() {
    let watch = Watch::new(at(0));
    let waits = || vec![(Cause::Addresses, 2, at(-5)), (Cause::Quota, 1, at(0)), (Cause::Unreachable, 7, at(0))];
    watch.letters_wait(waits());
    let said = troubles(&watch, 1);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("Letters wait (2): their addresses have letters beyond ASCII"), "{said:?}");
    assert!(said[0].contains(" Letters wait (1): we have sent as much as the mail server allows."), "{said:?}");
    assert!(!said[0].contains("(7)"), "that none could leave is said where it is so: {said:?}");
    assert!(ready(&watch, 1));
    let mut alarms = Alarms::new(HOUR);
    assert_eq!(told(&mut alarms, &watch, 54), []);
    assert_eq!(told(&mut alarms, &watch, 56), [AlarmMoment::Begins], "by the oldest of them");
    watch.letters_refused(at(60), "the quota");
    let said = watch.troubles(at(60)).into_iter().map(|trouble| trouble.what).collect::<Vec<_>>();
    assert!(!said.iter().any(|said| said.contains("as much as the mail server allows")), "not said twice: {said:?}");
    watch.letters_wait(Vec::new());
    watch.letter_left(at(61));
    assert_eq!(watch.troubles(at(61)).iter().filter(|trouble| trouble.topic == Topic::LettersWait).count(), 0);
}

#[test]
fn three_refusals_in_a_row_are_not_the_letters_fault() {
    let watch = watch();
    for minute in [1, 2, 3] {
        watch.mailbox_read("gcm", at(9));
        assert_eq!(troubles(&watch, 10), Vec::<String>::new());
        watch.letter_refused(at(minute));
    }
    assert_eq!(troubles(&watch, 10), ["The mail server has taken none of the last 3 letters."]);
    watch.letter_left(at(11));
    assert_eq!(watch.troubles(at(11)), []);
}

#[test]
fn a_database_that_fails_or_is_silent_is_noticed() {
    let watch = Watch::new(at(0));
    assert!(ready(&watch, 60), "nothing is known of it yet");
    watch.database_works(at(0));
    assert!(ready(&watch, 1));
    assert_eq!(troubles(&watch, 3), ["The database is silent."]);
    watch.database_fails(at(3), "it is full.");
    assert_eq!(troubles(&watch, 5), ["The database takes no commit: it is full."]);
    watch.database_works(at(6));
    assert!(ready(&watch, 6));
}

#[test]
fn a_mailbox_that_is_nearly_full_is_said_at_once_and_stops_nothing() {
    let (watch, mut alarms) = (watch(), Alarms::new(HOUR));
    let say = |percent, minute| watch.quota("gcm", percent, "in words", at(minute));
    say(89, 0);
    assert_eq!(told(&mut alarms, &watch, 1), []);
    say(90, 1);
    assert_eq!(troubles(&watch, 1), ["The mailbox gcm is 90 % full (in words); what comes when it is full goes back."]);
    assert!(ready(&watch, 1));
    assert_eq!(told(&mut alarms, &watch, 1), [AlarmMoment::Begins]);
    say(86, 2);
    assert_eq!(told(&mut alarms, &watch, 2), [], "about the limit it does not come and go");
    say(84, 3);
    assert_eq!(told(&mut alarms, &watch, 3), [AlarmMoment::Over]);
}

#[test]
fn clocks_that_differ_are_said_with_the_way_in_which() {
    let watch = watch();
    let shows = |seconds| watch.clock("the database", at(0) + SignedDuration::from_secs(seconds), at(0));
    for near in [0, 120, -120] {
        shows(near);
        assert_eq!(troubles(&watch, 0), Vec::<String>::new(), "{near}");
    }
    shows(-181);
    let said = "The clock of this machine is 3 min ahead of that of the database; one of them is wrong.";
    assert_eq!(troubles(&watch, 0), [said]);
    shows(400);
    let said = "The clock of this machine is 6 min behind that of the database; one of them is wrong.";
    assert_eq!(troubles(&watch, 0), [said]);
    shows(90);
    assert_eq!(troubles(&watch, 0), [said]);
    shows(60);
    assert_eq!(troubles(&watch, 0), Vec::<String>::new());
}

#[test]
fn messages_that_came_in_and_are_not_read_are_noticed() {
    let (watch, mut alarms) = (Watch::new(at(0)), Alarms::new(HOUR));
    watch.messages_unread(Some(at(-60)), at(0));
    assert_eq!(watch.troubles(at(1)), [], "after a start they have their time");
    assert_eq!(troubles(&watch, 2), ["Messages came in, and are not being read."]);
    assert!(!ready(&watch, 2));
    assert_eq!(told(&mut alarms, &watch, 2), [AlarmMoment::Begins], "since before the start");
    watch.message_read(at(3));
    assert_eq!(
        (troubles(&watch, 4), told(&mut alarms, &watch, 4)),
        (vec![], vec![AlarmMoment::Over]),
        "a long queue that moves"
    );
    watch.messages_unread(None, at(100));
    assert_eq!(watch.troubles(at(100)), []);
}

#[test]
fn what_this_machine_lacks_is_shown_and_calls_nobody() {
    let (watch, alarms) = (Watch::new(at(0)), Alarms::new(HOUR));
    watch.note(Topic::Sandbox, at(0), "This kernel lacks something.".to_owned());
    watch.note(Topic::Memory, at(0), "This machine has less memory.".to_owned());
    watch.note(Topic::Program("tesseract"), at(0), "The program tesseract is not asked.".to_owned());
    assert_eq!(troubles(&watch, 0).len(), 3);
    let due = alarms.due(&watch.troubles(at(6000)), at(6000));
    assert!(
        !due.iter()
            .any(|signal| signal.about == "sandbox" || signal.about == "memory" || signal.about == "program tesseract"),
        "{due:?}"
    );
    assert!(ready(&watch, 0), "it reads all the same");
}
