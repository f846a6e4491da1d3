//! The commands of the secretariat's day at a terminal: the log, what waits, letters, and the list of focal points.

use std::{
    fs::{self, File},
    process::Command,
};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    cli::{due, failed, filled, has_fields, read_all, source},
    fixture::{
        intake::{ADDRESS, PROGRAM},
        program::{House, Ran},
    },
};

/// That a command was asked for something that there is not, and said so.
#[track_caller]
fn wrong(ran: &Ran, why: &str) {
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert_eq!(ran.out, "");
}

/// The numbers of the lines of a log.
fn numbers(house: &House, arguments: &[&str]) -> Vec<String> {
    let lines = house.docket(&[&["log", "--json"], arguments].concat()).json();
    lines.iter().map(|line| line["number"].as_str().unwrap().to_owned()).collect()
}

/// A house into which these samples were imported.
fn with_samples(samples: &[&str]) -> House {
    let house = House::with("");
    for sample in samples {
        let text = fs::read_to_string(source(&format!("config/demo/mail/{sample}"))).unwrap();
        fs::write(house.folder().join(sample), text.replace("gcm-review@example.org", ADDRESS)).unwrap();
        house.docket(&["import", sample]).done();
    }
    read_all(&house);
    house
}

#[test]
fn the_log_is_narrowed_by_time_words_and_number() {
    let house = filled();
    for (arguments, expected) in [
        (&["--limit", "2"][..], &["M-000004", "M-000002"][..]),
        (&["--limit", "9"], &["M-000001", "M-000003", "M-000004", "M-000002"]),
        (&["--since", "2020-09-15"], &["M-000003", "M-000004", "M-000002"]),
        (&["--since", "2020-09-15T10:00:00Z", "--as-of", "2020-09-16T10:00:00Z"], &["M-000003"]),
        (&["--since", "2020-09-15T10:00:00.000001Z", "--limit", "1"], &["M-000002"]),
        (&["--waiting"], &["M-000003"]),
        (&["--waiting", "--limit", "1"], &["M-000003"]),
        (&["--text", "corrected NORWAY"], &["M-000002"]),
        (&["--text", "gcm-ece-2020-0001"], &["M-000001", "M-000002"]),
        (&["--text", "norvège"], &["M-000001", "M-000002"]),
        (&["--text", "norvege", "--language", "fr"], &["M-000001", "M-000002"]),
        (&["--text", "norway", "--limit", "1"], &["M-000002"]),
        (&["--text", "hyperlink", "--state", "NOR"], &[]),
    ] {
        assert_eq!(numbers(&house, arguments), expected, "{arguments:?}");
    }
    assert_eq!(house.docket(&["log", "--text", "nowhere to be found"]).done(), "No entry fits.\n");
    for arguments in [["--limit", "0"], ["--since", "soon"], ["--width", "20"], ["--call", "other"]] {
        assert_eq!(house.docket(&[&["log"][..], &arguments].concat()).status, Some(2), "{arguments:?}");
    }
}

