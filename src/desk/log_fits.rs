//! Whether a line of the log fits, as far as only the line itself tells: what waits, what stands.

use super::view::{LogFilter, LogLine};
use crate::core::narrowing::Status;

/// What lines are held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fits {
    waiting: bool,
    status: Option<Status>,
}

impl Fits {
    pub(super) fn of(filter: &LogFilter) -> Self {
        Self { waiting: filter.waiting, status: filter.status }
    }

    /// Not every line fits.
    pub(super) fn narrows(self) -> bool {
        self.waiting || self.status.is_some()
    }

    /// This line fits.
    pub(super) fn holds(self, line: &LogLine) -> bool {
        (!self.waiting || line.waiting.is_some()) && self.status.is_none_or(|wanted| status(line) == Some(wanted))
    }
}

/// How its version stands; none of what is no version.
fn status(line: &LogLine) -> Option<Status> {
    match (line.withdrawn, line.current?) {
        (true, _) => Some(Status::Withdrawn),
        (false, true) => Some(Status::Current),
        (false, false) => Some(Status::NotCurrent),
    }
}
