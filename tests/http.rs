//! A request to a web server, and what servers do to it.

use std::time::Duration;

use docket::net::http::{Endpoint, HttpError, Response};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

/// A server that takes one request, says something, and yields what it was asked; it closes where `ends`.
async fn server(says: impl Into<Vec<u8>>, ends: bool) -> (Endpoint, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/token?for=us", listener.local_addr().unwrap()).parse().unwrap();
    let says = says.into();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"content") {
            if stream.read_buf(&mut asked).await.unwrap() == 0 {
                break;
            }
        }
        // A client that has heard enough may be gone.
        drop(stream.write_all(&says).await);
        if !ends {
            drop(stream.read_buf(&mut Vec::new()).await);
        }
        String::from_utf8(asked).unwrap()
    });
    (endpoint, asked)
}

async fn ask(endpoint: &Endpoint) -> Result<Response, HttpError> {
    endpoint.post("text/plain", Some("Bearer secret"), b"content".to_vec(), Duration::from_millis(500)).await
}

#[tokio::test]
async fn an_answer_comes_with_the_clock_of_the_server() {
    let says = "HTTP/1.1 200 OK\r\nDate: Wed, 30 Sep 2020 21:59:59 GMT\r\nContent-Length: 4\r\n\r\nbody";
    let (endpoint, asked) = server(says, false).await;
    let answer = ask(&endpoint).await.unwrap();
    let date = Some("2020-09-30T21:59:59Z".parse().unwrap());
    assert_eq!(answer, Response { status: 200, date, body: b"body".to_vec() });
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /token?for=us HTTP/1.1\r\n"), "{asked}");
    for header in ["authorization: Bearer secret", "content-type: text/plain", "content-length: 7"] {
        assert!(asked.contains(header), "{asked}");
    }
}

#[tokio::test]
async fn an_answer_without_a_length_ends_with_the_connection() {
    let (endpoint, _) = server("HTTP/1.0 503 Busy\r\n\r\nlater", true).await;
    let answer = ask(&endpoint).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (503, b"later".as_slice()));
}

#[tokio::test]
async fn a_redirection_is_an_answer_and_is_not_followed() {
    let (other, mut asked) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false).await;
    let says = format!("HTTP/1.1 307 Away\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n", other.host());
    let (endpoint, _) = server(says, false).await;
    assert_eq!(ask(&endpoint).await.unwrap().status, 307);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut asked).await.is_err(), "nobody asked the other");
}

#[tokio::test]
async fn a_server_that_is_silent_or_endless_or_talks_nonsense_is_an_error_in_time() {
    let endless = format!("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{}", "x".repeat(1 << 20));
    for (says, ends, expected) in [
        ("", false, "did not answer within"),
        ("", true, "did not answer as a web server does"),
        ("220 mail.test ESMTP\r\n", false, "did not answer as a web server does"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true, "did not answer as a web server does"),
        (endless.as_str(), false, "did not answer as a web server does"),
    ] {
        let (endpoint, _) = server(says, ends).await;
        let error = ask(&endpoint).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("secret") && !error.contains("for=us"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_told_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint: Endpoint = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        stream.read_buf(&mut heard).await.unwrap();
        stream.write_all(b"no TLS").await.unwrap();
        heard
    });
    let error = ask(&endpoint).await.unwrap_err();
    assert!(!error.is_temporary(), "{error}");
    let heard = heard.await.unwrap();
    assert!(!heard.windows(6).any(|part| part == b"secret"), "it was told before it was encrypted");
}

#[test]
fn addresses_that_would_go_in_the_clear_or_are_none_are_refused() {
    for (text, good) in [
        ("https://login.example.org/t/token", true),
        ("https://[2001:db8::1]:8443/", true),
        ("http://127.0.0.1:8080/hook", true),
        ("http://localhost/hook", true),
        ("http://[::1]/", true),
        ("http://login.example.org/token", false),
        ("http://127.0.0.1.example.org/token", false),
        ("https://user:password@login.example.org/", false),
        ("ftp://login.example.org/", false),
        ("login.example.org", false),
        ("/token", false),
        ("", false),
    ] {
        assert_eq!(text.parse::<Endpoint>().is_ok(), good, "{text}");
    }
    let endpoint: Endpoint = "https://hook.example.org/a-secret".parse().unwrap();
    assert_eq!(format!("{endpoint:?}"), "Endpoint(hook.example.org)", "the path may be a secret");
}
