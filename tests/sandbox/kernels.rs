//! Kernels that lack what the sandbox is made of: nothing is read there without being asked for, and it is said.
//!
//! A filter of system calls stands for such a kernel: what is started under it asks for Landlock, or for seccomp, and hears
//! that there is no such thing.

use std::{collections::BTreeMap, fs, thread};

use docket::{
    config::{Enforce, ReadingConfig},
    sandbox::{Enforced, SandboxError},
};
use nix::libc;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use super::{limits, probes::tried, sandbox};
use crate::fixture::{
    intake::good_mail,
    program::{House, docket, free_port, get},
};

/// Does something on a kernel that does not know a system call.
pub fn without<T: Send + 'static>(call: libc::c_long, work: impl FnOnce() -> T + Send + 'static) -> T {
    let work = move || {
        let unknown = SeccompAction::Errno(u32::try_from(libc::ENOSYS).unwrap());
        let rules = BTreeMap::from([(call, Vec::new())]);
        let arch = std::env::consts::ARCH.try_into().unwrap();
        let filter: BpfProgram =
            SeccompFilter::new(rules, SeccompAction::Allow, unknown, arch).unwrap().try_into().unwrap();
        seccompiler::apply_filter(&filter).unwrap();
        work()
    };
    thread::spawn(work).join().unwrap()
}

pub fn await_here<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn best() -> ReadingConfig {
    ReadingConfig { sandbox: Enforce::Best, ..limits() }
}

#[tokio::test]
async fn this_kernel_does_all_of_it() {
    let enforced = sandbox(limits()).try_out().await.unwrap();
    assert_eq!((enforced, enforced.lacking()), (Enforced { files: true, calls: true }, None));
}

#[test]
fn without_landlock_nothing_is_read_unless_less_is_enough() {
    without(libc::SYS_landlock_create_ruleset, || {
        await_here(async {
            let strict = sandbox(limits());
            let error = strict.try_out().await.unwrap_err();
            let said = error.to_string();
            assert!(matches!(error, SandboxError::Weak(_)) && !error.is_temporary());
            assert!(said.contains("Landlock") && said.contains("sandbox = \"best\""), "{said}");
            let refused = strict.read_message(&good_mail("m")).await;
            assert!(matches!(refused, Err(SandboxError::Weak(_))), "{refused:?}");
            let enforced = sandbox(best()).try_out().await.unwrap();
            assert_eq!(enforced, Enforced { files: false, calls: true });
            let reading = tried(best(), "open /etc/passwd").await;
            assert!(reading.text.starts_with("refused: "), "{reading:?}");
        });
    });
}

#[test]
fn without_seccomp_nothing_is_read_unless_less_is_enough() {
    without(libc::SYS_seccomp, || {
        await_here(async {
            let error = sandbox(limits()).try_out().await.unwrap_err();
            assert!(error.to_string().contains("seccomp"), "{error}");
            let enforced = sandbox(best()).try_out().await.unwrap();
            assert_eq!(enforced, Enforced { files: true, calls: false });
            let folder = tempfile::tempdir().unwrap();
            let there = folder.path().join("there");
            fs::write(&there, "").unwrap();
            // What Landlock and the limits hold by themselves.
            for act in [
                "open /etc/passwd",
                &format!("remove {}", there.display()),
                "become /bin/true",
                "connect 127.0.0.1:25",
                "start /bin/true",
            ] {
                let reading = tried(best(), act).await;
                assert!(reading.text.starts_with("refused: "), "{act}: {reading:?}");
            }
            assert!(there.exists());
        });
    });
}

#[test]
fn the_daemon_does_not_start_on_a_weaker_kernel_and_says_how_it_would() {
    without(libc::SYS_landlock_create_ruleset, || {
        let house = House::with("");
        let ran = house.docket(&["run"]);
        assert_eq!(ran.status, Some(1), "{}", ran.err);
        assert!(ran.err.contains("Landlock") && ran.err.contains("sandbox = \"best\""), "{}", ran.err);
        let ran = house.docket(&["check"]);
        assert_eq!(ran.status, Some(1), "{}", ran.out);
        assert!(ran.out.contains("reading: This kernel does not keep the processes"), "{}", ran.out);
        let mail = house.folder().join("good.eml");
        fs::write(&mail, good_mail("m")).unwrap();
        let inspected = docket(house.folder(), &["inspect", "--json", mail.to_str().unwrap()]).json();
        assert_eq!(inspected[0]["attachments"][0]["reading"]["outcome"], "read");
    });
}

#[test]
fn on_a_weaker_kernel_the_daemon_reads_when_told_so_and_its_pages_say_what_is_missing() {
    without(libc::SYS_landlock_create_ruleset, || {
        let port = free_port();
        let more = format!("[reading]\nsandbox = \"best\"\n[web]\nlisten = \"127.0.0.1:{port}\"\n");
        let house = House::with(&more);
        let said = house.docket(&["check"]).done();
        assert!(said.contains("reading: This kernel does not keep the processes"), "{said}");
        house.deliver("1.good", &good_mail("m"));
        let mut daemon = house.start(&[]);
        daemon.until("it is read", || house.number("SELECT COUNT(*) FROM submission") == Some(1));
        let (status, page) = get(port, "/");
        assert_eq!(status, 200);
        assert!(page.contains("This kernel does not keep the processes that read away from files"), "{page}");
        assert!(daemon.stop().success());
    });
}

#[test]
fn a_kernel_that_does_all_is_said_to() {
    let house = House::with("");
    let said = house.docket(&["check"]).done();
    assert!(said.contains("reading: files, the network and other programs are out of its reach"), "{said}");
}
