//! What is filled in for entries of before: resumed where it was cut off, with nothing sent and nothing else changed.

use docket::{
    core::purpose::Kind,
    desk::view::LogFilter,
    pipeline::{Chores, Outcome},
};
use jiff::Timestamp;

use crate::{
    fixture::{Database, both},
    story::{mail::Mail, stage::Stage},
};

const NORWAY: &str = "Ministry <post@mfa.no>";

async fn do_all(stage: &Stage) -> usize {
    let mut chores = Chores::new(stage.shared_instance());
    let mut steps = 0;
    while chores.step().await.unwrap() == Outcome::Worked {
        steps += 1;
    }
    steps
}

/// What the log says now, and what it said at a time.
async fn told(stage: &Stage, at: Timestamp) -> String {
    let now = stage.desk().log(&LogFilter::default()).await.unwrap();
    let then = stage.desk().log(&LogFilter { known_at: Some(at), ..LogFilter::default() }).await.unwrap();
    serde_json::to_string(&(now, then)).unwrap()
}

/// Twenty inputs and announcements, as a program left them that kept neither what letters name nor what items are for.
async fn of_before(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    for n in 0..20 {
        let mail = if n % 2 == 0 {
            Mail::from(NORWAY)
                .subject("Norway: corrected input")
                .body("Please find attached our corrected input to the regional review.")
                .document(&format!(
                    "Contribution of Norway to the regional review of the Global Compact for Migration, {n}"
                ))
        } else {
            Mail::from(NORWAY)
                .subject("Regional review of the GCM")
                .body(&format!("We will send input {n} by 5 October."))
        };
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(30).await;
    }
    stage.db.tamper("DELETE FROM chore").await;
    stage
}

const NAMES: &str = "SELECT CAST(COALESCE(SUM(letter_id * 1000000 + submission_id * 10000 + item_id * 100 + n), 0) AS BIGINT) \
     FROM letter_names WHERE n > 0";
const PURPOSES: &str = "SELECT COUNT(*) FROM finding WHERE kind = 'purpose'";

both!(what_letters_told_and_what_items_are_for_is_filled_in, async |db: Database| {
    let stage = of_before(db).await;
    let then = stage.clock.now();
    let (names, purposes) = (stage.number(NAMES).await, stage.number(PURPOSES).await);
    assert!(names > 0 && purposes == 20, "{names}, {purposes}");
    let kinds = kinds(&stage).await;
    let (before, letters) = (told(&stage, then).await, stage.posted().len());
    let events = stage.number("SELECT COUNT(*) FROM event").await;
    stage.db.tamper("DELETE FROM letter_names").await;
    stage.db.tamper("DELETE FROM finding WHERE kind = 'purpose'").await;

    // Cut off after the first messages, it goes on behind them.
    let mut chores = Chores::new(stage.shared_instance());
    while stage.number(PURPOSES).await == 0 {
        assert_eq!(chores.step().await.unwrap(), Outcome::Worked);
    }
    drop(chores);
    let part = stage.number(PURPOSES).await;
    assert!(part < 20, "{part}");
    assert!(stage.number("SELECT done_until FROM chore WHERE name = 'purposes'").await > 0);
    assert!(do_all(&stage).await > 0);
    assert_eq!(stage.number(PURPOSES).await, 20, "each once");
    assert_eq!(stage.number(NAMES).await, names, "as the program keeps it");
    assert_eq!(self::kinds(&stage).await, kinds, "and finds it");
    assert_eq!(told(&stage, then).await, before, "no standing, no question and no place is another, now or then");
    assert_eq!((stage.posted().len(), stage.number("SELECT COUNT(*) FROM event").await), (letters, events));

    // Finished, it costs nothing: not even what would be missing is looked for.
    stage.db.tamper("DELETE FROM finding WHERE kind = 'purpose'").await;
    assert_eq!(do_all(&stage).await, 2, "that each is finished is all that is asked");
    assert_eq!(stage.number(PURPOSES).await, 0);
    let mut done = Chores::new(stage.shared_instance());
    while done.step().await.unwrap() == Outcome::Worked {}
    assert_eq!(done.step().await.unwrap(), Outcome::Idle);
});

async fn kinds(stage: &Stage) -> Vec<Option<Kind>> {
    let mut kinds = Vec::new();
    for line in stage.log().await {
        let entry = stage.entry(&line.number).await;
        kinds.push(entry.items[0].purpose.as_ref().map(|purpose| purpose.kind));
    }
    kinds
}

both!(two_processes_do_a_piece_once_and_an_unreadable_letter_stops_nothing, async |db: Database| {
    let stage = of_before(db).await;
    let names = stage.number(NAMES).await;
    stage.db.tamper("DELETE FROM letter_names").await;
    stage.db.tamper("UPDATE letter SET facts = '' WHERE id = (SELECT MIN(id) FROM letter)").await;
    let (mut one, mut other) = (Chores::new(stage.shared_instance()), Chores::new(stage.shared_instance()));
    loop {
        let both = (one.step().await.unwrap(), other.step().await.unwrap());
        if both == (Outcome::Idle, Outcome::Idle) {
            break;
        }
    }
    let left = stage.number(NAMES).await;
    assert!(left > 0 && left <= names, "{left} of {names}");
    assert_eq!(stage.number("SELECT COUNT(*) FROM chore WHERE finished IS NOT NULL").await, 2);
});
