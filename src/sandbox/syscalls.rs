//! What may be asked of the kernel: the system calls of a process that reads.
//!
//! The list is what reading needed over some nine hundred documents, watched call by call, with what the standard library
//! does when memory or the stack ends. Promises that everything else ends the process, but for the few that libraries try
//! and can do without: these fail as on a kernel that does not know them.

use nix::libc::{self, c_long};
use seccompiler::BpfProgram;

use super::filter::{self, Argument, Others, Rules};

/// The task comes in and the answers go out.
const STREAMS: [c_long; 5] = [libc::SYS_read, libc::SYS_write, libc::SYS_writev, libc::SYS_lseek, libc::SYS_close];
/// Memory of its own; `mmap` and `mprotect` only where nothing in it can be run.
const MEMORY: [c_long; 4] = [libc::SYS_brk, libc::SYS_munmap, libc::SYS_mremap, libc::SYS_madvise];
/// What guards the things that threads would share.
const THREADS: [c_long; 3] = [libc::SYS_futex, libc::SYS_sched_yield, libc::SYS_sched_getaffinity];
/// Time and dice, where the kernel does not give them without a call.
const TIME: [c_long; 3] = [libc::SYS_clock_gettime, libc::SYS_clock_nanosleep, libc::SYS_getrandom];
/// How a process ends, well or not: the signal of an overflow is caught to say so.
const ENDING: [c_long; 9] = [
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];
/// A library counts the processors by way of files, starts a thread for each, and goes on without.
const REFUSED: [c_long; 9] = [
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_statx,
    libc::SYS_newfstatat,
    libc::SYS_fstat,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
    libc::SYS_clone,
    libc::SYS_clone3,
];
/// The same by their old numbers, which newer machines do not have.
#[cfg(target_arch = "x86_64")]
const REFUSED_OLD: [c_long; 5] =
    [libc::SYS_open, libc::SYS_stat, libc::SYS_lstat, libc::SYS_readlink, libc::SYS_access];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_OLD: [c_long; 0] = [];

/// Holds this process, which reads messages, to the list for good. Whether the kernel does so.
pub(super) fn restrict_reader() -> bool {
    of_a_reader().is_some_and(|program| seccompiler::apply_filter(&program).is_ok())
}

/// Holds this process, which becomes a program of the system, to the list of such programs for good. Whether the kernel
/// does so.
pub(super) fn restrict_program() -> bool {
    of_a_program().is_some_and(|program| seccompiler::apply_filter(&program).is_ok())
}

fn of_a_reader() -> Option<BpfProgram> {
    let not_to_be_run = || vec![Argument::Without(2, libc::PROT_EXEC.unsigned_abs())];
    filter::program(&Rules {
        allowed: of_both().collect(),
        where_so: vec![
            (libc::SYS_mmap, not_to_be_run()),
            (libc::SYS_mprotect, not_to_be_run()),
            (libc::SYS_tgkill, vec![to_itself()]),
            // Its own time, file by file.
            (libc::SYS_prlimit64, vec![Argument::Is(0, 0), Argument::Is(1, u64::from(libc::RLIMIT_CPU))]),
        ],
        unknown: REFUSED.into_iter().chain(REFUSED_OLD).collect(),
        others: Others::End,
    })
}

fn of_both() -> impl Iterator<Item = c_long> {
    STREAMS.into_iter().chain(MEMORY).chain(THREADS).chain(TIME).chain(ENDING)
}

fn to_itself() -> Argument {
    Argument::Is(0, u64::from(std::process::id()))
}

/// What else a program of the system needs to start and to look at its own files. What it asks beyond fails: such programs
/// try many things, and can do without.
const PROGRAM: [c_long; 31] = [
    libc::SYS_execve,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_openat,
    libc::SYS_pread64,
    libc::SYS_readv,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_fadvise64,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getppid,
    libc::SYS_getpgid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
];
#[cfg(target_arch = "x86_64")]
const PROGRAM_OLD: [c_long; 9] = [
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_dup2,
    libc::SYS_getpgrp,
    libc::SYS_arch_prctl,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const PROGRAM_OLD: [c_long; 0] = [];

fn of_a_program() -> Option<BpfProgram> {
    filter::program(&Rules {
        allowed: of_both().chain(PROGRAM).chain(PROGRAM_OLD).collect(),
        where_so: vec![
            (libc::SYS_tgkill, vec![to_itself()]),
            // Limits are looked at, and not set: there is no new one.
            (libc::SYS_prlimit64, vec![Argument::Is(2, 0)]),
        ],
        unknown: Vec::new(),
        others: Others::Fail,
    })
}
