//! What leaves once sending is resumed, and when; and what is not done while it is stopped.

use std::time::Duration;

use docket::{
    config::Shipped,
    core::{
        decision::{Decision, Order},
        role::Role,
    },
    desk::{DeskError, Mode},
    pipeline::remind,
};
use jiff::SignedDuration;

use super::stage::{ADDRESS, Sample, Stage, person};
use crate::fixture::{
    Database, both,
    browser::Browser,
    intake::{document, mail_to},
};

const NOW: &str = "2020-09-01T09:00:00+02:00";

both!(a_letter_waits_after_a_stop_as_long_as_it_still_had_to, async |db: Database| {
    let window = |config: &mut docket::config::Config| config.letters.undo_window = Duration::from_mins(10);
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), window).await;
    stage.play(&Sample::some(&["15"])).await;
    let decide = async |stage: &Stage, decision| {
        let order = Order::new(decision, "why it is so");
        stage.desk().decide("M-000001", &order, &person("Officer A"), Mode::Do).await.unwrap();
    };
    let assign = |iso3: &str| Decision::Assign { states: vec![iso3.parse().unwrap()], call: None, known_sender: false };
    let waits = async |stage: &Stage| {
        let shown = stage.desk().would_leave().await.unwrap().expect("sending is stopped");
        let [letter] = &shown.leaves[..] else { panic!("{shown:?}") };
        letter.not_before.duration_since(shown.now).as_mins()
    };
    decide(&stage, assign("ROU")).await;
    stage.clock.move_to(stage.clock.now() + SignedDuration::from_mins(4));
    stage.desk().stop_sending("why", &person("Officer C")).await.unwrap();
    stage.clock.move_to(stage.clock.now() + SignedDuration::from_hours(30));
    assert_eq!(waits(&stage).await, 6, "what was left of the window when it was stopped");
    decide(&stage, Decision::Undo).await;
    decide(&stage, assign("MDA")).await;
    stage.clock.move_to(stage.clock.now() + SignedDuration::from_hours(30));
    assert_eq!(waits(&stage).await, 10, "what was decided while it was stopped has the whole window");
    let shown = stage.desk().would_leave().await.unwrap();
    assert_eq!(Some(stage.desk().resume_sending(&person("x")).await.unwrap()), shown, "what leaves is what was shown");
    let before = stage.posted().len();
    stage.wait(9).await;
    assert_eq!(stage.posted().len(), before, "it can still be undone");
    stage.wait(2).await;
    assert_eq!(stage.posted().len(), before + 1);
});

both!(no_address_gets_more_after_a_stop_than_the_caps_allow, async |db: Database| {
    let caps = |config: &mut docket::config::Config| config.letters.cap_hour = 2;
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), caps).await;
    stage.desk().stop_sending("why", &person("Officer C")).await.unwrap();
    for n in 0..6 {
        let raw = mail_to(
            ADDRESS,
            &format!("mail-{n}"),
            "Ministry <post@mfa.no>",
            "Norway: input",
            &[("input.docx", &document(40 + n))],
        );
        stage.deliver(&format!("mail-{n}.mail"), &raw, stage.clock.now());
        stage.work().await;
        stage.wait(31).await;
    }
    let shown = stage.desk().would_leave().await.unwrap().expect("sending is stopped");
    let hours: Vec<i64> =
        shown.leaves.iter().map(|letter| letter.not_before.duration_since(shown.now).as_hours()).collect();
    assert!(hours.len() > 4, "{shown:?}");
    let expected: Vec<i64> = (0..).map(|n| n / 2).take(hours.len()).collect();
    assert_eq!(hours, expected, "two an hour");
    let said = shown.in_words().join(" ");
    assert!(said.contains(&format!("{} letters leave, 2 of them at once", hours.len())), "{said}");
    stage.desk().resume_sending(&person("x")).await.unwrap();
    stage.work().await;
    assert_eq!(stage.posted().len(), 2);
    stage.wait(60 * 24).await;
    assert_eq!(stage.posted().len(), hours.len(), "all leave in the end");
});

