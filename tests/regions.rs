//! Other regions, and a secretariat that edits the tables: the real program with a call and tables of its own.

use std::fs;

use serde_json::json;

use crate::{
    extract::build::{Docx, p},
    fixture::{
        intake::mail,
        program::{House, docket},
    },
};

const CALL: &str = "calls/unece-gcm-2020.toml";

/// Addresses the call of the house to another roster; whom not to remind is another secretariat's matter.
fn addressed_to(house: &House, roster: &str) {
    let path = house.folder().join(CALL);
    let call = fs::read_to_string(&path).unwrap().replace("roster = \"unece\"", &format!("roster = \"{roster}\""));
    let (call, _) = call.split_once("[no_reminder]").expect("the last section");
    fs::write(path, call).unwrap();
}

/// An input of a state with a document that names it.
fn input(state: &str, from: &str) -> Vec<u8> {
    let text = "Migration governance rests on shared responsibility and on the rights of every person. ".repeat(20);
    let head =
        p(&format!("Government of {state}")) + &p("Contribution to the review of the Global Compact for Migration");
    let document = Docx::new(&(head + &p(&text))).bytes();
    mail(state, from, &format!("{state}: input to the regional review"), &[("input.docx", &document)])
}

/// Puts an edited table beside the configuration.
fn edited(house: &House, table: &str, edit: impl FnOnce(String) -> String) {
    let folder = house.folder().join("states");
    fs::create_dir_all(&folder).unwrap();
    let text = fs::read_to_string(format!("config/states/{table}.csv")).unwrap();
    fs::write(folder.join(format!("{table}.csv")), edit(text)).unwrap();
}

#[test]
fn a_call_names_the_roster_of_any_region() {
    for (roster, states, state, code, from) in [
        ("ECA", 54, "Kenya", "KEN", "Ministry <input@mfa.go.ke>"),
        ("ECLAC", 46, "Brazil", "BRA", "Ministry <input@itamaraty.gov.br>"),
        ("escap", 53, "Japan", "JPN", "Ministry <input@mofa.go.jp>"),
        ("escwa", 21, "Jordan", "JOR", "Ministry <input@fm.gov.jo>"),
    ] {
        let house = House::with("");
        addressed_to(&house, roster);
        let said = house.docket(&["check"]).done();
        assert!(said.contains(&format!("{states} states")), "{roster}: {said}");
        house.deliver("1.inside", &input(state, from));
        house.deliver("2.outside", &input("Iceland", "Ministry <input@utn.is>"));
        let mut daemon = house.start(&[]);
        let read = "SELECT COUNT(*) FROM message WHERE state = 'read'";
        daemon.until("both are read", || house.number(read) == Some(2));
        assert!(daemon.stop().success());
        let lines = house.docket(&["log", "--json"]).json();
        let of = |code: &str| lines.iter().find(|line| line["states"] == json!([code]));
        assert_eq!(of(code).unwrap_or_else(|| panic!("{roster}: {lines:#?}"))["kind"], "member_state");
        assert_eq!(of("ISL").unwrap_or_else(|| panic!("{roster}: {lines:#?}"))["kind"], "outside_region");
        let roster = format!("SELECT COUNT(*) FROM roster WHERE iso3 = '{code}'");
        assert_eq!(house.number(&roster), Some(1));
        assert_eq!(house.number("SELECT COUNT(*) FROM roster"), Some(states));
    }
}

#[test]
fn the_defaults_are_written_out_for_another_region() {
    let folder = tempfile::tempdir().unwrap();
    docket(folder.path(), &["init", "conf"]).done();
    let path = folder.path().join("conf").join(CALL);
    let call = fs::read_to_string(&path).unwrap();
    fs::write(&path, call.replace("roster = \"unece\"", "roster = \"escwa\"")).unwrap();
    let ran = docket(folder.path(), &["check", "--config", "conf/docket.toml"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("[no_reminder]: USA is not on the roster “escwa”"), "{}", ran.err);
    fs::write(&path, call.replace("roster = \"unece\"", "roster = \"ecsa\"")).unwrap();
    let ran = docket(folder.path(), &["check", "--config", "conf/docket.toml"]);
    assert!(ran.err.contains("“ecsa” is no roster of the state table; did you mean “eca”?"), "{}", ran.err);
}

#[test]
fn edited_tables_are_used() {
    let house = House::with("");
    edited(&house, "domain_evidence", |table| table + "utenriks.test,NOR,government,our own list\n");
    edited(&house, "member_states", |table| {
        let mut own = String::new();
        for (line, n) in table.lines().zip(0..) {
            let on_it = line.starts_with("FJ,") || line.starts_with("NO,");
            own += line;
            own += if n == 0 {
                ",friends\n"
            } else if on_it {
                ",true\n"
            } else {
                ",false\n"
            };
        }
        own.replace("Norway,Kingdom of Norway", "Norge,Kingdom of Norway")
    });
    addressed_to(&house, "friends");
    let said = house.docket(&["check"]).done();
    assert!(said.contains("2 states"), "{said}");
    let text = "Migration governance rests on shared responsibility and on the rights of every person. ".repeat(20);
    let raw = mail(
        "a",
        "Post <post@utenriks.test>",
        "Input to the regional review",
        &[("input.docx", &Docx::new(&p(&text)).bytes())],
    );
    fs::write(house.folder().join("a.eml"), &raw).unwrap();
    let [seen] = &house.docket(&["inspect", "a.eml", "--json"]).json()[..] else { panic!("one object") };
    let evidence = seen["state"]["evidence"].as_array().unwrap();
    assert!(evidence.iter().any(|found| found["text"] == "utenriks.test" && found["iso3"] == "NOR"), "{seen:#}");
    house.docket(&["import", "a.eml"]).done();
    let mut daemon = house.start(&[]);
    daemon.until("it is read", || house.number("SELECT COUNT(*) FROM message WHERE state = 'read'") == Some(1));
    assert!(daemon.stop().success());
    house.docket(&["decide", "M-000001", "assign", "NOR", "--reason", "our own list"]).done();
    let [line] = &house.docket(&["log", "--json"]).json()[..] else { panic!("one line") };
    assert_eq!((&line["names"], &line["kind"]), (&json!(["Norge"]), &json!("member_state")));
}

#[test]
fn a_broken_table_is_told_with_file_and_line() {
    let house = House::with("");
    edited(&house, "member_states", |table| table.replacen(",member,false,", ",member,maybe,", 1));
    edited(&house, "domain_evidence", |table| {
        "domain,iso3,class,evidence\nmfa.example,QQQ,government,x\n".to_owned()
            + &table[table.find('\n').unwrap() + 1..]
    });
    edited(&house, "dated_names", |table| table.replacen("2022-06-01", "June 2022", 1));
    for command in [&["check"][..], &["run"], &["log"]] {
        let ran = house.docket(command);
        assert_eq!(ran.status, Some(2), "{command:?}: {}", ran.err);
        for problem in [
            "states/member_states.csv:2: unece is “maybe”, not true or false.",
            "states/domain_evidence.csv:2: QQQ is no state of member_states.csv.",
            "states/dated_names.csv:2: “June 2022” is no date.",
        ] {
            assert!(ran.err.contains(problem), "{command:?}: {}", ran.err);
        }
    }
}
