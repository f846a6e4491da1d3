//! Who may read what the program writes: modes under any umask, and what `docket check` says of the rest.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    fixture::{
        intake::good_mail,
        program::{House, docket},
    },
    place::{listing, mode, runs, under},
};

#[test]
fn what_the_daemon_writes_is_for_its_user_alone_under_any_umask() {
    for umask in ["000", "022", "077"] {
        let house = House::with("");
        let text = fs::read_to_string(house.folder().join("docket.toml")).unwrap();
        let text = format!("[store]\nurl = \"sqlite:data/of/docket/docket.db\"\nmark = \"docket.mark\"\n{text}");
        fs::write(house.folder().join("docket.toml"), text).unwrap();
        let before = listing(house.folder());
        let mut daemon = house.start_as(under(umask), &[]);
        runs(&house, &mut daemon);
        house.deliver("1.a", &good_mail("a"));
        daemon.until("the letter leaves", || house.letters().len() == 1);
        let while_it_runs = listing(house.folder());
        assert!(daemon.stop().success());
        let made: Vec<PathBuf> = while_it_runs.into_keys().chain(listing(house.folder()).into_keys()).collect();
        let own = |path: &&PathBuf| {
            !before.contains_key(*path)
                && !path.starts_with(house.folder().join("mail"))
                && !path.ends_with("daemon.log")
        };
        let made: Vec<&PathBuf> = made.iter().filter(own).collect();
        for name in [
            "docket.db",
            "docket.db-wal",
            "docket.db-shm",
            "docket.db.lock",
            "docket.db.migrating",
            "docket.mark",
            "L-000001.eml",
        ] {
            assert!(made.iter().any(|path| path.ends_with(name)), "{name}: {made:?}");
        }
        for path in made.into_iter().filter(|path| path.exists()) {
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(path), expected, "umask {umask}: {}", path.display());
        }
    }
}

/// SQLite's own files beside the database are gone once it is closed.
#[test]
fn what_stands_beside_an_open_database_is_for_its_user_alone() {
    let house = House::with("");
    let mut daemon = house.start_as(under("000"), &[]);
    runs(&house, &mut daemon);
    for end in ["", "-wal", "-shm", ".lock", ".migrating"] {
        assert_eq!(mode(&house.folder().join(format!("docket.db{end}"))), 0o600, "{end}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn the_demo_leaves_everything_to_its_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let said = under("000").args(["demo", "--once"]).env("TMPDIR", folder.path()).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let made = listing(folder.path());
    assert!(made.len() > 60, "{made:?}");
    for path in made.keys() {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path), expected, "{}", path.display());
    }
}

#[test]
fn the_configuration_is_written_out_for_the_group_that_the_daemon_runs_as() {
    for umask in ["000", "022", "077"] {
        let folder = tempfile::tempdir().unwrap();
        let ran = under(umask).args(["init", "etc/docket"]).current_dir(folder.path()).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        for path in listing(folder.path()).into_keys() {
            let expected = if path.is_dir() { 0o750 } else { 0o640 };
            assert_eq!(mode(&path), expected, "umask {umask}: {}", path.display());
        }
    }
}

