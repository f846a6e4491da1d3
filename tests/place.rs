//! Where the log lies, as operators meet it: other names of it, files of other users, and a log that is not there.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown, symlink},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::fixture::{
    intake::{PROGRAM, good_mail},
    program::{Daemon, House, Ran, docket},
    someone_else,
};

/// Starts the daemon and waits until it watches its mailbox.
fn running(house: &House) -> Daemon {
    let mut daemon = house.start(&[]);
    runs(house, &mut daemon);
    daemon
}

pub fn runs(house: &House, daemon: &mut Daemon) {
    let said = house.folder().join("daemon.log");
    daemon.until("it runs", || fs::read_to_string(&said).unwrap().contains("docket runs"));
}

/// Another configuration of the same house, with its database by another name; yields its path.
fn by_another_name(house: &House, n: usize, url: &str) -> String {
    let folder = house.folder().join(format!("other-{n}"));
    fs::create_dir(&folder).unwrap();
    symlink("../calls", folder.join("calls")).unwrap();
    let text = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
    let text = format!("[store]\nurl = \"{url}\"\nmark = \"../docket.mark\"\n{text}");
    fs::write(folder.join("docket.toml"), text.replace("\"mail\"", "\"../mail\"")).unwrap();
    folder.join("docket.toml").to_str().unwrap().to_owned()
}

/// What is in a folder: each path with its size, its mode and its time of change.
pub fn listing(folder: &Path) -> BTreeMap<PathBuf, (u64, u32, i64)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // A daemon at work renames what it has written, and removes what is done with.
            let Ok(file) = fs::symlink_metadata(&path) else { continue };
            if file.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path, (file.len(), file.mode(), file.ctime_nsec()));
        }
    }
    found
}

pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// The program, started by a shell with that umask.
pub fn under(umask: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), PROGRAM]);
    shell
}

