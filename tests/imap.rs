//! A mailbox on a real server: what is received, and what a server, people and accidents do to it.

use std::{sync::Arc, time::Duration};

use docket::{
    clock::Clock,
    config::{Config, MailSource, MailboxConfig, Proof, Secret, Shipped, Tls, load_call},
    instance::Instance,
    pipeline::{Outcome, Reader, Received, Receiver},
    reading::Readers,
    store::Db,
};
use jiff::{SignedDuration, Timestamp};

use crate::fixture::dovecot::{Dovecot, USER};

const SAMPLES: &str = "config/demo/mail";

/// An office with one mailbox on a server, in a folder of its own.
pub struct House {
    pub instance: Arc<Instance>,
    pub receiver: Receiver,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn open(mailbox: MailboxConfig, clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.store.url = format!("sqlite:{}", folder.path().join("docket.db").display());
        config.letters.folder = folder.path().join("letters");
        config.calls = vec![load_call(&Shipped::embedded(), "unece-gcm-2020").unwrap()];
        config.mailboxes = vec![mailbox.clone()];
        let instance = Arc::new(Instance::open(config, Shipped::embedded(), clock).await.unwrap());
        let receiver = Receiver::new(Arc::clone(&instance), mailbox).await.unwrap();
        Self { instance, receiver, _folder: folder }
    }

    /// As after a start of the program.
    pub async fn start_again(&mut self) {
        self.start_with(self.receiver.mailbox().clone()).await;
    }

    /// As after a start with other settings of the mailbox.
    pub async fn start_with(&mut self, mailbox: MailboxConfig) {
        self.receiver = Receiver::new(Arc::clone(&self.instance), mailbox).await.unwrap();
    }

    pub async fn look(&mut self) -> Received {
        self.receiver.step().await.unwrap()
    }

    pub async fn read_all(&self) {
        let program = env!("CARGO_BIN_EXE_docket").into();
        let sandbox = Arc::new(Readers::new(program, self.instance.config.reading.clone()));
        let reader = Reader::new(Arc::clone(&self.instance), sandbox);
        while reader.step().await.unwrap() == Outcome::Worked {}
    }

    pub async fn number(&self, query: &'static str) -> i64 {
        let Db::Sqlite { writer, .. } = &self.instance.db else { panic!("the house has a file") };
        sqlx::query_scalar(query).fetch_one(writer).await.unwrap()
    }
}

pub fn mailbox(server: &Dovecot) -> MailboxConfig {
    MailboxConfig {
        addresses: vec!["gcm-input@un.example".to_owned()],
        source: MailSource::Imap(server.account()),
        acknowledge_since: Some("2020-07-15T00:00:00Z".parse().unwrap()),
        ..MailboxConfig::default()
    }
}

pub fn samples() -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(SAMPLES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mail = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    mail.take(30).map(|path| std::fs::read(path).unwrap()).collect()
}

fn noon() -> Timestamp {
    "2020-09-20T12:00:00Z".parse().unwrap()
}

pub fn minutes(count: usize) -> Timestamp {
    noon() + SignedDuration::from_mins(i64::try_from(count).unwrap())
}

