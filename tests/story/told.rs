//! What letters tell of acts, and what becomes of a letter that something has overtaken.

use docket::{
    config::Shipped,
    core::{
        decision::{Decision, LetterThen, Order},
        judging::silence::Silence,
        letter_kind::LetterKind,
    },
    desk::{Decided, Mode, NewDeadline},
};
use jiff::SignedDuration;

use super::{
    decisions::iso3,
    mail::Mail,
    stage::{CALL, Stage, person},
};
use crate::fixture::{Database, both};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";
const FOCAL_POINTS: &str = "iso3,name,address,language,from,until\nNOR,Ms Ada Nor,focal@mfa.no,fr,,\n";

fn norway(text: &str) -> Mail {
    Mail::from(MINISTRY).document(&format!("Norway: contribution to the regional review, {text}"))
}

fn extend(until: &str) -> Decision {
    Decision::Extend {
        states: Vec::new(),
        until: until.parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    }
}

fn assign(code: &str) -> Decision {
    Decision::Assign { states: vec![iso3(code)], call: None, known_sender: false }
}

async fn decide(stage: &Stage, on: &str, decision: Decision) -> Decided {
    let order = Order::new(decision, "for a reason");
    stage.desk().decide(on, &order, &person("desk"), Mode::Do).await.unwrap_or_else(|why| panic!("{on}: {why}"))
}

/// What is told of an act.
async fn told(stage: &Stage, on: &str, decision: Decision) -> LetterThen {
    decide(stage, on, decision).await.consequences.expect("it comes to something").act_letter
}

/// The newest letter that left, on one line.
fn last(stage: &Stage) -> String {
    let posted = stage.posted();
    let (_, letter) = posted.last_key_value().expect("a letter left");
    in_one_line(&letter.body)
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a person is asked about an entry.
async fn asked(stage: &Stage, number: &str) -> String {
    stage.entry(number).await.items[0].waiting.clone().unwrap_or_default()
}

async fn office(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    stage.desk().import_focal_points(FOCAL_POINTS).await.unwrap();
    stage.deliver("1.input", &norway("whole").raw(), stage.clock.now());
    stage.wait(11).await;
    assert_eq!(stage.posted().len(), 1);
    stage
}

both!(whoever_asks_for_more_time_is_told_that_it_is_granted, async |db: Database| {
    let mut stage = office(db).await;
    let leaves = told(&stage, "M-000001", extend("2020-10-09")).await;
    let to = "post@mfa.no".to_owned();
    let window = SignedDuration::try_from(stage.instance().config.letters.undo_window).unwrap();
    let due = stage.clock.now().checked_add(window).unwrap();
    assert_eq!(leaves, LetterThen::Leaves { letter: LetterKind::ExtensionGranted, to, at: due });
    // Another decision on the message stops its receipts, and not what tells of an act.
    decide(&stage, "M-000001", assign("NOR")).await;
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 2);
    let letter = last(&stage);
    assert!(letter.contains("Extended until: the end of 9 October 2020 (Geneva time)"), "{letter}");
    assert!(letter.contains("Intake number: M-000001") && letter.contains("Reference: GCM-ECE-2020-0001"), "{letter}");

    // Taken back in time it does not leave.
    told(&stage, "M-000001", extend("2020-10-12T12:00")).await;
    let undone = decide(&stage, "M-000001", Decision::Undo).await.said.join("\n");
    assert!(undone.contains("The letter about the extension had not left, and will not."), "{undone}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 2);
    // And none is sent where none is wished.
    let order = Order::new(extend("2020-10-12T12:00"), "for a reason").without_letter();
    let decided = stage.desk().decide("M-000001", &order, &person("desk"), Mode::Do).await.unwrap();
    assert_eq!(decided.consequences.unwrap().act_letter, LetterThen::None { why: Silence::NotWished });
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 2);
});

