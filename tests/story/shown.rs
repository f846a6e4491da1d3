//! What is shown of a state: one reference a row, sums that add up, more time, decisions, and what is no version.

use std::collections::BTreeSet;

use docket::{
    core::{
        calls::{standing::Standing, status::Status},
        decision::{Decision, Order},
        submission::AdditionKind,
    },
    desk::{
        Desk, DeskError, Mode,
        view::{Register, RegisterLine, RegisterQuery, StatePage},
    },
};
use unicode_width::UnicodeWidthStr as _;

use super::{
    decisions::iso3,
    mail::Mail,
    papers::house,
    stage::{CALL, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _, program::docket};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

async fn register(stage: &Stage) -> Register {
    stage.desk().register(&RegisterQuery::now(None)).await.unwrap().unwrap()
}

fn line(register: &Register, code: &str) -> RegisterLine {
    register.lines.iter().find(|line| line.iso3 == iso3(code)).unwrap().clone()
}

async fn page(stage: &Stage, code: &str) -> StatePage {
    stage.desk().state(None, iso3(code)).await.unwrap().unwrap()
}

async fn decide(desk: &Desk, on: &str, decision: Decision, why: &str) -> Vec<String> {
    desk.decide(on, &Order::new(decision, why), &person("Ana"), Mode::Do).await.unwrap().said
}

fn extend(until: &str) -> Decision {
    let authority = "the Secretary".to_owned();
    Decision::Extend { states: Vec::new(), until: until.parse().unwrap(), authority, call: None }
}

fn norway(about: &str) -> Mail {
    Mail::from(MINISTRY).subject("Norway: input, regional review of the GCM").document(about)
}

/// That nothing printed is wider than a terminal.
#[track_caller]
fn fits(said: &str) {
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
}

both!(the_sums_of_the_register_add_up, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.norway", &norway("Norway: contribution to the regional review").raw(), stage.clock.now());
    stage.wait(60).await;
    let cut = Mail::from(MINISTRY).subject("Norway: revised input, regional review of the GCM").cut("a revised text");
    stage.deliver("2.cut", &cut.raw(), stage.clock.now());
    stage.wait(60).await;
    let register = register(&stage).await;
    let of_norway = line(&register, "NOR");
    assert_eq!((of_norway.status, of_norway.counts), (Status::UnderQuery, true), "version 1 stands: {of_norway:?}");
    let beside: u64 = Status::ALL.map(|status| register.beside(status)).iter().sum();
    assert_eq!((register.received, beside), (1, 55));
    assert_eq!(register.beside(Status::UnderQuery), 0, "it is among those that count");
    let said = docket(&house(&stage), &["register"]).done();
    fits(&said);
    assert!(said.contains("Received: 1 on time; 0 of them corrected since, 1 under query.\n"), "{said}");
    assert!(said.contains("Besides: 0 under query, ") && said.contains("55 nothing received"), "{said}");
});

both!(a_row_has_one_reference, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-28T10:00:00+02:00").await;
    let joint = Mail::from("Somebody <a@mail.example>")
        .subject("Input to the regional review of the GCM")
        .document("Contribution to the regional review of the Global Compact for Migration");
    stage.deliver("1.joint", &joint.raw(), stage.clock.now());
    stage.wait(1).await;
    let states = [iso3("SWE"), iso3("LTU"), iso3("LVA"), iso3("NOR")];
    stage.desk().assign("M-000001", &states, None, false, &person("desk"), "jointly").await.unwrap();
    stage.until(at("2020-09-29T11:00:00+02:00")).await;
    stage.deliver("2.own", &norway("Norway: contribution to the regional review, of its own").raw(), stage.clock.now());
    stage.wait(1).await;
    stage.desk().assign("M-000002", &[iso3("NOR")], None, false, &person("desk"), "its own").await.unwrap();

    let register = register(&stage).await;
    let (norway, sweden) = (line(&register, "NOR"), line(&register, "SWE"));
    assert_eq!(norway.reference.as_deref(), Some("GCM-ECE-2020-0002"));
    assert_eq!(norway.received, Some(at("2020-09-29T11:00:00+02:00")), "of the same submission");
    assert_eq!(
        (norway.received, norway.version, norway.standing),
        (norway.version_received, Some(1), Some(Standing::OnTime))
    );
    assert_eq!((norway.also.as_slice(), norway.joint_with.len()), (["GCM-ECE-2020-0001".to_owned()].as_slice(), 0));
    let note = "first received as GCM-ECE-2020-0001 on 28 September 2020, jointly with Latvia, Lithuania, Sweden";
    assert_eq!(norway.note.as_deref(), Some(note));
    assert_eq!((sweden.note, sweden.also.len(), sweden.reference.as_deref()), (None, 0, Some("GCM-ECE-2020-0001")));
    assert_eq!(sweden.joint_with, [iso3("LVA"), iso3("LTU"), iso3("NOR")], "by name");
    fits(&docket(&house(&stage), &["register"]).done());
});

