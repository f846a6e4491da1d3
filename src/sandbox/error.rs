//! Why nothing was read, and nothing is lost.

use std::io;

use super::memory;

/// Nothing was read, and nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The system has no process or memory left.
    #[error("no process could be started to read with: {}", memory::why_not_started(.0))]
    Start(#[from] io::Error),
    /// The kernel does not enforce what the configuration requires.
    #[error("{0} To read all the same, within the limits of memory and time: sandbox = \"best\" in [reading].")]
    Weak(String),
    /// Each child was ended before it could say what the message is.
    #[error("each process that was to read it was ended from outside; the machine may be short of memory")]
    Killed,
    /// The program is to stop.
    #[error("the program stops")]
    Stopping,
}

impl SandboxError {
    /// Whether the same may succeed later; the kernel stays what it is.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Start(_) | Self::Killed | Self::Stopping => true,
            Self::Weak(_) => false,
        }
    }
}
