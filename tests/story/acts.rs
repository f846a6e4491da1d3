//! The acts of a secretariat: each can be tried first, says what it comes to, keeps that, and leaves nothing once it is taken
//! back.

use docket::{
    core::{
        calls::status::Status,
        decision::{Answered, Decision, LetterThen, Order},
        letter_kind::LetterKind,
        submission::{AdditionKind, Place, View},
    },
    desk::{Decided, DeskError, Mode},
    pipeline,
    store::LetterState,
};
use jiff::{civil::date, tz::TimeZone};

use super::{
    decisions::{iso3, status},
    mail::Mail,
    stage::{Stage, at, person},
    versions::projections_are_the_fold,
};
use crate::fixture::{Database, both};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";
const PRIVATE: &str = "Somebody <somebody@mail.test>";

/// Norway's input; texts that are called otherwise are others.
fn norway(text: &str) -> Mail {
    Mail::from(MINISTRY).document(&format!("Norway: contribution to the regional review, {text}"))
}

/// A document of which nobody can say whose it is.
fn undecided(text: &str) -> Mail {
    Mail::from(PRIVATE).document(&format!("A contribution to the review, {text}"))
}

fn assign(codes: &[&str]) -> Decision {
    Decision::Assign { states: codes.iter().map(|code| iso3(code)).collect(), call: None, known_sender: false }
}

fn order(decision: &Decision) -> Order {
    Order::new(decision.clone(), "for a reason")
}

async fn decide(stage: &Stage, on: &str, decision: &Decision) -> Decided {
    stage
        .desk()
        .decide(on, &order(decision), &person("desk"), Mode::Do)
        .await
        .unwrap_or_else(|why| panic!("{on}: {why}"))
}

async fn said(stage: &Stage, on: &str, decision: &Decision) -> String {
    decide(stage, on, decision).await.said.join("\n")
}

/// Why a decision is refused; nothing must change by that.
async fn refused(stage: &Stage, on: &str, decision: &Decision) -> String {
    let before = seen(stage).await;
    match stage.desk().decide(on, &order(decision), &person("desk"), Mode::Do).await {
        Err(DeskError::Refused(why) | DeskError::NotFound(why) | DeskError::NoState(why)) => {
            same(&before, &seen(stage).await, &why);
            why
        }
        other => panic!("{on} {decision:?}: {other:?}"),
    }
}

/// All that is shown but for history, letters, and what was decided and taken back.
async fn seen(stage: &Stage) -> String {
    let mut all = Vec::new();
    for mut line in stage.log().await {
        line.letters.clear();
        all.push(format!("{line:#?}"));
        let mut entry = stage.entry(&line.number).await;
        (entry.letters, entry.history, entry.revision) = (Vec::new(), Vec::new(), 0);
        entry.items.iter_mut().for_each(|item| item.decisions.clear());
        all.push(format!("{entry:#?}"));
    }
    let mut register = stage.register(None).await;
    register.told.clear();
    (register.letters_waiting, register.letters_sent) = (0, 0);
    register.now = at("2020-09-01T00:00:00Z");
    register.mailboxes.clear();
    all.push(format!("{register:#?}"));
    let mut tx = stage.instance().db.snapshot().await.unwrap();
    for open in &*stage.instance().calls() {
        for party in tx.parties_of(open.known.id, &[], View::NOW).await.unwrap() {
            let held = party.filed.iter().filter(|filed| filed.held.until.is_none());
            let places: Vec<_> = held.map(|filed| (filed.item, filed.place, filed.n, filed.legible)).collect();
            if !places.is_empty() || !party.withdrawals.is_empty() {
                all.push(format!("{} {places:?} {:?}", party.submission.reference, party.withdrawals.len()));
            }
        }
        let said = tx.said_by_states(open.known.id).await.unwrap();
        let extensions = tx.extensions(open.known.id).await.unwrap();
        all.push(format!(
            "{:?}",
            said.iter().flatten().filter(|said| said.held.until.is_none()).map(|said| said.word).collect::<Vec<_>>()
        ));
        all.push(format!("{:?}", extensions.iter().filter(|more| more.held.until.is_none()).count()));
    }
    all.join("\n")
}

