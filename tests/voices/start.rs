//! What a start says, how much is said, and in which form.

use std::{fs, os::unix::fs::MetadataExt as _, process::Command};

use docket::{config::ReadingConfig, sandbox::Memory};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{configure, lines, start_with};
use crate::fixture::{
    intake::{PROGRAM, good_mail},
    program::{House, free_port},
};

/// Has the call of a house end so many days from now.
fn ends_in(house: &House, days: i64) {
    let file = house.folder().join("calls/unece-gcm-2020.toml");
    let call = fs::read_to_string(&file).unwrap();
    let (day, _) = call.split_once("day = ").unwrap().1.split_once('\n').unwrap();
    let ends = (Timestamp::now() + SignedDuration::from_hours(24 * days)).to_zoned_datetime(TimeZone::UTC).date();
    fs::write(&file, call.replacen(&format!("day = {day}"), &format!("day = {ends}"), 1)).unwrap();
}

#[test]
fn a_start_says_what_it_will_do() {
    let port = free_port();
    let house = House::with("");
    configure(&house, &format!("[web]\nlisten = \"127.0.0.1:{port}\""));
    ends_in(&house, 40);
    let file = house.folder().join("docket.toml");
    let text = fs::read_to_string(&file).unwrap().replace("2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z");
    fs::write(&file, text).unwrap();
    for n in 0..3 {
        house.deliver(&format!("{n}.old"), &good_mail(&format!("old-{n}")));
    }
    let log = house.folder().join("daemon.log");
    let mut daemon = house.start(&[]);
    daemon.until("it has read", || fs::read_to_string(&log).unwrap().contains("mailbox gcm was read"));
    daemon.until("all is done", || house.is_idle());
    let said = daemon.said();
    let said = lines(&said);
    let begin = said.iter().take(7).copied().collect::<Vec<_>>();
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        format!("docket {version} starts; its log is kept in docket.db"),
        "mailbox gcm: the Maildir mail".to_owned(),
        "letters go into the folder outbox".to_owned(),
    ];
    assert_eq!(begin[..3], expected, "{said:#?}");
    assert!(begin[3].starts_with("call unece-gcm-2020: inputs until 20") && begin[3].ends_with(" (Europe/Zurich)"));
    let reminder = begin[4].strip_prefix("reminder “first” of unece-gcm-2020 is due on 20").unwrap();
    assert_eq!(reminder.len(), "26-09-16 09:00".len(), "with day and hour: {reminder}");
    assert_eq!(begin[5..], [&format!("pages: http://127.0.0.1:{port}/"), "docket runs"]);
    assert!(said.contains(&"mailbox gcm was read; 3 messages came before 2090-01-01 00:00 UTC, and get no letter"));
    assert_eq!(said.iter().filter(|line| line.ends_with(" received, and gets no letter")).count(), 3, "{said:#?}");
    for line in daemon.said().lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
    assert!(daemon.stop().success());
    assert_eq!(house.letters().len(), 0);
}

#[test]
fn a_start_says_which_reminder_nobody_has_sent_and_that_it_is_a_rehearsal() {
    let house = House::with("");
    ends_in(&house, 3);
    let log = house.folder().join("daemon.log");
    let mut daemon = house.start(&["--rehearse"]);
    daemon.until("it runs", || fs::read_to_string(&log).unwrap().contains("docket runs"));
    let said = daemon.said();
    let due = "reminder “first” of unece-gcm-2020 was due on 20";
    assert!(said.contains(due) && said.contains(": docket remind sends it"), "{said}");
    assert!(said.contains("a rehearsal: letters are decided, and none is sent"), "{said}");
    assert!(said.contains("no pages are served, for the configuration has no [web]"), "{said}");
    assert!(!said.contains("letters go into"), "{said}");
    assert!(daemon.stop().success());
}

