//! The whole way: mail comes in, is read in child processes, and the letters are with a mail server, each once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime},
};

use docket::{
    clock::Clock,
    config::{Config, MailSource, MailboxConfig, Shipped, Transport, load_call},
    instance::Instance,
    pipeline::{Outcome, Post, Reader, Receiver},
    reading::Readers,
    store::LetterState,
};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::process::{Child, Command};

use super::{
    imap::{HELLO, Server},
    smtp_peer::{At, Peer, Taken, close, hang, say},
    smtp_phases::config,
};

const SAMPLE: &str = "config/demo/mail";
const CALL: &str = "unece-gcm-2020";
const ADDRESS: &str = "gcm-review@example.org";

#[derive(Deserialize)]
struct Index {
    message: Vec<Arrival>,
}

#[derive(Deserialize)]
struct Arrival {
    file: String,
    arrives: Timestamp,
}

fn maildir(folder: &Path) -> PathBuf {
    let maildir = folder.join("mail");
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(maildir.join(part)).unwrap();
    }
    maildir
}

/// Every letter of the sample mail, from a peer that greylists, drops connections, and loses one final reply.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_letters_of_the_sample_mail_are_with_the_server_each_once() {
    let peer = Peer::start(|at, before| match (at, before % 7) {
        (At::Rcpt, 2) => Some(say("450 4.7.1 greylisted\r\n")),
        (At::Data, 4) => Some(close()),
        (At::Dot, 3) => Some(say("451 4.3.0 the disk\r\n")),
        (At::Mail, 6) => Some(say("421 4.3.2 enough for now\r\n").and_close()),
        (At::Dot, _) if before == 5 => Some(close().stored()),
        _ => None,
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let maildir = maildir(folder.path());
    let mut arrivals: Vec<Arrival> =
        toml::from_str::<Index>(&fs::read_to_string(format!("{SAMPLE}/index.toml")).unwrap()).unwrap().message;
    arrivals.sort_by_key(|arrival| arrival.arrives);

    let shipped = Shipped::embedded();
    let call = load_call(&shipped, CALL).unwrap();
    let first = arrivals[0].arrives;
    let mut config = Config { calls: vec![call], ..Config::default() };
    config.store.url = format!("sqlite:{}", folder.path().join("docket.db").display());
    config.letters.transport = Transport::Smtp(self::config(&peer));
    ADDRESS.clone_into(&mut config.letters.from_address);
    config.mailboxes = vec![MailboxConfig {
        source: MailSource::Maildir(maildir.clone()),
        addresses: vec![ADDRESS.to_owned()],
        acknowledge_since: Some(first - Duration::from_hours(24)),
        trusted_hops: vec!["mx1.example.org".to_owned(), "store.example.org".to_owned()],
        trusted_authserv: Vec::new(),
        ..MailboxConfig::default()
    }];
    let instance = Arc::new(Instance::open(config, shipped, Clock::by_hand(first)).await.unwrap());
    let sandbox = Readers::new(env!("CARGO_BIN_EXE_docket").into(), instance.config.reading.clone());
    let reader = Reader::new(Arc::clone(&instance), Arc::new(sandbox));
    let mut receiver = Receiver::new(Arc::clone(&instance), instance.config.mailboxes[0].clone()).await.unwrap();
    let post = Post::new(Arc::clone(&instance));

    let mut arrivals = arrivals.into_iter().peekable();
    loop {
        let now = instance.clock.now();
        while let Some(arrival) = arrivals.next_if(|arrival| arrival.arrives <= now) {
            let name = maildir.join("new").join(format!("{}.{}", arrival.arrives.as_second(), arrival.file));
            fs::copy(format!("{SAMPLE}/{}", arrival.file), &name).unwrap();
            let at = Duration::from_secs(arrival.arrives.as_second().try_into().unwrap());
            File::options().write(true).open(&name).unwrap().set_modified(SystemTime::UNIX_EPOCH + at).unwrap();
        }
        receiver.step().await.unwrap();
        while reader.step().await.unwrap() == Outcome::Worked {}
        while post.step().await.unwrap() == Outcome::Worked {}
        let letter = instance.db.snapshot().await.unwrap().next_letter_due().await.unwrap();
        let Some(next) = arrivals.peek().map(|arrival| arrival.arrives).into_iter().chain(letter).min() else { break };
        instance.clock.move_to(next);
    }

    let mut sent = BTreeMap::new();
    let mut tx = instance.db.snapshot().await.unwrap();
    for row in tx.letters().await.unwrap().into_iter().map(Result::unwrap) {
        if row.state == LetterState::Sent {
            let bytes = tx.letter_bytes(row.id).await.unwrap().unwrap();
            sent.insert(format!("RCPT TO:<{}>", row.recipient) + &String::from_utf8_lossy(&bytes), row.attempts);
        }
        assert!(!matches!(row.state, LetterState::Failed | LetterState::Sending), "{row:?}");
    }
    assert!(sent.len() > 10, "{} letters", sent.len());
    let taken = peer.taken();
    assert!(taken.iter().all(|letter| letter.mail.starts_with("MAIL FROM:<> ")), "the null return path");
    let of_the_peer: BTreeSet<String> =
        taken.iter().map(|letter| letter.rcpt.clone() + &String::from_utf8_lossy(&letter.bytes)).collect();
    assert_eq!(of_the_peer, sent.keys().cloned().collect(), "what is called sent is there, to that address");
    assert_eq!(taken.len(), sent.len() + 1, "each once, but for the one whose reply was lost");
    assert!(sent.values().any(|attempts| *attempts > 1), "the faults were met");
}

/// The daemon itself, on a configuration of the test's own.
struct Daemon {
    child: Child,
}

impl Daemon {
    fn start(folder: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_docket"))
            .args(["--config", folder.join("docket.toml").to_str().unwrap(), "run"])
            .stdout(Stdio::null())
            .stderr(File::options().create(true).append(true).open(folder.join("log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { child }
    }

    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// A folder with a configuration that sends to the peer, and one input that came just now.
fn workplace(peer: &Peer, on_uncertain: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let maildir = maildir(folder.path());
    let config = format!(
        "[[mailbox]]\nname = \"gcm\"\nmaildir = \"mail\"\naddresses = [\"inputs@inputs.test\"]\ncalls = [\"{CALL}\"]\n\
         acknowledge_since = 2020-01-01T00:00:00Z\n\
         [letters]\ntransport = \"smtp\"\non_uncertain = \"{on_uncertain}\"\n\
         [letters.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"docket\"\npassword = \"hunter2\"\n",
        peer.address.port()
    );
    fs::write(folder.path().join("docket.toml"), config).unwrap();
    let call = fs::read_to_string(format!("config/calls/{CALL}.toml")).unwrap().replace("example.org", "inputs.test");
    fs::create_dir(folder.path().join("calls")).unwrap();
    fs::write(folder.path().join(format!("calls/{CALL}.toml")), call).unwrap();
    let text = "The Government contributes to the regional review of the Global Compact for Migration.\r\n".repeat(40);
    let mail = format!(
        "Return-Path: <mission@eda.admin.ch>\r\nFrom: Mission of Switzerland <mission@eda.admin.ch>\r\n\
         To: inputs@inputs.test\r\nMessage-ID: <input.1@eda.admin.ch>\r\n\
         Subject: Global Compact for Migration: contribution of Switzerland\r\n\r\n{text}"
    );
    fs::write(maildir.join("new/1.input"), mail).unwrap();
    folder
}

fn said(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_daemon_killed_between_the_dot_and_its_reply_sends_the_same_letter_once_more() {
    let peer = Peer::start(|at, before| (at == At::Dot && before == 0).then(|| hang().stored())).await;
    let folder = workplace(&peer, "resend");
    let daemon = Daemon::start(folder.path());
    peer.was_asked(At::Dot, 1).await;
    daemon.kill().await;

    // The row says that it may have left. The time that the lease and the letter wait is made to pass.
    let db = docket::store::Db::open(&format!("sqlite:{}", folder.path().join("docket.db").display())).await.unwrap();
    let docket::store::Db::Sqlite { writer, .. } = &db else { panic!("it is SQLite") };
    sqlx::query("UPDATE lease SET lease_until = 0").execute(writer).await.unwrap();
    let daemon = Daemon::start(folder.path());
    let due = "UPDATE letter SET not_before = 0 WHERE state = 'released'";
    let sends = async {
        while sqlx::query(due).execute(writer).await.unwrap().rows_affected() == 0 {
            tokio::task::yield_now().await;
        }
        peer.was_asked(At::Dot, 2).await;
    };
    let sent = tokio::time::timeout(Duration::from_mins(1), sends).await;
    assert!(sent.is_ok(), "{}", said(folder.path()));
    daemon.kill().await;
    let taken: Vec<Taken> = peer.taken();
    assert_eq!((taken.len(), &taken[0]), (2, &taken[1]), "the same Message-ID and the same bytes");
    assert!(taken[0].mail.starts_with("MAIL FROM:<> ") && taken[0].rcpt == "RCPT TO:<mission@eda.admin.ch>");
    assert!(!said(folder.path()).contains("hunter2"), "the password is in no log");
}

/// Runs `docket check --online`: whether all is well, and what it says.
async fn check_online(folder: &Path) -> (bool, String) {
    let config = folder.join("docket.toml");
    let check = Command::new(env!("CARGO_BIN_EXE_docket"))
        .args(["--config", config.to_str().unwrap(), "check", "--online"])
        .output();
    let done = check.await.unwrap();
    (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_online_logs_in_says_from_whom_letters_come_and_sends_nothing() {
    for (refuses, said_of_it) in [
        (None, "works"),
        (Some((At::Auth, "535 5.7.8 wrong\r\n")), "the server refused the login: 535 5.7.8 wrong"),
        (Some((At::Mail, "550 5.7.1 no null sender\r\n")), "“return_path” in [letters]"),
        (Some((At::Mail, "451 4.7.1 not now\r\n")), "451 4.7.1 not now"),
    ] {
        let peer =
            Peer::start(move |at, _| refuses.filter(|(place, _)| *place == at).map(|(_, words)| say(words))).await;
        let folder = workplace(&peer, "ask");
        let (works, said) = check_online(folder.path()).await;
        let line = said.lines().find(|line| line.starts_with("mail server 127.0.0.1")).expect(&said).to_owned();
        assert_eq!((works, line.contains(said_of_it)), (refuses.is_none(), true), "{said}");
        let heard: Vec<String> = peer.commands().iter().map(|l| l.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(heard[..2], ["EHLO", "AUTH"]);
        assert!(!heard.contains(&"RCPT".to_owned()) && peer.taken().is_empty());
        if refuses.is_none() {
            assert_eq!(heard[2..], ["MAIL", "RSET", "QUIT"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_online_opens_every_folder_and_names_what_is_missing() {
    const LIST: (&str, &str) =
        ("LIST", "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Junk\r\n* LIST () \"/\" Sent\r\n{tag} OK\r\n");
    const NO: &str = "{tag} NO [NONEXISTENT] unknown\r\n";
    const DENIED: &str = "{tag} NO access denied\r\n";
    let folders = "folders = [\"INBOX\", \"Shared/Inputs\"], junk = [\"Junk\"], after_intake = \"move\", \
                   move_to = \"Logged\", sent = \"Sent\"";
    let peer = Peer::start(|_, _| None).await;
    for (script, expected) in [
        (vec![LIST], "works"),
        (
            vec![LIST, ("EXAMINE \"Logged\"", NO), ("EXAMINE \"Sent\"", DENIED)],
            "there is no folder Logged; the folder Sent cannot be opened: access denied",
        ),
        (
            vec![LIST, ("EXAMINE \"Junk\"", "!")],
            "the folder Junk cannot be opened: the connection broke during EXAMINE",
        ),
    ] {
        let server = Server::with(HELLO, Box::leak(script.into_boxed_slice())).await;
        let folder = workplace(&peer, "ask");
        let file = folder.path().join("docket.toml");
        let imap = format!(
            "imap = {{ host = \"127.0.0.1\", port = {}, tls = \"none\", user = \"u\", password = \"p\", {folders} }}",
            server.port()
        );
        fs::write(&file, fs::read_to_string(&file).unwrap().replace("maildir = \"mail\"", &imap)).unwrap();
        let (works, said) = check_online(folder.path()).await;
        let other = |line: &str| line.contains("logged in") || line.contains("answers of colleagues");
        let line = said.lines().find(|line| line.starts_with("mailbox gcm: ") && !other(line)).expect(&said);
        assert_eq!((line, works), (format!("mailbox gcm: {expected}").as_str(), expected == "works"), "{said}");
        let heard = server.heard();
        let count = |what: &str| heard.iter().filter(|command| command.starts_with(what)).count();
        assert!(count("LOGIN") <= 2 && count("SELECT") == 0 && count("FETCH") == 0, "{heard:?}");
        for name in ["INBOX", "Shared/Inputs", "Junk"] {
            assert_eq!(count(&format!("EXAMINE \"{name}\"")), 1, "{name}: {heard:?}");
        }
    }
}
