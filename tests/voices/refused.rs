//! What cannot be done is said once, with where and what to do, whoever asks for it.

use std::{fs, net::TcpListener, time::Duration};

use docket::store::Db;

use super::configure;
use crate::fixture::{
    Database, Kind, on,
    program::{House, Ran, docket, free_port},
    url_as,
};

/// That something is said, and no part of it twice.
#[track_caller]
fn said_once(said: &str, what: &[&str]) {
    for what in what {
        assert_eq!(said.matches(what).count(), 1, "{what}\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

fn with_database(url: &str) -> House {
    let house = House::with("");
    configure(&house, &format!("[store]\nurl = \"{url}\""));
    house
}

#[test]
fn no_reason_is_said_twice() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let house = House::with("");
    configure(&house, &format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    let Ran { status, err, .. } = house.docket(&["run"]);
    assert_eq!(status, Some(1));
    said_once(&err, &["the pages cannot be served", "Address already in use", "another port for “listen” in [web]"]);

    let house = House::with("");
    let Ran { status, err, .. } = house.docket(&["import", "nowhere.eml"]);
    assert_eq!(status, Some(1));
    said_once(&err, &["nowhere.eml", "No such file or directory"]);
    fs::create_dir(house.folder().join("empty")).unwrap();
    assert!(house.docket(&["import", "empty"]).done().starts_with("There is no message at what was named: "));

    let Ran { status, err, .. } = docket(house.folder(), &["log", "--config", "none.toml"]);
    assert_eq!(status, Some(2));
    said_once(&err, &["none.toml", "No such file or directory"]);

    let house = with_database("sqlite:docket.toml");
    for command in [&["run"][..], &["log"]] {
        let Ran { status, err, .. } = house.docket(command);
        assert_eq!(status, Some(1));
        said_once(&err, &["file is not a database"]);
    }
}

#[test]
fn a_server_that_is_not_there_is_named_at_once() {
    let port = free_port();
    for (url, where_) in [
        (
            format!("postgres://docket:s3cret@127.0.0.1:{port}/docket"),
            format!("PostgreSQL at 127.0.0.1, port {port} refuses"),
        ),
        (
            "postgres://docket:s3cret@localhost/docket?host=/tmp/nowhere".to_owned(),
            "PostgreSQL at the socket /tmp/nowhere/.s.PGSQL.5432 refuses".to_owned(),
        ),
        (
            "postgres://docket:s3cret@name.invalid/docket".to_owned(),
            "PostgreSQL at name.invalid, port 5432 cannot be reached".to_owned(),
        ),
    ] {
        let house = with_database(&url);
        for command in [&["run"][..], &["log"]] {
            let Ran { status, err, .. } = house.docket(command);
            assert_eq!(status, Some(1), "{err}");
            said_once(&err, &[&where_, "correct url in [store]"]);
            assert!(!err.contains("pool timed out") && !err.contains("s3cret"), "{err}");
        }
        let said = house.docket(&["check", "--online"]).out;
        assert!(said.contains(&format!("database: {where_}")), "{said}");
    }
    let house = with_database("postgres://docket:s3 cret@127.0.0.1:bad/docket");
    let Ran { err, .. } = house.docket(&["log"]);
    said_once(
        &err,
        &["the URL of the database is not understood", "write postgres://USER:PASSWORD@HOST:PORT/DATABASE"],
    );
    assert!(!err.contains("cret"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lets_nobody_in_says_why_and_what_to_do() {
    for (login, database, why, what) in [
        ("guarded:wrong", "postgres", "does not accept the password of the user guarded", "correct url in [store]"),
        ("docket", "nowhere", "has no database nowhere", "make it there with “createdb -O docket nowhere”"),
        ("stranger", "postgres", "does not let the user stranger in: ", "allow it in pg_hba.conf of the server"),
    ] {
        let url = url_as(login, database).await;
        let house = with_database(&url);
        for command in [&["run"][..], &["log"]] {
            let Ran { status, err, .. } = house.docket(command);
            assert_eq!(status, Some(1), "{err}");
            said_once(&err, &["PostgreSQL at the socket /", why, what]);
            assert!(!err.contains("wrong"), "no password is said: {err}");
        }
        let error = Db::open(&url).await.unwrap_err();
        assert!(error.is_away() && !error.is_temporary(), "a person must do something: {error}");
    }
    // Whoever is let in is refused for another reason, if at all: it may make no tables there.
    if let Err(refused) = Db::open(&url_as("guarded:right", "postgres").await).await {
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    }
}

#[test]
fn a_server_whose_connections_are_all_in_use_is_no_pool_that_timed_out() {
    on(Kind::Postgres, async |db: Database| {
        let mut busy = Vec::new();
        let waits = Duration::from_secs(5);
        while let Ok(tx) = tokio::time::timeout(waits, db.begin()).await {
            busy.push(tx.unwrap());
        }
        assert!(!busy.is_empty());
        let (begun, shown) = tokio::join!(db.begin(), db.snapshot());
        for error in [begun.map(|_| ()).unwrap_err(), shown.map(|_| ()).unwrap_err()] {
            let said = error.to_string();
            assert!(said.contains("PostgreSQL at the socket /") && said.contains("is busy for longer"), "{said}");
            assert!(error.is_away() && error.is_temporary());
        }
    });
}
