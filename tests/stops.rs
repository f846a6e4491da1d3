//! The program is asked to end with all that belong to it, or killed alone: what is being read is given back, and nobody is
//! left behind.

use std::{collections::BTreeSet, fs, os::unix::process::CommandExt as _, process::Command, thread, time::Duration};

use crate::{
    fixture::{
        intake::{PROGRAM, document, mail},
        processes::{self, Signal, are_gone, computed, send, send_to_group},
        program::{Daemon, House},
    },
    sandbox::deaths::busy,
};

/// How long those may live whose parent has died.
const AT_ONCE: Duration = Duration::from_secs(5);

/// A house whose readers have so many MiB, which is no other test's number, and three seconds for a file.
fn house(memory: u64) -> House {
    House::with(&format!("[reading]\nmemory = \"{memory} MiB\"\ncpu_per_file = \"3s\"\ntime_per_file = \"3s\"\n"))
}

/// Starts the daemon as the leader of a group.
fn start(house: &House) -> Daemon {
    let mut program = Command::new(PROGRAM);
    program.process_group(0);
    house.start_as(program, &[])
}

/// An input of which the second file takes longer to read than is allowed.
fn deliver(house: &House) {
    let (small, busy) = (document(120), busy(60_000));
    let files: [(&str, &[u8]); 3] = [("a.docx", &small), ("b.pdf", &busy), ("c.docx", &small)];
    house.deliver("1.busy", &mail("busy", "Ministry <post@mfa.no>", "Norway: input to the regional review", &files));
}

fn a_request_to_all_of_them_gives_back_what_is_read(signal: Signal, memory: u64) {
    let house = house(memory);
    deliver(&house);
    for round in 0..3 {
        let mut daemon = start(&house);
        daemon.until("it is being read", || is_being_read(memory));
        send_to_group(signal, daemon.pid());
        assert!(daemon.ended(Duration::from_secs(10)).success(), "{}", daemon.said());
        let untouched = "SELECT COUNT(*) FROM message WHERE state = 'stored' AND attempts = 0 AND lease_until = 0";
        assert_eq!(house.number(untouched), Some(1), "{signal}, round {round}: {}", daemon.said());
        assert_eq!(house.number("SELECT (SELECT COUNT(*) FROM file) + (SELECT COUNT(*) FROM letter)"), Some(0));
        assert!(!daemon.said().contains("ERROR"), "a stop is no failure: {}", daemon.said());
    }
    let mut daemon = start(&house);
    daemon.until("the letter leaves", || house.letters().len() == 1);
    assert!(daemon.stop().success());
    let letter = fs::read_to_string(&house.letters()[0]).unwrap();
    assert!(!letter.contains("damaged") && !letter.contains("send it again"), "{letter}");
    let read = "SELECT COUNT(*) FROM file WHERE outcome = 'read'";
    let late = "SELECT COUNT(*) FROM file WHERE outcome = 'timed_out'";
    assert_eq!((house.number(read), house.number(late)), (Some(2), Some(1)));
}

#[test]
fn sigterm_to_the_group_gives_back_what_is_read() {
    a_request_to_all_of_them_gives_back_what_is_read(Signal::SIGTERM, 1031);
}

#[test]
fn sigint_to_the_group_gives_back_what_is_read() {
    a_request_to_all_of_them_gives_back_what_is_read(Signal::SIGINT, 1032);
}

/// Those who read for a house, wherever they stand by now.
fn readers(memory: u64) -> BTreeSet<u32> {
    processes::with(&format!("read-for-parent\0{}\0", memory << 20))
}

fn is_being_read(memory: u64) -> bool {
    readers(memory).into_iter().any(|pid| computed(pid) >= 20)
}

/// Whether each server has forked its child, and each child is restricted: one that has only just begun does not know yet
/// whom it is to end with.
fn all_stand(memory: u64) -> bool {
    let readers = readers(memory);
    let children = readers.iter().filter(|&&pid| processes::status(pid, "Seccomp") == "2").count();
    children > 0 && 2 * children == readers.len()
}

/// Kills the daemon alone, and waits until all who read for it are gone.
fn kill_alone(daemon: Daemon, memory: u64) {
    let left = readers(memory);
    daemon.kill();
    are_gone(&left, AT_ONCE);
    are_gone(&readers(memory), AT_ONCE);
}

#[test]
fn whoever_reads_ends_with_the_program_whatever_it_is_at() {
    let memory = 1033;
    let house = house(memory);
    let idle = || house.number("SELECT COUNT(*) FROM lease WHERE lease_until > 0") == Some(1);
    for n in 0..10 {
        let daemon = start(&house);
        thread::sleep(Duration::from_millis(4 * n));
        kill_alone(daemon, memory);
    }
    for halted in [false, true] {
        let mut daemon = start(&house);
        daemon.until("children wait", || idle() && readers(memory).len() >= 4 && all_stand(memory));
        for pid in readers(memory).into_iter().filter(|_| halted) {
            send(Signal::SIGSTOP, pid);
        }
        kill_alone(daemon, memory);
    }
    deliver(&house);
    for halted in [false, true] {
        let mut daemon = start(&house);
        daemon.until("it is being read", || is_being_read(memory) && all_stand(memory));
        for pid in readers(memory).into_iter().filter(|_| halted) {
            send(Signal::SIGSTOP, pid);
        }
        kill_alone(daemon, memory);
    }
}

#[test]
fn a_program_outside_ends_with_whoever_started_it() {
    let script = "while :; do :; done; : docket-test-of-an-orphan";
    let line = format!("{PROGRAM} run-for-parent 1073741824 60 best $$ /bin/bash -c '{script}' & wait");
    let mut parent = Command::new("sh").args(["-c", &line]).spawn().unwrap();
    let at_work = || {
        let mut found = processes::with("docket-test-of-an-orphan");
        found.retain(|&pid| processes::status(pid, "Name") == "bash" && computed(pid) >= 5);
        found
    };
    while at_work().is_empty() {
        assert!(parent.try_wait().unwrap().is_none(), "it was not started");
        thread::sleep(Duration::from_millis(5));
    }
    let orphans = at_work();
    parent.kill().unwrap();
    parent.wait().unwrap();
    are_gone(&orphans, AT_ONCE);
}

#[test]
fn the_service_manager_asks_the_program_alone() {
    let unit = fs::read_to_string("config/deploy/docket.service").unwrap();
    let has = |line: &str| unit.lines().any(|known| known == line);
    assert!(has("KillMode=mixed") && has("OOMPolicy=continue"), "{unit}");
}
