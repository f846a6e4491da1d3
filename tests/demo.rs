//! The demo as a newcomer meets it: a folder in which every command works, in the time of the demo, while it runs and
//! afterwards; and a log that is whole in one file, however the demo ended.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use docket::{clock::Clock, config::Shipped, instance::Instance};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::{
    fixture::{
        Database, both,
        intake::{PROGRAM, config, good_mail},
        processes::{Signal, send},
        program::{Ran, docket, free_port, get},
    },
    place::listing,
};

/// The messages of the sample mail.
const MESSAGES: i64 = 34;
/// One that the program leaves to a person.
const UNDECIDED: &str = "M-000015";

fn demo(arguments: &[&str]) -> Ran {
    docket(Path::new("."), &[&["demo"][..], arguments].concat())
}

/// A folder of its own with a demo that was played to its end.
fn played() -> (TempDir, PathBuf) {
    static ONCE: OnceLock<TempDir> = OnceLock::new();
    let once = ONCE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        demo(&["--once", "--keep", folder.path().join("kept").to_str().unwrap()]).done();
        folder
    });
    let copy = tempfile::tempdir().unwrap();
    let kept = copy.path().join("kept");
    assert!(Command::new("cp").arg("-a").args([once.path().join("kept"), kept.clone()]).status().unwrap().success());
    (copy, kept)
}

/// A number out of a copy of the database file alone.
fn alone(kept: &Path, query: &str) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    fs::copy(kept.join("docket.db"), &copy).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(copy)).await.unwrap();
        let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
        assert_eq!(whole, "ok");
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut connection).await.unwrap()
    })
}

/// That the file holds the log, and nothing stands beside it.
#[track_caller]
fn is_folded(kept: &Path) {
    for end in ["-wal", "-shm"] {
        let beside = kept.join(format!("docket.db{end}"));
        assert!(!beside.exists(), "{}", beside.display());
    }
}

fn letters(kept: &Path) -> usize {
    fs::read_dir(kept.join("outbox")).unwrap().count()
}

/// A demo that runs, and what it has said.
struct Running {
    child: Child,
    said: PathBuf,
    port: u16,
}

impl Running {
    fn start(folder: &Path, kept: &Path) -> Self {
        let (said, port) = (folder.join("said"), free_port());
        let child = Command::new(PROGRAM)
            .args(["demo", "--port", &port.to_string(), "--keep"])
            .arg(kept)
            .stdout(File::create(&said).unwrap())
            .spawn()
            .unwrap();
        Self { child, said, port }
    }

