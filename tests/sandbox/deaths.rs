//! Children that others end: nothing of it is held against what they were reading.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use docket::{
    config::ReadingConfig,
    core::file::{File, Outcome},
    reading::Readers,
    sandbox::{Failed, Program, SandboxError},
};
use tokio::{sync::watch, time::Instant};

use super::{children, limits, outcomes, sandbox, servers, until, workers};
use crate::fixture::{
    intake::{PROGRAM, document, mail},
    processes::{self, Signal, computed, send, session, status},
};

/// A document whose reader computes for so many milliseconds.
pub fn busy(millis: u32) -> Vec<u8> {
    format!("docket-probe busy {millis}\n%PDF-1.4\n").into_bytes()
}

/// A message of three documents; reading the second takes its time.
fn three(millis: u32) -> Vec<u8> {
    let (small, busy) = (document(50), busy(millis));
    mail("m", "Ministry <post@mfa.no>", "Input", &[("a.docx", &small), ("b.pdf", &busy), ("c.docx", &small)])
}

/// Sends a signal to children at work, each once, so often; the sandbox is known by the memory of its children.
pub struct Ender {
    enough: Arc<AtomicBool>,
    thread: JoinHandle<usize>,
}

impl Ender {
    pub fn start(memory: u64, signal: Signal, times: usize) -> Self {
        Self::of(times, move || children(memory), move |pid| send(signal, pid))
    }

    /// One who ends what a child hangs on in its place.
    fn of(
        times: usize,
        candidates: impl Fn() -> BTreeSet<u32> + Send + 'static,
        end: impl Fn(u32) + Send + 'static,
    ) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&enough);
        let thread = thread::spawn(move || {
            let mut ended = BTreeSet::new();
            while ended.len() < times && !told.load(Ordering::SeqCst) {
                for pid in candidates() {
                    if ended.len() < times && !ended.contains(&pid) && computed(pid) >= 5 {
                        end(pid);
                        ended.insert(pid);
                    }
                }
                thread::sleep(Duration::from_millis(2));
            }
            ended.len()
        });
        Self { enough, thread }
    }

    /// How often it did; it does no more.
    pub fn ended(self) -> usize {
        self.enough.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

/// A sandbox whose children no other test has.
fn own(n: u64) -> (u64, Readers) {
    let memory = (1 << 30) + (1 << 20) + n * 4096;
    (memory, sandbox(ReadingConfig { memory, ..limits() }))
}

fn text<'a>(files: &'a [File], name: &str) -> &'a str {
    &files.iter().find(|file| file.name.as_deref() == Some(name)).unwrap().reading.text
}