#[test]
fn the_folder_for_letters_has_the_mode_that_was_asked_for_and_keeps_its_own() {
    for (letters, there, folder, letter) in [
        ("", None, 0o700, 0o600),
        ("folder_mode = \"0750\"", None, 0o750, 0o640),
        ("folder_mode = \"770\"\nform = \"maildir\"", None, 0o770, 0o660),
        ("", Some(0o755), 0o755, 0o600),
        ("folder_mode = \"0750\"", Some(0o710), 0o710, 0o640),
    ] {
        let house = House::with(letters);
        let outbox = house.folder().join("outbox");
        if let Some(mode) = there {
            fs::create_dir(&outbox).unwrap();
            fs::set_permissions(&outbox, Permissions::from_mode(mode)).unwrap();
        }
        let mut daemon = house.start_as(under("077"), &[]);
        house.deliver("1.a", &good_mail("a"));
        let sent = || {
            listing(house.folder())
                .into_keys()
                .find(|path| path.starts_with(&outbox) && path.is_file() && path.extension() != Some("part".as_ref()))
        };
        daemon.until("the letter leaves", || sent().is_some());
        assert_eq!((mode(&outbox), mode(&sent().unwrap())), (folder, letter), "{letters} {there:?}");
        if letters.contains("maildir") {
            assert_eq!(["new", "cur", "tmp"].map(|part| mode(&outbox.join(part))), [folder; 3]);
        }
        assert!(daemon.stop().success());
        if there == Some(0o755) {
            let said = house.docket(&["check"]).done();
            assert!(
                said.contains("is open to its group (mode 0755)") && said.contains("folder_mode = \"0750\""),
                "{said}"
            );
        }
    }
}

#[test]
fn check_names_what_every_user_of_the_machine_may_read() {
    let outside = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(outside.path(), Permissions::from_mode(0o700)).unwrap();
    let house = House::with("[alarm]\nwebhook_file = \"hook\"\n");
    let folder = outside.path().join("house");
    assert!(Command::new("cp").arg("-r").args([house.folder(), folder.as_path()]).status().unwrap().success());
    fs::write(folder.join("hook"), "https://alarm.test/s3cret\n").unwrap();
    let config = folder.join("docket.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("[store]\nurl = \"sqlite:docket.db\"\ntoken_key = \"{}\"\n{text}", "a".repeat(64)))
        .unwrap();
    fs::create_dir(folder.join("outbox")).unwrap();
    docket(&folder, &["import", "mail"]).done();
    fs::write(folder.join("docket.mark"), "instance 2020-09-30T00:00:00Z\n").unwrap();
    let said = docket(&folder, &["check"]).done();
    assert!(!said.contains("every user"), "the folder above keeps them out: {said}");
    for (path, open) in [(outside.path(), 0o755), (&folder, 0o755)] {
        fs::set_permissions(path, Permissions::from_mode(open)).unwrap();
    }
    let files = ["docket.db", "docket.db.migrating", "docket.mark", "docket.toml", "hook", "outbox"];
    let set = |mode: u32| {
        for file in files {
            let mode = if file == "outbox" { mode | (mode & 0o444) >> 2 } else { mode };
            fs::set_permissions(folder.join(file), Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o644);
    let said = docket(&folder, &["check"]).done();
    for line in [
        format!(
            "The log, with all mail, is readable for every user of this machine: chmod o-rwx {}",
            real(&folder, "docket.db")
        ),
        "The mark of the database is readable for every user of this machine: chmod o-rwx docket.mark".to_owned(),
        "Secrets are readable for every user of this machine: chmod o-rwx docket.toml hook".to_owned(),
        "Letters are readable for every user of this machine: chmod o-rwx outbox".to_owned(),
    ] {
        assert!(said.contains(&line), "{line}\n{said}");
    }
    let mend: Vec<&str> = said.lines().filter_map(|line| Some(line.split_once("machine: ")?.1)).collect();
    assert!(Command::new("sh").args(["-ec", &mend.join("\n")]).current_dir(&folder).status().unwrap().success());
    let said = docket(&folder, &["check"]).done();
    assert!(!said.contains("every user"), "{said}");
    set(0o600);
    fs::write(&config, text.replace("webhook_file = \"hook\"\n", "")).unwrap();
    fs::set_permissions(&config, Permissions::from_mode(0o644)).unwrap();
    let said = docket(&folder, &["check"]).done();
    assert!(!said.contains("every user"), "a configuration without secrets may be read: {said}");
}

fn real(folder: &Path, file: &str) -> String {
    folder.canonicalize().unwrap().join(file).display().to_string()
}
