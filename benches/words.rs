//! What it costs to keep the words of entries, and to look for them: 10,000 entries of 2,000 distinct words each.
//!
//! `cargo bench --bench words` measures on a file, and `-- postgres://…` on an empty database of a server. Words are as common
//! as in any language: the n-th comes about every n-th time. Prints sizes and times; nothing fails by them.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::{collections::BTreeSet, time::Instant};

use docket::{
    core::search::Key,
    store::{Db, Id},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

const ENTRIES: i64 = 10_000;
const WORDS: usize = 2_000;
/// Entries of a transaction, as the daemon takes them.
const AT_ONCE: usize = 32;
/// Different words of all entries.
const ALL: f64 = 300_000.0;
const LOOKS: u32 = 21;

/// The words of an entry: always the same for its number.
fn words(entry: i64) -> BTreeSet<String> {
    let mut state = u64::try_from(entry).unwrap().wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut words = BTreeSet::new();
    while words.len() < WORDS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let even = f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX);
        words.insert(format!("word{:.0}", ALL.powf(even)));
    }
    words
}

async fn run(url: &str, server: bool, statement: String) -> i64 {
    if server {
        let mut past = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_optional(&mut past).await.unwrap().unwrap_or_default()
    } else {
        let mut past = SqliteConnection::connect(url).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_optional(&mut past).await.unwrap().unwrap_or_default()
    }
}

#[tokio::main]
async fn main() {
    let server = std::env::args().skip(1).find(|argument| argument.starts_with("postgres"));
    let folder = tempfile::tempdir().unwrap();
    let url = server.clone().unwrap_or_else(|| format!("sqlite:{}", folder.path().join("docket.db").display()));
    let db = Db::open(&url).await.unwrap();
    let size = if server.is_some() {
        "SELECT CAST(SUM(pg_total_relation_size(CAST(t AS regclass))) AS BIGINT) FROM unnest(ARRAY['word', 'word_place', 'entry_words']) t"
    } else {
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    };
    run(&url, server.is_some(), "INSERT INTO mailbox (id, name, first_started) VALUES (1, 'm', 0)".to_owned()).await;
    run(&url, server.is_some(), "INSERT INTO original (sha256, size) VALUES ('s', 0)".to_owned()).await;
    let series = if server.is_some() { "generate_series(1, 10000) AS s (value)" } else { "generate_series(1, 10000)" };
    let series = if server.is_some() {
        series.to_owned()
    } else {
        "(WITH RECURSIVE s (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < 10000) SELECT value FROM s)".to_owned()
    };
    run(
        &url,
        server.is_some(),
        format!(
            "INSERT INTO message (id, number, mailbox_id, identity, identity_version, sha256, size, received, clock,
                 first_seen, state, attempts, lease_until, epoch, revision)
             SELECT value, value, 1, CAST(value AS TEXT), 1, 's', 0, value, 'first_seen', value, 'read', 0, 0, 0, 0 FROM {series}"
        ),
    )
    .await;
    let before = run(&url, server.is_some(), size.to_owned()).await;
    let all: Vec<(Id, BTreeSet<String>)> = (1..=ENTRIES).map(|entry| (entry, words(entry))).collect();
    let started = Instant::now();
    for some in all.chunks(AT_ONCE) {
        let mut tx = db.begin().await.unwrap();
        tx.keep_words_alone().await.unwrap();
        tx.keep_words(some).await.unwrap();
        tx.commit().await.unwrap();
    }
    let took = started.elapsed();
    let after = run(&url, server.is_some(), size.to_owned()).await;
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    println!("{build}, {ENTRIES} entries of {WORDS} words");
    println!("kept: {} bytes and {:.2} ms an entry", (after - before) / ENTRIES, took.as_secs_f64() * 1e3 / 1e4);
    for (what, key) in [
        ("a word that most hold", Key::Is("word2".to_owned())),
        ("a rare word", Key::Is("word200000".to_owned())),
        ("what begins so", Key::Begins("word20".to_owned())),
    ] {
        let started = Instant::now();
        let mut held = 0;
        for _ in 0..LOOKS {
            let mut tx = db.snapshot().await.unwrap();
            held = tx.holding(&key).await.unwrap().len();
        }
        println!("{what}: {held} entries in {:.2} ms", (started.elapsed() / LOOKS).as_secs_f64() * 1e3);
    }
}
