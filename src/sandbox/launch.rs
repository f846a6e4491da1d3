//! The launcher: restricts itself, and becomes a program of the system that reads what strangers sent.
//!
//! Such a program stands [apart](super::apart), and has no capabilities. It may read the files of the system that it is made of, its standard input, and nothing else; it writes to
//! its standard output alone. It starts no other program and no thread, and reaches no network.

use std::{io, os::unix::process::CommandExt as _, path::Path, process::Command};

use rlimit::Resource;

use super::{apart, enforced::Enforced, protocol::WEAKER, restrict, syscalls};

/// What programs are made of: libraries, fonts, tables. What is not there is no matter.
const SYSTEM: [&str; 11] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share",
    "/usr/local/lib",
    "/usr/local/share",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/localtime",
    "/dev/null",
];
/// What starts a program that is linked with libraries.
const LOADERS: [&str; 5] = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-linux-riscv64-lp64d.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];
/// Files that a program may have open.
const FILES: u64 = 64;

/// How the launcher ends where it does not become the program.
pub(super) const NOT_HELD: u8 = 125;
/// How it ends where there is no such program, or none that can be run by itself.
pub(super) const NOT_RUN: u8 = 126;

/// Becomes the program, as the arguments say: bytes of address space, seconds of processor time, whether a kernel that does
/// less is enough, the number of the parent, the program, and its own arguments. Yields with what exit status it did not.
#[must_use]
pub fn run(arguments: &[String]) -> u8 {
    let [memory, cpu, weaker, parent, program, arguments @ ..] = arguments else { return NOT_HELD };
    let (Ok(memory), Ok(cpu), Ok(parent)) = (memory.parse(), cpu.parse(), parent.parse()) else { return NOT_HELD };
    if apart::stand(parent).is_err() {
        return NOT_HELD;
    }
    let Ok(place) = Path::new(program).canonicalize() else { return NOT_RUN };
    match restrict_for(&place, memory, cpu) {
        Ok(enforced) if enforced.is_whole() || weaker == WEAKER => {
            // Comes back only where it failed.
            let _error = Command::new(place).args(arguments).exec();
            NOT_RUN
        }
        _ => NOT_HELD,
    }
}

fn restrict_for(program: &Path, memory: u64, cpu: u64) -> io::Result<Enforced> {
    restrict::limits(memory, cpu)?;
    Resource::NOFILE.set(FILES, FILES)?;
    restrict::privileges()?;
    let runnable: Vec<&Path> = LOADERS.iter().map(Path::new).chain([program]).collect();
    let files = restrict::files(&SYSTEM.map(Path::new), &runnable)?;
    Ok(Enforced { files, calls: syscalls::restrict_program() })
}
