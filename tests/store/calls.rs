//! Calls with the versions of their deadline, and the people whose addresses a person entered.

use docket::{
    core::{
        actor::Actor,
        calls::{
            call::{Call, DeadlineRule},
            deadline::Deadline,
        },
        judging::matching::Contact,
    },
    store::{Db, Grounds, KnownCall, Person, StoreError},
};
use jiff::{
    Timestamp,
    civil::{Date, date, time},
};

use super::seed::{call, iso3, known_call, now};
use crate::fixture::{Database, both};

async fn know(db: &Db, call: &Call, day: &str, now: Timestamp) -> Result<KnownCall, StoreError> {
    let mut rule = call.deadline.clone();
    rule.day = day.parse().unwrap();
    let mut tx = db.begin().await.unwrap();
    let known = tx.know_call(call, &Deadline::fix(&rule).unwrap(), &[iso3("CHE"), iso3("USA")], "2020a", now).await;
    tx.commit().await.unwrap();
    known
}

both!(a_changed_deadline_is_a_new_version, async |db: Database| {
    let first = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    let same = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    assert_eq!((same.id, same.law.newest().id), (first.id, first.law.newest().id));
    let moved = know(&db, &call(), "2020-10-31", now()).await.unwrap();
    assert_eq!(moved.id, first.id);
    assert_ne!(moved.law.newest().id, first.law.newest().id);
    let back = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    assert_ne!(back.law.newest().id, first.law.newest().id, "moved back, it was announced again");
    assert_eq!(db.number("SELECT MAX(n) FROM deadline_version").await, 3);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'deadline'").await, 3, "each time it was said");
    let instant = Deadline::fix(&call().deadline).unwrap().instant.as_microsecond();
    let stored = format!("SELECT instant FROM deadline_version WHERE id = {}", back.law.newest().id);
    assert_eq!(db.number(&stored).await, instant);
});

both!(the_reference_of_a_call_does_not_change, async |db: Database| {
    known_call(&db).await;
    let renamed = Call { reference: "GCM-2020".to_owned(), ..call() };
    let error = know(&db, &renamed, "2020-09-30", now()).await.unwrap_err();
    assert!(error.to_string().contains("put GCM-ECE-2020 back"), "{error}");
    assert!(!error.is_temporary());
});

both!(the_roster_follows_the_configuration, async |db: Database| {
    let mut call = call();
    call.no_reminder.clear();
    know(&db, &call, "2020-09-30", now()).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM roster WHERE policy = 'remind' AND reason IS NULL").await, 2);
    call.no_reminder.insert(iso3("USA"), "did not endorse the Compact".to_owned());
    know(&db, &call, "2020-09-30", now()).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM roster").await, 2);
    assert_eq!(db.number("SELECT COUNT(*) FROM roster WHERE iso3 = 'USA' AND policy = 'no_reminder'").await, 1);
});

fn day(day: &str) -> Date {
    day.parse().unwrap()
}

both!(people_hold_for_their_days, async |db: Database| {
    let person = |code, address: &str, valid| Person {
        iso3: iso3(code),
        name: Some("Ana".to_owned()),
        address: address.to_owned(),
        language: Some("fr".to_owned()),
        valid,
    };
    let always = person("CHE", "ana@example.org", (None, None));
    let summer = person("CHE", "ben@example.org", (Some(day("2020-06-01")), Some(day("2020-08-31"))));
    let sender = person("LIE", "ben@example.org", (None, Some(day("2021-01-01"))));
    let mut tx = db.begin().await.unwrap();
    tx.keep_person(&always).await.unwrap();
    tx.keep_person(&summer).await.unwrap();
    tx.keep_person(&sender).await.unwrap();

    for (on, expected) in [("2020-05-31", 2), ("2020-06-01", 3), ("2020-08-31", 3), ("2020-09-01", 2)] {
        let people = tx.focal_points(day(on)).await.unwrap();
        assert_eq!(people.len(), expected, "{on}: {people:?}");
        assert_eq!(people[0], always, "{on}");
    }
    let contact = |code| Contact { address: "ben@example.org".to_owned(), iso3: iso3(code) };
    let mut both = tx.contacts_with_address("Ben@Example.org", day("2020-07-01")).await.unwrap();
    both.sort_by_key(|contact| contact.iso3);
    assert_eq!(both, [contact("CHE"), contact("LIE")]);
    let later = tx.contacts_with_address("ben@example.org", day("2020-09-01")).await.unwrap();
    assert_eq!(later, [contact("LIE")]);

    let moved = Person { name: None, valid: (None, Some(day("2020-01-31"))), ..always };
    tx.keep_person(&moved).await.unwrap();
    assert_eq!(tx.focal_points(day("2021-09-01")).await.unwrap(), [], "brought up to date, not entered twice");
    tx.commit().await.unwrap();
});

