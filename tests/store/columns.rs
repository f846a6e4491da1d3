//! What a row holds that it should not: an error that names the column, the row and the tables, and no value made up.

use docket::{
    core::letter_kind::LetterKind,
    store::{NewLetter, StoreError},
};

use super::seed::{HOUR, acknowledgement, now, read, receive};
use crate::fixture::{Database, both};

both!(what_cannot_be_read_is_named_with_its_row, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    let query = NewLetter { kind: LetterKind::Query, ..acknowledgement(message.id) };
    tx.decide_letter(&acknowledgement(message.id)).await.unwrap().unwrap();
    let id = tx.decide_letter(&query).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    for (broken, column, said) in [
        ("state = 'nowhere'", "state", "“nowhere” is not known here"),
        ("decided_at = 9223372036854775807", "decided_at", "9223372036854775807 is no time"),
        ("held_for = 'x'", "held_for", "“x” is not known here"),
        ("iso3 = 'Norway'", "iso3", "“Norway” is not a three-letter country code"),
    ] {
        db.tamper("UPDATE letter SET state = 'waiting', held_for = NULL, iso3 = NULL, decided_at = 1").await;
        assert!(db.snapshot().await.unwrap().letter(id).await.is_ok(), "it can be read as it was");
        assert_eq!(db.tamper(&format!("UPDATE letter SET {broken} WHERE id = {id}")).await, 1);
        let error = db.snapshot().await.unwrap().letter(id).await.unwrap_err();
        assert!(matches!(error, StoreError::Row(_)) && !error.is_temporary(), "{error:?}");
        let error = error.to_string();
        assert!(error.contains(&format!("“{column}” of the row with id {id}")), "{error}");
        assert!(error.contains("letter, message") && error.contains(said), "{error}");
    }
});

both!(a_column_without_a_name_is_named_by_the_statement, async |db: Database| {
    let message = read(&db, "a", "mission@example.org").await;
    db.tamper("UPDATE message SET received_header = 9223372036854775807").await;
    let error = db.snapshot().await.unwrap().receipt(message.id).await.unwrap_err().to_string();
    assert!(error.contains("“received_header” of a row of message"), "{error}");
    db.tamper("UPDATE message SET received_header = NULL").await;
    let (received, witnesses) = db.snapshot().await.unwrap().receipt(message.id).await.unwrap();
    assert_eq!((received, witnesses.relay), (now(), None));
});

both!(what_is_claimed_is_claimed_though_it_cannot_be_read, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    for name in ["a", "b"] {
        receive(&mut tx, name, name.as_bytes()).await;
    }
    tx.commit().await.unwrap();
    db.tamper("UPDATE message SET received = 9223372036854775807 WHERE number = 1").await;
    let mut tx = db.begin().await.unwrap();
    let claimed = tx.claim_messages("reader", HOUR, 10).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.iter().map(|message| message.received().ok()).collect::<Vec<_>>(), [None, Some(now())]);
    let error = claimed[0].received().unwrap_err().to_string();
    assert!(error.contains(&format!("“received” of the message with id {}", claimed[0].id)), "{error}");
    assert_eq!(db.number("SELECT COUNT(*) FROM message WHERE attempts = 1").await, 2);
});
