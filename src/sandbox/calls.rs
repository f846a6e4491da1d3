//! What may be asked of the kernel: the system calls of a process that reads.
//!
//! The list is what reading needed over some nine hundred documents, watched call by call, with what the standard library
//! does when memory or the stack ends. Promises that everything else ends the process, but for the few that libraries try
//! and can do without: these fail as on a kernel that does not know them.

use std::collections::BTreeMap;

use nix::{
    errno::Errno,
    libc::{self, c_long},
};
use seccompiler::{
    BackendError as Error, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// The task comes in and the answers go out.
const STREAMS: [c_long; 5] = [libc::SYS_read, libc::SYS_write, libc::SYS_writev, libc::SYS_lseek, libc::SYS_close];
/// Memory of its own; `mmap` and `mprotect` only where nothing in it can be run.
const MEMORY: [c_long; 4] = [libc::SYS_brk, libc::SYS_munmap, libc::SYS_mremap, libc::SYS_madvise];
/// The thread that reads, and the one that waits for it.
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

/// Holds all threads of this process, which reads messages, to the list for good. Whether the kernel does so.
pub(super) fn restrict_reader() -> bool {
    let installed = |program: &BpfProgram| seccompiler::apply_filter_all_threads(program).is_ok();
    of_a_reader().is_ok_and(|programs| programs.iter().all(installed))
}

/// Holds this process, which becomes a program of the system, to the list of such programs for good. Whether the kernel
/// does so.
pub(super) fn restrict_program() -> bool {
    of_a_program().is_ok_and(|program| seccompiler::apply_filter(&program).is_ok())
}

/// The first says what fails, the second what may be asked at all; the stricter answer of the two counts. Under the second
/// none can be installed any more.
fn of_a_reader() -> Result<[BpfProgram; 2], Error> {
    let refused = || REFUSED.into_iter().chain(REFUSED_OLD);
    let mut allowed =
        without_conditions(STREAMS.into_iter().chain(MEMORY).chain(THREADS).chain(TIME).chain(ENDING).chain(refused()));
    let not_to_be_run = SeccompCmpOp::MaskedEq(u64::from(libc::PROT_EXEC.unsigned_abs()));
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        allowed.insert(call, vec![rule(&[(2, not_to_be_run.clone(), 0)])?]);
    }
    let own = u64::from(std::process::id());
    allowed.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Eq, own)])?]);
    let its_time = [(0, SeccompCmpOp::Eq, 0), (1, SeccompCmpOp::Eq, u64::from(libc::RLIMIT_CPU))];
    allowed.insert(libc::SYS_prlimit64, vec![rule(&its_time)?]);
    let unknown = SeccompAction::Errno(Errno::ENOSYS as u32);
    Ok([
        program(without_conditions(refused()), SeccompAction::Allow, unknown)?,
        program(allowed, SeccompAction::KillProcess, SeccompAction::Allow)?,
    ])
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

/// The filter of a program of the system.
fn of_a_program() -> Result<BpfProgram, Error> {
    let of_both = STREAMS.into_iter().chain(MEMORY).chain(THREADS).chain(TIME).chain(ENDING);
    let mut allowed = without_conditions(of_both.chain(PROGRAM).chain(PROGRAM_OLD));
    let own = u64::from(std::process::id());
    allowed.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Eq, own)])?]);
    // Limits are looked at, and not set: there is no new one.
    allowed.insert(libc::SYS_prlimit64, vec![rule(&[(2, SeccompCmpOp::Eq, 0)])?]);
    let refused = SeccompAction::Errno(Errno::EPERM as u32);
    program(allowed, refused, SeccompAction::Allow)
}

fn without_conditions(calls: impl Iterator<Item = c_long>) -> BTreeMap<i64, Vec<SeccompRule>> {
    calls.map(|call| (call, Vec::new())).collect()
}

/// A call with these arguments: the place of each, and what it must be.
fn rule(arguments: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule, Error> {
    let conditions: Result<Vec<_>, _> = arguments
        .iter()
        .map(|(place, compared, with)| SeccompCondition::new(*place, SeccompCmpArgLen::Qword, compared.clone(), *with))
        .collect();
    SeccompRule::new(conditions?)
}

fn program(
    calls: BTreeMap<i64, Vec<SeccompRule>>,
    others: SeccompAction,
    these: SeccompAction,
) -> Result<BpfProgram, Error> {
    let filter = SeccompFilter::new(calls, others, these, std::env::consts::ARCH.try_into()?)?;
    filter.try_into()
}
