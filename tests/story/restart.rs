//! A process that ends anywhere, and begins again: nothing is lost, and nothing is done twice.

use std::{fs, future::poll_fn, pin::pin, task::Poll, time::Duration};

use docket::{
    config::{OnUncertain, Shipped},
    pipeline::Outcome,
    store::LetterState,
};

use super::{
    mail::Mail,
    stage::{Sample, Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

/// Runs a step until it has waited so often, then lets go of it wherever it stands.
async fn cut<T>(waits: usize, step: impl Future<Output = T>) -> Option<T> {
    let (mut step, mut left) = (pin!(step), waits);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        step.as_mut().poll(context).map(Some)
    })
    .await
}

/// What was concluded and told, without what differs from one instance to another.
async fn outcome(stage: &Stage) -> (Vec<String>, Vec<String>) {
    let log = stage.log().await;
    let log = log.iter().map(|line| {
        let (number, reference, states) = (&line.number, &line.reference, &line.states);
        format!("{number} {reference:?} {states:?} {:?} {:?} {:?}", line.version, line.letters, line.waiting)
    });
    let letters = stage.posted().into_iter().map(|(name, letter)| {
        let (date, to, subject, body) = (letter.date, letter.recipients, letter.subject, letter.body);
        format!("{name} {date:?} {to:?} {subject:?} {:?}\n{body}", letter.in_reply_to)
    });
    (log.collect(), letters.collect())
}

both!(a_new_process_for_every_step, async |db: Database| {
    let scenes = Sample::some(&["01-", "09-", "10-", "15-", "18-", "21-", "23-", "24-", "25-"]);
    let start = "2020-09-02T09:00:00+02:00";
    let mut whole = Stage::set(Database::fresh(crate::fixture::Kind::Sqlite).await, start).await;
    whole.play(&scenes).await;
    whole.wait(60).await;

    let mut stage = Stage::set(db, start).await;
    for scene in &scenes {
        stage.until(scene.arrives).await;
        stage.deliver_sample(scene);
        stage.receive().await;
        stage.restart().await;
        while stage.read().await == Outcome::Worked {
            stage.restart().await;
        }
        while stage.post().await == Outcome::Worked {
            stage.restart().await;
        }
    }
    stage.wait(60).await;
    stage.restart().await;
    stage.work().await;
    assert_eq!(outcome(&stage).await, outcome(&whole).await);
});

both!(a_step_that_is_cut_off, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-01T09:00:00+02:00").await;
    let waits = [1, 2, 3, 5, 8, 13, 21, 34, 55];
    for (waits, n) in waits.into_iter().zip(1_usize..) {
        let mail = Mail::from("Mission <mission@eda.admin.ch>").document(&format!("Switzerland, version {n}"));
        stage.deliver(&format!("{n:02}.mail"), &mail.raw(), stage.clock.now());
        Box::pin(cut(waits, stage.receive())).await;
        stage.restart().await;
        stage.receive().await;
        Box::pin(cut(waits, stage.read())).await;
        stage.restart().await;
        while stage.read().await == Outcome::Worked {}
        Box::pin(cut(waits, stage.post())).await;
        stage.restart().await;
        while stage.post().await == Outcome::Worked {}
        stage.wait(60).await;

        let log = stage.log().await;
        assert_eq!(log.len(), n, "after {waits} waits: each message once");
        let last = &log[n - 1];
        assert_eq!(last.version, u32::try_from(n).ok(), "after {waits} waits: {:?}", last.waiting);
        assert_eq!(last.reference.as_deref(), Some("GCM-ECE-2020-0001"));
        assert_eq!(last.letters, ["acknowledgement: sent"], "after {waits} waits");
        assert_eq!(stage.posted().len(), n, "after {waits} waits: each letter once");
    }
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM place WHERE until IS NULL AND repeats IS NULL").await, 9);
    assert_eq!(stage.db.number("SELECT COUNT(*) FROM original").await, 9);
});

both!(claims_of_a_dead_owner, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let hour = Duration::from_hours(1);
    for (scene, restarted) in Sample::some(&["01-", "03-"]).iter().zip([true, false]) {
        stage.until(scene.arrives).await;
        stage.deliver_sample(scene);
        stage.receive().await;
        let mut tx = stage.instance().db.begin().await.unwrap();
        assert_eq!(tx.claim_messages("dead", hour, 10).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        assert_eq!(stage.read().await, Outcome::Idle, "it may still be at work");
        revive(&mut stage, "message", restarted).await;
        assert_eq!(stage.read().await, Outcome::Worked);

        let mut tx = stage.instance().db.begin().await.unwrap();
        assert!(tx.claim_letter("dead", hour, stage.clock.now()).await.unwrap().is_some());
        tx.commit().await.unwrap();
        assert_eq!(stage.post().await, Outcome::Idle);
        revive(&mut stage, "letter", restarted).await;
        assert_eq!(stage.post().await, Outcome::Worked);
    }
    assert_eq!(stage.posted().len(), 2);
});

