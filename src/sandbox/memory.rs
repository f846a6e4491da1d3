//! How much memory there is for the processes that read: what the machine has, or what the cgroup of this process allows.
//!
//! Promises figures with every sentence: who has to choose limits needs them. What the kernel does not tell is not guessed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::config::ReadingConfig;

/// The memory that this process has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All of it, in bytes.
    pub whole: u64,
    /// The machine has more, and a cgroup does not let us have it.
    pub by_cgroup: bool,
    /// What the machine has left.
    pub left: u64,
}

impl Memory {
    /// What there is, by the files of the kernel below a root.
    #[must_use]
    pub fn below(root: &Path) -> Option<Self> {
        let text = read(&root.join("proc/meminfo"))?;
        let kibibytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|count| count << 10)
        };
        let (machine, left) = (kibibytes("MemTotal")?, kibibytes("MemAvailable")?);
        let allowed = allowed(root).filter(|allowed| *allowed < machine);
        Some(Self { whole: allowed.unwrap_or(machine), by_cgroup: allowed.is_some(), left })
    }

    /// What there is.
    #[must_use]
    pub fn here() -> Option<Self> {
        Self::below(Path::new("/"))
    }

    /// That the processes which read may take more than there is, if they may.
    #[must_use]
    pub fn lacking(self, limits: &ReadingConfig) -> Option<String> {
        let children = u64::try_from(limits.children).unwrap_or(u64::MAX);
        if limits.memory.saturating_mul(children) <= self.whole {
            return None;
        }
        let (each, whole) = (limits.memory >> 20, self.whole >> 20);
        let has = if self.by_cgroup { "the cgroup of this program allows" } else { "this machine has" };
        Some(format!(
            "The processes that read may take {children} × {each} MiB of memory, and {has} {whole} MiB in all: a large \
             document may end another program. Lower “memory” or “children” in [reading]."
        ))
    }
}

/// Why no process was started, with figures where memory was short.
#[must_use]
pub fn why_not_started(error: &io::Error) -> String {
    let short = matches!(error.kind(), io::ErrorKind::OutOfMemory | io::ErrorKind::WouldBlock);
    match Memory::here().filter(|_| short) {
        Some(Memory { whole, by_cgroup, left }) => {
            let of = if by_cgroup { "allowed by the cgroup" } else { "in all" };
            format!(
                "{error}; the machine has {} MiB of memory left, {} MiB are {of}. Give it more, or lower “memory” or \
                 “children” in [reading]",
                left >> 20,
                whole >> 20
            )
        }
        None => error.to_string(),
    }
}

/// The smallest limit of the cgroups that this process is in, if there is any.
fn allowed(root: &Path) -> Option<u64> {
    let groups = read(&root.join("proc/self/cgroup"))?;
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let (folder, file) = match controllers {
            "" => ("sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => return None,
        };
        let path = PathBuf::from(path.trim_start_matches('/'));
        // A group has what it has and no more than those around it; in a container only the innermost can be seen.
        path.ancestors().filter_map(|group| limit(&root.join(folder).join(group).join(file))).min()
    });
    limits.min()
}

fn limit(file: &Path) -> Option<u64> {
    read(file)?.trim().parse().ok()
}

fn read(file: &Path) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the kernel tells it in files")]
    fs::read_to_string(file).ok()
}
