//! Tokens on the whole way: a real mail server that asks about each token it is shown, and a mail server for letters.

use std::sync::Arc;

use docket::{
    clock::Clock,
    config::{
        Config, Grant, MailSource, MailboxConfig, OauthConfig, Proof, Secret, Shipped, SmtpLogin, Transport, load_call,
    },
    instance::Instance,
    mailbox::{ImapError, MailboxError},
    pipeline::{Outcome, PipelineError, Post, Reader, Received, Receiver},
    reading::Readers,
    store::Db,
};
use jiff::SignedDuration;

use super::{USER, key, noon};
use crate::{
    dialogs::{
        smtp_peer::{At, Peer, say},
        smtp_phases,
    },
    fixture::{
        dovecot::Dovecot,
        intake::{document, good_mail, mail},
        tokens::TokenServer,
    },
};

/// An office that reads a mailbox by tokens, and sends by tokens where there is a peer.
struct House {
    instance: Arc<Instance>,
    receiver: Receiver,
    config: Config,
    clock: Clock,
    folder: tempfile::TempDir,
}

impl House {
    async fn open(server: &Dovecot, oauth: OauthConfig, peer: Option<&Peer>, clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let proof = Proof::Oauth(Box::new(oauth));
        let mut account = server.account();
        account.proof = proof.clone();
        let mut config = Config::default();
        config.store.url = format!("sqlite:{}", folder.path().join("docket.db").display());
        config.store.token_key = Some(key());
        config.letters.folder = folder.path().join("letters");
        if let Some(peer) = peer {
            let mut server = smtp_phases::config(peer);
            server.login = Some(SmtpLogin { user: USER.to_owned(), proof });
            config.letters.transport = Transport::Smtp(server);
        }
        config.calls = vec![load_call(&Shipped::embedded(), "unece-gcm-2020").unwrap()];
        config.mailboxes = vec![MailboxConfig {
            addresses: vec!["gcm@secretariat.test".to_owned()],
            source: MailSource::Imap(account),
            acknowledge_since: Some("2020-07-15T00:00:00Z".parse().unwrap()),
            ..MailboxConfig::default()
        }];
        let (instance, receiver) = Self::start(&config, &clock).await;
        Self { instance, receiver, config, clock, folder }
    }

    async fn start(config: &Config, clock: &Clock) -> (Arc<Instance>, Receiver) {
        let instance = Instance::open(config.clone(), Shipped::embedded(), clock.clone()).await.unwrap();
        let instance = Arc::new(instance);
        let receiver = Receiver::new(Arc::clone(&instance), config.mailboxes[0].clone()).await.unwrap();
        (instance, receiver)
    }

    /// As another process, on the same database.
    async fn restart(&mut self) {
        (self.instance, self.receiver) = Self::start(&self.config, &self.clock).await;
    }

    /// Looks into the mailbox over a new connection.
    async fn look_anew(&mut self) -> Result<Received, PipelineError> {
        self.receiver.leave().await;
        self.receiver.step().await
    }

    async fn read_all(&self) {
        let program = env!("CARGO_BIN_EXE_docket").into();
        let sandbox = Arc::new(Readers::new(program, self.instance.config.reading.clone()));
        let reader = Reader::new(Arc::clone(&self.instance), sandbox);
        while reader.step().await.unwrap() == Outcome::Worked {}
    }

    fn hours_pass(&self, hours: i64) {
        self.clock.move_to(self.clock.now() + SignedDuration::from_hours(hours));
    }
}

