//! The copies of letters in a folder of the mailbox: one of each that left, and never in the way of sending.

use std::{sync::Arc, time::Duration};

use docket::{
    config::{ImapConfig, MailSource, MailboxConfig},
    instance::Instance,
    pipeline::{Outcome, Post, SentCopies},
    store::{CopyState, LetterState},
};

use super::{
    imap::{HELLO, Script, Server},
    smtp_peer::{At, Peer, say},
    smtp_post::{instance, letter, row},
};
use crate::fixture::{
    Database, both,
    dovecot::{Dovecot, USER},
};

/// The mailbox of the letters of these tests, which keeps copies where the account says.
fn keeps(account: ImapConfig, sent: Option<&str>) -> MailboxConfig {
    let account = ImapConfig { sent: sent.map(str::to_owned), ..account };
    MailboxConfig { name: "inputs".to_owned(), source: MailSource::Imap(account), ..MailboxConfig::default() }
}

async fn post_all(instance: &Arc<Instance>) {
    let post = Post::new(Arc::clone(instance));
    while post.step().await.unwrap() == Outcome::Worked {}
}

/// A fresh start each time: what it remembers of failures is its own.
async fn copy_all(instance: &Arc<Instance>) {
    let mut copies = SentCopies::new(Arc::clone(instance));
    while copies.step().await.unwrap() == Outcome::Worked {}
    copies.close().await;
}

fn pass(instance: &Instance, minutes: u64) {
    instance.clock.move_to(instance.clock.now() + Duration::from_mins(minutes));
}

both!(each_letter_that_left_is_kept_once_as_read, async |db: Database| {
    let (server, peer) = (Dovecot::start(), Peer::start(|_, _| None).await);
    server.doveadm(&["mailbox", "create", "-u", USER, "Gesendet ü"]);
    let mailbox = |sent| vec![keeps(server.account(), sent)];
    let before = instance(&db, &peer, |config| config.mailboxes = mailbox(None)).await;
    let early = letter(&db, "early").await;
    post_all(&before).await;
    let instance = instance(&db, &peer, |config| config.mailboxes = mailbox(Some("Gesendet ü"))).await;
    let ids = [letter(&db, "a").await, letter(&db, "b").await];
    post_all(&instance).await;
    assert_eq!(row(&db, ids[0]).await.copy_state, Some(CopyState::Wanted));
    copy_all(&instance).await;
    copy_all(&instance).await;
    assert_eq!(server.count("Gesendet ü"), 2);
    assert!(server.flags("Gesendet ü").iter().all(|flags| flags.contains("\\Seen")));
    let text = server.doveadm(&["fetch", "-u", USER, "text", "mailbox", "Gesendet ü"]).replace("\r\n", "\n");
    for id in ids {
        let row = row(&db, id).await;
        assert_eq!((row.copy_state, row.copy_reason), (Some(CopyState::Kept), None));
        let bytes = db.snapshot().await.unwrap().letter_bytes(id).await.unwrap().unwrap();
        assert!(text.contains(&String::from_utf8(bytes).unwrap().replace("\r\n", "\n")), "{text}");
    }
    assert_eq!(row(&db, early).await.copy_state, None, "it left before the setting was on");
    // Sent once more by a person: the same letter, and one copy of it.
    db.tamper("UPDATE letter SET state = 'released', lease_until = 0 WHERE copy_state = 'kept'").await;
    post_all(&instance).await;
    copy_all(&instance).await;
    assert_eq!((peer.taken().len(), server.count("Gesendet ü")), (5, 2));
});

both!(a_copy_whose_record_was_lost_is_found, async |db: Database| {
    let (server, peer) = (Dovecot::start(), Peer::start(|_, _| None).await);
    server.doveadm(&["mailbox", "create", "-u", USER, "Sent"]);
    let instance = instance(&db, &peer, |config| config.mailboxes = vec![keeps(server.account(), Some("Sent"))]).await;
    letter(&db, "a").await;
    letter(&db, "b").await;
    post_all(&instance).await;
    copy_all(&instance).await;
    // As after a kill between the server's answer and its record.
    assert_eq!(db.tamper("UPDATE letter SET copy_state = 'wanted'").await, 2);
    copy_all(&instance).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE copy_state = 'wanted'").await, 2, "it is another's claim");
    pass(&instance, 6);
    copy_all(&instance).await;
    assert_eq!(server.count("Sent"), 2, "no second copy");
    assert_eq!(db.number("SELECT COUNT(*) FROM letter WHERE copy_state = 'kept' AND copy_attempts = 2").await, 2);
});

