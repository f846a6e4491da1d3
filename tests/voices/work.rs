//! A line for each thing that a person asks about, after it is so, and never with an address or a subject.

use std::fs;

use docket::core::actor::Actor;

use super::{configure, lines};
use crate::{
    dialogs::smtp_peer::{At, Peer, say},
    fixture::{
        Database, both,
        deciding::Deciding as _,
        heard::Heard,
        intake::{ADDRESS, Intake, document, good_mail, mail},
        program::{House, free_port, get},
    },
};

/// Whose subject is told from all else.
const SUBJECT: &str = "Zanzibar quarterly";

fn sent_by(id: &str, address: &str, words: usize) -> Vec<u8> {
    mail(id, &format!("Ministry <{address}>"), SUBJECT, &[("zanzibar.docx", &document(words))])
}

#[test]
fn a_story_in_lines_without_addresses() {
    let house = House::with("cap_hour = 1");
    house.deliver("1.a", &sent_by("a", "post@mfa.no", 120));
    let log = house.folder().join("daemon.log");
    let mut daemon = house.start(&[]);
    let says = |line: &str| fs::read_to_string(&log).unwrap().contains(line);
    daemon.until("its letter leaves", || says("letter 1 left for M-000001 (acknowledgement)\n"));
    house.deliver("2.b", &sent_by("b", "post@mfa.no", 150));
    daemon
        .until("the next is held", || says("letter 2 for M-000002 is held: this address had 1 letters within an hour"));
    house.deliver("3.c", &sent_by("c", "someone@mail.test", 180));
    daemon.until("somebody is asked", || says("M-000003 waits for a person: which state\n"));
    house.deliver("4.d", &mail("d", "Ministry <press@mfa.dk>", "The attached document", &[]));
    house.deliver("5.e", b"");
    daemon.until("all is done", || house.number("SELECT COUNT(*) FROM sighting") == Some(5) && house.is_idle());
    // RUST_LOG shows more of it, and no more of them.
    let said = daemon.said();
    assert!(daemon.stop().success());
    let said_lines = lines(&said);
    for line in [
        "M-000001 received",
        "M-000001 filed as GCM-ECE-2020-0001 (Norway, version 1, late)",
        "M-000002 filed as GCM-ECE-2020-0001 (Norway, version 2, late)",
        "M-000003 received",
    ] {
        assert_eq!(said_lines.iter().filter(|said| **said == line).count(), 1, "{line}\n{said}");
    }
    let received = said_lines.iter().position(|line| *line == "M-000001 received");
    let filed = said_lines.iter().position(|line| line.starts_with("M-000001 filed"));
    let left = said_lines.iter().position(|line| line.starts_with("letter 1 left"));
    assert!(received < filed && filed < left, "{said}");
    for secret in ["@", "Zanzibar", "zanzibar", "mfa.no", "someone"] {
        assert!(!said.contains(secret), "{secret}\n{said}");
    }
    assert!(!said.contains("mail was received"), "no thing is said twice: {said}");
}

#[test]
fn what_a_server_says_of_an_address_is_said_without_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let peer = runtime.block_on(Peer::start(|at, before| match (at, before) {
        (At::Rcpt, 0) => Some(say("450 4.2.1 <post@mfa.no>: Recipient address is greylisted\r\n")),
        (At::Rcpt, _) => Some(say("550 5.1.1 <post@mfa.no>: Recipient address rejected: no post@mfa.no here\r\n")),
        _ => None,
    }));
    let port = peer.address.port();
    let house = House::with("transport = \"smtp\"");
    configure(&house, &format!("[letters.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\""));
    house.deliver("1.a", &good_mail("a"));
    let log = house.folder().join("daemon.log");
    let mut daemon = super::start_with(&house, "RUST_LOG", "docket=debug");
    let says = |line: &str| fs::read_to_string(&log).unwrap().contains(line);
    daemon.until("it waits", || says("letter 1 for M-000001 waits: The server refused it for now at RCPT: "));
    house.run("UPDATE letter SET not_before = 0");
    daemon.until("it is refused", || says("letter 1 for M-000001 did not leave: the server refused it at RCPT: 550"));
    let said = daemon.said();
    assert!(daemon.stop().success());
    assert!(said.contains("<(address)>: Recipient address rejected: no (address) here"), "{said}");
    assert!(said.contains(&format!("letters go to 127.0.0.1, port {port}")), "{said}");
    assert!(!said.contains('@') && !said.contains("mfa.no"), "{said}");
    assert_eq!(said.matches("5.1.1").count(), 1, "said once: {said}");
}