/// The owner's claims end: because a new process knows that it is gone, or because their time is over.
async fn revive(stage: &mut Stage, table: &str, restarted: bool) {
    if restarted {
        stage.restart().await;
    } else {
        let over = format!("UPDATE {table} SET lease_until = 1 WHERE lease_owner = 'dead'");
        assert_eq!(stage.db.tamper(&over).await, 1);
    }
}

both!(a_letter_of_which_nobody_knows_whether_it_left, async |db: Database| {
    let scenes = Sample::some(&["01-"]);
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    stage.play(&scenes).await;
    let before = stage.posted();
    assert_eq!(stage.db.tamper("UPDATE letter SET state = 'sending', sent_at = NULL").await, 1);
    stage.restart().await;
    stage.wait(60).await;
    assert_eq!(stage.posted(), before, "the same letter once more, under the same name");
    assert_eq!(stage.log().await[0].letters, ["acknowledgement: sent"]);
});

both!(a_person_is_asked_whether_a_letter_left, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-02T09:00:00+02:00", Shipped::embedded(), |config| {
        config.letters.on_uncertain = OnUncertain::Ask;
    })
    .await;
    stage.play(&Sample::some(&["01-"])).await;
    let before = stage.posted();
    assert_eq!(stage.db.tamper("UPDATE letter SET state = 'sending', sent_at = NULL").await, 1);
    stage.restart().await;
    stage.wait(60).await;
    let letter = stage.entry("M-000001").await.letters.remove(0);
    assert_eq!(letter.state, "held for a person");
    assert!(letter.reason.unwrap_or_default().contains("not known whether it left"));
    stage.desk().move_letter(letter.id, LetterState::Waiting, &person("desk"), "they have not got it").await.unwrap();
    stage.work().await;
    assert_eq!(stage.posted(), before, "the same bytes, the same Message-ID");
    assert_eq!(stage.log().await[0].letters, ["acknowledgement: sent"]);
});

both!(the_same_message_is_recognised, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let norway = Sample::some(&["01-"]).remove(0);
    stage.play(std::slice::from_ref(&norway)).await;
    let (new, cur) = (stage.maildir(0).join("new"), stage.maildir(0).join("cur"));
    let name = fs::read_dir(&new).unwrap().next().unwrap().unwrap().file_name().into_string().unwrap();
    for (from, to) in [
        (new.join(&name), cur.join(format!("{name}:2,S"))),
        (cur.join(format!("{name}:2,S")), cur.join(format!("{name}:2,FRS"))),
    ] {
        fs::rename(from, to).unwrap();
        for restarted in [false, true] {
            if restarted {
                stage.restart().await;
            }
            let received = stage.receive().await.remove(0);
            assert_eq!((received.new, received.known), (0, 0), "a name that was seen, wherever it lies");
        }
    }
    let again = "Received: from mx1.example.org by store.example.org with LMTP; Fri, 4 Sep 2020 11:00:00 +0200\n";
    let again =
        [b"Return-Path: <other@example.org>\nDelivered-To: second@example.org\n", again.as_bytes(), &norway.raw()];
    stage.deliver("2.again", &again.concat(), stage.clock.now());
    let received = stage.receive().await.remove(0);
    assert_eq!((received.new, received.known), (0, 1), "only what servers wrote on top differs");
    stage.wait(60).await;
    assert_eq!((stage.log().await.len(), stage.posted().len()), (1, 1));
});

both!(a_first_start_on_a_full_mailbox, async |db: Database| {
    let mut stage = Stage::set_with(db, "2020-09-17T12:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].acknowledge_since = None;
    })
    .await;
    let scenes = Sample::mail();
    let (before, after) = scenes.split_at(8);
    for scene in before {
        stage.deliver_sample(scene);
    }
    stage.wait(60).await;
    let log = stage.log().await;
    assert_eq!(log.len(), before.len(), "everything is logged");
    assert!(log.iter().filter(|line| line.reference.is_some()).count() >= 5, "and filed");
    assert_eq!((stage.letters().await.len(), stage.posted().len()), (0, 0), "and nothing answered");
    let why = stage.entry("M-000001").await.answer.unwrap();
    assert!(why.contains("before the program began to answer"), "{why}");
    stage.restart().await;
    stage.play(&after[..1]).await;
    assert_eq!(stage.posted().len(), 1, "what comes from now on is answered");
});

both!(mail_of_the_very_second_of_the_first_start, async |db: Database| {
    let first = "2020-09-17T12:00:00.7+02:00";
    let mut stage = Stage::set_with(db, first, Shipped::embedded(), |config| {
        config.mailboxes[0].acknowledge_since = None;
    })
    .await;
    // The times of mail have whole seconds.
    let start: jiff::Timestamp = "2020-09-17T12:00:00+02:00".parse().unwrap();
    let input =
        |name: &str| Mail::from(&format!("Ministry <{name}@mfa.no>")).document(&format!("Norway: input of {name}"));
    stage.deliver("1.before", &input("before").raw(), start - Duration::from_secs(1));
    stage.deliver("2.then", &input("then").raw(), start);
    stage.wait(5).await;
    let to: Vec<String> = stage.letters().await.into_iter().map(|letter| letter.recipient).collect();
    assert_eq!((to, stage.posted().len()), (vec!["then@mfa.no".to_owned()], 1));
});