both!(a_folder_that_is_missing_stops_no_letter, async |db: Database| {
    let (server, peer) = (Dovecot::start(), Peer::start(|_, _| None).await);
    let instance = instance(&db, &peer, |config| config.mailboxes = vec![keeps(server.account(), Some("Sent"))]).await;
    let id = letter(&db, "a").await;
    post_all(&instance).await;
    copy_all(&instance).await;
    let letter = row(&db, id).await;
    assert_eq!(letter.state, LetterState::Sent);
    assert_eq!((letter.copy_state, letter.reason), (Some(CopyState::Wanted), None));
    let reason = letter.copy_reason.unwrap();
    assert!(reason.contains("there is no such folder"), "{reason}");
    server.doveadm(&["mailbox", "create", "-u", USER, "Sent"]);
    pass(&instance, 2);
    copy_all(&instance).await;
    assert_eq!((row(&db, id).await.copy_state, server.count("Sent")), (Some(CopyState::Kept), 1));
    assert_eq!(peer.taken().len(), 1);
});

both!(a_copy_is_given_up_in_the_end_and_that_is_said, async |db: Database| {
    let (server, peer) = (Dovecot::start(), Peer::start(|_, _| None).await);
    let mailbox = keeps(server.account(), Some("Sent"));
    let instance = instance(&db, &peer, |config| config.mailboxes = vec![mailbox]).await;
    let id = letter(&db, "a").await;
    post_all(&instance).await;
    pass(&instance, 4 * 24 * 60);
    copy_all(&instance).await;
    assert_eq!(row(&db, id).await.copy_state, Some(CopyState::Failed));
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'copy_failed'").await, 1);
    assert_eq!(row(&db, id).await.state, LetterState::Sent);
});

both!(what_has_not_left_has_no_copy, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Rcpt).then(|| say("550 5.1.1 nobody\r\n"))).await;
    let server = Dovecot::start();
    let mailbox = keeps(server.account(), Some("Sent"));
    let instance = instance(&db, &peer, |config| config.mailboxes = vec![mailbox]).await;
    let id = letter(&db, "a").await;
    post_all(&instance).await;
    let letter = row(&db, id).await;
    assert_eq!((letter.state, letter.copy_state), (LetterState::Failed, None));
});

/// The answer to APPEND is lost, once before the server took the copy and once behind it.
#[test]
fn an_answer_that_was_lost_makes_no_second_copy() {
    for found in ["* SEARCH 4\r\n{tag} OK\r\n", "* SEARCH\r\n{tag} OK\r\n"] {
        crate::fixture::on(crate::fixture::Kind::Sqlite, async |db: Database| {
            let script: Script =
                Box::leak(Box::new([("APPEND \"Sent\" (\\Seen) {", "+ go on\r\n!"), ("UID SEARCH", found)]));
            let (server, peer) = (Server::with(HELLO, script).await, Peer::start(|_, _| None).await);
            let mailbox = keeps(server.account(), Some("Sent"));
            let instance = instance(&db, &peer, |config| config.mailboxes = vec![mailbox]).await;
            let id = letter(&db, "a").await;
            post_all(&instance).await;
            let mut copies = SentCopies::new(Arc::clone(&instance));
            copies.step().await.unwrap();
            assert!(!server.heard().iter().any(|command| command.starts_with("UID SEARCH")), "it is the first attempt");
            assert_eq!(copies.step().await.unwrap(), Outcome::Idle, "the server is left alone for a while");
            pass(&instance, 2);
            copy_all(&instance).await;
            let searched = format!("UID SEARCH HEADER Message-ID \"{}\"", message_id(&db).await);
            assert!(server.heard().contains(&searched), "{searched}: {:?}", server.heard());
            let appended = server.heard().iter().filter(|command| command.starts_with("APPEND")).count();
            let there = found.contains('4');
            assert_eq!(appended, if there { 1 } else { 2 }, "{found}");
            assert_eq!(row(&db, id).await.copy_state == Some(CopyState::Kept), there);
        });
    }
}

async fn message_id(db: &Database) -> String {
    let docket::store::Db::Sqlite { reader, .. } = &**db else { panic!("it is a file") };
    sqlx::query_scalar("SELECT rfc_message_id FROM letter").fetch_one(reader).await.unwrap()
}

#[test]
fn a_mailbox_that_keeps_copies_no_more_ends_the_waiting() {
    crate::fixture::on(crate::fixture::Kind::Sqlite, async |db: Database| {
        let peer = Peer::start(|_, _| None).await;
        let server = Server::with(HELLO, &[]).await;
        let with = instance(&db, &peer, |config| config.mailboxes = vec![keeps(server.account(), Some("Sent"))]).await;
        let id = letter(&db, "a").await;
        post_all(&with).await;
        let without = instance(&db, &peer, |config| config.mailboxes = vec![keeps(server.account(), None)]).await;
        copy_all(&without).await;
        assert_eq!(row(&db, id).await.copy_state, Some(CopyState::Failed));
        assert!(server.heard().is_empty());
    });
}
