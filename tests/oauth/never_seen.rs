//! No token and no secret is in a log at its finest, in an error, in what is shown of a value, or in what commands say.

use std::{
    fmt::Write as _,
    fs, io,
    process::Command,
    sync::{Arc, Mutex},
};

use docket::{
    clock::Clock,
    config::{Config, ImapConfig, Proof, SmtpLogin},
    mailbox::Imap,
    mailer::{Smtp, SmtpLimits},
    oauth::Tokens,
    pipeline::login,
    store::Db,
};
use jiff::SignedDuration;
use tracing_subscriber::filter::LevelFilter;

use super::{USER, key, noon};
use crate::{
    dialogs::{
        smtp_peer::{At, Peer, say},
        smtp_phases,
    },
    fixture::{
        dovecot::Dovecot,
        intake::{PROGRAM, good_mail},
        program::House,
        tokens::TokenServer,
    },
};

/// Where a log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What crates write that have another way to a log: the program does not show it, and it must hold nothing all the same.
static OTHERS: Mutex<String> = Mutex::new(String::new());
struct Others;

impl log::Log for Others {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut others = OTHERS.lock().unwrap();
        writeln!(others, "{} {} {}", record.level(), record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

/// Fails if a secret is there, as it is or in base64.
fn holds_no_secret(server: &TokenServer, what: &str, text: &str) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    for secret in server.secrets() {
        assert!(!text.contains(&secret), "{what} holds {secret}: {text}");
        // Wherever it begins in a longer text, its inner part is one of three.
        for before in ["", "x", "xx"] {
            let encoded = STANDARD.encode(format!("{before}{secret}"));
            let inner = &encoded[4..encoded.len() - 4];
            assert!(!text.contains(inner), "{what} holds {secret} in base64: {text}");
        }
    }
    assert!(!text.contains(&"a".repeat(64)), "{what} holds the key: {text}");
}

/// On one thread, so that its subscriber sees all that is traced.
#[tokio::test]
async fn in_no_trace_no_error_and_nothing_that_is_shown() {
    let log = Log::default();
    let kept = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || kept.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    // With one subscriber alone, a line that another test reaches first is switched off for all.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish());
    log::set_logger(&Others).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let dovecot = Dovecot::with_tokens(server.address.port());
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("docket.db").display())).await.unwrap();
    let tokens = Tokens::new(db, clock.clone(), Some(key()));
    let proof = Proof::Oauth(Box::new(server.for_a_person()));
    let account = ImapConfig { proof: proof.clone(), ..dovecot.account() };
    // A server that repeats what it was told, cut to pieces.
    let peer = Peer::start(|at, before| match at {
        At::Ehlo => Some(say("250-peer.test\r\n250 AUTH XOAUTH2\r\n")),
        At::Auth if before % 2 == 1 => {
            Some(say("535-5.7.8 access-1 is wrong, and so is dXNlcj1hbGljZQFhdXRoPUJlYXJlci\r\n535 no\r\n"))
        }
        _ => None,
    })
    .await;
    let mut letters = smtp_phases::config(&peer);
    letters.login = Some(SmtpLogin { user: USER.to_owned(), proof });

    let mut said = Vec::new();
    for round in 0..4 {
        let mut imap = Imap::new(account.clone(), docket::mailbox::LIMIT);
        let smtp = Smtp::new(letters.clone(), SmtpLimits::default());
        let opened = login::examine(&tokens, &mut imap, "INBOX").await;
        assert_eq!(opened.is_ok(), round < 2, "{opened:?}");
        said.extend(opened.err().map(|error| format!("{error} {error:?}")));
        let sent = login::try_out(&tokens, &smtp, None).await.unwrap_err();
        said.push(format!("{sent} {sent:?} {imap:?} {smtp:?} {tokens:?}"));
        match round {
            0 => server.revoke_all(),
            1 => {
                server.rule(|rules| rules.forgets = true);
                clock.move_to(clock.now() + SignedDuration::from_hours(3));
            }
            _ => server.rule(|rules| rules.refuses = Some((400, r#"{"error":"invalid_grant"}"#.to_owned()))),
        }
        imap.leave().await;
    }
    log::set_max_level(log::LevelFilter::Off);
    drop(guard);
    said.push(format!("{account:?} {letters:?} {:?}", server.for_a_person()));
    let mut config = Config::default();
    config.store.token_key = Some(key());
    said.push(format!("{config:?}"));
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a token was given"), "{log}");
    let others = OTHERS.lock().unwrap().clone();
    assert!(others.contains("TRACE async_imap"), "{others}");
    holds_no_secret(&server, "what other crates write", &others);
    holds_no_secret(&server, "the trace", &log);
    for text in said {
        holds_no_secret(&server, "what is said", &text);
    }
    assert!(peer.commands().iter().any(|line| line.starts_with("dXNlcj1hbGljZQFhdXRoPUJlYXJlci")), "it was told");
}

#[test]
fn in_nothing_that_the_program_says() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(TokenServer::start(USER, Clock::System));
    let mut dovecot = Dovecot::with_tokens(server.address.port());
    let account = dovecot.account();
    let peer = runtime.block_on(Peer::start(|at, _| (at == At::Ehlo).then(|| say("250-p\r\n250 AUTH XOAUTH2\r\n"))));
    let oauth = format!("grant = \"refresh_token\"\nrefresh_token_credential = \"first\"\n{}", server.lines());
    let house = House::with(&format!(
        "transport = \"smtp\"\n[letters.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"{USER}\"\n\
         [letters.smtp.oauth]\n{oauth}",
        peer.address.port()
    ));
    let text = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
    let imap = format!(
        "[mailbox.imap]\nhost = \"localhost\"\nport = {}\nuser = \"{USER}\"\nca_file = {:?}\n[mailbox.imap.oauth]\n{oauth}",
        account.port,
        account.ca_file.as_ref().unwrap(),
    );
    let text = text.replace("maildir = \"mail\"\n", "").replace("[letters]\n", &format!("{imap}[letters]\n"));
    let text = format!("[store]\ntoken_key_credential = \"token-key\"\n{text}");
    fs::write(house.folder().join("docket.toml"), text).unwrap();
    let credentials = house.folder().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::write(credentials.join("first"), crate::fixture::tokens::FIRST_REFRESH).unwrap();
    fs::write(credentials.join("token-key"), "a".repeat(64) + "\n").unwrap();

    // Without the environment of systemd, each is named with what is missing.
    let refused = house.docket(&["check"]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    for name in ["token_key_credential", "refresh_token_credential"] {
        let said = format!("“{name}”: there are no credentials: CREDENTIALS_DIRECTORY is not set");
        assert!(refused.err.contains(&said), "{refused:?}");
    }

    // Before there is a log, a token that takes another's place could not be kept, and none is asked for.
    let online = || {
        let mut check = Command::new(PROGRAM);
        check.args(["check", "--online"]).current_dir(house.folder()).env("CREDENTIALS_DIRECTORY", &credentials);
        let checked = check.output().unwrap();
        String::from_utf8(checked.stdout).unwrap() + &String::from_utf8(checked.stderr).unwrap()
    };
    let said = online();
    assert!(said.contains("mailbox gcm: a refresh token cannot be kept: there is no log yet"), "{said}");
    assert_eq!(server.requests(), 0);
    assert!(!house.folder().join("docket.db").exists());
    fs::write(house.folder().join("people.csv"), "iso3,name,address,language,from,until\n").unwrap();
    let mut people = Command::new(PROGRAM);
    people.args(["people", "import", "people.csv"]).current_dir(house.folder());
    assert!(people.env("CREDENTIALS_DIRECTORY", &credentials).status().unwrap().success());

    let said = online();
    assert!(said.contains("mailbox gcm: works"), "{said}");
    assert!(said.contains(&format!("mail server 127.0.0.1 at port {}: works", peer.address.port())), "{said}");
    holds_no_secret(&server, "check", &said);

    // The daemon goes on by the token that took the configured one's place.
    dovecot.deliver("INBOX", &good_mail("1"), Clock::System.now());
    let mut program = Command::new(PROGRAM);
    program.env("CREDENTIALS_DIRECTORY", &credentials).env("RUST_LOG", "trace");
    let mut daemon = house.start_as(program, &[]);
    daemon.until("the letter has left", || peer.taken().len() == 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(1));
    let said = daemon.said();
    assert!(daemon.stop().success(), "{said}");
    assert_eq!(server.requests(), 2, "one for the check, and one for the daemon's mailbox and letters");
    holds_no_secret(&server, "the daemon", &said);

    server.rule(|rules| rules.refuses = Some((400, r#"{"error":"invalid_grant"}"#.to_owned())));
    let said = online();
    assert!(said.contains("mailbox gcm: 127.0.0.1 gave no token: invalid_grant. If this stays"), "{said}");
    holds_no_secret(&server, "check", &said);
}
