//! The real program: people are called once when something lasts, and once when it is over, and probes are told.

use std::fs;

use super::called::{scribe, told};
use crate::{
    dialogs::clamd_peer::Clamd,
    fixture::{
        dovecot::{Dovecot, USER},
        intake::{ADDRESS, good_mail},
        program::{House, free_port, get},
    },
};

/// `[alarm]` with a program that writes down what it is told, and pages at a port.
fn alarm(house: &House, port: u16) -> String {
    let command = scribe(house.folder(), "");
    format!("[web]\nlisten = \"127.0.0.1:{port}\"\n[alarm]\nafter = \"1s\"\ncommand = {command:?}\n")
}

#[test]
fn a_mailbox_that_cannot_be_read_calls_people_once_and_once_more_when_it_is_over() {
    let mut server = Dovecot::start();
    let house = House::with("");
    let port = free_port();
    let account = server.account();
    let config = format!(
        "[[mailbox]]\nname = \"gcm\"\naddresses = [\"{ADDRESS}\"]\ncalls = [\"unece-gcm-2020\"]\npoll = \"1s\"\n\
         [mailbox.imap]\nhost = \"localhost\"\nport = {}\nuser = \"{USER}\"\npassword = \"secret\"\nca_file = {:?}\n{}",
        account.port,
        account.ca_file.as_ref().unwrap(),
        alarm(&house, port)
    );
    fs::write(house.folder().join("docket.toml"), config).unwrap();
    let mut daemon = house.start(&[]);
    let read = "SELECT COUNT(*) FROM folder WHERE last_read IS NOT NULL";
    daemon.until("the mailbox is read", || house.number(read) == Some(1));
    daemon.until("it is ready", || get(port, "/readyz") == (200, "ready\n".to_owned()));
    server.kill();
    daemon.until("people are told", || !told(house.folder()).is_empty());
    daemon.until("it is not ready", || get(port, "/readyz").0 == 503);
    let (status, said) = get(port, "/readyz");
    assert!(status == 503 && said.contains("The mailbox gcm cannot be read: "), "{said}");
    assert_eq!(get(port, "/healthz").0, 200, "it is alive all the same");
    let (_, json) = get(port, "/readyz?format=json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["ready"], &json["mailboxes"][0]["name"]), (&false.into(), &"gcm".into()), "{json}");
    assert!(get(port, "/").1.contains("The mailbox gcm cannot be read: "));
    server.start_again();
    daemon.until("people are told that it is over", || told(house.folder()).len() > 1);
    daemon.until("it is ready again", || get(port, "/readyz").0 == 200);
    let told = told(house.folder());
    assert!(told[0].starts_with("urgent: docket: The mailbox gcm cannot be read: "), "{told:?}");
    assert!(told[1].starts_with("urgent: docket: It is over: The mailbox gcm cannot be read: "), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    daemon.until("both are on record", || house.number("SELECT COUNT(*) FROM event WHERE kind = 'alarm'") == Some(2));
    assert!(daemon.stop().success());
}

#[test]
fn letters_that_cannot_leave_call_people_though_the_mail_server_is_what_is_away() {
    let house = House::with("");
    let (port, nobody) = (free_port(), free_port());
    let config = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
    let smtp = format!(
        "[letters]\ntransport = \"smtp\"\n[letters.smtp]\nhost = \"127.0.0.1\"\nport = {nobody}\ntls = \"none\"\n{}",
        alarm(&house, port)
    );
    let config = config.replace("[letters]\nsettle_for = \"1h\"\n", &smtp);
    fs::write(house.folder().join("docket.toml"), config).unwrap();
    let said = house.docket(&["check", "--online", "--alarm"]).out;
    assert!(said.contains("alarm by the command ") && said.contains("/call: works"), "{said}");
    assert_eq!(told(house.folder()), ["urgent: docket: This is a test; nothing is the matter."]);
    let mut daemon = house.start(&[]);
    house.deliver("1.a", &good_mail("a"));
    daemon.until("people are told", || told(house.folder()).len() > 1);
    let told = told(house.folder());
    assert!(told[1].starts_with("urgent: docket: No letter can leave: no connection to 127.0.0.1"), "{told:?}");
    let json = fs::read_to_string(house.folder().join("json")).unwrap();
    assert!(!json.contains("mfa.no"), "nothing of the sender's: {json}");
    assert!(daemon.stop().success());
}

#[test]
fn a_database_that_takes_no_commit_calls_people_and_is_told_so_afterwards() {
    let house = House::with("");
    let port = free_port();
    let config = fs::read_to_string(house.folder().join("docket.toml")).unwrap() + &alarm(&house, port);
    fs::write(house.folder().join("docket.toml"), config).unwrap();
    let mut daemon = house.start(&[]);
    let read = "SELECT COUNT(*) FROM folder WHERE last_read IS NOT NULL";
    daemon.until("the mailbox is read", || house.number(read) == Some(1));
    house.while_locked(|| {
        daemon.until("people are told", || !told(house.folder()).is_empty());
        let json: serde_json::Value = serde_json::from_str(&get(port, "/healthz?format=json").1).unwrap();
        assert!(json["database"]["failing_since"].is_string(), "probes are answered all the same: {json}");
    });
    daemon.until("both are on record", || house.number("SELECT COUNT(*) FROM event WHERE kind = 'alarm'") == Some(2));
    let told = told(house.folder());
    assert!(told[0].starts_with("urgent: docket: The database takes no commit: "), "{told:?}");
    assert!(told[1].starts_with("urgent: docket: It is over: The database takes no commit: "), "{told:?}");
    assert!(daemon.stop().success());
}

#[test]
fn check_says_that_nobody_is_called() {
    let house = House::with("");
    let said = house.docket(&["check"]).done();
    assert!(said.contains("Nobody is called when the program cannot do its work"), "{said}");
    fs::write(
        house.folder().join("docket.toml"),
        fs::read_to_string(house.folder().join("docket.toml")).unwrap() + &alarm(&house, free_port()),
    )
    .unwrap();
    let said = house.docket(&["check"]).done();
    assert!(!said.contains("Nobody is called"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_virus_scanner_that_is_away_is_shown_and_told_and_stops_nothing() {
    let (port, scanner) = (free_port(), free_port());
    let house = House::with("");
    let file = house.folder().join("docket.toml");
    let config = fs::read_to_string(&file).unwrap() + &alarm(&house, port);
    fs::write(&file, format!("{config}[reading]\nscanner = \"tcp:127.0.0.1:{scanner}\"\n")).unwrap();
    let ran = house.docket(&["check", "--online"]);
    let place = format!("virus scanner tcp:127.0.0.1:{scanner}: ");
    assert!(ran.status == Some(1) && ran.out.contains(&format!("{place}cannot be reached (")), "{}", ran.out);
    let mut daemon = house.start(&[]);
    let said = "Mail is not scanned for viruses, and read all the same: the scanner cannot be reached";
    daemon.until("every page says so", || get(port, "/").1.contains(said));
    daemon.until("people are told", || told(house.folder()).iter().any(|told| told.contains(said)));
    assert_eq!(get(port, "/readyz").0, 200, "the program does its work");
    house.deliver("1.a", &good_mail("a"));
    daemon.until("mail is read and answered", || house.letters().len() == 1);
    let (clamd, _) = Clamd::start_at(scanner, |_| None).await;
    house.deliver("2.b", &good_mail("b"));
    daemon.until("the next message shows that it is there again", || !get(port, "/").1.contains(said));
    assert!(daemon.stop().success());
    assert!(clamd.scanned() == [good_mail("b")], "it was sent the message as it came");
    let said = house.docket(&["check", "--online"]).done();
    assert!(said.contains(&format!("{place}works")), "{said}");
}