#[test]
fn states_are_meant_by_code_or_by_name() {
    let house = filled();
    for name in ["NOR", "nor", "no", "Norway", "NORVÈGE", "Noruega", "Норвегия", "挪威", "النرويج"] {
        assert_eq!(numbers(&house, &["--state", name]), ["M-000001", "M-000002"], "{name}");
    }
    let reason = ["--reason", "by telephone"];
    for before in [&["log", "--state"][..], &["decide", "M-000003", "assign"], &["people", "list", "--state"]] {
        let after = if before[0] == "decide" { &reason[..] } else { &[] };
        let asked = |state| house.docket(&[before, &[state], after].concat());
        wrong(
            &asked("Norwey"),
            "“Norwey” is no state that the tables know; write its code, such as NOR, or its name in",
        );
        wrong(&asked("XYZ"), "“XYZ” is no state");
        wrong(&asked("Korea"), "“Korea” may mean KOR or PRK; write the code");
    }
    wrong(&house.docket(&["letters", "release", "--all", "--state", "Nowhere"]), "“Nowhere” is no state");
    let assign = ["decide", "M-000003", "assign", "Франция", "--reason", "by telephone"];
    wrong(
        &house.docket(&[&assign[..], &["--call", "other"]].concat()),
        "there is no call “other” in the configuration",
    );
    wrong(&house.docket(&["waiting", "--call", "other"]), "there are: unece-gcm-2020");
    wrong(&house.docket(&["call", "show", "other"]), "there are: unece-gcm-2020");
    let deadline = ["--until", "2031-01-09", "--authority", "the Bureau", "--reason", "floods"];
    wrong(&house.docket(&[&["call", "deadline", "other"], &deadline[..]].concat()), "there are: unece-gcm-2020");
    assert_eq!(numbers(&house, &["--waiting"]), ["M-000003"], "nothing was decided");
    house.docket(&assign).done();
    let shown = house.docket(&["show", "M-000003"]).done();
    assert!(shown.contains("M-000003/1  France, a state of the roster: a person decided\n"), "{shown}");
}

#[test]
fn a_deadline_is_shown_tried_and_moved_at_the_terminal() {
    let house = filled();
    let show = || house.docket(&["call", "show", "unece-gcm-2020"]).done();
    let first = show();
    assert!(first.starts_with("version 1: 2020-09-30 (Europe/Zurich); set "), "{first}");
    assert_eq!(first.lines().count(), 1, "{first}");
    let standing = || house.docket(&["log", "--json", "--state", "NOR"]).json()[1]["standing"].clone();
    assert_eq!(standing(), "late", "M-000002 came on 5 October");

    let moved = |more: &[&str]| {
        let order = ["call", "deadline", "unece-gcm-2020", "--until", "2020-10-09T12:00", "--authority", "the Bureau"];
        house.docket(&[&order[..], &["--reason", "floods", "--by", "Ana"], more].concat())
    };
    let tried = moved(&["--dry-run"]).done();
    let tried = tried.strip_suffix("Nothing was done.\n").unwrap_or_else(|| panic!("{tried}"));
    assert_eq!((show(), standing()), (first.clone(), json!("late")), "a dry run changes nothing");
    let done = moved(&[]).done();
    assert_eq!(done, tried, "what is said before is what is done");
    assert!(done.contains("2020-10-09 12:00 (Europe/Zurich)"), "{done}");
    let after = show();
    assert!(after.starts_with(&first), "what was set before stays: {after}");
    let second = after.lines().nth(1).unwrap();
    assert!(second.starts_with("version 2: 2020-10-09 12:00 (Europe/Zurich); set "), "{after}");
    assert!(second.ends_with(" by Ana, on the authority of the Bureau: floods"), "{after}");
    assert!(after.ends_with(
        "The file of the call says 2020-09-30 (Europe/Zurich); what was set last holds until it says another.\n"
    ));
    assert_eq!(standing(), "on_time", "it was judged again");

    failed(&moved(&[]), "already");
    let order = ["call", "deadline", "unece-gcm-2020", "--authority", "x", "--reason", "x", "--until"];
    failed(&house.docket(&[&order[..], &["2020-07-01"]].concat()), "2020-07-15");
    for wrong in
        [&["2020-13-01"][..], &["soon"], &["2020-10-09", "--grace", "2000"], &["2020-10-09", "--authority", ""]]
    {
        assert_eq!(house.docket(&[&order[..], wrong].concat()).status, Some(2), "{wrong:?}");
    }
    let without = &order[..5];
    assert_eq!(house.docket(&[without, &["--until", "2020-10-10"]].concat()).status, Some(2), "the reason is missing");
    for unknown in [
        &["call", "show", "other"][..],
        &["call", "deadline", "other", "--until", "2020-10-10", "--authority", "x", "--reason", "x", "--dry-run"],
    ] {
        wrong(&house.docket(unknown), "there is no call “other” in the configuration");
    }
    assert_eq!(show(), after, "nothing of this was set");
    let checked = house.docket(&["check"]);
    assert!(
        checked.out.contains("call unece-gcm-2020: inputs until 2020-09-30 (Europe/Zurich), 56 states"),
        "{}",
        checked.out
    );
    let place = house.folder().join("calls/unece-gcm-2020.toml");
    let file =
        fs::read_to_string(&place).unwrap().replace("day = 2020-09-30\n", "day = 2020-09-30\ntime = \"12:00\"\n");
    fs::write(&place, file).unwrap();
    let checked = house.docket(&["check"]);
    assert!(checked.out.contains("inputs until 2020-09-30 12:00 (Europe/Zurich)"), "{}", checked.out);
}

