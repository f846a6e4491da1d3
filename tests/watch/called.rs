//! Paths by which people are called, and what goes wrong with them.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path as File,
    sync::Arc,
    thread,
};

use docket::{
    clock::Clock,
    config::{AlarmConfig, ClientAuth, Grant, OauthConfig, Secret},
    net::http::Endpoint,
    oauth::Tokens,
    pipeline::Alarm,
    watch::{Path, Signal, Topic, Watch},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    dialogs::Peer,
    fixture::{Database, both},
};

/// A program that writes down what it is told.
pub fn scribe(folder: &File, ends: &str) -> Vec<String> {
    let program = folder.join("call");
    let script = format!(
        "#!/bin/sh\ncat >>{0}/json && echo >>{0}/json\nprintf '%s\\n' \"$1: $2\" >>{0}/told\n{ends}\n",
        folder.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    vec![program.display().to_string(), "urgent".to_owned()]
}

/// What it was told, a line a call.
pub fn told(folder: &File) -> Vec<String> {
    fs::read_to_string(folder.join("told")).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn by_command(command: Vec<String>) -> Path {
    Path::all(&AlarmConfig { command: Some(command), ..AlarmConfig::default() }).remove(0)
}

fn now() -> Timestamp {
    "2020-09-28T08:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_command_gets_a_sentence_and_json_and_no_shell_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let (watch, clock) = (Watch::new(now()), Clock::by_hand(now()));
    let mut path = by_command(scribe(folder.path(), ""));
    watch.quota("gcm", 97, "$(touch x) `id` \"; rm", now());
    let signals = path.tell(&watch.troubles(now()), &clock, &watch).await;
    assert_eq!(signals.len(), 1);
    let said = "The mailbox gcm is 97 % full ($(touch x) `id` \"; rm); what comes when it is full goes back.";
    assert_eq!(told(folder.path()), [format!("urgent: docket: {said} Since 2020-09-28T08:00:00Z.")]);
    let json: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("json")).unwrap()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "text": format!("docket: {said} Since 2020-09-28T08:00:00Z."), "moment": "begins", "about": "quota of mailbox gcm", "what": said,
            "since": "2020-09-28T08:00:00Z", "at": "2020-09-28T08:00:00Z"
        })
    );
    assert_eq!(path.tell(&watch.troubles(now()), &clock, &watch).await, [], "told is told");
}

#[tokio::test]
async fn a_command_that_fails_or_is_not_there_is_not_told_and_left_alone_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let (watch, clock) = (Watch::new(now()), Clock::by_hand(now()));
    watch.quota("gcm", 97, "x", now());
    watch.quota("other", 97, "x", now());
    let mut fails = by_command(scribe(folder.path(), "exit 3"));
    assert_eq!(fails.tell(&watch.troubles(now()), &clock, &watch).await, []);
    assert_eq!(fails.tell(&watch.troubles(now()), &clock, &watch).await, []);
    assert_eq!(told(folder.path()).len(), 1, "neither the second trouble nor the second try came at once");
    let said = watch.troubles(now()).pop().unwrap();
    assert_eq!(said.topic, Topic::Path(fails.name()), "another path tells it");
    assert!(said.what.starts_with("An alarm did not get through by the command "), "{}", said.what);
    let other = tempfile::tempdir().unwrap();
    assert_eq!(by_command(scribe(other.path(), "")).tell(&watch.troubles(now()), &clock, &watch).await.len(), 2);
    let later = Clock::by_hand(now() + SignedDuration::from_hours(1));
    let mut third = by_command(scribe(other.path(), ""));
    assert_eq!(third.tell(&watch.troubles(later.now()), &later, &watch).await.len(), 3, "when it has lasted");
    let said = fails.send(&Signal::test(now()), &clock, &watch).await.unwrap_err().to_string();
    assert!(said.contains("failed: exit status: 3"), "{said}");
    let said = by_command(vec!["/no/such/program".to_owned()]).send(&Signal::test(now()), &clock, &watch).await;
    assert!(said.unwrap_err().to_string().contains("/no/such/program cannot be run"));
    // It reads nothing, and more than a pipe holds is not waited for.
    by_command(vec!["true".to_owned()]).send(&Signal::test(now()), &clock, &watch).await.unwrap();
}

/// A web server that takes one request up to its last words and answers with these; yields the request.
fn web_server(last: &'static str, says: &'static str) -> (Endpoint, thread::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut asked, mut piece) = (Vec::new(), [0; 4096]);
        while !asked.ends_with(last.as_bytes()) {
            let read = stream.read(&mut piece).unwrap();
            assert!(read > 0, "it went away");
            asked.extend_from_slice(&piece[..read]);
        }
        stream.write_all(says.as_bytes()).unwrap();
        String::from_utf8(asked).unwrap()
    });
    (format!("http://127.0.0.1:{port}/hook/s3cret").parse().unwrap(), asked)
}

