//! Receiving: originals, intake numbers, recognition, and the claims of those who read.

use std::{collections::BTreeSet, time::Duration};

use docket::{
    core::event::{NotAMessage, not_taken::NotTaken},
    store::{MessageState, Stored},
};
use proptest::prelude::*;
use tokio::{runtime::Handle, task};

use super::seed::{HOUR, claimed, message, now, reading, receive, receive_in, sha256};
use crate::fixture::{Database, both};

const PIECE: usize = 1 << 20;

/// Bytes that do not get smaller.
fn noise(length: usize) -> Vec<u8> {
    let mut state = length as u64 | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}

/// Stores bytes in one transaction, and reads them in another.
async fn there_and_back(db: &Database, raw: &[u8]) -> Option<Vec<u8>> {
    let mut tx = db.begin().await.unwrap();
    receive(&mut tx, &sha256(raw), raw).await;
    tx.commit().await.unwrap();
    db.snapshot().await.unwrap().original(&sha256(raw), usize::MAX).await.unwrap()
}

both!(an_original_comes_back_byte_for_byte, async |db: Database| {
    let any = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        (any::<u8>(), 0_usize..300_000).prop_map(|(byte, length)| vec![byte; length]),
        (0_usize..300_000).prop_map(noise),
    ];
    let config = ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() };
    task::block_in_place(|| {
        proptest!(config, |(raw in any)| {
            let back = Handle::current().block_on(there_and_back(&db, &raw));
            prop_assert!(back.as_deref() == Some(&raw[..]), "{} bytes came back as {:?}", raw.len(), back.map(|b| b.len()));
        });
    });
});

both!(an_original_of_several_pieces_comes_back, async |db: Database| {
    for length in [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17] {
        let raw = noise(length);
        assert!(there_and_back(&db, &raw).await == Some(raw), "{length} bytes");
    }
    let raw = noise(3 * PIECE + 17);
    let most = db.number("SELECT MAX(n) FROM original_piece").await;
    assert!(most >= 2, "the largest lies in pieces, and its last is {most}");
    let mut tx = db.snapshot().await.unwrap();
    for first in [0, 1, PIECE, 2 * PIECE + 5] {
        let begins = tx.original(&sha256(&raw), first).await.unwrap().unwrap();
        assert!(begins == raw[..first], "the first {first} bytes");
    }
});

both!(a_damaged_original_is_no_original, async |db: Database| {
    let raw = noise(2 * PIECE);
    there_and_back(&db, &raw).await.unwrap();
    assert_eq!(db.tamper("DELETE FROM original_piece WHERE n = (SELECT MAX(n) FROM original_piece)").await, 1);
    let mut tx = db.snapshot().await.unwrap();
    let original = tx.original(&sha256(&raw), usize::MAX).await;
    let error = original.map(|raw| raw.map(|raw| raw.len())).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert_eq!(tx.original(&sha256(b"never received"), 10).await.unwrap(), None);
});

