//! How a process gives up, for good, what it does not need: limits, privileges, files, system calls.
//!
//! Promises that nothing of it can be taken back, and says what the kernel did not take. Everything here is the process's
//! own doing, before it looks at a byte that a stranger wrote.

use std::{io, path::Path};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetStatus, Scope,
};
use nix::sys::prctl;
use rlimit::Resource;
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, capability_is_in_bounding_set, remove_capability_from_bounding_set,
    set_capabilities,
};

/// The newest Landlock that is asked for; an older kernel enforces what it knows of it.
const LANDLOCK: ABI = ABI::V7;

/// Bytes of stack. The kernel keeps twice as much free below the stack of every process.
const STACK: u64 = 64 << 20;

/// Memory in bytes and processor time in seconds; no file is written, and nothing that the process holds in memory is left
/// behind when it dies.
pub(super) fn limits(memory: u64, cpu: u64) -> io::Result<()> {
    Resource::CORE.set(0, 0)?;
    Resource::AS.set(memory, memory)?;
    Resource::FSIZE.set(0, 0)?;
    processor_time(cpu)?;
    // A dump that a program of the system collects is not bound by the limit; and nobody looks into the process meanwhile.
    Ok(prctl::set_dumpable(false)?)
}

/// Seconds of processor time, all in all, after which the process ends.
pub(super) fn processor_time(seconds: u64) -> io::Result<()> {
    Resource::CPU.set(seconds, rlimit::INFINITY)
}

/// Gives the process, and those that it forks, room to walk deeply nested documents, as far as the system lets it.
pub(super) fn stack() -> io::Result<()> {
    let (_, most) = Resource::STACK.get()?;
    let room = STACK.min(most);
    Resource::STACK.set(room, room)
}

/// Gives up every capability and every way to gain one, whoever runs the program: root is nobody here.
pub(super) fn privileges() -> io::Result<()> {
    // Who may not narrow what programs can gain has nothing that they could gain from here on, either.
    if capabilities(None)?.effective.contains(CapabilitySet::SETPCAP) {
        for capability in (0..u64::BITS).map(|n| CapabilitySet::from_bits_retain(1 << n)) {
            // A kernel knows fewer than there are bits.
            if capability_is_in_bounding_set(capability).unwrap_or(false) {
                remove_capability_from_bounding_set(capability)?;
            }
        }
    }
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    Ok(prctl::set_no_new_privs()?)
}

/// Lets a process open no file, reach no port and call no process from here on but what `readable` (read below these)
/// and `programs` (run these) name. Whether the kernel does so.
pub(super) fn files(readable: &[&Path], programs: &[&Path]) -> io::Result<bool> {
    let restrict = || -> Result<_, landlock::RulesetError> {
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(LANDLOCK))?
            .handle_access(AccessNet::from_all(LANDLOCK))?
            .scope(Scope::from_all(LANDLOCK))?
            .create()?;
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        for (paths, access) in [(readable, read), (programs, AccessFs::ReadFile | AccessFs::Execute)] {
            for path in paths {
                // What is not there needs no rule.
                let Ok(place) = PathFd::new(path) else { continue };
                let access = if path.is_dir() { access } else { access & AccessFs::from_file(LANDLOCK) };
                rules = rules.add_rule(PathBeneath::new(place, access))?;
            }
        }
        rules.restrict_self()
    };
    let status = restrict().map_err(io::Error::other)?;
    Ok(status.no_new_privs && status.ruleset != RulesetStatus::NotEnforced)
}

/// Lets a process open nothing more, whatever the kernel knows of Landlock: its three streams are all it has.
pub(super) fn descriptors() -> io::Result<()> {
    Resource::NOFILE.set(3, 3)
}
