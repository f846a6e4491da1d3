//! `docket record` as a person runs it, with and without a daemon beside it.

use std::fs;

use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    cli::{failed, has_fields},
    fixture::{
        intake::{document, good_mail},
        program::House,
    },
};

const POUCH: [&str; 9] = [
    "record",
    "--state",
    "Armenia",
    "--received",
    "2020-09-29T16:00",
    "--way",
    "pouch",
    "--authority",
    "M. Weber, registry",
];

fn house() -> House {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    fs::write(house.folder().join("input.docx"), document(200)).unwrap();
    fs::write(house.folder().join("scan.pdf"), b"%PDF-1.4\nnothing of a document\n").unwrap();
    house
}

#[test]
fn an_input_by_pouch_is_recorded_at_the_terminal() {
    let house = house();
    let said = house.docket(&[&POUCH[..], &["input.docx", "scan.pdf"]].concat()).done();
    let head = "M-000001 is in the log: recorded by pouch, on the word of M. Weber, registry.\n\
                M-000001 is GCM-ECE-2020-0001, version 1, received on time.\n";
    assert!(said.starts_with(head), "{said}");
    assert!(
        said.contains("It was recorded by a person, and no mail brought it.") && said.contains("Not read: scan.pdf ("),
        "{said}"
    );

    let table = house.docket(&["log"]).done();
    assert!(table.contains("Recorded by pouch, on the word of M. Weber, registry."), "{table}");
    assert!(table.lines().all(|line| line.width() <= 80), "{table}");
    let line = house.docket(&["log", "--json"]).json().remove(0);
    has_fields(&line["recorded"], &["way", "authority"]);
    assert_eq!(line["recorded"], json!({"way": "pouch", "authority": "M. Weber, registry"}));
    assert_eq!((&line["clock"], &line["received"]), (&json!("recorded"), &json!("2020-09-29T14:00:00Z")));
    let csv = house.docket(&["log", "--format", "csv"]).done();
    assert!(csv.contains(",recorded,") && csv.contains("\"by pouch, on the word of M. Weber, registry\""), "{csv}");
    let shown = house.docket(&["show", "M-000001"]).done();
    assert!(shown.contains("\nrecorded by pouch, on the word of M. Weber, registry\n"), "{shown}");
    let original = house.docket(&["original", "M-000001"]).done();
    assert!(original.starts_with("Subject: Armenia: by pouch\r\n") && !original.contains("\r\nFrom:"), "{original}");

    // The same once more, by a slip.
    failed(&house.docket(&[&POUCH[..], &["input.docx", "scan.pdf"]].concat()), "was recorded before, as M-000001");
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(1));
    // Paper alone.
    let paper = [&POUCH[..2], &["FRA", "--state", "Germany"], &POUCH[3..]].concat();
    let said = house.docket(&paper).done();
    assert!(said.contains("M-000002 is GCM-ECE-2020-0002, version 1, received on time.\n"), "{said}");
    assert_eq!(house.docket(&["log", "--json"]).json()[1]["names"], json!(["France", "Germany"]));
}

#[test]
fn a_daemon_beside_it_reads_what_is_recorded_once() {
    let house = house();
    house.deliver("1.a", &good_mail("a"));
    let mut daemon = house.start(&[]);
    daemon.until("it works", || house.is_idle());
    let said = house.docket(&[&POUCH[..], &["input.docx"]].concat()).done();
    assert!(said.contains(", version 1, received on time.\n"), "{said}");
    daemon.until("all is done", || house.is_idle());
    assert!(daemon.stop().success());
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'read'"), Some(2));
    assert_eq!(house.letters().len(), 1, "the mail is answered, and what was recorded is not");
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_recorded() {
    let house = house();
    fs::write(house.folder().join("empty.docx"), b"").unwrap();
    let with = |from: &str, to: &str| POUCH.map(|word| if word == from { to.to_owned() } else { word.to_owned() });
    for (from, to, status, why) in [
        ("Armenia", "Atlantis", 2, "“Atlantis” is no state that the tables know"),
        ("2020-09-29T16:00", "yesterday", 2, "“yesterday” is no time"),
        ("2020-09-29T16:00", "2999-01-01", 2, "“2999-01-01” is still to come"),
        ("pouch", "pigeon", 2, "pigeon"),
        ("M. Weber, registry", " ", 2, "on whose word"),
    ] {
        let arguments = with(from, to);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = house.docket(&[&arguments[..], &["input.docx"]].concat());
        assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{to}: {}", ran.err);
        assert!(ran.err.contains(why), "{to}: {}", ran.err);
    }
    for (file, why) in [
        ("missing.docx", "missing.docx: No such file"),
        ("empty.docx", "empty.docx: it is empty"),
        ("mail", "mail: it is no file"),
    ] {
        failed(&house.docket(&[&POUCH[..], &[file]].concat()), why);
    }
    let ran = house.docket(&[&POUCH[..], &["--call", "other", "input.docx"]].concat());
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(0));
}

#[test]
fn a_file_that_nobody_could_read_is_recorded_and_does_not_count() {
    let house = house();
    let said = house.docket(&[&POUCH[..], &["scan.pdf"]].concat()).done();
    assert!(said.contains("version 1, received on time. Nobody has read it."), "{said}");
    let armenia = house.docket(&["register", "--json", "--state", "ARM"]).json().remove(0);
    assert_eq!((&armenia["status"], &armenia["counts"]), (&json!("under_query"), &json!(false)), "{armenia}");
}