#[test]
fn a_table_names_states_and_tells_whose_mail_it_is() {
    let house = filled();
    let narrow = house.docket(&["log"]).done();
    assert!(narrow.lines().all(|line| line.width() <= 80), "{narrow}");
    assert!(narrow.contains("\n         Bob: Lunch\n"), "nothing else tells what it is: {narrow}");
    assert!(!narrow.contains("Ministry: "), "its reference tells what it is: {narrow}");
    assert_eq!(house.docket(&["log", "--width", "80"]).done(), narrow, "what is no terminal has 80 columns");
    let wide = house.docket(&["log", "--width", "150"]).done();
    assert!(wide.lines().all(|line| line.width() <= 150), "{wide}");
    let [head, _, first, ..] = wide.lines().collect::<Vec<_>>()[..] else { panic!("a head and lines: {wide}") };
    assert!(head.contains("Sender") && head.contains("Subject"), "{head}");
    assert!(first.contains(" Norway ") && first.ends_with(" Norway: input to the regional review"), "{first}");
    assert!(!wide.contains("Bob: Lunch"), "{wide}");
    let between = house.docket(&["log", "--width", "95"]).done();
    let head = between.lines().next().unwrap();
    assert!(head.contains("Sender") && !head.contains("Subject"), "{between}");
}

#[test]
fn states_together_stand_by_name_and_no_name_is_cut() {
    let house = with_samples(&["12-tunisia-arabic.eml", "26-baltic-joint.eml"]);
    let lines = house.docket(&["log", "--json"]).json();
    let joint = lines.iter().find(|line| line["kind"] == "joint").unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(joint["states"], json!(["EST", "LVA", "LTU"]), "Latvia stands before Lithuania");
    assert_eq!(joint["names"], json!(["Estonia", "Latvia", "Lithuania"]));
    let table = house.docket(&["log"]).done();
    for name in ["Tunisia", "Estonia", "Latvia", "Lithuania"] {
        assert!(table.contains(name), "{name}: {table}");
    }
    assert!(table.lines().all(|line| line.width() <= 80) && !table.contains('…'), "{table}");
    let shown = house.docket(&["show", joint["number"].as_str().unwrap()]).done();
    assert!(shown.contains("/1  Estonia, Latvia, Lithuania, a joint input\n"), "{shown}");
}

#[test]
fn what_is_undecided_is_shown_with_its_question_and_its_candidates() {
    let house = with_samples(&["15-moldova-or-romania.eml"]);
    let said = house.docket(&["show", "M-000001"]).done();
    assert!(said.contains("M-000001/1  to be decided; no state is named for it\n"), "{said}");
    assert!(said.contains("  waits    Which state? Republic of Moldova or Romania."), "{said}");
    assert!(said.contains("  may be   of Republic of Moldova, Romania\n"), "{said}");
    let entry = house.docket(&["show", "M-000001", "--json"]).json().remove(0);
    let candidates = json!([["MDA", "Republic of Moldova"], ["ROU", "Romania"]]);
    assert_eq!((&entry["items"][0]["states"], &entry["items"][0]["candidates"]), (&json!([]), &candidates));

    let said = house.docket(&["waiting"]).done();
    assert!(said.starts_with("M-000001   ") && said.contains(", from Permanent Mission <"), "{said}");
    assert!(said.contains("? Which state? Republic of Moldova or Romania."), "{said}");
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
    let cases = house.docket(&["waiting", "--json"]).json();
    assert_eq!(cases.len(), 1);
    has_fields(
        &cases[0],
        &[
            "number",
            "from",
            "subject",
            "since",
            "age",
            "question",
            "states",
            "names",
            "unblocks",
            "open_with",
            "in_charge",
            "later",
        ],
    );
    assert_eq!((&cases[0]["states"], &cases[0]["unblocks"]), (&json!(["MDA", "ROU"]), &json!([])));
    let asked = house.docket(&["waiting", "--language", "fr"]).done();
    assert!(asked.contains("Roumanie"), "{asked}");
    house.docket(&["decide", "M-000001", "assign", "Romania", "--reason", "they called"]).done();
    assert_eq!(house.docket(&["waiting"]).done(), "Nothing waits for a person.\n");
    assert!(house.docket(&["waiting", "--json"]).json().is_empty());
    let entry = house.docket(&["show", "M-000001", "--json"]).json().remove(0);
    assert_eq!(entry["items"][0]["candidates"], json!([]), "it is decided");
}