both!(a_letter_that_does_not_leave_hides_none_that_has_left, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.norway", &norway("Norway: contribution to the regional review").raw(), stage.clock.now());
    stage.wait(60).await;
    stage.desk().import_focal_points("iso3,name,address,language,from,until\nNOR,,a@mfa.no,,,\n").await.unwrap();
    decide(stage.desk(), "Norway", extend("2020-10-09"), "floods").await;
    stage.desk().undo("Norway", &person("Ana"), "it was too much").await.unwrap();
    stage.wait(60).await;
    assert_eq!(stage.letters().await.len(), 2, "one has left, and one was discarded");
    assert_eq!(stage.register(None).await.told[&iso3("NOR")], "receipt sent 7 Sep");
});

both!(more_time_is_shown_wherever_its_state_is, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-29T09:00:00+02:00").await;
    stage.desk().import_focal_points("iso3,name,address,language,from,until\nITA,,b@interno.it,,,\n").await.unwrap();
    decide(stage.desk(), "Italy", extend("2020-10-15T12:00"), "the mission asked for it").await;
    stage.until(at("2020-10-02T12:00:00+02:00")).await;
    let until = at("2020-10-15T12:00:00+02:00");
    let of_italy = line(&register(&stage).await, "ITA");
    assert_eq!(of_italy.extended_until, Some(until));
    let why = "it has time until 15 October 2020, 12:00 (extension)";
    assert_eq!(of_italy.why_not_reminded.as_deref(), Some(why));
    assert_eq!(line(&register(&stage).await, "FRA").why_not_reminded.as_deref(), Some("the deadline is over"));
    let folder = house(&stage);
    let said = docket(&folder, &["register", "--as-of", "2020-10-02T12:00"]).done();
    fits(&said);
    assert!(said.contains(&format!("Not reminded: {why} (1): Italy.")), "{said}");
    assert!(docket(&folder, &["register", "--format", "csv"]).done().contains(",2020-10-15T12:00:00+02:00,"));

    // And who decided it, when and why.
    let page = page(&stage, "ITA").await;
    assert_eq!(page.extended.as_deref(), Some("15 October 2020, 12:00"));
    let decided: Vec<_> = page.decisions.iter().map(|on| (on.on.as_str(), on.decision.reason.as_str())).collect();
    assert_eq!(decided, [("Italy", "the mission asked for it")]);
    assert_eq!((page.reminders.len(), page.letters.len()), (0, 1), "{:?} {:?}", page.reminders, page.letters);
    assert_eq!(page.letters[0], "extension granted: sent 29 Sep to b@interno.it");
    let shown = docket(&folder, &["show", "italy"]).done();
    fits(&shown);
    for part in ["extended until 15 October 2020, 12:00", "by Ana: the mission asked for it", "Entries"] {
        assert!(shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part}:\n{shown}");
    }
    assert_eq!(docket(&folder, &["show", "ITA", "--json"]).json()[0]["line"]["iso3"], "ITA");
    let law = docket(&folder, &["call", "show"]).done();
    let granted = "Italy has time until 15 October 2020, 12:00; granted 2020-09-29 09:00 by Ana, on the authority of the \
                   Secretary: the mission asked for it\n";
    assert!(law.contains(granted), "{law}");
    for wrong in [&["show", "Atlantis"][..], &["show", "JPN"], &["decide", "XYZ", "decline", "--reason", "none"]] {
        let ran = docket(&folder, wrong);
        assert_eq!(ran.status, Some(2), "{wrong:?}: {}", ran.err);
    }
    assert_eq!(docket(&folder, &["decide", "M-000099", "decline", "--reason", "none"]).status, Some(1));
    let nobody = stage.desk().decide("XYZ", &Order::new(Decision::Undo, "none"), &person("Ana"), Mode::Show).await;
    assert!(matches!(nobody, Err(DeskError::NoState(ref why)) if why.contains("XYZ")), "{nobody:?}");
});

