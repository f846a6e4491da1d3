//! Events: what happened, each bound to its payload by a commitment.

use docket::store::{About, DOCKET, Db, Event};
use sha2::{Digest, Sha256};

use super::seed::{HOUR, claimed, now, receive};
use crate::fixture::{Database, both};

type Sealed = (String, Vec<u8>, Vec<u8>);

both!(a_commitment_is_the_hash_of_salt_and_payload, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    for i in 0..3 {
        receive(&mut tx, &format!("{i}"), format!("{i}").as_bytes()).await;
    }
    let what = "Décidé: „Genève“ \0 \u{202e}".to_owned();
    let event = Event { at: now(), kind: "decided", about: About::message(1), actor: "Ana", what: what.clone() };
    tx.record(event).unwrap();
    tx.commit().await.unwrap();
    let query = "SELECT payload, salt, commitment FROM event";
    let rows: Vec<Sealed> = match &*db {
        Db::Sqlite { reader, .. } => sqlx::query_as(query).fetch_all(reader).await.unwrap(),
        Db::Postgres(_) => sqlx::query_as(query).fetch_all(db.behind()).await.unwrap(),
    };
    assert_eq!(rows.len(), 4);
    for (payload, salt, commitment) in &rows {
        assert_eq!(salt.len(), 32);
        let hash = Sha256::new().chain_update(salt).chain_update(payload).finalize();
        assert_eq!(hash[..], commitment[..], "{payload}");
    }
    let salts: std::collections::BTreeSet<_> = rows.iter().map(|(_, salt, _)| salt).collect();
    assert_eq!(salts.len(), 4, "every event has a salt of its own");
    let shown = db.snapshot().await.unwrap().events_of_message(1).await.unwrap();
    assert_eq!(shown.last().unwrap().what, what);
});

both!(the_events_of_a_message_come_in_order, async |db: Database| {
    let message = claimed(&db, "a").await;
    let mut tx = db.begin().await.unwrap();
    for (hours, kind, about) in [
        (2, "later", About::message(message.id)),
        (1, "sooner", About::message(message.id)),
        (2, "last", About::message(message.id)),
        (1, "elsewhere", About::default()),
    ] {
        let what = kind.to_owned();
        tx.record(Event { at: now() + hours * HOUR, kind, about, actor: DOCKET, what }).unwrap();
    }
    tx.commit().await.unwrap();
    db.tamper("UPDATE event SET payload = NULL, salt = NULL WHERE kind = 'later'").await;
    let events = db.snapshot().await.unwrap().events_of_message(message.id).await.unwrap();
    let shown: Vec<_> = events.iter().skip(1).map(|event| (event.kind.as_str(), event.what.as_str())).collect();
    assert_eq!(shown, [("sooner", "sooner"), ("later", "(erased)"), ("last", "last")]);
    assert_eq!((events[1].at, events[1].actor.as_str()), (now() + HOUR, DOCKET));
});

both!(what_a_transaction_adds_it_sees_and_with_it_is_gone, async |db: Database| {
    let message = claimed(&db, "a").await;
    let before = db.number("SELECT COUNT(*) FROM event").await;
    for commits in [false, true] {
        let mut tx = db.begin().await.unwrap();
        for what in ["one", "two"] {
            let about = About::message(message.id);
            tx.record(Event { at: now() + HOUR, kind: what, about, actor: DOCKET, what: what.to_owned() }).unwrap();
            tx.add_finding(message.id, None, what, &"\0 „found“", now()).unwrap();
        }
        let seen = tx.events_of_message(message.id).await.unwrap();
        assert_eq!(seen.iter().rev().take(2).map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["two", "one"]);
        let found: Vec<_> = tx.findings(message.id).await.unwrap().into_iter().map(|(_, kind, _)| kind).collect();
        assert_eq!(found, ["one", "two"]);
        if commits {
            tx.commit().await.unwrap();
        } else {
            tx.roll_back().await.unwrap();
        }
        let added = if commits { 2 } else { 0 };
        assert_eq!(db.number("SELECT COUNT(*) FROM event").await, before + added);
        assert_eq!(db.number("SELECT COUNT(*) FROM finding").await, added);
    }
});
