//! `docket user` as an administrator runs it, before, beside and behind the daemon.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
};

use crate::{
    cli::{failed, has_fields},
    fixture::{
        intake::PROGRAM,
        program::{House, free_port},
    },
};

/// What the pages answer to a request with these lines of its head: the status, the head and the body.
fn ask(port: u16, head: &str, form: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = head.replace('\n', "\r\n");
    write!(stream, "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{form}", form.len())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
}

/// The part of a text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("{before} is not in {text}")).1.split(after).next().unwrap()
}

fn is_secret(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn people_are_added_changed_and_listed() {
    let house = House::with("");
    let docket = |arguments: &[&str]| house.docket(arguments);
    fs::write(house.folder().join("people.csv"), "iso3,name,address,language,from,until\n").unwrap();
    docket(&["people", "import", "people.csv"]).done();
    assert_eq!(
        docket(&["user", "list"]).done(),
        "Nobody has an account: the pages can be read on this machine, and nobody decides in them.\n"
    );
    assert_eq!(docket(&["user", "list", "--json"]).done(), "");
    let said = docket(&["user", "add", "Ada", "--role", "administrator"]).done();
    let link = said.strip_prefix("Ada is administrator, and sets the password at:\n").unwrap().trim_end();
    assert!(is_secret(link.strip_prefix("http://127.0.0.1:8480/welcome/").unwrap()), "{said}");
    docket(&["user", "add", "Otto", "--role", "officer", "--by", "Ada"]).done();

    for wrong in [
        &["user"][..],
        &["user", "add", "Eve"],
        &["user", "add", "Eve", "--role", "root"],
        &["user", "role", "Otto", "root"],
        &["user", "token", "Otto", "--until", "2001-01-01"],
        &["user", "token", "Otto", "--until", "soon"],
    ] {
        assert_eq!(docket(wrong).status, Some(2), "{wrong:?}");
    }
    failed(&docket(&["user", "add", "ADA", "--role", "viewer"]), "There is an account “ADA” already.");
    failed(&docket(&["user", "add", " ", "--role", "viewer"]), "A person has a name.");
    failed(&docket(&["user", "add", "a\u{202e}b", "--role", "viewer"]), "no marks that cannot be seen");
    for unknown in [&["user", "link", "Eve"][..], &["user", "role", "Eve", "viewer"], &["user", "disable", "Eve"]] {
        failed(&docket(unknown), "Nobody has an account by the name “Eve”.");
    }
    let last = "Ada is the last administrator; make somebody else one first.";
    failed(&docket(&["user", "disable", "ada"]), last);
    failed(&docket(&["user", "role", "ada", "officer"]), last);

    assert_eq!(docket(&["user", "role", "otto", "viewer"]).done(), "otto is viewer from now on, and logs in again.\n");
    let token = docket(&["user", "token", "Otto", "--until", "2999-01-01"]).done();
    assert!(is_secret(token.trim_end()), "{token}");
    let again = docket(&["user", "link", "Otto"]).done();
    assert!(is_secret(again.trim_end().strip_prefix("http://127.0.0.1:8480/welcome/").unwrap()), "{again}");
    docket(&["user", "disable", "Otto"]).done();
    failed(&docket(&["user", "link", "Otto"]), "Otto is disabled; enable the account first.");
    failed(&docket(&["user", "token", "Otto"]), "Otto is disabled; enable the account first.");

    assert_eq!(
        docket(&["user", "list"]).done(),
        "Ada: administrator, has set no password yet\nOtto: viewer, disabled\n"
    );
    let listed = docket(&["user", "list", "--json"]).json();
    assert_eq!(listed.len(), 2);
    for person in &listed {
        has_fields(person, &["name", "role", "disabled", "has_password", "sessions"]);
    }
    assert_eq!((&listed[0]["disabled"], &listed[0]["sessions"]), (&serde_json::Value::Null, &0.into()));
    assert_eq!((listed[1]["role"].as_str(), listed[1]["disabled"].is_string()), (Some("viewer"), true));
    docket(&["user", "enable", "Otto"]).done();
    assert_eq!(house.number("SELECT COUNT(*) FROM event WHERE kind = 'account_changed'"), Some(7));
    let by = "SELECT COUNT(*) FROM event WHERE kind = 'account_changed' AND actor LIKE '%Ada%'";
    assert_eq!(house.number(by), Some(1), "who added Otto is on record");
}

#[test]
fn the_first_administrator_gets_in_while_the_daemon_runs() {
    let port = free_port();
    let house = House::with(&format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let mut program = Command::new(PROGRAM);
    program.env("RUST_LOG", "docket=debug");
    let mut daemon = house.start_as(program, &[]);
    let said = house.folder().join("daemon.log");
    daemon.until("it runs", || fs::read_to_string(&said).unwrap().contains("docket runs"));
    assert_eq!(ask(port, "GET / HTTP/1.1", "").0, 200, "without an account the pages are read");
    let link = house.docket(&["user", "add", "Ada", "--role", "administrator"]).done();
    let (status, head, _) = ask(port, "GET / HTTP/1.1", "");
    assert_eq!((status, head.contains("location: /login?to=%2f")), (303, true), "from now on a login is asked for");

    let path = between(&link, &format!("http://127.0.0.1:{port}"), "\n").to_owned();
    let (status, head, page) = ask(port, &format!("GET {path} HTTP/1.1"), "");
    assert_eq!(status, 200);
    assert!(page.contains("Welcome, <bdi>Ada"), "{page}");
    let visit = between(&head, "set-cookie: ", ";").to_owned();
    let token = between(&page, "name=\"token\" value=\"", "\"");
    let form = |token: &str| format!("token={token}&password=correct+horse+battery&again=correct+horse+battery");
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let sent = format!("POST {path} HTTP/1.1\nOrigin: http://localhost\nCookie: {visit}\n{kind}");
    assert_eq!(ask(port, &sent, &form(&"0".repeat(128))).0, 403);
    assert_eq!(ask(port, &sent, &form(token)).0, 303);
    assert_eq!(ask(port, &format!("GET {path} HTTP/1.1"), "").0, 404, "a link works once");
    assert_eq!(house.docket(&["user", "list"]).done(), "Ada: administrator, not logged in\n");

    let other = house.docket(&["user", "add", "Otto", "--role", "administrator"]).done();
    let bearer = house.docket(&["user", "token", "Ada"]).done().trim_end().to_owned();
    let by_token = format!("GET /people HTTP/1.1\nAuthorization: Bearer {bearer}");
    assert_eq!(ask(port, &by_token, "").0, 200);
    house.docket(&["user", "disable", "Ada"]).done();
    assert_eq!(ask(port, &by_token, "").0, 401, "it counts with the next request");

    // Where the records cannot be asked who it is, that is said under the address without its secret.
    let unused = between(&other, &format!("http://127.0.0.1:{port}"), "\n").to_owned();
    house.run("ALTER TABLE session RENAME TO session_elsewhere");
    let asked = format!("GET {unused} HTTP/1.1\nCookie: docket={}", "0".repeat(64));
    let (status, _, page) = ask(port, &asked, "");
    house.run("ALTER TABLE session_elsewhere RENAME TO session");
    assert_eq!((status, page.contains("session_elsewhere")), (500, false), "{page}");
    assert!(daemon.said().contains("the page /welcome/… could not be made"), "{}", daemon.said());
    let kept = ["docket.db", "docket.db-wal", "daemon.log"].map(|file| fs::read(house.folder().join(file)));
    for secret in [path.as_str(), unused.as_str(), &bearer].map(|secret| secret.rsplit('/').next().unwrap()) {
        assert!(is_secret(secret), "{secret}");
        for bytes in kept.iter().flatten() {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is kept as it was handed out");
        }
    }
    assert!(daemon.stop().success());
}
