//! Decisions of an older version of the program, after the tables have changed.

use docket::{
    core::{actor::Actor, decision::Ruling},
    store::{DecidedOn, ItemRow, NewDecision},
};

use super::seed::{iso3, item, known_call, now, read};
use crate::fixture::{Database, both};

/// What the migration does with rows that are there.
fn statements() -> impl Iterator<Item = &'static str> {
    let migration = include_str!("../../migrations/sqlite/0007_undo.sql");
    assert_eq!(
        migration.split_once("INSERT INTO").map(|(_, rows)| rows),
        include_str!("../../migrations/postgres/0007_undo.sql").split_once("INSERT INTO").map(|(_, rows)| rows),
        "it does the same on both"
    );
    let begin = migration.find("INSERT INTO").expect("it moves rows");
    migration[begin..].split_inclusive(';').filter(|statement| !statement.trim().is_empty())
}

both!(senders_known_of_old_belong_to_a_decision, async |db: Database| {
    let call = known_call(&db).await;
    let message = read(&db, "Contribution", "Mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    let item = item(&mut tx, message.id, 1, call.id, "text").await;
    let decision = NewDecision {
        on: DecidedOn::Item(item),
        ruling: &Ruling::Assigned { states: vec![iso3("CHE")] },
        actor: &Actor::person("Ana"),
        reason: "by telephone",
        at: now(),
        undoes: None,
        answer_before: None,
        letter_before: None,
    };
    let other = tx
        .add_decision(&NewDecision { ruling: &Ruling::Assigned { states: vec![iso3("LIE")] }, ..decision.clone() })
        .await
        .unwrap();
    let decided = tx.add_decision(&decision).await.unwrap();
    let ItemRow { from_address, .. } = tx.item_row(item).await.unwrap();
    let address = from_address.expect("a sender").to_lowercase();
    tx.commit().await.unwrap();
    for (iso3, role, address) in [
        ("CHE", "known_sender", &*address),
        ("CHE", "focal_point", &*address),
        ("FRA", "known_sender", "x@example.org"),
    ] {
        let add = format!("INSERT INTO contact (iso3, role, address) VALUES ('{iso3}', '{role}', '{address}')");
        db.tamper(&add).await;
    }
    for statement in statements() {
        db.tamper(statement).await;
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM known_sender").await, 1);
    assert_eq!(db.number("SELECT decision_id FROM known_sender").await, decided);
    assert_ne!(decided, other);
    assert_eq!(db.number("SELECT COUNT(*) FROM contact").await, 2, "whose decision is not found stays as it was");
    db.tamper("DELETE FROM contact WHERE role = 'focal_point'").await;
    let mut tx = db.begin().await.unwrap();
    let day = "2020-09-01".parse().unwrap();
    assert_eq!(tx.contacts_with_address(&address, day).await.unwrap().len(), 1);
    assert_eq!(tx.contacts_with_address("x@example.org", day).await.unwrap().len(), 1);
    let undo = NewDecision { ruling: &Ruling::Undone, undoes: Some(decided), ..decision };
    tx.add_decision(&undo).await.unwrap();
    assert_eq!(tx.contacts_with_address(&address, day).await.unwrap().len(), 0);
    assert!(tx.add_decision(&undo).await.unwrap_err().is_duplicate(), "a decision is taken back once");
});
