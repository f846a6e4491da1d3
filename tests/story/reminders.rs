//! Reminders by several steps: each state once by a step, and never by two at a time.

use docket::{
    core::{
        calls::call::ReminderStep,
        decision::{Decision, Order},
    },
    desk::Mode,
    pipeline,
};

use super::stage::{Stage, at, person};
use crate::{
    fixture::{Database, both},
    whose::{refuse, refuse_no_more},
};

/// The states that are reminded now, by step.
async fn remind(stage: &mut Stage) -> Vec<(String, Vec<String>)> {
    let steps = pipeline::remind(stage.instance(), false).await.unwrap();
    stage.work().await;
    let reminded = steps.into_iter().map(|step| {
        let letters = step.lines.iter().filter(|line| line.letter.is_some());
        (step.step, letters.map(|line| line.iso3.to_string()).collect())
    });
    reminded.collect()
}

fn step(name: &str, states: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), states.iter().map(|&code| code.to_owned()).collect())
}

async fn stage(db: Database, now: &str) -> Stage {
    let stage = Stage::set_with(db, now, docket::config::Shipped::embedded(), |config| {
        let step = |step: &str, days_before| ReminderStep { step: step.to_owned(), days_before, hour: 9 };
        config.calls[0].reminders = vec![step("second", 7), step("first", 21)];
    })
    .await;
    let people = "iso3,name,address,language,from,until\nITA,,a@interno.it,,,\nNLD,,b@minbuza.nl,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    stage
}

both!(one_step_after_the_other, async |db: Database| {
    let mut stage = stage(db, "2020-09-09T08:59:59+02:00").await;
    assert_eq!(remind(&mut stage).await, []);
    stage.until(at("2020-09-09T09:00:00+02:00")).await;
    assert_eq!(remind(&mut stage).await, [step("first", &["ITA", "NLD"])]);
    stage.desk().import_focal_points("iso3,name,address,language,from,until\nFIN,,c@formin.fi,,,\n").await.unwrap();
    assert_eq!(remind(&mut stage).await, [step("first", &["FIN"])], "who became known since");
    stage.until(at("2020-09-23T09:00:00+02:00")).await;
    assert_eq!(remind(&mut stage).await, [step("second", &["FIN", "ITA", "NLD"])]);
    assert_eq!(remind(&mut stage).await, [step("second", &[])]);
    assert_eq!(stage.posted().len(), 6);
    stage.until(at("2020-10-01T00:00:00+02:00")).await;
    assert_eq!(remind(&mut stage).await, [], "the deadline is over");
});

both!(steps_that_fell_due_while_nobody_looked, async |db: Database| {
    let mut stage = stage(db, "2020-09-25T10:00:00+02:00").await;
    assert_eq!(remind(&mut stage).await, [step("second", &["ITA", "NLD"])], "one letter, not one for each step");
    stage.wait(60).await;
    assert_eq!(remind(&mut stage).await, [step("second", &[])]);
    assert_eq!(stage.posted().len(), 2);
});

both!(a_state_whose_letter_is_refused_is_left_out_and_the_others_are_reminded, async |db: Database| {
    let mut stage = stage(db, "2020-09-25T10:00:00+02:00").await;
    refuse(&stage.db, "INSERT", "letter", "NEW.iso3 = 'ITA'").await;
    let steps = pipeline::remind(stage.instance(), false).await.unwrap();
    let line = steps[0].lines.iter().find(|line| line.iso3.as_str() == "ITA").unwrap();
    let why = line.left_out.as_deref().unwrap();
    assert!(why.starts_with("its letter could not be decided: ") && why.contains("not this one"), "{why}");
    stage.work().await;
    assert_eq!(stage.posted().len(), 1, "the other leaves");
    refuse_no_more(&stage.db, "letter").await;
    assert_eq!(remind(&mut stage).await, [step("second", &["ITA"])], "once that is mended");
});

async fn decide(stage: &Stage, on: &str, decision: Decision) {
    let order = Order::new(decision, "for a reason");
    stage.desk().decide(on, &order, &person("desk"), Mode::Do).await.unwrap_or_else(|why| panic!("{on}: {why}"));
}

both!(a_reminder_that_is_due_no_more_does_not_leave, async |db: Database| {
    let mut stage = stage(db, "2020-09-25T10:00:00+02:00").await;
    pipeline::remind(stage.instance(), false).await.unwrap();
    decide(&stage, "Italy", Decision::Decline { states: Vec::new(), call: None }).await;
    stage.work().await;
    let posted = stage.posted();
    assert_eq!(posted.len(), 1, "the other leaves");
    assert!(posted.values().all(|letter| letter.body.contains("Netherlands")));
    let letters = stage.letters().await;
    let dropped = letters.iter().find(|letter| letter.iso3.is_some_and(|state| state.as_str() == "ITA")).unwrap();
    let why = "the state has said before it left that it will send no input";
    assert_eq!(dropped.reason.as_deref(), Some(why), "{dropped:?}");
    let ended = format!("SELECT COUNT(*) FROM event WHERE letter_id = {} AND kind = 'letter_ended'", dropped.id);
    assert_eq!(stage.number(&ended).await, 1);
});

both!(a_state_with_more_time_is_reminded_of_its_own, async |db: Database| {
    let mut stage = stage(db, "2020-09-22T10:00:00+02:00").await;
    let until = "2020-10-09".parse().unwrap();
    let authority = "the Bureau".to_owned();
    decide(&stage, "Italy", Decision::Extend { states: Vec::new(), until, authority, call: None }).await;
    stage.until(at("2020-09-23T09:00:00+02:00")).await;
    assert_eq!(remind(&mut stage).await, [step("second", &["NLD"]), step("first", &["ITA"])]);
    let posted = stage.posted();
    let body = |state: &str| {
        let found = posted.values().find(|letter| letter.body.contains("reminder") && letter.body.contains(state));
        found.unwrap().body.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(body("Netherlands").contains("the end of 30 September 2020"), "{}", body("Netherlands"));
    assert!(body("Ital").contains("the end of 9 October 2020 (Geneva time), which is in 16 days"), "{}", body("Ital"));
    stage.until(at("2020-10-02T09:00:00+02:00")).await;
    let lines = stage.register(None).await.states;
    let why = |code: &str| lines.iter().find(|line| line.iso3.as_str() == code).unwrap().why_not_reminded.clone();
    assert_eq!(why("NLD").as_deref(), Some("the deadline is over"));
    assert_ne!(why("ITA").as_deref(), Some("the deadline is over"));
    assert_eq!(remind(&mut stage).await, [step("second", &["ITA"])], "though the deadline of all is over");
});