#[track_caller]
fn refused(ran: &Ran, status: i32, why: &str) {
    assert_eq!(ran.status, Some(status), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn a_second_daemon_is_refused_by_whatever_name_it_reaches_the_file() {
    let house = House::with("");
    symlink("docket.db", house.folder().join("link.db")).unwrap();
    symlink(".", house.folder().join("linked")).unwrap();
    let absolute = house.folder().join("docket.db").display().to_string();
    let urls = [
        "sqlite:../link.db".to_owned(),
        "sqlite:../linked/docket.db".to_owned(),
        "sqlite:../docket.db?mode=rwc".to_owned(),
        "sqlite:../docket%2Edb".to_owned(),
        format!("sqlite://{absolute}?mode=rw"),
        format!("sqlite:{absolute}"),
    ];
    let mut first = running(&house);
    let others = urls.iter().enumerate().map(|(n, url)| (url, by_another_name(&house, n, url)));
    let others: Vec<_> = others.map(|(url, config)| (url, house.start(&["--config", &config]))).collect();
    for (url, mut other) in others {
        assert_eq!(other.ended(Duration::from_secs(30)).code(), Some(1), "{url}");
    }
    let said = first.said();
    assert_eq!(said.matches("another docket works on this database").count(), urls.len(), "{said}");
    house.deliver("1.a", &good_mail("a"));
    first.until("the first goes on", || house.letters().len() == 1);
    assert!(first.stop().success());
    let locks: Vec<_> =
        listing(house.folder()).into_keys().filter(|path| path.extension() == Some("lock".as_ref())).collect();
    assert_eq!(locks, [house.folder().join("docket.db.lock")]);
}

#[test]
fn a_lock_that_was_removed_is_taken_again() {
    let house = House::with("");
    let mut first = running(&house);
    let lock = house.folder().join("docket.db.lock");
    fs::remove_file(&lock).unwrap();
    first.until("the lock is there again", || lock.exists());
    let mut second = house.start(&[]);
    assert_eq!(second.ended(Duration::from_secs(30)).code(), Some(1));
    assert!(second.said().contains("another docket works on this database"), "{}", second.said());
    assert!(first.stop().success());
}

#[test]
fn a_database_with_another_hard_link_is_refused_by_daemon_and_commands() {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    fs::hard_link(house.folder().join("docket.db"), house.folder().join("other.db")).unwrap();
    let other = by_another_name(&house, 1, "sqlite:../other.db");
    for command in [&["run"][..], &["log"], &["import", "mail"], &["remind"], &["--config", &other, "run"]] {
        refused(&house.docket(command), 1, "has 2 hard links");
    }
    fs::remove_file(house.folder().join("other.db")).unwrap();
    house.docket(&["log"]).done();
}

#[test]
fn a_database_that_is_mounted_as_a_file_is_refused() {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    fs::write(house.folder().join("other.db"), "").unwrap();
    let other = by_another_name(&house, 1, "sqlite:../other.db");
    let mounted = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-ec"])
        .arg(format!("mount --bind docket.db other.db; exec {PROGRAM} --config {other} log"))
        .current_dir(house.folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&mounted.stderr).into_owned();
    assert_eq!(mounted.status.code(), Some(1), "{said}");
    assert!(said.contains("other.db is mounted as a file by itself"), "{said}");
}

#[test]
fn a_command_that_reads_makes_no_database() {
    let reading: [&[&str]; 14] = [
        &["log"],
        &["log", "--json", "--known-at", "2020-09-30"],
        &["show", "M-000001"],
        &["letters"],
        &["letters", "list", "--json"],
        &["letters", "show", "1"],
        &["letters", "release", "1"],
        &["letters", "discard", "1", "--reason", "none"],
        &["letters", "resend", "1", "--reason", "none"],
        &["decide", "M-000001", "not-an-input", "--reason", "none"],
        &["decide", "M-000001", "undo", "--reason", "none"],
        &["remind"],
        &["remind", "--dry-run", "--json"],
        &["reconcile"],
    ];
    for url in ["sqlite:docket.db", "sqlite:not/there/docket.db?mode=rwc"] {
        let house = House::with("");
        let text = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
        fs::write(house.folder().join("docket.toml"), format!("[store]\nurl = \"{url}\"\n{text}")).unwrap();
        let before = listing(house.folder());
        for command in reading {
            let ran = house.docket(command);
            refused(&ran, 2, "docket: there is no log at ");
            assert!(ran.out.is_empty(), "{command:?}: {}", ran.out);
        }
        house.docket(&["check", "--online"]).done();
        fs::write(house.folder().join("mail/a.eml"), good_mail("a")).unwrap();
        house.docket(&["inspect", "mail/a.eml"]).done();
        fs::remove_file(house.folder().join("mail/a.eml")).unwrap();
        for wrong in [&["import", "nowhere.eml"][..], &["people", "import", "nowhere.csv"]] {
            refused(&house.docket(wrong), 1, "nowhere");
        }
        let mut after = listing(house.folder());
        let mail = house.folder().join("mail");
        after.insert(mail.clone(), before[&mail]);
        assert_eq!(after, before, "{url}");
    }
    let folder = tempfile::tempdir().unwrap();
    let help = docket(folder.path(), &["--help"]).done();
    assert!(help.contains("A log begins with “run”, “import”, “people import” or “user add”."), "{help}");
}

#[test]
fn a_log_begins_by_an_import_a_list_of_people_or_the_first_person() {
    for (file, text, command) in [
        ("a.eml", good_mail("a"), &["import", "a.eml"][..]),
        ("people.csv", b"iso3,name,address,language,from,until\n".to_vec(), &["people", "import", "people.csv"]),
        ("none", Vec::new(), &["user", "add", "Ada", "--role", "administrator"]),
    ] {
        let house = House::with("");
        fs::write(house.folder().join(file), text).unwrap();
        house.docket(command).done();
        house.docket(&["log"]).done();
        assert_eq!(mode(&house.folder().join("docket.db")), 0o600);
    }
}

#[test]
fn a_daemon_whose_database_is_taken_away_says_so_and_ends_and_begins_no_other() {
    let house = House::with("");
    let mut daemon = running(&house);
    house.deliver("1.a", &good_mail("a"));
    daemon.until("a letter leaves", || house.letters().len() == 1 && house.is_idle());
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(house.folder().join(format!("docket.db{end}"))).unwrap();
    }
    house.deliver("2.b", &good_mail("b"));
    assert_eq!(daemon.ended(Duration::from_mins(1)).code(), Some(1));
    let said = daemon.said();
    assert!(said.contains("docket.db was removed or renamed while it was in use; nothing more is written"), "{said}");
    assert_eq!(house.letters().len(), 1, "no letter left that nobody would know of");

    let before = listing(house.folder());
    let path = house.folder().canonicalize().unwrap().join("docket.db").display().to_string();
    fs::write(house.folder().join("people.csv"), "iso3,name,address,language,from,until\n").unwrap();
    for command in [&["run"][..], &["log"], &["import", "mail"], &["people", "import", "people.csv"]] {
        let ran = house.docket(command);
        refused(
            &ran,
            2,
            &format!("docket: there is no log at {path}, but the mark docket.mark says that one was worked"),
        );
        assert!(ran.err.contains(&format!("cp BACKUP {path}")) && ran.err.contains("rm docket.mark"), "{}", ran.err);
    }
    // A file with nothing in it is what a copy onto a full disk leaves.
    fs::write(&path, "").unwrap();
    refused(&house.docket(&["run"]), 2, "there is no log at ");
    fs::remove_file(&path).unwrap();
    fs::remove_file(house.folder().join("people.csv")).unwrap();
    assert_eq!(listing(house.folder()), before, "nothing was made");

    fs::remove_file(house.folder().join("docket.mark")).unwrap();
    let mut daemon = house.start(&[]);
    daemon.until("a new log begins", || house.number("SELECT COUNT(*) FROM message") == Some(2));
    assert!(daemon.stop().success());
}

#[test]
fn a_daemon_whose_database_is_replaced_leaves_both_files_alone() {
    let house = House::with("");
    house.docket(&["import", "mail"]).done();
    let copy = house.folder().join("copy.db");
    fs::copy(house.folder().join("docket.db"), &copy).unwrap();
    let mut daemon = running(&house);
    house.deliver("1.a", &good_mail("a"));
    daemon.until("a letter leaves", || house.letters().len() == 1 && house.is_idle());
    fs::hard_link(house.folder().join("docket.db"), house.folder().join("orphan.db")).unwrap();
    fs::rename(house.folder().join("docket.db-wal"), house.folder().join("orphan.db-wal")).unwrap();
    fs::rename(&copy, house.folder().join("docket.db")).unwrap();
    let bytes = |name: &str| fs::read(house.folder().join(name)).unwrap();
    let before = [bytes("docket.db"), bytes("orphan.db"), bytes("orphan.db-wal"), bytes("docket.mark")];
    house.deliver("2.b", &good_mail("b"));
    assert_eq!(daemon.ended(Duration::from_mins(1)).code(), Some(1));
    let said = daemon.said();
    assert!(said.contains("docket.db was replaced by another file while it was in use"), "{said}");
    let after = [bytes("docket.db"), bytes("orphan.db"), bytes("orphan.db-wal"), bytes("docket.mark")];
    assert!(after == before, "nothing is written any more, and the mark says nothing later");
    assert_eq!(house.letters().len(), 1);
}

#[test]
fn a_database_of_another_user_is_said_with_the_command_that_mends_it() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        // Who is not root gives no file away; the other case is one of their own that they may not open.
        return a_closed_database_is_said(&House::with(""), &|| Command::new(PROGRAM));
    }
    let (user, group) = someone_else().unwrap();
    let house = House::with("");
    let program = house.folder().join("docket");
    fs::copy(PROGRAM, &program).unwrap();
    // Root's command before the first start, in a folder that belongs to the daemon.
    let give = |path: &Path| chown(path, Some(user), Some(group)).unwrap();
    for path in listing(house.folder()).into_keys() {
        give(&path);
    }
    give(house.folder());
    let began = house.docket(&["import", "mail"]);
    let path = house.folder().canonicalize().unwrap().join("docket.db");
    let who = String::from_utf8(Command::new("id").arg("-nu").arg(user.to_string()).output().unwrap().stdout).unwrap();
    let who = who.trim();
    let mend = format!("chown {who}: {}*", path.display());
    assert!(began.err.contains(&format!("belongs to root, and its folder to {who}")), "{}", began.err);
    assert!(began.err.contains(&mend), "{}", began.err);
    assert!(house.docket(&["check"]).out.contains(&mend));

    let start = |user, group| {
        let mut command = Command::new(&program);
        command.uid(user).gid(group);
        command
    };
    let mut daemon = house.start_as(start(user, group), &[]);
    assert_eq!(
        daemon.ended(Duration::from_secs(30)).code(),
        Some(1),
        "it is tried again, and goes on once it is mended"
    );
    let said = daemon.said();
    let expected = format!(
        "docket: the database {0} cannot be used: {0} belongs to root, and this runs as {who}: {mend}",
        path.display()
    );
    assert!(said.contains(&expected), "{said}");
    assert!(Command::new("sh").args(["-c", &mend]).status().unwrap().success());
    // It writes to the log that root's shell opened for it.
    let mut daemon = house.start_as(start(user, group), &[]);
    runs(&house, &mut daemon);
    assert!(daemon.stop().success());

    // The other way round: what root's commands make afterwards is the daemon's.
    for end in [".migrating", ".lock"] {
        fs::remove_file(house.folder().join(format!("docket.db{end}"))).unwrap();
    }
    house.docket(&["log"]).done();
    for path in listing(house.folder()).into_keys().filter(|path| path.to_str().unwrap().contains("docket.db")) {
        assert_eq!(fs::metadata(&path).unwrap().uid(), user, "{}", path.display());
    }
    let as_the_daemon = || start(user, group);
    a_closed_database_is_said(&house, &as_the_daemon);
    // A folder of root's is no place for it.
    fs::remove_file(house.folder().join("docket.mark")).unwrap();
    fs::create_dir_all(house.folder().join("of-root/deeper")).unwrap();
    let of_root = house.folder().canonicalize().unwrap().join("of-root").display().to_string();
    for (n, folder, mend) in [
        (1, "of-root", format!("chown -R {who}: {of_root}\n")),
        (
            2,
            "of-root/deeper",
            format!("{who}, as whom this runs, may not write there: name a folder that belongs to {who}"),
        ),
    ] {
        let config = by_another_name(&house, n, &format!("sqlite:../{folder}/new.db"));
        let people = house.folder().join("people.csv");
        fs::write(&people, "iso3,name,address,language,from,until\n").unwrap();
        let mut command = start(user, group);
        let command = command.args(["--config", &config, "people", "import", "people.csv"]);
        let ran = command.current_dir(house.folder()).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(ran.status.code() == Some(1) && said.contains(&mend), "{said}");
    }
    // And who is neither is told whose it is.
    fs::set_permissions(house.folder(), Permissions::from_mode(0o755)).unwrap();
    let ran = start(user + 1, group + 1).arg("log").current_dir(house.folder()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains(&format!("run it as {who}, with “sudo -u {who}”")), "{said}");
}

