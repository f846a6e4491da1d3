//! A deadline is moved, for all or for one state: what it touches is judged again, what was found before is kept, and what
//! is counted as of an earlier time stays as it was.

use std::{fs, path::PathBuf};

use docket::{
    config::Shipped,
    core::{
        actor::Actor,
        calls::{law::Extension, standing::Standing},
        decision::Decision,
        event::{Event, payload::Happened},
        submission::Held,
    },
    daemon::CallFiles,
    desk::{DeskError, Doing, NewDeadline, view::LogFilter},
    filing,
};
use jiff::{Timestamp, civil::date};

use super::{
    decisions::assign,
    mail::Mail,
    stage::{CALL, Stage, at, person},
};
use crate::fixture::{Database, both};

fn new(day: i8) -> NewDeadline {
    NewDeadline {
        day: date(2020, 10, day),
        time: None,
        zone: None,
        grace_minutes: None,
        authority: "the Bureau".to_owned(),
        reason: "floods".to_owned(),
    }
}

async fn standing(stage: &Stage, filter: LogFilter) -> Option<Standing> {
    let log = stage.desk().log(&filter).await.unwrap();
    log.iter().find(|line| line.number == "M-000001").unwrap().standing
}

/// Norway's input, two days late, read and answered.
async fn late(db: Database) -> Stage {
    let mut stage = Stage::set(db, "2020-10-02T10:00:00+02:00").await;
    let mail = Mail::from("Ministry <post@mfa.no>").document("Norway: contribution to the regional review");
    stage.deliver("1.norway", &mail.raw(), at("2020-10-02T09:00:00+02:00"));
    stage.work().await;
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late));
    stage.wait(60).await;
    stage
}

async fn history(stage: &Stage) -> Vec<Event> {
    let history = stage.entry("M-000001").await.history.into_iter();
    let events = history.filter_map(|happening| match happening.event {
        Happened::Event(event) => Some(event),
        _ => None,
    });
    events.collect()
}

both!(a_deadline_that_is_moved_judges_again, async |db: Database| {
    let mut stage = late(db).await;
    let letters = stage.posted().len();
    let before = stage.clock.now();
    stage.wait(60).await;
    let actor = person("Ana");
    let shown = stage.desk().move_deadline(CALL, &new(9), &actor, Doing::Shown).await.unwrap();
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late), "it was only shown");
    assert_eq!(stage.instance().call(None).unwrap().known.deadline_n(), 1);
    let done = stage.desk().move_deadline(CALL, &new(9), &actor, Doing::Done).await.unwrap();
    assert_eq!(shown, done, "what is shown before is what is done");
    let said = done.join("\n");
    for part in [
        "is 2020-10-09 (Europe/Zurich) instead of 2020-09-30 (Europe/Zurich): version 2",
        "Norway: GCM-ECE-2020-0001, version 1, was judged again by version 2 of the deadline: late before, on time now.",
        "The file of the call still says 2020-09-30 (Europe/Zurich)",
        "No letter tells it to anybody.",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    stage.wait(60).await;
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::OnTime));
    let known_at = LogFilter { known_at: Some(before), ..LogFilter::default() };
    assert_eq!(standing(&stage, known_at).await, Some(Standing::Late), "what was found before is kept");
    let judged = |event: &Event| {
        let Event::JudgedAgain { before, after, deadline, .. } = event else { return None };
        Some((*before, *after, *deadline))
    };
    let found: Vec<_> = history(&stage).await.iter().filter_map(judged).collect();
    assert_eq!(found, [(Standing::Late, Standing::OnTime, 2)]);
    assert_eq!(stage.posted().len(), letters, "no letter leaves for it");

    let same = stage.desk().move_deadline(CALL, &new(9), &actor, Doing::Done).await;
    assert!(matches!(same, Err(DeskError::Refused(ref why)) if why.contains("already")), "{same:?}");
    let issued = NewDeadline { day: date(2020, 7, 1), ..new(1) };
    let early = stage.desk().move_deadline(CALL, &issued, &actor, Doing::Done).await;
    assert!(matches!(early, Err(DeskError::Refused(ref why)) if why.contains("2020-07-15")), "{early:?}");
    let nowhere = NewDeadline { zone: Some("Europe/Atlantis".to_owned()), ..new(9) };
    let nowhere = stage.desk().move_deadline(CALL, &nowhere, &actor, Doing::Done).await;
    assert!(matches!(nowhere, Err(DeskError::Refused(ref why)) if why.contains("Atlantis")), "{nowhere:?}");

    // The file has not changed: what was set stands, and it is known that the two differ.
    stage.restart().await;
    let open = stage.instance().call(None).unwrap();
    assert_eq!(open.deadline.day, date(2020, 10, 9));
    assert_eq!(open.known.file_differs.as_ref().map(|says| says.day), Some(date(2020, 9, 30)));
    let law = stage.desk().law_of(CALL).await.unwrap().unwrap();
    let acts: Vec<_> = law.acts.iter().map(|act| (act.n, act.authority.as_deref(), &act.by)).collect();
    assert_eq!(acts, [(1, None, &Actor::Program), (2, Some("the Bureau"), &person("Ana"))]);

    // What comes now is judged by what was set, and its receipt says it.
    let mail = Mail::from("Mission <mission@eda.admin.ch>").document("Switzerland: contribution");
    stage.deliver("2.swiss", &mail.raw(), stage.clock.now());
    stage.wait(60).await;
    let log = stage.log().await;
    let swiss = log.iter().find(|line| line.number == "M-000002").unwrap();
    assert_eq!((swiss.standing, swiss.deadline), (Some(Standing::OnTime), Some(date(2020, 10, 9))));
});

