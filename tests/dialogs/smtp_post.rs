//! The outbox and a mail server: what the rows say of a letter is what the server has, on both databases.

use std::{sync::Arc, time::Duration};

use docket::{
    clock::Clock,
    config::{Config, OnUncertain, Shipped, SmtpConfig, Transport},
    core::letter_kind::{LetterKind, Occasion},
    instance::Instance,
    pipeline::{Outcome, Post},
    store::{Id, LetterRow, LetterState, NewLetter},
};
use jiff::SignedDuration;
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::{
    smtp_peer::{At, Peer, close, hang, say},
    smtp_phases::{config, login},
};
use crate::{
    fixture::{Database, both},
    store::seed::{HOUR, now, read},
};

const FROM: &str = "inputs@docket.test";

/// An office of its own on this database, as another process would open it.
pub async fn instance(db: &Database, peer: &Peer, change: impl FnOnce(&mut Config)) -> Arc<Instance> {
    let mut config = Config { calls: Vec::new(), ..Config::default() };
    config.store.url = db.url().to_owned();
    FROM.clone_into(&mut config.letters.from_address);
    config.letters.transport = Transport::Smtp(self::config(peer));
    change(&mut config);
    Arc::new(Instance::open(config, Shipped::embedded(), Clock::by_hand(now())).await.unwrap())
}

/// A letter that is to leave now.
pub async fn letter(db: &Database, name: &str) -> Id {
    let message = read(db, name, "mission@state.test").await;
    let recipient = format!("{name}@state.test");
    let letter = NewLetter {
        occasion: Occasion::Message { message: message.id, decision: None },
        call: None,
        kind: LetterKind::Acknowledgement,
        facts: "{}",
        language: "fr",
        template: "1",
        recipient: &recipient,
        recipient_name: Some("Mission permanente"),
        subject: "Accusé de réception",
        body: "Reçu.\n",
        guard_revision: Some(0),
        not_before: now(),
        held: None,
        at: now(),
    };
    let mut tx = db.begin().await.unwrap();
    let id = tx.decide_letter(&letter).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn row(db: &Database, id: Id) -> LetterRow {
    db.snapshot().await.unwrap().letter(id).await.unwrap().unwrap()
}

pub async fn state(db: &Database, id: Id) -> LetterState {
    row(db, id).await.state
}

/// Steps until there is nothing to do now.
pub async fn work(post: &Post) -> usize {
    let mut steps = 0;
    while post.step().await.unwrap() == Outcome::Worked {
        steps += 1;
        assert!(steps < 100, "it never comes to an end");
    }
    steps
}

/// Moves the clock to when the next letter is due.
pub async fn wait(db: &Database, instance: &Instance) -> SignedDuration {
    let due = db.snapshot().await.unwrap().next_letter_due().await.unwrap().expect("a letter waits");
    let waited = due.duration_since(instance.clock.now());
    instance.clock.move_to(due);
    waited
}

both!(each_letter_leaves_once_in_its_envelope, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(letter(&db, name).await);
    }
    let post = Post::new(instance(&db, &peer, |_| ()).await);
    assert_eq!(work(&post).await, 2, "those behind the first go in a row");
    assert_eq!(work(&post).await, 0);
    let taken = peer.taken();
    for (id, taken) in ids.iter().zip(&taken) {
        let row = row(&db, *id).await;
        assert_eq!((row.state, row.attempts, row.sent_at), (LetterState::Sent, 1, Some(now())));
        assert_eq!(taken.rcpt, format!("RCPT TO:<{}>", row.recipient));
        assert!(taken.mail.starts_with("MAIL FROM:<> "), "{}", taken.mail);
        let bytes = db.snapshot().await.unwrap().letter_bytes(*id).await.unwrap().unwrap();
        assert!(bytes == taken.bytes, "the bytes that are kept are those that left");
        let mut tx = db.snapshot().await.unwrap();
        let message_id = taken.message_id.trim_matches(['<', '>']);
        assert!(tx.letter_with_message_id(message_id).await.unwrap().is_some(), "our own letter is known");
    }
    assert_eq!((taken.len(), peer.connections()), (3, 1));
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'sent'").await, 3);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_sent'").await, 3);
});