#[test]
fn reminders_that_are_held_back_are_told() {
    let house = due();
    fs::write(house.folder().join("people.csv"), "iso3,name,address,language,from,until\nROU,,a@mae.ro,,,\n").unwrap();
    house.docket(&["people", "import", "people.csv"]).done();
    let mail = fs::read_to_string(source("config/demo/mail/15-moldova-or-romania.eml")).unwrap();
    fs::write(house.folder().join("a.eml"), mail.replace("gcm-review@example.org", ADDRESS)).unwrap();
    house.docket(&["import", "a.eml"]).done();
    read_all(&house);
    let said = house.docket(&["waiting"]).done();
    assert!(said.contains("! Holds back the reminder to Romania.\n"), "{said}");
    assert_eq!(house.docket(&["waiting", "--json"]).json()[0]["unblocks"], json!(["ROU"]));
}

#[test]
fn what_is_empty_says_so() {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    for (command, said) in [
        (&["log"][..], "The log holds no entry yet.\n"),
        (&["log", "--limit", "3"], "The log holds no entry yet.\n"),
        (&["log", "--state", "Norway"], "No entry fits.\n"),
        (&["log", "--json"], ""),
        (&["waiting"], "Nothing waits for a person.\n"),
        (&["letters"], "There are no letters yet.\n"),
        (&["letters", "--json"], ""),
        (&["people", "list"], "No focal point is in the list.\n"),
        (&["people", "list", "--json"], ""),
    ] {
        assert_eq!(house.docket(command).done(), said, "{command:?}");
    }
}

#[test]
fn a_letter_is_meant_by_its_number_in_any_form() {
    let house = filled();
    let shown = house.docket(&["letters", "show", "1"]).done();
    assert!(shown.starts_with("L-000001  acknowledgement "), "{shown}");
    for number in ["L-000001", "l-000001", "L-1", "L1", "0001"] {
        assert_eq!(house.docket(&["letters", "show", number]).done(), shown, "{number}");
    }
    for number in ["L-", "L-1x", "M-000001", "", "+1", "99999999999999999999"] {
        wrong(&house.docket(&["letters", "show", number]), "a letter has a number such as L-000001, or 1");
    }
    failed(&house.docket(&["letters", "show", "L-99"]), "there is no letter L-000099");
    let said = house.docket(&["letters", "resend", "L-000001", "--reason", "it was lost"]).done();
    assert_eq!(said, "Letter 1 leaves now: it was lost\n");
}

