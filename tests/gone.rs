//! Processes that are killed, or stopped, with something in hand: another takes it over within seconds, and what may have
//! left does not leave twice.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use docket::{
    clock::Moment,
    presence::{Presence, Sign, sign_of},
};
use jiff::Timestamp;
use tokio::time::sleep;

use crate::{
    dialogs::smtp_peer::{At, Peer, hang},
    fixture::{
        Database, Kind, both,
        dovecot::Dovecot,
        intake::{good_mail, mail},
        on,
        program::{Daemon, free_port, get},
        pump::Pump,
        station::{Relay, Station},
    },
};

const SENT: &str = "SELECT COUNT(*) FROM letter WHERE state = 'sent'";
const WAITING: &str = "SELECT COUNT(*) FROM letter WHERE state = 'waiting'";
const SENDING: &str = "SELECT COUNT(*) FROM letter WHERE state = 'sending'";
const UNCERTAIN: &str = "SELECT COUNT(*) FROM attempt WHERE outcome = 'uncertain'";
const CLAIMED: &str = "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored' AND lease_until > 0)
    + (SELECT COUNT(*) FROM letter WHERE lease_until > 0)";
/// How long it may take until another goes on: where it is seen that the one before is gone, and where that is only silent.
const AT_ONCE: Duration = Duration::from_secs(10);
const TAKE_OVER: Duration = Duration::from_secs(20);

async fn until(daemon: &mut Daemon, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds().await {
        assert!(Instant::now() < deadline, "never came true: {what}\n{}", daemon.said());
        assert!(daemon.has_ended().is_none(), "the daemon ended before: {what}\n{}", daemon.said());
        sleep(Duration::from_millis(20)).await;
    }
}

fn station(server: &Dovecot, peer: &Peer, db: &Database, more: &str) -> Station {
    Station::new(&server.account(), Relay { port: peer.address.port(), authority: None }, db.url(), more)
}