pub fn small(n: usize) -> Vec<u8> {
    format!("From: s{n}@example.org\r\nSubject: message {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nText {n}.\r\n")
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_messages_are_logged_by_the_servers_time_and_left_as_they_were() {
    let mut server = Dovecot::start();
    let samples = samples();
    assert_eq!(samples.len(), 30);
    for (n, bytes) in samples.iter().enumerate() {
        server.deliver("INBOX", bytes, minutes(n));
    }
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await, Received { new: 30, ..Received::default() });
    house.read_all().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM message WHERE state = 'stored'").await, 0, "all are read");
    let by_the_server = "SELECT COUNT(*) FROM message WHERE clock = 'internal_date' AND received = internal_date";
    assert_eq!(house.number(by_the_server).await, 30);
    let first = minutes(0).as_microsecond();
    assert_eq!(house.number("SELECT MIN(received) FROM message").await, first);
    assert!(house.number("SELECT COUNT(*) FROM item").await >= 30);
    let flags = server.flags("INBOX");
    assert_eq!(flags.len(), 30);
    assert!(flags.iter().all(|flags| !flags.contains("Seen") && !flags.contains("Flagged")), "{flags:?}");

    // Nothing happened: nothing happens.
    assert_eq!(house.look().await, Received::default());
    house.start_again().await;
    assert_eq!(house.look().await, Received::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_may_work_in_the_mailbox() {
    let mut server = Dovecot::start();
    for n in 0..5 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await.new, 5);
    server.doveadm(&["flags", "add", "-u", USER, "\\Seen \\Flagged", "mailbox", "INBOX", "uid", "1:3"]);
    server.doveadm(&["move", "-u", USER, "Junk", "mailbox", "INBOX", "uid", "2"]);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "3"]);
    assert_eq!(house.look().await, Received::default());
    // Out and back: it has a new UID, and is the same message.
    server.doveadm(&["move", "-u", USER, "INBOX", "mailbox", "Junk", "all"]);
    server.deliver("INBOX", &small(9), minutes(9));
    assert_eq!(house.look().await, Received { new: 1, known: 1, ..Received::default() });
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_numbered_anew_brings_nothing_new() {
    let mut server = Dovecot::start();
    for n in 0..7 {
        server.deliver("INBOX", &small(n), minutes(n));
    }
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await.new, 7);
    house.read_all().await;
    let letters = house.number("SELECT COUNT(*) FROM letter").await;
    server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", "4711", "INBOX"]);
    server.deliver("INBOX", &small(7), minutes(7));
    assert_eq!(house.look().await, Received { new: 1, known: 7, ..Received::default() });
    house.read_all().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 8);
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'renumbered'").await, 1);
    assert!(house.number("SELECT COUNT(*) FROM letter").await <= letters + 1, "old mail was answered again");
    assert_eq!(house.look().await, Received::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_junk_is_left_to_a_person_and_never_answered() {
    let mut server = Dovecot::start();
    let mut config = mailbox(&server);
    if let MailSource::Imap(account) = &mut config.source {
        account.junk = vec!["Junk".to_owned()];
    }
    let mut house = House::open(config, Clock::by_hand(minutes(60))).await;
    server.deliver("Junk", &samples()[0], minutes(0));
    assert_eq!(house.look().await.new, 1);
    house.read_all().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM letter").await, 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM place").await, 0, "nothing is filed");
    assert_eq!(house.number("SELECT COUNT(*) FROM item WHERE waiting LIKE '%junk%'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_the_limit_is_logged_from_its_header() {
    let mut server = Dovecot::start();
    let mut large = small(1);
    large.resize(40 << 20, b'x');
    server.deliver("INBOX", &small(0), minutes(0));
    server.deliver("INBOX", &large, minutes(1));
    server.deliver("INBOX", &small(2), minutes(2));
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await, Received { new: 3, ..Received::default() });
    house.read_all().await;
    assert_eq!(house.number("SELECT size >> 20 FROM message WHERE header_only IS NOT NULL").await, 40);
    let kept = "SELECT o.size FROM original o JOIN message m ON m.sha256 = o.sha256 WHERE m.header_only IS NOT NULL";
    assert_eq!(house.number(kept).await, 73, "only the header is kept");
    assert_eq!(house.number("SELECT COUNT(*) FROM message WHERE subject = 'message 1'").await, 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM item WHERE waiting LIKE '%open it in the mailbox%'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_announced_within_seconds_and_a_kick_is_survived() {
    let mut server = Dovecot::start();
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    assert_eq!(house.look().await.new, 0);
    server.deliver("INBOX", &small(0), minutes(0));
    let waited = std::time::Instant::now();
    house.receiver.news(Duration::from_mins(5)).await.unwrap();
    assert_eq!(house.look().await.new, 1);
    assert!(waited.elapsed() < Duration::from_secs(10), "{:?}", waited.elapsed());

    let mut receiver = house.receiver;
    let idle = tokio::spawn(async move { (receiver.news(Duration::from_mins(5)).await, receiver) });
    server.deliver("Junk", &small(8), minutes(8));
    server.doveadm(&["kick", USER]);
    let (ended, receiver) = idle.await.unwrap();
    assert!(ended.is_err(), "the end of the connection is no news");
    house.receiver = receiver;
    server.deliver("INBOX", &small(1), minutes(1));
    assert_eq!(house.look().await.new, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_is_found_again() {
    let mut server = Dovecot::start();
    let mut house = House::open(mailbox(&server), Clock::by_hand(minutes(60))).await;
    server.deliver("INBOX", &small(0), minutes(0));
    assert_eq!(house.look().await.new, 1);
    server.kill();
    assert!(house.receiver.step().await.is_err(), "a dead server is no empty mailbox");
    assert!(house.receiver.step().await.is_err());
    assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE disposition <> 'stored'").await, 0);
    server.deliver("INBOX", &small(1), minutes(1));
    server.start_again();
    assert_eq!(house.look().await, Received { new: 1, ..Received::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_logs_in_over_a_connection_that_is_not_safe() {
    let mut server = Dovecot::start();
    server.deliver("INBOX", &small(0), minutes(0));
    let try_with = async |change: &dyn Fn(&mut docket::config::ImapConfig)| {
        let mut config = mailbox(&server);
        let MailSource::Imap(account) = &mut config.source else { unreachable!() };
        change(account);
        let mut house = House::open(config, Clock::by_hand(minutes(60))).await;
        house.receiver.step().await.map(|received| received.new).map_err(|error| error.to_string())
    };
    let port = server.plain_port();
    let starttls = try_with(&|account| (account.tls, account.port) = (Tls::Starttls, port)).await;
    assert_eq!(starttls, Ok(1));
    let said = try_with(&|account| account.ca_file = None).await.unwrap_err();
    assert!(said.contains("an authority that is not trusted here"), "{said}");
    let said = try_with(&|account| account.host = "127.0.0.1".to_owned()).await.unwrap_err();
    assert!(said.contains("for another name"), "{said}");
    let said = try_with(&|account| account.port = port).await.unwrap_err();
    assert!(said.contains("does not speak TLS on this port"), "{said}");
    let in_the_clear = try_with(&|account| (account.tls, account.port) = (Tls::None, port)).await;
    assert_eq!(in_the_clear, Ok(1), "on this machine it may be said");
    let wrong = Proof::Password(Secret::new("hunter2"));
    let said = try_with(&|account| account.proof = wrong.clone()).await.unwrap_err();
    assert!(said.contains("login was refused") && !said.contains("hunter2"), "{said}");
}

#[test]
fn check_online_logs_in_and_says_which_folders_there_are() {
    let server = Dovecot::start();
    let folder = tempfile::tempdir().unwrap();
    let account = server.account();
    let check = |junk: &str| {
        let text = format!(
            "[[mailbox]]\nname = \"gcm\"\naddresses = [\"inputs@migration.int\"]\ncalls = [\"unece-gcm-2020\"]\n\
             [mailbox.imap]\nhost = \"localhost\"\nport = {}\nuser = \"{USER}\"\npassword_file = \"password\"\n\
             ca_file = {:?}\njunk = [\"{junk}\"]\n",
            account.port,
            account.ca_file.as_ref().unwrap()
        );
        std::fs::write(folder.path().join("password"), "secret\n").unwrap();
        std::fs::write(folder.path().join("docket.toml"), text).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_docket"));
        let command = command.args(["check", "--online", "--config"]).arg(folder.path().join("docket.toml"));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let said = check("Junk");
    assert!(said.contains("mailbox gcm: logged in; folders: INBOX, Junk"), "{said}");
    assert!(said.contains("mailbox gcm: works"), "{said}");
    let said = check("Entwürfe");
    assert!(said.contains("mailbox gcm: there is no folder Entwürfe"), "{said}");
}

#[tokio::test]
async fn a_mailbox_that_is_nearly_full_is_said_before_mail_goes_back() {
    let mut server = Dovecot::with_quota("1M");
    let now: Timestamp = "2020-09-30T08:00:00Z".parse().unwrap();
    let mut house = House::open(mailbox(&server), Clock::by_hand(now)).await;
    let fill = vec![b'x'; 120 << 10];
    let mail = |n: usize| [format!("From: a@a.example\nSubject: {n}\n\n").as_bytes(), &fill].concat();
    let troubles = |house: &House| house.instance.watch.troubles(house.instance.clock.now());
    for n in 0..3 {
        server.deliver("INBOX", &mail(n), now);
    }
    house.look().await;
    assert_eq!(troubles(&house), []);
    for n in 3..8 {
        server.deliver("INBOX", &mail(n), now);
    }
    house.look().await;
    assert_eq!(troubles(&house), [], "it is not asked at every look");
    house.instance.clock.move_to(now + SignedDuration::from_mins(15));
    house.look().await;
    let said = troubles(&house).remove(0).what;
    assert!(said.contains("of 1024 KiB)"), "{said}");
}