    fn until(&mut self, what: &str) -> String {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let said = fs::read_to_string(&self.said).unwrap();
            if said.contains(what) {
                return said;
            }
            assert!(Instant::now() < deadline, "it never said {what}: {said}");
            assert!(self.child.try_wait().unwrap().is_none(), "it ended before it said {what}: {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(&mut self, signal: Signal) -> ExitStatus {
        send(signal, self.child.id());
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_command_works_in_its_folder_and_leaves_one_file() {
    let (_folder, kept) = played();
    is_folded(&kept);
    assert_eq!(alone(&kept, "SELECT COUNT(*) FROM message"), MESSAGES);
    fs::write(kept.join("one.eml"), good_mail("one")).unwrap();
    for (arguments, said) in [
        (&["log"][..], "GCM-ECE-2020-0001"),
        (&["log", "--json"], "\"standing\":\"late\""),
        (&["show", UNDECIDED], "Moldova"),
        (&["letters"], "acknowledgement"),
        (&["inspect", "one.eml"], "Norway"),
        (&["match", "--cases", "/dev/null"], ""),
        (&["reread", UNDECIDED, "--dry-run"], ""),
        (&["reconcile"], "gcm"),
        (&["remind", "--dry-run"], ""),
        (&["remind"], ""),
        (&["people", "import", "people.csv"], "1 added, 0 ended"),
        (&["import", "one.eml"], "1 of 1 messages are new"),
        (&["decide", UNDECIDED, "assign", "MDA", "--reason", "its ministry says so"], "received on time"),
        (&["decide", UNDECIDED, "undo", "--reason", "to try it"], ""),
        (&["decide", UNDECIDED, "assign", "MDA", "--reason", "its ministry says so"], "received on time"),
    ] {
        fs::write(
            kept.join("people.csv"),
            "iso3,name,address,language,from,until\nNOR,Desk,desk@mfa.no,en,2020-07-01,\n",
        )
        .unwrap();
        let answer = docket(&kept, arguments);
        assert_eq!((answer.status, answer.err.as_str()), (Some(0), ""), "{arguments:?}: {}", answer.out);
        assert!(answer.out.contains(said), "{arguments:?}: {}", answer.out);
        is_folded(&kept);
    }
    // From elsewhere, with its configuration named.
    let config = kept.join("docket.toml");
    let config = config.to_str().unwrap();
    let entry = &docket(Path::new("/"), &["--config", config, "show", UNDECIDED, "--json"]).json()[0];
    let taken: Vec<&str> =
        entry["items"][0]["decisions"].as_array().unwrap().iter().map(|d| d["at"].as_str().unwrap()).collect();
    assert_eq!(taken.len(), 2);
    assert!(
        taken.iter().all(|at| at.starts_with("2020-10-")),
        "decisions are taken in the time of the demo: {taken:?}"
    );
    let checked = docket(Path::new("/"), &["--config", config, "check", "--online"]);
    assert_eq!(checked.status, Some(1), "the placeholders are named");
    assert!(
        checked.out.contains("database: works") && checked.out.contains("gcm-review@example.org"),
        "{}",
        checked.out
    );
    is_folded(&kept);

    let before = letters(&kept);
    demo(&["--once", "--keep", kept.to_str().unwrap()]).done();
    assert_eq!(letters(&kept), before + 1, "the letter of the decision leaves when it is gone on with");
    assert_eq!(alone(&kept, "SELECT COUNT(*) FROM message WHERE state = 'read'"), MESSAGES + 1);
    assert_eq!(
        alone(&kept, "SELECT COUNT(*) FROM contact WHERE address = 'desk@mfa.no'"),
        1,
        "and nothing is begun anew"
    );
}

#[test]
fn no_daemon_works_on_it_and_none_of_its_letters_leaves() {
    let (_folder, kept) = played();
    let ran = docket(&kept, &["run"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.err.starts_with("docket: this is the log of a demo, ") && !ran.err.contains("placeholder"),
        "{}",
        ran.err
    );
    let config = kept.join("docket.toml");
    let text = fs::read_to_string(&config).unwrap();
    let own = text.replace("gcm-review@example.org", "gcm@secretariat.test");
    let call = fs::read_to_string("config/calls/unece-gcm-2020.toml").unwrap();
    fs::create_dir(kept.join("calls")).unwrap();
    let call = call.replace("gcm-contact@example.org", "questions@secretariat.test");
    fs::write(kept.join("calls/unece-gcm-2020.toml"), call).unwrap();
    fs::write(&config, &own).unwrap();
    let ran = docket(&kept, &["run"]);
    assert_eq!(ran.status, Some(2), "not even where somebody has put an address of their own");
    assert!(ran.err.starts_with("docket: this is the log of a demo, "), "{}", ran.err);
    is_folded(&kept);
    let smtp = own.replace("transport = \"folder\"", "transport = \"smtp\"");
    fs::write(&config, smtp + "[letters.smtp]\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = 9\n").unwrap();
    for command in [&["run"][..], &["remind"], &["log"]] {
        let ran = docket(&kept, command);
        assert_eq!(ran.status, Some(2), "{command:?}: {}", ran.err);
        assert!(ran.err.contains("no letter of it goes to a mail server"), "{command:?}: {}", ran.err);
    }
}

#[test]
fn a_signal_leaves_one_whole_file_and_commands_work_meanwhile() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let (folder, kept) = played();
        let mut running = Running::start(folder.path(), &kept);
        let said = running.until("until you press Ctrl-C");
        for line in said.lines().filter(|line| !line.contains("docket-demo") && !line.contains("/kept")) {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert_eq!(said.matches("M-000001").count(), 1, "what was shown before is not shown as new");
        docket(&kept, &["decide", UNDECIDED, "assign", "MDA", "--reason", "its ministry says so"]).done();
        fs::write(kept.join("one.eml"), good_mail("one")).unwrap();
        docket(&kept, &["import", "one.eml"]).done();
        running.until("M-000035");
        let page = get(running.port, &format!("/entry/{UNDECIDED}")).1;
        assert!(page.contains("its ministry says so"), "the pages show the decision");
        let (status, page) = get(running.port, "/log?after=zzz");
        assert_eq!(status, 400);
        assert!(page.contains("“zzz” is no place in the log; begin at its first page."), "{page}");
        let other = demo(&["--once", "--keep", kept.to_str().unwrap()]);
        assert_eq!(other.status, Some(1));
        assert!(other.err.contains("another demo works in "), "{}", other.err);
        assert!(running.stop(signal).success());
        is_folded(&kept);
        assert_eq!(alone(&kept, "SELECT COUNT(*) FROM message"), MESSAGES + 1);
        assert_eq!(alone(&kept, "SELECT COUNT(*) FROM decision"), 1);
        let said = fs::read_to_string(&running.said).unwrap();
        assert!(said.ends_with(&format!("To go on with it: docket demo --keep {}\n", kept.display())), "{said}");
    }
}

#[test]
fn one_that_was_stopped_in_its_midst_is_played_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let mut running = Running::start(folder.path(), &kept);
    running.until("M-000005");
    assert!(running.stop(Signal::SIGTERM).success());
    is_folded(&kept);
    let so_far = alone(&kept, "SELECT COUNT(*) FROM message");
    assert!((5..MESSAGES).contains(&so_far), "{so_far}");
    let waits = "SELECT COUNT(*) FROM message WHERE state = 'stored' AND lease_until > 0";
    assert_eq!(alone(&kept, waits), 0, "nothing is left in hand");
    demo(&["--once", "--keep", kept.to_str().unwrap()]).done();
    let (_other, whole) = played();
    for query in [
        "SELECT COUNT(*) FROM message WHERE state = 'read'",
        "SELECT COUNT(*) FROM submission",
        "SELECT COUNT(*) FROM letter WHERE state = 'sent'",
        "SELECT at FROM demo",
    ] {
        assert_eq!(alone(&kept, query), alone(&whole, query), "{query}");
    }
    assert_eq!(letters(&kept), letters(&whole));
}

#[test]
fn a_folder_that_holds_something_else_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, holds) in [("notes.txt", "mine"), ("docket.toml", "[store]\nurl = \"sqlite:docket.db\"\n")] {
        let own = folder.path().join(format!("with-{name}"));
        fs::create_dir(&own).unwrap();
        fs::write(own.join(name), holds).unwrap();
        let before = listing(&own);
        let ran = demo(&["--once", "--keep", own.to_str().unwrap()]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.err.contains("is not empty, and what it holds is no demo"), "{}", ran.err);
        assert_eq!(listing(&own), before);
    }
}

