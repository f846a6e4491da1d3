//! The UIDs of a folder, asked for in windows: a long answer costs its length squared.
//!
//! Promises every UID of the folder once, in their order, however sparse they are: where a window is empty, the next one is
//! ten times as wide. A window that could not be asked for is asked for again.

use std::ops::RangeInclusive;

use super::{account::Imap, answers::OpenFolder, error::ImapError};

/// How many UIDs one answer may list.
const WIDTH: u32 = 10_000;

/// Where in a folder the next window begins, and how wide it is.
#[derive(Clone, Debug)]
pub struct Windows {
    from: u32,
    /// Every message has a smaller UID.
    end: u32,
    narrow: u32,
    width: u32,
}

/// What there is in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The UIDs, in their order.
    pub uids: Vec<u32>,
    /// Every UID below this one was asked for.
    pub next: u32,
}

impl Windows {
    /// Those of a folder that was just opened, from a UID on. A folder that is short is one window.
    #[must_use]
    pub fn of(open: OpenFolder, from: u32) -> Self {
        let narrow = if open.exists <= WIDTH { u32::MAX } else { WIDTH };
        Self { from, end: open.next, narrow, width: narrow }
    }

    /// The next range to ask for, until there is none.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<u32>> {
        let last = self.from.saturating_add(self.width - 1).min(self.end.saturating_sub(1));
        (self.from < self.end).then_some(self.from..=last)
    }

    /// Goes on behind the range that was asked for, by whether anything was in it, and yields the UID behind it.
    pub fn go_on(&mut self, empty: bool) -> u32 {
        // The last of them ends before `end`, and so has one behind it.
        self.from = self.range().map_or(self.from, |range| range.end().saturating_add(1));
        self.width = if empty { self.width.saturating_mul(10) } else { self.narrow };
        self.from
    }

    /// Asks for the next window of the open folder; none behind the last one.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn next(&mut self, imap: &mut Imap) -> Result<Option<Window>, ImapError> {
        let Some(range) = self.range() else { return Ok(None) };
        let uids = imap.search(*range.start(), *range.end()).await?;
        let next = self.go_on(uids.is_empty());
        Ok(Some(Window { uids, next }))
    }

    /// Every UID that is left, together.
    ///
    /// # Errors
    /// The conversation failed.
    pub async fn all(mut self, imap: &mut Imap) -> Result<Vec<u32>, ImapError> {
        let mut all = Vec::new();
        while let Some(window) = self.next(imap).await? {
            all.extend(window.uids);
        }
        Ok(all)
    }
}
