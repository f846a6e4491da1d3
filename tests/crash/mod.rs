//! The program is killed, again and again, between a real mailbox and a mail server that has troubles of its own: nothing
//! is lost, nothing is logged twice, nobody is answered twice.
//!
//! `DOCKET_KILLS` and `DOCKET_SEED` ask for more kills than a change must pass, and for other ones.

mod cut;
mod figures;
pub mod mail;
pub mod plan;
pub mod verdict;

use std::{
    os::unix::process::ExitStatusExt as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use docket::store::Db;
use jiff::Timestamp;
use tokio::time::sleep;

use self::{
    figures::Figures,
    mail::{Kind, Mail},
    plan::{Extent, Kill},
};
use crate::{
    dialogs::smtp_peer::{Act, At, Peer, close, say},
    fixture::{
        Database, both,
        dice::Dice,
        dovecot::{Dovecot, USER},
        program::Daemon,
        station::{ABORTED, Relay, Station},
    },
};

/// How long anything that must come true may take.
const PATIENCE: Duration = Duration::from_secs(90);
const FEED_EVERY: Duration = Duration::from_millis(700);
/// What is left to do, as the rows say it.
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM message WHERE state = 'stored')
    + (SELECT COUNT(*) FROM letter WHERE state IN ('waiting', 'released', 'sending'))
    + (SELECT COUNT(*) FROM sighting WHERE disposition = 'failed')";
/// The focal point that is reminded, of a state that sends nothing.
const REMINDED: &str = "focal.point@bmeia.gv.at";

both!(killed_at_every_place_it_loses_nothing_and_answers_nobody_twice, async |db: Database| {
    let mut story = Story::begin(db).await;
    let plan = Extent::asked().plan(story.figures.kind);
    for (n, kill) in plan.iter().enumerate() {
        if n == plan.len() / 2 {
            story.server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", "4711", "INBOX"]);
        }
        story.lives_until(*kill, n % 7 == 3).await;
        if n % 2 == 1 {
            story.catches_up().await;
        }
    }
    story.ends().await;
    verdict::holds(&mut story).await;
});

/// The program, its servers, and all that has happened.
struct Story {
    db: Database,
    server: Dovecot,
    peer: Peer,
    lost_replies: Arc<AtomicUsize>,
    station: Station,
    mail: Mail,
    dice: Dice,
    figures: Figures,
}

impl Story {
    async fn begin(db: Database) -> Self {
        let kind = match &*db {
            Db::Sqlite { .. } => crate::fixture::Kind::Sqlite,
            Db::Postgres(_) => crate::fixture::Kind::Postgres,
        };
        let seed = Extent::asked().seed;
        let server = Dovecot::start();
        let lost_replies = Arc::new(AtomicUsize::new(0));
        let lost = Arc::clone(&lost_replies);
        let peer = Peer::start(move |at, before| trouble(at, before, &lost)).await;
        let url = match kind {
            crate::fixture::Kind::Sqlite => db.url().to_owned(),
            crate::fixture::Kind::Postgres => format!("{}&application_name=docket", db.url()),
        };
        let relay = Relay { port: peer.address.port(), authority: None };
        let station = Station::new(&server.account(), relay, &url, "[intake]\nmessage_limit = \"1 MiB\"");
        let people = format!("iso3,name,address,language,from,until\nAUT,Focal point,{REMINDED},en,,\n");
        std::fs::write(station.folder().join("people.csv"), people).unwrap();
        station.docket(&["people", "import", "people.csv"]).done();
        let dice = Dice::new(seed ^ u64::from(kind == crate::fixture::Kind::Postgres));
        let figures = Figures::new(kind, seed);
        Self { db, server, peer, lost_replies, station, mail: Mail::default(), dice, figures }
    }

    /// One life of the program, with mail coming in, and its end.
    async fn lives_until(&mut self, kill: Kill, server_dies: bool) {
        self.figures.kills.push(kill);
        self.the_dead_are_gone().await;
        if server_dies {
            self.server.kill();
            self.figures.server_kills += 1;
        }
        for _ in 0..2 + self.dice.below(3) {
            self.deliver();
        }
        if server_dies {
            self.server.start_again();
        }
        match kill {
            Kill::At(place, _) if place.contains("decision") => self.person_decides(place).await,
            Kill::At(place, _) if place.contains("reminder") => {
                let daemon = self.station.start();
                assert!(self.station.ends_at(place, &["remind"]), "{place} was not reached");
                self.station.docket(&["remind"]).done();
                daemon.kill();
            }
            Kill::At(place, passing) => self.program_comes_to(place, passing).await,
            Kill::After(more) => {
                let events = self.events().await + more;
                let mut daemon = self.station.start();
                let mut fed = Instant::now();
                let happened = async |story: &mut Self| {
                    story.feed(&mut fed).await;
                    story.events().await >= events
                };
                self.until(&mut daemon, "as much happened", happened).await;
                daemon.kill();
            }
        }
    }