both!(what_a_person_set_stands_while_the_file_is_not_touched, async |db: Database| {
    let first = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    assert_eq!((first.deadline_n(), &first.file_differs), (1, &None));
    let mut rule = call().deadline;
    (rule.day, rule.time) = (date(2020, 10, 9), Some(time(12, 0, 0, 0)));
    let ana = Actor::person("Ana");
    let grounds = Grounds { authority: Some("the Bureau"), reason: Some("floods"), by: &ana };
    let mut tx = db.begin().await.unwrap();
    assert!(tx.calls_to_judge().await.unwrap().is_empty());
    let n = tx.set_deadline(first.id, &Deadline::fix(&rule).unwrap(), grounds, "2020a", now()).await.unwrap();
    assert_eq!((n, tx.calls_to_judge().await.unwrap()), (2, vec![first.id]));
    tx.judged_all(first.id).await.unwrap();
    assert!(tx.calls_to_judge().await.unwrap().is_empty());
    tx.commit().await.unwrap();

    let still = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    let newest = still.law.newest();
    assert_eq!((newest.n, newest.deadline.rule()), (2, rule.clone()));
    assert_eq!(
        (newest.authority.as_deref(), newest.reason.as_deref(), &newest.by),
        (Some("the Bureau"), Some("floods"), &ana)
    );
    assert_eq!(still.file_differs.map(|says| says.day), Some(date(2020, 9, 30)));
    assert_eq!(still.law.in_force(now()).n, 1, "what was set in that moment holds from then on");

    // The file is changed: that is an act.
    let changed = know(&db, &call(), "2020-10-15", now()).await.unwrap();
    assert_eq!((changed.deadline_n(), changed.file_differs), (3, None));
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.calls_to_judge().await.unwrap(), [changed.id], "what is filed is to be judged by it");
});

both!(deadlines_of_before_are_the_same, async |db: Database| {
    let deadline = |call: i64, n: i64, day: &str, instant: i64| {
        format!(
            "INSERT INTO deadline_version (call_id, n, day, zone, rule, tzdb, grace_minutes, instant, since)
             VALUES ({call}, {n}, '{day}', 'Europe/Zurich', 'inclusive_day', '2020a', 15, {instant}, {n})"
        )
    };
    let rows = [
        "INSERT INTO call (code, reference) VALUES ('one', 'ONE')".to_owned(),
        "INSERT INTO call (code, reference) VALUES ('two', 'TWO')".to_owned(),
        deadline(1, 1, "2020-09-20", 1_600_639_200_000_000),
        deadline(1, 2, "2020-09-30", 1_601_503_200_000_000),
    ];
    let old = Database::of_before(db.kind(), 29, &rows).await;
    let mut tx = old.begin().await.unwrap();
    let law = tx.law(1).await.unwrap();
    let acts: Vec<_> = law.acts().iter().map(|act| (act.n, act.deadline.day, act.deadline.time)).collect();
    assert_eq!(acts, [(1, date(2020, 9, 20), None), (2, date(2020, 9, 30), None)]);
    let newest = law.newest();
    assert_eq!((&newest.authority, &newest.reason, &newest.by), (&None, &None, &Actor::Program));
    assert_eq!(newest.deadline.instant.as_microsecond(), 1_601_503_200_000_000);
    assert!(law.extensions().is_empty());
    assert_eq!(tx.calls_to_judge().await.unwrap(), [0; 0], "all that is filed was judged by it");
    tx.commit().await.unwrap();
    // What the file says of it now is taken as said before: nobody has moved anything.
    let rule = DeadlineRule { day: date(2020, 9, 30), time: None, zone: "Europe/Zurich".to_owned(), grace_minutes: 15 };
    let call = Call { code: "one".to_owned(), reference: "ONE".to_owned(), deadline: rule.clone(), ..call() };
    let mut tx = old.begin().await.unwrap();
    let deadline = Deadline::fix(&rule).unwrap();
    let known = tx.know_call(&call, &deadline, &[], "2020a", now()).await.unwrap();
    assert_eq!((known.deadline_n(), known.file_differs), (2, None));
    tx.commit().await.unwrap();
});

both!(zone_data_that_change_are_an_act_of_nobody, async |db: Database| {
    let known = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    db.tamper("UPDATE deadline_version SET instant = instant - 3600000000").await;
    let anew = know(&db, &call(), "2020-09-30", now()).await.unwrap();
    assert_eq!(anew.deadline_n(), 2);
    assert_eq!(anew.law.newest().deadline, known.law.newest().deadline);
    assert!(anew.law.newest().reason.as_deref().unwrap().contains("time zones"));
    assert_eq!(know(&db, &call(), "2020-09-30", now()).await.unwrap().deadline_n(), 2);
});
