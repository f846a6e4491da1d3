//! Every phase of a conversation against every fault: what became of the letter is known, and it is taken at most once.

use std::{future::pending, time::Duration};

use docket::{
    config::{Proof, Secret, SmtpConfig, SmtpLogin, Tls},
    mailer::{Envelope, Handover, Phase, Smtp, SmtpLimits},
};
use proptest::{collection::vec, prelude::*};

use super::smtp_peer::{Act, At, Peer, close, hang, say};

/// A letter whose lines are what dots and line ends can do wrong.
const LETTER: &[u8] =
    b"From: us@inputs.test\r\nMessage-ID: <docket.1@inputs.test>\r\nSubject: Receipt\r\n\r\n.\r\n..two\r\nno end";
const SECOND: &[u8] = b"Message-ID: <docket.2@inputs.test>\r\n\r\nThe next one.\r\n";

pub fn config(peer: &Peer) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: peer.address.port(),
        tls: Tls::None,
        login: None,
        ca_file: None,
        hello: None,
        connections: 2,
        wait_at_stop: Duration::from_secs(20),
    }
}

pub fn login() -> SmtpLogin {
    SmtpLogin { user: "docket".to_owned(), proof: Proof::Password(Secret::new("hunter2")) }
}

/// Limits that an honest peer on this machine never reaches.
pub fn patient() -> SmtpLimits {
    let long = Duration::from_secs(20);
    SmtpLimits { connect: long, reply: long, data: long, piece: long, dot: long, before_dot: long, keep: long }
}

fn impatient() -> SmtpLimits {
    let short = Duration::from_millis(150);
    SmtpLimits { reply: short, data: short, piece: short, dot: short, ..patient() }
}

pub async fn send_to(smtp: &Smtp, recipient: &str, bytes: &[u8]) -> Handover {
    let envelope = Envelope { return_path: None, recipient };
    match smtp.until_the_dot(envelope, bytes).await {
        Ok(written) => written.dot(pending()).await,
        Err(sent) => sent,
    }
}

pub async fn send(smtp: &Smtp, bytes: &[u8]) -> Handover {
    send_to(smtp, "mission@state.test", bytes).await
}

fn script(place: At, act: Act) -> impl Fn(At, usize) -> Option<Act> {
    move |at, before| (at == place && before == 0).then(|| act.clone())
}

/// What must have become of the letter: the kind, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Accepted,
    Transient(Phase),
    Permanent(Phase),
    NotSent(Phase),
    Uncertain,
}

fn fate(sent: &Handover) -> Fate {
    match sent {
        Handover::Accepted { .. } => Fate::Accepted,
        Handover::Transient { phase, .. } => Fate::Transient(*phase),
        Handover::Permanent { phase, .. } => Fate::Permanent(*phase),
        Handover::NotSent { phase, .. } => Fate::NotSent(*phase),
        Handover::Uncertain { .. } => Fate::Uncertain,
        Handover::Impossible { reason, .. } => panic!("the letter could go: {reason}"),
    }
}

/// Sends one letter past a fault and then another, and holds what is said against what the peer has.
async fn play(place: At, act: Act, limits: SmtpLimits) -> Fate {
    let stored = act.clone();
    let peer = Peer::start(script(place, act)).await;
    let smtp = Smtp::new(SmtpConfig { login: Some(login()), ..config(&peer) }, limits);
    let sent = send(&smtp, LETTER).await;
    let fate = fate(&sent);
    let copies = peer.taken().len();
    match fate {
        Fate::Accepted => assert_eq!(copies, 1, "{place:?} {stored:?}: {sent}"),
        Fate::Uncertain => assert!(copies <= 1, "{place:?} {stored:?}: {sent}"),
        _ => assert_eq!(copies, 0, "{place:?} {stored:?}: {sent}"),
    }
    assert!(
        matches!(send(&smtp, SECOND).await, Handover::Accepted { .. }),
        "{place:?} {stored:?}: the next one suffers"
    );
    assert_eq!(peer.taken().len(), copies + 1);
    fate
}

const BEFORE_LETTERS: [(At, Phase); 3] =
    [(At::Greeting, Phase::Greeting), (At::Ehlo, Phase::Hello), (At::Auth, Phase::Login)];
const OF_A_LETTER: [(At, Phase); 3] = [(At::Mail, Phase::Mail), (At::Rcpt, Phase::Rcpt), (At::Data, Phase::Data)];

