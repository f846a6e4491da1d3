//! The keeper of tokens against an endpoint that replaces, refuses and fails; on both databases.

use std::{fs, time::Duration};

use docket::{
    clock::Clock,
    config::{ClientAuth, Grant, Key, OauthConfig, Secret},
    oauth::{TokenError, Tokens},
    store::Db,
};
use jiff::SignedDuration;
use sqlx::Row as _;

use super::{USER, key, key_of, noon};
use crate::fixture::{
    Database, both,
    tokens::{CLIENT_SECRET, FIRST_REFRESH, TokenServer},
};

fn tokens(db: &Db, clock: &Clock, key: Key) -> Tokens {
    Tokens::new(db.clone(), clock.clone(), Some(key))
}

/// Lets the time of every token run out.
fn much_later(clock: &Clock) {
    clock.move_to(clock.now() + SignedDuration::from_hours(2));
}

/// Every byte that the database has of tokens.
async fn kept_bytes(db: &Database) -> Vec<u8> {
    const ALL: &str = "SELECT account, sealed, origin FROM oauth_token";
    match &**db {
        Db::Sqlite { writer, .. } => {
            sqlx::query("PRAGMA wal_checkpoint(FULL)").execute(writer).await.unwrap();
            let mut bytes = Vec::new();
            for file in fs::read_dir(db.folder()).unwrap() {
                bytes.extend(fs::read(file.unwrap().path()).unwrap());
            }
            bytes
        }
        Db::Postgres(_) => {
            let rows = sqlx::query(ALL).fetch_all(db.behind()).await.unwrap();
            let row = |row: sqlx::postgres::PgRow| {
                let (account, sealed, origin): (String, Vec<u8>, Vec<u8>) = (row.get(0), row.get(1), row.get(2));
                [account.into_bytes(), sealed, origin].concat()
            };
            rows.into_iter().flat_map(row).collect()
        }
    }
}

fn contains(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
}

both!(a_token_is_renewed_before_its_time_is_over_and_not_sooner, async |db: Database| {
    for (ttl, good_for) in [(3600, 3300), (100, 80)] {
        let clock = Clock::by_hand(noon());
        let server = TokenServer::start(USER, clock.clone()).await;
        server.rule(|rules| rules.ttl = ttl);
        let (tokens, oauth) = (tokens(&db, &clock, key()), server.by_itself());
        let first = tokens.token(USER, &oauth).await.unwrap();
        assert!(first.fresh && server.knows(first.token.reveal()));
        clock.move_to(noon() + SignedDuration::from_secs(good_for - 1));
        let second = tokens.token(USER, &oauth).await.unwrap();
        assert_eq!((second.token, second.fresh, server.requests()), (first.token.clone(), false, 1));
        clock.move_to(noon() + SignedDuration::from_secs(good_for));
        let third = tokens.token(USER, &oauth).await.unwrap();
        assert!(third.fresh && third.token != first.token && server.knows(third.token.reveal()));
        assert_eq!(server.requests(), 2);
    }
});

both!(a_token_that_cannot_be_renewed_is_used_to_its_end, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let (tokens, oauth) = (tokens(&db, &clock, key()), server.for_a_person());
    let first = tokens.token(USER, &oauth).await.unwrap().token;
    server.rule(|rules| rules.refuses = Some((503, String::new())));
    clock.move_to(noon() + SignedDuration::from_mins(59));
    assert_eq!(tokens.token(USER, &oauth).await.unwrap().token, first);
    clock.move_to(noon() + SignedDuration::from_mins(60));
    tokens.token(USER, &oauth).await.unwrap_err();
    server.rule(|rules| rules.refuses = None);
    assert!(tokens.token(USER, &oauth).await.unwrap().fresh);
    assert_eq!(server.requests(), 4);
});

both!(whoever_asks_at_once_waits_for_one_request, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let (tokens, oauth) = (tokens(&db, &clock, key()), server.for_a_person());
    let asking = (0..20).map(|_| tokens.token(USER, &oauth));
    let given = futures_util::future::join_all(asking).await;
    let first = given[0].as_ref().unwrap().token.clone();
    assert!(given.iter().all(|given| given.as_ref().unwrap().token == first));
    assert_eq!(server.requests(), 1);
});