both!(a_state_is_told_of_its_extension_by_its_focal_point, async |db: Database| {
    let mut stage = office(db).await;
    assert_eq!(told(&stage, "France", extend("2020-10-09")).await, LetterThen::None { why: Silence::NoFocalPoint });
    let granted = told(&stage, "Norway", extend("2020-10-09")).await;
    assert!(matches!(granted, LetterThen::Leaves { ref to, .. } if to == "focal@mfa.no"), "{granted:?}");
    let undone = decide(&stage, "Norway", Decision::Undo).await.said.join("\n");
    assert!(undone.contains("The letter about the extension had not left, and will not."), "{undone}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 1);

    told(&stage, "Norway", extend("2020-10-09T12:00")).await;
    stage.wait(30).await;
    let letter = last(&stage);
    assert!(letter.starts_with("Ms Ada Nor, Le délai"), "{letter}");
    assert!(letter.contains("9 octobre 2020 à 12") && letter.contains("État : Norvège") | letter.contains("Norvège"));
    let undone = decide(&stage, "Norway", Decision::Undo).await.said.join("\n");
    assert!(undone.contains("left for focal@mfa.no") && undone.contains("cannot be called back"), "{undone}");
});

both!(what_is_taken_back_is_confirmed, async |db: Database| {
    let mut stage = office(db).await;
    let notice =
        Mail::from(MINISTRY).body("We withdraw our contribution to the regional review of the Global Compact.");
    stage.deliver("2.notice", &notice.raw(), stage.clock.now());
    stage.wait(1).await;
    let sent = stage.posted().len();
    let of = Some("GCM-ECE-2020-0001".to_owned());
    let leaves = told(&stage, "M-000002", Decision::Withdraw { of }).await;
    assert!(matches!(leaves, LetterThen::Leaves { letter: LetterKind::Withdrawn, .. }), "{leaves:?}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), sent + 1);
    let letter = last(&stage);
    assert!(letter.contains("Intake number: M-000002") && letter.contains("Reference: GCM-ECE-2020-0001"), "{letter}");
    assert!(letter.contains("has been withdrawn") && letter.contains("Norway"), "{letter}");
});

async fn moved(stage: &Stage, day: &str, mode: Mode) -> String {
    let new = NewDeadline {
        day: day.parse().unwrap(),
        time: None,
        zone: None,
        grace_minutes: None,
        authority: "the Bureau".to_owned(),
        reason: "floods".to_owned(),
        tell: true,
    };
    stage.desk().move_deadline(CALL, &new, &person("desk"), mode).await.unwrap().join("\n")
}

both!(states_are_told_of_another_deadline_once, async |db: Database| {
    let mut stage = office(db).await;
    let swiss = Mail::from("Mission <mission@eda.admin.ch>").document("Switzerland: contribution");
    stage.deliver("2.swiss", &swiss.raw(), stage.clock.now());
    stage.wait(11).await;
    let sent = stage.posted().len();
    let shown = moved(&stage, "2020-10-09", Mode::Show).await;
    let letters = async |stage: &Stage| {
        stage.number("SELECT COUNT(*) FROM letter WHERE kind = 'deadline_moved' AND state = 'waiting'").await
    };
    assert_eq!(letters(&stage).await, 0, "it was only shown");
    assert_eq!(moved(&stage, "2020-10-09", Mode::Do).await, shown);
    let told = "States that a letter tells, not before 2020-09-07 09:24: 2. Norway, Switzerland.";
    assert!(shown.contains(told), "{shown}");
    assert!(
        shown.contains(", France, ") && shown.contains(": the list of people has no focal point of the state."),
        "{shown}"
    );
    assert_eq!(letters(&stage).await, 2);

    // Moved again before they leave, they do not, and others do.
    let again = moved(&stage, "2020-10-12", Mode::Do).await;
    assert!(
        again.contains("Letters that told of the deadline of before and had not left, and will not: 2."),
        "{again}"
    );
    assert_eq!(letters(&stage).await, 2);
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), sent + 2);
    let posted = stage.posted();
    let bodies: Vec<String> = posted.values().map(|letter| in_one_line(&letter.body)).collect();
    let day = ["12 October 2020", "12 octobre 2020"];
    let new: Vec<&String> = bodies.iter().filter(|body| day.iter().any(|day| body.contains(day))).collect();
    assert_eq!(new.len(), 2, "{bodies:?}");
    assert!(new.iter().any(|body| body.contains("Nouvelle date limite")), "{bodies:?}");
});

both!(a_state_with_more_time_is_not_told_of_another_deadline, async |db: Database| {
    let mut stage = office(db).await;
    decide(&stage, "Norway", extend("2020-10-30")).await;
    stage.wait(30).await;
    let sent = stage.posted().len();
    let said = moved(&stage, "2020-10-09", Mode::Do).await;
    assert!(said.contains("Norway: an extension gives the state more time, and stays in force."), "{said}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), sent);
    // Beyond its own it is as for all.
    let said = moved(&stage, "2020-11-09", Mode::Do).await;
    assert!(said.contains(": 1. Norway."), "{said}");
});

both!(letters_about_a_deadline_are_held_where_an_address_has_had_too_many, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-07T09:00:00+02:00", Shipped::embedded(), |config| {
        config.letters.cap_hour = 1;
    })
    .await;
    stage.desk().import_focal_points(FOCAL_POINTS).await.unwrap();
    let said = moved(&stage, "2020-10-09", Mode::Do).await;
    assert!(said.contains(": 1. Norway."), "{said}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 1);
    let said = moved(&stage, "2020-10-12", Mode::Do).await;
    assert!(
        said.contains("No letter tells it to a state by itself.\nLetters that are held for a person: 1."),
        "{said}"
    );
    assert!(said.contains("Norway: "), "{said}");
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), 1);
});

