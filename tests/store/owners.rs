//! Owners of claims: what is free when one is silent, or gone.

use std::time::Duration;

use docket::store::{Claimed, Id};

use super::seed::{HOUR, claimed, now};
use crate::fixture::{Database, both};

/// A letter in a state, claimed by an owner.
async fn letter(db: &Database, message: Id, kind: &str, state: &str, owner: &str) {
    db.tamper(&format!(
        "INSERT INTO letter (occasion, message_id, kind, facts, language, template, recipient, subject, body, not_before, state,
             attempts, lease_owner, lease_until, epoch, decided_at)
         VALUES ('{message} {kind}', {message}, '{kind}', '', 'en', '', 'a@mfa.no', '', '', 0, '{state}', 0, '{owner}', 9000000000000000, 1, 0)"
    ))
    .await;
}

/// A message and a letter in each state, all claimed by `seed`.
async fn all_claimed(db: &Database) -> Claimed {
    let message = claimed(db, "a").await;
    for (kind, state) in [("received", "waiting"), ("query", "released"), ("acknowledgement", "sending")] {
        letter(db, message.id, kind, state, "seed").await;
    }
    message
}

/// What is free: states, in their order.
async fn free(db: &Database) -> Vec<&'static str> {
    let mut free = Vec::new();
    for (table, state) in [("message", "stored"), ("letter", "waiting"), ("letter", "released"), ("letter", "sending")]
    {
        if db.number(&format!("SELECT COUNT(*) FROM {table} WHERE state = '{state}' AND lease_until = 0")).await > 0 {
            free.push(state);
        }
    }
    free
}

async fn time_passes(db: &Database, seconds: i64) {
    let passes = format!("UPDATE owner SET heard = heard - {}", seconds * 1_000_000);
    assert_eq!(db.tamper(&passes).await, 1);
}

async fn free_the_silent(db: &Database) -> bool {
    let mut tx = db.begin().await.unwrap();
    let freed = tx.free_the_silent("other").await.unwrap();
    tx.commit().await.unwrap();
    freed
}

both!(
    what_a_silent_owner_claimed_is_free_after_seconds_and_a_letter_on_its_way_after_a_quarter_of_an_hour,
    async |db: Database| {
        all_claimed(&db).await;
        assert!(!free_the_silent(&db).await, "its program is an older one, which says nothing");
        let mut tx = db.begin().await.unwrap();
        tx.say_present("seed", "").await.unwrap();
        tx.commit().await.unwrap();
        assert!(!free_the_silent(&db).await);
        time_passes(&db, 14).await;
        assert!(!free_the_silent(&db).await);
        assert_eq!(free(&db).await, Vec::<&str>::new());
        time_passes(&db, 2).await;
        assert!(free_the_silent(&db).await);
        assert_eq!(free(&db).await, ["stored", "waiting", "released"]);
        time_passes(&db, 870).await;
        assert!(!free_the_silent(&db).await, "it may still write the dot");
        time_passes(&db, 20).await;
        assert!(free_the_silent(&db).await);
        assert_eq!(free(&db).await, ["stored", "waiting", "released", "sending"]);
        assert_eq!(db.number("SELECT COUNT(*) FROM owner").await, 1, "it may wake up");
        let mut tx = db.begin().await.unwrap();
        tx.say_present("seed", "").await.unwrap();
        tx.commit().await.unwrap();
        time_passes(&db, 90_000).await;
        assert!(!free_the_silent(&db).await);
        assert_eq!(db.number("SELECT COUNT(*) FROM owner").await, 0);
    }
);

both!(what_an_owner_that_is_gone_left_is_free_at_once, async |db: Database| {
    all_claimed(&db).await;
    let mut tx = db.begin().await.unwrap();
    tx.say_present("seed", "here").await.unwrap();
    tx.say_present("other", "there").await.unwrap();
    tx.take_lease("daemon", "seed", HOUR).await.unwrap();
    assert_eq!(tx.other_owners("seed").await.unwrap(), [("other".to_owned(), "there".to_owned())]);
    assert_eq!(tx.others_with_claims("other").await.unwrap(), ["seed"]);
    assert!(!tx.owner_is_gone("other").await.unwrap(), "it had no claims");
    assert!(tx.owner_is_gone("seed").await.unwrap());
    assert!(!tx.lease_is_held("daemon").await.unwrap());
    assert_eq!(tx.other_owners("").await.unwrap(), []);
    tx.commit().await.unwrap();
    assert_eq!(free(&db).await, ["stored", "waiting", "released", "sending"]);
});

both!(a_claim_that_ended_for_silence_lets_no_letter_leave, async |db: Database| {
    let message = claimed(&db, "a").await;
    letter(&db, message.id, "received", "released", "nobody").await;
    db.tamper("UPDATE letter SET lease_until = 0, bytes = CAST('' AS BYTES)".replace("BYTES", bytes(&db)).as_str())
        .await;
    let mut tx = db.begin().await.unwrap();
    let claim = tx.claim_letter("seed", HOUR, now()).await.unwrap().expect("it is due");
    assert!(tx.letter_leaves(&claim, now()).await.unwrap());
    tx.letter_given_back(&claim, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(free(&db).await, ["released"], "it did not leave");
    let mut tx = db.begin().await.unwrap();
    let claim = tx.claim_letter("seed", HOUR, now()).await.unwrap().expect("it is free");
    tx.commit().await.unwrap();
    db.tamper("UPDATE letter SET lease_until = 0").await;
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.letter_leaves(&claim, now()).await.unwrap(), "another may take it at any moment");
    let claim = tx.claim_letter("next", HOUR, now()).await.unwrap().expect("it is free");
    assert!(tx.letter_leaves(&claim, now()).await.unwrap());
    tx.commit().await.unwrap();
    db.tamper("UPDATE letter SET lease_until = 0").await;
    let mut tx = db.begin().await.unwrap();
    let in_doubt = tx.claim_letter("seed", HOUR, now()).await.unwrap().expect("it is free");
    tx.letter_given_back(&in_doubt, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(free(&db).await, ["sending"], "what was in doubt before stays so");
});

/// The type of bytes.
fn bytes(db: &Database) -> &'static str {
    match &**db {
        docket::store::Db::Sqlite { .. } => "BLOB",
        docket::store::Db::Postgres(_) => "BYTEA",
    }
}

both!(the_oldest_claim_has_an_age, async |db: Database| {
    let oldest = async || db.snapshot().await.unwrap().oldest_claim().await.unwrap();
    assert_eq!(oldest().await, None);
    let message = claimed(&db, "a").await;
    assert!(oldest().await.unwrap() < Duration::from_mins(1));
    db.tamper("UPDATE message SET lease_since = lease_since - 3600000000").await;
    letter(&db, message.id, "received", "released", "seed").await;
    let age = oldest().await.unwrap();
    assert!(age >= HOUR && age < HOUR + Duration::from_mins(1), "{age:?}");
    db.tamper("UPDATE message SET lease_until = 0").await;
    assert_eq!(oldest().await, None, "since when an older program holds one is not known");
});
