//! One place for a SQLite file, by whatever name, and a file that is taken away while it is in use.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    str::FromStr as _,
};

use docket::{
    config::{database_file, database_url},
    store::{Db, Lock, Locked, Place, PlaceError, StoreError},
};
use sqlx::sqlite::SqliteConnectOptions;

use super::seed::now;

fn url(folder: &Path, file: &str) -> String {
    format!("sqlite:{}", folder.join(file).display())
}

/// Why it was not done.
#[track_caller]
fn place_error<T>(done: Result<T, StoreError>) -> PlaceError {
    match done {
        Err(StoreError::Place(error)) => error,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was done"),
    }
}

#[test]
fn a_url_names_the_file_that_sqlite_would_open() {
    for url in [
        "sqlite:docket.db",
        "sqlite://docket.db",
        "sqlite:///var/lib/docket.db",
        "sqlite:/var/lib/docket.db?mode=rwc",
        "sqlite://data/docket.db?mode=rw&cache=private",
        "sqlite:a%20b%3Fc%25d/docket.db",
        "sqlite:%zz%2/docket.db",
        "sqlite:a+b#c.db",
        "sqlite:../Eingänge/./docket.db?",
    ] {
        let sqlx = SqliteConnectOptions::from_str(url).unwrap();
        assert_eq!(database_file(url).unwrap().as_deref(), Some(sqlx.get_filename()), "{url}");
    }
    for path in ["docket.db", "/srv/50%/what?/docket.db", "/srv/%41/docket.db", "/srv/Eingänge/a b.db"] {
        assert_eq!(database_file(&database_url(Path::new(path))), Ok(Some(path.into())), "there and back");
    }
    assert_eq!(database_file("postgres://docket@host/docket"), Ok(None));
    for wrong in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite:a?mode=memory", "sqlite:a?mode=ro", "sqlite:a?x=y"]
    {
        assert!(database_file(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn all_names_of_a_file_have_one_lock() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("data");
    fs::create_dir(&there).unwrap();
    symlink("data", folder.path().join("linked")).unwrap();
    symlink("data/docket.db", folder.path().join("link.db")).unwrap();
    symlink(folder.path().join("link.db"), folder.path().join("linked/link-of-link.db")).unwrap();
    // The first name is a link that leads nowhere yet.
    let db = Db::open(&url(folder.path(), "link.db")).await.unwrap();
    assert!(there.join("docket.db").is_file() && folder.path().join("link.db").is_symlink());
    let Locked::Ours(lock) = Lock::of(&url(folder.path(), "link.db?mode=rwc")).unwrap() else { panic!("it is free") };
    assert!(there.join("docket.db.lock").is_file());
    let names = [
        "data/docket.db",
        "linked/docket.db",
        "data/../linked/docket.db",
        "link.db",
        "data/link-of-link.db",
        "link%2Edb",
    ];
    for name in names {
        for end in ["", "?mode=rwc", "?cache=private&mode=rw"] {
            let url = url(folder.path(), &format!("{name}{end}"));
            assert!(matches!(Lock::of(&url).unwrap(), Locked::ByAnother), "{url}");
        }
    }
    assert!(lock.keeps_others_out());
    fs::remove_file(there.join("docket.db.lock")).unwrap();
    assert!(!lock.keeps_others_out(), "its file was removed");
    let Locked::Ours(again) = Lock::of(db_url(&db).as_str()).unwrap() else { panic!("it is free") };
    assert!(!lock.keeps_others_out() && again.keeps_others_out(), "another stands in its place");
    drop(again);
    assert!(matches!(Lock::of(&url(folder.path(), "link.db")).unwrap(), Locked::Ours(_)), "it ends with its holder");
}

fn db_url(db: &Db) -> String {
    database_url(db.held().unwrap().place().path())
}

#[tokio::test]
async fn what_is_not_one_file_in_one_place_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("docket.db");
    Db::open(&url(folder.path(), "docket.db")).await.unwrap().close().await;
    fs::hard_link(&file, folder.path().join("other.db")).unwrap();
    for name in ["docket.db", "other.db"] {
        for done in [Db::open(&url(folder.path(), name)).await, Db::open_begun(&url(folder.path(), name)).await] {
            let error = place_error(done);
            assert!(matches!(error, PlaceError::Links { links: 2, .. }), "{error}");
            assert!(error.to_string().contains("has 2 hard links"), "{error}");
        }
    }
    fs::remove_file(folder.path().join("other.db")).unwrap();
    Db::open_begun(&url(folder.path(), "docket.db")).await.unwrap().close().await;

    let error = place_error(Db::open(&format!("sqlite:{}", folder.path().display())).await);
    assert!(matches!(error, PlaceError::NoFile(_)), "{error}");
    symlink("ring-b", folder.path().join("ring-a")).unwrap();
    symlink("ring-a", folder.path().join("ring-b")).unwrap();
    let error = place_error(Db::open(&url(folder.path(), "ring-a")).await);
    assert!(error.to_string().contains("too many symbolic links"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_not_begun_by_whoever_enters() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["docket.db", "a/new/folder/docket.db"] {
        let error = place_error(Db::open_begun(&url(folder.path(), name)).await);
        let said = format!("there is no log at {}; “docket run” begins one", folder.path().join(name).display());
        assert!(error.to_string().starts_with(&said), "{error}");
    }
    fs::write(folder.path().join("empty.db"), "").unwrap();
    let error = place_error(Db::open_begun(&url(folder.path(), "empty.db")).await);
    assert!(matches!(error, PlaceError::NoLog(_)), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made");
    assert_eq!(fs::metadata(folder.path().join("empty.db")).unwrap().len(), 0);
    fs::write(
        folder.path().join("text.db"),
        "no database, and long enough for a header of one hundred bytes".repeat(9),
    )
    .unwrap();
    let error = Db::open_begun(&url(folder.path(), "text.db")).await.unwrap_err();
    assert!(error.to_string().contains("text.db cannot be opened: "), "{error}");
}

#[tokio::test]
async fn what_a_database_is_made_of_is_for_its_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&url(folder.path(), "a/b/docket.db")).await.unwrap();
    let Locked::Ours(_lock) = Lock::of(&db_url(&db)).unwrap() else { panic!("it is free") };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&folder.path().join("a")), mode(&folder.path().join("a/b"))), (0o700, 0o700));
    let files: Vec<_> = fs::read_dir(folder.path().join("a/b")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 5, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

/// What happens to a file in a folder.
type TakenAway<'a> = &'a dyn Fn(&Path);

/// Each way in which a file can be taken away, and what is said of it.
#[tokio::test]
async fn nothing_more_is_written_into_a_file_that_is_not_at_its_place() {
    let cases: [(&str, TakenAway); 5] = [
        ("removed or renamed", &|folder| fs::remove_file(folder.join("docket.db")).unwrap()),
        ("removed or renamed", &|folder| fs::rename(folder.join("docket.db"), folder.join("old.db")).unwrap()),
        ("removed or renamed", &|folder| fs::remove_file(folder.join("link.db")).unwrap()),
        ("replaced by another file", &|folder| {
            fs::copy(folder.join("docket.db"), folder.join("copy.db")).unwrap();
            fs::rename(folder.join("copy.db"), folder.join("docket.db")).unwrap();
        }),
        ("replaced by another file", &|folder| {
            fs::copy(folder.join("docket.db"), folder.join("copy.db")).unwrap();
            fs::remove_file(folder.join("link.db")).unwrap();
            symlink("copy.db", folder.join("link.db")).unwrap();
        }),
    ];
    for (how, take_away) in cases {
        let folder = tempfile::tempdir().unwrap();
        symlink("docket.db", folder.path().join("link.db")).unwrap();
        let db = Db::open(&url(folder.path(), "link.db")).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.alive("before", now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut open = db.begin().await.unwrap();
        open.alive("too late", now()).await.unwrap();
        take_away(folder.path());
        let errors =
            [place_error(open.commit().await), place_error(db.begin().await), place_error(db.snapshot().await)];
        for error in errors {
            let said = error.to_string();
            assert!(said.contains(&format!("docket.db was {how} while it was in use; nothing more")), "{said}");
        }
        let Db::Sqlite { writer, .. } = &db else { panic!("it is a file") };
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM instance").fetch_all(writer).await.unwrap();
        assert_eq!(names, ["before"], "{how}");
    }
}

#[test]
fn a_place_knows_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::of(&url(folder.path(), "docket.db?mode=rwc")).unwrap().expect("it is a file");
    let folder = folder.path().canonicalize().unwrap();
    assert_eq!(place.folder(), folder);
    let ends = ["", "-wal", "-shm", "-journal", ".lock", ".migrating"];
    assert_eq!(place.files(), ends.map(|end| folder.join(format!("docket.db{end}"))));
    assert_eq!(Place::of("postgres://host/docket").unwrap(), None);
}