/// What is seen is the same; else, where it begins to differ.
fn same(before: &str, after: &str, why: &str) {
    let lines = before.lines().zip(after.lines()).enumerate();
    let differ: Vec<_> = lines.filter(|(_, (before, after))| before != after).take(5).collect();
    assert!(differ.is_empty(), "{why}: {differ:#?}");
    assert_eq!(before.len(), after.len(), "{why}");
}

/// What stands on record of the newest decision on an entry, in words.
async fn on_record(stage: &Stage, number: i64) -> Vec<String> {
    let mut tx = stage.instance().db.snapshot().await.unwrap();
    let message = tx.entry(number).await.unwrap().unwrap();
    let row = tx.decisions(message.id).await.unwrap().pop().unwrap();
    let zone = TimeZone::get("Europe/Zurich").unwrap();
    let to = row.consequences().unwrap().expect("it is kept");
    stage.desk().came_to(&to, (row.at.nearest(), &zone), docket::core::text::language::Language::En)
}

both!(who_assigns_is_told_what_that_replaces_before_and_after, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-04T09:00:00+02:00").await;
    stage.deliver("1.spam", &undecided("cheap loans").raw(), stage.clock.now());
    stage.wait(1).await;
    stage.until(at("2020-09-07T09:00:00+02:00")).await;
    stage.deliver("2.input", &norway("whole").raw(), stage.clock.now());
    stage.wait(10).await;
    let before = seen(&stage).await;
    let order = order(&assign(&["NOR"]));
    let tried = stage.desk().decide("M-000001", &order, &person("desk"), Mode::Show).await.unwrap();
    assert_eq!(seen(&stage).await, before, "it was only tried");
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM decision").await, 0);
    assert_eq!(
        tried.said,
        [
            "M-000001 is GCM-ECE-2020-0001, version 2, received on time. It was received earlier than version 1, which \
             stays the current one.",
            "For Norway, on the roster of the call.",
            "Norway: “received” before, “corrected” from now on.",
            "The acknowledgement to somebody@mail.test leaves 2020-09-07 09:12 CEST; until then it can be stopped.",
        ]
    );
    let taken = stage.desk().decide("M-000001", &order, &person("desk"), Mode::Do).await.unwrap();
    assert_eq!(taken, tried);
    assert_eq!(on_record(&stage, 1).await, tried.said);
    projections_are_the_fold(&stage).await;
});

both!(a_state_that_wrote_once_is_never_told_of_a_second_version, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-04T09:00:00+02:00").await;
    stage.deliver("1.input", &undecided("whole").raw(), stage.clock.now());
    stage.wait(1).await;
    for _ in 0..2 {
        let told = said(&stage, "M-000001", &assign(&["NOR"])).await;
        assert!(told.contains("M-000001 is GCM-ECE-2020-0001, version 1, received on time.\n"), "{told}");
        stage.wait(1).await;
        decide(&stage, "M-000001", &Decision::Undo).await;
    }
    decide(&stage, "M-000001", &assign(&["NOR"])).await;
    stage.wait(10).await;
    decide(&stage, "M-000001", &Decision::NotAnInput { unrelated: false }).await;
    stage.wait(1).await;
    let told = said(&stage, "M-000001", &Decision::Undo).await;
    assert!(told.contains("M-000001 is GCM-ECE-2020-0001, version 1, received on time.\n"), "{told}");
    stage.wait(60).await;
    let posted = stage.posted();
    assert!(posted.values().all(|letter| !letter.body.contains("ersion 2")), "{posted:?}");
    projections_are_the_fold(&stage).await;
});