both!(a_letter_that_cannot_be_taken_leaves_the_one_before_it_recorded_and_is_asked, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    let mut ids = Vec::new();
    for name in ["a", "b", "broken", "d"] {
        ids.push(letter(&db, name).await);
    }
    let break_it = format!("UPDATE letter SET kind = 'none' WHERE id = {}", ids[2]);
    assert_eq!(db.tamper(&break_it).await, 1);
    let post = Post::new(instance(&db, &peer, |_| ()).await);
    for id in &ids[..2] {
        assert_eq!(post.step().await.unwrap(), Outcome::Worked);
        assert_eq!(state(&db, *id).await, LetterState::Sent);
    }
    assert_eq!(work(&post).await, 1, "it stands in nobody's way");
    assert_eq!(state(&db, ids[3]).await, LetterState::Sent);
    let held = "SELECT COUNT(*) FROM letter WHERE state = 'held' AND held_for = 'fault'
                    AND reason LIKE 'The database refused 3 times%' AND kind = 'none'";
    assert_eq!(db.number(held).await, 1, "and a person is asked");
    let letters = db.snapshot().await.unwrap().letters().await.unwrap();
    assert_eq!(letters.iter().filter(|letter| letter.is_ok()).count(), 3, "it hides no other letter");
    let why = letters.into_iter().find_map(Result::err).unwrap();
    assert!(why.contains(&format!("“kind” of the row with id {}", ids[2])), "{why}");
    assert_eq!(peer.taken().len(), 3);
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'sent'").await, 3);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_sent'").await, 3);
});

both!(a_bounce_address_takes_the_place_of_the_null_return_path, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    letter(&db, "a").await;
    let bounces = |config: &mut Config| config.letters.return_path = Some("bounces@docket.test".to_owned());
    let instance = instance(&db, &peer, bounces).await;
    work(&Post::new(Arc::clone(&instance))).await;
    assert!(peer.taken()[0].mail.starts_with("MAIL FROM:<bounces@docket.test>"));
    assert!(instance.own("gcm").addresses.contains(&"bounces@docket.test".to_owned()), "and mail from it is our own");
});

both!(a_refusal_for_now_is_tried_again_with_the_same_letter, async |db: Database| {
    let peer = Peer::start(|at, before| match (at, before) {
        (At::Rcpt, 0) => Some(say("450 4.7.1 greylisted\r\n")),
        (At::Dot, 0) => Some(say("451 4.3.0 the disk\r\n")),
        (At::Data, 1) => Some(close()),
        _ => None,
    })
    .await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    for (attempts, said) in [(1, "450"), (2, "451"), (3, "closed")] {
        work(&post).await;
        let row = row(&db, id).await;
        assert_eq!((row.state, row.attempts), (LetterState::Released, attempts));
        let reason = row.reason.unwrap_or_default();
        assert!(reason.contains(said), "{reason}");
        assert_eq!(post.step().await.unwrap(), Outcome::Idle, "it waits");
        let waited = wait(&db, &instance).await;
        let whole = SignedDuration::from_secs(60 << (attempts - 1));
        assert!(waited <= whole && waited >= whole * 3 / 4, "{waited}");
    }
    let bytes = db.snapshot().await.unwrap().letter_bytes(id).await.unwrap();
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Sent);
    assert_eq!(peer.taken().len(), 1);
    assert_eq!(bytes, Some(peer.taken()[0].bytes.clone()), "frozen at the first attempt");
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'later'").await, 3);
});

both!(a_letter_is_given_up_in_the_end, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Mail).then(|| say("451 4.3.0 later\r\n"))).await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |config| config.letters.give_up_after = 24 * HOUR).await;
    let post = Post::new(Arc::clone(&instance));
    let mut longest = SignedDuration::ZERO;
    loop {
        work(&post).await;
        if state(&db, id).await != LetterState::Released {
            break;
        }
        longest = longest.max(wait(&db, &instance).await);
    }
    let row = row(&db, id).await;
    assert_eq!(row.state, LetterState::Failed);
    assert!(row.reason.unwrap().contains("451 4.3.0 later"));
    assert!((25..40).contains(&row.attempts), "{} attempts in a day", row.attempts);
    assert!(longest <= SignedDuration::from_hours(1) && longest > SignedDuration::from_mins(44), "{longest}");
    assert!(instance.clock.now() > now() + 24 * HOUR && instance.clock.now() < now() + 26 * HOUR);
    assert_eq!(peer.taken(), []);
});