const ALL_READ: [(&str, Outcome); 3] = [("a.docx", Outcome::Read), ("b.pdf", Outcome::Read), ("c.docx", Outcome::Read)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_child_was_reading_is_read_again() {
    let kills = [(Signal::SIGKILL, 1), (Signal::SIGKILL, 2), (Signal::SIGHUP, 2), (Signal::SIGQUIT, 1)];
    for ((signal, times), n) in kills.into_iter().zip(1..) {
        let (memory, sandbox) = own(n);
        let ender = Ender::start(memory, signal, times);
        let read = sandbox.read_message(&three(2000)).await.unwrap();
        assert_eq!(ender.ended(), times, "{signal}");
        assert_eq!(outcomes(&read.files), ALL_READ, "{signal} {times} times");
        assert_eq!(text(&read.files, "b.pdf"), "done");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_readers_are_killed_each_time_is_not_read_and_the_others_are() {
    let (memory, sandbox) = own(10);
    let ender = Ender::start(memory, Signal::SIGKILL, 3);
    let read = sandbox.read_message(&three(3000)).await.unwrap();
    assert_eq!(ender.ended(), 3);
    assert!(read.message.is_ok());
    let expected = [("a.docx", Outcome::Read), ("b.pdf", Outcome::NotRead), ("c.docx", Outcome::Read)];
    assert_eq!(outcomes(&read.files), expected);
    let detail = read.files[1].reading.detail.as_deref().unwrap();
    assert!(
        detail.starts_with("This file was not read, for each process that was to do it was ended from"),
        "{detail}"
    );
    assert!(detail.ends_with("a person must open it.") && !detail.contains("damage"), "{detail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_end_is_not_heard() {
    let (memory, sandbox) = own(20);
    sandbox.prepare().unwrap();
    until("a child waits", || children(memory).len() == 1).await;
    let before = children(memory);
    let asked = move || {
        for pid in workers(memory).into_keys() {
            send(Signal::SIGTERM, pid);
            send(Signal::SIGINT, pid);
        }
    };
    asked();
    let ender = Ender::of(1, move || children(memory), move |_| asked());
    let read = sandbox.read_message(&three(500)).await.unwrap();
    assert_eq!(ender.ended(), 1);
    assert_eq!(outcomes(&read.files), ALL_READ);
    assert!(before.is_disjoint(&children(memory)), "the one that waited has read it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_file_does_to_its_reader_stays_its_own_fault() {
    let faults = [
        (Signal::SIGABRT, Outcome::Damaged, "broke its reader"),
        (Signal::SIGILL, Outcome::Damaged, "broke its reader"),
        (Signal::SIGFPE, Outcome::Damaged, "broke its reader"),
        (Signal::SIGXCPU, Outcome::TimedOut, "longer than allowed"),
        (Signal::SIGSYS, Outcome::Damaged, "asked for what no reader needs"),
    ];
    for ((signal, outcome, said), n) in faults.into_iter().zip(30..) {
        let (memory, sandbox) = own(n);
        let ender = Ender::start(memory, signal, 1);
        let read = sandbox.read_message(&three(3000)).await.unwrap();
        assert_eq!(ender.ended(), 1);
        assert_eq!(outcomes(&read.files), [("a.docx", Outcome::Read), ("b.pdf", outcome), ("c.docx", Outcome::Read)]);
        assert!(read.files[1].reading.detail.as_deref().unwrap().contains(said), "{signal}: {:?}", read.files[1]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_takes_nothing_with_it_but_its_child() {
    let (memory, sandbox) = own(40);
    let ender = Ender::of(1, move || children(memory), move |child| send(Signal::SIGKILL, workers(memory)[&child]));
    let read = sandbox.read_message(&three(2000)).await.unwrap();
    assert_eq!(ender.ended(), 1);
    assert_eq!(outcomes(&read.files), ALL_READ);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn children_that_died_while_they_waited_count_for_nothing() {
    let memory = (1 << 30) + (1 << 20) + 50 * 4096;
    let sandbox = sandbox(ReadingConfig { memory, children: 5, ..limits() });
    sandbox.prepare().unwrap();
    until("five children wait", || children(memory).len() == 5).await;
    let waiting = children(memory);
    for &pid in &waiting {
        send(Signal::SIGKILL, pid);
    }
    processes::are_gone(&waiting, Duration::from_secs(5));
    // All three attempts are still there for what the file itself meets.
    let ender = Ender::start(memory, Signal::SIGKILL, 2);
    let read = sandbox.read_message(&three(2000)).await.unwrap();
    assert_eq!(ender.ended(), 2);
    assert_eq!(outcomes(&read.files), ALL_READ);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_nobody_lives_to_parse_is_no_reading() {
    let (memory, sandbox) = own(60);
    let lines = "and so it goes on, line by line, without any sense.\r\n".repeat(600_000);
    let raw = [b"From: a@b.test\r\nSubject: long\r\n\r\n", lines.as_bytes()].concat();
    let ender = Ender::start(memory, Signal::SIGKILL, 3);
    let error = sandbox.read_message(&raw).await.unwrap_err();
    assert_eq!(ender.ended(), 3);
    assert!(matches!(error, SandboxError::Killed) && error.is_temporary(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_the_program_is_to_stop_no_end_of_a_child_is_an_outcome() {
    for (signal, n) in [(Some(Signal::SIGKILL), 70), (Some(Signal::SIGABRT), 71), (None, 72)] {
        let memory = (1 << 30) + (1 << 20) + n * 4096;
        let (stop, stopped) = watch::channel(false);
        let limits = ReadingConfig { memory, time_per_file: Duration::from_secs(2), ..limits() };
        let sandbox = sandbox(limits).until(stopped);
        let end = move |pid| {
            stop.send_replace(true);
            if let Some(signal) = signal {
                send(signal, pid);
            }
        };
        let ender = Ender::of(1, move || children(memory), end);
        let read = sandbox.read_message(&three(30_000)).await;
        assert_eq!(ender.ended(), 1);
        assert!(matches!(read, Err(SandboxError::Stopping)), "{signal:?}: {read:?}");
    }
}

/// That a process may do nothing, hears no request, and has a session of its own.
fn stands_apart(pid: u32, session_of: u32) {
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(status(pid, set), "0000000000000000", "{set}");
    }
    if status(pid, "Uid").starts_with("0\t") {
        assert_eq!(status(pid, "CapBnd"), "0000000000000000", "root is nobody here");
    }
    assert_eq!(status(pid, "NoNewPrivs"), "1");
    let deaf = u64::from_str_radix(&status(pid, "SigBlk"), 16).unwrap();
    assert_eq!(deaf & 0x4002, 0x4002, "SIGTERM and SIGINT: {deaf:x}");
    assert_eq!(session(pid), session_of);
    assert_ne!(session(pid), session(std::process::id()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_and_children_stand_apart_and_hold_no_capability() {
    let (memory, sandbox) = own(80);
    sandbox.prepare().unwrap();
    until("a child waits", || children(memory).iter().any(|&pid| status(pid, "Seccomp") == "2")).await;
    let server = *servers(memory).first().unwrap();
    stands_apart(server, server);
    stands_apart(*children(memory).first().unwrap(), server);
    let heard = u64::from_str_radix(&status(std::process::id(), "SigBlk"), 16).unwrap();
    assert_eq!(heard & 0x4002, 0, "whoever starts them hears on");
}

fn shell(script: &str) -> (Program, [String; 3]) {
    let arguments = ["-c".to_owned(), script.to_owned(), "docket-test-of-deaths".to_owned()];
    (Program::new(PROGRAM.into(), "/bin/bash".into(), limits()), arguments)
}

async fn run(script: &str) -> Result<Vec<u8>, Failed> {
    let (program, arguments) = shell(script);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    program.run(&arguments, b"", 1 << 20, Instant::now() + Duration::from_secs(40)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_outside_stand_apart_and_are_run_again_when_they_are_killed() {
    let at_work = |mark: &'static str| {
        move || {
            let mut found = processes::with(mark);
            found.retain(|&pid| status(pid, "Name") == "bash" && status(pid, "Seccomp") == "2");
            found
        }
    };
    let count = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo done;";
    let seen = Ender::of(1, at_work("first-of-deaths"), |pid| {
        stands_apart(pid, pid);
        send(Signal::SIGTERM, pid);
    });
    assert_eq!(run(&format!("{count} : first-of-deaths")).await.unwrap(), b"done\n");
    assert_eq!(seen.ended(), 1);
    let twice = Ender::of(2, at_work("second-of-deaths"), |pid| send(Signal::SIGKILL, pid));
    assert_eq!(run(&format!("{count} : second-of-deaths")).await.unwrap(), b"done\n");
    assert_eq!(twice.ended(), 2);
    let always = Ender::of(3, at_work("third-of-deaths"), |pid| send(Signal::SIGKILL, pid));
    assert!(matches!(run(&format!("{count} : third-of-deaths")).await, Err(Failed::Killed)));
    assert_eq!(always.ended(), 3);
}