both!(intake_numbers_have_no_gaps, async |db: Database| {
    for (raw, commits, expected) in [("a", true, 1), ("b", false, 2), ("c", true, 2), ("b", true, 3)] {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(receive(&mut tx, raw, raw.as_bytes()).await, Stored::New(expected), "{raw}");
        if commits {
            tx.commit().await.unwrap();
        }
    }
    let mut receivers = task::JoinSet::new();
    for receiver in 0..4 {
        let db = db.open_again().await;
        receivers.spawn(async move {
            for i in 0..5 {
                let (mut tx, name) = (db.begin().await.unwrap(), format!("{receiver}/{i}"));
                receive(&mut tx, &name, name.as_bytes()).await;
                if i != 2 {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    receivers.join_all().await;
    assert_eq!(db.number("SELECT COUNT(*) FROM message").await, 3 + 4 * 4);
    assert_eq!(db.number("SELECT MAX(number) FROM message").await, 3 + 4 * 4);
    assert_eq!(docket::store::intake_number(19), "M-000019");
});

both!(the_same_message_is_recognised, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(receive(&mut tx, "1.host:2,", b"Subject: a\n\n").await, Stored::New(1));
    assert_eq!(receive(&mut tx, "1.host:2,S", b"Subject: a\n\n").await, Stored::Known(1), "moved out and back");
    assert_eq!(receive(&mut tx, "1.host:2,S", b"Subject: a\n\n").await, Stored::Known(1));
    assert_eq!(receive_in(&mut tx, "another", "1", b"Subject: a\n\n").await.unwrap(), Stored::New(2));
    let entry = tx.entry(1).await.unwrap().unwrap();
    let kinds: Vec<String> =
        tx.events_of_message(entry.id).await.unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["received", "seen_again", "seen_again"]);
    let (inputs, _) = tx.mailbox("inputs", now()).await.unwrap();
    let folder = tx.folder(inputs, "INBOX").await.unwrap();
    assert_eq!(tx.sightings(folder).await.unwrap().into_iter().collect::<BTreeSet<_>>().len(), 2);
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM original").await, 1, "the same bytes are kept once");
});

both!(two_who_receive_the_same_at_once_make_one_row, async |db: Database| {
    let mut receivers = task::JoinSet::new();
    for receiver in 0..4 {
        let db = db.open_again().await;
        receivers.spawn(async move {
            loop {
                let (mut tx, name) = (db.begin().await.unwrap(), format!("seen by {receiver}"));
                match receive_in(&mut tx, "inputs", &name, b"the same").await {
                    Ok(stored) => {
                        tx.commit().await.unwrap();
                        break stored;
                    }
                    Err(error) => assert!(error.is_duplicate(), "{error}"),
                }
            }
        });
    }
    let stored = receivers.join_all().await;
    assert_eq!(stored.iter().filter(|&&stored| stored == Stored::New(1)).count(), 1, "{stored:?}");
    assert_eq!(stored.iter().filter(|&&stored| stored == Stored::Known(1)).count(), 3, "{stored:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM sighting").await, 4);
});

both!(what_is_no_message_is_counted_and_what_failed_is_tried_again, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let (mailbox, first_started) = tx.mailbox("inputs", now()).await.unwrap();
    let folder = tx.folder(mailbox, "INBOX").await.unwrap();
    let torn = NotTaken::Failed { why: "torn".to_owned() };
    for tries in 1..=3 {
        assert_eq!(tx.see_without_message(folder, "a", now(), &torn).await.unwrap(), tries);
    }
    let no_message = NotTaken::NotAMessage(NotAMessage::Folder { name: "b".to_owned() });
    tx.see_without_message(folder, "b", now(), &no_message).await.unwrap();
    assert_eq!(tx.sightings(folder).await.unwrap(), ["b"]);
    let tried = tx.count_attempt(folder, "a", now(), None).await.unwrap().unwrap();
    assert_eq!((tried.failures, tried.interruptions()), (3, 0), "the program ended over none of them");
    receive(&mut tx, "a", b"whole now").await;
    assert_eq!(tx.sightings(folder).await.unwrap().into_iter().collect::<BTreeSet<_>>().len(), 2);

    let later = now() + HOUR;
    assert_eq!(tx.mailbox("inputs", later).await.unwrap(), (mailbox, first_started), "it was first watched then");
    assert_eq!(tx.mailboxes().await.unwrap(), [("inputs".to_owned(), None)]);
    tx.folder_read(folder, later).await.unwrap();
    assert_eq!(tx.mailboxes().await.unwrap(), [("inputs".to_owned(), Some(later))]);
});

both!(no_message_is_claimed_twice, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    receive(&mut tx, "the first", b"the first").await;
    tx.commit().await.unwrap();
    db.tamper("ANALYZE").await;
    let mut tx = db.begin().await.unwrap();
    for i in 1..60 {
        receive(&mut tx, &format!("{i}"), format!("{i}").as_bytes()).await;
    }
    tx.commit().await.unwrap();
    let mut readers = task::JoinSet::new();
    for reader in 0..4 {
        let db = db.open_again().await;
        readers.spawn(async move {
            let mut numbers = Vec::new();
            loop {
                let mut tx = db.begin().await.unwrap();
                let claimed = tx.claim_messages(&format!("reader {reader}"), HOUR, 3).await.unwrap();
                // Others claim while this claim is not committed.
                task::yield_now().await;
                tx.commit().await.unwrap();
                assert!(claimed.len() <= 3, "{} at once", claimed.len());
                assert!(claimed.is_sorted_by_key(|message| message.number));
                if claimed.is_empty() {
                    break numbers;
                }
                numbers.extend(claimed.iter().map(|message| message.number));
            }
        });
    }
    let mut numbers = readers.join_all().await.concat();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
});