both!(a_refusal_for_good_is_final_and_shown, async |db: Database| {
    let peer =
        Peer::start(|at, before| (at == At::Rcpt && before == 0).then(|| say("550 5.1.1 no such user\r\n"))).await;
    let (refused, other) = (letter(&db, "a").await, letter(&db, "b").await);
    let post = Post::new(instance(&db, &peer, |_| ()).await);
    work(&post).await;
    let row = row(&db, refused).await;
    assert_eq!(row.state, LetterState::Failed);
    assert_eq!(row.reason.as_deref(), Some("The server refused it at RCPT: 550 5.1.1 no such user"));
    assert_eq!(state(&db, other).await, LetterState::Sent, "the one behind it goes");
    assert_eq!((peer.taken().len(), peer.connections()), (1, 1));
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_ended'").await, 1);
});

both!(a_lost_final_reply_sends_the_same_letter_once_more, async |db: Database| {
    let peer = Peer::start(|at, before| (at == At::Dot && before == 0).then(|| close().stored())).await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Released);
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'letter_uncertain'").await, 1);
    wait(&db, &instance).await;
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Sent);
    let taken = peer.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1], "the same Message-ID and the same bytes");
});

both!(a_server_that_never_answers_the_dot_gets_no_third_copy, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Dot).then(|| close().stored())).await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    wait(&db, &instance).await;
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Held);
    instance.clock.move_to(now() + 100 * HOUR);
    assert_eq!(work(&post).await, 0);
    assert_eq!(peer.taken().len(), 2);
});

both!(a_lost_final_reply_is_left_to_a_person_by_setting, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Dot).then(|| close().stored())).await;
    let id = letter(&db, "a").await;
    let ask = |config: &mut Config| config.letters.on_uncertain = OnUncertain::Ask;
    let post = Post::new(instance(&db, &peer, ask).await);
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Held);
    assert!(row(&db, id).await.reason.unwrap().contains("not known whether it left"));
    assert_eq!(peer.taken().len(), 1);
});

both!(a_refusal_of_the_second_copy_says_that_the_first_may_have_left, async |db: Database| {
    let peer = Peer::start(|at, before| match (at, before) {
        (At::Dot, 0) => Some(close().stored()),
        (At::Dot, 1) => Some(say("554 5.6.0 seen before\r\n")),
        _ => None,
    })
    .await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    wait(&db, &instance).await;
    work(&post).await;
    let row = row(&db, id).await;
    assert_eq!(row.state, LetterState::Failed);
    assert!(row.reason.unwrap().ends_with("It may have left before: then there was no answer"));
});

/// Kills a post while it waits for the final reply of a letter that the server has.
async fn killed_after_the_dot(db: &Database, peer: &Peer) -> Id {
    let id = letter(db, "a").await;
    let post = Post::new(instance(db, peer, |_| ()).await);
    let step = tokio::spawn(async move { post.step().await.map(drop) });
    peer.was_asked(At::Dot, 1).await;
    assert_eq!(state(db, id).await, LetterState::Sending, "committed before the dot");
    step.abort();
    assert!(step.await.unwrap_err().is_cancelled());
    db.tamper("UPDATE letter SET lease_until = 0").await;
    id
}

both!(killed_before_the_reply_was_recorded_it_sends_the_same_letter_once_more, async |db: Database| {
    let peer = Peer::start(|at, before| (at == At::Dot && before == 0).then(|| hang().stored())).await;
    let id = killed_after_the_dot(&db, &peer).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance));
    work(&post).await;
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Released, 1), "uncertain, and counted");
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await, 1);
    wait(&db, &instance).await;
    work(&post).await;
    assert_eq!(state(&db, id).await, LetterState::Sent);
    let taken = peer.taken();
    assert_eq!((taken.len(), &taken[0]), (2, &taken[1]));
});