/// The decisions of a person are said by the process in which they are taken.
#[tokio::test]
async fn a_decision_is_a_line_of_its_own() {
    let mut intake = Intake::open().await;
    intake.deliver("1.a", &sent_by("a", "someone@mail.test", 180));
    intake.work().await;
    let heard = Heard::from_now_on();
    let norway = ["NOR".parse().unwrap()];
    intake.desk.assign("M-000001", &norway, None, false, &Actor::person("maria"), "their letterhead").await.unwrap();
    let filed = "INFO decision on M-000001 by maria: assigned to Norway, GCM-ECE-2020-0001";
    assert_eq!(heard.lines(), [filed]);
    intake.desk.undo("M-000001", &Actor::person("maria"), "a mistake").await.unwrap();
    let undone = "INFO decision on M-000001 by maria: the one before is taken back";
    assert_eq!(heard.lines(), [undone, "INFO M-000001 waits for a person: which state"]);
    assert!(intake.desk.undo("M-000001", &Actor::person("maria"), "again").await.is_err());
    assert_eq!(heard.lines(), Vec::<String>::new(), "what was refused did not happen");
    intake.desk.not_an_input("M-000001", false, &Actor::person("maria"), "a newsletter").await.unwrap();
    assert_eq!(heard.lines(), ["INFO decision on M-000001 by maria: no input"]);
}

both!(what_did_not_happen_is_not_said, async |db: Database| {
    // All on this thread, for the log is heard there.
    let heard = Heard::from_now_on();
    let mut tx = db.begin().await.unwrap();
    tx.say("a first thing happened".to_owned());
    tx.warn("a second thing happened".to_owned());
    assert_eq!(heard.lines(), Vec::<String>::new(), "not yet");
    tx.roll_back().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.say("a third thing happened".to_owned());
    drop(tx);
    assert_eq!(heard.lines(), Vec::<String>::new(), "nor ever");
    let mut tx = db.begin().await.unwrap();
    tx.say("a fourth thing happened".to_owned());
    tx.warn("a fifth thing happened".to_owned());
    tx.commit().await.unwrap();
    assert_eq!(heard.lines(), ["INFO a fourth thing happened", "WARN a fifth thing happened"]);
});

#[test]
fn a_lost_maildir_is_one_line_and_not_ready_with_its_name_and_so_is_its_end() {
    let port = free_port();
    let house = House::with("");
    let file = house.folder().join("docket.toml");
    let text = fs::read_to_string(&file).unwrap().replace("poll = \"1h\"", "poll = \"1s\"");
    fs::write(&file, format!("{text}[web]\nlisten = \"127.0.0.1:{port}\"\n")).unwrap();
    let log = house.folder().join("daemon.log");
    let count = |what: &str| fs::read_to_string(&log).unwrap().matches(what).count();
    let mut daemon = house.start(&[]);
    daemon.until("it is ready", || get(port, "/readyz") == (200, "ready\n".to_owned()));
    fs::rename(house.folder().join("mail"), house.folder().join("gone")).unwrap();
    daemon.until("it is not ready", || get(port, "/readyz").0 == 503);
    let (_, said) = get(port, "/readyz");
    assert!(said.contains("The mailbox gcm cannot be read: the Maildir cannot be read at mail/new"), "{said}");
    // A third failure shows that the second was not the last.
    let began = std::time::Instant::now();
    daemon.until("it has failed again", || began.elapsed() > std::time::Duration::from_secs(6));
    assert_eq!(count("the mailbox gcm cannot be read"), 1, "{}", daemon.said());
    fs::rename(house.folder().join("gone"), house.folder().join("mail")).unwrap();
    daemon.until("it is ready again", || get(port, "/readyz").0 == 200);
    assert_eq!(count("it is over: the mailbox gcm cannot be read, "), 1, "{}", daemon.said());
    assert!(daemon.stop().success());
    assert_eq!(count("the mailbox gcm cannot be read"), 2);
}

/// Every loop meets a database that is locked; the log says so once.
#[test]
fn a_database_that_is_locked_is_one_line_for_all_who_ask_it() {
    let house = House::with("");
    let file = house.folder().join("docket.toml");
    let text = fs::read_to_string(&file).unwrap().replace("poll = \"1h\"", "poll = \"1s\"");
    fs::write(&file, text.replace(ADDRESS, "inputs@secretariat.test")).unwrap();
    let log = house.folder().join("daemon.log");
    let says = |what: &str| fs::read_to_string(&log).unwrap().contains(what);
    let mut daemon = house.start(&[]);
    daemon.until("it runs", || says("mailbox gcm was read"));
    house.while_locked(|| {
        daemon.until("it says so", || says("database is locked"));
        let began = std::time::Instant::now();
        daemon.until("all have met it", || began.elapsed() > std::time::Duration::from_secs(15));
    });
    daemon.until("it is over", || says("it is over: the database takes no commit, "));
    let said = daemon.said();
    assert!(daemon.stop().success());
    let grave: Vec<&str> = said.lines().filter(|line| line.contains(" ERROR ") || line.contains(" WARN ")).collect();
    assert_eq!(grave.len(), 1, "{grave:#?}");
    assert!(grave[0].contains("ERROR the database takes no commit: the database answered: "), "{grave:#?}");
}
