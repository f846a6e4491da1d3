//! The commands as people and scripts run them: exit status, output, JSON fields.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    extract::build::pdf_with_a_broken_page,
    fixture::{
        intake::{ADDRESS, PROGRAM, document, good_mail, mail},
        program::{House, Ran, docket},
    },
};

const MAIL: &str = "config/demo/mail";

/// A path of the source, for commands that run in a folder of their own.
pub fn source(path: &str) -> String {
    fs::canonicalize(path).unwrap().to_str().unwrap().to_owned()
}

/// The names of an object, in their order.
fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().map(String::as_str).collect()
}

/// That an object has exactly these fields.
#[track_caller]
pub fn has_fields(value: &Value, expected: &[&str]) {
    let mut expected = expected.to_vec();
    let mut found = fields(value);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// That a command failed in its work, and said why in words.
#[track_caller]
pub fn failed(ran: &Ran, why: &str) {
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn wrong_arguments_and_configurations_are_two() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["nonsense"][..],
        &["log", "--standing", "early"],
        &["log", "--json", "--format", "csv"],
        &["extract"],
        &["decide", "M-000001", "assign", "--reason", "none named"],
        &["call", "deadline", "x", "--until", "2020-10-09T12:00:30", "--authority", "x", "--reason", "seconds"],
        &["decide", "M-000001", "extend", "--until", "soon", "--authority", "x", "--reason", "no time"],
        &["decide", "M-000001", "correspondence", "--how", "by telephone", "--reason", "nobody has answered"],
        &[],
    ] {
        assert_eq!(docket(folder.path(), arguments).status, Some(2), "{arguments:?}");
    }
    for command in [&["log"][..], &["run"], &["check"], &["show", "M-000001"]] {
        let ran = docket(folder.path(), command);
        assert_eq!(ran.status, Some(2), "{command:?}: {}", ran.err);
        assert!(ran.err.starts_with("docket: docket.toml: there is no such file here; "), "{}", ran.err);
    }
    fs::write(folder.path().join("docket.toml"), "[letters]\ncap_hour = 0\nfrom_adress = \"a@b.test\"\n").unwrap();
    let ran = docket(folder.path(), &["log"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("docket.toml:2: ") && ran.err.contains("docket.toml:3: "), "{}", ran.err);
    assert!(ran.out.is_empty());
    assert_eq!(docket(folder.path(), &["--help"]).status, Some(0));
    assert_eq!(docket(folder.path(), &["--version"]).done(), format!("docket {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_demo_plays_once_in_an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, temporary) = (folder.path().join("empty"), folder.path().join("temporary"));
    fs::create_dir(&empty).unwrap();
    fs::create_dir(&temporary).unwrap();
    let begun = Instant::now();
    let output =
        Command::new(PROGRAM).args(["demo", "--once"]).current_dir(&empty).env("TMPDIR", &temporary).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(begun.elapsed() < Duration::from_mins(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing goes wrong in the demo");
    let said = String::from_utf8(output.stdout).unwrap();
    let names_it = |line: &&str| line.starts_with("Everything lies in ") || line.starts_with("To go on with it: ");
    for line in said.lines().filter(|line| !names_it(line)) {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
        assert_eq!(line.trim_end(), line);
    }
    let messages =
        fs::read_dir(MAIL).unwrap().filter(|f| f.as_ref().unwrap().path().extension() == Some("eml".as_ref()));
    let messages = messages.count();
    let (before, table) = said.split_once("\nNumber ").expect("the log is shown as a table");
    let numbered = |text: &str| text.lines().filter(|line| line.contains("M-0000")).count();
    assert!(numbered(before) >= messages, "each message is named as it comes in");
    assert!(table.lines().filter(|line| line.starts_with("M-0000")).count() >= messages);
    assert!(table.contains("GCM-ECE-2020-0001") && table.contains("on time") && table.contains("late"));
    assert!(said.contains("reminder “first” to "));
    let place = said.lines().find_map(|line| line.strip_prefix("Everything lies in ")?.strip_suffix(':'));
    let place = PathBuf::from(place.expect("it says where everything lies"));
    assert!(place.starts_with(&temporary));
    assert_eq!(fs::read_dir(place.join("mail/new")).unwrap().count(), messages, "the Maildir is left as it was");
    assert!(fs::read_dir(place.join("outbox")).unwrap().count() > 10);
    assert!(place.join("docket.db").is_file());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0, "nothing is written where it was started");
}

#[test]
fn the_defaults_are_written_out_once_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let said = docket(folder.path(), &["init", "conf"]).done();
    assert!(said.contains("docket check --config conf/docket.toml"), "{said}");
    let ran = docket(folder.path(), &["check", "--config", "conf/docket.toml"]);
    assert_eq!(ran.status, Some(1));
    for placeholder in ["gcm-input@example.org", "letters would come from the placeholder", "gcm-contact@example.org"] {
        assert!(ran.out.contains(placeholder), "{}", ran.out);
    }
    let ran = docket(folder.path(), &["run", "--config", "conf/docket.toml"]);
    assert_eq!(ran.status, Some(2), "placeholders are no configuration to run with");
    fs::write(folder.path().join("conf/docket.toml"), "# mine\n").unwrap();
    let ran = docket(folder.path(), &["init", "conf"]);
    failed(&ran, "nothing was written, because these files are already there: conf/");
    assert_eq!(fs::read_to_string(folder.path().join("conf/docket.toml")).unwrap(), "# mine\n");
    fs::remove_file(folder.path().join("conf/docket.toml")).unwrap();
    failed(&docket(folder.path(), &["init", "conf"]), "already there");
    assert!(!folder.path().join("conf/docket.toml").exists(), "not even what is missing is written");
}

#[test]
fn a_good_configuration_is_checked_against_the_world() {
    let house = House::with("");
    let said = house.docket(&["check"]).done();
    assert!(said.contains("call unece-gcm-2020: inputs until 2020-09-30 (Europe/Zurich), 56 states"), "{said}");
    let said = house.docket(&["check", "--online"]).done();
    for what in ["mailbox gcm: works", "outbox: works", "reading in a process of its own: works"] {
        assert!(said.contains(what), "{said}");
    }
    let place = house.folder().canonicalize().unwrap().join("docket.db");
    let none_yet = format!("place for the database {}, which “docket run” begins: works", place.display());
    assert!(said.contains(&none_yet), "{said}");
    house.docket(&["import", "mail"]).done();
    let said = house.docket(&["check", "--online"]).done();
    assert!(said.contains("database: works"), "{said}");
    fs::remove_dir_all(house.folder().join("mail")).unwrap();
    let ran = house.docket(&["check", "--online"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.out.contains("mailbox gcm: the Maildir cannot be read at mail/new"), "{}", ran.out);
}

#[test]
fn inspect_says_all_of_its_fields_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.eml"), "").unwrap();
    let (norway, newsletter) =
        (source(&format!("{MAIL}/01-norway-docx-and-pdf.eml")), source(&format!("{MAIL}/02-newsletter.eml")));
    let files = [norway.as_str(), "empty.eml", "missing.eml", &newsletter];
    let ran = docket(folder.path(), &[&["inspect", "--json"][..], &files].concat());
    assert_eq!(ran.status, Some(1), "a file that cannot be read is something to report, with --json as without");
    let lines = ran.json();
    assert_eq!(lines.iter().map(|line| line["file"].as_str().unwrap()).collect::<Vec<_>>(), files, "in their order");
    for line in &lines {
        has_fields(
            line,
            &[
                "file",
                "error",
                "message_id",
                "from",
                "reply_to",
                "subject",
                "date",
                "language",
                "relevance",
                "attachments",
                "authentication",
                "state",
                "filing",
                "purpose",
                "links",
                "acknowledgement",
            ],
        );
    }
    let line = &lines[0];
    assert_eq!(line["error"], Value::Null);
    has_fields(&line["from"], &["name", "address"]);
    assert_eq!(line["from"]["address"], "solveig.brekke@jd.dep.no");
    assert!(line["date"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{}", line["date"]);
    assert_eq!((&line["language"], &line["relevance"]), (&json!("en"), &json!("input")));
    let [docx, pdf] = &line["attachments"].as_array().unwrap()[..] else { panic!("two files: {line}") };
    for attachment in [docx, pdf] {
        has_fields(attachment, &["path", "name", "media_type", "size", "sha256", "format", "role", "reading"]);
        let reading = ["outcome", "engine", "pages", "pages_without_text", "pages_failed", "words", "detail", "tried"];
        has_fields(&attachment["reading"], &reading);
        assert_eq!(attachment["sha256"].as_str().unwrap().len(), 64);
    }
    assert_eq!((&docx["format"], &docx["role"], &docx["path"]), (&json!("docx"), &json!("main"), &json!("1.2")));
    assert_eq!((&pdf["role"], &pdf["reading"]["outcome"]), (&json!("rendition"), &json!("read")));
    has_fields(&line["state"], &["decision", "kind", "iso3", "iso3s", "score", "reason", "evidence"]);
    assert_eq!((&line["state"]["decision"], &line["state"]["iso3"]), (&json!("matched"), &json!("NOR")));
    has_fields(&line["state"]["evidence"][0], &["source", "text", "iso3", "weight"]);
    let [purpose] = &line["purpose"].as_array().unwrap()[..] else { panic!("one item: {line}") };
    has_fields(purpose, &["item", "kind", "proposed", "filing", "state", "states", "day", "evidence", "matched"]);
    assert_eq!(purpose["matched"], line["state"], "of the first item");
    assert_eq!((&purpose["item"], &purpose["kind"], &purpose["proposed"]), (&json!(1), &json!("input"), &json!(false)));
    assert_eq!(
        (&line["filing"], &purpose["filing"], &purpose["state"]),
        (&json!("registered"), &json!("registered"), &json!("NOR"))
    );
    has_fields(&purpose["evidence"][0], &["text", "where", "for", "observed"]);
    for piece in purpose["evidence"].as_array().unwrap() {
        let places = ["subject", "body", "title", "letterhead", "file_name", "document"];
        assert!(places.contains(&piece["where"].as_str().unwrap()), "{piece}");
    }
    has_fields(&line["acknowledgement"], &["send", "letter", "to", "languages", "reason"]);
    assert_eq!(line["acknowledgement"]["to"], "solveig.brekke@jd.dep.no");
    assert_eq!(line["acknowledgement"]["send"], true);
    assert_eq!(line["acknowledgement"]["letter"], Value::Null, "without a call there is no letter");
    for (line, error) in [(&lines[1], "The file is empty."), (&lines[2], "The file cannot be read: ")] {
        assert!(line["error"].as_str().unwrap().starts_with(error), "{line}");
        let rest = line.as_object().unwrap().iter().filter(|(name, _)| *name != "file" && *name != "error");
        assert!(rest.into_iter().all(|(_, value)| value.is_null()), "{line}");
    }
    assert_eq!((&lines[3]["relevance"], &lines[3]["acknowledgement"]["send"]), (&json!("unrelated"), &json!(false)));
    let ran = docket(folder.path(), &["inspect", &norway, "empty.eml"]);
    assert_eq!(ran.status, Some(1), "for a person, a file that cannot be read is something to report");
    assert!(
        ran.out.contains("Norway, a state of the roster: named by the evidence")
            && ran.out.contains("not read: The file is empty."),
        "{}",
        ran.out
    );
}

#[test]
fn inspect_names_each_item_and_where_its_document_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mail = "From: Officer <officer@bmi.gv.at>\r\nTo: gcm-input@example.org\r\nSubject: Input of Austria to the GCM\r\n\
                Message-ID: <a@bmi.gv.at>\r\n\r\nOur input to the regional review of the GCM is at\r\n\
                https://www.dropbox.com/s/abcdef12345/input and at https://www.bmi.gv.at/files/input.pdf\r\n\
                https://www.bmi.gv.at/contact.html\r\n";
    fs::write(folder.path().join("a.eml"), mail).unwrap();
    let line = docket(folder.path(), &["inspect", "--json", "a.eml"]).json().remove(0);
    assert_eq!(
        line["links"],
        json!([{"host": "www.dropbox.com", "kind": "cloud"}, {"host": "www.bmi.gv.at", "kind": "web"}])
    );
    let said = docket(folder.path(), &["inspect", "a.eml"]).out;
    for words in ["  item       1, ", "www.dropbox.com (a file in the cloud", "to officer@bmi.gv.at: "] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("(for: "), "{said}");
}

/// One mailbox, one judge: what inspect shows is what the daemon does.
#[test]
fn inspect_and_the_daemon_agree_on_what_is_ours() {
    let house = House::with("return_path = \"Bounces@secretariat.test\"\n");
    let text = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
    let relays = "trusted_authserv = [\"mx.secretariat.test\"]\n[letters]";
    fs::write(house.folder().join("docket.toml"), text.replace("[letters]", relays)).unwrap();
    let raw = |id: &str, head: &str| [format!("{head}\r\n").as_bytes(), &good_mail(id)].concat();
    let mail = [
        ("1.plain", good_mail("plain")),
        ("2.bounce", raw("bounce", "Return-Path: <bounces@secretariat.test>")),
        ("3.ours", raw("ours", "Return-Path: <gcm+x@secretariat.test>")),
        ("4.forged", raw("forged", "Authentication-Results: mx.secretariat.test; dmarc=fail header.from=mfa.no")),
    ];
    for (name, raw) in &mail {
        house.deliver(name, raw);
    }
    let files: Vec<String> = mail.iter().map(|(name, _)| format!("mail/new/{name}")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let inspected = house.docket(&[&["inspect", "--json"][..], &files].concat()).json();
    let sends: Vec<bool> = inspected.iter().map(|line| line["acknowledgement"]["send"] == true).collect();
    assert_eq!(sends, [true, false, false, false], "{inspected:#?}");
    let mut daemon = house.start(&[]);
    let read = "SELECT COUNT(*) FROM message WHERE state = 'read'";
    daemon.until("all are read", || house.number(read) == Some(4));
    assert!(daemon.stop().success());
    for (line, number) in inspected.iter().zip(1..) {
        let entry = &house.docket(&["show", &format!("M-00000{number}"), "--json"]).json()[0];
        let sent = !entry["letters"].as_array().unwrap().is_empty();
        assert_eq!(line["acknowledgement"]["send"], sent, "{line:#}\n{entry:#}");
        let reason = line["acknowledgement"]["reason"].as_str().unwrap();
        let answer = entry["answer"].as_str().unwrap_or_default();
        assert!(sent || answer.contains(reason), "the same reason: “{reason}” and “{answer}”");
        assert_eq!(line["relevance"], entry["relevance"]);
    }
    let ran = house.docket(&["inspect", "--mailbox", "other", files[0]]);
    failed(&ran, "there is no mailbox “other”; there are: gcm");
}

/// For a desk officer: why, quoting, state by state, on a terminal of 80 columns.
#[test]
fn a_person_is_told_why() {
    let folder = tempfile::tempdir().unwrap();
    let mail = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo/mail");
    let mut files: Vec<String> = std::fs::read_dir(&mail)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
        .map(|path| path.display().to_string())
        .collect();
    files.sort();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let said = docket(folder.path(), &[&["inspect"][..], &files].concat()).out;
    for line in said.lines().filter(|line| line.starts_with(' ')) {
        assert!(line.width() <= 80 || !line.trim().contains(' '), "{line}");
    }
    let two = said.split("15-moldova").nth(1).unwrap().split(".eml").nth(1).unwrap();
    let order = ["It names more than one state", "for Republic of Moldova", "note verbale ", "for Romania", "“ROMÂNIA"];
    let places: Vec<usize> =
        order.iter().map(|words| two.find(words).unwrap_or_else(|| panic!("{words}: {two}"))).collect();
    assert!(places.is_sorted(), "{two}");
    assert!(said.contains("in it: “our association”."), "who speaks in it is quoted: {said}");
}

#[test]
fn many_files_are_inspected_side_by_side_and_answered_in_order() {
    let files: Vec<String> = fs::read_dir(MAIL).unwrap().map(|f| source(f.unwrap().path().to_str().unwrap())).collect();
    let arguments: Vec<&str> = ["inspect", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let folder = tempfile::tempdir().unwrap();
    let lines = docket(folder.path(), &arguments).json();
    assert_eq!(lines.iter().map(|line| line["file"].as_str().unwrap()).collect::<Vec<_>>(), files);
}

#[test]
fn extract_prints_the_text_or_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (norway, denmark) = (source("config/demo/documents/norway.docx"), source("config/demo/documents/denmark.pdf"));
    let ran = docket(folder.path(), &["extract", &norway]);
    assert!(ran.out.starts_with("KINGDOM OF NORWAY\n") && ran.out.ends_with('\n'), "the plain text alone");
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let ran = docket(folder.path(), &["extract", &denmark, &norway, "missing.pdf"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.out.starts_with("KINGDOM OF NORWAY\n"));
    assert_eq!(
        ran.err,
        format!(
            "{denmark}: This PDF needs a password: please send it without one.\n\
             missing.pdf: The file cannot be read: No such file or directory (os error 2).\n"
        )
    );
    let ran = docket(folder.path(), &["extract", "--json", &norway, &denmark, "missing.pdf"]);
    assert_eq!(ran.status, Some(0));
    let lines = ran.json();
    for line in &lines {
        has_fields(
            line,
            &[
                "file",
                "format",
                "outcome",
                "engine",
                "pages",
                "pages_without_text",
                "pages_failed",
                "words",
                "words_by_part",
                "language",
                "text",
                "detail",
                "tried",
                "seconds",
            ],
        );
        has_fields(&line["words_by_part"], &["body", "notes", "running_heads"]);
    }
    assert_eq!((&lines[0]["outcome"], &lines[0]["language"]), (&json!("read"), &json!("en")));
    assert_eq!(lines[0]["words"], lines[0]["words_by_part"]["body"]);
    assert_eq!((&lines[1]["outcome"], &lines[1]["text"]), (&json!("encrypted"), &json!("")));
    assert_eq!((&lines[2]["outcome"], &lines[2]["format"]), (&json!("not_read"), &Value::Null));
}

#[test]
fn cases_are_matched_one_answer_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let cases: Vec<Value> = vec![
        json!({"id": "a", "from": {"display": "", "address": "x@mfa.no"}, "reply_to": null, "subject": "Input of Norway",
            "body": "", "attachments": [{"filename": "norway.docx", "first_page_text": "Kingdom of Norway\nInput"}]}),
        json!({"id": "b", "from": {"display": "", "address": "x@gmail.com"}, "reply_to": null, "subject": "Hello",
            "body": "", "attachments": []}),
    ];
    let text = cases.iter().map(Value::to_string).collect::<Vec<_>>().join("\n\n") + "\n\n";
    fs::write(folder.path().join("cases.jsonl"), &text).unwrap();
    let answers = docket(folder.path(), &["match", "--cases", "cases.jsonl"]).json();
    assert_eq!(answers.len(), 2);
    for answer in &answers {
        has_fields(answer, &["id", "decision", "kind", "iso3", "iso3s", "score", "reason", "evidence"]);
    }
    assert_eq!((&answers[0]["id"], &answers[0]["iso3"]), (&json!("a"), &json!("NOR")));
    assert_ne!(answers[1]["decision"], "matched");
    fs::write(folder.path().join("bad.jsonl"), format!("{text}{{\"id\": 5\n")).unwrap();
    failed(&docket(folder.path(), &["match", "--cases", "bad.jsonl"]), "bad.jsonl, line 5, is no case");
    failed(&docket(folder.path(), &["match", "--cases", "missing.jsonl"]), "missing.jsonl");
}

/// Writes a message that was delivered at a time.
fn delivered(path: &Path, raw: &[u8], at: &str) {
    fs::write(path, raw).unwrap();
    let at = at.parse::<Timestamp>().unwrap().as_second();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at).unwrap());
    File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
}

/// Has the daemon read all that is there.
pub fn read_all(house: &House) {
    let mut daemon = house.start(&[]);
    daemon.until("all is read, and its letters have left", || house.is_idle());
    assert!(daemon.stop().success());
}

#[test]
fn what_is_imported_is_taken_in_once_and_answered_only_if_asked() {
    let house = House::with("");
    let folder = house.folder();
    delivered(&folder.join("a.eml"), &good_mail("a"), "2020-09-01T10:00:00Z");
    delivered(&folder.join("b.eml"), &good_mail("b"), "2020-10-05T10:00:00Z");
    let mut mbox = Vec::new();
    for id in ["c", "d"] {
        mbox.extend_from_slice(b"From post@mfa.no Wed Sep 30 21:59:00 2020\n");
        mbox.extend_from_slice(String::from_utf8(good_mail(id)).unwrap().replace("\r\n", "\n").as_bytes());
        mbox.extend_from_slice(b"\n");
    }
    fs::write(folder.join("archive.mbox"), mbox).unwrap();
    let maildir = folder.join("old");
    crate::fixture::intake::make_maildir(&maildir);
    delivered(&maildir.join("cur/e:2,S"), &good_mail("e"), "2020-09-02T10:00:00Z");
    fs::create_dir(folder.join("many")).unwrap();
    delivered(&folder.join("many/f.eml"), &good_mail("f"), "2020-09-03T10:00:00Z");
    fs::write(folder.join("many/notes.txt"), "no mail").unwrap();

    let paths = ["a.eml", "archive.mbox", "old", "many"];
    let import = [&["import"][..], &paths].concat();
    let said = house.docket(&import).done();
    assert!(said.ends_with("5 of 5 messages are new in the log; the daemon reads them.\n"), "{said}");
    assert!(
        said.contains("M-000002  ") && said.contains("archive.mbox#1\n") && said.contains("archive.mbox#2\n"),
        "{said}"
    );
    let said = house.docket(&import).done();
    assert!(said.ends_with("0 of 5 messages are new in the log; the daemon reads them.\n"), "{said}");
    assert_eq!(said.matches("(was in the log before)").count(), 5, "{said}");
    let said = house.docket(&["import", "--acknowledge", "b.eml"]).done();
    assert!(said.contains("1 of 1 messages"), "{said}");
    failed(&house.docket(&["import", "nowhere.eml"]), "nowhere.eml");
    fs::write(folder.join("odd.mbox"), "Subject: not an mbox\n\ntext\n").unwrap();
    failed(
        &house.docket(&["import", "odd.mbox"]),
        "odd.mbox: it is no mbox, for its first line is not “From ” with a sender",
    );
    fs::write(folder.join("odd.eml"), "From what we know\nSubject: s\n\ntext\n").unwrap();
    failed(&house.docket(&["import", "odd.eml"]), "nothing of it was taken in");
    fs::write(folder.join("empty.mbox"), "").unwrap();
    assert!(house.docket(&["import", "empty.mbox"]).done().contains("There is no message at what was named"));
    failed(&house.docket(&["import", "--mailbox", "other", "a.eml"]), "there is no mailbox “other”; there are: gcm");

    read_all(&house);
    let log = house.docket(&["log", "--json"]).json();
    assert_eq!(log.len(), 6);
    let received: Vec<&str> = log.iter().map(|line| line["received"].as_str().unwrap()).collect();
    assert_eq!(received[0], "2020-09-01T10:00:00Z", "the time at which it was delivered then");
    assert_eq!(received.iter().filter(|at| **at == "2020-09-30T21:59:00Z").count(), 2, "{received:?}");
    assert_eq!(house.letters().len(), 1, "only what was imported with --acknowledge is answered");
    assert_eq!(log[5]["letters"], json!(["acknowledgement: sent"]));
    let answer = house.docket(&["show", "M-000001"]).done();
    assert!(answer.contains("It was imported, and no letters were asked for."), "{answer}");
}

/// A house with an entry of Norway's on time, one late, one undecided that looks like a formula, and one of nobody's.
pub fn filled() -> House {
    let house = House::with("");
    let folder = house.folder();
    delivered(&folder.join("1.eml"), &good_mail("on-time"), "2020-09-01T10:00:00Z");
    let corrected =
        mail("late", "Ministry <post@mfa.no>", "Norway: corrected input", &[("input.docx", &document(200))]);
    delivered(&folder.join("2.eml"), &corrected, "2020-10-05T10:00:00Z");
    let formula = mail(
        "formula",
        "=HYPERLINK <someone@mail.test>",
        "=cmd|' /C calc'!A0 regional review",
        &[("input.docx", &crate::extract::build::Docx::new(&crate::extract::build::p("A contribution to the review of the Global Compact for Migration by somebody who does not say who it is.")).bytes())],
    );
    delivered(&folder.join("3.eml"), &formula, "2020-09-15T10:00:00Z");
    let lunch = b"From: Bob <bob@shop.test>\nTo: gcm@secretariat.test\nSubject: Lunch\n\nAt noon?\n";
    delivered(&folder.join("4.eml"), lunch, "2020-09-16T10:00:00Z");
    house.docket(&["import", "--acknowledge", "1.eml", "2.eml", "3.eml", "4.eml"]).done();
    read_all(&house);
    house
}

#[test]
fn the_log_is_asked_in_every_way() {
    let house = filled();
    let numbers = |arguments: &[&str]| {
        let lines = house.docket(&[&["log", "--json"], arguments].concat()).json();
        lines.iter().map(|line| line["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let lines = house.docket(&["log", "--json"]).json();
    for line in &lines {
        has_fields(
            line,
            &[
                "number",
                "reference",
                "received",
                "clock",
                "from",
                "subject",
                "relevance",
                "states",
                "names",
                "kind",
                "standing",
                "deadline",
                "words",
                "version",
                "current",
                "letters",
                "waiting",
                "recorded",
                "place",
                "in_charge",
                "withdrawn",
            ],
        );
    }
    assert_eq!(numbers(&[]), ["M-000001", "M-000003", "M-000004", "M-000002"], "oldest first");
    assert_eq!(lines[0]["reference"], "GCM-ECE-2020-0001");
    let stands: Vec<_> = lines.iter().map(|line| &line["current"]).collect();
    assert_eq!(stands, [&json!(false), &Value::Null, &Value::Null, &json!(true)], "version 2 replaces version 1");
    let before = house.docket(&["log", "--json", "--as-of", "2020-10-01T00:00:00Z", "--state", "NOR"]).json();
    let stood: Vec<_> = before.iter().map(|line| (&line["version"], &line["current"])).collect();
    assert_eq!(stood, [(&json!(1), &json!(true))], "as of that time version 1 stood");
    let table = house.docket(&["log", "--state", "NOR"]).done();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let marked: Vec<_> = table.lines().skip(2).map(|line| line.trim().starts_with("Not current.")).collect();
    assert_eq!(marked, [false, true, false], "{table}");
    assert_eq!((&lines[0]["states"], &lines[0]["deadline"]), (&json!(["NOR"]), &json!("2020-09-30")));
    assert_eq!(numbers(&["--standing", "late"]), ["M-000002"]);
    assert_eq!(numbers(&["--standing", "on_time", "--state", "NOR"]), ["M-000001"]);
    assert_eq!(numbers(&["--state", "NOR"]), ["M-000001", "M-000002"]);
    assert_eq!(numbers(&["--state", "FRA"]), Vec::<String>::new());
    assert_eq!(numbers(&["--as-of", "2020-09-15"]), ["M-000001"], "at midnight in the zone of the call");
    assert_eq!(numbers(&["--as-of", "2020-09-15T12:00:01"]), ["M-000001", "M-000003"]);
    assert_eq!(numbers(&["--as-of", "2020-09-15T10:00:00Z"]), ["M-000001"], "what was received before");
    assert_eq!(numbers(&["--status", "current"]), ["M-000002"]);
    assert_eq!(numbers(&["--status", "not_current"]), ["M-000001"]);
    assert_eq!(numbers(&["--status", "withdrawn"]), Vec::<String>::new());
    assert_eq!(numbers(&["--kind", "unrelated"]), ["M-000004"]);
    assert_eq!(numbers(&["--kind", "input", "--state", "NOR"]), ["M-000001", "M-000002"]);
    assert_eq!(numbers(&["--written-in", "ar"]), Vec::<String>::new());
    assert_eq!(numbers(&["--until", "2020-09-14", "--since", "2020-09-01"]), ["M-000001"], "to the end of that day");
    assert_eq!(numbers(&["--until", "2020-09-15"]), ["M-000001", "M-000003"], "to the end of that day");
    assert_eq!(numbers(&["--until", "2020-09-15T12:00"]), ["M-000001"], "before that time");
    let with = numbers(&["--letter", "with"]);
    assert!(with.contains(&"M-000001".to_owned()) && !with.contains(&"M-000004".to_owned()), "{with:?}");
    assert_eq!(with.len() + numbers(&["--letter", "without"]).len(), 4);
    let until = house.docket(&["log", "--json", "--until", "2020-10-01", "--state", "NOR"]).json();
    assert_eq!(until[0]["current"], json!(false), "what it is since is shown");
    for (arguments, why) in [
        (["--as-of", "yesterday"], "“yesterday” is no time"),
        (["--until", "30.9."], "“30.9.” is no time"),
        (["--call", "other"], "no call “other”"),
        (["--kind", "letter"], "write one of: input, addition, withdrawal, correspondence, unrelated"),
        (["--status", "red"], "write one of: current, not_current, withdrawn"),
        (["--letter", "yes"], "write one of: with, without"),
    ] {
        let ran = house.docket(&[&["log"][..], &arguments].concat());
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains(why), "{}", ran.err);
    }

    let table = house.docket(&["log"]).done();
    assert_eq!(table.lines().filter(|line| line.starts_with("M-")).count(), 4);
    assert!(table.lines().all(|line| line.width() <= 80), "{table}");
    assert_eq!(house.docket(&["log", "--state", "FRA"]).done(), "No entry fits.\n");

    let text = house.docket(&["log", "--format", "csv"]).done();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let mut names = fields(&lines[0]);
    let mut sorted: Vec<&str> = head.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    names.sort_unstable();
    assert_eq!(sorted, names, "the columns are the fields");
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 4);
    let place = |name: &str| head.iter().position(|head| head == name).unwrap();
    assert_eq!(&rows[1][place("subject")], "'=cmd|' /C calc'!A0 regional review", "marked as text");
    assert!(rows[1][place("from")].starts_with("'=HYPERLINK"), "{:?}", rows[1]);
    for cell in rows.iter().flat_map(csv::StringRecord::iter) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn the_log_is_a_file_for_other_programs() {
    let house = filled();
    let export = |format: &str| {
        let out = File::create(house.folder().join(format!("log.{format}"))).unwrap();
        let mut command = Command::new(PROGRAM);
        let command = command.args(["log", "--format", format]).current_dir(house.folder()).stdout(out);
        assert!(command.status().unwrap().success(), "{format}");
    };
    export("docx");
    let text = house.docket(&["extract", "log.docx"]).done();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    assert_eq!(rows.len(), 5, "a head and four messages: {text}");
    let cell = |row: usize, name: &str| rows[row][rows[0].iter().position(|head| *head == name).unwrap()];
    assert_eq!((cell(1, "number"), cell(1, "reference")), ("M-000001", "GCM-ECE-2020-0001"));
    assert_eq!((cell(1, "states"), cell(1, "standing")), ("NOR", "on_time"), "each cell under its head: {text}");
    assert!(rows[2].contains(&"=cmd|' /C calc'!A0 regional review"), "{text}");

    export("xlsx");
    let mut workbook = zip::ZipArchive::new(File::open(house.folder().join("log.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| std::io::read_to_string(workbook.by_name(name).unwrap()).unwrap();
    assert!(part("xl/sharedStrings.xml").contains("=cmd|"), "what a stranger wrote is a text");
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"), "and never a formula");
}

#[test]
fn the_register_is_a_table_a_file_and_a_paper() {
    let house = filled();
    let lines = house.docket(&["register", "--json"]).json();
    assert_eq!(lines.len(), 57, "a line a state, and the count");
    let columns = [
        "iso3",
        "name",
        "formal_name",
        "status",
        "counts",
        "standing",
        "reference",
        "also",
        "version",
        "received",
        "version_received",
        "words",
        "day",
        "extended_until",
        "joint_with",
        "additions",
        "recorded",
        "reminded",
        "why_not_reminded",
        "note",
    ];
    lines[..56].iter().for_each(|line| has_fields(line, &columns));
    let last = &lines[56];
    assert_eq!((&last["received"], &last["of"], &last["as_of"]), (&json!(1), &json!(56), &Value::Null), "{last}");
    let line = |lines: &[Value], iso3: &str| lines.iter().find(|line| line["iso3"] == iso3).unwrap().clone();
    let norway = line(&lines, "NOR");
    assert_eq!((&norway["reference"], &norway["counts"]), (&json!("GCM-ECE-2020-0001"), &json!(true)), "{norway}");
    assert_eq!((&norway["name"], &norway["formal_name"]), (&json!("Norway"), &json!("Kingdom of Norway")));
    assert_eq!(house.docket(&["register", "--format", "json"]).done(), house.docket(&["register", "--json"]).done());

    let then = house.docket(&["register", "unece-gcm-2020", "--as-of", "2020-09-30T18:00"]).done();
    let sentence = "As of 30 September 2020, 18:00 (Geneva), 1 of 56 States has submitted a written";
    assert!(then.contains(&format!("{sentence}\ninput.\n")), "{then}");
    assert!(then.lines().all(|line| line.width() <= 80), "{then}");
    assert!(then.contains("\nNorway ") && then.contains("GCM-ECE-2020-0001"), "{then}");
    assert_eq!(then.lines().filter(|line| line.contains("nothing received ")).count(), 0, "{then}");
    assert!(then.contains("nothing received"), "{then}");
    let besides = then.split("Besides: ").nth(1).unwrap().split('.').next().unwrap();
    let besides: u64 = besides.split_whitespace().filter_map(|word| word.parse::<u64>().ok()).sum();
    assert_eq!(besides, 55, "with the one that has sent: {then}");
    let before = house.docket(&["register", "--json", "--as-of", "2020-09-01"]).json();
    assert_eq!((&before[56]["received"], &line(&before, "NOR")["status"]), (&json!(0), &json!("nothing_received")));
    assert!(before[56]["as_of"].is_string());
    let some = house.docket(&["register", "--json", "--state", "Norway", "--state", "fra"]).json();
    assert_eq!(some.len(), 3, "the count is that of all: {some:?}");
    assert_eq!(some[2]["of"], 56);
    let some = house.docket(&["register", "--json", "--status", "nothing_received", "--state", "NOR"]).json();
    assert_eq!(some.len(), 1);
    for wrong in
        [["--state", "Atlantis"], ["--state", "JPN"], ["--status", "lost"], ["--call", "other"], ["--as-of", "soon"]]
    {
        let ran = house.docket(&[&["register"][..], &wrong].concat());
        assert_eq!(ran.status, Some(2), "{wrong:?}: {}", ran.err);
    }

    let export = |format: &str| {
        let path = house.folder().join(format!("register.{format}"));
        let mut command = Command::new(PROGRAM);
        let command = command.args(["register", "--format", format]).current_dir(house.folder());
        assert!(command.stdout(File::create(&path).unwrap()).status().unwrap().success(), "{format}");
        fs::read(path).unwrap()
    };
    let csv = export("csv");
    assert!(csv.starts_with("\u{feff}iso3,name,".as_bytes()), "Excel knows it for UTF-8");
    let mut rows = csv::Reader::from_reader(&csv[..]);
    assert_eq!(rows.headers().unwrap().len(), columns.len(), "the fields");
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 56);
    assert!(rows.iter().any(|row| &row[1] == "Türkiye"), "{rows:?}");

    export("xlsx");
    let mut workbook = zip::ZipArchive::new(File::open(house.folder().join("register.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| std::io::read_to_string(workbook.by_name(name).unwrap()).unwrap();
    let (sheet, styles) = (part("xl/worksheets/sheet1.xml"), part("xl/styles.xml"));
    let norway = sheet.split("<row ").find(|row| row.contains("<v>44")).expect("a date is a number of days");
    assert!(styles.contains("yyyy-mm-dd hh:mm:ss") && !sheet.contains("<f>"), "{norway}");
    let times: Vec<f64> = ["received", "version_received"]
        .map(|name| u32::try_from(columns.iter().position(|column| *column == name).unwrap() + 1).unwrap())
        .map(|nth| {
            let value = |column: &str, name: &str| -> Option<f64> {
                column.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.parse().ok()
            };
            let holds = |column: &&str| {
                let within = value(column, "min").zip(value(column, "max"));
                within.is_some_and(|(min, max)| (min..=max).contains(&f64::from(nth)))
            };
            value(sheet.split("<col ").find(holds).expect("its width"), "width").unwrap()
        })
        .to_vec();
    let shown = u32::try_from("2020-09-01 12:00:00 +02:00".len()).unwrap();
    assert!(times.iter().all(|width| *width >= f64::from(shown)), "too narrow for what they show: {times:?}");

    export("docx");
    let text = house.docket(&["extract", "register.docx"]).done();
    assert!(text.starts_with("Register of written inputs\n"), "{text}");
    assert!(text.contains("1 of 56 States has submitted a written input."), "{text}");
    assert!(text.contains("\nKingdom of Norway\tCorrected\t"), "{text}");
    assert!(!text.contains("focal point") && !text.contains("eminded"), "that is nobody else's business: {text}");
}

#[test]
fn states_have_the_names_of_the_day_that_the_log_is_of() {
    let house = House::with("");
    let turkey = fs::read_to_string(source("config/demo/mail/22-turkey-over-limit.eml")).unwrap();
    let turkey = turkey.replace("gcm-review@example.org", ADDRESS);
    delivered(&house.folder().join("turkey.eml"), turkey.as_bytes(), "2020-09-28T08:55:00+02:00");
    house.docket(&["import", "turkey.eml"]).done();
    read_all(&house);
    let of_the_day = ["--as-of", "2020-10-01"];
    for (arguments, name) in [
        (&["--language", "en"][..], "Türkiye"),
        (&["--as-of", "2020-10-01"], "Turkey"),
        (&["--as-of", "2020-10-01", "--language", "fr"], "Turquie"),
        (&["--as-of", "2022-05-31T23:59:59"], "Turkey"),
        (&["--as-of", "2022-06-01"], "Türkiye"),
        (&["--as-of", "2020-10-01", "--language", "ru"], "Турция"),
    ] {
        let [line] = &house.docket(&[&["log", "--json"], arguments].concat()).json()[..] else { panic!("one line") };
        assert_eq!((&line["states"], &line["names"]), (&json!(["TUR"]), &json!([name])), "{arguments:?}");
        let text = house.docket(&[&["log", "--format", "csv"], arguments].concat()).done();
        assert!(text.contains(&format!(",TUR,{name},member_state,")), "{text}");
    }
    for (format, language, name) in [("docx", "en", "Turkey"), ("docx", "fr", "Turquie"), ("xlsx", "es", "Turquía")] {
        let file = house.folder().join(format!("log.{format}"));
        let mut command = Command::new(PROGRAM);
        let command = command.args(["log", "--format", format, "--language", language]).args(of_the_day);
        let command = command.current_dir(house.folder()).stdout(File::create(&file).unwrap());
        assert!(command.status().unwrap().success(), "{format}");
        let text = if format == "docx" {
            house.docket(&["extract", "log.docx"]).done()
        } else {
            let mut workbook = zip::ZipArchive::new(File::open(&file).unwrap()).unwrap();
            std::io::read_to_string(workbook.by_name("xl/sharedStrings.xml").unwrap()).unwrap()
        };
        assert!(text.contains(name) && !text.contains("Türkiye"), "{text}");
    }
    assert_eq!(house.docket(&["log", "--language", "tr"]).status, Some(2), "one of the six");
}

#[test]
fn an_entry_is_shown_under_each_of_its_numbers() {
    let house = filled();
    for reference in ["M-000002", "m-000002", "M-000002/1"] {
        let said = house.docket(&["show", reference]).done();
        assert!(said.starts_with("M-000002  received 2020-10-05 12:00:00 CEST"), "{reference}: {said}");
        assert!(said.lines().all(|line| line.width() <= 80), "{said}");
    }
    for reference in ["GCM-ECE-2020-0001", "gcm-ece-2020-0001"] {
        let said = house.docket(&["show", reference]).done();
        let head = "GCM-ECE-2020-0001  Norway, a state of the roster\n  M-000001     version 1, received earlier than \
                    version 2, not current, received\n               2020-09-01";
        assert!(said.starts_with(head), "{reference}: {said}");
        let places = [
            "\n  M-000002     version 2, current, replaces version 1, received",
            "\nM-000001  received ",
            "\nM-000002  received ",
        ];
        let places: Vec<usize> = places.iter().map(|words| said.find(words).expect("each is told")).collect();
        assert!(places.is_sorted(), "{said}");
        assert!(said.lines().all(|line| line.width() <= 80), "{said}");
        let [entry] = &house.docket(&["show", reference, "--json"]).json()[..] else { panic!("one object") };
        assert_eq!(entry["number"], "M-000002", "that of the newest version");
        let submission = &entry["submission"];
        has_fields(submission, &["reference", "call", "kind", "states", "places"]);
        let places = submission["places"].as_array().unwrap();
        let fields = [
            "number",
            "message",
            "received",
            "place",
            "version",
            "becomes",
            "repeats",
            "current",
            "withdrawn",
            "standing",
            "words",
        ];
        for place in places {
            has_fields(place, &fields);
        }
        let current: Vec<_> = places.iter().map(|place| (&place["number"], &place["current"])).collect();
        assert_eq!(current, [(&json!("M-000001"), &json!(false)), (&json!("M-000002"), &json!(true))]);
    }
    let [entry] = &house.docket(&["show", "M-000001", "--json"]).json()[..] else { panic!("one object") };
    assert_eq!(entry["items"][0]["reference"], "GCM-ECE-2020-0001");
    assert_eq!(entry["submission"], Value::Null, "a message was asked for");
    assert_eq!(entry["files"][0]["outcome"], "read");
    assert_eq!(entry["letters"][0]["state"], "sent");
    assert!(entry["history"].as_array().unwrap().len() >= 4);
    for reference in ["M-000009", "M-x", "M-", "M-000001/9/9", "GCM-ECE-2020-0099", "", "../docket.toml"] {
        failed(&house.docket(&["show", reference]), "there is no entry");
        failed(&house.docket(&["decide", reference, "not-an-input", "--reason", "none"]), "There is no entry");
    }
}

#[test]
fn an_entry_that_cannot_be_shown_in_full_is_a_failure() {
    let house = filled();
    house.run("UPDATE finding SET value = '{' WHERE kind = 'match' AND message_id = 1");
    let id = house.number("SELECT id FROM finding WHERE kind = 'match' AND message_id = 1").unwrap();
    let why = format!("M-000001 is not shown in full: finding {id} of message M-000001 cannot be read: EOF");
    let shown = house.docket(&["show", "M-000001"]);
    failed(&shown, &why);
    assert!(shown.out.contains(&format!("\nmissing  finding {id} of message M-000001")), "{}", shown.out);
    assert!(shown.out.contains("GCM-ECE-2020-0001"), "the rest is there: {}", shown.out);
    let shown = house.docket(&["show", "M-000001", "--json"]);
    failed(&shown, &why);
    let entry: Value = serde_json::from_str(&shown.out).unwrap();
    assert!(entry["unreadable"][0].as_str().unwrap().starts_with(&format!("finding {id} of message M-000001")));
    failed(&house.docket(&["decide", "M-000001", "not-an-input", "--reason", "none"]), "M-000001 cannot be decided on");
    assert_eq!(house.number("SELECT COUNT(*) FROM decision"), Some(0));
    assert!(house.docket(&["log"]).done().contains("GCM-ECE-2020-0001"));
}

#[test]
fn which_engines_were_asked_and_which_pages_failed_is_shown() {
    let house = House::with("");
    let page = |text: &str| format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let pdf = pdf_with_a_broken_page(&page("Contribution of Norway"), &page("to the regional review"));
    let raw = mail("m", "Ministry <post@mfa.no>", "Norway: input", &[("input.pdf", &pdf)]);
    fs::write(house.folder().join("a.eml"), &raw).unwrap();
    let inspected = house.docket(&["inspect", "--json", "a.eml"]).json().remove(0);
    house.docket(&["import", "a.eml"]).done();
    read_all(&house);
    let shown = house.docket(&["show", "M-000001", "--json"]).json().remove(0);
    for file in [&inspected["attachments"][0]["reading"], &shown["files"][0]] {
        assert_eq!((&file["outcome"], &file["engine"]), (&json!("partial"), &json!("pdf-extract")), "{file}");
        assert_eq!((&file["pages_failed"], &file["pages_without_text"]), (&json!([2]), &json!([])), "{file}");
        assert_eq!(file["tried"][0]["engine"], "unpdf", "{file}");
        has_fields(&file["tried"][0], &["engine", "reason"]);
    }
    let said = house.docket(&["show", "M-000001"]).done();
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("main, partial by pdf-extract, 3 pages (page 2 not read), 7 words"), "{said}");
    assert!(said.contains("not by unpdf: asked because pdf-extract was in doubt"), "{said}");
}

#[test]
fn a_person_decides_at_the_terminal() {
    let house = filled();
    let said = house.docket(&["decide", "M-000003", "assign", "FRA", "--reason", "they called"]).done();
    assert!(said.contains("M-000003 is GCM-ECE-2020-0002, version 1, received on time."), "{said}");
    let [entry] = &house.docket(&["show", "GCM-ECE-2020-0002", "--json"]).json()[..] else { panic!("one object") };
    assert_eq!(entry["items"][0]["decided"], "assigned to France by tester: they called");
    assert_eq!(entry["items"][0]["waiting"], Value::Null);
    let acknowledgement = entry["letters"].as_array().unwrap().iter().find(|l| l["kind"] == "acknowledgement").unwrap();
    assert_eq!(acknowledgement["state"], "waiting", "its letter waits, so that it can be taken back");
    let unknown = house.docket(&["decide", "M-000003", "assign", "XYZ", "--reason", "x"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.err.contains("“XYZ” is no state that the tables know"), "{}", unknown.err);
    let said = house.docket(&["decide", "M-000003", "not-an-input", "--by", "M. Chef", "--reason", "a mistake"]).done();
    assert!(said.contains("M-000003 is no input."), "{said}");
    assert!(
        said.contains("is withdrawn. It stays on record, filed for France.")
            && said.contains("had not left, and will not"),
        "{said}"
    );
    let said = house.docket(&["show", "M-000003"]).done();
    assert!(said.contains("M. Chef"), "{said}");
    let said = house.docket(&["decide", "M-000004", "not-an-input", "--reason", "lunch"]).done();
    assert!(said.contains("It is confirmed as unrelated."), "{said}");
}

#[test]
fn a_decision_is_tried_first_at_the_terminal() {
    let house = filled();
    let before = house.docket(&["log", "--json"]).done();
    let assign = ["decide", "M-000003", "assign", "france", "--reason", "they called"];
    let tried = house.docket(&[&assign[..], &["--dry-run"]].concat()).done();
    for sentence in [
        "M-000003 is GCM-ECE-2020-0002, version 1, received on time.\n",
        "GCM-ECE-2020-0002 is a new reference.\n",
        "For France, on the roster of the call.\n",
        "France: “nothing received” before, “received” from now on.\n",
        "The acknowledgement to someone@mail.test leaves ",
    ] {
        assert!(tried.contains(sentence), "{tried}");
    }
    assert_eq!(house.docket(&["log", "--json"]).done(), before);
    let without = house.docket(&[&assign[..], &["--no-letter", "--dry-run"]].concat()).done();
    assert!(without.contains("Not answered: a person decided so."), "{without}");

    let announce = ["decide", "Germany", "announce", "--day", "2030-10-05", "--reason", "by telephone"];
    let said = house.docket(&announce).done();
    assert!(said.contains("Germany will send an input by 5 October 2030, and is not reminded."), "{said}");
    assert!(said.contains("Germany: “nothing received” before, “announced” from now on."), "{said}");
    failed(&house.docket(&announce), "Germany has said so before, and that stands.");
    let extend =
        ["decide", "DEU", "extend", "--until", "2031-01-01T12:00", "--authority", "the Bureau", "--reason", "x"];
    assert!(house.docket(&extend).done().contains("Germany has time until 2031-01-01 12:00 CET"), "{said}");
    let undo = ["decide", "DEU", "undo", "--reason", "misheard"];
    assert!(
        house.docket(&undo).done().starts_with("Taken back (misheard): time until 2031-01-01 12:00 CET for Germany")
    );
    assert!(house.docket(&undo).done().contains("Germany: “announced” before, “nothing received” from now on."));
    failed(&house.docket(&undo), "No decision about Germany stands");
    failed(&house.docket(&["decide", "DEU", "ask-sender", "--reason", "x"]), "not on Germany: name it by its number");
}

#[test]
fn a_person_takes_a_decision_back_at_the_terminal() {
    let house = filled();
    failed(&house.docket(&["decide", "M-000003", "undo", "--reason", "x"]), "Nobody has decided about M-000003");
    assert_eq!(house.docket(&["decide", "M-000003", "undo"]).status, Some(2), "a reason is asked for");
    let before = house.docket(&["log", "--json"]).done();
    let assign = ["decide", "M-000003", "assign", "FRA", "--known-sender", "--reason", "they called"];
    let said = house.docket(&assign).done();
    assert!(said.contains("someone@mail.test counts as evidence for France from now on."), "{said}");
    let during = house.docket(&["log", "--json"]).done();
    let decided = house.docket(&["show", "M-000003", "--json"]).json();
    let decided = decided[0]["items"][0]["decisions"][0]["at"].as_str().unwrap().to_owned();
    let said = house.docket(&["decide", "GCM-ECE-2020-0002", "undo", "--by", "M. Chef", "--reason", "not they"]).done();
    assert!(said.starts_with("Taken back (not they): assigned to France by tester: they called\n"), "{said}");
    assert!(said.contains("GCM-ECE-2020-0002, version 1, is withdrawn."), "{said}");
    assert!(said.contains("someone@mail.test is no evidence for France any more."), "{said}");
    let unlike = "\"acknowledgement: not sent\"";
    let after = house.docket(&["log", "--json"]).done().replace(unlike, "");
    assert_eq!(after, before, "as if it had not been, but for its letter");
    let [entry] = &house.docket(&["show", "M-000003", "--json"]).json()[..] else { panic!("one object") };
    let decision = &entry["items"][0]["decisions"][0];
    has_fields(decision, &["at", "what", "actor", "reason", "undone"]);
    has_fields(&decision["undone"], &["at", "actor", "reason"]);
    assert_eq!(entry["items"][0]["decided"], Value::Null);
    let undone = decision["undone"]["at"].as_str().unwrap();
    let then = |at: &str| house.docket(&["log", "--json", "--known-at", at]).done();
    assert_eq!((then(undone), then(&decided)), (during, before), "as it was known at these times");
    let shown = house.docket(&["show", "M-000003"]).done();
    assert!(shown.contains("(taken back by M. Chef:"), "{shown}");
    let undone = entry["history"].as_array().unwrap().iter().find(|event| event["kind"] == "undone").unwrap();
    has_fields(undone, &["at", "kind", "what", "actor", "by", "facts"]);
    assert_eq!(undone["what"], "Taken back (not they): assigned to France by tester: they called");
    assert_eq!((&undone["actor"], &undone["by"]), (&json!("M. Chef"), &json!("person")));
    assert_eq!(undone["facts"]["decision"]["states"], json!(["FRA"]));
    let french = house.docket(&["show", "M-000003", "--language", "fr"]).done();
    assert!(french.contains("Décision annulée (not they) : attribué à France"), "{french}");
    assert!(shown.lines().all(|line| line.width() <= 80), "{shown}");
    let again = house.docket(&["decide", "M-000003", "undo", "--reason", "once more"]);
    failed(&again, "No decision about M-000003 stands: the last one was taken back by M. Chef");
    let said = house.docket(&["decide", "M-000003", "assign", "ITA", "--reason", "at last"]).done();
    assert!(said.contains("M-000003 is GCM-ECE-2020-0003, version 1"), "no number is used twice: {said}");
}

#[test]
fn a_message_is_read_again_from_the_terminal() {
    let house = filled();
    for reference in ["M-000099", "GCM-ECE-2020-0099", "nonsense"] {
        failed(&house.docket(&["reread", reference]), &format!("there is no entry {reference}"));
    }
    for reference in ["M-000001", "M-000001/1"] {
        let said = house.docket(&["reread", reference]).done();
        assert_eq!(said, "M-000001 was read again, and reads as before.\n");
    }
    house.run(
        "UPDATE message SET state = 'parked', state_reason = 'It broke its reader.' WHERE number = 4;
         UPDATE item SET waiting = 'It could not be read.' WHERE message_id = (SELECT id FROM message WHERE number = 4)",
    );
    let said = house.docket(&["reread", "M-000004", "--dry-run"]).done();
    assert!(said.starts_with("M-000004 would go back into the ordinary reading"), "{said}");
    assert_eq!(house.docket(&["show", "M-000004", "--json"]).json()[0]["state"], "parked");
    let said = house.docket(&["reread", "M-000004", "--by", "M. Chef"]).done();
    assert!(said.starts_with("M-000004 is back in the ordinary reading: the running daemon reads it"), "{said}");
    read_all(&house);
    let entry = house.docket(&["show", "M-000004", "--json"]).json().remove(0);
    assert_eq!((entry["state"].as_str(), entry["relevance"].as_str()), (Some("read"), Some("unrelated")));
    let shown = house.docket(&["show", "M-000004"]).done();
    assert!(shown.contains("Put back into the ordinary reading") && shown.contains("(M. Chef)"), "{shown}");
}

#[test]
fn letters_are_listed_shown_and_moved() {
    let house = filled();
    let letters = house.docket(&["letters", "--json"]).json();
    assert_eq!(letters.len(), house.letters().len());
    assert_eq!(house.docket(&["letters", "list", "--json"]).json(), letters);
    for letter in &letters {
        has_fields(
            letter,
            &[
                "id",
                "kind",
                "state",
                "number",
                "iso3",
                "step",
                "recipient",
                "language",
                "subject",
                "body",
                "not_before",
                "decided",
                "sent",
                "attempts",
                "reason",
                "held_for",
                "copy",
                "copy_reason",
            ],
        );
        assert_eq!(letter["state"], "sent");
    }
    assert!(house.docket(&["letters"]).done().lines().count() >= letters.len());
    let said = house.docket(&["letters", "show", "1"]).done();
    assert!(
        said.contains("To: post@mfa.no\nSubject: ") && said.contains(letters[0]["body"].as_str().unwrap()),
        "{said}"
    );
    failed(&house.docket(&["letters", "show", "99"]), "there is no letter L-000099");
    failed(&house.docket(&["letters", "release", "1"]), "Letter 1 is sent; that cannot be done with it now.");
    failed(&house.docket(&["letters", "discard", "1", "--reason", "x"]), "Letter 1 is sent");
    failed(&house.docket(&["letters", "discard", "99", "--reason", "x"]), "There is no letter 99.");
    assert_eq!(house.docket(&["letters", "discard", "1"]).status, Some(2), "a reason is kept in the record");

    let first = house.letters()[0].clone();
    let bytes = fs::read(&first).unwrap();
    fs::remove_file(&first).unwrap();
    let said = house.docket(&["letters", "resend", "1", "--reason", "it was lost"]).done();
    assert_eq!(said, "Letter 1 leaves now: it was lost\n");
    read_all(&house);
    assert!(fs::read(&first).unwrap() == bytes, "the same bytes once more");

    house.docket(&["decide", "M-000003", "assign", "FRA", "--reason", "they called"]).done();
    let waiting = house.docket(&["letters", "--json"]).json();
    let id = waiting.iter().find(|letter| letter["state"] == "waiting").unwrap()["id"].to_string();
    let said = house.docket(&["letters", "discard", &id, "--reason", "answered by telephone"]).done();
    assert_eq!(said, format!("Letter {id} will not leave: answered by telephone\n"));
    let said = house.docket(&["letters"]).done();
    assert!(said.contains("discarded") && said.contains("answered by telephone"), "{said}");
}

#[test]
fn held_letters_are_let_go_together() {
    let house = filled();
    let all = house.docket(&["letters", "--json"]).json().len();
    house.run(
        "UPDATE letter SET state = 'held', sent_at = NULL, held_for = 'cap', reason = 'So many went already.';
         UPDATE letter SET held_for = 'restored', reason = 'It may have been sent before.' WHERE id = 2",
    );
    for arguments in [
        &["letters", "release"] as &[&str],
        &["letters", "release", "1", "--all"],
        &["letters", "release", "1", "--state", "NOR"],
        &["letters", "release", "--all", "--held-for", "fun"],
        &["letters", "release", "--all", "--state", "Nowhere"],
    ] {
        assert_eq!(house.docket(arguments).status, Some(2), "{arguments:?}");
    }
    let said = house.docket(&["letters", "release", "--all", "--held-for", "uncertain", "sender"]).done();
    assert!(
        said.starts_with(
            "No held letter goes.\nL-000001  M-000001  stays held: cap\n          So many went already.\n"
        ),
        "{said}"
    );
    let said = house.docket(&["letters", "release", "--all", "--state", "NOR", "--reason", "they called"]).done();
    assert!(said.starts_with("1 letter goes.\n") && said.contains("stays held: restored"), "{said}");
    assert_eq!(said.matches("stays held").count(), all - 1, "{said}");
    assert!(house.docket(&["show", "M-000001"]).done().contains("they called"));
    let lines = house.docket(&["letters", "release", "--all", "--json"]).json();
    assert_eq!(lines.len(), all - 1);
    for line in &lines {
        let stays = line["id"] == 2;
        let fields: &[&str] = if stays {
            &["id", "number", "released", "held_for", "reason"]
        } else {
            &["id", "number", "released", "not_before"]
        };
        has_fields(line, fields);
        assert_eq!(line["released"], !stays);
    }
    let left = house.docket(&["letters", "--json"]).json();
    let held: Vec<&Value> = left.iter().filter(|letter| letter["state"] == "held").collect();
    assert_eq!((held.len(), &held[0]["held_for"]), (1, &"restored".into()));
    let said = house.docket(&["letters", "release", "--all", "--held-for", "restored"]).done();
    assert_eq!(said, "1 letter goes.\n");
}

#[test]
fn a_list_of_people_with_a_mistake_changes_nothing() {
    let house = due();
    fs::write(
        house.folder().join("people.csv"),
        "iso3,name,address,language,from,until\nNOR,Kari,kari@mfa.no,en,,\nXYZ,Nobody,x@y.test,,,\nFRA,Anne,no address,fr,,\n\
         SWE,Sven,sven@gov.se,xx,2020-13-01,\n",
    )
    .unwrap();
    let ran = house.docket(&["people", "import", "people.csv"]);
    failed(&ran, "people.csv");
    for line in ["line 3: “XYZ”", "line 4: “no address” is no address", "line 5: "] {
        assert!(ran.err.contains(line), "{}", ran.err);
    }
    assert!(!ran.err.contains("line 2"), "{}", ran.err);
    let said = house.docket(&["remind", "--dry-run"]).done();
    assert!(!said.contains("kari@mfa.no"), "nothing of it was taken in: {said}");
    fs::write(house.folder().join("people.csv"), "name,address\nKari,kari@mfa.no\n").unwrap();
    failed(&house.docket(&["people", "import", "people.csv"]), "the columns iso3, language, from, until are missing");
    fs::write(house.folder().join("people.csv"), [0xff, 0xfe, 0x00]).unwrap();
    failed(&house.docket(&["people", "import", "people.csv"]), "save it as “CSV UTF-8”");
}

/// A house with a call whose deadline is three days from now, and whose first reminder is due.
pub fn due() -> House {
    let house = House::with("");
    let call = house.folder().join("calls/unece-gcm-2020.toml");
    let day =
        (Timestamp::now().to_zoned_datetime(TimeZone::get("Europe/Zurich").unwrap()).date() + 3.days()).to_string();
    let text = fs::read_to_string(&call).unwrap().replace("day = 2020-09-30", &format!("day = {day}"));
    assert!(text.contains(&day));
    fs::write(call, text).unwrap();
    house
}

#[test]
fn reminders_are_rehearsed_and_then_sent_once() {
    let house = due();
    let people =
        "iso3,name,address,language,from,until\nNOR,Kari Nordmann,kari@mfa.no,en,,\nFRA,Anne,anne@gouv.fr,fr,,\n";
    fs::write(house.folder().join("people.csv"), people).unwrap();
    let said = house.docket(&["people", "import", "people.csv"]).done();
    assert!(said.ends_with("2 added, 0 ended, 0 replaced, 0 kept, 0 the same.\n"), "{said}");
    let said = house.docket(&["remind", "--dry-run"]).done();
    assert!(said.contains("NOR  Norway would be reminded: kari@mfa.no"), "{said}");
    assert!(said.contains("     | Subject: ") && said.contains("Kari Nordmann"), "every letter is shown: {said}");
    assert!(said.contains("USA  "), "who is left out is named: {said}");
    let lines = house.docket(&["remind", "--dry-run", "--json"]).json();
    assert_eq!(lines.len(), 56, "every state of the roster");
    for line in &lines {
        has_fields(line, &["call", "step", "due", "iso3", "reminded", "reason", "to", "language", "subject", "body"]);
        assert_eq!(line["reminded"] == true, line["reason"].is_null(), "{line}");
    }
    let reminded: Vec<&Value> = lines.iter().filter(|line| line["reminded"] == true).collect();
    assert_eq!(reminded.len(), 2);
    assert!(reminded.iter().any(|line| line["to"] == "anne@gouv.fr" && line["language"] == "fr"), "{reminded:?}");
    assert!(
        house.letters().is_empty() && house.docket(&["letters", "--json"]).done().is_empty(),
        "a rehearsal leaves nothing"
    );

    let said = house.docket(&["remind"]).done();
    assert!(said.contains("NOR  Norway is reminded: kari@mfa.no"), "{said}");
    assert_eq!(house.letters().len(), 2, "without a daemon the command sends them");
    let said = house.docket(&["remind"]).done();
    assert!(!said.contains("is reminded"), "{said}");
    assert_eq!(house.letters().len(), 2);
    let nothing_due = House::with("");
    nothing_due.docket(&["import", "mail"]).done();
    assert_eq!(nothing_due.docket(&["remind"]).done(), "No reminder is due now.\n");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let files: Vec<String> = fs::read_dir(MAIL).unwrap().map(|f| source(f.unwrap().path().to_str().unwrap())).collect();
    let folder = tempfile::tempdir().unwrap();
    for before in [&["inspect", "--json"][..], &["inspect"], &["extract", "--json"]] {
        let mut child = Command::new(PROGRAM)
            .args(before)
            .args(&files)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{before:?}");
    }
}

#[test]
fn cases_come_from_standard_input_too() {
    let mut child = Command::new(PROGRAM)
        .args(["match", "--cases", "-"])
        .current_dir("config")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let case = json!({"id": "z", "from": {"display": "", "address": "x@mfa.no"}, "reply_to": null, "subject": "Norway",
        "body": "", "attachments": []});
    writeln!(child.stdin.take().unwrap(), "{case}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("{\"id\":\"z\","));
}

#[test]
fn a_document_of_the_test_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("input.docx"), document(120)).unwrap();
    let [line] = &docket(folder.path(), &["extract", "--json", "input.docx"]).json()[..] else { panic!("one line") };
    assert_eq!(line["words"], 120 + 12, "the heading and the text");
}
