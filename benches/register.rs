//! What it costs to look at the register of 193 states over 100,000 messages, at the desk.
//!
//! `cargo bench --bench register` measures on a file, and `-- postgres://…` on an empty database of a server. Prints the time
//! that the processors worked for this process, the median of all looks; the target stands beside, and nothing fails by it.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement writes the files of its own folder")]

#[path = "../tests/fixture/many.rs"]
mod many;

use std::{fs, sync::Arc, time::Duration};

use docket::{
    clock::Clock,
    config::{Config, Shipped, load_call},
    core::submission::View,
    desk::{Desk, view::RegisterQuery},
    instance::Instance,
};
use rustix::time::{ClockId, clock_gettime};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// How often each register is looked at.
const LOOKS: usize = 41;

#[tokio::main]
async fn main() {
    let server = std::env::args().skip(1).find(|argument| argument.starts_with("postgres"));
    let folder = tempfile::tempdir().unwrap();
    let url = server.clone().unwrap_or_else(|| format!("sqlite:{}", folder.path().join("docket.db").display()));
    fs::create_dir_all(folder.path().join("config/states")).unwrap();
    let table = many::table_of_all(include_str!("../config/states/member_states.csv"));
    fs::write(folder.path().join("config/states/member_states.csv"), table).unwrap();
    let shipped = Shipped::overridden_by(&folder.path().join("config"));
    let mut config = Config::default();
    config.store.url.clone_from(&url);
    config.letters.folder = folder.path().join("letters");
    config.calls = vec![load_call(&shipped, "unece-gcm-2020").unwrap()];
    config.calls[0].roster = "everybody".to_owned();
    let now = "2020-09-07T09:00:00+02:00".parse().unwrap();
    let instance = Arc::new(Instance::open(config, shipped, Clock::by_hand(now)).await.unwrap());
    let open = instance.call(None).unwrap();
    let mut statements = many::statements(open.known.id, &open.roster);
    statements.push("ANALYZE".to_owned());
    for statement in statements {
        let statement = AssertSqlSafe(statement);
        if server.is_some() {
            let mut past = PgConnection::connect(&url).await.unwrap();
            sqlx::query(statement).execute(&mut past).await.unwrap();
        } else {
            let mut past = SqliteConnection::connect(&url).await.unwrap();
            sqlx::query(statement).execute(&mut past).await.unwrap();
        }
    }
    let desk = Desk::new(Arc::clone(&instance));
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    println!("{build}, {} states, {} messages", open.roster.len(), many::MESSAGES);
    let earlier = "2020-08-25T00:00:00Z".parse().unwrap();
    for (what, view) in [("now", View::NOW), ("--as-of", View::as_of(earlier)), ("--known-at", View::known_at(earlier))]
    {
        let mut looks = Vec::new();
        for _ in 0..LOOKS {
            let before = worked();
            let register = desk.register(&RegisterQuery { view, ..RegisterQuery::now(None) }).await.unwrap().unwrap();
            looks.push(worked() - before);
            assert_eq!(register.lines.len(), open.roster.len());
        }
        looks.sort();
        println!("{what:<12} {:6.1} ms of processor time (target: under 50)", looks[LOOKS / 2].as_secs_f64() * 1000.0);
    }
}

/// The time that the processors have worked for this process.
fn worked() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap())
}
