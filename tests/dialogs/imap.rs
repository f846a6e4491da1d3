//! IMAP servers that break off, refuse, fall silent or talk nonsense, each as a script of what it says to what it hears.
//!
//! A script is pairs of a line's beginning (behind the tag) and an answer, in which `{tag}` stands for the tag; `!` ends
//! the connection, and an empty answer is silence. Each pair answers once; the login and the folder are answered always.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use docket::{
    config::{AfterIntake, ImapConfig, Proof, Secret, Tls},
    mailbox::{Imap, ImapError, OpenFolder, Windows},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

pub type Script = &'static [(&'static str, &'static str)];

/// What every server says unless the script has another answer.
const USUAL: Script = &[
    ("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK\r\n"),
    ("LOGIN", "{tag} OK\r\n"),
    ("EXAMINE", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK [READ-ONLY] x\r\n"),
    ("DONE", "D0006 OK\r\n"),
    ("LOGOUT", "* BYE x\r\n{tag} OK\r\n"),
];

pub struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn with(greeting: &'static str, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heard);
        tokio::spawn(async move {
            let mut left = script.to_vec();
            while let Ok((stream, _)) = listener.accept().await {
                converse(stream, greeting, &mut left, &kept).await;
            }
        });
        Self { port, heard }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn account(&self) -> ImapConfig {
        ImapConfig {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: Tls::None,
            user: "u".to_owned(),
            proof: Proof::Password(Secret::new("p\"w")),
            ca_file: None,
            folders: vec!["INBOX".to_owned()],
            junk: Vec::new(),
            after_intake: AfterIntake::Leave,
            sent: None,
        }
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn converse(stream: TcpStream, greeting: &str, left: &mut Vec<(&str, &str)>, heard: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(greeting.as_bytes()).await.unwrap();
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        let said = std::mem::take(&mut line).trim_end().to_owned();
        let (tag, command) = said.split_once(' ').unwrap_or(("", &said));
        let command = if said == "DONE" { "DONE" } else { command };
        heard.lock().unwrap().push(command.to_owned());
        let scripted = left.iter().position(|(begins, _)| command.starts_with(begins));
        let usual = || USUAL.iter().find(|(begins, _)| command.starts_with(begins)).map(|(_, answer)| *answer);
        let answer = scripted.map(|at| left.remove(at).1).or_else(usual).unwrap_or("{tag} BAD not in the script\r\n");
        let (answer, ends) = answer.strip_suffix('!').map_or((answer, false), |answer| (answer, true));
        if stream.write_all(answer.replace("{tag}", tag).as_bytes()).await.is_err() || ends {
            return;
        }
    }
}

pub const HELLO: &str = "* OK hello\r\n";
/// Long enough on a busy machine, and short enough to wait for.
pub(super) const LIMIT: Duration = Duration::from_millis(400);

async fn opened(script: Script) -> (Server, Imap) {
    let server = Server::with(HELLO, script).await;
    let mut imap = Imap::new(server.account(), LIMIT);
    imap.examine("INBOX").await.unwrap();
    (server, imap)
}

/// How an error is told from another.
fn kind<T>(answer: &Result<T, ImapError>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(ImapError::Refused { .. }) => "refused",
        Err(ImapError::Lost { .. }) => "lost",
        Err(ImapError::Goodbye(_)) => "goodbye",
        Err(ImapError::Silent { .. }) => "silent",
        Err(ImapError::NotUnderstood { .. }) => "not understood",
        Err(ImapError::Broke { .. }) => "broke",
        Err(ImapError::Login(_)) => "login",
        Err(ImapError::NoStarttls(_)) => "no starttls",
        Err(ImapError::Certificate(_)) => "certificate",
        Err(ImapError::Unreachable { .. }) => "unreachable",
    }
}

/// After a refusal the conversation goes on; after anything else it is not used again.
async fn goes_on(imap: &mut Imap) -> bool {
    !matches!(imap.search(1, 1).await, Err(ImapError::Lost { .. }))
}

#[tokio::test]
async fn a_search_without_ok_is_an_error_and_never_empty() {
    let after: &[(&str, &str, bool)] = &[
        ("{tag} NO not now\r\n", "refused", true),
        ("{tag} BAD what\r\n", "refused", true),
        ("* BYE closing\r\n!", "goodbye", false),
        ("!", "lost", false),
        ("* SEARCH 1 2\r\n!", "lost", false),
        ("", "silent", false),
        ("* SEARCH 1 2 (MODSEQ 9)\r\n{tag} OK\r\n", "not understood", false),
        ("D9999 OK another's\r\n", "not understood", false),
    ];
    for (answer, expected, on) in after {
        let script = Box::leak(Box::new([("UID SEARCH", *answer), ("UID SEARCH", "* SEARCH\r\n{tag} OK\r\n")]));
        let (_server, mut imap) = opened(script).await;
        assert_eq!(kind(&imap.search(1, 3).await), *expected, "{answer:?}");
        assert_eq!(goes_on(&mut imap).await, *on, "{answer:?}");
    }
    let (_server, mut imap) = opened(&[("UID SEARCH", "* SEARCH 3 99 1\r\n* SEARCH 2\r\n{tag} OK\r\n")]).await;
    assert_eq!(imap.search(1, 3).await.unwrap(), [1, 2, 3], "in order, and only what was asked for");
}

#[tokio::test]
async fn a_folder_of_many_is_asked_for_in_windows() {
    let many: Script = &[
        ("EXAMINE", "* 20000 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 30003] x\r\n{tag} OK\r\n"),
        ("UID SEARCH UID 1:10000", "* SEARCH 1 10000\r\n{tag} OK\r\n"),
        ("UID SEARCH UID 10001:20000", "* SEARCH\r\n{tag} OK\r\n"),
        // Behind a window in which nothing is, a wider one.
        ("UID SEARCH UID 20001:30002", "* SEARCH 30002 20001\r\n{tag} OK\r\n"),
    ];
    let server = Server::with(HELLO, many).await;
    let mut imap = Imap::new(server.account(), LIMIT);
    let open = imap.examine("INBOX").await.unwrap();
    assert_eq!(Windows::of(open, 1).all(&mut imap).await.unwrap(), [1, 10_000, 20_001, 30_002], "{:?}", server.heard());
    let (_server, mut imap) = opened(&[("UID SEARCH UID 1:3", "{tag} NO\r\n")]).await;
    let open = imap.examine("INBOX").await.unwrap();
    assert_eq!(kind(&Windows::of(open, 1).all(&mut imap).await), "refused", "and never a part of them");
}

#[test]
fn windows_hold_every_uid_once_up_to_the_last_that_there_can_be() {
    let folders =
        [(0, 1, 1), (3, u32::MAX, 1), (20_000, u32::MAX, 1), (20_000, 30_003, 9_999), (20_000, 2, 5), (20_000, 5, 5)];
    for (exists, next, from) in folders {
        let (mut windows, mut behind) = (Windows::of(OpenFolder { validity: 7, next, exists }, from), from);
        while let Some(range) = windows.range() {
            assert_eq!(*range.start(), behind, "{exists} {next} {from}");
            assert!(*range.end() < next, "{exists} {next} {from}");
            behind = windows.go_on(behind % 2 == 0);
            assert_eq!(behind, range.end() + 1, "{exists} {next} {from}");
        }
        assert_eq!(behind, next.max(from), "{exists} {next} {from}");
    }
}

#[tokio::test]
async fn a_fetch_that_breaks_off_is_an_error_and_what_did_not_come_is_missing() {
    const ALL: &str = "* 5 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 9 BODY[] {1}\r\nz)\r\n* 1 FETCH (UID 1 BODY[] {3}\r\n\
                       abc)\r\n* 2 FETCH (UID 2 BODY[] NIL)\r\n{tag} OK\r\n";
    const PART: &str = "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n";
    for (end, expected) in [("{tag} NO\r\n", "refused"), ("{tag} BAD\r\n", "refused"), ("!", "lost"), ("", "silent")] {
        let answer: &str = Box::leak(format!("{PART}{end}").into_boxed_str());
        let (_server, mut imap) = opened(Box::leak(Box::new([("UID FETCH", answer)]))).await;
        assert_eq!(kind(&imap.bodies(&[1, 2]).await), expected, "{end:?}");
    }
    for short in ["* 1 FETCH (UID 1 BODY[] {30}\r\nabc!", "* 1 FETCH (UID 1 BODY[] {30}\r\nabc)\r\n{tag} OK\r\n!"] {
        let (_server, mut imap) = opened(Box::leak(Box::new([("UID FETCH", short)]))).await;
        assert_eq!(kind(&imap.bodies(&[1]).await), "lost", "a literal that is too short: {short:?}");
    }
    let (server, mut imap) = opened(&[("UID FETCH", ALL)]).await;
    let bodies = imap.bodies(&[1, 2, 3]).await.unwrap();
    assert_eq!(bodies.into_iter().collect::<Vec<_>>(), [(1, b"abc".to_vec())]);
    assert!(server.heard().contains(&"UID FETCH 1:3 (UID BODY.PEEK[])".to_owned()), "{:?}", server.heard());
}

#[tokio::test]
async fn a_parser_that_breaks_ends_the_conversation_and_not_the_program() {
    const NIL: &str = "* 1 FETCH (UID 1 RFC822.SIZE 3 INTERNALDATE NIL)\r\n{tag} OK\r\n";
    let (_server, mut imap) = opened(&[("UID FETCH", NIL)]).await;
    assert_eq!(kind(&imap.describe(&[1]).await), "broke");
    assert!(!goes_on(&mut imap).await);
}

#[tokio::test]
async fn a_folder_without_an_answer_is_no_empty_folder() {
    for (answer, expected) in [
        ("!", "lost"),
        ("* 0 EXISTS\r\n!", "lost"),
        ("{tag} NO [NONEXISTENT] no such folder\r\n", "refused"),
        ("* 3 EXISTS\r\n{tag} OK\r\n", "not understood"),
        ("* 3 EXISTS\r\n* OK [UIDVALIDITY 0] x\r\n{tag} OK\r\n", "not understood"),
    ] {
        let server = Server::with(HELLO, Box::leak(Box::new([("EXAMINE", answer)]))).await;
        let mut imap = Imap::new(server.account(), LIMIT);
        assert_eq!(kind(&imap.examine("INBOX").await), expected, "{answer:?}");
    }
    let without_next: Script = &[
        ("EXAMINE", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n"),
        ("FETCH 3 (UID)", "* 3 FETCH (UID 41)\r\n{tag} OK\r\n"),
    ];
    let server = Server::with(HELLO, without_next).await;
    let open = Imap::new(server.account(), LIMIT).examine("Entwürfe & \"x\"").await.unwrap();
    assert_eq!((open.validity, open.next, open.exists), (7, 42, 3));
    assert!(server.heard().contains(&r#"EXAMINE "Entw&APw-rfe &- \"x\"""#.to_owned()), "{:?}", server.heard());
}

#[tokio::test]
async fn an_idle_ends_whatever_the_server_does() {
    let most = Duration::from_millis(300);
    for (script, expected) in [
        // Announced before the +, behind it, and between the commands.
        (&[("IDLE", "* 4 EXISTS\r\n+ go\r\n"), ("DONE", "D0005 OK\r\n")] as Script, Ok(true)),
        (&[("IDLE", "+ go\r\n* 4 EXISTS\r\n"), ("DONE", "D0005 OK\r\n")], Ok(true)),
        (&[("IDLE", "+ go\r\n* 3 EXISTS\r\n* OK Still here\r\n"), ("DONE", "D0005 OK\r\n")], Ok(false)),
        (&[("IDLE", "+ go\r\n"), ("DONE", "* 4 EXISTS\r\nD0005 OK\r\n")], Ok(true)),
        (&[("IDLE", "+ go\r\n{tag} OK enough\r\n")], Ok(false)),
        (&[("IDLE", "+ go\r\n* BYE kicked\r\n!")], Err("goodbye")),
        (&[("IDLE", "+ go\r\n!")], Err("lost")),
        (&[("IDLE", "+ go\r\n"), ("DONE", "")], Err("silent")),
        (&[("IDLE", "")], Err("silent")),
        (&[("IDLE", "{tag} NO\r\n")], Err("refused")),
        (&[("IDLE", "{tag} BAD\r\n")], Err("refused")),
    ] {
        let (_server, mut imap) = opened(script).await;
        let answer = imap.wait(most).await;
        match expected {
            Ok(news) => assert_eq!(answer.unwrap(), news, "{script:?}"),
            Err(expected) => assert_eq!(kind(&answer), expected, "{script:?}"),
        }
    }
    let (server, mut imap) = opened(&[("UID SEARCH", "* SEARCH\r\n* 4 EXISTS\r\n{tag} OK\r\n")]).await;
    imap.search(1, 3).await.unwrap();
    assert!(imap.wait(Duration::from_mins(9)).await.unwrap(), "what came during a search is news at once");
    assert!(!server.heard().contains(&"IDLE".to_owned()));
}

#[tokio::test]
async fn a_server_that_refuses_to_idle_is_polled() {
    let (server, mut imap) = opened(&[("IDLE", "{tag} BAD\r\n")]).await;
    assert_eq!(kind(&imap.wait(Duration::from_millis(1)).await), "refused");
    assert!(!imap.wait(Duration::from_millis(1)).await.unwrap());
    assert_eq!(server.heard().iter().filter(|command| *command == "IDLE").count(), 1);
}

#[tokio::test]
async fn nobody_logs_in_where_it_is_not_safe_or_not_understood() {
    const NO_PASSWORD: Script = &[("CAPABILITY", "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK\r\n")];
    for (greeting, script, tls, expected) in [
        ("", &[] as Script, Tls::None, "silent"),
        ("* BYE overloaded\r\n", &[], Tls::None, "goodbye"),
        ("* PREAUTH come in\r\n", &[], Tls::None, "not understood"),
        ("220 this is SMTP\r\n", &[], Tls::None, "not understood"),
        (HELLO, NO_PASSWORD, Tls::None, "login"),
        (HELLO, &[("LOGIN", "{tag} NO [AUTHENTICATIONFAILED] no\r\n")], Tls::None, "login"),
        (HELLO, &[], Tls::Starttls, "no starttls"),
        (HELLO, &[], Tls::Implicit, "certificate"),
    ] {
        let server = Server::with(greeting, script).await;
        let mut imap = Imap::new(ImapConfig { tls, ..server.account() }, LIMIT);
        let answer = imap.examine("INBOX").await;
        let said = answer.as_ref().unwrap_err().to_string();
        assert_eq!(kind(&answer), expected, "{greeting:?} {script:?}");
        assert!(!said.contains("p\"w"), "{said}");
        let logged_in = server.heard().iter().any(|command| command.starts_with("LOGIN"));
        assert_eq!(logged_in, said.contains("AUTHENTICATIONFAILED"), "{greeting:?} {script:?}");
    }
    assert!(!format!("{:?}", Server::with(HELLO, &[]).await.account()).contains("p\\\"w"));
}

#[tokio::test]
async fn a_password_goes_by_plain_where_the_server_takes_it() {
    let script: Script = &[
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK\r\n"),
        ("AUTHENTICATE PLAIN", "+ \r\n"),
        // The answer has no tag: base64 of NUL, the user, NUL, the password.
        ("AHUAcCJ3", "D0002 OK\r\n"),
    ];
    let server = Server::with(HELLO, script).await;
    Imap::new(server.account(), LIMIT).examine("INBOX").await.unwrap();
}

const KNOWS_ID: (&str, &str) = ("CAPABILITY", "* CAPABILITY IMAP4rev1 ID\r\n{tag} OK\r\n");

#[tokio::test]
async fn a_server_that_offers_it_is_told_which_program_this_is() {
    let expected = format!("ID (\"name\" \"docket\" \"version\" \"{}\")", env!("CARGO_PKG_VERSION"));
    // What comes of it, and how many logins that takes.
    for (answer, logins) in [
        ("* ID (\"name\" \"Dovecot\" \"os\" NIL)\r\n{tag} OK\r\n", 1),
        ("* ID NIL\r\n{tag} OK\r\n", 1),
        ("{tag} OK\r\n", 1),
        ("{tag} NO not to you\r\n", 1),
        ("{tag} BAD what\r\n", 1),
        ("* ID ({3}\r\nabc)\r\n{tag} OK\r\n", 2),
        ("!", 2),
        ("", 2),
    ] {
        let script = Box::leak(Box::new([KNOWS_ID, KNOWS_ID, ("ID", answer), KNOWS_ID, KNOWS_ID]));
        let server = Server::with(HELLO, script).await;
        let mut imap = Imap::new(server.account(), LIMIT);
        imap.examine("INBOX").await.unwrap_or_else(|error| panic!("{answer:?}: {error}"));
        let heard = server.heard();
        let count = |what: &str| heard.iter().filter(|command| command.starts_with(what)).count();
        assert_eq!((count("LOGIN"), count("ID")), (logins, 1), "{answer:?}: {heard:?}");
        assert!(heard.contains(&expected), "{heard:?}");
        let told = heard.iter().position(|command| command.starts_with("ID"));
        assert!(
            told > heard.iter().position(|command| command.starts_with("LOGIN")),
            "nobody is told before: {heard:?}"
        );
    }
    let server = Server::with(HELLO, &[]).await;
    Imap::new(server.account(), LIMIT).examine("INBOX").await.unwrap();
    assert!(!server.heard().iter().any(|command| command.starts_with("ID")), "one that does not ask is not told");
}

pub mod receiving {
    //! The same from the side of the one who receives: what is stored, tried again, and given up.

    use docket::{
        clock::Clock,
        config::{Config, MailSource, MailboxConfig, Shipped},
        instance::Instance,
        pipeline::{Received, Receiver},
        store::Db,
    };
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    pub const DESCRIBED: &str = "* 1 FETCH (UID 1 RFC822.SIZE 26 INTERNALDATE \" 1-Oct-2020 09:15:00 +0200\")\r\n\
                             * 2 FETCH (UID 2 RFC822.SIZE 26 INTERNALDATE \" 1-Oct-2020 09:16:00 +0200\")\r\n\
                             * 3 FETCH (UID 3 RFC822.SIZE 26 INTERNALDATE \" 1-Oct-2020 09:17:00 +0200\")\r\n\
                             {tag} OK\r\n";
    pub const FIRST: &str = "* 1 FETCH (UID 1 BODY[] {26}\r\nFrom: a@a.example\r\n\r\none\r\n)\r\n";
    pub const THIRD: &str = "* 3 FETCH (UID 3 BODY[] {26}\r\nFrom: c@c.example\r\n\r\ntri\r\n)\r\n";
    const SECOND_ALONE: &str = "* 2 FETCH (UID 2 RFC822.SIZE 26)\r\n{tag} OK\r\n";
    pub const ALL: (&str, &str) = ("UID SEARCH UID 1:3", "* SEARCH 1 2 3\r\n{tag} OK\r\n");

    pub struct House {
        pub instance: Arc<Instance>,
        pub receiver: Receiver,
        server: Server,
        _folder: tempfile::TempDir,
    }

    impl House {
        async fn with(script: Vec<(&'static str, &'static str)>) -> Self {
            Self::with_account(script, |_| {}).await
        }

        pub async fn with_account(
            script: Vec<(&'static str, &'static str)>,
            change: impl FnOnce(&mut ImapConfig),
        ) -> Self {
            let server = Server::with(HELLO, Box::leak(script.into_boxed_slice())).await;
            let mut account = server.account();
            change(&mut account);
            let folder = tempfile::tempdir().unwrap();
            let mut config = Config::default();
            config.store.url = format!("sqlite:{}", folder.path().join("docket.db").display());
            let mailbox = MailboxConfig { source: MailSource::Imap(account), ..MailboxConfig::default() };
            let now: Timestamp = "2020-10-01T08:00:00Z".parse().unwrap();
            let instance = Instance::open(config, Shipped::embedded(), Clock::by_hand(now)).await.unwrap();
            let instance = Arc::new(instance);
            let receiver = Receiver::new(Arc::clone(&instance), mailbox).await.unwrap();
            Self { instance, receiver, server, _folder: folder }
        }

        pub async fn number(&self, query: &'static str) -> i64 {
            let Db::Sqlite { writer, .. } = &self.instance.db else { panic!("the house has a file") };
            sqlx::query_scalar(query).fetch_one(writer).await.unwrap()
        }

        pub fn minutes_pass(&self, count: i64) {
            self.instance.clock.move_to(self.instance.clock.now() + SignedDuration::from_mins(count));
        }

        /// What is not as it should be.
        pub fn troubles(&self) -> Vec<String> {
            let troubles = self.instance.watch.troubles(self.instance.clock.now());
            troubles.into_iter().map(|trouble| trouble.what).collect()
        }

        /// What the server heard.
        pub fn heard(&self) -> Vec<String> {
            self.server.heard()
        }

        pub fn fetched(&self, what: &str) -> usize {
            self.server.heard().iter().filter(|command| command.starts_with(what)).count()
        }
    }

    pub fn answer(parts: &[&str]) -> &'static str {
        Box::leak(parts.concat().into_boxed_str())
    }

    #[tokio::test]
    async fn a_message_that_breaks_the_connection_is_tried_three_times_and_stops_nobody() {
        const HEADER: &str = "* 2 FETCH (UID 2 BODY[HEADER]<0> {21}\r\nFrom: b@b.example\r\n\r\n)\r\n{tag} OK\r\n";
        let mut script = vec![ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)];
        script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, "!"])));
        script.push(("UID FETCH 1 (UID RFC", answer(&["* 1 FETCH (UID 1 RFC822.SIZE 26)\r\n{tag} OK\r\n"])));
        script.push(("UID FETCH 1 (UID BODY", answer(&[FIRST, "{tag} OK\r\n"])));
        script.push(("UID FETCH 2 (UID RFC", SECOND_ALONE));
        script.extend([("UID FETCH 2 (UID BODY.PEEK[]", "!"); 3]);
        script.push(("UID FETCH 3 (UID RFC", answer(&["* 3 FETCH (UID 3 RFC822.SIZE 26)\r\n{tag} OK\r\n"])));
        script.push(("UID FETCH 3 (UID BODY", answer(&[THIRD, "{tag} OK\r\n"])));
        script.push(("UID FETCH 2 (UID BODY.PEEK[HEADER]", HEADER));
        let mut house = House::with(script).await;
        let looked = house.receiver.step().await.unwrap();
        assert_eq!(looked, Received { new: 2, unreadable: 1, ..Received::default() }, "those behind it came");
        assert_eq!(house.number("SELECT COUNT(*) FROM folder WHERE last_read IS NULL").await, 1, "it is not all read");
        assert_eq!(house.receiver.step().await.unwrap().unreadable, 1, "not yet again");
        house.minutes_pass(2);
        assert_eq!(house.receiver.step().await.unwrap().unreadable, 1);
        house.minutes_pass(10);
        assert_eq!(house.receiver.step().await.unwrap(), Received { new: 1, ..Received::default() });
        assert_eq!(house.fetched("UID FETCH 2 (UID BODY.PEEK[]"), 3);
        let said = "SELECT COUNT(*) FROM message WHERE header_only LIKE '%could not be fetched in 3 attempts%'";
        assert_eq!(house.number(said).await, 1, "it is logged from its header");
        assert_eq!(house.receiver.step().await.unwrap(), Received::default());
        assert_eq!(house.number("SELECT COUNT(*) FROM folder WHERE last_read IS NULL").await, 0);
    }

    #[tokio::test]
    async fn a_message_of_which_nothing_comes_is_parked_with_a_reason() {
        let mut script = vec![ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)];
        script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, THIRD, "{tag} OK\r\n"])));
        script.push(("UID FETCH 2 (UID RFC", SECOND_ALONE));
        script.extend([("UID FETCH 2 (UID BODY", "{tag} NO broken message\r\n"); 4]);
        let mut house = House::with(script).await;
        assert_eq!(house.receiver.step().await.unwrap(), Received { new: 2, unreadable: 1, ..Received::default() });
        house.minutes_pass(2);
        house.receiver.step().await.unwrap();
        house.minutes_pass(10);
        assert_eq!(house.receiver.step().await.unwrap(), Received { refused: 1, ..Received::default() });
        let parked = "SELECT COUNT(*) FROM sighting WHERE disposition = 'parked' AND reason LIKE '%broken message%'";
        assert_eq!(house.number(parked).await, 1);
        assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'not_fetched'").await, 1);
    }

    #[tokio::test]
    async fn a_message_that_went_away_meanwhile_is_noted_and_no_failure() {
        let mut script = vec![ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)];
        script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, THIRD, "{tag} OK\r\n"])));
        script.push(("UID FETCH 2 (UID RFC", "{tag} OK\r\n"));
        script.push(("UID FETCH 2 (UID BODY", "{tag} OK\r\n"));
        script.push(("UID SEARCH UID 2:2", "* SEARCH\r\n{tag} OK\r\n"));
        let mut house = House::with(script).await;
        assert_eq!(house.receiver.step().await.unwrap(), Received { new: 2, refused: 1, ..Received::default() });
        assert_eq!(house.number("SELECT COUNT(*) FROM sighting WHERE disposition = 'gone'").await, 1);
    }

    #[tokio::test]
    async fn a_text_in_place_of_the_message_is_not_taken_for_it() {
        const SUBSTITUTE: &str =
            "* 2 FETCH (UID 2 BODY[] {41}\r\nRetrieval using the IMAP4 protocol failed)\r\n{tag} OK\r\n";
        let mut script = vec![ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)];
        script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, THIRD, SUBSTITUTE])));
        script.push(("UID FETCH 2 (UID RFC", SECOND_ALONE));
        script.push(("UID FETCH 2 (UID BODY", SUBSTITUTE));
        script.push(("UID FETCH 2 (UID BODY", "* 2 FETCH (UID 2 BODY[]<0> {5}\r\na: b\n)\r\n{tag} OK\r\n"));
        let mut house = House::with(script).await;
        assert_eq!(house.receiver.step().await.unwrap(), Received { new: 2, unreadable: 1, ..Received::default() });
        house.minutes_pass(2);
        assert_eq!(house.receiver.step().await.unwrap(), Received { new: 1, ..Received::default() }, "it is whole now");
    }

    #[tokio::test]
    async fn a_server_in_trouble_costs_no_message_an_attempt() {
        for trouble in
            ["{tag} NO [UNAVAILABLE] later\r\n", "{tag} BAD Request is throttled. Suggested Backoff Time: 9\r\n"]
        {
            let mut script = vec![ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED), ("UID FETCH 1:3 (UID BODY", trouble)];
            script.extend([ALL, ("UID FETCH 1:3 (UID RFC", DESCRIBED)]);
            script.push(("UID FETCH 1:3 (UID BODY", answer(&[FIRST, THIRD, "{tag} OK\r\n"])));
            script.push(("UID FETCH 2 (UID RFC", SECOND_ALONE));
            script.push(("UID FETCH 2 (UID BODY", trouble));
            let mut house = House::with(script).await;
            // Who wants peace has it: nothing else is asked for.
            let ends = trouble.contains("throttled");
            assert_eq!(house.receiver.step().await.is_err(), ends, "{trouble}");
            assert_eq!(house.number("SELECT COUNT(*) FROM sighting").await, 0, "{trouble}");
            assert_eq!(house.number("SELECT next_uid FROM folder").await, 1, "it is all still to be read");
            assert_eq!(house.receiver.step().await.is_err(), ends, "{trouble}");
            assert_eq!(house.number("SELECT COUNT(*) FROM message").await, 1, "up to the trouble");
            assert_eq!(house.number("SELECT attempts FROM sighting WHERE disposition = 'failed'").await, 0);
        }
    }
}
