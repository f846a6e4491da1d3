//! Leases, counters and secrets: what must be done once is done by one.

use std::time::Duration;

use docket::clock::Clock;
use jiff::SignedDuration;

use super::seed::{HOUR, claimed, receive};
use crate::fixture::{Database, both};

both!(a_lease_has_one_owner, async |db: Database| {
    let other = db.open_again().await;
    let take = async |owner: &str, how_long: Duration| {
        let mut tx = other.begin().await.unwrap();
        let epoch = tx.take_lease("post", owner, how_long).await.unwrap();
        tx.commit().await.unwrap();
        epoch
    };
    assert_eq!(take("a", HOUR).await, Some(1));
    assert_eq!(take("b", HOUR).await, None, "another holds it");
    assert_eq!(take("a", HOUR).await, Some(1), "renewed, by the same owner");
    assert_eq!(db.tamper("UPDATE lease SET lease_until = 1").await, 1);
    assert_eq!(take("b", HOUR).await, Some(2), "it had ended");
    assert_eq!(take("a", HOUR).await, None);

    let mut tx = db.begin().await.unwrap();
    tx.release_lease("post", "a").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take("a", HOUR).await, None, "only the owner gives it back");
    let mut tx = db.begin().await.unwrap();
    tx.release_lease("post", "b").await.unwrap();
    assert_eq!(tx.take_lease("read", "a", HOUR).await.unwrap(), Some(1), "leases of other names are their own");
    tx.commit().await.unwrap();
    assert_eq!(take("a", HOUR).await, Some(3));
});

both!(of_many_who_ask_at_once_one_gets_the_lease, async |db: Database| {
    let mut askers = tokio::task::JoinSet::new();
    for owner in 0..8 {
        let db = db.open_again().await;
        askers.spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let epoch = tx.take_lease("post", &format!("daemon {owner}"), HOUR).await.unwrap();
            tx.commit().await.unwrap();
            epoch
        });
    }
    assert_eq!(askers.join_all().await.into_iter().flatten().collect::<Vec<_>>(), [1]);
});

both!(who_stops_gives_everything_back, async |db: Database| {
    let first = claimed(&db, "a").await;
    let mut tx = db.begin().await.unwrap();
    tx.leave_for_retry(&first, "it failed").await.unwrap();
    receive(&mut tx, "b", b"b").await;
    let claims = tx.claim_messages("stops", HOUR, 1).await.unwrap();
    let others = tx.claim_messages("goes on", HOUR, 1).await.unwrap();
    assert_eq!((claims[0].number, claims[0].attempts, others[0].number), (1, 2, 2));
    assert!(!tx.lease_is_held("post").await.unwrap());
    tx.take_lease("post", "stops", HOUR).await.unwrap();
    assert!(tx.lease_is_held("post").await.unwrap());
    tx.release_lease("post", "stops").await.unwrap();
    assert!(!tx.lease_is_held("post").await.unwrap());

    tx.give_all_back("stops").await.unwrap();
    tx.give_all_back("stops").await.unwrap();
    let again = tx.claim_messages("next", HOUR, 9).await.unwrap();
    assert_eq!(
        again.iter().map(|claim| (claim.number, claim.attempts)).collect::<Vec<_>>(),
        [(1, 2)],
        "one attempt less"
    );
    assert_eq!(tx.others_with_claims("next").await.unwrap(), ["goes on"]);
    assert!(tx.owner_is_gone("goes on").await.unwrap());
    let freed = tx.claim_messages("next", HOUR, 9).await.unwrap();
    assert_eq!(
        freed.iter().map(|claim| (claim.number, claim.attempts)).collect::<Vec<_>>(),
        [(2, 2)],
        "the crash counts"
    );
    tx.commit().await.unwrap();
});

both!(a_number_is_taken_when_the_transaction_commits, async |db: Database| {
    for (commits, expected) in [(true, 1), (false, 2), (false, 2), (true, 2), (true, 3)] {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(tx.take_number("call:1").await.unwrap(), expected);
        assert_eq!(tx.take_number("call:2").await.unwrap(), expected, "every scope counts for itself");
        if commits {
            tx.commit().await.unwrap();
        }
    }
});

both!(a_secret_stays, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let secret = tx.instance_secret("letters").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.open_again().await.begin().await.unwrap();
    assert_eq!(tx.instance_secret("letters").await.unwrap(), secret);
    assert_eq!(secret.len(), 32);
    assert_ne!(tx.instance_secret("pages").await.unwrap(), secret);
});

both!(the_database_has_a_clock, async |db: Database| {
    let before = Clock::System.now();
    let theirs = db.snapshot().await.unwrap().clock().await.unwrap();
    let apart = theirs.duration_since(before).abs();
    assert!(apart < SignedDuration::from_mins(1), "{theirs} and {before}: both are on this machine");
});
