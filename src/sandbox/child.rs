//! The child as the cage has it: restricts itself, says how far, and does its work.
//!
//! It is forked from a [server](super::fork_server) that is restricted already, and owns nothing but its standard streams. The
//! last restrictions come before the first byte is read, and whatever reading then does, it is done with them.

use std::{
    io::{self, Read as _, Write as _},
    panic::{self, AssertUnwindSafe},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{enforced::Enforced, restrict, syscalls};

/// What a child does with its task, behind all restrictions.
pub type Work = fn(&Parent) -> io::Result<()>;

/// What a child inherits beside its restrictions.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// Seconds of processor time before it must move on to the next file.
    pub(super) cpu_per_file: u64,
    /// Whether it reads on a kernel that does not hold it to all of its restrictions, too.
    pub(super) weaker: bool,
    /// Whether the kernel keeps it away from files.
    pub(super) files: bool,
}

/// The parent, as its child has it: who gives the task, hears the answers, and allows the time.
#[derive(Debug)]
pub struct Parent {
    cpu_per_file: u64,
}

/// Runs the child on these terms.
///
/// # Errors
/// The parent is gone, the restrictions cannot be made, the kernel does not do enough, or the work came to no end.
pub(super) fn run(terms: Terms, work: Work) -> io::Result<()> {
    let Terms { cpu_per_file, weaker, files } = terms;
    restrict::descriptors()?;
    panic::set_hook(Box::new(|_| {}));
    let enforced = Enforced { files, calls: syscalls::restrict_reader() };
    let parent = Parent { cpu_per_file };
    parent.say(&enforced)?;
    if !weaker && !enforced.is_whole() {
        return Err(io::Error::other("the kernel does not do enough"));
    }
    panic::catch_unwind(AssertUnwindSafe(|| work(&parent)))
        .unwrap_or_else(|_| Err(io::Error::other("the message broke its reader")))
}

impl Parent {
    /// The task, and the bytes that come with it. Waits for it.
    ///
    /// # Errors
    /// The parent is gone, or gives none.
    pub fn task<T: DeserializeOwned>(&self) -> io::Result<(T, Vec<u8>)> {
        let mut all = Vec::new();
        io::stdin().lock().read_to_end(&mut all)?;
        let end = all.iter().position(|&byte| byte == b'\n').ok_or_else(|| io::Error::other("no task"))?;
        let task = serde_json::from_slice(&all[..end])?;
        all.drain(..=end);
        Ok((task, all))
    }

    /// Says a line of the answer.
    ///
    /// # Errors
    /// The parent does not listen any more.
    pub fn say(&self, line: &impl Serialize) -> io::Result<()> {
        // In one piece: by itself, the standard output passes it on by the kilobyte.
        let mut line = serde_json::to_vec(line)?;
        line.push(b'\n');
        self.hand_over(&line)
    }

    /// Hands bytes over as they are.
    ///
    /// # Errors
    /// The parent does not listen any more.
    pub fn hand_over(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Goes on to another file, so many of which are done: the time that each may take is allowed once more.
    ///
    /// # Errors
    /// The kernel does not allow it.
    pub fn goes_on(&self, done: usize) -> io::Result<()> {
        restrict::processor_time(self.cpu_per_file * (done as u64 + 1))
    }
}
