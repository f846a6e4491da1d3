//! The pages of a desk that is real, and has no mail yet, as a browser gets them.

use std::{net::SocketAddr, sync::Arc};

use docket::{
    clock::Clock,
    config::Shipped,
    desk::Desk,
    instance::Instance,
    web::{ConnectionLimits, Site, serve_within},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use super::{Answer, BEFORE, check_html};
use crate::fixture::intake::config;

const PAGES: [&str; 7] =
    ["/", "/?status=late", "/state/CHE", "/state/mda", "/log", "/log?q=Dutch&state=NLD&standing=on_time", "/decide"];

/// A desk whose pages are served on a free port of this machine.
pub struct Served {
    pub address: SocketAddr,
    pub instance: Arc<Instance>,
    pub stop: oneshot::Sender<()>,
    pub serving: JoinHandle<std::io::Result<()>>,
    _folder: TempDir,
}

impl Served {
    pub async fn desk() -> Self {
        Self::within(ConnectionLimits::default()).await
    }

    pub async fn within(limits: ConnectionLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::by_hand(BEFORE.parse().unwrap());
        let instance = Instance::open(config(folder.path()), Shipped::embedded(), clock).await.unwrap();
        let instance = Arc::new(instance);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let desk = Arc::new(Desk::new(Arc::clone(&instance)));
        let serving = tokio::spawn(serve_within(limits, listener, Site::new().unwrap(), desk, async {
            let _ = stopped.await;
        }));
        Self { address, instance, stop, serving, _folder: folder }
    }

    /// Asks with these lines as the head of the request.
    async fn ask(&self, head: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{}\r\nConnection: close\r\n\r\n", head.replace('\n', "\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw).await.unwrap();
        let raw = String::from_utf8_lossy(&raw);
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\nHost: localhost:8420")).await
    }
}

#[tokio::test]
async fn every_page_of_an_empty_desk_is_served() {
    let desk = Served::desk().await;
    for path in PAGES {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        check_html(&answer.body);
        assert_eq!(answer.body.matches("<h1>").count(), 1, "{path}");
    }
    let style = desk.get("/style.css").await;
    assert!(style.header("content-type").unwrap().starts_with("text/css"));
    assert!(style.body.len() <= 26 * 1024, "{} bytes", style.body.len());
    let style = desk.ask("GET /style.css HTTP/1.1\nHost: localhost:8420\nAccept-Encoding: gzip").await;
    let size: usize = style.header("content-length").unwrap().parse().unwrap();
    assert!(size <= 6 * 1024, "{size} bytes");
}