both!(a_letter_that_is_overtaken_asks_a_person, async |db: Database| {
    let mut stage = office(db).await;
    stage.deliver(
        "2.input",
        &norway("revised").subject("Norway: revised input, regional review of the GCM").raw(),
        stage.clock.now(),
    );
    stage.wait(30).await;
    if stage.entry("M-000002").await.items[0].reference.is_none() {
        decide(&stage, "M-000002", assign("NOR")).await;
        stage.wait(30).await;
    }
    assert!(last(&stage).contains("version 2, which replaces version 1"), "{}", last(&stage));
    let sent = stage.posted().len();
    assert_eq!(asked(&stage, "M-000002").await, "");

    let without_letter = async |stage: &Stage| {
        let order = Order::new(Decision::NotAnInput { unrelated: false }, "for a reason").without_letter();
        stage.desk().decide("M-000001", &order, &person("desk"), Mode::Do).await.unwrap();
    };
    without_letter(&stage).await;
    let question = asked(&stage, "M-000002").await;
    assert!(question.contains("named another version of GCM-ECE-2020-0001 that is none any more"), "{question}");
    decide(&stage, "M-000001", Decision::Undo).await;
    assert_eq!(asked(&stage, "M-000002").await, "", "it is there again");

    without_letter(&stage).await;
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), sent, "no letter goes by itself");
    decide(&stage, "M-000002", assign("NOR")).await;
    stage.wait(30).await;
    assert_eq!((stage.posted().len(), asked(&stage, "M-000002").await), (sent + 1, String::new()));
    let letter = last(&stage);
    assert!(letter.contains("This receipt replaces the one of") && !letter.contains("which replaces"), "{letter}");
    decide(&stage, "M-000002", assign("NOR")).await;
    stage.wait(30).await;
    assert_eq!(stage.posted().len(), sent + 1, "and once");
});

both!(a_colleagues_forward_that_registers_asks_whether_the_state_knows, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    let forward = "---------- Forwarded message ---------\nFrom: Ministry of Foreign Affairs <post@mfa.no>\nDate: Mon, 7 Sep 2020 \
                   08:00:00 +0200\nSubject: Norway: contribution to the regional review\nTo: Paul <paul@unece.org>\n\nPlease \
                   find our contribution attached.\n";
    let forward = Mail::from("Paul <paul@unece.org>")
        .subject("Fwd: Norway: contribution to the regional review")
        .body(forward)
        .document("Norway: contribution to the regional review, whole");
    stage.deliver("1.forward", &forward.raw(), stage.clock.now());
    stage.wait(30).await;
    let entry = stage.entry("M-000001").await;
    assert_eq!(entry.items[0].reference.as_deref(), Some("GCM-ECE-2020-0001"));
    let question = asked(&stage, "M-000001").await;
    assert!(question.contains("Has Norway been told?"), "{question}");
    assert_eq!(stage.posted().len(), 0);
    decide(&stage, "M-000001", assign("NOR")).await;
    stage.wait(30).await;
    assert_eq!((asked(&stage, "M-000001").await, stage.posted().len()), (String::new(), 0));
    // What only repeats what the state has sent itself asks nothing.
    stage.deliver("2.input", &norway("another text").raw(), stage.clock.now());
    stage.wait(30).await;
    let again = Mail::from("Paul <paul@unece.org>")
        .subject("Fwd: Norway: contribution to the regional review")
        .document("Norway: contribution to the regional review, another text");
    stage.deliver("3.again", &again.raw(), stage.clock.now());
    stage.wait(30).await;
    assert!(!asked(&stage, "M-000003").await.contains("been told"), "{}", asked(&stage, "M-000003").await);
});

both!(who_is_no_state_gets_a_receipt_without_contradiction, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-07T09:00:00+02:00").await;
    for (n, from) in ["NGO <post@ngo.example>", "European Commission <home@ec.europa.eu>"].into_iter().enumerate() {
        let mail = Mail::from(from).document(&format!("Our input to the regional review, number {n}"));
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(30).await;
        let entry = stage.entry(&format!("M-{:06}", n + 1)).await;
        let letter = last(&stage);
        assert_eq!(stage.posted().len(), n + 1);
        let (filed, asked) = (entry.items[0].reference.is_some(), entry.items[0].waiting.is_some());
        assert_eq!(letter.contains("registered under the reference below"), filed, "{letter}");
        assert_eq!(letter.contains("Reference: GCM-ECE-2020-"), filed, "{letter}");
        assert_eq!(letter.contains("will look at it"), asked && !filed, "{letter}");
    }
    assert!(stage.entry("M-000001").await.items[0].reference.is_some(), "an organisation’s is registered");
});
