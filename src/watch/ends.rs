//! What is known of each end, and when that is trouble: a mailbox, the reading, the letters, the database.
//!
//! Promises that silence is seen: what counts is when something last worked, not whether anybody reported a failure.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::trouble::{Topic, Trouble};
use crate::core::cause::Cause;

/// A mailbox is overdue when it has not been read for so many of its polls.
const POLLS: i32 = 5;
/// How long a mailbox may fail at every look, messages wait, letters be due, and the database be silent, before the program
/// is not ready.
const MAILBOX_PATIENCE: SignedDuration = SignedDuration::from_mins(5);
const READING_PATIENCE: SignedDuration = SignedDuration::from_mins(5);
const LETTERS_PATIENCE: SignedDuration = SignedDuration::from_mins(5);
const DATABASE_PATIENCE: SignedDuration = SignedDuration::from_mins(1);
/// How much later than its time a look at a mailbox may come, and a letter leave, before that counts as silence.
pub(super) const SLACK: SignedDuration = SignedDuration::from_mins(1);
/// So many letters that are not taken in a row are no longer the letters' fault.
const REFUSALS: u32 = 3;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) receives: bool,
    pub(super) mailboxes: BTreeMap<String, MailboxEnd>,
    pub(super) reading: ReadingEnd,
    pub(super) letters: LettersEnd,
    pub(super) database: End,
    /// Since when the oldest claim on a message or a letter has been held.
    pub(super) oldest_claim: Option<Timestamp>,
    pub(super) notes: BTreeMap<Topic, (Timestamp, String)>,
}

/// When something last worked, and since when and why it does not.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    pub(super) good: Option<Timestamp>,
    pub(super) failing: Option<(Timestamp, String)>,
}

#[derive(Debug)]
pub(super) struct MailboxEnd {
    pub(super) end: End,
    /// When it was first watched, or last gave a message.
    pub(super) moved: Timestamp,
    pub(super) poll: Duration,
    pub(super) waits: Option<Timestamp>,
    pub(super) elsewhere: bool,
    /// It lies on this machine and is not there: that does not pass by itself.
    pub(super) lost: bool,
}

/// Since when the oldest of what waits has been waiting, and since when that has been seen.
pub(super) type Waiting = Option<(Timestamp, Timestamp)>;

#[derive(Debug, Default)]
pub(super) struct ReadingEnd {
    pub(super) unread: Waiting,
    pub(super) good: Option<Timestamp>,
    pub(super) why: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct LettersEnd {
    pub(super) end: End,
    /// What keeps them from leaving does not pass by itself.
    pub(super) refused_for_good: bool,
    /// The letters that wait for what is not known to be their own fault: why, how many, since when.
    pub(super) waits: Vec<(Cause, u64, Timestamp)>,
    /// The letters that are due and have not left.
    pub(super) due: Waiting,
    pub(super) refused: u32,
    pub(super) refused_since: Option<Timestamp>,
    /// A person has stopped them.
    pub(super) stopped: Option<Timestamp>,
}

impl End {
    pub(super) fn works(&mut self, now: Timestamp) {
        self.good = Some(now);
        self.failing = None;
    }

    /// The first failure tells since when; the last one why.
    pub(super) fn fails(&mut self, since: Timestamp, why: &str) {
        let since = self.failing.take().map_or(since, |(first, _)| first);
        self.failing = Some((since, why.to_owned()));
    }
}

impl MailboxEnd {
    pub(super) fn trouble(&self, name: &str, now: Timestamp) -> Option<Trouble> {
        if self.elsewhere {
            return None;
        }
        let moved = self.end.good.map_or(self.moved, |read| read.max(self.moved));
        let expected = after(moved, signed(self.poll));
        let (since, what) = match &self.end.failing {
            Some((since, why)) => {
                (*since, format!("The mailbox {name} cannot be read: {}.", why.trim_end_matches('.')))
            }
            None if now > after(expected, SLACK) => (expected, format!("The mailbox {name} is not being read.")),
            None => return None,
        };
        let until = self.waits.filter(|until| *until > now);
        // Who looks rarely may be silent for long; who looks and fails is tried again in between.
        let polls = patience(self.poll);
        let patience = if self.lost {
            SignedDuration::ZERO
        } else if self.end.failing.is_some() {
            polls.min(MAILBOX_PATIENCE)
        } else {
            polls
        };
        Some(Trouble { topic: Topic::Mailbox(name.to_owned()), since, what, until, patience })
    }
}

impl ReadingEnd {
    pub(super) fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        let since = stuck(self.unread, self.good, now)?;
        let why = self.why.as_ref().map(|why| format!(": {}", why.trim_end_matches('.'))).unwrap_or_default();
        let what = format!("Messages came in, and are not being read{why}.");
        Some(Trouble { topic: Topic::Reading, since, what, until: None, patience: READING_PATIENCE })
    }
}

