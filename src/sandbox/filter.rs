//! A filter of system calls as the kernel runs it: one comparison a call, so that a short life does not begin with a long
//! preparation.
//!
//! The kernel goes through the whole of a filter once for every call it knows when one is installed: a fifth of the length
//! is a fifth of that time.

use nix::{
    errno::Errno,
    libc::{self, c_long},
};
use seccompiler::{BpfProgram, sock_filter};

/// What becomes of the calls of a process.
pub(super) struct Rules {
    /// These are allowed.
    pub(super) allowed: Vec<c_long>,
    /// These where all of it is so.
    pub(super) where_so: Vec<(c_long, Vec<Argument>)>,
    /// These fail as on a kernel that does not know them.
    pub(super) unknown: Vec<c_long>,
    /// All others.
    pub(super) others: Others,
}

/// What an argument must be, by its place.
pub(super) enum Argument {
    Is(u32, u64),
    /// None of these bits is set.
    Without(u32, u32),
}

/// What becomes of a call that no rule names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// It ends the process.
    End,
    /// It fails.
    Fail,
}

/// The architecture as the kernel names it to a filter, for a call of another has other numbers.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<u32> = Some(0xC000_003E);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<u32> = Some(0xC000_00B7);
#[cfg(target_arch = "riscv64")]
const ARCHITECTURE: Option<u32> = Some(0xC000_00F3);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
const ARCHITECTURE: Option<u32> = None;

// The instructions that are used, and what lies where in what a filter sees of a call.
const LOAD: u16 = 0x20;
const AND: u16 = 0x54;
const IS_EQUAL: u16 = 0x15;
const ANSWER: u16 = 0x06;
const AT_NUMBER: u32 = 0;
const AT_ARCHITECTURE: u32 = 4;
const AT_ARGUMENTS: u32 = 16;

/// The filter; `None` on a machine for which there is none.
pub(super) fn program(rules: &Rules) -> Option<BpfProgram> {
    let others = match rules.others {
        Others::End => libc::SECCOMP_RET_KILL_PROCESS,
        Others::Fail => failure(Errno::EPERM),
    };
    let mut program =
        vec![load(AT_ARCHITECTURE), when(ARCHITECTURE?, 1), answer(libc::SECCOMP_RET_KILL_PROCESS), load(AT_NUMBER)];
    for (call, arguments) in &rules.where_so {
        let tests: Vec<Vec<sock_filter>> = arguments.iter().map(Argument::test).collect();
        let mut left: usize = tests.iter().map(Vec::len).sum();
        program.push(unless(number(*call)?, u8::try_from(left + 2).ok()?));
        for test in tests {
            for mut step in test {
                left -= 1;
                if step.code == IS_EQUAL {
                    // Past the other tests, and past the answer that allows it.
                    step.jf = u8::try_from(left + 1).ok()?;
                }
                program.push(step);
            }
        }
        program.extend([answer(libc::SECCOMP_RET_ALLOW), answer(others)]);
    }
    let mut left = rules.allowed.len() + rules.unknown.len();
    for (calls, answers) in [(&rules.allowed, 0), (&rules.unknown, 1)] {
        for call in calls {
            left -= 1;
            // Past the calls that follow and the answer for all others.
            program.push(when(number(*call)?, u8::try_from(left + 1 + answers).ok()?));
        }
    }
    program.extend([answer(others), answer(libc::SECCOMP_RET_ALLOW), answer(failure(Errno::ENOSYS))]);
    Some(program)
}

impl Argument {
    /// Tests that fail by the jump that is still to be filled in.
    fn test(&self) -> Vec<sock_filter> {
        match *self {
            Self::Is(place, value) => {
                let [low, high] =
                    [value & 0xFFFF_FFFF, value >> 32].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
                let at = AT_ARGUMENTS + 8 * place;
                vec![load(at), when(low, 0), load(at + 4), when(high, 0)]
            }
            Self::Without(place, bits) => {
                vec![load(AT_ARGUMENTS + 8 * place), step(AND, bits, 0, 0), when(0, 0)]
            }
        }
    }
}

fn number(call: c_long) -> Option<u32> {
    u32::try_from(call).ok()
}

fn failure(error: Errno) -> u32 {
    libc::SECCOMP_RET_ERRNO | (error as u32 & libc::SECCOMP_RET_DATA)
}

fn step(code: u16, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

fn load(at: u32) -> sock_filter {
    step(LOAD, at, 0, 0)
}

fn answer(with: u32) -> sock_filter {
    step(ANSWER, with, 0, 0)
}

/// Goes on so many steps farther where it is equal.
fn when(value: u32, farther: u8) -> sock_filter {
    step(IS_EQUAL, value, farther, 0)
}

/// Goes on so many steps farther where it is not.
fn unless(value: u32, farther: u8) -> sock_filter {
    step(IS_EQUAL, value, 0, farther)
}
