//! Erasing what a person confirmed as unrelated: texts and originals go, hash, headers and decisions stay.

use docket::{
    core::file::{Role, Tried},
    store::Stored,
};

use super::seed::{HOUR, file, now, read, receive_in, sha256};
use crate::fixture::{Database, both};

both!(unrelated_mail_is_erased_and_its_headers_stay, async |db: Database| {
    let (gone, kept) = (read(&db, "spam", "a@example.org").await, read(&db, "input", "b@example.org").await);
    let mut tx = db.begin().await.unwrap();
    for message in [&gone, &kept] {
        let mut file = file("a.pdf", "its text");
        file.reading.tried = vec![Tried::new("unpdf", "it found no more text")];
        tx.add_file(message.id, None, 1, &file, Role::Ignored).await.unwrap();
    }
    tx.confirm_unrelated(gone.id, Some(now())).await.unwrap();
    assert_eq!(tx.purge_unrelated(now() - HOUR, now()).await.unwrap(), 0, "a person may still change their mind");
    assert_eq!(tx.purge_unrelated(now() + HOUR, now() + HOUR).await.unwrap(), 1);
    assert_eq!(tx.purge_unrelated(now() + HOUR, now() + HOUR).await.unwrap(), 0, "once");
    tx.commit().await.unwrap();

    let mut tx = db.snapshot().await.unwrap();
    let entry = tx.entry(gone.number).await.unwrap().unwrap();
    assert_eq!((tx.body(gone.id).await.unwrap(), entry.purged_at), (None, Some(now() + HOUR)));
    assert_eq!((entry.subject.as_deref(), entry.from_address.as_deref()), (Some("spam"), Some("a@example.org")));
    assert_eq!((entry.sha256.as_str(), entry.size), (gone.sha256.as_str(), 4));
    assert_eq!(tx.original(&gone.sha256, usize::MAX).await.unwrap(), None);
    let files = tx.files(gone.id).await.unwrap();
    assert_eq!(files[0].name.as_deref(), Some("a.pdf"));
    assert_eq!(tx.file_texts(gone.id, 100).await.unwrap(), [(1, String::new())].into());
    assert_eq!(files[0].sha256, sha256(b"its text"));
    let tried = &files[0].tried;
    assert_eq!(*tried, [Tried::new("unpdf", "it found no more text")], "who was asked stays, and holds nothing of it");
    assert_eq!(tx.events_of_message(gone.id).await.unwrap().last().unwrap().kind, "purged");

    let entry = tx.entry(kept.number).await.unwrap().unwrap();
    assert!(tx.body(kept.id).await.unwrap().is_some() && entry.purged_at.is_none());
    assert_eq!(tx.original(&kept.sha256, usize::MAX).await.unwrap().as_deref(), Some(&b"input"[..]));
    assert_eq!(tx.file_texts(kept.id, 100).await.unwrap(), [(1, "its text".to_owned())].into());
    assert_eq!(tx.file_texts(kept.id, 3).await.unwrap(), [(1, "its".to_owned())].into(), "as much as is shown");
});

both!(bytes_that_two_messages_share_wait_for_both, async |db: Database| {
    let first = read(&db, "same", "a@example.org").await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(receive_in(&mut tx, "another", "same", b"same").await.unwrap(), Stored::New(2));
    let second = tx.entry(2).await.unwrap().unwrap();
    tx.confirm_unrelated(first.id, Some(now())).await.unwrap();
    assert_eq!(tx.purge_unrelated(now() + HOUR, now() + HOUR).await.unwrap(), 0, "the other is not confirmed");
    tx.confirm_unrelated(second.id, Some(now() + 2 * HOUR)).await.unwrap();
    assert_eq!(tx.purge_unrelated(now() + HOUR, now() + HOUR).await.unwrap(), 0, "the other was confirmed later");
    assert_eq!(tx.purge_unrelated(now() + 3 * HOUR, now() + 3 * HOUR).await.unwrap(), 2);
    assert_eq!(tx.original(&sha256(b"same"), 10).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM original_piece").await, 0);
    assert_eq!(db.number("SELECT COUNT(*) FROM message WHERE body IS NOT NULL").await, 0);
});

both!(what_was_erased_and_comes_again_elsewhere_is_kept_again, async |db: Database| {
    let first = read(&db, "again", "a@example.org").await;
    let mut tx = db.begin().await.unwrap();
    tx.confirm_unrelated(first.id, Some(now())).await.unwrap();
    assert_eq!(tx.purge_unrelated(now() + HOUR, now() + HOUR).await.unwrap(), 1);
    assert_eq!(receive_in(&mut tx, "inputs", "again, too", b"again").await.unwrap(), Stored::Known(1));
    assert_eq!(tx.original(&first.sha256, 10).await.unwrap(), None, "it is known, and was erased");
    assert_eq!(receive_in(&mut tx, "another", "again", b"again").await.unwrap(), Stored::New(2));
    assert_eq!(tx.original(&first.sha256, 10).await.unwrap().as_deref(), Some(&b"again"[..]));
    tx.commit().await.unwrap();
});
