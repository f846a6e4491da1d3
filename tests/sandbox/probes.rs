//! A reader that a document has taken over: whatever it tries, it reaches nothing and ends alone.
//!
//! Each act is asked for by a file between two good ones, in the child of the development build.

use std::{fs, net::TcpListener, os::unix::net::UnixListener, time::Duration};

use docket::{
    config::ReadingConfig,
    core::file::{Outcome, Reading},
};

use super::{limits, outcomes, sandbox};
use crate::fixture::intake::{document, mail};

/// What the second sentence of a file says that was ended for what it asked of the kernel.
const ENDED: &str = "asked for what no reader needs";

/// A message whose second file does something; its reading, when the files around it and the next message are read.
pub async fn tried(limits: ReadingConfig, act: &str) -> Reading {
    let sandbox = sandbox(limits);
    let (probe, small) = (format!("docket-probe {act}\n"), document(50));
    let files: [(&str, &[u8]); 3] = [("a.docx", &small), ("p.txt", probe.as_bytes()), ("c.docx", &small)];
    let mut read = sandbox.read_message(&mail("m", "Ministry <post@mfa.no>", "Input", &files)).await.unwrap();
    let names: Vec<_> = outcomes(&read.files).into_iter().filter(|(name, _)| *name != "p.txt").collect();
    assert_eq!(names, [("a.docx", Outcome::Read), ("c.docx", Outcome::Read)], "{act}");
    let next = sandbox.read_document("d.docx", &small).await.unwrap();
    assert_eq!(outcomes(&next), [("d.docx", Outcome::Read)], "the next message after: {act}");
    read.files.remove(1).reading
}

async fn is_refused(act: &str) {
    let reading = tried(limits(), act).await;
    assert!(reading.text.starts_with("refused: "), "{act}: {reading:?}");
}

async fn is_ended(act: &str) {
    let reading = tried(limits(), act).await;
    assert_eq!((reading.outcome, reading.text.as_str()), (Outcome::Damaged, ""), "{act}");
    assert!(reading.detail.as_ref().is_some_and(|detail| detail.contains(ENDED)), "{act}: {reading:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_is_opened_made_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (there, new) = (folder.path().join("there"), folder.path().join("new"));
    fs::write(&there, "a secret").unwrap();
    for path in ["/etc/passwd", "/proc/self/maps", "/dev/null", there.to_str().unwrap()] {
        is_refused(&format!("open {path}")).await;
    }
    is_refused(&format!("create {}", new.display())).await;
    is_ended(&format!("remove {}", there.display())).await;
    assert!(there.exists() && !new.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_socket_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = folder.path().join("socket");
    let socket = UnixListener::bind(&place).unwrap();
    socket.set_nonblocking(true).unwrap();
    is_ended(&format!("connect {}", listener.local_addr().unwrap())).await;
    is_ended("listen 127.0.0.1:0").await;
    is_ended("datagram 127.0.0.1:0").await;
    is_ended(&format!("socket {}", place.display())).await;
    is_ended(&format!("socket-file {}", folder.path().join("other").display())).await;
    assert!(listener.accept().is_err() && socket.accept().is_err(), "nobody came");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_hand_outlives_its_reader() {
    let in_hand = "refused: no such act";
    for act in ["overflow", "loop"] {
        let limits = ReadingConfig { time_per_file: Duration::from_secs(2), ..limits() };
        let reading = tried(limits, &format!("in-hand {act}")).await;
        assert_eq!((reading.outcome, reading.text.as_str()), (Outcome::Read, in_hand), "{act}: {reading:?}");
    }
    assert_eq!(tried(limits(), "in-hand none").await.text, in_hand, "the answer itself, where there is one");
    // What tries to break out is believed nothing.
    is_ended("in-hand become /bin/true").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_program_is_run() {
    is_ended("become /bin/true").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_process_and_no_thread_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("started");
    let reading = tried(limits(), &format!("start /usr/bin/touch {}", mark.display())).await;
    assert!(reading.text.starts_with("refused: ") || reading.outcome == Outcome::Damaged, "{reading:?}");
    assert!(!mark.exists());
    is_refused("thread").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_process_is_traced_or_signalled() {
    is_ended("trace").await;
    is_ended("signal").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_limit_is_raised() {
    is_ended("raise").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_that_there_is_not_and_a_stack_that_ends_end_the_child_alone() {
    for act in ["allocate", "overflow"] {
        let reading = tried(limits(), act).await;
        assert_eq!((reading.outcome, reading.text.as_str()), (Outcome::Damaged, ""), "{act}");
        assert!(
            reading.detail.as_ref().is_some_and(|detail| detail.contains("broke its reader")),
            "{act}: {reading:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_room_for_documents_that_lie_deep_in_each_other() {
    assert_eq!(tried(limits(), "deep").await.text, "done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loop_without_end_and_one_that_only_waits_are_ended_by_their_time() {
    let busy = ReadingConfig { cpu_per_file: Duration::from_secs(1), ..limits() };
    let idle = ReadingConfig { time_per_file: Duration::from_millis(1500), ..limits() };
    for (limits, act) in [(busy, "loop"), (idle, "linger")] {
        let reading = tried(limits, act).await;
        assert_eq!((reading.outcome, reading.text.as_str()), (Outcome::TimedOut, ""), "{act}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn output_without_end_ends_the_child_alone() {
    let reading = tried(limits(), "flood").await;
    assert_eq!((reading.outcome, reading.text.as_str()), (Outcome::Damaged, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_without_end_are_not_listened_to_for_ever() {
    let sandbox = sandbox(limits());
    let files: [(&str, &[u8]); 1] = [("p.txt", b"docket-probe flood-of-answers\n")];
    let read = sandbox.read_message(&mail("m", "Ministry <post@mfa.no>", "Input", &files)).await.unwrap();
    assert_eq!(read.files[0].reading.outcome, Outcome::NotRead, "what it said of its own file");
    assert_eq!(read.files[1].reading.outcome, Outcome::Damaged, "and what was there instead of an end");
    assert_eq!(read.files.len(), 2);
}