#[test]
fn the_log_opens_in_a_spreadsheet() {
    let house = filled();
    let text = house.docket(&["log", "--format", "csv"]).done();
    assert!(text.starts_with("\u{feff}number,"), "Excel reads UTF-8 where it begins so");
    let out = File::create(house.folder().join("log.xlsx")).unwrap();
    let mut command = Command::new(PROGRAM);
    let command = command.args(["log", "--format", "xlsx"]).current_dir(house.folder()).stdout(out);
    assert!(command.status().unwrap().success());
    let mut workbook = zip::ZipArchive::new(File::open(house.folder().join("log.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| std::io::read_to_string(workbook.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    let cell = |place: &str| {
        let (_, cell) = sheet.split_once(&format!("<c r=\"{place}\"")).unwrap_or_else(|| panic!("{place}: {sheet}"));
        cell.split_once("</c>").unwrap().0.to_owned()
    };
    // 1 September 2020 is day 44075, and noon half of it.
    assert!(cell("C2").ends_with("<v>44075.5</v>") && !cell("C2").contains("t=\"s\""), "{}", cell("C2"));
    assert!(cell("L2").ends_with("<v>44104</v>"), "the deadline, 30 September: {}", cell("L2"));
    let styles = part("xl/styles.xml");
    assert!(styles.contains("yyyy-mm-dd hh:mm:ss &quot;+02:00&quot;"), "the zone is told: {styles}");
}

/// What changes, as the command says it.
fn import(house: &House, table: &[u8], options: &[&str]) -> Ran {
    fs::write(house.folder().join("people.csv"), table).unwrap();
    house.docket(&[&["people", "import", "people.csv"], options].concat())
}

/// What was said, however it was wrapped.
fn in_a_line(said: &str) -> String {
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The list, a line each.
fn listed(house: &House) -> Vec<String> {
    house.docket(&["people", "list"]).done().lines().map(str::to_owned).collect()
}

#[test]
fn a_list_of_people_is_taken_as_excel_writes_it() {
    let expected = [
        "France: Anne; chargée <anne@gouv.fr>, fr, until 2030-12-31",
        "Norway: Kari <kari@mfa.no>, en, from 2019-02-01",
    ];
    for (form, table) in [
        (
            "semicolons",
            "\u{feff}ISO3;Name;ADDRESS;Language;From;Until\r\n;;;;;\r\nnor;Kari;Kari@MFA.no;EN;01.02.2019;\r\n\r\n\
             France;\"Anne; chargée\";mailto:anne@gouv.fr;fr;;31/12/2030\r\n;;;;;\r\n",
        ),
        (
            "tabs",
            "until\tiso3\taddress\tname\tlanguage\tfrom\n\tNO\tkari@mfa.no\tKari\ten\t2019-02-01\n31.12.2030\tFRA\tanne@gouv.fr\tAnne; chargée\tFR\t\n",
        ),
        (
            "told",
            "sep=;\r\niso3;name;address;language;from;until\r\nNOR;Kari;kari@mfa.no;en;2019/02/01;\r\n\
             NOR;Kari;kari@mfa.no;en;2019-02-01 00:00:00;\r\nFRA;Anne; x;anne@x.fr;fr;;2030-01-01\r\n",
        ),
        (
            "commas",
            ",,,,,\nIso3,Name,Address,Language,From,Until\n Norvège , Kari ,kari@mfa.no\u{a0},en,2019-02-01\n\
             FRA,Anne; chargée,anne@gouv.fr,fr,,12/31/2030\n",
        ),
    ] {
        let house = House::with("");
        let said = import(&house, table.as_bytes(), &[]);
        if form == "told" {
            failed(&said, "people.csv: line 5: it has more cells than there are columns");
            continue;
        }
        assert!(said.done().ends_with("2 added, 0 ended, 0 replaced, 0 kept, 0 the same.\n"), "{form}");
        assert_eq!(listed(&house), expected, "{form}");
    }
}

#[test]
fn what_is_wrong_in_a_list_of_people_is_said_with_its_line() {
    let head = "iso3,name,address,language,from,until\n";
    let house = House::with("");
    for (rows, why) in [
        ("NOR,K,kari@mfa.no,en,,\nNOR,L,KARI@mfa.no,en,,\n", "line 3: “kari@mfa.no” stands in line 2 already"),
        ("NOR,K,Kari <kari@mfa.no>,en,,\n", "is no address; write it alone, such as name@example.org"),
        ("Korea,K,k@mfa.kr,en,,\n", "line 2: “Korea” may mean KOR or PRK; write the code"),
        (",K,k@mfa.kr,en,,\n", "line 2: no state stands in “iso3”"),
        ("NOR,K,k@mfa.no,en,03/04/2020,\n", "“03/04/2020” may mean two days; write 2020-04-03 or 2020-03-04"),
        ("NOR,K,k@mfa.no,en,13/13/2020,\n", "“13/13/2020” is no date; write 2020-09-30"),
        ("NOR,K,k@mfa.no,en,44075,\n", "“44075” is no date"),
        ("NOR,K,k@mfa.no,en,2020-09-30,2020-09-29\n", "it ends on 2020-09-29, before it begins on 2020-09-30"),
        ("NOR,K,k@mfa.no,French,,\n", "line 2: "),
        ("NOR,K, L,k@mfa.no,en,,2030-01-01\n", "a name with a comma stands between quotation marks"),
    ] {
        failed(&import(&house, format!("{head}{rows}").as_bytes(), &[]), why);
    }
    failed(&import(&house, b"iso3 name address\nNOR Kari kari@mfa.no\n", &[]), "a comma, a semicolon or a tab");
    failed(&import(&house, b"\n;;\n", &[]), "it is empty; its first line names the columns iso3, name");
    let latin = [head.as_bytes(), b"NOR,K,k@mfa.no,en,,\nFRA,Andr\xe9,a@b.fr,fr,,\n"].concat();
    failed(
        &import(&house, &latin, &[]),
        "line 3: it has a letter that is not UTF-8; Excel’s plain “CSV” is Windows-1252",
    );
    let wide: Vec<u8> = "\u{feff}iso3\tname\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for table in [wide.clone(), wide[2..].to_vec()] {
        failed(
            &import(&house, &table, &[]),
            "it is written in UTF-16, as Excel’s “Unicode text” is; in Excel, save it as",
        );
    }
    failed(&import(&house, b"PK\x03\x04workbook", &[]), "it is a workbook, not a table as text");
    assert!(listed(&house) == ["No focal point is in the list."], "nothing of it was taken in");
}

#[test]
fn an_import_says_what_it_changes_and_replaces_only_where_asked() {
    let head = "iso3,name,address,language,from,until\n";
    let house = House::with("");
    let first = format!("{head}NOR,Kari,kari@mfa.no,en,,\nFRA,Anne,anne@gouv.fr,fr,,\nFRA,Luc,luc@gouv.fr,fr,,\n");
    let would = in_a_line(&import(&house, first.as_bytes(), &["--dry-run"]).done());
    assert!(would.contains("adds Norway: Kari <kari@mfa.no>, en"), "{would}");
    assert!(would.contains("Nothing was changed. Without --dry-run: 3 added"), "{would}");
    assert!(!house.folder().join("docket.db").exists(), "no log begins");
    import(&house, first.as_bytes(), &[]).done();
    let before = listed(&house);

    let second =
        format!("{head}NOR,Kari,kari@mfa.no,en,,2020-09-30\nFRA,Anne Petit,anne@gouv.fr,en,,\nSWE,,s@gov.se,,,\n");
    let said = "adds Sweden: s@gov.se";
    let would = in_a_line(&import(&house, second.as_bytes(), &["--dry-run"]).done());
    assert_eq!(listed(&house), before, "a rehearsal changes nothing");
    let done = in_a_line(&import(&house, second.as_bytes(), &[]).done());
    for lines in [&would, &done] {
        assert!(
            lines.contains(said) && lines.contains("ends Norway: Kari <kari@mfa.no>, en, until 2020-09-30"),
            "{lines}"
        );
        let keeps = "keeps France: Anne <anne@gouv.fr>, fr (the file says: name Anne Petit,";
        assert!(lines.contains(keeps), "{lines}");
    }
    assert!(done.contains("1 added, 1 ended, 0 replaced, 1 kept (--replace takes what the file says)"), "{done}");
    let after = [
        "France: Anne <anne@gouv.fr>, fr",
        "France: Luc <luc@gouv.fr>, fr",
        "Norway: Kari <kari@mfa.no>, en, until 2020-09-30 (over)",
        "Sweden: s@gov.se",
    ];
    assert_eq!(listed(&house), after);

    // A later day than the list has is a change like any other.
    let third = format!("{head}NOR,Kari,kari@mfa.no,en,,\nFRA,Anne Petit,anne@gouv.fr,en,,\n");
    let kept = in_a_line(&import(&house, third.as_bytes(), &[]).done());
    assert!(kept.contains("0 added, 0 ended, 0 replaced, 2 kept") && kept.contains("until not said"), "{kept}");
    assert_eq!(listed(&house), after);
    let replaced = in_a_line(&import(&house, third.as_bytes(), &["--replace"]).done());
    assert!(replaced.contains("0 added, 1 ended, 2 replaced, 0 kept, 0 the same."), "{replaced}");
    assert!(replaced.contains("(before: name Anne, language fr)"), "{replaced}");
    let list = listed(&house);
    assert_eq!(list[0], "France: Anne Petit <anne@gouv.fr>, en");
    assert!(list[1].starts_with("France: Luc <luc@gouv.fr>, fr, until ") && list[1].ends_with("(over)"), "{list:?}");
    assert_eq!(list[2..], ["Norway: Kari <kari@mfa.no>, en", "Sweden: s@gov.se"], "a state that is not in it stays");
    let again = import(&house, third.as_bytes(), &["--replace"]).done();
    assert_eq!(again, "0 added, 0 ended, 0 replaced, 0 kept, 2 the same.\n");
    for line in house.docket(&["people", "list", "--json"]).json() {
        has_fields(&line, &["iso3", "state", "name", "address", "language", "from", "until", "holds"]);
        assert_eq!(line["holds"] == true, line["until"] == Value::Null, "{line}");
    }
    assert_eq!(house.docket(&["people", "list", "--state", "Suède"]).done(), "Sweden: s@gov.se\n");
}

#[test]
fn a_forward_with_several_inputs_is_inspected_input_by_input() {
    let house = House::with("[intake]\ncolleagues = [\"secretariat.test\"]\n");
    let input = |state: &str, address: &str| {
        format!(
            "Content-Type: message/rfc822\r\n\r\nFrom: Ministry <{address}>\r\nTo: office@secretariat.test\r\n\
             Subject: {state}: input to the regional review of the GCM\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"in-{state}\"\r\n\r\n--in-{state}\r\nContent-Type: text/plain\r\n\r\n\
             Please find attached the input of {state}.\r\n--in-{state}\r\nContent-Type: application/rtf\r\n\
             Content-Disposition: attachment; filename=\"input.rtf\"\r\n\r\n{{\\rtf1 Input of {state} to the regional \
             review of the Global Compact for Migration\\par {}}}\r\n--in-{state}--\r\n",
            "Migration policy measures were adopted and partners were consulted. ".repeat(40)
        )
    };
    let parts = [input("Norway", "post@mfa.no"), input("Austria", "post@bmeia.gv.at")].join("\r\n--out\r\n");
    let mail = format!(
        "From: Colleague <colleague@secretariat.test>\r\nTo: {ADDRESS}\r\nSubject: FW: two inputs\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\nContent-Type: text/plain\r\n\r\nTwo inputs.\r\n\
         --out\r\n{parts}\r\n--out--\r\n"
    );
    fs::write(house.folder().join("forward.eml"), mail).unwrap();
    let line = house.docket(&["inspect", "--json", "forward.eml"]).json().remove(0);
    let items = line["purpose"].as_array().unwrap();
    let of: Vec<&Value> = items.iter().map(|item| &item["matched"]["iso3"]).collect();
    assert_eq!(of, [&json!("NOR"), &json!("AUT")], "{line}");
    let said = house.docket(&["inspect", "forward.eml"]).done();
    for name in ["Norway", "Austria"] {
        assert!(said.contains(&format!("state      {name}, a state of the roster: named by the evidence")), "{said}");
    }
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
}
