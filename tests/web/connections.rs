//! Requests that do not come, answers that nobody takes, and more connections than there may be.

use std::time::Duration;

use docket::web::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::served::Served;

const WHOLE: &[u8] = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// Longer than any limit of these tests.
const LONG: Duration = Duration::from_secs(20);

fn limits() -> ConnectionLimits {
    ConnectionLimits {
        request: Duration::from_millis(400),
        connection: Duration::from_secs(2),
        last: Duration::from_millis(400),
        connections: 4,
    }
}

impl Served {
    async fn told(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    async fn ended(self) {
        self.stop.send(()).unwrap();
        timeout(LONG, self.serving).await.expect("it stops").unwrap().unwrap();
    }
}

/// What comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    // A connection that was ended may be reset.
    let _ = timeout(LONG, stream.read_to_end(&mut all)).await.expect("it is ended");
    String::from_utf8(all).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_request_ends_within_its_time() {
    let pages = Served::within(limits()).await;
    for half in [&b""[..], b"GET / HTTP/1.1\r\nHo", b"GET / HTTP/1.1\r\nHost: localhost\r\n"] {
        let began = Instant::now();
        let mut stream = pages.told(half).await;
        let _ = rest(&mut stream).await;
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(300) && took < Duration::from_millis(1900), "{half:?}: {took:?}");
    }
    // A byte now and then is no request either.
    let began = Instant::now();
    let mut stream = pages.told(b"GET / HTTP/1.1\r\nX: ").await;
    while stream.write_all(b"a").await.is_ok() {
        assert!(began.elapsed() < LONG, "it goes on for ever");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(began.elapsed() < Duration::from_millis(1900), "{:?}", began.elapsed());
    pages.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let pages = Served::within(limits()).await;
    for method in ["GET", "POST"] {
        let head = format!("{method} /readyz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nhalf");
        let began = Instant::now();
        let mut stream = pages.told(head.as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(if method == "GET" { "HTTP/1.1 200" } else { "HTTP/1.1 405" }), "{answer}");
        assert!(began.elapsed() < Duration::from_millis(2900), "{method}: {:?}", began.elapsed());
    }
    pages.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_kept_for_the_next_request_and_not_for_ever() {
    let pages = Served::within(limits()).await;
    let began = Instant::now();
    let mut stream = pages.told(WHOLE).await;
    let mut piece = [0; 4096];
    let mut answers = 0;
    // Asked again and again within the time of a request, it ends with that of a connection.
    loop {
        let read = timeout(LONG, stream.read(&mut piece)).await.unwrap().unwrap_or(0);
        if read == 0 {
            break;
        }
        answers += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let _ = stream.write_all(WHOLE).await;
    }
    let took = began.elapsed();
    assert!(answers > 3, "{answers} answers");
    assert!(took > Duration::from_millis(1900) && took < Duration::from_secs(6), "{took:?}");
    pages.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_holds_connections_open_keeps_nobody_out() {
    let limits = ConnectionLimits { request: LONG, connection: LONG, ..limits() };
    let pages = Served::within(limits).await;
    let mut held = Vec::new();
    for _ in 0..40 {
        held.push(pages.told(b"GET / HTTP/1.1\r\nHo").await);
    }
    let began = Instant::now();
    let mut stream = pages.told(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    // Those that waited longest have gone.
    rest(&mut held[0]).await;
    let began = Instant::now();
    pages.ended().await;
    assert!(began.elapsed() < Duration::from_secs(3), "half requests do not keep it: {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_a_form_without_an_end_keeps_nobody_out() {
    let limits = ConnectionLimits { request: LONG, connection: LONG, ..limits() };
    let pages = Served::within(limits).await;
    let form = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
        Content-Length: 1000\r\n\r\nname=a";
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(pages.told(form).await);
    }
    // They have come, and their answers are being made.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    let mut stream = pages.told(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    rest(&mut held[0]).await;
    pages.ended().await;
}

// On one thread, connections that came at once are all taken before the first of them is served.
#[tokio::test]
async fn connections_that_come_at_once_keep_nobody_out() {
    let limits = ConnectionLimits { request: LONG, connection: LONG, ..limits() };
    let pages = Served::within(limits).await;
    let held: Vec<_> = (0..8).map(|_| std::net::TcpStream::connect(pages.address).unwrap()).collect();
    let began = Instant::now();
    let mut stream = pages.told(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(held);
    pages.ended().await;
}
