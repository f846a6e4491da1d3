//! The log stands in its file alone wherever nobody works on it: what a process has written is folded into the file when
//! it ends, and where one was killed, when the next one ends.

use std::{fs, path::Path, time::Duration};

use docket::store::Db;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::fixture::{
    intake::good_mail,
    program::{House, docket},
};

fn is_folded(house: &House) -> bool {
    ["-wal", "-shm"].iter().all(|end| !house.folder().join(format!("docket.db{end}")).exists())
}

async fn connect(path: &Path, statement: &str) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection
}

#[test]
fn what_a_killed_daemon_leaves_the_next_command_folds() {
    let house = House::with("");
    let mut daemon = house.start(&[]);
    house.deliver("1.a", &good_mail("a"));
    daemon.until("the letter leaves", || house.letters().len() == 1);
    house.docket(&["log"]).done();
    assert!(!is_folded(&house), "a command beside the daemon takes nothing away from it");
    daemon.kill();
    assert!(!is_folded(&house));
    house.docket(&["log"]).done();
    assert!(is_folded(&house));
    let ran = house.docket(&["show", "M-000009"]);
    assert_eq!(ran.status, Some(1));
    assert!(is_folded(&house), "a command that fails ends, too");
}

#[test]
fn who_reads_beside_a_command_is_not_waited_for() {
    let house = House::with("");
    fs::write(house.folder().join("a.eml"), good_mail("a")).unwrap();
    house.docket(&["import", "a.eml"]).done();
    assert!(is_folded(&house));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let path = house.folder().join("docket.db");
        let reading = connect(&path, "BEGIN; SELECT COUNT(*) FROM message").await;
        let ran = tokio::time::timeout(Duration::from_secs(5), async {
            fs::write(house.folder().join("b.eml"), good_mail("b")).unwrap();
            let folder = house.folder().to_owned();
            tokio::task::spawn_blocking(move || docket(&folder, &["import", "b.eml"])).await.unwrap()
        });
        assert!(ran.await.expect("it does not wait").done().contains("1 of 1 messages"));
        assert!(!is_folded(&house), "what the reader may still need stays");
        reading.close().await.unwrap();
    });
    house.docket(&["log"]).done();
    assert!(is_folded(&house));
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(2));
}

/// What stands beside a file is found by its name alone. `SQLite` looks whether it is still its own.
#[tokio::test]
async fn a_file_in_the_place_of_another_keeps_what_stands_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("docket.db");
    let db = Db::open(&format!("sqlite:{}", path.display())).await.unwrap();
    for end in ["", "-wal", "-shm"] {
        fs::rename(folder.path().join(format!("docket.db{end}")), folder.path().join(format!("old.db{end}"))).unwrap();
    }
    let _other = connect(&path, "PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)").await;
    let beside = folder.path().join("docket.db-wal");
    assert!(beside.exists());
    db.close().await;
    assert!(beside.exists(), "it belongs to the other file");
}
