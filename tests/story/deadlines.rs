//! A deadline is moved, for all or for one state: what it touches is judged again, what was found before is kept, and what
//! is counted as of an earlier time stays as it was.

use std::{fs, path::PathBuf};

use docket::{
    config::Shipped,
    core::{
        actor::Actor,
        calls::standing::Standing,
        decision::{Decision, Order},
        event::{Event, payload::Happened},
    },
    daemon::CallFiles,
    desk::{DeskError, Mode, NewDeadline, view::LogFilter},
};
use jiff::{SignedDuration, civil::date};

use super::{
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
        tell: false,
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
    let shown = stage.desk().move_deadline(CALL, &new(9), &actor, Mode::Show).await.unwrap();
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late), "it was only shown");
    assert_eq!(stage.instance().call(None).unwrap().known.deadline_n(), 1);
    let done = stage.desk().move_deadline(CALL, &new(9), &actor, Mode::Do).await.unwrap();
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

    let same = stage.desk().move_deadline(CALL, &new(9), &actor, Mode::Do).await;
    assert!(matches!(same, Err(DeskError::Refused(ref why)) if why.contains("already")), "{same:?}");
    let issued = NewDeadline { day: date(2020, 7, 1), ..new(1) };
    let early = stage.desk().move_deadline(CALL, &issued, &actor, Mode::Do).await;
    assert!(matches!(early, Err(DeskError::Refused(ref why)) if why.contains("2020-07-15")), "{early:?}");
    let nowhere = NewDeadline { zone: Some("Europe/Atlantis".to_owned()), ..new(9) };
    let nowhere = stage.desk().move_deadline(CALL, &nowhere, &actor, Mode::Do).await;
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
    let before = stage.clock.now();
    stage.wait(1).await;
    let desk = stage.desk();
    let decide = async |on: &str, decision: Decision, mode: Mode| {
        let order = Order::new(decision, "floods").without_letter();
        desk.decide(on, &order, &person("Ana"), mode).await.unwrap().said.join("\n")
    };
    let minute = || stage.clock.move_to(stage.clock.now() + SignedDuration::from_mins(1));
    let extend = || Decision::Extend {
        states: Vec::new(),
        until: "2020-10-05".parse().unwrap(),
        authority: "the Secretary".to_owned(),
        call: None,
    };
    let extensions = async || {
        let law = stage.desk().law_of(CALL).await.unwrap().unwrap();
        law.extensions.iter().map(|granted| granted.extension.state.to_string()).collect::<Vec<_>>()
    };
    let again = "GCM-ECE-2020-0001, version 1, was judged again by version 1 of the deadline:";
    let said = decide("Sweden", extend(), Mode::Do).await;
    assert!(!said.contains("judged again"), "another state's time is not Norway's: {said}");
    assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late));

    // On the state, and on what it has filed.
    for on in ["Norway", "M-000001"] {
        minute();
        let shown = decide(on, extend(), Mode::Show).await;
        assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late), "it was only shown");
        let done = decide(on, extend(), Mode::Do).await;
        assert_eq!(shown, done);
        let within = format!("{again} late before, by extension now.");
        assert!(done.contains(&within), "{on}: {done}");
        assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::ByExtension));
        let known_at = LogFilter { known_at: Some(before), ..LogFilter::default() };
        assert_eq!(standing(&stage, known_at).await, Some(Standing::Late));
        assert_eq!(extensions().await, ["SWE", "NOR"]);

        minute();
        let undone = decide(on, Decision::Undo, Mode::Do).await;
        let late = format!("{again} by extension before, late now.");
        assert!(undone.contains(&late), "{on}: {undone}");
        assert_eq!(standing(&stage, LogFilter::default()).await, Some(Standing::Late));
        assert_eq!(extensions().await, ["SWE"]);
    }
    let judged = history(&stage).await.iter().filter(|event| matches!(event, Event::JudgedAgain { .. })).count();
    assert_eq!(judged, 4, "each time it is on record");
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
    other.move_deadline(CALL, &new(5), &person("Ana"), Mode::Do).await.unwrap();
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 2));
    assert!(files.look_at_deadlines().await.unwrap());
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 5));
    assert!(!files.look(true).await.unwrap(), "the file has not changed, so that what was set stands");
    assert_eq!(stage.instance().call(None).unwrap().deadline.day, date(2020, 10, 5));
});