#[test]
fn a_port_in_use_is_said_once_and_begins_nothing() {
    let (temporary, other) = (tempfile::tempdir().unwrap(), std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap());
    let port = other.local_addr().unwrap().port().to_string();
    let ran = Command::new(PROGRAM).args(["demo", "--port", &port]).env("TMPDIR", temporary.path()).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert_eq!((said.matches("in use").count(), said.lines().count()), (1, 1), "{said}");
    assert!(said.contains("choose another with --port"), "{said}");
    assert!(listing(temporary.path()).is_empty());
}

#[test]
fn it_says_where_it_lies_in_a_folder_of_temporary_files() {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["demo", "--once"])
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
    assert!(child.wait().unwrap().success());
    let kept = lines.iter().find_map(|line| line.strip_prefix("Everything lies in ")?.strip_suffix(':')).unwrap();
    for line in ["  docket.toml  its configuration", "  outbox/      the letters, one file each"] {
        assert!(lines.iter().any(|said| said == line), "{lines:?}");
    }
    assert!(docket(Path::new(kept), &["log"]).done().contains("GCM-ECE-2020-0001"));
}

both!(who_opens_the_log_of_a_demo_has_its_time, async |db: Database| {
    let folder = tempfile::tempdir().unwrap();
    let open = async || {
        let mut config = config(folder.path());
        config.store.url = db.url().to_owned();
        Instance::open(config, Shipped::embedded(), Clock::System).await
    };
    let real = open().await.unwrap();
    assert!(matches!(real.clock, Clock::System), "any other log has the time of the machine");
    let at: Timestamp = "2020-10-13T12:00:00Z".parse().unwrap();
    for at in [at, at + Duration::from_hours(1)] {
        let mut tx = db.begin().await.unwrap();
        tx.keep_demo_time(at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(open().await.unwrap().clock.now(), at);
    }
});
