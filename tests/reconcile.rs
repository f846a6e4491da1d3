//! Every message of the mailboxes is accounted for, or named as missing and fetched.

use std::sync::Arc;

use docket::{
    clock::Clock,
    config::{MailSource, MailboxConfig},
    desk::Desk,
    pipeline::{Received, Reconciled, in_a_sentence, reconcile},
};

use crate::{
    fixture::{
        dovecot::{Dovecot, USER},
        intake::good_mail,
        program::House as Program,
    },
    imap::{House, mailbox, minutes, small},
};

fn with_junk(server: &Dovecot) -> MailboxConfig {
    let mut mailbox = mailbox(server);
    if let MailSource::Imap(account) = &mut mailbox.source {
        account.junk = vec!["Junk".to_owned()];
    }
    mailbox
}

async fn open(server: &Dovecot) -> House {
    House::open(with_junk(server), Clock::by_hand(minutes(60))).await
}

async fn inbox(house: &House) -> Reconciled {
    reconcile(&house.instance).await.unwrap().remove(0)
}

fn line(messages: usize, logged: usize) -> Reconciled {
    let (mailbox, folder) = ("gcm".to_owned(), "INBOX".to_owned());
    Reconciled { mailbox, folder, messages, logged, ..Reconciled::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_moved_is_counted_and_what_is_new_is_not_missing() {
    let mut server = Dovecot::start();
    for n in 0..5 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = open(&server).await;
    assert_eq!(inbox(&house).await, Reconciled { not_looked_at: 5, ..line(5, 0) }, "nothing was looked at yet");
    house.look().await;
    assert_eq!(inbox(&house).await, line(5, 5));
    server.doveadm(&["move", "-u", USER, "Junk", "mailbox", "INBOX", "uid", "2"]);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "3"]);
    server.deliver("INBOX", &small(5), minutes(5));
    let all = reconcile(&house.instance).await.unwrap();
    assert_eq!(all[0], Reconciled { not_looked_at: 1, gone: 2, ..line(4, 3) });
    assert_eq!((all[1].folder.as_str(), all[1].messages, all[1].not_looked_at), ("Junk", 1, 1));
    assert_eq!(in_a_sentence(&all), "5 messages in 2 folders: each is accounted for.");
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'missing'").await, 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'reconciled'").await, 3);
    assert_eq!(house.number("SELECT MAX(reconciled) FROM folder").await, minutes(60).as_microsecond());
    assert_eq!(house.look().await, Received { new: 1, known: 1, ..Received::default() });
    assert!(server.flags("INBOX").iter().all(|flags| !flags.contains("Seen")));
}

/// A place that moved too far, a row that was lost, a note that was wrong: each message is named, and comes in.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named_and_comes_in() {
    let mut server = Dovecot::start();
    for n in 0..4 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = open(&server).await;
    house.look().await;
    let number = async |query: &'static str| house.number(query).await;
    number("UPDATE folder SET next_uid = 6 WHERE name = 'INBOX' RETURNING id").await;
    number("DELETE FROM sighting WHERE name LIKE '%.2' RETURNING id").await;
    number("UPDATE sighting SET disposition = 'gone', message_id = NULL WHERE name LIKE '%.3' RETURNING id").await;
    server.deliver("INBOX", &small(4), minutes(4));
    assert_eq!(house.look().await, Received::default(), "a look does not find them");
    let line = inbox(&house).await;
    let mut missing: Vec<&str> = line.missing.iter().map(|name| name.rsplit_once('.').unwrap().1).collect();
    missing.sort_unstable();
    assert_eq!((missing, line.logged, line.messages), (vec!["2", "3", "5"], 2, 5));
    let named = "SELECT COUNT(*) FROM event WHERE kind = 'missing'
        AND payload LIKE '{\"folder\":\"INBOX\",%\"names\":[\"%.2\",\"%.3\",\"%.5\"],%'";
    assert_eq!(house.number(named).await, 1);
    assert_eq!(house.number("SELECT MAX(missing) FROM folder").await, 3);
    let seen = Desk::new(Arc::clone(&house.instance)).frame(None).await.unwrap().unwrap().mailboxes.remove(0);
    assert_eq!((seen.reconciled, seen.missing), (Some(minutes(60)), 3), "the pages say so");
    assert_eq!(inbox(&house).await.tried_again, 3, "they are on record now");
    assert_eq!(house.look().await, Received { new: 1, known: 2, ..Received::default() });
    let line = inbox(&house).await;
    assert_eq!((line.logged, line.missing.len(), line.tried_again), (5, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_numbered_anew_or_away_is_said() {
    let mut server = Dovecot::start();
    for n in 0..3 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = open(&server).await;
    house.look().await;
    server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", "4711", "INBOX"]);
    assert_eq!(inbox(&house).await, Reconciled { not_looked_at: 3, renumbered: true, ..line(3, 0) });
    assert_eq!(house.look().await, Received { known: 3, ..Received::default() });
    assert_eq!(inbox(&house).await, line(3, 3));
    server.kill();
    let all = reconcile(&house.instance).await.unwrap();
    assert!(all.iter().all(|folder| folder.error.is_some() && folder.missing.is_empty()), "{all:?}");
    assert!(in_a_sentence(&all).contains("not looked through: INBOX, Junk"), "{}", in_a_sentence(&all));
}

fn columns(said: &str, name: &str) -> Vec<String> {
    let line = said.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {said}"));
    line.split_whitespace().map(str::to_owned).collect()
}

/// The command beside the running daemon, which fetches what the command found.
#[test]
fn the_command_names_what_is_missing_and_the_daemon_takes_it_in() {
    let house = Program::with("");
    for n in 0..3 {
        house.deliver(&format!("{n}.a"), &good_mail(&format!("m{n}")));
    }
    let mut daemon = house.start(&[]);
    let stored = || house.number("SELECT COUNT(*) FROM sighting WHERE disposition = 'stored'");
    daemon.until("all is in the log", || stored() == Some(3) && house.is_idle());
    daemon.until("the daemon reconciles by itself", || {
        house.number("SELECT COUNT(*) FROM event WHERE kind = 'reconciled'") == Some(1)
    });
    let ran = house.docket(&["reconcile"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(columns(&ran.out, "gcm/INBOX"), ["gcm/INBOX", "3", "3", "0", "0", "0", "0", "0"], "{}", ran.out);
    assert!(ran.out.ends_with("3 messages in 1 folder: each is accounted for.\n"), "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.len() <= 80), "{}", ran.out);

    house.run("DELETE FROM sighting WHERE name = '1.a'");
    let ran = house.docket(&["reconcile", "--json"]);
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    let [line] = &ran.json()[..] else { panic!("{}", ran.out) };
    assert_eq!((&line["mailbox"], &line["folder"]), (&"gcm".into(), &"INBOX".into()));
    assert_eq!((&line["missing"], &line["logged"]), (&serde_json::json!(["1.a"]), &2.into()), "{line}");
    // Another delivery is what makes it look before its time.
    house.deliver("9.z", &good_mail("z"));
    daemon.until("it came in", || stored() == Some(4));
    let ran = house.docket(&["reconcile"]);
    assert_eq!(columns(&ran.out, "gcm/INBOX")[1..4], ["4", "4", "0"], "{}", ran.out);
    assert!(daemon.stop().success());
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(4), "and no second entry");
    assert_eq!(house.docket(&["reconcile", "--config", "nowhere.toml"]).status, Some(2));
}