#[tokio::test]
async fn a_web_server_is_told_and_its_clock_is_looked_at() {
    let clock = Clock::System;
    let watch = Watch::new(clock.now());
    let says = "HTTP/1.1 204 No Content\r\nDate: Wed, 30 Sep 2020 21:59:59 GMT\r\n\r\n";
    let by = |webhook| AlarmConfig { webhook: Some(webhook), ..AlarmConfig::default() };
    let (webhook, asked) = web_server("}", says);
    let path = Path::all(&by(webhook)).remove(0);
    path.send(&Signal::test(clock.now()), &clock, &watch).await.unwrap();
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("POST /hook/s3cret HTTP/1.1\r\n") && asked.contains("\"moment\":\"test\""), "{asked}");
    let troubles = watch.troubles(clock.now());
    assert!(troubles[0].what.contains("ahead of that of the web server 127.0.0.1"), "{}", troubles[0].what);
    let (webhook, _asked) = web_server("}", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    let config = by(webhook);
    let path = Path::all(&config).remove(0);
    let said = path.send(&Signal::test(clock.now()), &clock, &watch).await.unwrap_err().to_string();
    assert_eq!(said, "127.0.0.1 answered with the status 500");
    assert!(!format!("{path:?} {config:?}").contains("s3cret"));
}

both!(the_clock_of_a_token_endpoint_is_looked_at, async |db: Database| {
    const GIVEN: &str = "HTTP/1.1 200 OK\r\nDate: Wed, 30 Sep 2020 21:59:59 GMT\r\nContent-Length: 22\r\n\r\n\
                         {\"access_token\":\"abc\"}";
    let clock = Clock::System;
    let watch = Arc::new(Watch::new(clock.now()));
    let (endpoint, _asked) = web_server("client_secret=s", GIVEN);
    let oauth = OauthConfig {
        endpoint,
        client_id: "c".to_owned(),
        client_secret: Some(Secret::new("s")),
        client_auth: ClientAuth::Body,
        grant: Grant::ClientCredentials,
        scope: None,
    };
    let tokens = Tokens::new(db.clone(), clock.clone(), None).watched(Arc::clone(&watch));
    tokens.token("gcm", &oauth).await.unwrap();
    assert_eq!(watch.troubles(clock.now())[0].topic, Topic::Clock("the web server 127.0.0.1".to_owned()));
});

both!(people_are_called_while_the_database_is_away, async |db: Database| {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start(|_, _| None).await;
    let instance = crate::dialogs::office_with(&db, &peer, |config| {
        config.alarm.command = Some(scribe(folder.path(), ""));
    })
    .await;
    instance.db.close().await;
    instance.watch.database_fails(instance.clock.now(), "it is away");
    instance.clock.move_to(instance.clock.now() + SignedDuration::from_mins(60));
    let mut alarm = Alarm::new(Arc::clone(&instance), true);
    assert_eq!((alarm.step().await, alarm.step().await), (1, 0));
    assert!(told(folder.path())[0].contains("The database takes no commit: it is away."), "{:?}", told(folder.path()));
});

both!(a_call_is_on_record_and_letters_that_wait_are_counted, async |db: Database| {
    let folder = tempfile::tempdir().unwrap();
    let peer = Peer::start(|_, _| None).await;
    let instance = crate::dialogs::office_with(&db, &peer, |config| {
        config.alarm.command = Some(scribe(folder.path(), ""));
    })
    .await;
    crate::dialogs::letter(&db, "a").await;
    let mut alarm = Alarm::new(Arc::clone(&instance), true);
    assert_eq!(alarm.step().await, 0, "the letter is due since just now");
    instance.clock.move_to(instance.clock.now() + SignedDuration::from_mins(62));
    assert_eq!(alarm.step().await, 1);
    assert_eq!(alarm.step().await, 0);
    assert!(told(folder.path())[0].contains("Letters are due, and none leaves"), "{:?}", told(folder.path()));
    assert_eq!(db.number("SELECT COUNT(*) FROM event WHERE kind = 'alarm'").await, 1);
    let instance = crate::dialogs::office_with(&db, &peer, |config| {
        config.alarm.command = Some(scribe(folder.path(), ""));
    })
    .await;
    let mut rehearsal = Alarm::new(Arc::clone(&instance), false);
    instance.clock.move_to(instance.clock.now() + SignedDuration::from_mins(62));
    assert_eq!(rehearsal.step().await, 0, "in a rehearsal no letter is expected to leave");
});
