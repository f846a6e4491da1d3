//! Reminders by several steps: each state once by a step, and never by two at a time.

use docket::{core::calls::call::ReminderStep, pipeline};

use super::stage::{Stage, at};
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
