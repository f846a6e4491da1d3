//! The intake log page by page, newest first, and how many lines of it fit.
//!
//! Promises that what comes in meanwhile moves no line to another page: a page is named by the entry that it begins behind.
//! A message with several items is not cut in two. What only a line itself tells is looked for in so many lines at most, and
//! who asked is told how many these were.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use super::{
    Desk, DeskError,
    entry::resolve,
    log::{query, view},
    log_fits::Fits,
    searching::Searching,
    view::{LogCount, LogFilter, LogLine, LogPage},
};
use crate::store::{Id, LogRow, Tx, intake_number};

/// Characters of what is no place that are shown.
const SHOWN_OF_A_PLACE: usize = 40;
/// Rows beyond a page that are asked for at once, so that the last message on it comes whole.
const BEYOND: usize = 30;
/// Rows that are asked for at once while lines are looked for.
const AT_ONCE: usize = 2_000;
/// Lines after which no further ones are looked for.
const LOOKED_THROUGH: usize = 10_000;
/// For how many lines one counts that must be read.
const READ_WEIGHS: usize = 25;
/// Lines of a page where nobody says how many.
const LINES: usize = 50;
/// Before the first.
const BEGINNING: Place = (i64::MAX, i64::MAX);

/// A message in the log: when it was received, and its number.
type Place = (i64, i64);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Toward {
    Older,
    Newer,
}

/// Lines that fit, in the order in which they were come by.
#[derive(Default)]
struct Found {
    lines: Vec<LogLine>,
    first: Option<Place>,
    last: Option<Place>,
    /// There are more, or may be: behind this place.
    more: Option<Place>,
    looked_through: Option<usize>,
    /// The messages of the lines.
    messages: Vec<Id>,
}