both!(what_a_cap_holds_is_named_and_stays_held, async |db: Database| {
    let caps = |config: &mut docket::config::Config| config.letters.cap_hour = 1;
    let mut stage = Stage::set_with(db, NOW, Shipped::embedded(), caps).await;
    stage.desk().stop_sending("why", &person("Officer C")).await.unwrap();
    for n in 0..3 {
        let input = document(40 + n);
        let raw =
            mail_to(ADDRESS, &format!("mail-{n}"), "Ministry <post@mfa.no>", "Norway: input", &[("i.docx", &input)]);
        stage.deliver(&format!("mail-{n}.mail"), &raw, stage.clock.now());
        stage.work().await;
    }
    let shown = stage.desk().would_leave().await.unwrap().expect("sending is stopped");
    let said = shown.in_words().join(" ");
    assert!(said.contains("held for a person: a cap on letters was reached (cap)."), "{said}");
    stage.desk().resume_sending(&person("x")).await.unwrap();
    stage.wait(60 * 24).await;
    assert_eq!(stage.posted().len(), shown.leaves.len(), "what is held stays so");
});

both!(no_reminder_is_made_while_sending_is_stopped, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-23T09:30:00+02:00").await;
    let list = "iso3,name,address,language,from,until\nNOR,Ola,ola@mfa.example.no,en,2020-01-01,\n";
    stage.desk().import_focal_points(list).await.unwrap();
    let made = |all: &[docket::pipeline::Reminders]| {
        all.iter().flat_map(|step| &step.lines).filter(|line| line.letter.is_some()).count()
    };
    assert_eq!(made(&remind(stage.instance(), true).await.unwrap()), 1, "one is due");
    stage.desk().stop_sending("why", &person("Officer C")).await.unwrap();
    assert!(remind(stage.instance(), false).await.unwrap().is_empty());
    assert!(stage.letters().await.is_empty(), "none is made");
    stage.desk().resume_sending(&person("x")).await.unwrap();
    assert_eq!(made(&remind(stage.instance(), false).await.unwrap()), 1);
    stage.work().await;
    assert_eq!(stage.posted().len(), 1, "it is made and leaves");
});

both!(whoever_resumes_is_shown_what_leaves_and_ends_no_other_stop, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let mut browsers = Vec::new();
    for (name, role) in [("Officer C", Role::Officer), ("Vera", Role::Viewer)] {
        let secret = stage.desk().add_account(name, role, &person("root")).await.unwrap();
        let mut browser = Browser::before(&stage.shared_instance());
        browser.enter(name, secret.shown()).await;
        browsers.push(browser);
    }
    let [officer, viewer] = &mut browsers[..] else { panic!() };
    stage.desk().stop_sending("why", &person("Officer D")).await.unwrap();
    let scene = Sample::some(&["01"]).remove(0);
    stage.deliver("1.mail", &scene.raw(), stage.clock.now());
    stage.work().await;
    let page = officer.get("/stop").await.body;
    let (sentence, button) = (page.find("1 letter leaves at once."), page.find(">Resume sending</button>"));
    assert!(sentence.is_some() && sentence < button, "{page}");
    assert!(page.contains("href=\"/letters/1\">L-000001</a><span class=\"s\">M-000001</span>"), "{page}");
    assert!(page.contains("<h2>Receipts that name the state <span class=\"n\">1</span></h2>"), "{page}");
    let bar = viewer.get("/").await.body;
    assert!(
        bar.contains("Sending is stopped") && !bar.contains("href=\"/stop\""),
        "who cannot resume is not led there"
    );
    // It was resumed and stopped again since the page was shown.
    stage.desk().resume_sending(&person("Officer D")).await.unwrap();
    stage.clock.move_to(stage.clock.now() + SignedDuration::from_secs(1));
    stage.desk().stop_sending("another matter", &person("Officer D")).await.unwrap();
    let got = officer.send("/stop", &[("do", "resume")]).await;
    assert!(got.status == 409 && got.body.contains("Officer D has stopped it again"), "{}", got.body);
    assert!(stage.desk().sending_stopped().await.unwrap().is_some(), "nothing was changed");
    let wrong = officer.send("/stop", &[("do", "resume"), ("since", "soon")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    officer.get("/stop").await;
    assert_eq!(officer.send("/stop", &[("do", "resume")]).await.status, 303);
});

both!(what_another_process_stopped_is_stopped_here, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let beside = stage.beside().await;
    beside.stop_sending("why", &person("Officer C")).await.unwrap();
    stage.play(&Sample::some(&["01"])).await;
    stage.wait(60 * 24).await;
    assert!(stage.posted().is_empty(), "it holds on every machine");
    let again = stage.desk().stop_sending("why", &person("Officer D")).await;
    assert!(matches!(again, Err(DeskError::Refused(said)) if said.contains("Officer C")));
    beside.resume_sending(&person("Officer D")).await.unwrap();
    stage.wait(10).await;
    assert_eq!(stage.posted().len(), 1);
});