fn signal(daemon: &Daemon, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), daemon.pid().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// One dies with a message in its hands, the next with a letter; that they are gone is seen on this machine.
#[test]
fn what_a_killed_process_had_in_hand_is_taken_over_at_once_where_it_is_seen_to_be_gone() {
    on(Kind::Postgres, async |db: Database| {
        let mut server = Dovecot::start();
        let peer = Peer::start(|at, before| (at == At::Rcpt && before == 0).then(hang)).await;
        let port = free_port();
        let more = format!("[web]\nlisten = \"127.0.0.1:{port}\"");
        let stations = [station(&server, &peer, &db, ""), station(&server, &peer, &db, &more)];
        server.deliver("INBOX", &good_mail("a"), Timestamp::now());
        let mut reads = stations[0].start_to_end_at("after-message-claim");
        let ended = Instant::now();
        while reads.has_ended().is_none() {
            assert!(ended.elapsed() < Duration::from_mins(1), "{}", stations[0].said());
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(db.number(CLAIMED).await, 1);
        let killed = Instant::now();
        let mut posts = stations[1].start();
        let on_its_way = async || peer.commands().iter().any(|command| command.starts_with("RCPT"));
        until(&mut posts, "its letter is on its way", on_its_way).await;
        assert!(killed.elapsed() < AT_ONCE, "the message: {:?}\n{}", killed.elapsed(), stations[1].said());
        let oldest = || get(port, "/readyz").1.contains("The oldest claim is ");
        until(&mut posts, "it is said how old the claim is", async || oldest()).await;
        let mut takes_over = stations[0].start();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(db.number(SENT).await, 0, "the other lives");
        let killed = Instant::now();
        posts.kill();
        server.deliver("INBOX", &good_mail("b"), Timestamp::now());
        until(&mut takes_over, "both letters leave", async || db.number(SENT).await == 2).await;
        assert!(killed.elapsed() < AT_ONCE, "the letters: {:?}\n{}", killed.elapsed(), stations[0].said());
        assert!(takes_over.stop().success());
        assert_eq!((peer.taken().len(), db.number(UNCERTAIN).await, db.number(CLAIMED).await), (2, 0, 0));
        assert_eq!(db.number("SELECT COUNT(*) FROM owner").await, 0, "who is gone is forgotten");
    });
}

/// It has committed that one letter leaves, has claimed another, and sleeps before the dot. What it only claimed is taken
/// over when it is silent; of what may still leave, the other is told that a quarter of an hour went by.
#[test]
fn a_process_that_slept_before_the_dot_does_not_send_what_another_has_sent() {
    on(Kind::Postgres, async |db: Database| {
        let mut server = Dovecot::start();
        let peer = Peer::start(|_, _| None).await;
        let stations = [station(&server, &peer, &db, ""), station(&server, &peer, &db, "")];
        stations[0].change("settle_for = \"0s\"", "settle_for = \"1h\"");
        let mut sleeper = stations[0].start_to_stop_at("after-leave-commit");
        // Its letter asks for the document, and waits for it to come by itself.
        let nothing = mail("b", "Ministry <desk@mfa.no>", "Norway: input to the regional review", &[]);
        server.deliver("INBOX", &nothing, Timestamp::now());
        until(&mut sleeper, "a letter waits", async || db.number(WAITING).await == 1).await;
        server.deliver("INBOX", &good_mail("a"), Timestamp::now());
        until(&mut sleeper, "the letter leaves", async || db.number(SENDING).await == 1).await;
        let asleep = Instant::now();
        let mut other = stations[1].start();
        let claims = "UPDATE letter SET not_before = 0, lease_since = 1, lease_until = 9000000000000000,
            lease_owner = (SELECT l.lease_owner FROM letter l WHERE l.state = 'sending') WHERE state = 'waiting'";
        assert_eq!(db.tamper(claims).await, 1);
        until(&mut other, "what it had claimed leaves", async || db.number(SENT).await == 1).await;
        assert!(asleep.elapsed() < TAKE_OVER, "the letter: {:?}\n{}", asleep.elapsed(), stations[1].said());
        server.deliver("INBOX", &good_mail("c"), Timestamp::now());
        until(&mut other, "what comes in is answered", async || db.number(SENT).await == 2).await;
        assert!(asleep.elapsed() < TAKE_OVER + Duration::from_secs(5), "the mailbox: {:?}", asleep.elapsed());
        assert_eq!((db.number(SENDING).await, db.number(UNCERTAIN).await), (1, 0), "it may still leave");
        let owner = "SELECT lease_owner FROM letter WHERE state = 'sending'";
        let minutes_pass = format!("UPDATE owner SET heard = heard - 900000000 WHERE name = ({owner})");
        assert_eq!(db.tamper(&minutes_pass).await, 1);
        until(&mut other, "the other takes it over", async || db.number(UNCERTAIN).await == 1).await;
        db.tamper("UPDATE letter SET not_before = 0").await;
        until(&mut other, "and sends it", async || db.number(SENT).await == 3).await;
        signal(&sleeper, "CONT");
        let does_not = "a letter does not leave: nobody could see that this process works";
        until(&mut sleeper, "the sleeper wakes", async || stations[0].said().contains(does_not)).await;
        server.deliver("INBOX", &good_mail("d"), Timestamp::now());
        until(&mut other, "the next letter leaves", async || db.number(SENT).await == 4).await;
        assert!(sleeper.stop().success() && other.stop().success());
        let mut ids = peer.ids();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), peer.taken().len()), (4, 4), "each once");
    });
}

