//! The connections are cut, again and again, after any number of bytes: in the middle of a message, after the final dot,
//! in the middle of a commit. Nothing is lost, nothing is logged twice, nobody is answered twice.

use std::{path::Path, sync::Mutex, time::Duration};

use docket::{
    config::ImapConfig,
    mailbox::Imap,
    pipeline::{Outcome, Received},
};
use jiff::Timestamp;

use super::{
    mail::{Kind, Mail},
    plan::Extent,
    verdict,
};
use crate::{
    dialogs::smtp_peer::Peer,
    fixture::{
        Database, Kind as Of, both,
        dice::Dice,
        dovecot::Dovecot,
        proxy::{Fate, Proxy},
        pump::Pump,
    },
};

/// What the scripted server has said before the reply to the final dot of the first letter.
const UP_TO_THE_DOT: usize = 132;

fn noon() -> Timestamp {
    "2020-09-10T12:00:00Z".parse().unwrap()
}

/// Of so many connections each is cut somewhere within so many bytes, but for every `holds`-th.
fn cut(
    seed: u64,
    connections: usize,
    holds: usize,
    up: usize,
    down: usize,
) -> impl Fn(usize) -> Fate + Send + Sync + 'static {
    let dice = Mutex::new(Dice::new(seed));
    move |n| {
        let mut dice = dice.lock().unwrap();
        if n >= connections || n % holds == holds - 1 {
            return Fate::Holds;
        }
        if dice.below(2) == 0 { Fate::CutUp(1 + dice.below(up)) } else { Fate::CutDown(1 + dice.below(down)) }
    }
}

fn through(account: &ImapConfig, proxy: &Proxy) -> ImapConfig {
    ImapConfig { port: proxy.port(), ..account.clone() }
}

/// Some messages, one of them so large that most cuts fall into the middle of it.
fn deliver(server: &mut Dovecot, mail: &mut Mail, dice: &mut Dice) {
    for kind in [Kind::Document, Kind::Robot, Kind::Text, Kind::Twin] {
        let mut bytes = mail.make(kind, dice);
        if kind == Kind::Text {
            for _ in 0..6_000 {
                bytes.extend_from_slice(
                    format!("{:09} and so it goes on, line by line.\r\n", dice.below(1 << 29)).as_bytes(),
                );
            }
            mail.delivered.last_mut().unwrap().bytes.clone_from(&bytes);
        }
        server.deliver("INBOX", &bytes, noon());
    }
}

both!(connections_that_are_cut_lose_nothing_and_answer_nobody_twice, async |db: Database| {
    let seed = Extent::asked().seed;
    let mut server = Dovecot::start();
    let account = server.account();
    let imap = Proxy::before(([127, 0, 0, 1], account.port).into(), cut(seed, 60, 3, 1_500, 250_000)).await;
    let peer = Peer::start(|_, _| None).await;
    let anywhere = cut(seed + 1, 60, 4, 2_500, 180);
    // Of every five one is cut within the reply to the final dot.
    let fates = move |n| if n % 5 == 2 && n < 60 { Fate::CutDown(UP_TO_THE_DOT + 1 + n % 7) } else { anywhere(n) };
    let smtp = Proxy::before(peer.address, fates).await;
    let pump = Pump::open(db.url(), through(&account, &imap), smtp.port(), noon()).await.unwrap();
    let (mut mail, mut dice, mut rounds) = (Mail::default(), Dice::new(seed), 0);
    while rounds < 12 || imap.cuts() < 12 || smtp.cuts() < 12 {
        rounds += 1;
        assert!(rounds < 100, "{} and {} cuts", imap.cuts(), smtp.cuts());
        deliver(&mut server, &mut mail, &mut dice);
        let mut receiver = pump.receiver().await;
        while !matches!(receiver.step().await, Ok(Received { unreadable: 0, .. })) {
            pump.minutes_pass(11);
        }
        let reader = pump.reader();
        while reader.step().await.unwrap() == Outcome::Worked {}
        // Where a connection failed before any letter, the post leaves the server alone for a while: each is a new one.
        loop {
            while pump.post().step().await.unwrap() == Outcome::Worked {}
            let due = pump.instance.db.snapshot().await.unwrap().next_letter_due().await.unwrap();
            let Some(due) = due else { break };
            pump.instance.clock.move_to(due);
        }
    }
    verdict::each_message_is_logged_once(&db, &mail.delivered).await;
    verdict::numbers_have_no_gaps(&db).await;
    let letters = verdict::letters_left_once(&db, &mail.delivered, 0, &peer.taken()).await;
    assert!(letters.uncertain > 0, "no cut fell between the dot and its reply: {letters:?}");
});

