//! What is wanted after intake, the copies of letters, and what is found missing: the rows on both databases.

use std::time::Duration;

use docket::store::{
    After,
    Disposition::{Failed, Parked, Stored as Logged},
    Id, Stored, Tx,
};

use super::seed::{gone, not_fetched, now, receive};
use crate::fixture::{Database, both};

async fn inbox(tx: &mut Tx) -> Id {
    let (mailbox, _) = tx.mailbox("inputs", now()).await.unwrap();
    tx.folder(mailbox, "INBOX").await.unwrap()
}

async fn wanted(tx: &mut Tx, folder: Id) -> Vec<(String, bool)> {
    let rows = tx.wanted_after_intake(folder, 0, 100).await.unwrap();
    rows.into_iter().map(|row| (row.name, row.copied)).collect()
}

async fn see(tx: &mut Tx, folder: Id, name: &str, raw: &str) -> Stored {
    let stored = receive(tx, name, raw.as_bytes()).await;
    tx.want_after_intake(folder, name, stored).await.unwrap();
    stored
}

both!(only_what_is_new_is_wanted_or_what_waited_before, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let folder = inbox(&mut tx).await;
    receive(&mut tx, "7.1", b"before the setting").await;
    see(&mut tx, folder, "7.2", "a").await;
    see(&mut tx, folder, "7.3", "b").await;
    see(&mut tx, folder, "7.4", "c").await;
    let all = tx.wanted_after_intake(folder, 0, 100).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|row| row.message.is_some() && !row.copied));
    let behind = tx.wanted_after_intake(folder, all[0].id, 1).await.unwrap();
    assert_eq!(behind.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["7.3"]);
    assert!(tx.after_intake(all[0].id, After::Done, None).await.unwrap());
    assert!(tx.after_intake(all[1].id, After::Copied, None).await.unwrap());
    for (late, what) in [(0, After::Wanted), (0, After::Gone), (1, After::Wanted)] {
        let said = tx.after_intake(all[late].id, what, Some("late")).await.unwrap();
        assert!(!said, "one that slept over it says less than is known: {what:?}");
    }
    assert_eq!(wanted(&mut tx, folder).await, [("7.3".to_owned(), true), ("7.4".to_owned(), false)]);

    // The folder is numbered anew: what was done or never asked for stays, what waits goes on waiting.
    for (name, raw) in [("8.1", "before the setting"), ("8.2", "a"), ("8.3", "b"), ("8.4", "c")] {
        assert!(matches!(see(&mut tx, folder, name, raw).await, Stored::Known(_)));
    }
    let new: Vec<_> = wanted(&mut tx, folder).await.into_iter().filter(|(name, _)| name.starts_with('8')).collect();
    assert_eq!(new, [("8.3".to_owned(), true), ("8.4".to_owned(), false)]);
    // Nothing that was settled is asked for again.
    let row = tx.wanted_after_intake(folder, 0, 100).await.unwrap().pop().unwrap();
    tx.after_intake(row.id, After::Unproved, Some("no proof")).await.unwrap();
    tx.want_after_intake(folder, "8.4", Stored::New(1)).await.unwrap();
    assert_eq!(wanted(&mut tx, folder).await.len(), 3);
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM sighting WHERE after_reason = 'no proof'").await, 1);
});

both!(what_is_found_missing_is_written_down_while_its_name_means_the_same, async |db: Database| {
    let mut tx = db.begin().await.unwrap();
    let folder = inbox(&mut tx).await;
    assert!(tx.folder_begins_again(folder, 0, 7).await.unwrap());
    tx.folder_moves_on(folder, 7, 10).await.unwrap();
    let state = tx.folder_state(folder).await.unwrap();
    assert_eq!((state.validity, state.next, state.last_read), (7, 10, None));
    receive(&mut tx, "7.1", b"a").await;
    tx.count_attempt(folder, "7.2", now(), None).await.unwrap();
    tx.attempt_failed(folder, "7.2", true, "no answer").await.unwrap();
    assert!(tx.pass_over(folder, "7.2", now(), &gone()).await.unwrap());
    assert!(tx.pass_over(folder, "7.3", now(), &not_fetched()).await.unwrap());
    for (name, validity, expected) in
        [("7.1", 7, false), ("7.2", 7, true), ("7.3", 7, false), ("7.4", 7, true), ("7.4", 7, false), ("6.5", 6, false)]
    {
        assert_eq!(tx.found_missing(folder, validity, name, now()).await.unwrap(), expected, "{name}");
    }
    let failed = tx.failed_sightings(folder).await.unwrap();
    let failed: Vec<_> = failed.into_iter().map(|row| (row.name, row.failures)).collect();
    assert_eq!(failed, [("7.2".to_owned(), 0), ("7.4".to_owned(), 0)]);
    let tried = tx.count_attempt(folder, "7.2", now(), None).await.unwrap().unwrap();
    assert_eq!((tried.attempts, tried.interruptions()), (1, 0), "what is looked for anew begins anew");
    let first = tx.seen_behind(folder, "", 2).await.unwrap();
    let rest = tx.seen_behind(folder, &first[1].name, 10).await.unwrap();
    let seen: Vec<_> = first.into_iter().chain(rest).map(|seen| (seen.name, seen.disposition)).collect();
    let expected = [("7.1", Logged), ("7.2", Failed), ("7.3", Parked), ("7.4", Failed)];
    assert_eq!(seen, expected.map(|(name, says)| (name.to_owned(), says)));
});

both!(a_copy_is_claimed_by_one_and_only_he_says_what_came_of_it, async |db: Database| {
    let id = crate::dialogs::letter_that_left(&db).await;
    let mut tx = db.begin().await.unwrap();
    assert!(tx.claim_copy(now(), now()).await.unwrap().is_none(), "none is asked for");
    assert_eq!(tx.letter_belongs_to(id).await.unwrap(), (Some("inputs".to_owned()), None));
    tx.want_copy(id, now()).await.unwrap();
    let soon = now() + Duration::from_mins(5);
    let first = tx.claim_copy(now(), soon).await.unwrap().unwrap();
    assert_eq!((first.id, first.attempts), (id, 1));
    assert!(tx.claim_copy(now(), soon).await.unwrap().is_none(), "it is another's");
    let second = tx.claim_copy(soon, soon).await.unwrap().unwrap();
    assert!(!tx.copy_kept(&first).await.unwrap(), "it was taken up by another");
    assert!(!tx.copy_failed(&first, "late").await.unwrap());
    assert!(tx.copy_later(&second, soon, "not now").await.unwrap());
    assert_eq!(tx.letter(id).await.unwrap().unwrap().copy_reason.as_deref(), Some("not now"));
    let third = tx.claim_copy(soon, soon).await.unwrap().unwrap();
    assert_eq!(third.attempts, 3);
    assert!(tx.copy_failed(&third, "never").await.unwrap());
    tx.want_copy(id, soon).await.unwrap();
    let fourth = tx.claim_copy(soon, soon).await.unwrap().unwrap();
    assert_eq!(fourth.attempts, 4, "what may be there is searched for");
    assert!(tx.copy_kept(&fourth).await.unwrap());
    tx.want_copy(id, soon).await.unwrap();
    assert!(tx.claim_copy(soon, soon).await.unwrap().is_none(), "one copy is enough");
    tx.commit().await.unwrap();
});