both!(what_a_state_said_in_a_message_stands_on_its_page, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let mail = Mail::from("Mission <mission@eda.admin.ch>")
        .subject("Switzerland: regional review of the GCM")
        .body("Switzerland will submit its written input to the regional review of the GCM by 25 September 2020.");
    stage.deliver("1.word", &mail.raw(), stage.clock.now());
    stage.wait(60).await;
    let day = Some(jiff::civil::date(2020, 9, 25));
    let decision = Decision::Announce { states: vec![iso3("CHE")], day, call: None };
    decide(stage.desk(), "M-000001", decision, "its mission says so").await;
    let page = page(&stage, "CHE").await;
    assert_eq!(page.line.status, Status::Announced);
    let decided: Vec<_> = page.decisions.iter().map(|on| (on.on.as_str(), on.decision.reason.as_str())).collect();
    assert_eq!(decided, [("M-000001/1", "its mission says so")]);
});

both!(what_is_no_version_or_was_taken_back_is_marked, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.norway", &norway("Norway: contribution to the regional review").raw(), stage.clock.now());
    stage.wait(60).await;
    let annex = norway("Statistics of the year").subject("Norway: annex to our input, regional review of the GCM");
    stage.deliver("2.annex", &annex.raw(), stage.clock.now());
    stage.wait(60).await;
    let of = "GCM-ECE-2020-0001".to_owned();
    let annex = Decision::AdditionTo { of: of.clone(), kind: AdditionKind::Annex, version: None };
    decide(stage.desk(), "M-000002", annex, "its letter says so").await;
    let log = stage.log().await;
    assert_eq!(log.iter().map(|line| line.place.as_deref()).collect::<Vec<_>>(), [Some("version"), Some("annex")]);
    assert_eq!(log.iter().map(|line| line.withdrawn).collect::<Vec<_>>(), [false, false]);
    let folder = house(&stage);
    let said = docket(&folder, &["log"]).done();
    fits(&said);
    assert!(said.contains("Annex, beside the versions.\n"), "{said}");

    let before = stage.clock.now();
    stage.wait(1).await;
    let notice =
        Mail::from(MINISTRY).body("We withdraw our contribution to the regional review of the Global Compact.");
    stage.deliver("3.notice", &notice.raw(), stage.clock.now());
    stage.wait(1).await;
    decide(stage.desk(), "M-000003", Decision::Withdraw { of: Some(of) }, "its notice").await;
    let marks: Vec<_> = stage.log().await.iter().map(|line| (line.withdrawn, line.mark())).collect();
    let expected = [
        (true, Some("withdrawn".to_owned())),
        (true, Some("annex, beside the versions; withdrawn".to_owned())),
        (false, Some("takes back what was sent".to_owned())),
    ];
    assert_eq!(marks, expected);
    let then = docket::desk::view::LogFilter { known_at: Some(before), ..Default::default() };
    assert!(stage.desk().log(&then).await.unwrap().iter().all(|line| !line.withdrawn), "it was not known then");
    let page = page(&stage, "NOR").await;
    assert_eq!(page.line.status, Status::Withdrawn);
    let on: BTreeSet<&str> = page.decisions.iter().map(|on| on.on.as_str()).collect();
    assert_eq!(on, BTreeSet::from(["M-000002/1", "M-000003/1"]));
    let said = docket(&folder, &["log"]).done();
    fits(&said);
    assert!(said.contains("Takes back what was sent.\n"), "{said}");
});

both!(who_only_reads_takes_over_no_file_that_was_changed, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.deliver("1.norway", &norway("Norway: contribution to the regional review").raw(), stage.clock.now());
    stage.wait(60).await;
    let folder = house(&stage);
    let file = std::fs::read_to_string(format!("config/calls/{CALL}.toml")).unwrap();
    assert!(file.contains("2020-09-30"));
    std::fs::create_dir_all(folder.join("calls")).unwrap();
    std::fs::write(folder.join(format!("calls/{CALL}.toml")), file.replace("2020-09-30", "2020-10-09")).unwrap();
    let acts = async || stage.number("SELECT COUNT(*) FROM deadline_version").await;
    for command in [
        &["register"][..],
        &["log"],
        &["waiting"],
        &["show", "M-000001"],
        &["people", "list"],
        &["call", "show"],
        &["export", "out"],
    ] {
        let ran = docket(&folder, command);
        assert_eq!(ran.status, Some(0), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(&format!("the file of the call {CALL} says 2020-10-09")), "{command:?}: {}", ran.err);
        assert_eq!(acts().await, 1, "{command:?}");
    }
    docket(&folder, &["decide", "M-000001", "undo", "--reason", "nothing stands"]);
    assert_eq!(acts().await, 2, "who may change something takes it over");
    let ran = docket(&folder, &["register"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
});