#[test]
fn the_connection_to_the_database_may_be_cut_anywhere() {
    crate::fixture::on(Of::Postgres, async |db: Database| {
        let seed = Extent::asked().seed;
        let mut server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let (base, host) = db.url().split_once("host=").unwrap();
        let (host, rest) = host.split_once('&').unwrap();
        let own = tempfile::tempdir().unwrap();
        let later = cut(seed, 150, 40, 40_000, 40_000);
        // The first ones live long enough for the office to open.
        let fates = move |n| if n < 2 { Fate::CutDown(300_000) } else { later(n) };
        let proxy = Proxy::before_postgres(Path::new(host), own.path(), fates);
        let url = format!("{base}host={}&{rest}", own.path().display());
        let pump = Pump::open(&url, server.account(), peer.address.port(), noon()).await.unwrap();
        let (mut mail, mut dice, mut rounds) = (Mail::default(), Dice::new(seed), 0);
        while rounds < 12 || proxy.cuts() < 12 {
            rounds += 1;
            assert!(rounds < 100, "{} cuts", proxy.cuts());
            deliver(&mut server, &mut mail, &mut dice);
            let mut receiver = loop {
                match pump.try_receiver().await {
                    Ok(receiver) => break receiver,
                    Err(error) => assert!(error.is_temporary(), "{error}"),
                }
            };
            let (reader, post, mut done) = (pump.reader(), pump.post(), false);
            while !done {
                let taken_in = receiver.step().await;
                let read = reader.step().await;
                let posted = post.step().await;
                done = matches!(taken_in, Ok(Received { new: 0, unreadable: 0, .. }))
                    && matches!(read, Ok(Outcome::Idle))
                    && matches!(posted, Ok(Outcome::Idle))
                    && db.number(super::LEFT).await == 0;
                pump.minutes_pass(2);
            }
        }
        verdict::each_message_is_logged_once(&db, &mail.delivered).await;
        verdict::numbers_have_no_gaps(&db).await;
        verdict::letters_left_once(&db, &mail.delivered, 0, &peer.taken()).await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_silent_in_the_middle_of_a_message_is_left_and_asked_again() {
    let mut server = Dovecot::start();
    let (mut mail, mut dice) = (Mail::default(), Dice::new(1));
    deliver(&mut server, &mut mail, &mut dice);
    let account = server.account();
    let silent = |n| if n == 0 { Fate::FallsSilent(100_000) } else { Fate::Holds };
    let proxy = Proxy::before(([127, 0, 0, 1], account.port).into(), silent).await;
    let mut imap = Imap::new(through(&account, &proxy), Duration::from_secs(2));
    imap.examine("INBOX").await.unwrap();
    let said = imap.bodies(&[1, 2, 3, 4]).await.unwrap_err().to_string();
    assert!(said.contains("silent"), "{said}");
    imap.examine("INBOX").await.unwrap();
    let bodies = imap.bodies(&[1, 2, 3, 4]).await.unwrap();
    let delivered: Vec<&[u8]> = mail.delivered.iter().map(|mail| mail.bytes.as_slice()).collect();
    assert_eq!(bodies.values().map(Vec::as_slice).collect::<Vec<_>>(), delivered);
}
