//! Decisions of an older version of the program, after the tables have changed.

use docket::{
    core::{
        actor::Actor,
        decision::{Act, Ruling},
    },
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

both!(decisions_of_before_are_the_same, async |db: Database| {
    let message = "INSERT INTO message (number, mailbox_id, identity, identity_version, sha256, size, received, clock,
             first_seen, state, attempts, lease_until, epoch, revision, read_at)
         VALUES (1, 1, '1', 1, '00', 1, 100, 'first_seen', 5, 'read', 1, 0, 1, 0, 10)";
    let place = |closed: &str| {
        format!(
            "INSERT INTO place (submission_id, item_id, kind, n, received, number, item_n, legible, opened_by, since, {closed})
             VALUES (1, 1, 'version', 1, 100, 1, 1, 'read', 1, 20, 2, 30)"
        )
    };
    let rows = [
        "INSERT INTO mailbox (name, first_started) VALUES ('inputs', 1)".to_owned(),
        "INSERT INTO call (code, reference) VALUES ('one', 'ONE')".to_owned(),
        "INSERT INTO original (sha256, size) VALUES ('00', 1)".to_owned(),
        "INSERT INTO submission (call_id, reference, party, kind) VALUES (1, 'ONE-0001', 'CHE', 'member_state')".to_owned(),
        message.to_owned(),
        "INSERT INTO item (message_id, n, call_id, decision, kind, score) VALUES (1, 1, 1, 'review', 'ambiguous', 1)".to_owned(),
        "INSERT INTO decision (item_id, kind, value, actor, reason, at, answer_before, letter_before)
         VALUES (1, 'assign', 'CHE', 'Ana', 'by telephone', 20, 'why', 'received')"
            .to_owned(),
        "INSERT INTO decision (item_id, kind, value, actor, reason, at, undoes) VALUES (1, 'undo', '', 'Bo', 'no', 30, 1)"
            .to_owned(),
        "INSERT INTO item_past (item_id, decision_id, until, kind) VALUES (1, 1, 20, 'ambiguous')".to_owned(),
        "INSERT INTO known_sender (decision_id, iso3, address) VALUES (1, 'CHE', 'a@eda.admin.ch')".to_owned(),
        place("closed_by, until"),
    ];
    let old = Database::of_before(db.kind(), 30, &rows).await;
    let mut tx = old.begin().await.unwrap();
    let [decided] = &tx.decisions(1).await.unwrap()[..] else { panic!("one decision") };
    assert_eq!((decided.id, decided.item_id, decided.actor.name(), decided.stands()), (1, Some(1), "Ana", false));
    assert_eq!(decided.ruling().unwrap(), Ruling::Assigned { states: vec![iso3("CHE")] });
    assert_eq!((decided.undone_reason.as_deref(), decided.consequences().unwrap()), (Some("no"), None));
    assert!(tx.past(1).await.unwrap().is_some());
    let next = NewDecision {
        on: DecidedOn::State { call: 1, state: iso3("FRA") },
        ruling: &Ruling::Act(Act::Decline { states: vec![iso3("FRA")] }),
        actor: &Actor::person("Ana"),
        reason: "by telephone",
        at: now(),
        undoes: None,
        answer_before: None,
        letter_before: None,
    };
    assert_eq!(tx.add_decision(&next).await.unwrap(), 3, "numbers go on");
    let [on_state] = &tx.decisions_on(1, iso3("FRA")).await.unwrap()[..] else { panic!("one decision") };
    assert_eq!((on_state.id, on_state.item_id), (3, None));
    assert_eq!(tx.decisions(1).await.unwrap().len(), 1, "it is on no item");
    tx.commit().await.unwrap();
});
