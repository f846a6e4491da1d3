//! Names of states: a letter, a reminder and a page say what a state was called on their day, in their language.

use docket::{
    core::{
        calls::call::ReminderStep,
        decision::{Decision, Order},
    },
    desk::Mode,
    pipeline,
};
use jiff::civil::date;

use super::{
    mail::Mail,
    stage::{Stage, at, person},
};
use crate::fixture::{Database, both};

/// A call around the day on which Turkey became Türkiye.
async fn stage(db: Database) -> Stage {
    let stage = Stage::set_with(db, "2022-05-30T12:00:00+02:00", docket::config::Shipped::embedded(), |config| {
        let call = &mut config.calls[0];
        call.issued = date(2022, 5, 1);
        call.deadline.day = date(2022, 6, 30);
        let step = |step: &str, days_before| ReminderStep { step: step.to_owned(), days_before, hour: 9 };
        call.reminders = vec![step("before", 30), step("after", 29)];
        config.mailboxes[0].acknowledge_since = Some(at("2022-05-01T00:00:00Z"));
    })
    .await;
    let people = "iso3,name,address,language,from,until\nTUR,,a@goc.gov.tr,en,,\nNLD,,b@minbuza.nl,fr,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    stage
}

async fn reminder(stage: &mut Stage) -> String {
    let steps = pipeline::remind(stage.instance(), true).await.unwrap();
    let mut lines = steps.into_iter().flat_map(|step| step.lines).filter(|line| line.iso3.as_str() == "TUR");
    let (_, letter) = lines.next().and_then(|line| line.letter).expect("it is reminded");
    letter.subject + "\n" + &letter.body
}

async fn name(stage: &Stage) -> String {
    let register = stage.register(None).await;
    register.states.into_iter().find(|line| line.iso3.as_str() == "TUR").expect("it is on the roster").name
}

/// The acknowledgement of a new input of that state, in that language.
async fn acknowledged(stage: &mut Stage, name: &str, mail: &Mail) -> String {
    stage.deliver(name, &mail.raw(), stage.clock.now());
    stage.work().await;
    let posted = stage.posted();
    let letter = posted.values().last().expect("a letter has left").body.clone();
    assert_eq!(stage.log().await.last().unwrap().letters, ["acknowledgement: sent"]);
    letter
}

fn input(n: u32, language: &str) -> Mail {
    let mail = Mail::from("Ministry <input@mfa.gov.tr>");
    match language {
        "fr" => mail.body(
            "Madame, Monsieur, veuillez trouver en annexe la contribution de la Turquie à l’examen régional. Nous vous \
             prions de bien vouloir en accuser réception, et vous remercions de votre attention.",
        ),
        _ => mail.body(
            "Dear colleagues, please find attached the input of Turkey to the regional review. We would be grateful if \
             you could confirm that you have received it, and thank you for your attention.",
        ),
    }
    .document(&format!("Turkey: contribution {n}"))
}

both!(of_the_day_and_the_language, async |db: Database| {
    let mut stage = stage(db).await;
    assert_eq!(name(&stage).await, "Turkey");
    stage.until(at("2022-05-31T23:30:00+02:00")).await;
    let text = reminder(&mut stage).await;
    assert!(text.contains("Republic of Turkey") && !text.contains("Türkiye"), "{text}");
    let letter = acknowledged(&mut stage, "1.en", &input(1, "en")).await;
    assert!(letter.contains("Republic of Turkey") && !letter.contains("Türkiye"), "{letter}");
    let letter = acknowledged(&mut stage, "2.fr", &input(2, "fr")).await;
    assert!(letter.contains("République turque") && !letter.contains("Turkey"), "{letter}");

    // Half an hour later, as the zone of the call has it.
    stage.until(at("2022-06-01T00:00:01+02:00")).await;
    assert_eq!(name(&stage).await, "Türkiye");
    for number in ["M-000001", "M-000002"] {
        let order = Order::new(Decision::NotAnInput { unrelated: false }, "a draft").without_letter();
        stage.desk().decide(number, &order, &person("desk"), Mode::Do).await.unwrap();
    }
    let text = reminder(&mut stage).await;
    assert!(text.contains("Republic of Türkiye") && !text.contains("Turkey"), "{text}");
    let letter = acknowledged(&mut stage, "3.en", &input(3, "en")).await;
    assert!(letter.contains("Republic of Türkiye"), "{letter}");
    let letter = acknowledged(&mut stage, "4.fr", &input(4, "fr")).await;
    assert!(letter.contains("République de Türkiye"), "{letter}");
});