both!(a_replaced_refresh_token_survives_a_restart_and_is_nowhere_in_clear_text, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let oauth = server.for_a_person();
    for restart in 0..4 {
        let tokens = tokens(&db, &clock, key());
        for _ in 0..2 {
            much_later(&clock);
            tokens.token(USER, &oauth).await.unwrap_or_else(|error| panic!("restart {restart}: {error}"));
        }
    }
    assert_eq!(server.requests(), 8, "the configured one is long since bad, and never came again");
    assert_eq!(db.number("SELECT COUNT(*) FROM oauth_token").await, 1);
    let bytes = kept_bytes(&db).await;
    assert!(contains(&bytes, "alice by docket at 127.0.0.1"), "the row is there");
    assert_eq!(server.secrets().len(), 2 + 16);
    for secret in server.secrets() {
        assert!(!contains(&bytes, &secret), "{secret}");
    }
});

both!(mailbox_and_letters_of_one_account_share_a_refresh_token, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let tokens = tokens(&db, &clock, key());
    let reads = server.for_a_person();
    let sends = OauthConfig { scope: Some("letters".to_owned()), ..server.for_a_person() };
    let (read, sent) = futures_util::future::join(tokens.token(USER, &reads), tokens.token(USER, &sends)).await;
    assert_ne!(read.unwrap().token, sent.unwrap().token, "each has a token of its own scope");
    assert_eq!(server.requests(), 2);
});

both!(a_new_token_in_the_configuration_wins, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    tokens(&db, &clock, key()).token(USER, &server.for_a_person()).await.unwrap();
    let another = "refresh-from-a-second-sign-in";
    server.allow(another);
    let oauth = OauthConfig { grant: Grant::RefreshToken(Secret::new(another)), ..server.by_itself() };
    for _ in 0..3 {
        tokens(&db, &clock, key()).token(USER, &oauth).await.unwrap();
    }
    let used: Vec<String> = server.asked().into_iter().map(|(form, _)| form["refresh_token"].clone()).collect();
    assert_eq!(used[..2], [FIRST_REFRESH, another]);
    assert!(used[2..].iter().all(|used| used.starts_with("refresh-2-") || used.starts_with("refresh-3-")), "{used:?}");
    let first = server.for_a_person();
    tokens(&db, &clock, key()).token(USER, &first).await.expect("what descends from the first is still known");
});

both!(another_process_may_replace_the_token_meanwhile, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let oauth = server.for_a_person();
    let (one, two) = (tokens(&db, &clock, key()), tokens(&db.open_again().await, &clock, key()));
    for _ in 0..3 {
        much_later(&clock);
        one.token(USER, &oauth).await.unwrap();
        two.token(USER, &oauth).await.unwrap();
    }
    // Both at once: the loser of the race finds what the winner has committed, or fails once and then finds it.
    much_later(&clock);
    let raced = futures_util::future::join(one.token(USER, &oauth), two.token(USER, &oauth)).await;
    assert!(raced.0.is_ok() || raced.1.is_ok(), "{raced:?}");
    one.token(USER, &oauth).await.unwrap();
    two.token(USER, &oauth).await.unwrap();
});

both!(a_changed_key_is_said_and_the_configured_token_is_tried, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let oauth = server.for_a_person();
    tokens(&db, &clock, key()).token(USER, &oauth).await.unwrap();
    let other = tokens(&db, &clock, key_of('b'));
    let error = other.token(USER, &oauth).await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("was “token_key” changed?") && said.contains("invalid_grant"), "{said}");
    assert!(!error.is_temporary());
    server.allow(FIRST_REFRESH);
    other.token(USER, &oauth).await.unwrap();
    much_later(&clock);
    tokens(&db, &clock, key_of('b')).token(USER, &oauth).await.expect("it is kept by the new key now");
});

both!(what_was_tampered_with_is_not_used, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    tokens(&db, &clock, key()).token(USER, &server.for_a_person()).await.unwrap();
    // The row of one account under the name of another.
    assert_eq!(db.tamper("UPDATE oauth_token SET account = 'bob by docket at 127.0.0.1'").await, 1);
    let error = tokens(&db, &clock, key()).token("bob", &server.for_a_person()).await.unwrap_err();
    assert!(matches!(error, TokenError::Sealed(_)), "{error}");
});

both!(a_replaced_token_that_cannot_be_committed_is_not_lost, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let (tokens, oauth) = (tokens(&db, &clock, key()), server.for_a_person());
    db.tamper("ALTER TABLE oauth_token RENAME COLUMN kept_at TO kept").await;
    let error = tokens.token(USER, &oauth).await.unwrap_err();
    assert!(matches!(error, TokenError::Store(_)), "{error}");
    assert!(matches!(tokens.token(USER, &oauth).await, Err(TokenError::Store(_))), "nothing is handed out before it");
    assert_eq!(server.requests(), 1, "and nothing is asked for before it");
    db.tamper("ALTER TABLE oauth_token RENAME COLUMN kept TO kept_at").await;
    tokens.token(USER, &oauth).await.unwrap();
    assert_eq!(server.requests(), 2, "by the token that took the first one's place");
});

