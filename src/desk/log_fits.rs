//! Whether a line of the log fits, as far as only the line itself tells: words in any letters, what waits, what stands.

use super::view::{LogFilter, LogLine};
use crate::core::{narrowing::Status, text::comparable};

/// What lines are held against.
#[derive(Clone, Debug)]
pub(super) struct Fits {
    waiting: bool,
    status: Option<Status>,
    words: Option<String>,
}

impl Fits {
    pub(super) fn of(filter: &LogFilter) -> Self {
        Self { waiting: filter.waiting, status: filter.status, words: filter.words.as_deref().map(comparable) }
    }

    /// Not every line fits.
    pub(super) fn narrows(&self) -> bool {
        self.waiting || self.status.is_some() || self.words.is_some()
    }

    /// This line fits.
    pub(super) fn holds(&self, line: &LogLine) -> bool {
        (!self.waiting || line.waiting.is_some())
            && self.status.is_none_or(|wanted| status(line) == Some(wanted))
            && self.words.as_deref().is_none_or(|words| has(line, words))
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

/// Whether a line holds all of these words, each in whatever place.
fn has(line: &LogLine, words: &str) -> bool {
    let places = [Some(&line.number), line.reference.as_ref(), line.from.as_ref(), line.subject.as_ref()];
    let held: Vec<String> = places.into_iter().flatten().chain(&line.names).map(|text| comparable(text)).collect();
    words.split_whitespace().all(|word| held.iter().any(|text| text.contains(word)))
}