both!(a_claim_is_given_back_retried_or_runs_out, async |db: Database| {
    let first = claimed(&db, "a").await;
    assert_eq!((first.attempts, first.epoch), (1, 1));
    let claim = async |how_long: Duration| {
        let mut tx = db.begin().await.unwrap();
        let claimed = tx.claim_messages("next", how_long, 10).await.unwrap().pop();
        tx.commit().await.unwrap();
        claimed
    };
    assert!(claim(HOUR).await.is_none(), "another is at it");

    let mut tx = db.begin().await.unwrap();
    tx.give_back(&first, "seed").await.unwrap();
    tx.commit().await.unwrap();
    let second = claim(HOUR).await.unwrap();
    assert_eq!((second.attempts, second.epoch), (1, 2), "what was given back was no attempt");

    let mut tx = db.begin().await.unwrap();
    tx.leave_for_retry(&second, "the child died").await.unwrap();
    assert_eq!(tx.entry(1).await.unwrap().unwrap().state_reason.as_deref(), Some("the child died"));
    tx.commit().await.unwrap();
    let third = claim(HOUR).await.unwrap();
    assert_eq!((third.attempts, third.failures, third.epoch), (2, 1, 3));

    assert_eq!(db.tamper("UPDATE message SET lease_until = 1").await, 1);
    let fourth = claim(HOUR).await.unwrap();
    assert_eq!((fourth.attempts, fourth.epoch), (3, 4), "its reader was not heard of again");

    let (mut tx, parsed) = (db.begin().await.unwrap(), message("a", "mission@example.org"));
    tx.give_back(&third, "next").await.unwrap();
    tx.leave_for_retry(&third, "late").await.unwrap();
    assert!(!tx.set_read(&third, &reading(&parsed), now()).await.unwrap(), "a lost claim does nothing");
    assert!(!tx.set_parked(&third, &parsed, "late", now()).await.unwrap());
    assert!(tx.claim_messages("next", HOUR, 10).await.unwrap().is_empty(), "nor does it free the message");
    assert_eq!(tx.unread().await.unwrap(), 1);
    tx.give_back(&fourth, "another").await.unwrap();
    assert!(tx.claim_messages("next", HOUR, 10).await.unwrap().is_empty(), "a claim of that number that is another's");
    assert!(tx.set_read(&fourth, &reading(&parsed), now()).await.unwrap());
    assert_eq!(tx.unread().await.unwrap(), 0);
    assert!(!tx.set_read(&fourth, &reading(&parsed), now()).await.unwrap(), "it is read once");
    tx.commit().await.unwrap();
    assert!(claim(HOUR).await.is_none());
});

both!(a_parked_message_says_why, async |db: Database| {
    let claimed = claimed(&db, "poison").await;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.set_parked(&claimed, &message("poison", "a@example.org"), "It cannot be read.", now()).await.unwrap());
    tx.commit().await.unwrap();
    let entry = db.snapshot().await.unwrap().entry(1).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.state_reason.as_deref()), (MessageState::Parked, Some("It cannot be read.")));
    assert_eq!((entry.from_address.as_deref(), entry.relevance), (Some("a@example.org"), None));
});
