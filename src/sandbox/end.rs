//! How a child ended, and whether that tells anything of what it read.

use std::{os::unix::process::ExitStatusExt as _, process::ExitStatus};

use super::apart;

/// How a child ended, as far as its server could see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With this status, by the word of its server.
    So(ExitStatus),
    /// Nobody can tell: its server is gone, and took it along.
    Unseen,
}

/// How listening to a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It said all that it had to say.
    Everything,
    /// It took longer than allowed.
    TimedOut,
    /// It closed its side, or said what it should not.
    Broken,
}

/// What the end of a child says of what it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It did all of its work.
    Done,
    /// It was ended by us, for it took longer than allowed.
    TimedOut,
    /// By itself or by what it read, and with which signal.
    Died(Option<i32>),
    /// From outside: this tells nothing.
    Killed,
}

impl End {
    /// The end of a child that had not said all.
    pub(super) fn of(ended: Ended) -> Self {
        match ended {
            Ended::So(status) if !apart::is_from_outside(status) => Self::Died(status.signal()),
            Ended::So(_) | Ended::Unseen => Self::Killed,
        }
    }
}
