//! Events: what happened, each bound to its payload by a commitment.

use docket::{
    core::{
        actor::Actor,
        event::{
            Event,
            payload::Happened::{self, Erased, Prose, Unreadable},
        },
        finding::Finding,
    },
    store::{About, Db, Recorded, Tx, statements},
};
use sha2::{Digest, Sha256};

use super::seed::{HOUR, claimed, nothing, now, receive};
use crate::fixture::{Database, both};

type Sealed = (String, Vec<u8>, Vec<u8>);

/// An event that says that.
fn said(what: &str) -> Event {
    Event::Alarm { path: "bell".to_owned(), said: what.to_owned() }
}

/// The events of a message behind its receipt.
async fn behind(tx: &mut Tx, message: i64) -> Vec<Recorded> {
    tx.events_of_message(message).await.unwrap().into_iter().skip(1).collect()
}

/// What was is kept in tables of its own: whoever asks for events of a kind asks for words that may change.
#[test]
fn no_statement_asks_for_a_kind_of_event() {
    for (name, sql) in statements() {
        for text in [sql.sqlite, sql.postgres] {
            let of_events = text.contains("FROM event") || text.contains("JOIN event");
            assert!(!of_events || !(text.contains("kind =") || text.contains("kind IN")), "{name}: {text}");
        }
    }
}

both!(a_commitment_is_the_hash_of_salt_and_payload, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    for i in 0..3 {
        receive(&mut tx, &format!("{i}"), format!("{i}").as_bytes()).await;
    }
    let event = said("Décidé: „Genève“ \0 \u{202e}");
    tx.record(now(), About::message(1), &Actor::person("Ana"), &event).unwrap();
    tx.commit().await.unwrap();
    let query = "SELECT payload, salt, commitment FROM event ORDER BY id";
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
    assert_eq!(
        rows[3].0, "{\"kind\":\"alarm\",\"path\":\"bell\",\"said\":\"Décidé: „Genève“ \\u0000 \u{202e}\",\"v\":1}",
        "the canonical text, byte for byte"
    );
    let shown = db.snapshot().await.unwrap().events_of_message(1).await.unwrap();
    let last = shown.last().unwrap();
    assert_eq!((&last.what, &last.actor), (&Happened::Event(event), &Actor::person("Ana")));
});

both!(the_events_of_a_message_come_in_order, async |db: Database| {
    let message = claimed(&db, "a").await;
    let mut tx = db.begin().await.unwrap();
    for (hours, what, about) in [
        (2, "later", About::message(message.id)),
        (1, "sooner", About::message(message.id)),
        (2, "last", About::message(message.id)),
        (1, "elsewhere", About::default()),
    ] {
        tx.record(now() + hours * HOUR, about, &Actor::Program, &said(what)).unwrap();
    }
    tx.commit().await.unwrap();
    db.tamper("UPDATE event SET payload = NULL, salt = NULL WHERE payload LIKE '%later%'").await;
    let events = behind(&mut db.snapshot().await.unwrap(), message.id).await;
    let shown: Vec<_> = events.iter().map(|event| (event.kind.as_str(), &event.what)).collect();
    let [sooner, last] = ["sooner", "last"].map(|what| Happened::Event(said(what)));
    assert_eq!(shown, [("alarm", &sooner), ("alarm", &Erased), ("alarm", &last)]);
    assert_eq!((events[0].at, &events[0].actor), (now() + HOUR, &Actor::Program));
});

both!(a_row_that_cannot_be_read_hides_no_other, async |db: Database| {
    let message = claimed(&db, "a").await;
    let id = message.id;
    // As a program before facts wrote it, and what time and hands may do to rows.
    for (at, kind, payload) in [
        (1, "read", r#"{"what":"Read: input, „2“ files."}"#),
        (2, "read", r#"{"what":"Read"#),
        (3, "read", r#"{"items":1,"kind":"read","v":2}"#),
        (4, "from_the_future", r#"{"kind":"from_the_future","v":1}"#),
        (5, "purged", r#"{"kind":"alarm","path":"bell","said":"","v":1}"#),
        (6, "purged", r#"{"kind":"purged","said":"more","v":1}"#),
        (7, "purged", r#"{ "kind":"purged","v":1}"#),
        (8, "purged", r#"{"kind":"purged","v":1}"#),
    ] {
        db.tamper(&format!(
            "INSERT INTO event (at, kind, message_id, actor, payload, commitment)
             VALUES ({at}, '{kind}', {id}, 'Ana', '{payload}', {})",
            nothing(&db)
        ))
        .await;
    }
    db.tamper("UPDATE event SET at = 9223372036854775807 WHERE kind = 'received'").await;
    let mut tx = db.snapshot().await.unwrap();
    let events = tx.events_of_message(id).await.unwrap();
    assert_eq!(events.len(), 9);
    assert_eq!(events[0].what, Prose("Read: input, „2“ files.".to_owned()));
    assert_eq!((events[0].kind.as_str(), &events[0].actor), ("read", &Actor::person("Ana")));
    assert_eq!(events[7].what, Happened::Event(Event::Purged));
    for (event, why) in events[1..7].iter().zip(["EOF", "version", "from_the_future", "“purged”", "more", "canonical"])
    {
        let Unreadable(said) = &event.what else { panic!("{event:?}") };
        assert!(said.contains(why), "{said}");
        let shown = event.what.phrase(event.id).plain();
        assert!(shown.contains(&format!("cannot be read: event {}: ", event.id)), "{shown}");
    }
    assert!(matches!(events[8].what, Unreadable(_)), "its time is none: {:?}", events[8]);
});

both!(what_a_transaction_adds_it_sees_and_with_it_is_gone, async |db: Database| {
    let message = claimed(&db, "a").await;
    let before = db.number("SELECT COUNT(*) FROM event").await;
    for commits in [false, true] {
        let mut tx = db.begin().await.unwrap();
        for what in ["one", "two"] {
            tx.record(now() + HOUR, About::message(message.id), &Actor::Program, &said(what)).unwrap();
            let found = Finding::Correction([format!("\0 „{what}“")].into());
            tx.add_finding(message.id, None, &found, now()).unwrap();
        }
        let seen = behind(&mut tx, message.id).await;
        let seen: Vec<_> = seen.into_iter().map(|event| event.what).collect();
        assert_eq!(seen, ["one", "two"].map(|what| Happened::Event(said(what))));
        let found = tx.findings(message.id).await.unwrap().corrections().unwrap();
        assert_eq!(found, ["\0 „one“", "\0 „two“"].map(str::to_owned).into());
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