#[tokio::test]
async fn what_we_wrote_is_packed_for_whom_takes_it_so() {
    let desk = Served::desk().await;
    for (takes, packed) in [
        ("gzip, deflate, br", true),
        ("br;q=1, GZIP;q=0.5", true),
        ("gzip;q=0", false),
        ("gzip; q=0.0", false),
        ("br", false),
        ("", false),
    ] {
        for path in ["/", "/style.css"] {
            let line = format!("{path} HTTP/1.1\nHost: localhost:8420\nAccept-Encoding: {takes}");
            let answer = desk.ask(&format!("GET {line}")).await;
            assert_eq!(answer.header("content-encoding"), packed.then_some("gzip"), "{takes}");
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{takes}");
            let head = desk.ask(&format!("HEAD {line}")).await;
            assert_eq!((head.status, head.header("content-encoding")), (200, None), "{takes}");
        }
    }
    let plain = desk.ask("GET /healthz HTTP/1.1\nHost: localhost:8420\nAccept-Encoding: gzip").await;
    assert_eq!(plain.header("content-encoding"), None);
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let desk = Served::desk().await;
    for path in ["/", "/style.css", "/nowhere", "/state/XXX", "/log?state=nonsense"] {
        let answer = desk.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        if path != "/style.css" {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_says_what_to_do() {
    let desk = Served::desk().await;
    for (path, said) in [
        ("/nowhere", "Nothing stands at this address."),
        ("/state/USSR", "“USSR” is not a three-letter country code"),
        ("/?call=other", "No call is named “other”."),
        ("/state/CHN", "CHN is not on the roster of this call."),
        ("/entry/M-999999", "No entry has the number “M-999999”."),
        ("/entry/%3Cb%3E", "No entry has the number “&lt;b&gt;”."),
        ("/entry/M-000001%00", "Nothing stands at this address."),
        ("/entry/%FF", "Nothing stands at this address."),
        ("/state/%FF", "Nothing stands at this address."),
    ] {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        check_html(&answer.body);
        assert!(answer.body.contains(said), "{path}: {}", answer.body);
        assert!(answer.body.contains("href=\"/log\""), "{path}");
    }
    for (path, said) in [
        ("/log?state=nonsense", "is not a three-letter country code"),
        ("/log?standing=soon", "“soon” is no standing"),
        ("/log?after=zzz", "zzz"),
        ("/?status=green", "No status is called so."),
        ("/log?q=a%00b", "holds a character that no text has (%00)"),
        ("/entry/M-000001?call=%00", "holds a character that no text has (%00)"),
        ("/decide?%00", "holds a character that no text has (%00)"),
    ] {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 400, "{path}");
        check_html(&answer.body);
        assert!(answer.body.contains(said) && !answer.body.contains("administrator"), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn pages_can_only_be_read() {
    let desk = Served::desk().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = desk.ask(&format!("{method} / HTTP/1.1\nHost: localhost\nContent-Length: 0")).await;
        assert_eq!(answer.status, 405, "{method}");
        let allowed = answer.header("allow").unwrap();
        assert!(allowed.starts_with("GET,") && (method == "POST") != allowed.contains("POST"), "{method}: {allowed}");
    }
    let head = desk.ask("HEAD / HTTP/1.1\nHost: localhost").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn only_the_names_of_this_machine_are_answered() {
    let desk = Served::desk().await;
    for host in ["localhost", "LOCALHOST:8420", "127.0.0.1", "127.0.0.1:1", "[::1]:8420"] {
        assert_eq!(desk.ask(&format!("GET / HTTP/1.1\nHost: {host}")).await.status, 200, "{host}");
    }
    for host in
        ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1", "localhost@evil.example"]
    {
        let answer = desk.ask(&format!("GET / HTTP/1.1\nHost: {host}")).await;
        assert_eq!(answer.status, 403, "{host}");
        assert!(
            answer.body.contains("only under the name of this machine") && !answer.body.contains("<html"),
            "{host}"
        );
    }
    let absolute = desk.ask("GET http://evil.example/ HTTP/1.1\nHost: localhost").await;
    assert_eq!(absolute.status, 403);
    assert_eq!(desk.ask("GET / HTTP/1.0").await.status, 403, "no name at all");
    let two = desk.ask("GET / HTTP/1.1\nHost: localhost\nHost: evil.example").await;
    assert!(two.status == 403 || two.status == 400);
}

#[tokio::test]
async fn probes_are_told_whether_it_does_its_work() {
    let (desk, late) = (Served::desk().await, Served::desk().await);
    let since = "2020-09-28T07:12:00Z".parse().unwrap();
    late.instance.watch.letters_fail(since, "no route");
    let probe = |path: &str, more: &str| format!("GET {path} HTTP/1.1\nHost: localhost{more}");
    for path in ["/readyz", "/healthz"] {
        let answer = desk.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ready\n"), "{path}");
        assert!(answer.header("content-type").unwrap().starts_with("text/plain"), "{path}");
    }
    let answer = late.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, "not ready\nNo letter can leave: no route. Since 2020-09-28T07:12:00Z.\n");
    assert_eq!(late.get("/healthz").await.status, 200, "it is alive");
    for (path, more) in [("/readyz?format=json", ""), ("/readyz", "\nAccept: text/html, application/json")] {
        let answer = late.ask(&probe(path, more)).await;
        assert_eq!((answer.status, answer.header("content-type")), (503, Some("application/json")), "{path}");
        let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((&json["ready"], &json["letters"]["why"]), (&false.into(), &"no route".into()), "{json}");
    }
    let json = late.ask(&probe("/readyz?format=text", "\nAccept: application/json")).await;
    assert!(json.body.starts_with("not ready"), "{}", json.body);
    let evil = "GET /readyz HTTP/1.1\nHost: evil.example";
    assert_eq!(late.ask(evil).await.status, 403, "the rules of the pages hold here, too");
}