    async fn program_comes_to(&mut self, place: &'static str, passing: u32) {
        if place.contains("attempt") || place.contains("park") {
            self.deliver_a(Kind::Large);
        }
        let mut daemon = self.station.start_to_end_at(&format!("{place}:{passing}"));
        let (began, mut fed) = (Instant::now(), Instant::now());
        let status = loop {
            if let Some(status) = daemon.has_ended() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "{place} was not reached {passing} times\n{}", self.station.said());
            self.feed(&mut fed).await;
            sleep(Duration::from_millis(10)).await;
        };
        assert_eq!(status.signal(), Some(ABORTED), "it ended by itself before {place}\n{}", self.station.said());
    }

    /// Now and then one more input, so that every place is passed again.
    async fn feed(&mut self, fed: &mut Instant) {
        if fed.elapsed() > FEED_EVERY {
            self.deliver_a(Kind::Document);
            self.time_passes().await;
            *fed = Instant::now();
        }
    }

    /// A person says whose a document is, once the neutral letter has left; the command is killed, and given once more.
    async fn person_decides(&mut self, place: &'static str) {
        self.deliver_a(Kind::Nobodys);
        let n = self.mail.delivered.len() - 1;
        let marker = self.mail.delivered[n].marker.clone();
        let answered = format!(
            "SELECT COUNT(*) FROM letter l JOIN message m ON m.id = l.message_id
             WHERE m.subject LIKE '%{marker}%' AND l.state = 'sent'"
        );
        let mut daemon = self.station.start();
        self.until(&mut daemon, "it was answered", async |story| story.db.number(&answered).await == 1).await;
        let number = format!("SELECT number FROM message WHERE subject LIKE '%{marker}%'");
        let number = format!("M-{:06}", self.db.number(&number).await);
        let command = ["decide", &number, "assign", "NOR", "--reason", "they rang us"];
        assert!(self.station.ends_at(place, &command), "{place} was not reached");
        self.station.docket(&command).done();
        self.mail.delivered[n].decided = true;
        daemon.kill();
    }

    /// Lets the program do what is left: what it had in hand at three ends in a row, a person would be asked about.
    async fn catches_up(&mut self) {
        self.does_what_is_left().await.kill();
    }

    /// The program, when all is done that was left.
    async fn does_what_is_left(&mut self) -> Daemon {
        self.the_dead_are_gone().await;
        let mut daemon = self.station.start();
        let all = i64::try_from(self.mail.delivered.len()).unwrap();
        let done = async |story: &mut Self| {
            story.db.number("SELECT COUNT(*) FROM message").await >= all && story.db.number(LEFT).await == 0
        };
        self.until(&mut daemon, "all is done", done).await;
        daemon
    }

    /// Lets the program do all that is left, undisturbed, and stops it.
    async fn ends(&mut self) {
        let mut daemon = self.does_what_is_left().await;
        for undecided in self.undecided() {
            let number = format!("SELECT number FROM message WHERE subject LIKE '%{undecided}%'");
            let number = format!("M-{:06}", self.db.number(&number).await);
            self.station.docket(&["decide", &number, "not-an-input", "--reason", "a test"]).done();
        }
        for _ in 0..2 {
            self.station.docket(&["remind"]).done();
            self.until(&mut daemon, "the reminder left", async |story| story.db.number(LEFT).await == 0).await;
        }
        assert!(daemon.stop().success(), "{}", self.station.said());
    }

    /// What nobody has said a state for: nobody is reminded while it may be anybody's.
    fn undecided(&self) -> Vec<String> {
        let open = self.mail.delivered.iter().filter(|mail| mail.kind == Kind::Nobodys && !mail.decided);
        open.map(|mail| mail.marker.clone()).collect()
    }

    async fn until(&mut self, daemon: &mut Daemon, what: &str, mut holds: impl AsyncFnMut(&mut Self) -> bool) {
        let began = Instant::now();
        while !holds(self).await {
            assert!(began.elapsed() < PATIENCE, "never came true: {what}\n{}", self.station.said());
            assert!(daemon.has_ended().is_none(), "the daemon ended before: {what}\n{}", self.station.said());
            self.time_passes().await;
            sleep(Duration::from_millis(25)).await;
        }
    }

    fn deliver(&mut self) {
        let bytes = self.mail.next(&mut self.dice);
        self.server.deliver("INBOX", &bytes, Timestamp::now());
    }

    fn deliver_a(&mut self, kind: Kind) {
        let bytes = self.mail.make(kind, &mut self.dice);
        self.server.deliver("INBOX", &bytes, Timestamp::now());
    }

    async fn events(&self) -> i64 {
        self.db.number("SELECT COUNT(*) FROM event").await
    }

    /// What waits for a later attempt has waited long enough.
    async fn time_passes(&self) {
        self.db.tamper("UPDATE letter SET not_before = 0 WHERE state = 'released' AND not_before > 0").await;
        self.db.tamper("UPDATE sighting SET first_seen = 0 WHERE disposition = 'failed' AND first_seen > 0").await;
    }

    /// The program knows by itself that the one before is dead; on a server nobody else may still speak for it.
    async fn the_dead_are_gone(&self) {
        if self.figures.kind == crate::fixture::Kind::Postgres {
            let connected = "SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'docket'";
            while self.db.number(connected).await > 0 {
                sleep(Duration::from_millis(5)).await;
            }
        }
        self.time_passes().await;
    }
}

/// The troubles of the mail server: it greylists, drops connections, refuses for now, and loses replies.
fn trouble(at: At, before: usize, lost_replies: &AtomicUsize) -> Option<Act> {
    match (at, before) {
        (At::Rcpt, n) if n % 11 == 4 => Some(say("450 4.7.1 greylisted\r\n")),
        (At::Data, n) if n % 19 == 7 => Some(close()),
        (At::Body, n) if n % 23 == 11 => Some(close()),
        (At::Dot, n) if n % 13 == 5 => Some(say("451 4.3.0 the disk\r\n")),
        (At::Dot, n) if n % 17 == 9 => {
            lost_replies.fetch_add(1, Ordering::SeqCst);
            Some(close().stored())
        }
        _ => None,
    }
}