async fn servers() -> (Dovecot, TokenServer, Clock) {
    let clock = Clock::by_hand(noon());
    let tokens = TokenServer::start(USER, clock.clone()).await;
    (Dovecot::with_tokens(tokens.address.port()), tokens, clock)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_by_tokens_that_are_renewed_without_a_person() {
    let (mut dovecot, tokens, clock) = servers().await;
    let mut house = House::open(&dovecot, tokens.by_itself(), None, clock).await;
    dovecot.deliver("INBOX", &good_mail("1"), noon());
    assert_eq!(house.receiver.step().await.unwrap().new, 1);
    assert_eq!((tokens.requests(), tokens.shown()), (1, 1));
    // A connection that stands needs no token, and a new one takes the same.
    house.receiver.step().await.unwrap();
    assert_eq!((tokens.requests(), tokens.shown()), (1, 1));
    house.look_anew().await.unwrap();
    assert_eq!((tokens.requests(), tokens.shown()), (1, 2));
    // It expires.
    house.hours_pass(2);
    dovecot.deliver("INBOX", &good_mail("2"), noon());
    assert_eq!(house.look_anew().await.unwrap().new, 1);
    assert_eq!((tokens.requests(), tokens.shown()), (2, 3), "nobody showed the old one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_renewed_once_and_never_stormed_with() {
    let (dovecot, tokens, clock) = servers().await;
    let mut house = House::open(&dovecot, tokens.by_itself(), None, clock).await;
    house.receiver.step().await.unwrap();
    tokens.revoke_all();
    house.look_anew().await.expect("it was thought good, and another was asked for");
    assert_eq!((tokens.requests(), tokens.shown()), (2, 3));

    tokens.revoke_all();
    tokens.rule(|rules| rules.forgets = true);
    let refused = house.look_anew().await.unwrap_err();
    assert!(matches!(&refused, PipelineError::Mailbox(MailboxError::Imap(ImapError::Login(_)))), "{refused}");
    assert!(refused.to_string().contains("login was refused"), "{refused}");
    assert!(!refused.is_temporary() && house.receiver.pause(&refused, 1) >= std::time::Duration::from_secs(45));
    assert_eq!((tokens.requests(), tokens.shown()), (3, 5), "the old one and a new one");
    for again in 1..=3 {
        house.look_anew().await.unwrap_err();
        assert_eq!((tokens.requests(), tokens.shown()), (3 + again, 5 + again), "one login an attempt");
    }
    tokens.rule(|rules| rules.forgets = false);
    house.look_anew().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_down_is_an_error_and_then_all_goes_on() {
    let (mut dovecot, tokens, clock) = servers().await;
    let mut house = House::open(&dovecot, tokens.by_itself(), None, clock).await;
    tokens.rule(|rules| rules.refuses = Some((503, "<html>down</html>".to_owned())));
    let error = house.receiver.step().await.unwrap_err();
    assert!(
        error.is_temporary() && error.to_string().contains("gave no token: it answered with status 503"),
        "{error}"
    );
    assert_eq!(tokens.shown(), 0, "nobody tries a login without a token");
    tokens.rule(|rules| rules.refuses = None);
    dovecot.deliver("INBOX", &good_mail("1"), noon());
    assert_eq!(house.receiver.step().await.unwrap().new, 1);
    // While the connection and the token last, nobody notices.
    tokens.rule(|rules| rules.refuses = Some((400, r#"{"error":"invalid_client"}"#.to_owned())));
    house.look_anew().await.unwrap();
    house.hours_pass(2);
    let error = house.look_anew().await.unwrap_err();
    assert!(!error.is_temporary() && error.to_string().contains("invalid_client"), "{error}");
    assert!(house.receiver.pause(&error, 1) >= std::time::Duration::from_secs(45));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_refresh_token_survives_a_restart_of_the_office() {
    let (mut dovecot, tokens, clock) = servers().await;
    let mut house = House::open(&dovecot, tokens.for_a_person(), None, clock).await;
    for n in 0..3 {
        dovecot.deliver("INBOX", &good_mail(&n.to_string()), noon());
        assert_eq!(house.look_anew().await.unwrap().new, 1);
        house.restart().await;
        house.hours_pass(2);
    }
    assert_eq!(tokens.requests(), 3);
    let Db::Sqlite { writer, .. } = &house.instance.db else { panic!("the house has a file") };
    sqlx::query("PRAGMA wal_checkpoint(FULL)").execute(writer).await.unwrap();
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for secret in tokens.secrets() {
            let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!there, "{secret} is in {}", path.display());
        }
    }
    // A person signs in anew.
    let OauthConfig { grant, .. } = tokens.for_a_person();
    assert!(matches!(grant, Grant::RefreshToken(_)));
    tokens.allow("refresh-second-sign-in");
    let MailSource::Imap(account) = &mut house.config.mailboxes[0].source else { unreachable!() };
    account.proof = Proof::Oauth(Box::new(OauthConfig {
        grant: Grant::RefreshToken(Secret::new("refresh-second-sign-in")),
        ..tokens.by_itself()
    }));
    house.restart().await;
    house.look_anew().await.unwrap();
    assert_eq!(tokens.asked().last().unwrap().0["refresh_token"], "refresh-second-sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_leave_by_tokens_and_a_refused_one_is_renewed_once() {
    let (mut dovecot, tokens, clock) = servers().await;
    // The second login is refused.
    let peer = Peer::start(|at, before| match at {
        At::Ehlo => Some(say("250-peer.test\r\n250 AUTH PLAIN XOAUTH2\r\n")),
        // Each login is two lines: the command, and the token.
        At::Auth if before == 3 => Some(say("334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiYmVhcmVyIn0=\r\n")),
        At::Auth if before == 4 => Some(say("535 5.7.3 Authentication unsuccessful\r\n")),
        _ => None,
    })
    .await;
    let mut house = House::open(&dovecot, tokens.by_itself(), Some(&peer), clock).await;
    let post = Post::new(Arc::clone(&house.instance));
    for n in 1..=2 {
        let from = format!("Ministry <post@ministry{n}.test>");
        let input = mail(&n.to_string(), &from, "Input", &[("input.docx", &document(100 + n))]);
        dovecot.deliver("INBOX", &input, house.clock.now());
        assert_eq!(house.look_anew().await.unwrap().new, 1);
        house.read_all().await;
        while post.step().await.unwrap() == Outcome::Worked {}
        post.close().await;
        assert_eq!(peer.taken().len(), n, "{:?}", peer.commands());
    }
    assert_eq!(tokens.requests(), 2, "mailbox and letters share a token, and it was replaced once");
    let logins: Vec<_> = peer.commands().into_iter().filter(|line| line.starts_with("AUTH")).collect();
    assert_eq!(logins, ["AUTH XOAUTH2"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_while_there_is_no_token() {
    let (mut dovecot, tokens, clock) = servers().await;
    let peer = Peer::start(|at, _| (at == At::Ehlo).then(|| say("250-peer.test\r\n250 AUTH OAUTHBEARER\r\n"))).await;
    let mut house = House::open(&dovecot, tokens.by_itself(), Some(&peer), clock).await;
    dovecot.deliver("INBOX", &good_mail("1"), noon());
    house.receiver.step().await.unwrap();
    house.read_all().await;
    house.hours_pass(2);
    tokens.rule(|rules| rules.refuses = Some((500, String::new())));
    Post::new(Arc::clone(&house.instance)).step().await.unwrap();
    assert_eq!((peer.connections(), peer.taken().len()), (0, 0));
    let Db::Sqlite { writer, .. } = &house.instance.db else { panic!("the house has a file") };
    let said: String = sqlx::query_scalar("SELECT detail FROM attempt").fetch_one(writer).await.unwrap();
    assert!(said.contains("at the login") && said.contains("gave no token"), "{said}");
    tokens.rule(|rules| rules.refuses = None);
    house.hours_pass(2);
    let post = Post::new(Arc::clone(&house.instance));
    while post.step().await.unwrap() == Outcome::Worked {}
    assert_eq!(peer.taken().len(), 1);
}
