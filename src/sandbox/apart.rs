//! Processes that stand apart from the one that starts them: a request to end is not for them, and they end with it.
//!
//! Ctrl-C and service managers ask a whole group of processes to end, and mean the program: it finishes what these do for
//! it, or gives it back. Promises that such a process is deaf to requests from its first moment on and has a session of its
//! own, and that whatever it is at, even if it is halted, it ends when the one that started it does.

use std::{
    io,
    os::unix::process::ExitStatusExt as _,
    process::{self, ExitStatus},
};

use nix::{
    sys::{
        prctl,
        signal::{SigSet, SigmaskHow, Signal},
    },
    unistd,
};
use tokio::process::{Child, Command};

/// The signals by which a process is asked to end.
const REQUESTS: [Signal; 2] = [Signal::SIGTERM, Signal::SIGINT];

/// The signals that tell nothing of what a process was at: somebody sent them, or the kernel in want of memory.
const FROM_OUTSIDE: [Signal; 5] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGKILL, Signal::SIGTERM];

/// How often it is tried to have something read when what reads it is ended from outside each time.
pub const ATTEMPTS: u32 = 3;

/// Starts a process that is to stand apart, deaf to requests.
pub(super) fn start(command: &mut Command) -> io::Result<Child> {
    // What a process does not hear is passed on to those that it starts.
    let heard = requests().thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let started = command.spawn();
    heard.thread_set_mask()?;
    started
}

/// The number of this process, by which those that it starts know it.
pub(super) fn own_number() -> String {
    process::id().to_string()
}

/// Has this process stand apart from the one that started it, which has that number.
///
/// # Errors
/// That one is gone already, or it cannot be done.
pub(super) fn stand(parent: u32) -> io::Result<()> {
    requests().thread_block()?;
    unistd::setsid()?;
    end_with(parent)
}

/// Has this process end with the one that started it, which has that number.
///
/// # Errors
/// That one is gone already.
pub(super) fn end_with(parent: u32) -> io::Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    let is_there = u32::try_from(unistd::getppid().as_raw()).is_ok_and(|number| number == parent);
    is_there.then_some(()).ok_or_else(|| io::Error::other("who started it is gone"))
}

/// Whether a process ended by a signal that tells nothing of what it was at.
pub(super) fn is_from_outside(status: ExitStatus) -> bool {
    status.signal().is_some_and(|signal| FROM_OUTSIDE.iter().any(|outside| *outside as i32 == signal))
}

fn requests() -> SigSet {
    REQUESTS.into_iter().collect()
}