/// Every act where it makes sense, in this house: 1 is Norway's input; 2 Norway's revision, which nobody can read; 3 and 4 are
/// undecided; 5 is Sweden's input. What Norway takes back leaves the question that its revision asks.
#[expect(clippy::too_many_lines, reason = "a line or two for each act")]
fn every_act() -> Vec<(&'static str, Decision, &'static str)> {
    let of = || "GCM-ECE-2020-0001".to_owned();
    let annex = |kind, version| Decision::AdditionTo { of: of(), kind, version };
    let letter = |answered, of| Decision::Correspondence { answered, of };
    let answered = Some(Answered { by: "Ana".to_owned(), how: Some("by telephone".to_owned()) });
    let more = |states: &[&str]| Decision::Extend {
        states: states.iter().map(|code| iso3(code)).collect(),
        until: "2020-10-09T12:00".parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    };
    let states = |codes: &[&str]| codes.iter().map(|code| iso3(code)).collect::<Vec<_>>();
    let announce =
        |codes: &[&str]| Decision::Announce { states: states(codes), day: Some(date(2020, 10, 5)), call: None };
    vec![
        ("M-000003", assign(&["FRA"]), "M-000003 is GCM-ECE-2020-0003, version 1, received on time."),
        ("M-000003", assign(&["FRA", "DEU"]), "For France, Germany, on the roster of the call."),
        ("M-000003", assign(&["JPN"]), "For Japan, not on the roster of the call."),
        (
            "M-000002",
            assign(&["NOR"]),
            "M-000002 is GCM-ECE-2020-0001, version 2, received on time. It replaces version 1.",
        ),
        (
            "M-000003",
            Decision::VersionOf { of: of() },
            "M-000003 is GCM-ECE-2020-0001, version 3, received on time. It replaces version 1.",
        ),
        (
            "M-000005",
            Decision::VersionOf { of: of() },
            "It moves there from GCM-ECE-2020-0002, version 1, filed for Sweden.",
        ),
        (
            "M-000003",
            Decision::RenditionOf { of: of(), version: None },
            "M-000003 is the readable copy of version 2 of GCM-ECE-2020-0001, and has its date.",
        ),
        (
            "M-000003",
            annex(AdditionKind::Annex, None),
            "M-000003 is an annex to version 2 of GCM-ECE-2020-0001, received on time. It replaces nothing.",
        ),
        (
            "M-000003",
            annex(AdditionKind::Translation, Some(1)),
            "M-000003 is a translation of version 1 of GCM-ECE-2020-0001, received on time.",
        ),
        ("M-000003", annex(AdditionKind::CoverLetter, None), "M-000003 is a cover letter to version 2 of"),
        (
            "M-000003",
            Decision::DuplicateOf { of: "M-000001".to_owned() },
            "M-000003 is a duplicate of version 1 of GCM-ECE-2020-0001; no new version.",
        ),
        ("M-000003", letter(None, None), "M-000003 is correspondence."),
        (
            "M-000003",
            letter(answered, Some(of())),
            "M-000003 is correspondence, and Ana has answered it (by telephone).\nM-000003 belongs to GCM-ECE-2020-0001, and changes nothing there.",
        ),
        (
            "M-000005",
            letter(None, None),
            "GCM-ECE-2020-0002, version 1, is withdrawn. It stays on record, filed for Sweden.",
        ),
        (
            "M-000003",
            announce(&["FRA"]),
            "France will send an input by 5 October 2020, and is not reminded.\nFrance: “nothing received” before, “announced” from now on.",
        ),
        (
            "M-000003",
            Decision::Decline { states: states(&["FRA"]), call: None },
            "France will send no input, and is not reminded.",
        ),
        (
            "M-000003",
            Decision::Withdraw { of: Some(of()) },
            "M-000003 is the notice by which GCM-ECE-2020-0001 is taken back.\nFor Norway, on the roster of the call.\nAll that was received before 2020-09-07 09:22 CEST is taken back from GCM-ECE-2020-0001, filed for Norway; nothing is deleted.\nNorway: “under query” before, “possibly received” from now on.",
        ),
        ("GCM-ECE-2020-0002", Decision::Withdraw { of: None }, "Sweden: “received” before, “withdrawn” from now on."),
        ("Sweden", Decision::Withdraw { of: None }, "from GCM-ECE-2020-0002, filed for Sweden; nothing is deleted."),
        ("M-000003", more(&["FRA"]), "France has time until 2020-10-09 12:00 CEST, on the authority of the Bureau."),
        ("GCM-ECE-2020-0002", more(&[]), "Sweden has time until 2020-10-09 12:00 CEST"),
        ("France", more(&[]), "France has time until 2020-10-09 12:00 CEST"),
        ("FRA", announce(&[]), "France: “nothing received” before, “announced” from now on."),
        (
            "France",
            Decision::Decline { states: Vec::new(), call: None },
            "France: “nothing received” before, “declined” from now on.",
        ),
        ("M-000003", Decision::NotAnInput { unrelated: false }, "M-000003 is no input."),
        ("M-000003", Decision::NotAnInput { unrelated: true }, "It is confirmed as unrelated."),
        (
            "M-000002",
            Decision::UnreadableButOurs { states: Vec::new(), call: None },
            "M-000002 stays GCM-ECE-2020-0001, version 2.",
        ),
        (
            "M-000002",
            Decision::UnreadableButOurs { states: states(&["FRA"]), call: None },
            "M-000002 is GCM-ECE-2020-0003, version 1, received on time. Nobody has read it.",
        ),
        ("M-000003", Decision::AskSender, "The query to somebody@mail.test leaves"),
    ]
}