#[test]
fn how_much_is_said_is_a_setting_and_the_environment_wins() {
    let house = House::with("");
    configure(&house, "[log]\nlevel = \"error\"");
    let read = "SELECT COUNT(*) FROM folder WHERE last_read IS NOT NULL";
    let mut daemon = house.start(&[]);
    daemon.until("the mailbox is read", || house.number(read) == Some(1));
    assert!(daemon.stop().success());
    let log = house.folder().join("daemon.log");
    assert_eq!(fs::read_to_string(&log).unwrap(), "");
    let mut daemon = start_with(&house, "RUST_LOG", "docket=debug");
    daemon.until("each look is said", || fs::read_to_string(&log).unwrap().contains("a look at mailbox gcm: 0 new"));
    assert!(
        daemon.said().contains(" DEBUG docket::daemon::loops: a look"),
        "who looks closer sees where: {}",
        daemon.said()
    );
    assert!(daemon.stop().success());
    fs::remove_file(&log).unwrap();
    let mut daemon = start_with(&house, "RUST_LOG", "docket=louder");
    daemon.until("that is none", || fs::read_to_string(&log).unwrap().contains("RUST_LOG is not understood"));
    daemon.until("the mailbox is read", || house.number(read) == Some(1));
    assert!(daemon.stop().success());
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 1, "the setting holds");
    let said = house.docket(&["check"]).done();
    assert!(said.contains("log: docket run says what is of the level “error” and graver\n"), "{said}");
    let output =
        Command::new(PROGRAM).arg("check").current_dir(house.folder()).env("RUST_LOG", "info").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("log: RUST_LOG=info holds here, and not the level “error” of [log]\n"), "{said}");
}

#[test]
fn the_journal_of_systemd_gets_priorities_and_no_second_time() {
    let house = House::with("");
    let log = house.folder().join("daemon.log");
    fs::write(&log, "").unwrap();
    let stream = fs::metadata(&log).map(|file| format!("{}:{}", file.dev(), file.ino())).unwrap();
    let mut daemon = start_with(&house, "JOURNAL_STREAM", &stream);
    daemon.until("it runs", || fs::read_to_string(&log).unwrap().contains("<6>docket runs\n"));
    assert!(daemon.stop().success());
    fs::rename(house.folder().join("mail"), house.folder().join("gone")).unwrap();
    let mut daemon = start_with(&house, "JOURNAL_STREAM", &stream);
    let lost = "<3>the mailbox gcm cannot be read: the Maildir cannot be read";
    daemon.until("what fails is graver", || fs::read_to_string(&log).unwrap().contains(lost));
    let ended = daemon.stop();
    let said = fs::read_to_string(&log).unwrap();
    assert!(ended.success() && said.lines().all(|line| line.starts_with('<')), "{ended}: {said}");
}

#[test]
fn memory_that_is_not_there_is_said_with_figures() {
    let house = House::with("");
    configure(&house, "[reading]\nmemory = \"64 GiB\"\nchildren = 64");
    let lacking = "The processes that read may take 64 × 65536 MiB of memory, and ";
    let said = house.docket(&["check"]).done();
    assert!(
        said.contains(lacking) && said.contains(" MiB in all: a large document may end another program."),
        "{said}"
    );
    let house = House::with("");
    assert!(!house.docket(&["check"]).done().contains("may take"), "what there is, is enough");

    // What the kernel says, by its files: the smallest of the groups around counts.
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let limits = ReadingConfig { children: 2, memory: 1 << 30, ..ReadingConfig::default() };
    let memory = || Memory::below(root.path());
    assert_eq!(memory(), None, "nothing is guessed");
    write("proc/meminfo", "MemTotal:        4096000 kB\nMemFree:  1 kB\nMemAvailable:    1024000 kB\n");
    let machine = Memory { whole: 4_000 << 20, by_cgroup: false, left: 1_000 << 20 };
    assert_eq!((memory(), machine.lacking(&limits)), (Some(machine), None));
    write("proc/self/cgroup", "0::/system.slice/docket.service\n");
    write("sys/fs/cgroup/system.slice/docket.service/memory.max", "max\n");
    assert_eq!(memory(), Some(machine));
    write("sys/fs/cgroup/system.slice/memory.max", "524288000\n");
    let group = Memory { whole: 500 << 20, by_cgroup: true, ..machine };
    assert_eq!(memory(), Some(group));
    let said = group.lacking(&limits).unwrap();
    assert!(said.contains("2 × 1024 MiB of memory, and the cgroup of this program allows 500 MiB in all"), "{said}");
    write("proc/self/cgroup", "4:memory:/docket\n1:cpu:/\n");
    write("sys/fs/cgroup/memory/docket/memory.limit_in_bytes", "209715200\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_eq!(memory(), Some(Memory { whole: 200 << 20, ..group }));
}

#[test]
fn a_process_that_got_no_memory_says_how_much_there_is() {
    use docket::sandbox::SandboxError;
    // ENOMEM, and what the system says where there may be no further process.
    for code in [12, 11] {
        let said = SandboxError::from(std::io::Error::from_raw_os_error(code)).to_string();
        assert!(said.contains("; the machine has ") && said.contains(" MiB of memory left, "), "{said}");
    }
    let said = SandboxError::from(std::io::Error::from_raw_os_error(2)).to_string();
    assert!(said.ends_with("No such file or directory (os error 2)"), "{said}");
}
