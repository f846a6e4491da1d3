//! Programs of the system, held to what they need: a shell stands for one that a document has taken over.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant as Clock},
};

use docket::{
    config::{Enforce, ReadingConfig},
    sandbox::{Failed, Program},
};
use nix::libc;
use tokio::time::Instant;

use super::{
    kernels::{await_here, without},
    limits,
};
use crate::fixture::intake::PROGRAM;

const MOST: usize = 1 << 20;

fn shell(limits: ReadingConfig) -> Program {
    Program::new(PROGRAM.into(), "/bin/bash".into(), limits)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// What a script writes that is given some input.
async fn written(script: &str, input: &str) -> Result<String, Failed> {
    let written = shell(limits()).run(&["-c", script], input.as_bytes(), MOST, soon()).await?;
    Ok(String::from_utf8(written).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_has_its_input_its_output_and_no_environment() {
    let script = "read -r line; echo \"heard $line\"; export -p";
    let said = written(script, "something\n").await.unwrap();
    assert!(said.starts_with("heard something\n"), "{said}");
    assert!(!said.contains("CARGO") && !said.contains("HOME"), "{said}");
    let large = "x".repeat(3 << 20);
    assert_eq!(written("echo done", &large).await.unwrap(), "done\n", "input that nobody reads stops nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reads_the_files_of_the_system_and_no_other_and_writes_none() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, new) = (folder.path().join("secret"), folder.path().join("new"));
    fs::write(&secret, "the secret\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o666)).unwrap();
    let reads = |path: &str| format!("if read -r line < {path}; then echo \"read $line\"; else echo refused; fi");
    for path in [secret.to_str().unwrap(), "/etc/passwd", "/proc/self/status"] {
        assert_eq!(written(&reads(path), "").await.unwrap(), "refused\n", "{path}");
    }
    let licences = fs::read_dir("/usr/share").unwrap().count();
    let said = written("set -- /usr/share/*; echo $#", "").await.unwrap();
    assert_eq!(said.trim(), licences.to_string(), "the system's own can be read");
    for path in [&new, &secret] {
        let script = format!("if echo x > {}; then echo wrote; else echo refused; fi", path.display());
        assert_eq!(written(&script, "").await.unwrap(), "refused\n", "{}", path.display());
    }
    assert!(!new.exists());
    assert_eq!(fs::read_to_string(secret).unwrap(), "the secret\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    for kind in ["tcp", "udp"] {
        let place = format!("/dev/{kind}/127.0.0.1/{}", listener.local_addr().unwrap().port());
        let script = format!("if exec 3<>{place}; then echo connected; else echo refused; fi");
        assert_eq!(written(&script, "").await.unwrap(), "refused\n", "{kind}");
    }
    assert!(listener.accept().is_err(), "nobody came");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_becomes_no_other_program_and_starts_none() {
    let script = "shopt -s execfail; exec /bin/echo became || echo refused";
    assert_eq!(written(script, "").await.unwrap(), "refused\n");
    let started = written("echo before; (echo child); echo after", "").await;
    assert!(!started.is_ok_and(|said| said.contains("child")), "a shell may give up where it cannot start another");
    let bomb = "bomb() { bomb & bomb; }; bomb";
    let begun = Clock::now();
    let ended = written(bomb, "").await;
    assert!(ended.is_err() && begun.elapsed() < Duration::from_secs(25), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn output_and_memory_without_end_are_ended() {
    let flood = written("while :; do echo more and more; done", "").await;
    assert!(matches!(flood, Err(Failed::TooMuch)), "{flood:?}");
    let hungry = written("x=aaaaaaaa; while :; do x=$x$x; done", "").await;
    assert!(matches!(hungry, Err(Failed::Ended(_))), "{hungry:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_never_ends_is_ended_in_its_time_and_leaves_nobody_behind() {
    for script in ["while :; do :; done", "exec >&-; while :; do :; done", "trap '' TERM HUP INT; read -r line"] {
        // This number is in no other process's arguments.
        let limits = ReadingConfig { memory: (1 << 30) + 12288, ..limits() };
        let until = Instant::now() + Duration::from_secs(2);
        let input = vec![b'x'; 4 << 20];
        let ended = shell(limits).run(&["-c", script, "docket-test-that-never-ends"], &input, MOST, until).await;
        assert!(matches!(ended, Err(Failed::TimedOut | Failed::Ended(_))), "{script}: {ended:?}");
        super::until("it is gone", || {
            let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
            let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
            !lines.map(|line| String::from_utf8_lossy(&line).into_owned()).any(|line| line.contains("test-that-never"))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_program_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    fs::write(&script, "#!/bin/sh\necho hello\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    for place in [script, folder.path().join("missing")] {
        let ran = Program::new(PROGRAM.into(), place, limits()).run(&[], b"", MOST, soon()).await;
        assert!(matches!(ran, Err(Failed::NotRun)), "{ran:?}");
    }
    let ran = Program::new("/nowhere/docket".into(), "/bin/true".into(), limits()).run(&[], b"", MOST, soon()).await;
    assert!(matches!(ran, Err(Failed::NotStarted(_))), "{ran:?}");
}

#[test]
fn on_a_weaker_kernel_none_is_run_unless_less_is_enough() {
    for call in [libc::SYS_landlock_create_ruleset, libc::SYS_seccomp] {
        without(call, || {
            await_here(async {
                let strict = shell(limits()).run(&["-c", "echo ran"], b"", MOST, soon()).await;
                assert!(matches!(strict, Err(Failed::NotHeld)), "{strict:?}");
                let best = ReadingConfig { sandbox: Enforce::Best, ..limits() };
                assert_eq!(shell(best).run(&["-c", "echo ran"], b"", MOST, soon()).await.unwrap(), b"ran\n");
            });
        });
    }
}
