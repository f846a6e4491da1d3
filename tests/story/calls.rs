//! Two calls in one configuration, with a mailbox of their own each or one for both: neither disturbs the other.

use std::{fs, path::PathBuf};

use docket::{
    config::{Shipped, load_call},
    core::calls::{standing::Standing, status::Status},
    desk::{DeskError, view::LogFilter},
    pipeline,
};

use super::{
    mail::Mail,
    stage::{ADDRESS, CALL, Stage, at, mailbox, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const AGEING: &str = "ageing-2020";
const AGEING_ADDRESS: &str = "ageing@example.org";
const AGEING_TOML: &str = r#"
code = "ageing-2020"
reference = "AGE-2020"
contact = "ageing-contact@example.org"
issued = 2020-07-20
word_limit = 3000
roster = "escwa"
words = ["Madrid International Plan of Action on Ageing", "MIPAA"]

[deadline]
day = 2020-09-10
zone = "Asia/Beirut"
grace_minutes = 60

[title]
en = "Review of the Madrid International Plan of Action on Ageing"

[secretariat]
en = "ESCWA secretariat"

[[reminder]]
step = "only"
days_before = 2
hour = 9
"#;

/// The folder of a configuration with the second call in it.
fn shipped(db: &Database) -> Shipped {
    let folder: PathBuf = db.folder().join("config");
    fs::create_dir_all(folder.join("calls")).unwrap();
    fs::write(folder.join("calls/ageing-2020.toml"), AGEING_TOML).unwrap();
    Shipped::overridden_by(&folder)
}

/// A stage with both calls; `apart`: each has a mailbox of its own.
async fn stage(db: Database, apart: bool) -> Stage {
    let shipped = shipped(&db);
    let ageing = load_call(&shipped, AGEING).expect("the second call");
    let mailboxes = if apart {
        vec![mailbox(&db, "gcm", ADDRESS, &[CALL]), mailbox(&db, "ageing", AGEING_ADDRESS, &[AGEING])]
    } else {
        vec![mailbox(&db, "both", ADDRESS, &[CALL, AGEING])]
    };
    Stage::set_with(db, "2020-09-08T08:00:00+02:00", shipped, |config| {
        config.calls.push(ageing);
        config.mailboxes = mailboxes;
    })
    .await
}

async fn status(stage: &Stage, call: &str, code: &str) -> Option<Status> {
    let register = stage.register(Some(call)).await;
    register.states.iter().find(|line| line.iso3.as_str() == code).map(|line| line.status)
}

async fn numbers(stage: &Stage, call: &str) -> Vec<(String, Option<String>)> {
    let filter = LogFilter { call: Some(call.to_owned()), ..LogFilter::default() };
    let log = stage.desk().log(&filter).await.unwrap();
    log.into_iter().map(|line| (line.number, line.reference)).collect()
}

fn filed(number: &str, reference: &str) -> (String, Option<String>) {
    (number.to_owned(), Some(reference.to_owned()))
}

both!(one_mailbox_for_both, async |db: Database| {
    let mut stage = stage(db, false).await;
    let late = at("2020-09-20T10:00:00+02:00");
    let norway = Mail::from("Ministry <postmottak@jd.dep.no>").document("Norway on the Global Compact for Migration");
    let jordan = Mail::from("Ministry <intl@mosd.gov.jo>").subject("MIPAA review");
    let jordan = jordan.document("Jordan on the Madrid International Plan of Action on Ageing");
    let sweden = Mail::from("Ministry <registrator@gov.se>").subject("Our written input");
    let sweden = sweden.document("Sweden: written input");
    stage.deliver("1.norway", &norway.raw(), stage.clock.now());
    stage.deliver("2.jordan", &jordan.raw(), stage.clock.now());
    stage.deliver("3.sweden", &sweden.raw(), stage.clock.now());
    stage.work().await;
    let log = stage.log().await;
    assert_eq!(log[2].waiting.as_deref(), Some("Which call? It does not say which of the open calls it is for."));
    assert_eq!(log[2].reference, None);
    assert_eq!(stage.posted().len(), 2, "nobody is told of a call that may not be theirs");
    let undecided = ("M-000003".to_owned(), None);
    assert_eq!(numbers(&stage, CALL).await, [filed("M-000001", "GCM-ECE-2020-0001"), undecided.clone()]);
    assert_eq!(numbers(&stage, AGEING).await, [filed("M-000002", "AGE-2020-0001"), undecided], "in sight of both");

    let states = ["SWE".parse().unwrap()];
    let unsaid = stage.desk().assign("M-000003", &states, None, false, &person("desk"), "?").await;
    assert!(matches!(unsaid, Err(DeskError::Refused(ref why)) if why.contains("--call")), "{unsaid:?}");
    stage.desk().assign("M-000003", &states, Some(CALL), false, &person("desk"), "they telephoned").await.unwrap();
    stage.wait(10).await;
    assert_eq!(
        numbers(&stage, CALL).await,
        [filed("M-000001", "GCM-ECE-2020-0001"), filed("M-000003", "GCM-ECE-2020-0002")]
    );
    assert_eq!(numbers(&stage, AGEING).await, [filed("M-000002", "AGE-2020-0001")]);

    // An answer to a letter belongs to its call, whatever it says.
    let receipt = stage.posted().remove("L-000002.eml").unwrap();
    let answer = Mail::from("Ministry <intl@mosd.gov.jo>")
        .field(&format!("In-Reply-To: <{}>", receipt.message_id.unwrap()))
        .document("Jordan, corrected");
    stage.until(late).await;
    stage.deliver("4.jordan", &answer.raw(), late);
    let france = Mail::from("Ministry <contact@diplomatie.gouv.fr>").document("France on the GCM");
    stage.deliver("5.france", &france.raw(), late);
    stage.work().await;
    let log = stage.log().await;
    assert_eq!(
        (log[3].reference.as_deref(), log[3].version, log[3].standing),
        (Some("AGE-2020-0001"), Some(2), Some(Standing::Late))
    );
    assert_eq!(
        (log[4].reference.as_deref(), log[4].standing),
        (Some("GCM-ECE-2020-0003"), Some(Standing::OnTime)),
        "each call has its own deadline"
    );
    assert_eq!(status(&stage, CALL, "JOR").await, None, "no state of that roster");
    assert_eq!(status(&stage, AGEING, "JOR").await, Some(Status::Corrected));
    assert_eq!(status(&stage, CALL, "NOR").await, Some(Status::Received));
});

both!(a_mailbox_for_each, async |db: Database| {
    let mut stage = stage(db, true).await;
    stage
        .desk()
        .import_focal_points("iso3,name,address,language,from,until\nJOR,,intl@mosd.gov.jo,,,\nNOR,,nor@jd.dep.no,,,\n")
        .await
        .unwrap();
    // The mailbox says which call it is; the same message may come to both.
    let mail = Mail::from("Ministry <registrator@gov.se>").to(&format!("{ADDRESS}, {AGEING_ADDRESS}"));
    let mail = mail.subject("Our written input on the GCM and on MIPAA").document("Sweden: written input").raw();
    stage.deliver_to(0, "1.sweden", &mail, stage.clock.now());
    stage.deliver_to(1, "1.sweden", &mail, stage.clock.now());
    stage.work().await;
    assert_eq!(numbers(&stage, CALL).await, [filed("M-000001", "GCM-ECE-2020-0001")]);
    assert_eq!(numbers(&stage, AGEING).await, [filed("M-000002", "AGE-2020-0001")]);
    let posted = stage.posted();
    assert_eq!(posted.len(), 2);
    assert!(posted["L-000001.eml"].body.contains("Global Compact"));
    assert!(posted["L-000002.eml"].body.contains("Ageing"));

    stage.until(at("2020-09-08T09:00:00+03:00")).await;
    let reminders = pipeline::remind(stage.instance(), false).await.unwrap();
    assert_eq!(reminders.iter().map(|step| step.call.as_str()).collect::<Vec<_>>(), [AGEING], "the other is not due");
    let reminded: Vec<_> = reminders[0].lines.iter().filter(|line| line.letter.is_some()).collect();
    assert_eq!(reminded.iter().map(|line| line.iso3.as_str()).collect::<Vec<_>>(), ["JOR"]);
    stage.work().await;
    let letter = stage.posted().remove("L-000003.eml").unwrap();
    assert!(letter.body.contains(AGEING_ADDRESS), "it says where to write:\n{}", letter.body);
});

both!(two_mailboxes_for_one_call_answer_once, async |db: Database| {
    let now = "2020-09-02T09:00:00+02:00";
    let mailboxes = vec![mailbox(&db, "gcm", ADDRESS, &[CALL]), mailbox(&db, "desk", AGEING_ADDRESS, &[CALL])];
    let mut stage = Stage::set_with(db, now, docket::config::Shipped::embedded(), |config| {
        config.mailboxes = mailboxes;
    })
    .await;
    let mail = Mail::from("Ministry <registrator@gov.se>").to(&format!("{ADDRESS}, {AGEING_ADDRESS}"));
    let mail = mail.subject("Our written input").document("Sweden: written input").raw();
    stage.deliver_to(0, "1.sweden", &mail, stage.clock.now());
    stage.deliver_to(1, "1.sweden", &mail, stage.clock.now());
    stage.work().await;
    assert_eq!(stage.posted().len(), 1, "one letter between them");
    assert_eq!(stage.log().await.len(), 2, "and both are seen");
    let said = stage.entry("M-000002").await.answer.unwrap_or_default();
    assert!(said.contains("answered once, as M-000001"), "{said}");
});
