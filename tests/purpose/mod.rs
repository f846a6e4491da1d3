//! Messages of every kind from government senders, robots and strangers, and the right answer to each: what it is for, what
//! the program does with it by itself, whose it is, and which letter it gets.

use std::fs;

use crate::fixture::{intake::ADDRESS, program::House};

/// The right answers, by file.
const RIGHT: &str = include_str!("right.csv");
/// The address of the mailbox in the files.
const MAILBOX: &str = "gcm-input@example.org";

#[test]
fn every_kind_of_message_is_what_it_is() {
    let house = House::with("");
    let place = house.folder().join("docket.toml");
    fs::write(&place, fs::read_to_string(&place).unwrap().replace(ADDRESS, MAILBOX)).unwrap();
    let mut rows = csv::Reader::from_reader(RIGHT.as_bytes());
    let right: Vec<Vec<String>> = rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let folder = fs::canonicalize("tests/purpose/cases").unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), right.len(), "each file has its answer");
    let files: Vec<String> = right.iter().map(|row| folder.join(&row[0]).to_str().unwrap().to_owned()).collect();
    let arguments: Vec<&str> = ["inspect", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let answers = house.docket(&arguments).json();
    assert_eq!(answers.len(), right.len());
    for (row, answer) in right.iter().zip(&answers) {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let purpose = &answer["purpose"][0];
        let given = [
            text(&purpose["kind"]),
            text(&answer["filing"]),
            text(&answer["state"]["iso3"]),
            text(&answer["acknowledgement"]["letter"]),
        ];
        assert_eq!(given, row[1..], "{}: {purpose:#}", row[0]);
        let registered = answer["filing"] == "registered";
        assert!(!registered || purpose["proposed"] == false, "{}: nothing is registered that is only proposed", row[0]);
    }
}
