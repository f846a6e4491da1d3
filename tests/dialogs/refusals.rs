//! Refusals for good: those that are about us are one trouble with a name, and no letter's end; those that are a letter's own
//! end it, and stop no other.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use docket::{
    config::{Config, SmtpConfig, Transport},
    core::cause::Cause,
    instance::Instance,
    mailer::{Handover, Phase, Reply},
    pipeline::{Alarm, Post},
    store::LetterState,
    watch::Topic,
};

use super::{
    smtp_peer::{At, Peer, say},
    smtp_phases::{config, login},
    smtp_post::{instance, letter, row, state, wait, work},
};
use crate::{
    fixture::{Database, both},
    store::seed::{HOUR, now},
};

/// What a refusal with these words is about.
fn cause(phase: Phase, words: &str) -> Option<Cause> {
    let (code, rest) = words.split_once(' ').unwrap_or((words, ""));
    let reply = Reply { code: code.parse().unwrap(), lines: vec![rest.to_owned()] };
    Handover::Permanent { phase, reply }.cause()
}

#[test]
fn a_refusal_is_told_by_its_place_its_code_and_its_words() {
    use Phase::{Body, Data, Dot, Mail, Rcpt};
    for (phase, words, expected) in [
        // MAIL names nobody but us.
        (Mail, "550 5.7.1 not you", Some(Cause::ReturnPath)),
        (Mail, "550 null sender is not accepted here", Some(Cause::ReturnPath)),
        (Mail, "501 5.5.4 syntax", Some(Cause::ReturnPath)),
        (Mail, "553 5.1.8 Sender address rejected: domain not found", Some(Cause::Sender)),
        (Mail, "553 5.7.1 <a@b>: Sender address rejected: not owned by user gcm", Some(Cause::Sender)),
        (Mail, "550 5.4.5 Daily user sending limit exceeded", Some(Cause::Quota)),
        (Mail, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", Some(Cause::Blocked)),
        (Mail, "550 5.7.57 Client not authenticated to send mail", Some(Cause::Login)),
        (Mail, "552 5.3.4 message size exceeds fixed limit", None),
        (Mail, "552 size", None),
        // RCPT names nobody but the recipient.
        (Rcpt, "550 5.1.1 no such user", None),
        (Rcpt, "550 no such user here", None),
        (Rcpt, "551 5.1.6 moved", None),
        (Rcpt, "550 5.2.1 disabled", None),
        (Rcpt, "552 5.2.2 The account that you tried to reach is over quota", None),
        (Rcpt, "550 5.4.1 Recipient address rejected: Access denied", None),
        (Rcpt, "556 5.1.10 null MX", None),
        (Rcpt, "550 5.7.1 <a@b>: Recipient address rejected: policy", None),
        (Rcpt, "550 5.7.133 sender not authenticated for group", None),
        (Rcpt, "553 5.6.7 address not permitted", Some(Cause::Addresses)),
        // But some servers wait until there.
        (Rcpt, "554 5.7.1 <a@b>: Relay access denied", Some(Cause::Relay)),
        (Rcpt, "550 relay not permitted", Some(Cause::Relay)),
        (Rcpt, "550 5.7.64 TenantAttribution; Relay Access Denied", Some(Cause::Relay)),
        (Rcpt, "550 5.7.1 Authentication required", Some(Cause::Login)),
        (Rcpt, "550 5.7.606 Access denied, banned sending IP", Some(Cause::Blocked)),
        (Rcpt, "554 5.7.1 Service unavailable; blocked using zen.spamhaus.org", Some(Cause::Blocked)),
        (Rcpt, "550 5.7.23 SPF validation failed", Some(Cause::Blocked)),
        (Rcpt, "550 5.7.705 tenant has exceeded threshold", Some(Cause::Quota)),
        (Rcpt, "550 5.7.1 denied", Some(Cause::Doubtful)),
        (Rcpt, "554 no", Some(Cause::Doubtful)),
        (Rcpt, "503 5.5.1 bad sequence", Some(Cause::Doubtful)),
        // A status of another class than the code is none.
        (Rcpt, "550 4.5.1 denied", None),
        (Data, "554 5.5.1 no valid recipients", Some(Cause::Doubtful)),
        (Dot, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", Some(Cause::Sender)),
        (Dot, "554 5.2.252 SendAsDenied; a@b not allowed to send as c@d", Some(Cause::Sender)),
        (Dot, "550 5.4.5 Daily SMTP relay limit exceeded", Some(Cause::Quota)),
        (Dot, "554 5.2.0 STOREDRV.Submission.Exception: submission quota exceeded", Some(Cause::Quota)),
        (Dot, "550 5.7.501 Access denied, spam abuse detected", Some(Cause::Blocked)),
        (Dot, "550 5.7.26 This mail is unauthenticated", Some(Cause::Blocked)),
        (Dot, "554 5.7.1 this looks like spam", Some(Cause::Doubtful)),
        (Dot, "554 transaction failed", Some(Cause::Doubtful)),
        (Dot, "552 5.2.2 over quota", Some(Cause::Doubtful)),
        (Dot, "554 5.3.0 something broke", Some(Cause::Doubtful)),
        (Dot, "550 5.1.1 no such user", None),
        (Dot, "554 5.6.0 seen before", None),
        (Dot, "552 5.3.4 too large", None),
        (Body, "552 5.3.4 too large", None),
    ] {
        assert_eq!(cause(phase, words), expected, "{phase:?} {words}");
    }
}

#[test]
fn a_trouble_repeats_nothing_of_the_letter() {
    let said = |phase, words: &str| {
        let reply = Reply { code: 550, lines: vec![words.to_owned()] };
        Handover::Permanent { phase, reply }.trouble()
    };
    let mail = said(Phase::Mail, "5.7.1 null sender refused").unwrap();
    assert!(
        mail.contains("“return_path” in [letters]") && mail.ends_with("It said 550 5.7.1 null sender refused"),
        "{mail}"
    );
    let dot = said(Phase::Dot, "5.7.60 minister@state.test is nobody").unwrap();
    assert!(dot.contains("“from_address” in [letters]") && dot.ends_with("(550 5.7.60 after the text)"), "{dot}");
    assert_eq!(said(Phase::Rcpt, "5.1.1 minister@state.test is nobody"), None);
    assert_eq!(
        said(Phase::Dot, "5.7.1 minister@state.test sends spam"),
        None,
        "nobody knows whether all would meet it"
    );
}

async fn letters<const N: usize>(db: &Database, names: [&str; N]) -> [i64; N] {
    let mut ids = [0; N];
    for (id, name) in ids.iter_mut().zip(names) {
        *id = letter(db, name).await;
    }
    ids
}

/// What is not as it should be, once everybody has looked.
async fn troubles(instance: &Arc<Instance>) -> Vec<String> {
    Alarm::new(Arc::clone(instance), true).step().await;
    let troubles = instance.watch.troubles(instance.clock.now());
    troubles.into_iter().filter(|trouble| trouble.topic != Topic::Mailbox("gcm".to_owned())).map(|t| t.what).collect()
}

/// How often the peer was told a command.
fn told(peer: &Peer, command: &str) -> usize {
    peer.commands().iter().filter(|line| line.starts_with(command)).count()
}

/// A server that refuses us until it is told to mend.
async fn refusing(at: At, words: &'static str) -> (Peer, Arc<AtomicBool>) {
    let mended = Arc::new(AtomicBool::new(false));
    let mends = Arc::clone(&mended);
    let script = move |asked, _| (asked == at && !mends.load(Ordering::Relaxed)).then(|| say(format!("{words}\r\n")));
    (Peer::start(script).await, mended)
}

both!(a_return_path_that_is_refused_is_one_trouble_and_the_letters_wait, async |db: Database| {
    let (peer, mended) = refusing(At::Mail, "550 5.7.1 the null sender is not accepted here").await;
    let ids = letters(&db, ["a", "b", "c", "d", "e", "f"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    work(&post).await;
    assert_eq!(
        told(&peer, "MAIL"),
        2,
        "a second letter shows that it is not the first one’s fault, and then there is peace"
    );
    let said = troubles(&instance).await;
    let [said] = said.as_slice() else { panic!("{said:?}") };
    assert!(said.starts_with("No letter can leave: the mail server refuses our return path: "), "{said}");
    assert!(said.ends_with("It said 550 5.7.1 the null sender is not accepted here."), "{said}");
    let health = instance.watch.health(instance.clock.now());
    assert!(!health.ready && health.in_words().contains("return_path"), "at once: {health:?}");
    // However long it lasts.
    for _ in 0..12 {
        instance.clock.move_to(instance.clock.now() + 24 * HOUR);
        work(&Post::new(Arc::clone(&instance))).await;
    }
    for id in ids {
        assert!(matches!(state(&db, id).await, LetterState::Waiting | LetterState::Released));
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_ended'").await, 0);
    mended.store(true, Ordering::Relaxed);
    instance.clock.move_to(instance.clock.now() + HOUR);
    work(&Post::new(Arc::clone(&instance))).await;
    for id in ids {
        assert_eq!(state(&db, id).await, LetterState::Sent);
    }
    assert_eq!((troubles(&instance).await, peer.taken().len()), (vec![], 6));
});

both!(what_one_letter_met_and_the_next_did_not_is_over, async |db: Database| {
    let script = |at, before| (at == At::Mail && before == 0).then(|| say("550 5.7.1 not you\r\n"));
    let peer = Peer::start(script).await;
    let [first, second] = letters(&db, ["a", "b"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    work(&Post::new(Arc::clone(&instance))).await;
    for id in [second, first] {
        assert_eq!(state(&db, id).await, LetterState::Sent, "and the first need not wait any more");
    }
    assert_eq!((troubles(&instance).await, row(&db, first).await.attempts), (vec![], 2));
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE cause = 'return_path'").await, 1);
});

both!(a_login_that_is_wanted_at_mail_is_not_tried_with_every_letter, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Mail).then(|| say("530 5.7.0 Authentication required\r\n"))).await;
    let ids = letters(&db, ["a", "b", "c"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    instance.clock.move_to(now() + 99 * HOUR);
    work(&post).await;
    assert_eq!((told(&peer, "MAIL"), peer.connections()), (1, 1));
    let said = troubles(&instance).await;
    assert!(said.len() == 1 && said[0].contains("wants another login"), "{said:?}");
    assert_eq!(state(&db, ids[0]).await, LetterState::Released);
});

both!(we_may_not_send_as_ourselves_and_the_words_of_the_server_stay_with_the_letter, async |db: Database| {
    let words = "554 5.2.252 SendAsDenied; inputs@docket.test not allowed to send as a@state.test";
    let (peer, mended) = refusing(At::Dot, words).await;
    let ids = letters(&db, ["a", "b", "c"]).await;
    let logs_in = |change: &mut Config| {
        change.letters.transport = Transport::Smtp(SmtpConfig { login: Some(login()), ..config(&peer) });
    };
    let instance = instance(&db, &peer, logs_in).await;
    work(&Post::new(Arc::clone(&instance))).await;
    assert_eq!((told(&peer, "DATA"), told(&peer, "AUTH")), (2, 1), "and nobody logs in again for it");
    let said = troubles(&instance).await;
    assert!(said.len() == 1 && said[0].contains("does not let us send under our address"), "{said:?}");
    assert!(!said[0].contains("state.test"), "{said:?}");
    let reason = row(&db, ids[0]).await.reason.unwrap();
    assert!(reason.contains("SendAsDenied"), "{reason}");
    mended.store(true, Ordering::Relaxed);
    instance.clock.move_to(now() + HOUR);
    work(&Post::new(Arc::clone(&instance))).await;
    assert_eq!((peer.taken().len(), troubles(&instance).await.len()), (3, 0));
});

both!(a_letter_in_doubt_waits_until_another_has_left, async |db: Database| {
    // The first letter is refused each time, those behind it are taken.
    let spam =
        |at, before| (at == At::Dot && [0, 2].contains(&before)).then(|| say("554 5.7.1 this looks like spam\r\n"));
    let peer = Peer::start(spam).await;
    let [doubted, other] = letters(&db, ["a", "b"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    assert_eq!((state(&db, doubted).await, state(&db, other).await), (LetterState::Released, LetterState::Sent));
    let said = troubles(&instance).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("Letters wait (1): the mail server refuses them, and it is not clear whether"),
        "{said:?}"
    );
    assert!(instance.watch.health(now()).ready, "the others go");
    wait(&db, &instance).await;
    work(&post).await;
    let row = row(&db, doubted).await;
    assert_eq!(row.state, LetterState::Failed, "it is its own");
    let reason = row.reason.unwrap();
    assert_eq!(reason, "The server refused it after the text: 554 5.7.1 this looks like spam. Others left meanwhile");
    assert_eq!((troubles(&instance).await, peer.taken().len()), (vec![], 1));
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_ended'").await, 1);
});

both!(several_letters_in_doubt_are_not_given_up_one_after_another, async |db: Database| {
    let (peer, mended) = refusing(At::Dot, "554 5.7.1 rejected").await;
    let ids = letters(&db, ["a", "b", "c"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    for _ in 0..9 {
        work(&post).await;
        wait(&db, &instance).await;
    }
    for id in ids {
        assert_eq!(state(&db, id).await, LetterState::Released);
    }
    let said = troubles(&instance).await;
    assert!(said.iter().any(|said| said.starts_with("Letters wait (3): ")), "{said:?}");
    mended.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        work(&post).await;
        if db.snapshot().await.unwrap().next_letter_due().await.unwrap().is_some() {
            wait(&db, &instance).await;
        }
    }
    assert_eq!(peer.taken().len(), 3);
    // With nobody who could show whose fault it is, it ends as any other.
    mended.store(false, Ordering::Relaxed);
    let alone = letter(&db, "d").await;
    instance.clock.move_to(instance.clock.now() + HOUR);
    work(&post).await;
    instance.clock.move_to(instance.clock.now() + 80 * HOUR);
    work(&post).await;
    assert_eq!(state(&db, alone).await, LetterState::Failed);
});

both!(an_address_that_the_server_cannot_take_waits_alone, async |db: Database| {
    let offers = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&offers);
    let hello = move |at, _| {
        let utf8 = if asked.load(Ordering::Relaxed) { "250-SMTPUTF8\r\n" } else { "" };
        (at == At::Ehlo).then(|| say(format!("250-peer.test\r\n{utf8}250 8BITMIME\r\n")))
    };
    let peer = Peer::start(hello).await;
    let [beyond, other] = letters(&db, ["gesandtschäft", "b"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    work(&Post::new(Arc::clone(&instance))).await;
    assert_eq!((state(&db, beyond).await, state(&db, other).await), (LetterState::Released, LetterState::Sent));
    let said = troubles(&instance).await;
    assert!(said.len() == 1 && said[0].contains("(SMTPUTF8)") && said[0].starts_with("Letters wait (1): "), "{said:?}");
    assert!(!said[0].contains("gesandtsch"), "{said:?}");
    assert!(instance.watch.health(now()).in_words().contains("SMTPUTF8"), "a probe is told");
    for _ in 0..6 {
        instance.clock.move_to(instance.clock.now() + 24 * HOUR);
        work(&Post::new(Arc::clone(&instance))).await;
    }
    assert_eq!(state(&db, beyond).await, LetterState::Released, "it is not given up");
    offers.store(true, Ordering::Relaxed);
    instance.clock.move_to(instance.clock.now() + HOUR);
    work(&Post::new(Arc::clone(&instance))).await;
    assert_eq!((state(&db, beyond).await, troubles(&instance).await), (LetterState::Sent, vec![]));
});

both!(nothing_is_given_up_while_nobody_can_be_talked_to, async |db: Database| {
    let (peer, mended) = refusing(At::Greeting, "421 4.3.2 not now").await;
    let [first, second] = letters(&db, ["a", "b"]).await;
    let instance = instance(&db, &peer, |_| ()).await;
    for _ in 0..6 {
        work(&Post::new(Arc::clone(&instance))).await;
        instance.clock.move_to(instance.clock.now() + 24 * HOUR);
    }
    assert_eq!(state(&db, first).await, LetterState::Released);
    mended.store(true, Ordering::Relaxed);
    work(&Post::new(Arc::clone(&instance))).await;
    assert_eq!((state(&db, first).await, state(&db, second).await), (LetterState::Sent, LetterState::Sent));
});

both!(what_a_person_sends_once_more_has_its_time_anew, async |db: Database| {
    let (peer, _) = refusing(At::Rcpt, "450 4.2.1 busy").await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    instance.clock.move_to(now() + 80 * HOUR);
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Failed);
    let mut tx = db.begin().await.unwrap();
    let at = instance.clock.now();
    assert!(tx.move_letter(id, LetterState::Failed, LetterState::Released, None, at, at).await.unwrap());
    tx.commit().await.unwrap();
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Released, "and not given up at the first attempt");
});