impl LettersEnd {
    pub(super) fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        let patience = match self.end.failing {
            Some(_) if self.refused_for_good => SignedDuration::ZERO,
            _ => LETTERS_PATIENCE,
        };
        let trouble = |since, what| Some(Trouble { topic: Topic::Letters, since, what, until: None, patience });
        let stuck = stuck(self.due, self.end.good, now);
        match (&self.end.failing, stuck, self.refused_since) {
            (Some((since, why)), stuck, _) => {
                let since = stuck.map_or(*since, |stuck| stuck.min(*since));
                trouble(since, format!("No letter can leave: {}.", why.trim_end_matches('.')))
            }
            (None, Some(since), _) => {
                trouble(since, "Letters are due, and none leaves; “docket letters” says why.".to_owned())
            }
            (None, None, Some(since)) if self.refused >= REFUSALS => {
                trouble(since, format!("The mail server has taken none of the last {} letters.", self.refused))
            }
            _ => None,
        }
    }

    /// Letters wait though others can leave. While none can, only that is said.
    pub(super) fn waiting(&self) -> Option<Trouble> {
        let shown = |cause: Cause| match cause {
            Cause::Unreachable => false,
            cause => self.end.failing.is_none() || !cause.concerns_all(),
        };
        let shown: Vec<_> = self.waits.iter().filter(|(cause, ..)| shown(*cause)).collect();
        let since = shown.iter().map(|(.., since)| *since).min()?;
        let what = shown.iter().map(|(cause, letters, _)| format!("Letters wait ({letters}): {}.", cause.in_words()));
        let what = what.collect::<Vec<_>>().join(" ") + " “docket letters” lists them.";
        Some(Trouble { topic: Topic::LettersWait, since, what, until: None, patience: SignedDuration::ZERO })
    }
}

pub(super) fn waiting(before: Waiting, since: Option<Timestamp>, now: Timestamp) -> Waiting {
    since.map(|since| (since, before.map_or(now, |(_, seen)| seen)))
}

/// Since when nothing moves of what waits. What moves meanwhile shows that it can: a long queue is no trouble. What was
/// seen just now has its time, however old it is.
fn stuck(waiting: Waiting, moved: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let (since, seen) = waiting?;
    let since = moved.map_or(since, |moved| moved.max(since));
    (now > after(since.max(seen), SLACK)).then_some(since)
}

pub(super) fn database_trouble(end: &End, now: Timestamp) -> Option<Trouble> {
    let (since, what) = match (&end.failing, end.good) {
        (Some((since, why)), _) => (*since, format!("The database takes no commit: {}.", why.trim_end_matches('.'))),
        (None, Some(good)) if now > after(good, SLACK) => (good, "The database is silent.".to_owned()),
        _ => return None,
    };
    Some(Trouble { topic: Topic::Database, since, what, until: None, patience: DATABASE_PATIENCE })
}

pub(super) fn after(time: Timestamp, wait: SignedDuration) -> Timestamp {
    time.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

pub(super) fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// How long a mailbox may stay unread before that is said.
#[must_use]
pub fn patience(poll: Duration) -> SignedDuration {
    signed(poll).saturating_mul(POLLS)
}