impl Desk {
    /// A page of the log, newest first. Where fewer lines come before a place than a page has, it is the first page.
    ///
    /// # Errors
    /// The database did not answer, or the place to begin at is none.
    pub async fn log_page(&self, filter: &LogFilter) -> Result<LogPage, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let after = filter.after.as_deref().map(parsed).transpose()?;
        let before = filter.before.as_deref().map(parsed).transpose()?;
        let searching = self.searching(&mut tx, filter.words.as_deref()).await?;
        let searching = searching.as_ref();
        let mut page = None;
        if let Some(before) = before {
            let mut found = self.found(&mut tx, filter, searching, (Toward::Newer, before)).await?;
            found.lines.reverse();
            found.messages.reverse();
            let (newer, next) = (found.more, found.first);
            page = newer.is_some().then_some((found, newer, next));
        }
        let (mut found, newer, next) = if let Some(page) = page {
            page
        } else {
            let after = after.filter(|_| before.is_none());
            let found = self.found(&mut tx, filter, searching, (Toward::Older, after.unwrap_or(BEGINNING))).await?;
            let newer = found.first.filter(|_| after.is_some());
            let next = found.more;
            (found, newer, next)
        };
        if let Some(searching) = searching {
            let mut at = self.found_at(&mut tx, searching, found.messages.iter().copied().collect()).await?;
            for (line, message) in found.lines.iter_mut().zip(&found.messages) {
                line.found = at.remove(message);
            }
        }
        let call = self.instance.call(filter.call.as_deref());
        let states = call.map(|open| self.by_name(open.roster.iter().copied())).unwrap_or_default();
        Ok(LogPage {
            lines: found.lines,
            next: next.map(written),
            newer: newer.map(written),
            looked_through: found.looked_through.and_then(|lines| u64::try_from(lines).ok()),
            behind: searching.map_or(0, |searching| searching.behind),
            states,
        })
    }

    /// How many lines fit, counted as far as a page goes.
    pub async fn how_many(&self, filter: &LogFilter) -> Result<LogCount, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let searching = self.searching(&mut tx, filter.words.as_deref()).await?;
        let found = self.found(&mut tx, filter, searching.as_ref(), (Toward::Older, BEGINNING)).await?;
        Ok(LogCount { lines: u64::try_from(found.lines.len()).unwrap_or(u64::MAX), more: found.more.is_some() })
    }

    /// The message that a text names by an intake number, an item's or a docket reference, and by nothing else; none where
    /// there is no such message.
    pub async fn entry_named(&self, text: &str) -> Result<Option<String>, DeskError> {
        let text = text.trim();
        if !text.contains('-') || !text.contains(|c: char| c.is_ascii_digit()) || text.contains(char::is_whitespace) {
            return Ok(None);
        }
        let mut tx = self.instance.db.snapshot().await?;
        let Some((number, _)) = resolve(&mut tx, text).await? else { return Ok(None) };
        Ok(tx.entry(number).await?.map(|entry| intake_number(entry.number)))
    }

    /// Lines that fit from a place on, as many as a page has.
    async fn found(
        &self,
        tx: &mut Tx,
        filter: &LogFilter,
        searching: Option<&Searching>,
        (toward, mut from): (Toward, Place),
    ) -> Result<Found, DeskError> {
        let (query, fits, naming) = (query(filter), Fits::of(filter), self.naming(filter));
        let most = usize::try_from(filter.limit).ok().filter(|most| *most > 0).unwrap_or(LINES);
        let (mut found, mut looked, mut size) = (Found::default(), 0, most + BEYOND);
        loop {
            let (rows, until, all) = if let Some(searching) = searching {
                let next = self.next_found(tx, searching, (toward == Toward::Older, from), size).await?;
                let mut rows = tx.log_of(&query, &next.messages).await?;
                if toward == Toward::Newer {
                    rows.reverse();
                }
                // To see whether words stand side by side costs a hundred times as much.
                looked += if searching.reads() { next.looked * READ_WEIGHS } else { next.looked };
                (rows, next.until, next.until.is_none())
            } else {
                let mut rows = match toward {
                    Toward::Older => tx.newest(&query, from, size).await?,
                    Toward::Newer => tx.next_newer(&query, from, size).await?,
                };
                let all = rows.len() < size;
                if !all && !without_the_last(&mut rows) {
                    size *= 2;
                    continue;
                }
                looked += rows.len();
                (rows, None, all)
            };
            let places: Vec<(Place, Id)> =
                rows.iter().map(|row| ((row.received.micros(), row.number), row.message_id)).collect();
            let lines = self.lines(tx, rows, view(filter), naming).await?;
            let mut lines = places.into_iter().zip(lines).peekable();
            while let Some(((place, id), line)) = lines.next() {
                let mut message = vec![line];
                while let Some((_, line)) = lines.next_if(|((next, _), _)| *next == place) {
                    message.push(line);
                }
                message.retain(|line| fits.holds(line));
                if !message.is_empty() {
                    if !found.lines.is_empty() && found.lines.len() + message.len() > most {
                        found.more = found.last;
                        return Ok(found);
                    }
                    found.messages.extend(message.iter().map(|_| id));
                    found.lines.append(&mut message);
                    found.first = found.first.or(Some(place));
                    found.last = Some(place);
                }
                from = place;
            }
            from = until.unwrap_or(from);
            if all {
                return Ok(found);
            }
            if looked >= LOOKED_THROUGH {
                found.more = Some(from);
                found.looked_through =
                    Some(if searching.is_some_and(Searching::reads) { looked / READ_WEIGHS } else { looked });
                return Ok(found);
            }
            size = (size * 2).min(AT_ONCE.max(size));
        }
    }
}

/// Takes away the message that may go on behind these rows; not where that is all of them.
fn without_the_last(rows: &mut Vec<LogRow>) -> bool {
    let Some(last) = rows.last().map(|row| row.number) else { return false };
    let whole = rows.iter().rposition(|row| row.number != last);
    if let Some(at) = whole {
        rows.truncate(at + 1);
    }
    whole.is_some()
}

fn written((received, number): Place) -> String {
    format!("{received}-{number}")
}

fn parsed(text: &str) -> Result<Place, DeskError> {
    let place = text.rsplit_once('-').and_then(|(received, number)| {
        let place = (received.parse().ok()?, number.parse().ok()?);
        Some(place)
    });
    place.ok_or_else(|| {
        let shown: String = text.chars().take(SHOWN_OF_A_PLACE).collect();
        DeskError::Refused(format!("“{shown}” is no place in the log; begin at its first page."))
    })
}
