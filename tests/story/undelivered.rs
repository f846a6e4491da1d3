//! A receipt that failed for good is a case for a person until somebody has dealt with it.

use docket::{
    desk::view::{LogFilter, Waiting},
    store::LetterState,
};

use super::{
    decisions::{assign, iso3},
    mail::Mail,
    stage::{Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const REFUSED: &str = "The server refused it at RCPT: 550 5.1.1 no such user";

/// The letter that is on its way fails for good.
async fn fail(stage: &Stage, reason: &str) {
    let (hour, now) = (std::time::Duration::from_hours(1), stage.clock.now());
    let mut tx = stage.instance().db.begin().await.unwrap();
    let claimed = tx.claim_letter("post", hour, now).await.unwrap().expect("a receipt");
    assert!(tx.letter_ends(&claimed, now, LetterState::Failed, reason).await.unwrap());
    tx.commit().await.unwrap();
}

/// The receipt for an input of Norway has failed for good.
async fn stage(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    let input = Mail::from("Ministry <post@mfa.no>").document("Norway: input");
    stage.deliver("1.input", &input.raw(), stage.clock.now());
    stage.receive().await;
    while stage.read().await == docket::pipeline::Outcome::Worked {}
    let mut tx = stage.instance().db.begin().await.unwrap();
    let hour = std::time::Duration::from_hours(1);
    let claimed = tx.claim_letter("post", hour, stage.clock.now()).await.unwrap().expect("a receipt");
    assert!(
        tx.freeze_letter(&claimed, stage.clock.now(), "l1@x.test", b"From: us\r\n\r\nReceived.\r\n").await.unwrap()
    );
    assert!(tx.letter_ends(&claimed, stage.clock.now(), LetterState::Failed, REFUSED).await.unwrap());
    tx.commit().await.unwrap();
    stage
}

/// What is to be decided about letters that failed.
async fn cases(stage: &Stage) -> Vec<Waiting> {
    let waiting = stage.register(None).await.waiting;
    assert_eq!(stage.desk().frame(None).await.unwrap().unwrap().waiting, waiting.len() as u64);
    waiting.into_iter().filter(|case| case.question.contains("did not leave")).collect()
}

async fn waits(stage: &Stage) -> Option<String> {
    stage.log().await[0].waiting.clone()
}

both!(it_is_shown_with_the_name_of_the_state_and_the_words_of_the_server, async |db: Database| {
    let stage = stage(db).await;
    let cases = cases(&stage).await;
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!(
        case.question,
        "The receipt for Norway did not leave: The server refused it at RCPT: 550 5.1.1 no such user. “docket letters \
         resend 1” sends it once more, “discard” closes the case."
    );
    assert_eq!((case.number.as_str(), case.since), ("M-000001", stage.clock.now()));
    assert_eq!(case.candidates.iter().map(ToString::to_string).collect::<Vec<_>>(), ["NOR"]);
    assert_eq!(waits(&stage).await.unwrap(), format!("The receipt did not leave: {REFUSED}."));
    let page = stage.desk().log_page(&LogFilter { limit: 10, ..LogFilter::default() }).await.unwrap();
    assert!(page.lines[0].waiting.is_some());
});

both!(it_is_closed_by_sending_it_once_more_or_not, async |db: Database| {
    let mut stage = stage(db).await;
    stage.desk().move_letter(1, LetterState::Released, &person("desk"), "the address works again").await.unwrap();
    assert_eq!((cases(&stage).await, waits(&stage).await), (vec![], None));
    stage.wait(1).await;
    assert_eq!(stage.log().await[0].letters, ["acknowledgement: sent"]);
    stage.db.tamper("UPDATE letter SET state = 'failed'").await;
    assert_eq!(cases(&stage).await.len(), 1);
    stage.desk().move_letter(1, LetterState::Discarded, &person("desk"), "answered by telephone").await.unwrap();
    assert_eq!((cases(&stage).await, waits(&stage).await), (vec![], None));
});

both!(it_is_closed_by_a_later_letter_or_where_nothing_is_an_input, async |db: Database| {
    let mut stage = stage(db).await;
    stage.wait(30).await;
    stage.desk().not_an_input("M-000001", false, &person("desk"), "a draft").await.unwrap();
    assert_eq!((cases(&stage).await, waits(&stage).await), (vec![], None));
    stage.wait(30).await;
    stage.desk().undo("M-000001", &person("desk"), "it was one").await.unwrap();
    assert_eq!(cases(&stage).await.len(), 1, "it is one again");
    let decided =
        stage.desk().assign("M-000001", &[iso3("NOR")], None, false, &person("desk"), "it is theirs").await.unwrap();
    let said = decided.said.last().unwrap();
    assert!(said.contains("did not leave; “docket letters resend 1” sends that one"), "{said}");
    assert_eq!(cases(&stage).await.len(), 1, "and stays one");
    // A neutral receipt had failed; the acknowledgement of a decision takes its place.
    stage.db.tamper("UPDATE letter SET kind = 'received'").await;
    assign(&stage, "M-000001", "SWE", false).await;
    assert_eq!((cases(&stage).await, waits(&stage).await), (vec![], None));
});

both!(the_log_of_an_earlier_time_does_not_know_it_yet, async |db: Database| {
    let mut stage = stage(db).await;
    let before = stage.clock.now() + std::time::Duration::from_secs(1);
    stage.wait(60).await;
    stage.db.tamper("UPDATE letter SET state = 'released'").await;
    fail(&stage, "The server refused it").await;
    let then = LogFilter { known_at: Some(before), ..LogFilter::default() };
    let line = stage.desk().log(&then).await.unwrap().remove(0);
    assert_eq!((line.waiting, line.letters), (None, vec!["acknowledgement: released".to_owned()]));
    assert!(waits(&stage).await.is_some());
    // What a person does with it later does not change what was known by then.
    stage.wait(60).await;
    let after = stage.clock.now();
    stage.desk().move_letter(1, LetterState::Released, &person("desk"), "the address works again").await.unwrap();
    let then = LogFilter { known_at: Some(after), ..LogFilter::default() };
    let line = stage.desk().log(&then).await.unwrap().remove(0);
    let waiting = line.waiting.expect("a case");
    assert!(waiting.contains("The server refused it"), "{waiting}");
    assert_eq!((line.letters, waits(&stage).await), (vec!["acknowledgement: failed".to_owned()], None));
});