both!(killed_before_the_reply_was_recorded_it_asks_by_setting, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Dot).then(|| hang().stored())).await;
    let id = killed_after_the_dot(&db, &peer).await;
    let ask = |config: &mut Config| config.letters.on_uncertain = OnUncertain::Ask;
    work(&Post::new(instance(&db, &peer, ask).await)).await;
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Held, 1));
});

both!(killed_before_the_dot_it_is_certain_that_nothing_left, async |db: Database| {
    let peer = Peer::start(|at, before| (at == At::Data && before == 0).then(hang)).await;
    let id = letter(&db, "a").await;
    let post = Post::new(instance(&db, &peer, |_| ()).await);
    let step = tokio::spawn(async move { post.step().await.map(drop) });
    peer.was_asked(At::Data, 1).await;
    assert_eq!(state(&db, id).await, LetterState::Released, "nothing is said of leaving yet");
    step.abort();
    drop(step.await);
    db.tamper("UPDATE letter SET lease_until = 0").await;
    work(&Post::new(instance(&db, &peer, |_| ()).await)).await;
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Sent, 1));
    assert_eq!(db.number("SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'").await, 0);
});

both!(a_letter_that_was_taken_over_or_back_before_the_dot_does_not_leave, async |db: Database| {
    for (name, change) in [
        ("a", "UPDATE letter SET epoch = epoch + 1"),
        ("b", "UPDATE letter SET state = 'discarded' WHERE state = 'released'"),
    ] {
        let bell = Arc::new(Notify::new());
        let ring = Arc::clone(&bell);
        let script = move |at, _| (at == At::Data).then(|| say("354 go ahead\r\n").after(&bell));
        let peer = Peer::start(script).await;
        let id = letter(&db, name).await;
        let post = Post::new(instance(&db, &peer, |_| ()).await);
        let step = tokio::spawn(async move { post.step().await.unwrap() });
        peer.was_asked(At::Data, 1).await;
        db.tamper(change).await;
        ring.notify_one();
        assert_eq!(step.await.unwrap(), Outcome::Worked);
        assert_eq!(peer.taken(), [], "{change}");
        assert!(matches!(state(&db, id).await, LetterState::Released | LetterState::Discarded));
        db.tamper("UPDATE letter SET state = 'discarded'").await;
    }
});

both!(a_program_that_stops_leaves_nothing_uncertain, async |db: Database| {
    let bell = Arc::new(Notify::new());
    let ring = Arc::clone(&bell);
    let script = move |at, before| (at == At::Data && before == 0).then(|| say("354 go ahead\r\n").after(&bell));
    let peer = Peer::start(script).await;
    let id = letter(&db, "a").await;
    let (stop, stopped) = watch::channel(false);
    let instance = instance(&db, &peer, |_| ()).await;
    let post = Post::new(Arc::clone(&instance)).until(stopped);
    let posting = tokio::spawn(async move { post.step().await.unwrap() });
    peer.was_asked(At::Data, 1).await;
    stop.send_replace(true);
    ring.notify_one();
    posting.await.unwrap();
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Released, 0));
    let mut tx = db.begin().await.unwrap();
    tx.give_all_back(&instance.owner).await.unwrap();
    tx.commit().await.unwrap();
    work(&Post::new(instance)).await;
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Sent, 1));
});

both!(a_refused_login_is_not_tried_with_every_letter, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Auth).then(|| say("535 5.7.8 wrong\r\n"))).await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(letter(&db, name).await);
    }
    let logs_in = |config: &mut Config| {
        config.letters.transport = Transport::Smtp(SmtpConfig { login: Some(login()), ..self::config(&peer) });
    };
    let instance = instance(&db, &peer, logs_in).await;
    let post = Post::new(Arc::clone(&instance));
    // Several lanes that begin at once: one of them logs in.
    assert_eq!(tokio::join!(work(&post), work(&post)), (1, 0));
    instance.clock.move_to(now() + HOUR);
    assert_eq!(work(&post).await, 0, "the monotonic clock counts: a clock that jumps ends no pause");
    let logins = peer.commands().iter().filter(|line| line.starts_with("AUTH")).count();
    assert_eq!((logins, peer.taken().len()), (1, 0));
    let reason = row(&db, ids[0]).await.reason.unwrap();
    assert_eq!(reason, "It was not sent, at the login: the server refused the login: 535 5.7.8 wrong");
});