both!(a_refusal_is_a_sentence_without_a_secret, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let tokens = tokens(&db, &clock, key());
    let long = "so sorry ".repeat(500);
    let echo = format!("you said {CLIENT_SECRET} and {FIRST_REFRESH}");
    for (status, body, expected, temporary) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS700082: expired"}"#.to_owned(),
            "invalid_grant: AADSTS700082: expired. If this stays: somebody must sign in anew",
            false,
        ),
        (401, r#"{"error":"invalid_client"}"#.to_owned(), "127.0.0.1 gave no token: invalid_client", false),
        (400, r#"{"error":"temporarily_unavailable"}"#.to_owned(), "temporarily_unavailable", true),
        (429, "{}".to_owned(), "status 429", true),
        (503, "<html>busy</html>".to_owned(), "status 503", true),
        (302, String::new(), "status 302", false),
        (400, format!(r#"{{"error":"{long}"}}"#), "so sorry so sorry", false),
        (400, format!(r#"{{"error":"odd","error_description":"{echo}"}}"#), "odd: you said … and …", false),
        (200, "hello".to_owned(), "not the JSON of a token", true),
        (200, "{}".to_owned(), "its answer holds none", true),
        (200, r#"{"access_token":"a\r\nb"}"#.to_owned(), "holds what no token may hold", true),
        (200, r#"{"access_token":"abc","token_type":"mac"}"#.to_owned(), "of a type", true),
    ] {
        server.rule(|rules| rules.refuses = Some((status, body)));
        let error = tokens.token(USER, &server.for_a_person()).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(expected) && said.len() < 700, "{said}");
        assert_eq!(error.is_temporary(), temporary, "{said}");
        let shown = format!("{said} {error:?}");
        assert!(!shown.contains(CLIENT_SECRET) && !shown.contains(FIRST_REFRESH), "{shown}");
    }
    server.rule(|rules| rules.refuses = Some((200, r#"{"access_token":"abc","expires_in":"3600"}"#.to_owned())));
    assert_eq!(tokens.token(USER, &server.by_itself()).await.unwrap().token.reveal(), "abc");
    server.rule(|rules| rules.refuses = None);
    clock.move_to(noon() + SignedDuration::from_mins(54));
    assert!(!tokens.token(USER, &server.by_itself()).await.unwrap().fresh, "a lifetime may be a text");
});

both!(a_client_says_who_it_is_as_the_endpoint_wants_it, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let server = TokenServer::start(USER, clock.clone()).await;
    let tokens = tokens(&db, &clock, key());
    tokens.token(USER, &server.by_itself()).await.unwrap();
    let basic = OauthConfig {
        client_auth: ClientAuth::Basic,
        client_id: "docket basic".to_owned(),
        scope: None,
        ..server.by_itself()
    };
    tokens.token(USER, &basic).await.unwrap();
    let asked = server.asked();
    let text = |form: &std::collections::BTreeMap<String, String>| {
        form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    let expected = format!("client_id=docket client_secret={CLIENT_SECRET} grant_type=client_credentials scope=mail");
    assert_eq!((text(&asked[0].0), &asked[0].1), (expected, &None));
    // docket%20basic:c1ient%2Fs3cret%2B%26%3D%25%20hidden, in base64.
    let header = "Basic ZG9ja2V0JTIwYmFzaWM6YzFpZW50JTJGczNjcmV0JTJCJTI2JTNEJTI1JTIwaGlkZGVu".to_owned();
    assert_eq!((text(&asked[1].0), &asked[1].1), ("grant_type=client_credentials".to_owned(), &Some(header)));
});

both!(an_endpoint_that_is_away_is_a_temporary_failure, async |db: Database| {
    let clock = Clock::by_hand(noon());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = TokenServer::start(USER, clock.clone()).await;
    let away = OauthConfig { endpoint: format!("http://{free}/token").parse().unwrap(), ..server.by_itself() };
    let tokens = tokens(&db, &clock, key());
    let asked = tokio::time::timeout(Duration::from_secs(20), tokens.token(USER, &away)).await.unwrap();
    let error = asked.unwrap_err();
    assert!(error.is_temporary() && error.to_string().contains("cannot be reached"), "{error}");
});
