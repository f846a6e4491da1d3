//! How long the database is waited for.

use std::time::Duration;

/// How long the database is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a file that another process keeps locked.
    pub locked: Duration,
    /// For the answer of a server to anything it is asked.
    pub answer: Duration,
    /// The same over a connection that was not used for a while: a server that is there begins a transaction at once.
    pub awake: Duration,
    /// For a new connection to a server.
    pub connect: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let ten = Duration::from_secs(10);
        Self { locked: ten, answer: ten, awake: Duration::from_secs(3), connect: Duration::from_secs(5) }
    }
}