both!(two_posts_on_one_outbox_send_each_letter_once, async |db: Database| {
    let peer = Peer::start(|_, _| None).await;
    for n in 0..24 {
        letter(&db, &format!("m{n}")).await;
    }
    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let own = Post::new(instance(&db, &peer, |_| ()).await);
        posts.spawn(async move { work(&own).await });
    }
    posts.join_all().await;
    let mut ids = peer.ids();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), peer.taken().len()), (24, 24));
});

both!(letters_go_side_by_side_once_one_has_left, async |db: Database| {
    let (first, second) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (ring_first, ring_second) = (Arc::clone(&first), Arc::clone(&second));
    let script = move |at, before| match (at, before) {
        (At::Dot, 0) => Some(say("250 2.0.0 taken\r\n").after(&first)),
        (At::Data, 1) => Some(say("354 go ahead\r\n").after(&second)),
        _ => None,
    };
    let peer = Peer::start(script).await;
    for n in 0..12 {
        letter(&db, &format!("m{n}")).await;
    }
    let post = Arc::new(Post::new(instance(&db, &peer, |_| ()).await));
    assert_eq!(post.lanes(), 2);
    let mut lanes = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let post = Arc::clone(&post);
        lanes.spawn(async move { work(&post).await });
    }
    peer.was_asked(At::Dot, 1).await;
    sleep(Duration::from_millis(50)).await;
    assert_eq!(peer.connections(), 1, "nothing has left yet");
    ring_first.notify_one();
    // While the second letter waits for the server, the third goes over a connection of its own.
    peer.was_asked(At::Data, 3).await;
    ring_second.notify_one();
    lanes.join_all().await;
    let mut ids = peer.ids();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), peer.taken().len(), peer.connections()), (12, 12, 2));
    post.close().await;
    peer.was_asked(At::Quit, 2).await;
});

both!(a_server_that_could_not_be_talked_to_is_tried_out_when_no_letter_is_left, async |db: Database| {
    let peer =
        Peer::start(|at, before| (at == At::Greeting && before < 2).then(|| say("421 4.3.2 not now\r\n").and_close()))
            .await;
    let id = letter(&db, "a").await;
    let instance = instance(&db, &peer, |_| ()).await;
    let troubles = || instance.watch.troubles(instance.clock.now());
    assert_eq!(work(&Post::new(Arc::clone(&instance))).await, 1);
    assert!(troubles()[0].what.starts_with("No letter can leave: "), "{troubles:?}", troubles = troubles());
    // Given up, or discarded by a person.
    assert_eq!(db.tamper("UPDATE letter SET state = 'discarded'").await, 1);
    for there in [1, 0] {
        // Another, which does not wait until the server had its peace.
        assert_eq!(Post::new(Arc::clone(&instance)).step().await.unwrap(), Outcome::Idle);
        assert_eq!(troubles().len(), there);
    }
    assert_eq!((state(&db, id).await, peer.taken().len()), (LetterState::Discarded, 0));
});

both!(a_letter_is_due_since_it_was_to_leave_first, async |db: Database| {
    let peer = Peer::start(|at, _| (at == At::Rcpt).then(|| say("450 4.7.1 greylisted\r\n"))).await;
    let instance = instance(&db, &peer, |_| ()).await;
    let due = async || db.snapshot().await.unwrap().letters_due(instance.clock.now()).await.unwrap();
    assert_eq!(due().await, None);
    letter(&db, "a").await;
    assert_eq!(due().await, Some(now()));
    let post = Post::new(Arc::clone(&instance));
    for _ in 0..3 {
        work(&post).await;
        assert_eq!(due().await, Some(now()), "however often it is put off");
        wait(&db, &instance).await;
    }
    db.tamper("UPDATE letter SET state = 'held'").await;
    assert_eq!(due().await, None);
    db.tamper("UPDATE letter SET state = 'waiting', released_at = NULL").await;
    db.tamper("UPDATE letter SET not_before = not_before + 60000000").await;
    assert_eq!(due().await, None, "not yet");
});
