//! What a virus scanner may do with a message, and what is made of it: a verdict about all of it, or the reason for none.

use std::time::{Duration, Instant};

use docket::{
    config::{ReadingConfig, ScannerAt},
    reading::{Scan, ScanError, Scanner},
};

use super::clamd_peer::{Act, At, Clamd, HARM};
use crate::fixture::program::free_port;

/// Longer than any answer.
static LONG: [u8; 100_000] = [b'x'; 100_000];

/// Longer than what a socket holds: who does not read it stops the sender.
fn long() -> Vec<u8> {
    b"a message of many bytes\r\n".repeat(800_000)
}

fn scanner(at: ScannerAt) -> Scanner {
    scanner_within(at, Duration::from_secs(20))
}

fn scanner_within(at: ScannerAt, scanner_time: Duration) -> Scanner {
    Scanner::of(&ReadingConfig { scanner: Some(at), scanner_time, ..ReadingConfig::default() }).unwrap()
}

/// What comes of a message with a scanner of this script.
async fn scan(message: &[u8], script: impl Fn(At) -> Option<Act> + Send + Sync + 'static) -> Result<Scan, ScanError> {
    let (_, at) = Clamd::start(script).await;
    scanner(at).scan(message).await
}

fn at_end(act: Act) -> impl Fn(At) -> Option<Act> + Send + Sync + 'static {
    move |at| (at == At::End).then_some(act)
}

#[tokio::test]
async fn every_byte_is_sent_and_the_verdict_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let harmful = [&long(), HARM.as_bytes()].concat();
    for unix in [false, true] {
        let (clamd, at) =
            if unix { Clamd::at(&folder.path().join("clamd.ctl"), |_| None) } else { Clamd::start(|_| None).await };
        let scanner = scanner(at);
        scanner.ping().await.unwrap();
        assert_eq!(scanner.scan(&long()).await.unwrap(), Scan::Clean);
        assert_eq!(scanner.scan(&harmful).await.unwrap(), Scan::Found("Docket.Test-1".to_owned()));
        assert_eq!(scanner.scan(b"").await.unwrap(), Scan::Clean);
        assert!(clamd.scanned() == [long(), harmful.clone(), Vec::new()], "what was sent is what it got");
    }
    assert!(Scanner::of(&ReadingConfig::default()).is_none(), "none is asked unless it is switched on");
}

#[tokio::test]
async fn a_scanner_that_fails_gives_no_verdict_and_says_why() {
    for (said, expected) in [
        (&b"stream: Can't allocate memory ERROR\0"[..], "failed (Can't allocate memory)"),
        (b"COMMAND READ TIMED OUT\0", "gave an answer that means nothing here (COMMAND READ TIMED OUT)"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n\0", "gave an answer that means nothing here (HTTP/1.1 400 Bad Request)"),
        (b"OK\0", "gave an answer that means nothing here (OK)"),
        (b"stream: OKAY\0", "gave an answer that means nothing here (stream: OKAY)"),
        (b"stream:  FOUND\0", "gave an answer that means nothing here (stream:  FOUND)"),
        (b"\0", "gave an answer that means nothing here ()"),
        (b"\xff\xfe\x1b[2J\0", "gave an answer that means nothing here ([2J)"),
        (b"stream: OK", "broke off (its answer has no end)"),
        (b"", "broke off (it said nothing)"),
    ] {
        let error = scan(b"a message", at_end(Act::Say(said))).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(error.is_temporary() && !error.is_of_the_message());
    }
    // Of what has no end, no more is read than an answer may have.
    let error = scan(b"a message", at_end(Act::SayAndGoOn(&LONG))).await.unwrap_err();
    assert_eq!(error.to_string(), "broke off (its answer has no end)");
}

#[tokio::test]
async fn a_name_is_fit_to_be_shown() {
    let name = scan(b"a message", at_end(Act::Say(b"stream: Win.Test\x1b[2J\r\n-1(0123:68) FOUND\0"))).await.unwrap();
    assert_eq!(name, Scan::Found("Win.Test[2J-1(0123:68)".to_owned()));
}

#[tokio::test]
async fn a_scanner_that_is_silent_is_not_waited_for() {
    let limit = Duration::from_millis(500);
    for place in [At::Ping, At::Begin, At::End] {
        let (clamd, at) = Clamd::start(move |at| (at == place).then_some(Act::Hang)).await;
        let begun = Instant::now();
        let message = if place == At::Begin { long() } else { b"a message".to_vec() };
        let error = scanner_within(at, limit).scan(&message).await.unwrap_err();
        assert_eq!(error.to_string(), "did not answer within 0.5 s", "{place:?}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{place:?}");
        assert_eq!(clamd.scanned().len(), usize::from(place == At::End));
    }
}

#[tokio::test]
async fn a_scanner_that_is_not_there_is_said_to_be_so() {
    let nobody = scanner(ScannerAt::Tcp { host: "127.0.0.1".to_owned(), port: free_port() });
    let folder = tempfile::tempdir().unwrap();
    let nothing = scanner(ScannerAt::Unix(folder.path().join("clamd.ctl")));
    for scanner in [nobody, nothing] {
        let said = scanner.scan(b"a message").await.unwrap_err().to_string();
        assert!(said.starts_with("cannot be reached ("), "{said}");
        assert_eq!(scanner.ping().await.unwrap_err().to_string(), said);
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_for_it_is_told_from_a_failure() {
    // It says so and closes while most of the message is still to be sent.
    for act in [Act::Say, Act::SayAndGoOn] {
        let act = act(b"INSTREAM size limit exceeded. ERROR\0");
        let error = scan(&long(), move |at| (at == At::Begin).then_some(act)).await.unwrap_err();
        assert_eq!(error.to_string(), "takes no message of this size");
        assert!(error.is_of_the_message() && !error.is_temporary());
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_is_no_verdict() {
    for said in [&b""[..], b"stream: "] {
        let error = scan(&long(), move |at| (at == At::Begin).then_some(Act::Say(said))).await.unwrap_err();
        assert!(error.to_string().starts_with("broke off ("), "{error}");
    }
    // A verdict before the end is about a part.
    let early = scan(&long(), |at| (at == At::Begin).then_some(Act::Say(b"stream: OK\0"))).await.unwrap_err();
    assert_eq!(early.to_string(), "gave an answer that means nothing here (stream: OK)");
}