/// What no server should say anywhere.
fn nonsense() -> Vec<Act> {
    vec![
        close(),
        say("garbage\r\n"),
        say("\r\n"),
        say("25\r\n"),
        say("250x\r\n"),
        say("999 no such class\r\n"),
        say("199 nor this\r\n"),
        say("250-one\r\n550 two\r\n"),
        say(b"\xff\xfe\x00\r\n"),
        say(vec![b'a'; 200_000]),
        say("250-and so on\r\n".repeat(20_000)),
        say("250 half a li").and_close(),
    ]
}

#[tokio::test]
async fn what_goes_wrong_before_letters_is_not_the_letters_fault() {
    for (at, phase) in BEFORE_LETTERS {
        let faults =
            ["421 4.3.2 down\r\n", "451 4.3.0 later\r\n", "554 5.0.0 no\r\n", "535 5.7.8 who\r\n", "354 go\r\n"];
        for act in faults.map(say).into_iter().chain(nonsense()) {
            assert_eq!(play(at, act.clone(), patient()).await, Fate::NotSent(phase), "{at:?} {act:?}");
        }
        assert_eq!(play(at, hang(), impatient()).await, Fate::NotSent(phase), "{at:?} hangs");
    }
}

#[tokio::test]
async fn a_refusal_before_the_text_is_final_or_not_by_its_code() {
    for (at, phase) in OF_A_LETTER {
        for (said, expected) in [
            ("450 4.2.1 busy\r\n", Fate::Transient(phase)),
            ("452-4.2.2 over\r\n452 4.2.2 quota\r\n", Fate::Transient(phase)),
            ("421 4.3.2 down\r\n", Fate::Transient(phase)),
            ("550 5.1.1 no such user\r\n", Fate::Permanent(phase)),
            ("552-5.2.2 mailbox\r\n552-5.2.2 is\r\n552 5.2.2 full\r\n", Fate::Permanent(phase)),
            ("550\r\n", Fate::Permanent(phase)),
            ("550 bare line end\n", Fate::Permanent(phase)),
            // These speak of our login, and not of the letter.
            ("530 5.7.0 log in\r\n", Fate::NotSent(phase)),
            ("535 5.7.8 who are you\r\n", Fate::NotSent(phase)),
        ] {
            let act = if said.starts_with("421") { say(said).and_close() } else { say(said) };
            assert_eq!(play(at, act, patient()).await, expected, "{at:?} {said:?}");
        }
        for act in nonsense() {
            assert_eq!(play(at, act.clone(), patient()).await, Fate::NotSent(phase), "{at:?} {act:?}");
        }
        assert_eq!(play(at, hang(), impatient()).await, Fate::NotSent(phase), "{at:?} hangs");
    }
    assert_eq!(play(At::Data, say("250 why not\r\n"), patient()).await, Fate::NotSent(Phase::Data), "no 354, no text");
    assert_eq!(play(At::Mail, say("354 too early\r\n"), patient()).await, Fate::NotSent(Phase::Mail));
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_is_not_taken_for_the_next_one() {
    for (at, said, phase) in [
        (At::Greeting, "220 hello\r\n250 hello again\r\n", Phase::Hello),
        (At::Mail, "250 OK\r\n250 OK\r\n354 go\r\n250 taken\r\n", Phase::Rcpt),
        (At::Rcpt, "250 OK\r\n354 go\r\n250 taken\r\n", Phase::Data),
        (At::Data, "354 go\r\n250 taken\r\n", Phase::Body),
    ] {
        assert_eq!(play(at, say(said), patient()).await, Fate::NotSent(phase), "{said:?}");
    }
    for (said, expected) in [
        ("354 go\r\n552 5.3.4 too large\r\n", Fate::Permanent(Phase::Body)),
        ("354 go\r\n451 4.3.0 the disk\r\n", Fate::Transient(Phase::Body)),
    ] {
        assert_eq!(play(At::Data, say(said), patient()).await, expected, "{said:?}");
    }
}

#[tokio::test]
async fn after_the_dot_only_an_answer_makes_it_certain() {
    for (act, expected) in [
        (say("250-2.0.0 taken\r\n250 2.0.0 for good\r\n"), Fate::Accepted),
        (say("250\r\n"), Fate::Accepted),
        (say("250 taken\r\n").and_close(), Fate::Accepted),
        (say("451 4.3.0 later\r\n"), Fate::Transient(Phase::Dot)),
        (say("421 4.3.2 down\r\n").and_close(), Fate::Transient(Phase::Dot)),
        (say("554 5.6.0 no\r\n"), Fate::Permanent(Phase::Dot)),
        (say("552 5.2.2 full\r\n"), Fate::Permanent(Phase::Dot)),
        (say("354 go on\r\n"), Fate::Uncertain),
    ] {
        assert_eq!(play(At::Dot, act.clone(), patient()).await, expected, "{act:?}");
    }
    for act in nonsense() {
        assert_eq!(play(At::Dot, Act::stored(act.clone()), patient()).await, Fate::Uncertain, "{act:?}");
    }
    assert_eq!(play(At::Dot, hang().stored(), impatient()).await, Fate::Uncertain, "taken, and never answered");
    assert_eq!(play(At::Dot, hang(), impatient()).await, Fate::Uncertain);
}

/// How much of the text the system has taken when the server goes away is not ours to say; that it has no letter is.
#[tokio::test]
async fn a_server_that_goes_away_during_the_text_has_no_letter() {
    let large = [LETTER, &b"\r\nA line of a long letter, as long as such lines are.".repeat(200_000)].concat();
    let peer = Peer::start(script(At::Body, close())).await;
    let smtp = Smtp::new(config(&peer), patient());
    let sent = send(&smtp, &large).await;
    assert!(matches!(fate(&sent), Fate::NotSent(Phase::Body)), "{sent}");
    assert_eq!(peer.taken(), []);

    let peer = Peer::start(script(At::Body, hang())).await;
    let sent = send(&Smtp::new(config(&peer), impatient()), &large).await;
    assert_eq!(fate(&sent), Fate::NotSent(Phase::Body), "a server that reads no more: {sent}");
}

#[tokio::test]
async fn all_before_the_dot_has_one_limit_together() {
    let peer = Peer::start(|at, _| (at == At::Rcpt).then(hang)).await;
    let limits = SmtpLimits { before_dot: Duration::from_millis(150), ..patient() };
    assert_eq!(fate(&send(&Smtp::new(config(&peer), limits), LETTER).await), Fate::NotSent(Phase::Rcpt));
}

#[tokio::test]
async fn without_the_final_dot_nothing_leaves() {
    let peer = Peer::start(|_, _| None).await;
    let smtp = Smtp::new(config(&peer), patient());
    let envelope = Envelope { return_path: None, recipient: "mission@state.test" };
    smtp.until_the_dot(envelope, LETTER).await.unwrap().abandon();
    assert!(matches!(send(&smtp, SECOND).await, Handover::Accepted { .. }));
    assert_eq!(peer.ids(), ["<docket.2@inputs.test>"]);
    assert_eq!(peer.connections(), 2);
}

#[tokio::test]
async fn a_letter_arrives_byte_by_byte_in_its_envelope() {
    let peer = Peer::start(|_, _| None).await;
    let smtp = Smtp::new(config(&peer), patient());
    assert!(matches!(send(&smtp, LETTER).await, Handover::Accepted { .. }));
    let bounce = Envelope { return_path: Some("bounces@inputs.test"), recipient: "mission@state.test" };
    let sent = smtp.until_the_dot(bounce, SECOND).await.unwrap().dot(pending()).await;
    assert_eq!(fate(&sent), Fate::Accepted);
    let taken = peer.taken();
    assert_eq!(taken[0].bytes, [LETTER, b"\r\n"].concat());
    assert_eq!(taken[0].mail, format!("MAIL FROM:<> SIZE={}", LETTER.len()));
    assert_eq!(taken[0].rcpt, "RCPT TO:<mission@state.test>");
    assert_eq!(taken[1].mail, format!("MAIL FROM:<bounces@inputs.test> SIZE={}", SECOND.len()));
    smtp.close().await;
    let words: Vec<String> = peer.commands().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(words, ["EHLO", "MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "QUIT"], "one connection, no RSET");
    assert_eq!(peer.commands()[0], "EHLO [127.0.0.1]");
}

#[tokio::test]
async fn extensions_are_used_where_they_are_offered() {
    let offers = |offers: &'static str| {
        move |at, _| (at == At::Ehlo).then(|| say(format!("250-peer.test\r\n250-{offers}\r\n250 HELP\r\n")))
    };
    let eight_bit = "Message-ID: <a@b>\r\n\r\nÇa va.\r\n".as_bytes();
    let none = Peer::start(offers("PIPELINING")).await;
    let smtp = Smtp::new(SmtpConfig { hello: Some("docket.test".to_owned()), ..config(&none) }, patient());
    let sent = send_to(&smtp, "gesandtschaft@österreich.test", SECOND).await;
    assert!(matches!(&sent, Handover::Impossible { reason, .. } if reason.contains("SMTPUTF8")), "{sent}");
    let sent = send(&smtp, eight_bit).await;
    assert!(matches!(&sent, Handover::Impossible { reason, .. } if reason.contains("8BITMIME")), "{sent}");
    for address in ["a@b>\r\nRCPT TO:<c@d", "a b@c", "a@b> NOTIFY=SUCCESS", "\u{0}@b"] {
        assert!(matches!(send_to(&smtp, address, SECOND).await, Handover::Impossible { .. }), "{address:?}");
    }
    assert_eq!(fate(&send(&smtp, SECOND).await), Fate::Accepted);
    assert_eq!(none.commands(), ["EHLO docket.test", "MAIL FROM:<>", "RCPT TO:<mission@state.test>", "DATA"]);

    let all = Peer::start(offers("SMTPUTF8\r\n250-8bitmime\r\n250-DSN\r\n250-SIZE")).await;
    let smtp = Smtp::new(config(&all), patient());
    assert_eq!(fate(&send_to(&smtp, "gesandtschaft@österreich.test", eight_bit).await), Fate::Accepted);
    let bounce = Envelope { return_path: Some("bounces@inputs.test"), recipient: "m@s.test" };
    assert_eq!(fate(&smtp.until_the_dot(bounce, SECOND).await.unwrap().dot(pending()).await), Fate::Accepted);
    let commands = all.commands();
    assert_eq!(commands[1], format!("MAIL FROM:<> SIZE={} BODY=8BITMIME SMTPUTF8", eight_bit.len()));
    assert_eq!(commands[2], "RCPT TO:<gesandtschaft@österreich.test> NOTIFY=NEVER");
    assert_eq!(commands[5], "RCPT TO:<m@s.test>", "a bounce address wants to hear of failures");
}

#[tokio::test]
async fn a_connection_is_kept_and_made_anew_when_the_server_has_ended_it() {
    let peer = Peer::start(|at, before| match (at, before) {
        (At::Dot, 1) => Some(say("250 and goodbye\r\n").and_close()),
        (At::Rcpt, 4) => Some(say("550 5.1.1 nobody\r\n")),
        (At::Mail, 6) => Some(say("421 4.7.0 too many letters\r\n").and_close()),
        _ => None,
    })
    .await;
    let smtp = Smtp::new(config(&peer), patient());
    let mut fates = Vec::new();
    for _ in 0..7 {
        fates.push(fate(&send(&smtp, LETTER).await));
    }
    let accepted = Fate::Accepted;
    let refused = Fate::Permanent(Phase::Rcpt);
    assert_eq!(fates, [accepted, accepted, accepted, accepted, refused, accepted, accepted]);
    assert_eq!(peer.taken().len(), 6);
    assert_eq!(peer.connections(), 3, "closed after the second letter, and at the seventh MAIL");
    assert!(peer.commands().contains(&"RSET".to_owned()), "a refused letter is taken back");
}

#[tokio::test]
async fn a_connection_that_waits_too_long_for_a_letter_is_ended() {
    for (keep, quits) in [(Duration::ZERO, true), (Duration::from_mins(1), false)] {
        let peer = Peer::start(|_, _| None).await;
        let smtp = Smtp::new(config(&peer), SmtpLimits { keep, ..patient() });
        assert_eq!(fate(&send(&smtp, LETTER).await), Fate::Accepted);
        smtp.rest().await;
        assert_eq!(peer.commands().contains(&"QUIT".to_owned()), quits);
        assert_eq!(fate(&send(&smtp, SECOND).await), Fate::Accepted);
        assert_eq!((peer.taken().len(), peer.connections()), (2, if quits { 2 } else { 1 }));
    }
}

#[tokio::test]
async fn logging_in() {
    let peer = Peer::start(|_, _| None).await;
    let smtp = Smtp::new(SmtpConfig { login: Some(login()), ..config(&peer) }, patient());
    smtp.try_out(None).await.unwrap();
    assert_eq!(peer.commands()[1..], ["AUTH PLAIN AGRvY2tldABodW50ZXIy", "MAIL FROM:<>", "RSET", "QUIT"]);

    let only = |offer: &'static str| move |at, _| (at == At::Ehlo).then(|| say(format!("250-p\r\n250 {offer}\r\n")));
    let peer = Peer::start(only("AUTH=LOGIN")).await;
    let smtp = Smtp::new(SmtpConfig { login: Some(login()), ..config(&peer) }, patient());
    smtp.try_out(Some("bounces@inputs.test")).await.unwrap();
    assert_eq!(
        peer.commands()[1..],
        ["AUTH LOGIN", "ZG9ja2V0", "aHVudGVyMg==", "MAIL FROM:<bounces@inputs.test>", "RSET", "QUIT"]
    );

    let peer = Peer::start(only("AUTH XOAUTH2 CRAM-MD5")).await;
    let smtp = Smtp::new(SmtpConfig { login: Some(login()), ..config(&peer) }, patient());
    let said = smtp.try_out(None).await.unwrap_err().to_string();
    assert!(said.contains("neither AUTH PLAIN nor AUTH LOGIN"), "{said}");
    assert_eq!(peer.commands().len(), 1, "nothing is said that was not asked");
}

#[tokio::test]
async fn a_password_is_in_nothing_that_is_said() {
    let peer = Peer::start(|at, _| {
        (at == At::Auth)
            .then(|| say("535-5.7.8 AUTH PLAIN AGRvY2tldABodW50ZXIy\r\n535 hunter2 aHVudGVyMg== is wrong\r\n"))
    })
    .await;
    let config = SmtpConfig { login: Some(login()), ..config(&peer) };
    let smtp = Smtp::new(config.clone(), patient());
    let sent = send(&smtp, LETTER).await;
    assert_eq!(fate(&sent), Fate::NotSent(Phase::Login));
    for said in [sent.to_string(), format!("{sent:?}"), format!("{config:?}"), format!("{smtp:?}")] {
        for secret in ["hunter2", "AGRvY2tldABodW50ZXIy", "aHVudGVyMg=="] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    assert!(sent.to_string().contains("535"), "{sent}");
}

#[tokio::test]
async fn nobody_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let peer = Peer::start(|_, _| None).await;
    let smtp = Smtp::new(SmtpConfig { port, ..config(&peer) }, patient());
    assert_eq!(fate(&send(&smtp, LETTER).await), Fate::NotSent(Phase::Connect));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is answered wherever: an outcome that agrees with what the peer has, and no panic.
    #[test]
    fn whatever_a_server_answers_there_is_an_outcome(
        place in 0..8_usize,
        bytes in prop_oneof![
            vec(any::<u8>(), 0..40),
            vec(prop_oneof![Just(b'2'), Just(b'5'), Just(b'0'), Just(b'-'), Just(b' '), Just(b'\r'), Just(b'\n')], 0..40),
            "[2-5][0-9]{2}[- ][a-z]{0,5}\r\n([2-5][0-9]{2}[- ][a-z]{0,5}\r\n)?".prop_map(String::into_bytes),
        ],
        stored in any::<bool>(),
        body in vec(any::<u8>(), 0..200),
    ) {
        let at = [At::Greeting, At::Ehlo, At::Auth, At::Mail, At::Rcpt, At::Data, At::Body, At::Dot][place];
        let act = say(&bytes).and_close();
        let act = if stored && at == At::Dot { act.stored() } else { act };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let peer = Peer::start(script(at, act)).await;
            let smtp = Smtp::new(SmtpConfig { login: Some(login()), ..config(&peer) }, patient());
            let text = [b"Message-ID: <a@b>\r\n\r\n", &body.iter().map(|byte| byte & 0x7f).collect::<Vec<u8>>()[..]].concat();
            let sent = send(&smtp, &text).await;
            let copies = peer.taken().len();
            match sent {
                Handover::Accepted { .. } => assert_eq!(copies, 1),
                Handover::Uncertain { .. } => assert!(copies <= 1),
                // A peer that keeps what it refused is beyond help.
                _ => assert!(copies == 0 || stored, "{sent}"),
            }
        });
    }
}