/// Nobody took it over: it is known that the letter did not leave, and it leaves now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_slept_before_the_dot_sends_the_letter_anew() {
    let db = Database::fresh(Kind::Sqlite).await;
    let mut server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let station = station(&server, &peer, &db, "");
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    let mut sleeper = station.start_to_stop_at("after-leave-commit");
    until(&mut sleeper, "the letter leaves", async || db.number(SENDING).await == 1).await;
    sleep(Duration::from_secs(11)).await;
    signal(&sleeper, "CONT");
    until(&mut sleeper, "it has left", async || db.number(SENT).await == 1).await;
    assert!(sleeper.stop().success());
    assert_eq!((peer.taken().len(), db.number(UNCERTAIN).await, db.number(CLAIMED).await), (1, 0, 0));
    let letters_begun = peer.commands().iter().filter(|command| *command == "DATA").count();
    assert_eq!(letters_begun, 2, "the first was not ended");
}

both!(stopped_while_the_final_reply_never_comes_it_says_so_of_the_letter_and_ends, async |db: Database| {
    let mut server = Dovecot::start();
    let peer = Peer::start(|at, before| (at == At::Dot && before == 0).then(|| hang().stored())).await;
    let station = station(&server, &peer, &db, "wait_at_stop = \"2s\"");
    server.deliver("INBOX", &good_mail("a"), Timestamp::now());
    let daemon = station.start();
    peer.was_asked(At::Dot, 1).await;
    let asked = Instant::now();
    assert!(daemon.stop().success());
    let took = asked.elapsed();
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(8), "{took:?}");
    assert_eq!((db.number(SENDING).await, db.number(UNCERTAIN).await, db.number(CLAIMED).await), (0, 1, 0));
    db.tamper("UPDATE letter SET not_before = 0").await;
    let mut daemon = station.start();
    until(&mut daemon, "the same letter goes once more", async || db.number(SENT).await == 1).await;
    assert!(daemon.stop().success());
    let taken = peer.taken();
    assert_eq!((taken.len(), &taken[0]), (2, &taken[1]));
});

// Its claims were freed while it was out of sight, and it takes them up itself again.
both!(what_a_process_claims_anew_while_it_is_at_it_is_done_under_the_new_claim, async |db: Database| {
    let mut server = Dovecot::start();
    let peer = Peer::start(|_, _| None).await;
    let now = Timestamp::now();
    let pump = Pump::open(db.url(), server.account(), peer.address.port(), now).await.unwrap();
    let (mut receiver, reader) = (pump.receiver().await, pump.reader());
    for n in 0..12 {
        server.deliver("INBOX", &good_mail(&format!("m{n}")), now);
    }
    receiver.step().await.unwrap();
    reader.step().await.unwrap();
    let unread = "SELECT COUNT(*) FROM message WHERE state = 'stored'";
    assert!(db.number(unread).await > 0, "more were claimed than are read");
    db.tamper("UPDATE message SET lease_until = 0 WHERE state = 'stored'").await;
    while reader.step().await.unwrap() == docket::pipeline::Outcome::Worked {}
    assert_eq!((db.number(unread).await, db.number(CLAIMED).await), (0, 0));
});

#[test]
fn a_process_is_gone_when_nobody_holds_its_name_and_else_cannot_be_seen() {
    on(Kind::Sqlite, async |db: Database| {
        let presence = Presence::of("a-test-of-presence");
        assert!(presence.out_of_sight_since(Moment::now()).is_some(), "nobody has heard of it yet");
        let mut tx = db.begin().await.unwrap();
        let said = presence.say(&mut tx).await.unwrap();
        let place = tx.other_owners("").await.unwrap().remove(0).1;
        tx.commit().await.unwrap();
        presence.heard(said);
        assert_eq!(presence.out_of_sight_since(said), None);
        assert!(presence.steady_for() < Duration::from_secs(5));
        assert_eq!(sign_of("a-test-of-presence", &place), Sign::Alive);
        for elsewhere in ["", "elsewhere", &place.replace('-', "0")] {
            assert_eq!(sign_of("a-test-of-presence", elsewhere), Sign::Unknown, "{elsewhere}");
        }
        drop(presence);
        assert_eq!(sign_of("a-test-of-presence", &place), Sign::Gone);
    });
}