/// The house of [`every_act`].
async fn house(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let revised =
        Mail::from(MINISTRY).subject("Norway: revised input, regional review of the GCM").cut("a revised text");
    let sweden =
        Mail::from("Ministry <post@foreign.ministry.se>").document("Sweden: contribution to the regional review");
    for mail in [norway("whole"), revised, undecided("one"), undecided("another"), sweden] {
        stage.deliver(&format!("{}.mail", stage.clock.now().as_second()), &mail.raw(), stage.clock.now());
        stage.wait(11).await;
    }
    let log: Vec<_> = stage.log().await.into_iter().map(|line| (line.reference, line.version)).collect();
    let line = |reference: &str, version| (Some(reference.to_owned()), Some(version));
    let [one, two] = ["GCM-ECE-2020-0001", "GCM-ECE-2020-0002"];
    if log[4] == (None, None) {
        decide(&stage, "M-000005", &assign(&["SWE"])).await;
        stage.wait(60).await;
    } else {
        assert_eq!(log, [line(one, 1), line(one, 2), (None, None), (None, None), line(two, 1)]);
    }
    stage
}

both!(every_act_is_as_it_was_tried_and_leaves_nothing_once_it_is_taken_back, async |db: Database| {
    let mut stage = house(db).await;
    let mut wrong = Vec::new();
    for (on, decision, sentence) in every_act() {
        let before = seen(&stage).await;
        let tried = stage.desk().decide(on, &order(&decision), &person("desk"), Mode::Show).await;
        let tried = tried.unwrap_or_else(|why| panic!("{on} {decision:?}: {why}"));
        if !tried.said.join("\n").contains(sentence) {
            wrong.push(format!("{on} {decision:?}: {sentence}: {:#?}", tried.said));
        }
        same(&before, &seen(&stage).await, &format!("{decision:?} was only tried"));
        let taken = decide(&stage, on, &decision).await;
        assert_eq!(taken, tried, "{decision:?}");
        if decision != Decision::AskSender {
            assert_ne!(seen(&stage).await, before, "{decision:?} changes something");
        }
        if let Some(number) = on.strip_prefix("M-") {
            assert_eq!(on_record(&stage, number.parse().unwrap()).await, taken.said, "{decision:?}");
        }
        projections_are_the_fold(&stage).await;
        stage.wait(1).await;
        let undone = said(&stage, on, &Decision::Undo).await;
        assert!(undone.starts_with("Taken back (for a reason): "), "{undone}");
        same(&before, &seen(&stage).await, &format!("{decision:?} was taken back"));
        projections_are_the_fold(&stage).await;
        if !["Sweden", "GCM-ECE-2020-0002", "M-000005"].contains(&on) {
            assert!(refused(&stage, on, &Decision::Undo).await.contains("stands: the last one was taken back by desk"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});

both!(a_later_decision_ends_what_an_earlier_one_had_a_state_say_or_take_back, async |db: Database| {
    let stage = house(db).await;
    let begun = seen(&stage).await;
    let announce = Decision::Announce { states: vec![iso3("FRA")], day: Some(date(2020, 10, 5)), call: None };
    decide(&stage, "M-000003", &announce).await;
    assert_eq!(status(&stage, "FRA").await, Status::Announced);
    let announced = seen(&stage).await;
    decide(&stage, "M-000003", &Decision::NotAnInput { unrelated: false }).await;
    assert_eq!(status(&stage, "FRA").await, Status::NothingReceived, "nobody has announced anything");
    decide(&stage, "M-000003", &Decision::Undo).await;
    same(&announced, &seen(&stage).await, "it is announced again");
    decide(&stage, "M-000003", &Decision::Undo).await;
    same(&begun, &seen(&stage).await, "as it began");

    let of = || "GCM-ECE-2020-0001".to_owned();
    decide(&stage, "M-000003", &Decision::Withdraw { of: Some(of()) }).await;
    let back = seen(&stage).await;
    decide(&stage, "M-000003", &Decision::VersionOf { of: of() }).await;
    assert_eq!(status(&stage, "NOR").await, Status::Corrected, "nothing is taken back");
    let letters = stage.desk().letters().await.unwrap().into_iter().map(Result::unwrap);
    let withdrawn: Vec<_> = letters.filter(|letter| letter.kind == LetterKind::Withdrawn).collect();
    assert_eq!(withdrawn.iter().map(|letter| letter.state).collect::<Vec<_>>(), [LetterState::Discarded]);
    projections_are_the_fold(&stage).await;
    decide(&stage, "M-000003", &Decision::Undo).await;
    same(&back, &seen(&stage).await, "it is taken back again");
    decide(&stage, "M-000003", &Decision::Undo).await;
    same(&begun, &seen(&stage).await, "as it began");
    projections_are_the_fold(&stage).await;
});

both!(of_what_has_a_readable_copy_nobody_asks_whether_it_can_be_read, async |db: Database| {
    let stage = house(db).await;
    let asked = async || stage.entry("M-000002").await.items[0].waiting.clone();
    let before = asked().await;
    assert!(before.is_some());
    decide(&stage, "M-000003", &Decision::RenditionOf { of: "GCM-ECE-2020-0001".to_owned(), version: None }).await;
    assert_eq!(asked().await, None, "its copy is there");
    decide(&stage, "M-000003", &Decision::Undo).await;
    assert_eq!(asked().await, before);
});

both!(who_decides_as_the_question_proposes_need_not_name_it_again, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let mail = |says: &str| Mail::from(MINISTRY).subject("Norway: regional review of the GCM").body(says);
    stage.deliver("1", &mail("Norway will submit its written input by 5 October 2020.").raw(), stage.clock.now());
    stage.wait(1).await;
    let told = said(&stage, "M-000001", &Decision::Announce { states: Vec::new(), day: None, call: None }).await;
    assert!(told.starts_with("Norway will send an input by 5 October 2020"), "{told}");
    stage.deliver("2", &norway("whole").raw(), stage.clock.now());
    stage.wait(1).await;
    let back = mail("Please consider our input of 7 September null and void.");
    stage.deliver("3", &back.raw(), stage.clock.now());
    stage.wait(1).await;
    let told = said(&stage, "M-000003", &Decision::Withdraw { of: None }).await;
    assert!(told.contains("M-000003 is the notice by which GCM-ECE-2020-0001 is taken back."), "{told}");
    assert_eq!(status(&stage, "NOR").await, Status::Withdrawn);
});

both!(what_makes_no_sense_is_refused_with_a_sentence, async |db: Database| {
    let mut stage = house(db).await;
    let of = || "GCM-ECE-2020-0001".to_owned();
    let annex = |of: &str| Decision::AdditionTo { of: of.to_owned(), kind: AdditionKind::Annex, version: None };
    let more = |until: &str| Decision::Extend {
        states: Vec::new(),
        until: until.parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    };
    let decline =
        |codes: &[&str]| Decision::Decline { states: codes.iter().map(|code| iso3(code)).collect(), call: None };
    let unreadable = |codes: &[&str]| Decision::UnreadableButOurs {
        states: codes.iter().map(|code| iso3(code)).collect(),
        call: None,
    };
    for (on, decision, why) in [
        (
            "M-000001",
            Decision::DuplicateOf { of: "M-000001".to_owned() },
            "M-000001 cannot be decided on by what it is itself",
        ),
        ("M-000003", Decision::DuplicateOf { of: "M-000004".to_owned() }, "M-000004 is not filed"),
        ("M-000003", annex("GCM-ECE-2020-0099"), "There is no entry GCM-ECE-2020-0099"),
        ("M-000005", annex("GCM-ECE-2020-0002"), "No version of GCM-ECE-2020-0002 stands beside it"),
        (
            "M-000003",
            Decision::RenditionOf { of: "GCM-ECE-2020-0002".to_owned(), version: None },
            "Every version of GCM-ECE-2020-0002 could be read",
        ),
        ("M-000003", Decision::RenditionOf { of: of(), version: Some(9) }, "GCM-ECE-2020-0001 has no version 9."),
        ("M-000003", Decision::Withdraw { of: None }, "M-000003 is not filed"),
        ("France", Decision::Withdraw { of: None }, "Nothing is filed for France."),
        ("M-000003", decline(&[]), "Name the states: M-000003 does not stand filed for any."),
        ("M-000003", decline(&["JPN"]), "Japan is not on the roster of the call"),
        ("France", decline(&["DEU"]), "It is decided on France: name no other."),
        ("France", annex(&of()), "That is decided on a message, not on France"),
        ("France", Decision::Undo, "Nobody has decided about France; there is nothing to take back."),
        ("France", more("2020-09-30"), "2020-10-01 00:00 CEST is no later than the deadline"),
        ("M-000003", unreadable(&["FRA"]), "M-000003 could be read: assign it."),
        ("M-000003", unreadable(&[]), "Name the states"),
        ("M-000001", Decision::AskSender, "M-000001 is filed and could be read"),
        ("Ruritania", decline(&[]), "“Ruritania” is no state that the tables know"),
    ] {
        let refused = refused(&stage, on, &decision).await;
        assert!(refused.contains(why), "{on} {decision:?}: {refused}");
    }
    let silent = order(&Decision::AskSender).without_letter();
    let refused_letter = stage.desk().decide("M-000003", &silent, &person("desk"), Mode::Do).await;
    assert!(matches!(refused_letter, Err(DeskError::Refused(why)) if why.contains("leave out --no-letter")));

    decide(&stage, "France", &decline(&[])).await;
    assert!(refused(&stage, "FRA", &decline(&[])).await.contains("France has said so before, and that stands."));
    decide(&stage, "France", &more("2020-10-09T12:00")).await;
    let shorter = refused(&stage, "France", &more("2020-10-08")).await;
    assert!(shorter.contains("France has time until 2020-10-09 12:00 CEST already"), "{shorter}");
    decide(&stage, "Sweden", &Decision::Withdraw { of: None }).await;
    assert!(refused(&stage, "Sweden", &Decision::Withdraw { of: None }).await.contains("Nothing is filed for Sweden."));
    let again = refused(&stage, "GCM-ECE-2020-0002", &Decision::Withdraw { of: None }).await;
    assert!(again.contains("Nothing of GCM-ECE-2020-0002 stands that could be taken back."), "{again}");
    decide(&stage, "M-000004", &assign(&["FRA", "DEU"])).await;
    let together = refused(&stage, "France", &Decision::Withdraw { of: None }).await;
    assert!(together.contains("is of France, Germany together, and one of them cannot take it back"), "{together}");
    decide(&stage, "M-000003", &Decision::AskSender).await;
    stage.wait(5).await;
    let asked = refused(&stage, "M-000003", &Decision::AskSender).await;
    assert!(asked.contains("The sender of M-000003 cannot be asked: The query has left already"), "{asked}");
});

both!(who_has_said_what_becomes_of_its_input_is_not_reminded, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    let people = "iso3,name,address,language,from,until\nITA,,a@interno.it,,,\nNLD,,b@minbuza.nl,,,\nFIN,,c@formin.fi,,,\n\
                  NOR,,d@mfa.no,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    stage.deliver("1.input", &norway("whole").raw(), stage.clock.now());
    let note = Mail::from(PRIVATE).body("We will submit our contribution to the regional review by 5 October.");
    stage.deliver("2.note", &note.raw(), stage.clock.now());
    stage.wait(1).await;
    let italy = || vec![iso3("ITA")];
    decide(&stage, "M-000002", &Decision::Announce { states: italy(), day: Some(date(2020, 10, 5)), call: None }).await;
    decide(&stage, "Netherlands", &Decision::Decline { states: Vec::new(), call: None }).await;
    decide(&stage, "NOR", &Decision::Withdraw { of: None }).await;
    stage.until(at("2020-09-28T10:00:00+02:00")).await;
    let why = async |stage: &Stage| {
        let steps = pipeline::remind(stage.instance(), true).await.unwrap();
        let lines = steps.into_iter().flat_map(|step| step.lines);
        let line = |code: &str, lines: &[pipeline::ReminderLine]| {
            lines.iter().find(|line| line.iso3.as_str() == code).unwrap().left_out.clone()
        };
        let lines: Vec<_> = lines.collect();
        ["ITA", "NLD", "NOR", "FIN"].map(|code| line(code, &lines))
    };
    let left_out = |why: &str| Some(why.to_owned());
    assert_eq!(
        why(&stage).await,
        [
            left_out("it has announced its input by 2020-10-05"),
            left_out("it has said that it will send no input"),
            left_out("it has taken its input back"),
            None
        ]
    );
    for on in ["M-000002", "NLD"] {
        decide(&stage, on, &Decision::Undo).await;
    }
    decide(&stage, "M-000002", &Decision::Correspondence { answered: None, of: None }).await;
    assert_eq!(why(&stage).await, [None, None, left_out("it has taken its input back"), None]);
});

both!(a_letter_of_another_item_is_not_lost_by_a_decision, async |db: Database| {
    let mut stage = house(db).await;
    // What had been decided and not left is decided again, by whatever is decided on the message beside it.
    decide(&stage, "M-000003", &assign(&["FRA"])).await;
    let more = Decision::Extend {
        states: Vec::new(),
        until: "2020-10-09".parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    };
    let decided = decide(&stage, "M-000003", &more).await;
    let to = decided.consequences.unwrap();
    assert!(matches!(to.letter, LetterThen::Leaves { letter: LetterKind::Acknowledgement, .. }), "{to:?}");
    assert_eq!(to.filed.unwrap().place, Place::Version.word());
    stage.wait(10).await;
    assert!(stage.posted().values().any(|letter| letter.body.contains("GCM-ECE-2020-0003")));

    // And none is sent where none is wished.
    let order = order(&assign(&["DEU"])).without_letter();
    let said = stage.desk().decide("M-000004", &order, &person("desk"), Mode::Do).await.unwrap().said.join("\n");
    assert!(said.ends_with("Not answered: a person decided so."), "{said}");
    let posted = stage.posted().len();
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), posted);
    assert_eq!(stage.entry("M-000004").await.answer.as_deref(), Some("Not answered: a person decided so."));
});