/// A database of one's own that one may not open.
fn a_closed_database_is_said(house: &House, program: &dyn Fn() -> Command) {
    let database = house.folder().canonicalize().unwrap().join("docket.db");
    if !database.exists() {
        house.docket(&["import", "mail"]).done();
    }
    fs::set_permissions(&database, Permissions::from_mode(0o000)).unwrap();
    let ran = program().arg("log").current_dir(house.folder()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    let mend = format!("chmod u+rw {}", database.display());
    assert!(ran.status.code() == Some(1) && said.contains(&mend), "{said}");
    fs::set_permissions(&database, Permissions::from_mode(0o600)).unwrap();
    let _ = fs::remove_file(house.folder().join("docket.db.migrating"));
    fs::set_permissions(house.folder(), Permissions::from_mode(0o500)).unwrap();
    let ran = program().arg("log").current_dir(house.folder()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    let mend = format!("chmod u+rwx {}", database.parent().unwrap().display());
    assert!(ran.status.code() == Some(1) && said.contains(&mend), "{said}");
    fs::set_permissions(house.folder(), Permissions::from_mode(0o700)).unwrap();
    let ran = program().arg("log").current_dir(house.folder()).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

#[test]
fn the_unit_is_not_started_again_where_another_start_changes_nothing() {
    let unit = fs::read_to_string("config/deploy/docket.service").unwrap();
    for line in ["Restart=always", "RestartPreventExitStatus=2", "UMask=0077", "StateDirectoryMode=0700"] {
        assert!(unit.lines().any(|there| there == line), "{line}");
    }
}
