//! Filing: one submission for a party, a reference without gaps, versions, duplicates, withdrawals.

use docket::{
    core::{calls::standing::Standing, judging::matching::Kind},
    store::{Claimed, Db, Filed, Filing, Id, Input, KnownCall, Party, StoreError, Tx},
};

use super::seed::{HOUR, iso3, item, known_call, now, read};
use crate::fixture::{Database, both};

fn states(codes: &[&str]) -> Party {
    Party::States(codes.iter().map(|code| iso3(code)).collect())
}

async fn file(tx: &mut Tx, call: &KnownCall, party: Party, item: Id, key: Option<&str>) -> Result<Filed, StoreError> {
    let filing = Filing {
        call: call.id,
        prefix: "GCM-ECE-2020",
        party,
        input: Input { item, kind: Kind::MemberState, content_key: key, received: now() },
        standing: Standing::OnTime,
        deadline_version: call.deadline_version,
        at: now(),
    };
    tx.file_input(&filing).await
}

/// A message with so many items, whose texts are all different.
async fn items(db: &Db, call: &KnownCall, name: &str, count: i64) -> (Claimed, Vec<Id>) {
    let message = read(db, name, "mission@example.org").await;
    let (mut tx, mut items) = (db.begin().await.unwrap(), Vec::new());
    for n in 1..=count {
        items.push(item(&mut tx, message.id, n, call.id, &format!("{name}/{n}")).await);
    }
    tx.commit().await.unwrap();
    (message, items)
}

/// A version that replaces the one before it, if there is one.
fn filed(reference: &str, version: u32, duplicate_of: Option<Id>) -> Filed {
    let replaces = Some(version - 1).filter(|before| *before > 0 && duplicate_of.is_none());
    Filed { reference: reference.to_owned(), version, replaces, duplicate_of }
}

both!(a_party_has_one_submission_with_versions, async |db: Database| {
    let call = known_call(&db).await;
    let (_, items) = items(&db, &call, "a", 6).await;
    let mut tx = db.begin().await.unwrap();
    let one = file(&mut tx, &call, states(&["CHE"]), items[0], Some("k1")).await.unwrap();
    assert_eq!(one, filed("GCM-ECE-2020-0001", 1, None));
    let two = file(&mut tx, &call, states(&["CHE"]), items[1], Some("k2")).await.unwrap();
    assert_eq!(two, filed("GCM-ECE-2020-0001", 2, None), "a correction");
    let joint = file(&mut tx, &call, states(&["USA", "CHE"]), items[2], Some("k1")).await.unwrap();
    assert_eq!(joint, filed("GCM-ECE-2020-0002", 1, None), "several together are a party of their own");
    let turned = file(&mut tx, &call, states(&["CHE", "USA", "CHE"]), items[3], Some("k4")).await.unwrap();
    assert_eq!(turned, filed("GCM-ECE-2020-0002", 2, None), "in whatever order");
    let sender = Party::Sender("Office@NGO.example".to_owned());
    assert_eq!(file(&mut tx, &call, sender, items[4], None).await.unwrap(), filed("GCM-ECE-2020-0003", 1, None));
    let sender = Party::Sender("office@ngo.example".to_owned());
    let other = file(&mut tx, &call, sender, items[5], None).await.unwrap();
    assert_eq!(other, filed("GCM-ECE-2020-0003", 2, None), "no text to compare makes no duplicate");
    tx.commit().await.unwrap();

    let registration = db.snapshot().await.unwrap().registration(items[3]).await.unwrap().unwrap();
    assert_eq!((registration.reference.as_str(), registration.version), ("GCM-ECE-2020-0002", 2));
    assert_eq!((registration.states, registration.standing), (vec![iso3("CHE"), iso3("USA")], Standing::OnTime));
    assert_eq!(registration.last_day, jiff::civil::date(2020, 9, 30));
});

both!(the_same_content_once_more_is_a_duplicate, async |db: Database| {
    let call = known_call(&db).await;
    let message = read(&db, "a", "mission@example.org").await;
    let mut tx = db.begin().await.unwrap();
    let mut ids = Vec::new();
    for (n, key) in (1..).zip(["one", "two", "one"]) {
        ids.push(item(&mut tx, message.id, n, call.id, key).await);
    }
    let che = || states(&["CHE"]);
    assert_eq!(file(&mut tx, &call, che(), ids[0], Some("one")).await.unwrap().version, 1);
    assert_eq!(file(&mut tx, &call, che(), ids[1], Some("two")).await.unwrap().version, 2);
    let again = file(&mut tx, &call, che(), ids[2], Some("one")).await.unwrap();
    assert_eq!(again, filed("GCM-ECE-2020-0001", 1, Some(ids[0])), "it repeats the first version");
    assert!(tx.registration(ids[2]).await.unwrap().is_none(), "and makes none");

    assert_eq!(tx.withdraw_versions(ids[0], now() + HOUR).await.unwrap(), 1);
    assert_eq!(tx.withdraw_versions(ids[0], now() + HOUR).await.unwrap(), 0, "once");
    assert!(tx.registration(ids[0]).await.unwrap().is_none());
    let again = file(&mut tx, &call, che(), ids[2], Some("one")).await.unwrap();
    assert_eq!(again, filed("GCM-ECE-2020-0001", 3, None), "what was withdrawn is not repeated, and keeps its number");
    assert_eq!(tx.withdraw_versions(ids[2], now() + HOUR).await.unwrap(), 1);
    let third = file(&mut tx, &call, che(), ids[2], Some("one")).await.unwrap();
    assert_eq!((third.version, third.replaces), (4, Some(2)), "what was withdrawn did not stand before it");
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM version").await, 4, "it stays on record");
});

both!(references_have_no_gaps, async |db: Database| {
    let call = known_call(&db).await;
    let (_, ids) = items(&db, &call, "a", 21).await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(file(&mut tx, &call, states(&["CHE"]), ids[20], None).await.unwrap().reference, "GCM-ECE-2020-0001");
    drop(tx);
    let mut readers = tokio::task::JoinSet::new();
    for ids in ids[..20].chunks(5).map(<[Id]>::to_vec) {
        let (db, call) = (db.open_again().await, call.clone());
        readers.spawn(async move {
            for id in ids {
                let (mut tx, party) = (db.begin().await.unwrap(), Party::Sender(format!("{id}@example.org")));
                file(&mut tx, &call, party, id, None).await.unwrap();
                if id % 5 != 0 {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    readers.join_all().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM submission").await, 16);
    assert_eq!(db.number("SELECT COUNT(*) FROM submission WHERE reference <= 'GCM-ECE-2020-0016'").await, 16);
});

both!(two_who_file_for_one_party_at_once_make_one_submission, async |db: Database| {
    let call = known_call(&db).await;
    let (_, ids) = items(&db, &call, "a", 4).await;
    let mut readers = tokio::task::JoinSet::new();
    for id in ids {
        let (db, call) = (db.open_again().await, call.clone());
        readers.spawn(async move {
            loop {
                let mut tx = db.begin().await.unwrap();
                match file(&mut tx, &call, states(&["CHE"]), id, Some(&format!("{id}"))).await {
                    Ok(filed) => {
                        tx.commit().await.unwrap();
                        break filed;
                    }
                    Err(error) => assert!(error.is_duplicate(), "{error}"),
                }
            }
        });
    }
    let mut versions: Vec<u32> = readers.join_all().await.into_iter().map(|filed| filed.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(db.number("SELECT COUNT(*) FROM submission WHERE reference = 'GCM-ECE-2020-0001'").await, 1);
});
