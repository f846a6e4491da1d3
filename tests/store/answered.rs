//! The entry that a message answers, and the texts of what stands.

use docket::{
    core::{file::Role, judging::matching::Kind, submission::PartyKey},
    store::{Id, KnownCall, Tx},
};

use super::{
    places::put,
    seed::{acknowledgement, file, iso3, item, known_call, read},
};
use crate::fixture::{Database, both};

/// The entry of a state.
async fn entry_of(tx: &mut Tx, call: &KnownCall, state: &str) -> Id {
    let party = PartyKey::States(vec![iso3(state)]);
    match tx.submission_of(call.id, &party).await.unwrap() {
        Some(there) => there.id,
        None => tx.open_submission(call.id, "GCM-ECE-2020", &party, Kind::MemberState).await.unwrap().id,
    }
}

/// A message whose items are filed for a state each, and the letter that answered it; yields its row and its first item.
async fn filed(db: &Database, call: &KnownCall, name: &str, states: &[&str]) -> (Id, Id) {
    let message = read(db, name, "mission@example.org").await;
    let (mut tx, mut items) = (db.begin().await.unwrap(), Vec::new());
    for (n, state) in (1..).zip(states) {
        let item = item(&mut tx, message.id, n, call.id, &format!("{name}/{n}")).await;
        let there = entry_of(&mut tx, call, state).await;
        put(&mut tx, there, (item, n), None).await;
        items.push(item);
    }
    let letter = tx.decide_letter(&acknowledgement(message.id)).await.unwrap().expect("it is new");
    tx.commit().await.unwrap();
    db.tamper(&format!("UPDATE letter SET rfc_message_id = '{name}@letters.example' WHERE id = {letter}")).await;
    (message.id, items[0])
}

both!(a_letter_leads_to_the_entry_that_it_was_about, async |db: Database| {
    let call = known_call(&db).await;
    let (message, _) = filed(&db, &call, "one", &["CHE"]).await;
    filed(&db, &call, "two", &["CHE", "USA"]).await;
    let mut tx = db.snapshot().await.unwrap();
    let by_letter = tx.entry_of_letter("one@letters.example").await.unwrap().expect("it is ours");
    assert_eq!((by_letter.submission.reference.as_str(), by_letter.about), ("GCM-ECE-2020-0001", Some(message)));
    assert_eq!(tx.entry_of_number(1).await.unwrap(), Some(by_letter.clone()));
    let by_reference = tx.entry_of_reference("GCM-ECE-2020-0001").await.unwrap().expect("it is taken");
    assert_eq!((&by_reference.submission, by_reference.about), (&by_letter.submission, None));
    assert_eq!(tx.entry_of_letter("two@letters.example").await.unwrap(), None, "it was about two entries");
    assert_eq!(tx.entry_of_letter("another@example.org").await.unwrap(), None, "it is none of ours");
    assert_eq!(tx.entry_of_number(2).await.unwrap(), None);
    assert_eq!(tx.entry_of_number(99).await.unwrap(), None);
    assert_eq!(tx.entry_of_reference("GCM-ECE-2020-0099").await.unwrap(), None);
});

both!(the_main_text_is_that_of_the_document_else_of_the_mail, async |db: Database| {
    let call = known_call(&db).await;
    let (message, item) = filed(&db, &call, "one", &["CHE"]).await;
    let mut tx = db.begin().await.unwrap();
    let kept = tx.main_text(item).await.unwrap().expect("the item is there");
    assert_eq!((kept.message, kept.number, kept.document), (message, 1, None));
    assert_eq!(kept.body.as_deref(), Some("Veuillez trouver ci-joint notre contribution."));
    tx.add_file(message, Some(item), 1, &file("annex.pdf", "An annex."), Role::Annex).await.unwrap();
    tx.add_file(message, Some(item), 2, &file("input.pdf", "The input."), Role::Main).await.unwrap();
    let kept = tx.main_text(item).await.unwrap().expect("the item is there");
    assert_eq!(kept.document.as_deref(), Some("The input."));
    assert_eq!(tx.main_text(item + 99).await.unwrap(), None);
});
