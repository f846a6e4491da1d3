//! What the pages cost with 100,000 messages of which 5,000 wait, alone and while ten read and mail comes in.
//!
//! `cargo bench --bench pages` measures on a file, and `-- postgres://…` on an empty database of a server. Prints for each
//! page the time that the processors worked for it, the median of all looks, how large it is, and the slowest of a hundred
//! looks at the server while ten readers go through all pages and twenty messages a second are written down. The targets
//! stand beside, and nothing fails by them.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement writes the files of its own folder")]

#[path = "../tests/fixture/many.rs"]
mod many;

use std::{
    fs,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, header},
};
use docket::{
    clock::Clock,
    config::{Config, Shipped, load_call},
    desk::Desk,
    instance::Instance,
    web::{Site, router},
};
use rustix::time::{ClockId, clock_gettime};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tower::ServiceExt as _;

/// How often each page is looked at alone.
const LOOKS: usize = 41;
/// How many read at once, and how often each goes through all pages.
const READERS: usize = 10;
const ROUNDS: usize = 30;
/// How often a message is written down meanwhile.
const MAIL_EVERY: Duration = Duration::from_millis(50);
const PAGES: [(&str, &str); 12] = [
    ("register", "/"),
    ("register as of a day", "/?as-of=2020-08-25"),
    ("one state", "/state/FRA"),
    ("log", "/log"),
    ("log, an older page", "/log?after=M-050000"),
    ("log of a state that waits", "/log?state=FRA&waiting=yes"),
    ("log, words that nothing has", "/log?q=nowhere"),
    ("to be decided", "/decide"),
    ("a case", "/decide/M-003876"),
    ("an entry", "/entry/M-000010"),
    ("letters", "/letters?state=sent"),
    ("night board", "/tonight"),
];

#[tokio::main(worker_threads = 2)]
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
    "everybody".clone_into(&mut config.calls[0].roster);
    let now = "2020-09-07T09:00:00+02:00".parse().unwrap();
    let instance = Arc::new(Instance::open(config, shipped, Clock::by_hand(now)).await.unwrap());
    let open = instance.call(None).unwrap();
    let mut statements = many::statements(open.known.id, &open.roster);
    statements.push("ANALYZE".to_owned());
    for statement in statements {
        run(&url, statement).await;
    }
    let desk = Arc::new(Desk::new(Arc::clone(&instance)));
    let pages = router(Site::new().unwrap(), desk, ([127, 0, 0, 1], 8480).into());
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    println!("{build}, {} states, {} messages\n", open.roster.len(), many::MESSAGES);

    println!("{:<30} {:>12} {:>12}   alone (target: under 15 ms)", "", "processor", "size");
    for (name, path) in PAGES {
        let mut looks = Vec::new();
        let mut size = 0;
        for _ in 0..LOOKS {
            let before = worked();
            size = look(&pages, path).await;
            looks.push(worked().saturating_sub(before));
        }
        looks.sort_unstable();
        println!("{name:<30} {:>9.1} ms {:>9} KB", millis(looks[LOOKS / 2]), size / 1000);
    }

    let over = Arc::new(AtomicBool::new(false));
    let mail = tokio::spawn(mail(url, Arc::clone(&over)));
    let readers: Vec<_> = (0..READERS).map(|reader| tokio::spawn(read(pages.clone(), reader))).collect();
    let mut taken = vec![Vec::new(); PAGES.len()];
    for reader in readers {
        for (page, time) in reader.await.unwrap() {
            taken[page].push(time);
        }
    }
    over.store(true, Ordering::Relaxed);
    let messages = mail.await.unwrap();
    println!("\n{READERS} readers, {messages} messages meanwhile (target: 99 of 100 under 50 ms)");
    for ((name, _), mut times) in PAGES.iter().zip(taken) {
        times.sort_unstable();
        let (half, most) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{name:<30} {:>9.1} ms {:>9.1} ms", millis(half), millis(most));
    }
}

/// One who goes through all pages, each beginning with another, and pauses as one does who reads.
async fn read(pages: Router, reader: usize) -> Vec<(usize, Duration)> {
    let mut taken = Vec::new();
    for step in 0..ROUNDS * PAGES.len() {
        let page = (reader + step) % PAGES.len();
        let begun = Instant::now();
        look(&pages, PAGES[page].1).await;
        taken.push((page, begun.elapsed()));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    taken
}

/// Writes messages down until it is over, and says how many.
async fn mail(url: String, over: Arc<AtomicBool>) -> usize {
    let mut written = 0;
    while !over.load(Ordering::Relaxed) {
        for statement in one_more(many::MESSAGES + 1 + written) {
            run(&url, statement).await;
        }
        written += 1;
        tokio::time::sleep(MAIL_EVERY).await;
    }
    written
}

/// The statements that write one more message down, which waits for nobody.
fn one_more(n: usize) -> Vec<String> {
    let received = format!("1598000000000000 + {n} * 1000000");
    vec![
        format!(
            "INSERT INTO message (id, number, mailbox_id, identity, identity_version, sha256, size, received, clock,
                 first_seen, state, attempts, lease_until, epoch, revision, read_at, relevance, subject)
             VALUES ({n}, {n}, 900, 'i{n}', 1, 'many', 1, {received}, 'internal_date', {received}, 'read', 0, 0, 0, 1,
                 {received}, 'input', 'Our contribution')"
        ),
        format!(
            "INSERT INTO item (id, message_id, n, decision, kind, score, words, content_key)
             VALUES ({n}, {n}, 1, 'review', 'member_state', 0.5, 4000, 'key{n}')"
        ),
    ]
}

async fn run(url: &str, statement: String) {
    let statement = AssertSqlSafe(statement);
    if url.starts_with("postgres") {
        let mut past = PgConnection::connect(url).await.unwrap();
        sqlx::query(statement).execute(&mut past).await.unwrap();
    } else {
        let mut past = SqliteConnection::connect(url).await.unwrap();
        sqlx::query(statement).execute(&mut past).await.unwrap();
    }
}

/// Asks for a page, and says how large it is.
async fn look(pages: &Router, path: &str) -> usize {
    let request = Request::get(path).header(header::HOST, "localhost:8480");
    let request = request.extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
    let answer = pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    to_bytes(answer.into_body(), usize::MAX).await.unwrap().len()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The time that the processors have worked for this process.
fn worked() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap())
}