both!(more_time_for_one_state_judges_that_state_alone, async |db: Database| {
    let mut stage = late(db).await;
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(60).await;
    let before = stage.clock.now();
    stage.wait(1).await;
    let instance = stage.instance();
    let now = stage.clock.now();
    let call = instance.call(None).unwrap().known.id;
    let five = at("2020-10-05T00:00:00+02:00");
    let extend = async |state: &str, by: i64, when: Timestamp| {
        let mut tx = instance.db.begin().await.unwrap();
        let state = state.parse().unwrap();
        let authority = "the Secretary".to_owned();
        let extension = Extension { id: 0, state, instant: five, authority, by, held: Held::from(when) };
        tx.extend(call, &extension).await.unwrap();
        let judged = filing::judge_again(&mut tx, instance, call, &[state], when).await.unwrap();
        tx.commit().await.unwrap();
        judged.into_iter().map(|judged| (judged.before, judged.after)).collect::<Vec<_>>()
    };
    let mut tx = instance.db.begin().await.unwrap();
    let entry = tx.entry(1).await.unwrap().unwrap();
    let by = tx.decisions(entry.id).await.unwrap().last().unwrap().id;
    drop(tx);
    assert_eq!(extend("SWE", by, now).await, [], "another state's time is not Norway's");
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late));
    assert_eq!(extend("NOR", by, now).await, [(Standing::Late, Standing::ByExtension)]);
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::ByExtension));
    let known_at = LogFilter { known_at: Some(before), ..LogFilter::default() };
    assert_eq!(standing(&stage, known_at).await, Some(Standing::Late));
    let law = stage.desk().law_of(CALL).await.unwrap().unwrap();
    assert_eq!(law.extensions.iter().map(|extension| extension.state.as_str()).collect::<Vec<_>>(), ["SWE", "NOR"]);

    // The decision that granted it is taken back.
    stage.wait(1).await;
    stage.desk().decide("M-000001", &Decision::Undo, &person("Ana"), "a mistake").await.unwrap();
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late));
    assert_eq!(stage.desk().law_of(CALL).await.unwrap().unwrap().extensions.len(), 0);
});

/// A stage whose call lies in a folder, and its file.
async fn with_a_file(db: Database) -> (Stage, PathBuf) {
    let folder = db.folder().join("config");
    fs::create_dir_all(folder.join("calls")).unwrap();
    let file = folder.join(format!("calls/{CALL}.toml"));
    fs::copy(format!("config/calls/{CALL}.toml"), &file).unwrap();
    let shipped = Shipped::overridden_by(&folder);
    let mut stage = Stage::set_with(db, "2020-10-02T10:00:00+02:00", shipped, |_| {}).await;
    let mail = Mail::from("Ministry <post@mfa.no>").document("Norway: contribution to the regional review");
    stage.deliver("1.norway", &mail.raw(), at("2020-10-02T09:00:00+02:00"));
    stage.work().await;
    (stage, file)
}

both!(a_file_that_changes_while_the_daemon_runs_holds_from_then_on, async |db: Database| {
    let (mut stage, file) = with_a_file(db).await;
    let good = fs::read_to_string(&file).unwrap();
    let mut files = CallFiles::new(stage.shared_instance());
    for _ in 0..3 {
        assert!(!files.look(false).await.unwrap(), "nothing has changed");
    }
    stage.wait(1).await;

    // A wrong file takes nothing out of force, and is said once.
    fs::write(&file, good.replace("day = 2020-09-30", "day = 2020-09-31").replace("roster = ", "rooster = ")).unwrap();
    for _ in 0..3 {
        assert!(!files.look(false).await.unwrap());
    }
    let now = stage.clock.now();
    let troubles = stage.instance().watch.troubles(now);
    let said: Vec<String> = troubles.iter().map(docket::watch::Trouble::in_words).collect();
    let said = said.join("\n");
    for part in ["stays in force", "2020-09-31 is no date", "did you mean “roster”"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(stage.number("SELECT COUNT(*) FROM event WHERE kind = 'calls_refused'").await, 1);
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 9, 30));

    // Put right, with another deadline: that is an act, and what is filed is judged again.
    fs::write(&file, good.replace("day = 2020-09-30", "day = 2020-10-02\ntime = \"12:00\"")).unwrap();
    assert!(!files.look(false).await.unwrap(), "somebody may still be writing");
    assert!(files.look(false).await.unwrap());
    assert_eq!(stage.instance().watch.troubles(now).len(), 0);
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::OnTime));
    let law = stage.desk().law_of(CALL).await.unwrap().unwrap();
    assert_eq!(law.acts.len(), 2);
    assert_eq!(law.acts[1].deadline.instant, at("2020-10-02T12:00:00+02:00"));
    assert_eq!(law.file_differs, None);
    assert!(!files.look(true).await.unwrap(), "asked for, and as it was");

    // A deadline that another process sets holds here, too.
    let other = stage.beside().await;
    other.move_deadline(CALL, &new(5), &person("Ana"), Doing::Done).await.unwrap();
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 2));
    assert!(files.look_at_deadlines().await.unwrap());
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 5));
    assert!(!files.look(true).await.unwrap(), "the file has not changed, so that what was set stands");
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 5));
});
