//! What the log says of failures that repeat: a line when one begins, a count while it lasts, a line when it is over.
//!
//! Promises that what lasts neither fills the log nor falls silent in it: another reason is said at once, the same one is
//! counted every hour. What comes and goes within the hour is said again only when it lasts longer than the time before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// How often what lasts is counted, and how long what is over is remembered.
const COUNTED: SignedDuration = SignedDuration::from_hours(1);
/// So many reasons of one failure are said; the others are counted.
const REASONS: usize = 5;
/// What came back is said after so many failures in a row at the latest.
const ENOUGH: u32 = 64;
/// What has neither failed nor worked for so long is forgotten: nobody asks for it any more.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(48);

/// The failures of the moment, and those that were over lately, by what fails: “the mailbox gcm cannot be read”.
#[derive(Debug, Default)]
pub(super) struct Complaints(BTreeMap<String, Complaint>);

#[derive(Debug)]
struct Complaint {
    since: Timestamp,
    failures: u64,
    /// Why, each without its numbers.
    reasons: BTreeSet<String>,
    /// When the last line was said, and how many failures there have been since.
    said: Timestamp,
    unsaid: u64,
    /// Failures since it last worked; so many are needed before what came back is said.
    in_a_row: u32,
    enough: u32,
    /// It is in the log that it fails; so it will be that it works.
    open: bool,
    failed: Timestamp,
    works_since: Option<Timestamp>,
}

impl Complaints {
    /// Something failed. Yields what is to be said.
    pub(super) fn fails(&mut self, what: &str, why: &str, now: Timestamp) -> Option<String> {
        let lately = |complaint: &Complaint| match complaint.works_since {
            Some(since) => now.duration_since(since) < COUNTED,
            None => now.duration_since(complaint.failed) < FORGOTTEN,
        };
        self.0.retain(|_, complaint| lately(complaint));
        let why = why.trim_end_matches('.');
        let reason: String = why.chars().filter(|c| !c.is_ascii_digit()).collect();
        let Some(known) = self.0.get_mut(what) else {
            self.0.insert(what.to_owned(), Complaint::new(reason, now));
            return Some(format!("{what}: {why}"));
        };
        known.failures += 1;
        known.unsaid += 1;
        known.in_a_row += 1;
        (known.failed, known.works_since) = (now, None);
        let another = known.reasons.len() < REASONS && known.reasons.insert(reason);
        let came_back = !known.open && known.in_a_row >= known.enough;
        let lasts = now.duration_since(known.said) >= COUNTED;
        if !(another || came_back || lasts) {
            return None;
        }
        let counted = known.count(now);
        (known.said, known.unsaid, known.open) = (now, 0, true);
        Some(if another && !came_back && !lasts {
            format!("{what}: {why}")
        } else {
            format!("{what}: {why} {counted}")
        })
    }

    /// Something worked. Yields what is to be said.
    pub(super) fn works(&mut self, what: &str, now: Timestamp) -> Option<String> {
        let known = self.0.get_mut(what).filter(|known| known.works_since.is_none())?;
        let open = known.open;
        (known.works_since, known.open, known.in_a_row) = (Some(now), false, 0);
        if !open {
            return None;
        }
        known.enough = (known.enough * 2).min(ENOUGH);
        (known.said, known.unsaid) = (now, 0);
        let since = moment(known.since, now);
        Some(match known.failures {
            1 => format!("it is over: {what}, at {since}"),
            times => format!("it is over: {what}, {times} times since {since}"),
        })
    }

    /// What came and went without a line for an hour.
    pub(super) fn tally(&mut self, now: Timestamp) -> Vec<String> {
        let silent = |known: &Complaint| known.unsaid > 0 && now.duration_since(known.said) >= COUNTED;
        let over = self.0.iter_mut().filter(|(_, known)| known.works_since.is_some() && silent(known));
        over.map(|(what, known)| {
            let counted = known.count(now);
            (known.said, known.unsaid) = (now, 0);
            format!("{what} {counted}; it works now")
        })
        .collect()
    }
}

impl Complaint {
    fn new(reason: String, now: Timestamp) -> Self {
        Self {
            since: now,
            failures: 1,
            reasons: BTreeSet::from([reason]),
            said: now,
            unsaid: 0,
            in_a_row: 1,
            enough: 1,
            open: true,
            failed: now,
            works_since: None,
        }
    }

    fn count(&self, now: Timestamp) -> String {
        let times = if self.unsaid == 1 { "once".to_owned() } else { format!("{} times", self.unsaid) };
        format!("(again {times} since {})", moment(self.said, now))
    }
}

/// A time as short as it can be understood now.
fn moment(at: Timestamp, now: Timestamp) -> String {
    let [at, now] = [at, now].map(|time| time.to_zoned_datetime(TimeZone::UTC).datetime());
    let form = if at.date() == now.date() { "%H:%M UTC" } else { "%Y-%m-%d %H:%M UTC" };
    at.strftime(form).to_string()
}
