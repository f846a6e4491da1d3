//! Papers as they are handed on: versions compared in words, and a folder with all that was received.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use docket::{
    core::{
        calls::coverage::How,
        submission::{AdditionKind, Place},
        text::difference::Part,
    },
    desk::{Compared, CoverageAsked, Covered, DeskError, Is},
    filing::{self, ToFile},
};
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::{
    mail::Mail,
    stage::{ADDRESS, CALL, Stage, at, person},
};
use crate::{
    extract::build::{Docx, p},
    fixture::{
        Database, both,
        deciding::Deciding as _,
        intake::mail_to,
        program::{Ran, docket},
    },
};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

/// Norway's input, whose figure is another in each version.
fn norway(figure: &str) -> Mail {
    Mail::from(MINISTRY).document(&format!(
        "Norway: contribution to the regional review\\par In the centres {figure} people were received.\\par "
    ))
}

/// A stage with three versions of Norway's: two that can be read, and one that was cut off.
pub async fn three_versions(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.input", &norway("1,240").raw(), stage.clock.now());
    stage.wait(60).await;
    stage.deliver("2.revised", &norway("1,420").raw(), stage.clock.now());
    stage.wait(60).await;
    let revised =
        Mail::from(MINISTRY).subject("Norway: revised input, regional review of the GCM").cut("a revised text");
    stage.deliver("3.cut", &revised.raw(), stage.clock.now());
    stage.wait(60).await;
    stage
}

