//! A database that knows less than the mark outside of it.

use docket::{
    core::letter_kind::{LetterKind, Occasion},
    store::{LetterState, Lost, NewLetter},
};

use super::seed::{HOUR, at, now, read, receive_at};
use crate::fixture::{Database, both};

both!(a_database_is_held_against_the_newest_word_of_any_instance, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    tx.alive("one", now()).await.unwrap();
    tx.alive("other", now() + HOUR).await.unwrap();
    tx.alive("one", now() + HOUR / 2).await.unwrap();
    for mark in [now() - HOUR, now() + HOUR / 2, now() + HOUR] {
        assert_eq!(tx.held_against(mark, now() + HOUR).await.unwrap(), None, "{mark}");
    }
    assert_eq!(tx.lost(now()).await.unwrap(), None);
    let lost = Lost { known_until: Some(now() + HOUR) };
    assert_eq!(tx.held_against(now() + 2 * HOUR, now() + 3 * HOUR).await.unwrap(), Some(lost));
    assert_eq!(
        lost.hold().phrase().plain(),
        "The database was restored from a backup of 2020-09-01 11:00:00 UTC; it may have been sent before."
    );
    for (received, expected) in [(now(), Some(lost)), (now() + 2 * HOUR, Some(lost)), (now() + 3 * HOUR, None)] {
        assert_eq!(tx.lost(received).await.unwrap(), expected, "{received}");
    }
    tx.alive("one", now() + 3 * HOUR).await.unwrap();
    assert_eq!(tx.held_against(now() + 3 * HOUR, now() + 3 * HOUR).await.unwrap(), None, "noticed once");
    tx.commit().await.unwrap();
});

both!(what_surely_came_after_it_was_noticed_was_not_answered_before, async |db: Database| {
    let second = std::time::Duration::from_secs(1);
    let noticed = at("2020-09-01T12:00:00.4Z");
    let mut tx = db.begin().await.unwrap();
    tx.alive("one", now()).await.unwrap();
    tx.held_against(noticed - second, noticed).await.unwrap().expect("it is older");
    let (mailbox, _) = tx.mailbox("inputs", now()).await.unwrap();
    let folder = tx.folder(mailbox, "INBOX").await.unwrap();
    // By the clock of a mail server that is ahead, what was answered before may have come after.
    let [noon, later] = [at("2020-09-01T12:00:00Z"), at("2020-09-01T12:00:30Z")];
    assert!(lost(&mut tx, "1", later).await, "all that lay there was not looked at yet");
    tx.folder_read(folder, noticed - second).await.unwrap();
    assert!(lost(&mut tx, "2", later).await, "that was before");
    tx.folder_read(folder, noticed).await.unwrap();
    assert!(!lost(&mut tx, "3", later).await);
    assert!(!lost(&mut tx, "4", noon).await, "the times of mail have whole seconds");
    assert!(lost(&mut tx, "5", noon - second).await, "what people put back into the folder came before");
    assert!(lost_to(&mut tx, "1").await, "and what is known stays as it is");
    // Put back once more, from a backup that knows of the first time.
    tx.alive("one", noticed).await.unwrap();
    tx.held_against(later + 2 * second, later + 3 * second).await.unwrap().expect("it is older again");
    assert!(lost_to(&mut tx, "3").await, "it came before that");
    assert!(lost(&mut tx, "6", later + 4 * second).await);
    tx.folder_read(folder, later + 4 * second).await.unwrap();
    assert!(!lost(&mut tx, "7", later + 4 * second).await);
});

/// Stores a message that was delivered then, and says whether it may have been answered before.
async fn lost(tx: &mut docket::store::Tx, name: &str, delivered: jiff::Timestamp) -> bool {
    receive_at(tx, name, delivered).await;
    lost_to(tx, name).await
}

/// The same of one that is known; each is named by its number.
async fn lost_to(tx: &mut docket::store::Tx, name: &str) -> bool {
    let message = tx.entry(name.parse().unwrap()).await.unwrap().expect("a message").id;
    tx.lost_to(message).await.unwrap().is_some()
}

both!(a_new_database_knows_nothing, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let lost = Lost { known_until: None };
    assert_eq!(tx.held_against(now(), now()).await.unwrap(), Some(lost));
    assert_eq!(tx.lost(now()).await.unwrap(), Some(lost));
    assert!(lost.hold().phrase().plain().ends_with("it may have been sent before."));
});

both!(every_letter_that_may_have_left_is_held, async |db: Database| {
    let mut ids = Vec::new();
    for name in ["waiting", "released", "sending", "sent", "discarded", "failed"] {
        let message = read(&db, name, "mission@example.org").await;
        let letter = NewLetter {
            occasion: Occasion::Message { message: message.id, decision: None },
            call: None,
            kind: LetterKind::Acknowledgement,
            facts: "{}",
            language: "fr",
            template: "1",
            recipient: "mission@example.org",
            recipient_name: None,
            subject: "Accusé de réception",
            body: "Reçu.",
            guard_revision: Some(0),
            not_before: at("2020-09-02T00:00:00Z"),
            held: None,
            at: now(),
        };
        let mut tx = db.begin().await.unwrap();
        ids.push((name, tx.decide_letter(&letter).await.unwrap().expect("it is decided")));
        tx.commit().await.unwrap();
    }
    for (state, id) in &ids {
        db.tamper(&format!("UPDATE letter SET state = '{state}' WHERE id = {id}")).await;
    }
    let mut tx = db.begin().await.unwrap();
    let claimed = tx.claim_letter("post", HOUR, at("2020-09-03T00:00:00Z")).await.unwrap().expect("one is due");
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let lost = tx.held_against(now() + HOUR, now() + HOUR).await.unwrap().expect("it is older");
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.letter_ends(&claimed, now(), LetterState::Failed, "late").await.unwrap(), "the claim on it is lost");
    for (state, id) in ids {
        let row = tx.letter(id).await.unwrap().expect("a letter");
        let open = ["waiting", "released", "sending"].contains(&state);
        assert_eq!(row.state == LetterState::Held, open, "{state}");
        assert_eq!(row.reason == Some(lost.hold().phrase().plain()), open, "{state}");
        let events = tx.events_of_message(row.message_id.unwrap()).await.unwrap();
        assert_eq!(events.iter().any(|event| event.kind == "letter_held"), open);
    }
});
