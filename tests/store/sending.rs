//! Sending that is stopped: what is in hand does not begin to leave, and the time counts for nothing.

use docket::{core::actor::Actor, store::LetterState};
use jiff::SignedDuration;

use super::seed::{HOUR, acknowledgement, now, read};
use crate::fixture::{Database, both};

fn officer() -> Actor {
    Actor::person("Officer C")
}

both!(a_letter_in_hand_does_not_begin_to_leave_once_sending_is_stopped, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    let id = tx.decide_letter(&acknowledgement(message.id)).await.unwrap().unwrap();
    let letter = tx.claim_letter("post", HOUR, now()).await.unwrap().unwrap();
    assert!(tx.freeze_letter(&letter, now(), "l1@example.org", b"From: us").await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(tx.stop_sending(now(), &officer(), "a wrong deadline").await.unwrap());
    assert!(!tx.stop_sending(now(), &officer(), "once more").await.unwrap(), "it is stopped");
    tx.commit().await.unwrap();

    let mut tx = db.begin().await.unwrap();
    assert!(!tx.letter_leaves(&letter, now()).await.unwrap(), "it does not leave");
    tx.letter_given_back(&letter, now()).await.unwrap();
    assert!(tx.claim_letter("other", HOUR, now() + HOUR).await.unwrap().is_none(), "none is claimed");
    assert_eq!(tx.next_letter_due().await.unwrap(), None);
    assert_eq!(tx.letters_due(now() + HOUR).await.unwrap(), None, "nobody is called for that");
    let stop = tx.sending_stopped().await.unwrap().expect("it is stopped");
    assert_eq!((stop.since, stop.by, stop.reason.as_str()), (now(), officer(), "a wrong deadline"));
    tx.commit().await.unwrap();
    let row = db.snapshot().await.unwrap().letter(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts), (LetterState::Released, 0));

    let mut tx = db.begin().await.unwrap();
    assert!(tx.resume_sending(now() + HOUR, &officer()).await.unwrap());
    assert!(!tx.resume_sending(now() + HOUR, &officer()).await.unwrap(), "it goes on");
    let letter = tx.claim_letter("post", HOUR, now() + HOUR).await.unwrap().expect("it is due");
    assert!(tx.letter_leaves(&letter, now() + HOUR).await.unwrap());
    tx.commit().await.unwrap();
});

both!(one_that_may_have_left_goes_on_only_when_sending_does, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    tx.decide_letter(&acknowledgement(message.id)).await.unwrap().unwrap();
    let letter = tx.claim_letter("post", HOUR, now()).await.unwrap().unwrap();
    assert!(tx.freeze_letter(&letter, now(), "l1@example.org", b"From: us").await.unwrap());
    assert!(tx.letter_leaves(&letter, now()).await.unwrap());
    assert!(tx.stop_sending(now(), &officer(), "why").await.unwrap());
    assert_eq!(tx.letters_leaving().await.unwrap(), 1, "whoever stops is told");
    tx.commit().await.unwrap();
    db.tamper("UPDATE letter SET lease_until = 0").await;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.claim_letter("other", HOUR, now() + HOUR).await.unwrap().is_none());
    // What became of it is recorded all the same.
    assert!(tx.letter_sent(&letter, now()).await.unwrap());
    tx.commit().await.unwrap();
});

both!(the_time_of_several_stops_adds_up, async |db: Database| {
    let after = |hours: i64| now() + SignedDuration::from_hours(hours);
    let mut tx = db.begin().await.unwrap();
    assert!(tx.stop_sending(after(0), &officer(), "why").await.unwrap());
    assert!(tx.resume_sending(after(2), &officer()).await.unwrap());
    assert!(tx.stop_sending(after(3), &officer(), "why").await.unwrap());
    for (since, until, hours) in [(0, 1, 1), (0, 2, 2), (1, 3, 1), (1, 5, 3), (2, 3, 0), (4, 6, 2), (-2, 4, 3)] {
        let stopped = tx.stopped_between(after(since), after(until)).await.unwrap();
        assert_eq!(stopped, SignedDuration::from_hours(hours), "from {since} until {until}");
    }
});