/// Lets the commands work on what the stage works on, from a folder of its own.
pub fn house(stage: &Stage) -> PathBuf {
    let folder = stage.db.folder().join("house");
    fs::create_dir_all(folder.join("mail/new")).unwrap();
    let config = format!(
        "[[mailbox]]\nname = \"gcm\"\nmaildir = \"mail\"\naddresses = [\"{ADDRESS}\"]\ncalls = [\"{CALL}\"]\n\
         [letters]\ntransport = \"folder\"\nfolder = \"outbox\"\n[store]\nurl = \"{}\"\n",
        stage.db.url()
    );
    fs::write(folder.join("docket.toml"), config).unwrap();
    fs::set_permissions(folder.join("docket.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

fn pair(compared: &Compared) -> (Option<u32>, Option<u32>) {
    (compared.before.version, compared.after.version)
}

async fn refused(stage: &Stage, reference: &str, versions: &[u32]) -> String {
    match stage.desk().compare(reference, versions).await {
        Err(why @ (DeskError::Refused(_) | DeskError::NotFound(_))) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn fits_a_terminal(said: &str) {
    for line in said.lines() {
        assert!(line.width() <= 80 && line.trim_end() == line, "{} columns: {line:?}", line.width());
    }
}

both!(versions_are_compared_in_words_and_what_nobody_could_read_is_named, async |db: Database| {
    let mut stage = three_versions(db).await;
    let compared = stage.desk().compare("GCM-ECE-2020-0001", &[]).await.unwrap();
    assert_eq!(pair(&compared), (Some(1), Some(2)), "the unreadable one is not chosen");
    assert_eq!((compared.difference.added, compared.difference.removed), (1, 1), "{:?}", compared.difference);
    assert!(compared.after.current && !compared.before.current);
    let [cut] = &compared.not_compared[..] else { panic!("{:?}", compared.not_compared) };
    assert_eq!((cut.version, cut.number.as_str()), (Some(3), "M-000003/1"));
    assert!(cut.why.starts_with("its file “input.docx” could not be read: "), "{}", cut.why);
    let changed = compared.difference.parts.iter().filter(|part| !matches!(part, Part::Same { .. })).count();
    assert_eq!(changed, 1, "{:?}", compared.difference.parts);

    // Any number of what is filed leads there, and versions may be named either way round.
    for reference in ["M-000001", "M-000003/1", "gcm-ece-2020-0001"] {
        assert_eq!(stage.desk().compare(reference, &[]).await.unwrap(), compared, "{reference}");
    }
    assert_eq!(stage.desk().compare("M-000001", &[1]).await.unwrap(), compared, "with what stands");
    let back = stage.desk().compare("M-000001", &[2, 1]).await.unwrap();
    assert_eq!(pair(&back), (Some(2), Some(1)));
    assert!(refused(&stage, "M-000001", &[1, 3]).await.starts_with(
        "GCM-ECE-2020-0001: version 3 (M-000003/1) cannot be compared: its file “input.docx” could not be read: "
    ));
    assert_eq!(refused(&stage, "M-000001", &[1, 7]).await, "GCM-ECE-2020-0001 has no version 7; it has 1, 2, 3");
    assert_eq!(
        refused(&stage, "M-000001", &[2, 2]).await,
        "GCM-ECE-2020-0001: version 2 (M-000002/1) is the same on both sides"
    );
    assert_eq!(refused(&stage, "M-000009", &[]).await, "there is no entry M-000009; `docket log` lists them");

    // A person has opened it: it stands, and still there is no text to be compared.
    stage.desk().assign("M-000003", &["NOR".parse().unwrap()], None, false, &person("desk"), "opened").await.unwrap();
    assert_eq!(pair(&stage.desk().compare("M-000001", &[]).await.unwrap()), (Some(1), Some(2)));
    stage.wait(10).await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "a draft").await.unwrap();
    let why = refused(&stage, "GCM-ECE-2020-0001", &[]).await;
    assert!(
        why.starts_with(
            "GCM-ECE-2020-0001 has one version that stands and could be read, version 2 (M-000002/1): there is nothing to \
             compare it with; version 3 (M-000003/1): its file “input.docx” could not be read: "
        ),
        "{why}"
    );
    assert_eq!(
        refused(&stage, "M-000001", &[]).await,
        "nothing of M-000001 stands filed, so it has no versions to be compared"
    );
});

both!(a_terminal_shows_the_difference_and_a_script_reads_it, async |db: Database| {
    let stage = three_versions(db).await;
    let folder = house(&stage);
    let said = docket(&folder, &["diff", "GCM-ECE-2020-0001"]).done();
    fits_a_terminal(&said);
    assert!(
        said.starts_with("GCM-ECE-2020-0001  Norway\nbefore   version 1, M-000001/1, received 2020-09-07 09:00 CEST, "),
        "{said}"
    );
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "on time",
        "stands, “input.rtf”",
        "not version 3, M-000003/1: its file “input.docx” could not be read: ",
        "words: 1 added, 1 removed, ",
        "¶ 1 (1 paragraph is the same)",
        "¶ 2 In the centres [-1,240-] {+1,420+} people were received.",
    ] {
        assert!(words.contains(part), "{part}: {said}");
    }
    let [object] = &docket(&folder, &["diff", "M-000002", "1", "2", "--json"]).json()[..] else { panic!("one object") };
    assert_eq!(object["reference"], "GCM-ECE-2020-0001");
    assert_eq!(object["states"], json!([["NOR", "Norway"]]));
    assert_eq!((&object["before"]["version"], &object["after"]["version"]), (&json!(1), &json!(2)));
    assert_eq!((&object["added"], &object["removed"]), (&json!(1), &json!(1)));
    assert_eq!(object["parts"][1]["is"], "changed");
    assert_eq!(object["parts"][1]["pieces"][1], json!({"removed": " 1,240"}), "{}", object["parts"][1]);
    let ran = docket(&folder, &["diff", "M-000002", "1", "3"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
    assert_eq!(docket(&folder, &["diff", "M-000002", "one"]).status, Some(2));
    assert_eq!(docket(&folder, &["diff", "M-000002", "1", "2", "3"]).status, Some(2));
});

both!(which_headings_are_answered_is_told_and_nobody_is_blamed, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let norway = Mail::from(MINISTRY).document(
        "Norway: contribution to the regional review\\par 1. Progress\\par In the centres 1,240 people were received, and each of \
         them was asked.\\par 2. Challenges\\par 3. Lessons learned\\par Whoever was asked before a rule was made has kept it; the \
         pandemic has shown it once more.\\par ",
    );
    stage.deliver("1.norway", &norway.raw(), stage.clock.now());
    stage.wait(60).await;
    let joint = Mail::from("Ministry of Foreign Affairs <post@mfa.ee>").document(
        "Joint contribution to the regional review\\par Key findings: the three states have joined their registers, and work \
         together.\\par ",
    );
    stage.deliver("2.joint", &joint.raw(), stage.clock.now());
    stage.wait(60).await;
    let states: Vec<_> = ["LTU", "EST", "LVA"].map(|code| code.parse().unwrap()).into();
    stage.desk().assign("M-000002", &states, None, false, &person("desk"), "a joint input").await.unwrap();
    let cut = Mail::from("Mission <mission@eda.admin.ch>").subject("Switzerland: contribution to the regional review");
    stage.deliver("3.cut", &cut.cut("Switzerland: contribution").raw(), stage.clock.now());
    stage.wait(60).await;
    stage.desk().assign("M-000003", &["CHE".parse().unwrap()], None, false, &person("desk"), "theirs").await.unwrap();

    let coverage = stage.desk().coverage(&CoverageAsked::Call(None)).await.unwrap();
    assert_eq!((coverage.headings.len(), coverage.roster, coverage.sent), (5, 56, 5));
    let how = |input: &Covered| {
        let found = input.headings.iter().map(|answer| answer.found.as_ref().map(|found| found.how));
        found.collect::<Vec<_>>()
    };
    let [norway, joint, cut] = &coverage.inputs[..] else { panic!("{:?}", coverage.inputs) };
    let (headed, passing) = (Some(How::Headed), Some(How::InPassing));
    assert_eq!(how(norway), [headed, None, headed, passing, None], "nothing stands below the challenges");
    assert_eq!(norway.headings[0].found.as_ref().unwrap().line, "1. Progress");
    assert_eq!(how(joint), [None, None, None, None, headed]);
    let names: Vec<&str> = joint.states.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Estonia", "Latvia", "Lithuania"], "once, for all three");
    assert!(cut.headings.is_empty(), "{cut:?}");
    assert!(cut.why_not_read.as_ref().is_some_and(|why| why.contains("“input.docx” could not be read: ")), "{cut:?}");

    let folder = house(&stage);
    let said = docket(&folder, &["coverage"]).done();
    fits_a_terminal(&said);
    for part in [
        "  2  Challenges, opportunities, gaps, priorities, resources\n",
        "Norway                         GCM-ECE-2020-0001 1+ 2· 3+ 4~ 5·\n",
        "Estonia, Latvia, Lithuania     GCM-ECE-2020-0003 1· 2· 3· 4· 5+\n",
        "Switzerland                    GCM-ECE-2020-0004 not read\n    ! not read: its file “input.docx” could not be",
        "\nOf 51 of the 56 states of the roster no input stands.\n",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    let one = docket(&folder, &["coverage", "gcm-ece-2020-0001"]).done();
    fits_a_terminal(&one);
    assert!(one.starts_with("GCM-ECE-2020-0001  Norway, version 1, M-000001/1\n"), "{one}");
    for part in
        ["  + Progress: ¶ 2: “1. Progress”\n", "priorities, resources: not found\n", "  ~ COVID-19: in passing, ¶ "]
    {
        assert!(one.contains(part), "{part}:\n{one}");
    }
    assert_eq!(docket(&folder, &["coverage", "--state", "norvège"]).done(), one);
    assert_eq!(docket(&folder, &["coverage", "M-000001/1"]).done(), one);
    assert_eq!(docket(&folder, &["coverage", "--state", "SWE"]).done(), "No input stands.\n");
    let lines = docket(&folder, &["coverage", "--state", "Latvia", "--json"]).json();
    let [object, last] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(object["headings"][4]["found"]["how"], "headed");
    assert_eq!((&object["reference"], &object["why_not_read"]), (&json!("GCM-ECE-2020-0003"), &json!(null)));
    assert_eq!((&last["call"], &last["roster"]), (&json!(CALL), &json!(56)));
    let csv = docket(&folder, &["coverage", "--format", "csv"]).done();
    assert_eq!(csv.lines().count(), 1 + 5 + 5 + 1, "a row an input and heading, and one for what was not read: {csv}");
    assert!(csv.starts_with("\u{feff}reference,states,") && csv.contains(",Progress,headed,2,1. Progress,"), "{csv}");

    for (arguments, status, why) in [
        (&["coverage", "--call", "other"][..], 2, "there is no call “other”"),
        (&["coverage", "--state", "Nowhere"], 2, "“Nowhere” is no state"),
        (&["coverage", "M-000001", "--state", "NOR"], 2, "cannot be used with"),
        (&["coverage", "M-000009"], 1, "there is no entry M-000009"),
    ] {
        let ran = docket(&folder, arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(why), "{arguments:?}: {}", ran.err);
    }
});

/// Every file below a folder, by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut left) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What `sha256sum` says of a folder.
pub fn checked(folder: &Path) -> Ran {
    let output = Command::new("sha256sum").args(["--strict", "-c", "SHA256SUMS"]).current_dir(folder).output().unwrap();
    Ran {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A document that is no other's.
fn word(text: &str) -> Vec<u8> {
    let body = "Migration policy measures were adopted and partners were consulted. ".repeat(20);
    Docx::new(&(p(text) + &p(&body))).bytes()
}

/// Puts what is filed of a message beside the versions of its party.
async fn put_beside(stage: &Stage, number: i64, place: Place) {
    let instance = stage.instance();
    let mut tx = instance.db.begin().await.unwrap();
    let item = tx.item(number, 1).await.unwrap().unwrap();
    let (submission, before) = tx.place_of(item.id).await.unwrap().unwrap();
    let filed = docket::core::submission::Filed { place, ..before };
    let what = ToFile { party: filing::party(&submission.states, ""), kind: submission.kind, filed };
    let open = instance.call(Some(CALL)).unwrap();
    filing::file(&mut tx, instance, &open, &what, stage.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

both!(what_was_received_is_handed_on_under_safe_names_and_with_checksums, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let (first, table) = (word("Norway: contribution to the regional review"), b"state;people\r\nNorway;1240\r\n");
    let names: [(&str, &[u8]); 3] =
        [("CON.docx", &first), ("a:b?.csv", table), ("A:B?.csv", b"state;people\r\nNorway;7\r\n")];
    let one = mail_to(ADDRESS, "one", MINISTRY, "Norway: input to the regional review", &names);
    stage.deliver("1.one", &one, stage.clock.now());
    stage.wait(60).await;
    for (n, figure) in [(2, "1,420"), (3, "7,007"), (4, "1,420")] {
        let again = norway(figure).field(&format!("X-Name: {n}")).raw();
        stage.deliver(&format!("{n}.next"), &again, stage.clock.now());
        stage.wait(60).await;
    }
    put_beside(&stage, 3, Place::Addition { kind: AdditionKind::Annex, to: None }).await;
    let cut = Mail::from(MINISTRY).subject("Norway: revised input, regional review of the GCM").cut("a revised text");
    stage.deliver("5.cut", &cut.raw(), stage.clock.now());
    stage.wait(60).await;
    let other = Mail::from("European Union: EEAS <eu@eeas.europa.eu>")
        .subject("European Union: contribution to the regional review of the GCM")
        .document("European Union: contribution to the regional review of the GCM");
    stage.deliver("6.eu", &other.raw(), stage.clock.now());
    stage.wait(60).await;

    let papers = stage.desk().papers(None, None).await.unwrap();
    let norway = papers.parties.iter().find(|party| party.reference == "GCM-ECE-2020-0001").unwrap();
    let is: Vec<(Is, Option<u32>)> = norway.papers.iter().map(|paper| (paper.is, paper.version)).collect();
    assert_eq!(
        is,
        [
            (Is::Earlier, Some(1)),
            (Is::Current, Some(2)),
            (Is::Beside("annex"), Some(2)),
            (Is::Again, Some(2)),
            (Is::NotRead, papers_number(&stage, 5).await),
        ]
    );

    let folder = house(&stage);
    let said = docket(&folder, &["export", "given"]).done();
    assert!(
        said.starts_with("given: ") && said.ends_with("To check it: cd given && sha256sum -c SHA256SUMS\n"),
        "{said}"
    );
    let given = folder.join("given");
    let all = files(&given);
    let last = norway.papers[4].version.unwrap();
    let at = |path: &str| format!("NOR_Norway/GCM-ECE-2020-0001/{path}");
    let expected = [
        at("v1_earlier/M-000001.eml"),
        at("v1_earlier/_CON.docx"),
        at("v2_current/M-000002.eml"),
        at("v2_current/input.rtf"),
        at("v2_current/same_again_M-000004/M-000004.eml"),
        at("v2_current/same_again_M-000004/input.rtf"),
        at("additions/annex_for_v2_M-000003/M-000003.eml"),
        at("additions/annex_for_v2_M-000003/input.rtf"),
        at(&format!("v{last}_unread/M-000005.eml")),
        at(&format!("v{last}_unread/input.docx")),
        "register.csv".to_owned(),
        "log.csv".to_owned(),
        "contents.csv".to_owned(),
        "SHA256SUMS".to_owned(),
    ];
    for path in &expected {
        assert!(all.contains_key(path), "{path}: {:?}", all.keys());
    }
    assert!(!all.contains_key("INCOMPLETE"));
    assert_eq!(all[&at("v1_earlier/M-000001.eml")], one, "byte for byte");
    assert_eq!(all[&at("v1_earlier/_CON.docx")], first, "as it was in its message");
    let beside = |path: &&String| path.contains("v1_earlier/") && path.to_lowercase().contains("a_b_");
    let tables: Vec<&String> = all.keys().filter(beside).collect();
    assert_eq!(tables, [&at("v1_earlier/A_B_ (2).csv"), &at("v1_earlier/a_b_.csv")], "{:?}", all.keys());
    assert_eq!(all[&at("v1_earlier/a_b_.csv")], table);

    // Everything stands in the list, and a change of one byte is found.
    let ran = checked(&given);
    assert_eq!((ran.status, ran.out.lines().count()), (Some(0), all.len() - 1), "{}{}", ran.out, ran.err);
    fs::write(given.join(at("v2_current/input.rtf")), "another").unwrap();
    assert_eq!(checked(&given).status, Some(1));
    let mode = |path: &str| fs::metadata(given.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("NOR_Norway"), mode("contents.csv")), (0o700, 0o600), "nobody else's to read");

    let mut contents = csv::Reader::from_reader(&all["contents.csv"][..]);
    let head = contents.headers().unwrap().clone();
    let rows: Vec<BTreeMap<String, String>> = contents
        .records()
        .map(|row| head.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect();
    let row = |path: &str| rows.iter().find(|row| row["file"] == at(path)).unwrap();
    let original = row("v1_earlier/_CON.docx");
    assert_eq!((original["original_name"].as_str(), original["number"].as_str()), ("CON.docx", "M-000001/1"));
    assert_eq!((original["role"].as_str(), original["party"].as_str()), ("main", "Norway"));
    assert_eq!(row("additions/annex_for_v2_M-000003/M-000003.eml")["is"], "annex");
    assert!(rows.iter().all(|row| row["file"].is_empty() || all.contains_key(&row["file"])));
    let text = |path: &str| String::from_utf8(all[path].clone()).unwrap();
    let log = text("log.csv");
    assert!(log.contains("M-000001,GCM-ECE-2020-0001,") && log.contains("M-000005,"), "{log}");
    assert_eq!(
        text("register.csv"),
        docket(&folder, &["register", "--format", "csv"]).done(),
        "as that command prints it"
    );

    // One that is there is never written into; an empty one is.
    let ran = docket(&folder, &["export", "given"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("given is not empty, and nothing in it is touched"), "{}", ran.err);
    fs::create_dir(folder.join("empty")).unwrap();
    docket(&folder, &["export", "empty", "--state", "NOR"]).done();
    let own = files(&folder.join("empty"));
    assert!(own.contains_key(&at("v2_current/M-000002.eml")) && checked(&folder.join("empty")).status == Some(0));
    assert!(own.keys().all(|path| path.starts_with("NOR_Norway/") || !path.contains('/')), "{:?}", own.keys());
    docket(&folder, &["export", "none", "--state", "FRA"]).done();
    assert_eq!(files(&folder.join("none")).len(), 4, "register, log, list of contents, and sums");
    fs::write(folder.join("file"), "").unwrap();
    let ran = docket(&folder, &["export", "file"]);
    assert!(ran.status == Some(1) && ran.err.contains("file can be no folder for an export"), "{}", ran.err);
    let ran = docket(&folder, &["export", "x", "--call", "other"]);
    assert!(ran.status == Some(2) && ran.err.contains("there is no call “other”"), "{}", ran.err);
    assert!(!folder.join("x").exists());

    // What was taken in and is not there as it came is said, and the rest is handed on; what breaks off is seen.
    let sha256 = norway.papers[0].message.sha256.clone();
    stage.db.tamper(&format!("UPDATE original SET purged_at = 1 WHERE sha256 = '{sha256}'")).await;
    let ran = docket(&folder, &["export", "lacking"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains("the original of M-000001 has been erased"), "{}", ran.err);
    let lacking = folder.join("lacking");
    assert!(checked(&lacking).status == Some(0) && !files(&lacking).contains_key(&at("v1_earlier/M-000001.eml")));
    let sha256 = &norway.papers[1].message.sha256;
    stage.db.tamper(&format!("DELETE FROM original_piece WHERE sha256 = '{sha256}'")).await;
    let ran = docket(&folder, &["export", "broken"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("the export in broken is not whole, and says so in INCOMPLETE"), "{}", ran.err);
    let broken = files(&folder.join("broken"));
    assert!(broken.contains_key("INCOMPLETE") && !broken.contains_key("SHA256SUMS"), "{:?}", broken.keys());
    let ran = docket(&folder, &["export", "broken"]);
    assert!(ran.err.contains("broken holds an export that did not come to its end"), "{}", ran.err);
});

/// The version of the only item of a message.
async fn papers_number(stage: &Stage, number: i64) -> Option<u32> {
    let log = stage.log().await;
    let wanted = docket::store::intake_number(number);
    log.into_iter().find(|line| line.number == wanted).unwrap().version
}

both!(files_within_files_are_handed_on_by_themselves_and_programs_are_not, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let input = word("Norway: contribution to the regional review");
    let zip = crate::extract::build::zip(&[("folder/Norway input.docx", &input)]);
    let program: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0 a program";
    let files_sent: [(&str, &[u8]); 2] = [("papers.zip", &zip), ("setup.exe", program)];
    let mail = mail_to(ADDRESS, "zip", MINISTRY, "Norway: input to the regional review", &files_sent);
    stage.deliver("1.zip", &mail, stage.clock.now());
    stage.wait(60).await;
    if stage.log().await[0].reference.is_none() {
        let (states, desk) = (["NOR".parse().unwrap()], person("desk"));
        stage.desk().assign("M-000001", &states, None, false, &desk, "ours").await.unwrap();
    }
    let folder = house(&stage);
    docket(&folder, &["export", "given"]).done();
    let all = files(&folder.join("given"));
    let docx = all.iter().find(|(path, _)| path.ends_with("/Norway input.docx"));
    assert_eq!(docx.unwrap_or_else(|| panic!("{:?}", all.keys())).1, &input);
    assert!(!all.keys().any(|path| path.contains("papers.zip") || path.contains("setup.exe")), "{:?}", all.keys());
    assert_eq!(checked(&folder.join("given")).status, Some(0));
    assert!(at("2020-09-07T09:00:00+02:00") < stage.clock.now());
});
