//! How each end of the program does: its mailboxes, its letters, its database. The steps say what they did; pages, probes
//! and alarms read it.
//!
//! Promises that silence is seen: what counts is when something last worked, not whether anybody reported a failure. It is
//! kept in memory, so that it can be told while the database is away, and holds nothing that a sender wrote. It is long
//! because each end has its own way to say what it did.

mod alarm;
mod complaints;
mod health;
mod path;
mod trouble;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use self::complaints::Complaints;
pub use self::{
    alarm::{Alarms, Moment, Signal},
    health::{EndSeen, Health},
    path::{AlarmError, Path},
    trouble::{Topic, Trouble},
};
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
const SLACK: SignedDuration = SignedDuration::from_mins(1);
/// So many letters that are not taken in a row are no longer the letters' fault.
const REFUSALS: u32 = 3;
/// A mailbox is nearly full from so many hundredths on, and is so no more below fewer.
const NEARLY_FULL: u64 = 90;
const EMPTY_AGAIN: u64 = 85;
/// What fails, in the words of the log; the mailboxes and the letters have theirs in functions.
pub const DATABASE_FAILS: &str = "the database takes no commit";
const READING_FAILS: &str = "a message cannot be read";
const LETTERS_FAIL: &str = "no letter can leave";
const SCANNER_FAILS: &str = "mail is not scanned for viruses";
/// Two clocks differ when they are so far apart, and agree again when they are nearer than half of that.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);

/// How long a mailbox may stay unread before that is said.
#[must_use]
pub fn patience(poll: Duration) -> SignedDuration {
    signed(poll).saturating_mul(POLLS)
}

fn mailbox_fails(name: &str) -> String {
    format!("the mailbox {name} cannot be read")
}

/// What is known of every end at this moment.
#[derive(Debug)]
pub struct Watch {
    started: Timestamp,
    state: Mutex<State>,
    complaints: Mutex<Complaints>,
}

#[derive(Debug, Default)]
struct State {
    receives: bool,
    mailboxes: BTreeMap<String, Mailbox>,
    reading: Reading,
    letters: Letters,
    database: End,
    /// Since when the oldest claim on a message or a letter has been held.
    oldest_claim: Option<Timestamp>,
    notes: BTreeMap<Topic, (Timestamp, String)>,
}

/// When something last worked, and since when and why it does not.
#[derive(Clone, Debug, Default)]
struct End {
    good: Option<Timestamp>,
    failing: Option<(Timestamp, String)>,
}

#[derive(Debug)]
struct Mailbox {
    end: End,
    /// When it was first watched, or last gave a message.
    moved: Timestamp,
    poll: Duration,
    waits: Option<Timestamp>,
    elsewhere: bool,
    /// It lies on this machine and is not there: that does not pass by itself.
    lost: bool,
}

/// Since when the oldest of what waits has been waiting, and since when that has been seen.
type Waiting = Option<(Timestamp, Timestamp)>;

#[derive(Debug, Default)]
struct Reading {
    unread: Waiting,
    good: Option<Timestamp>,
    why: Option<String>,
}

#[derive(Debug, Default)]
struct Letters {
    end: End,
    /// What keeps them from leaving does not pass by itself.
    refused_for_good: bool,
    /// The letters that wait for what is not known to be their own fault: why, how many, since when.
    waits: Vec<(Cause, u64, Timestamp)>,
    /// The letters that are due and have not left.
    due: Waiting,
    refused: u32,
    refused_since: Option<Timestamp>,
}

impl End {
    fn works(&mut self, now: Timestamp) {
        self.good = Some(now);
        self.failing = None;
    }

    /// The first failure tells since when; the last one why.
    fn fails(&mut self, since: Timestamp, why: &str) {
        let since = self.failing.take().map_or(since, |(first, _)| first);
        self.failing = Some((since, why.to_owned()));
    }
}

impl Watch {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(started: Timestamp) -> Self {
        Self { started, state: Mutex::default(), complaints: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A mailbox is watched from now on; `read` is when it was last read to its end, by whichever process.
    pub fn mailbox(&self, name: &str, poll: Duration, read: Option<Timestamp>, now: Timestamp) {
        let end = End { good: read, failing: None };
        let mailbox = Mailbox { end, moved: now, poll, waits: None, elsewhere: false, lost: false };
        self.state().mailboxes.insert(name.to_owned(), mailbox);
    }

    /// A mailbox gave messages, and is still being read.
    pub fn mailbox_moves(&self, name: &str, now: Timestamp) {
        if let Some(mailbox) = self.state().mailboxes.get_mut(name) {
            mailbox.moved = now;
        }
    }

    /// A mailbox was read to its end.
    pub fn mailbox_read(&self, name: &str, now: Timestamp) {
        let mut state = self.state();
        state.receives = true;
        if let Some(mailbox) = state.mailboxes.get_mut(name) {
            mailbox.end.works(now);
            (mailbox.waits, mailbox.elsewhere, mailbox.lost) = (None, false, false);
        }
        drop(state);
        self.content(&mailbox_fails(name), now);
    }

    /// A mailbox could not be read, or not to its end, and is left alone for a while. After a start it counts as unread
    /// since it was last read.
    pub fn mailbox_fails(&self, name: &str, now: Timestamp, why: &str, pause: Duration) {
        self.complain(&mailbox_fails(name), why, now);
        self.mailbox_unread(name, now, why, pause);
    }

    /// The same where the log says by another failure why.
    pub fn mailbox_unread(&self, name: &str, now: Timestamp, why: &str, pause: Duration) {
        let mut state = self.state();
        state.receives = true;
        if let Some(mailbox) = state.mailboxes.get_mut(name) {
            let expected = mailbox.end.good.map_or(now, |read| after(read, signed(mailbox.poll)));
            mailbox.end.fails(expected.min(now), why);
            let waits = (signed(pause) >= SLACK).then(|| after(now, signed(pause)));
            (mailbox.waits, mailbox.elsewhere, mailbox.lost) = (waits, false, false);
        }
    }

    /// A mailbox on this machine is not there, or cannot be opened. That counts at once: no network is between.
    pub fn mailbox_lost(&self, name: &str, now: Timestamp, why: &str) {
        self.mailbox_fails(name, now, why, Duration::ZERO);
        if let Some(mailbox) = self.state().mailboxes.get_mut(name) {
            mailbox.lost = true;
        }
    }

    /// Another process reads the mailboxes, and answers for them up to now.
    pub fn read_elsewhere(&self, now: Timestamp) {
        let mut state = self.state();
        state.receives = false;
        for mailbox in state.mailboxes.values_mut() {
            (mailbox.end, mailbox.moved, mailbox.waits) = (End::default(), now, None);
            (mailbox.elsewhere, mailbox.lost) = (true, false);
        }
    }

    /// A letter left.
    pub fn letter_left(&self, now: Timestamp) {
        let mut state = self.state();
        state.letters.end.works(now);
        (state.letters.refused, state.letters.refused_since) = (0, None);
        drop(state);
        self.content(LETTERS_FAIL, now);
    }

    /// No letter can leave, for a reason that is not the letter's.
    pub fn letters_fail(&self, now: Timestamp, why: &str) {
        self.complain(LETTERS_FAIL, why, now);
        let letters = &mut self.state().letters;
        letters.end.fails(now, why);
        letters.refused_for_good = false;
    }

    /// No letter can leave, and that does not pass by itself: the mail server refuses us for good.
    pub fn letters_refused(&self, now: Timestamp, why: &str) {
        self.complain(LETTERS_FAIL, why, now);
        let letters = &mut self.state().letters;
        letters.end.fails(now, why);
        letters.refused_for_good = true;
    }

    /// Which letters wait for what is not known to be their own fault.
    pub fn letters_wait(&self, waits: Vec<(Cause, u64, Timestamp)>) {
        self.state().letters.waits = waits;
    }

    /// Letters can leave again, though none has left yet.
    pub fn letters_can_leave(&self, now: Timestamp) {
        self.state().letters.end.failing = None;
        self.content(LETTERS_FAIL, now);
    }

    /// Whether no letter could leave, and none is there that would show that it can now.
    #[must_use]
    pub fn letters_in_doubt(&self) -> bool {
        let letters = &self.state().letters;
        letters.end.failing.is_some() && letters.due.is_none()
    }

    /// A letter was refused for good, or was not answered.
    pub fn letter_refused(&self, now: Timestamp) {
        let letters = &mut self.state().letters;
        letters.refused += 1;
        letters.refused_since.get_or_insert(now);
    }

    /// Since when the oldest letter has been due that has not left; none if nothing is due.
    pub fn letters_due(&self, since: Option<Timestamp>, now: Timestamp) {
        let letters = &mut self.state().letters;
        letters.due = waiting(letters.due, since, now);
    }

    /// A message that came in was read.
    pub fn message_read(&self, now: Timestamp) {
        let mut state = self.state();
        (state.reading.good, state.reading.why) = (Some(now), None);
        drop(state);
        self.content(READING_FAILS, now);
    }

    /// No message can be read, for a reason that is not the message's.
    pub fn reading_fails(&self, now: Timestamp, why: &str) {
        self.complain(READING_FAILS, why, now);
        self.state().reading.why = Some(why.to_owned());
    }

    /// Since when the oldest message has been there that came in and is not read; none if all are.
    pub fn messages_unread(&self, since: Option<Timestamp>, now: Timestamp) {
        let reading = &mut self.state().reading;
        reading.unread = waiting(reading.unread, since, now);
    }

    /// How long the oldest claim on a message or a letter has been held; none if nothing is claimed.
    pub fn oldest_claim(&self, age: Option<Duration>, now: Timestamp) {
        self.state().oldest_claim = age.map(|age| now.saturating_sub(signed(age)).unwrap_or(Timestamp::MIN));
    }

    /// The database took a commit.
    pub fn database_works(&self, now: Timestamp) {
        self.state().database.works(now);
        self.content(DATABASE_FAILS, now);
    }

    /// The database did not take a commit.
    pub fn database_fails(&self, now: Timestamp, why: &str) {
        self.complain(DATABASE_FAILS, why, now);
        self.state().database.fails(now, why);
    }

    /// Something stands still, and that does not pass by itself: what the database answers is no row's fault.
    pub fn stands_still(&self, what: &str, why: &str, now: Timestamp) {
        self.complain(what, why, now);
        let why = why.trim_end_matches('.');
        let said = format!("Work stands still until somebody mends it: {what}: {why}. It is tried again by itself.");
        self.note(Topic::StandsStill(what.to_owned()), now, said);
    }

    /// It works.
    pub fn goes_on(&self, what: &str, now: Timestamp) {
        self.clear(&Topic::StandsStill(what.to_owned()));
        self.content(what, now);
    }

    /// How many messages lie in mailboxes that were given up, and are not in the log; and why one of them.
    pub fn not_taken(&self, (messages, why): (i64, Option<String>), now: Timestamp) {
        let Some(why) = why.filter(|_| messages > 0) else { return self.clear(&Topic::NotTaken) };
        let what = format!(
            "Messages lie in the mailboxes that could not be taken in, and are not in the log ({messages}), such as \
             {why} Once it is taken out of its folder, “docket reconcile” closes the case."
        );
        self.note(Topic::NotTaken, now, what);
    }

    /// How full a mailbox is, in hundredths, and that in words.
    pub fn quota(&self, name: &str, percent: u64, in_words: &str, now: Timestamp) {
        let topic = Topic::Quota(name.to_owned());
        if percent >= NEARLY_FULL {
            let what =
                format!("The mailbox {name} is {percent} % full ({in_words}); what comes when it is full goes back.");
            self.note(topic, now, what);
        } else if percent < EMPTY_AGAIN {
            self.clear(&topic);
        }
    }

    /// What another clock showed when ours showed `now`.
    pub fn clock(&self, whose: &str, theirs: Timestamp, now: Timestamp) {
        let topic = Topic::Clock(whose.to_owned());
        let ahead = theirs.duration_since(now);
        if ahead.abs() > CLOCKS_DIFFER {
            let minutes = ahead.abs().as_secs() / 60;
            let way = if ahead.is_positive() { "behind" } else { "ahead of" };
            let what =
                format!("The clock of this machine is {minutes} min {way} that of {whose}; one of them is wrong.");
            self.note(topic, now, what);
        } else if ahead.abs() <= CLOCKS_DIFFER / 2 {
            self.clear(&topic);
        }
    }

    /// The virus scanner does its work, or what is the matter with it.
    pub fn scanner(&self, works: &Result<(), String>, now: Timestamp) {
        match works {
            Ok(()) => {
                self.clear(&Topic::Scanner);
                self.content(SCANNER_FAILS, now);
            }
            Err(why) => {
                self.complain(SCANNER_FAILS, &format!("the scanner {why}"), now);
                let what = format!("Mail is not scanned for viruses, and read all the same: the scanner {why}.");
                self.note(Topic::Scanner, now, what);
            }
        }
    }

    /// Something that a person must know until it is cleared; said once more, it still began when it was first said.
    pub fn note(&self, topic: Topic, now: Timestamp, what: String) {
        self.state().notes.entry(topic).or_insert((now, String::new())).1 = what;
    }

    /// Something is in order again.
    pub fn clear(&self, topic: &Topic) {
        self.state().notes.remove(topic);
    }

    /// Everything that is not as it should be, however short a time.
    #[must_use]
    pub fn troubles(&self, now: Timestamp) -> Vec<Trouble> {
        let state = self.state();
        let mailboxes = state.mailboxes.iter().filter_map(|(name, mailbox)| mailbox.trouble(name, now));
        let ends = [
            state.reading.trouble(now),
            state.letters.trouble(now),
            state.letters.waiting(),
            database_trouble(&state.database, now),
        ];
        let notes = state.notes.iter().map(|(topic, (since, what))| Trouble {
            topic: topic.clone(),
            since: *since,
            what: what.clone(),
            until: None,
            patience: SignedDuration::ZERO,
        });
        mailboxes.chain(ends.into_iter().flatten()).chain(notes).collect()
    }
}

impl Mailbox {
    fn trouble(&self, name: &str, now: Timestamp) -> Option<Trouble> {
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

impl Reading {
    fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        let since = stuck(self.unread, self.good, now)?;
        let why = self.why.as_ref().map(|why| format!(": {}", why.trim_end_matches('.'))).unwrap_or_default();
        let what = format!("Messages came in, and are not being read{why}.");
        Some(Trouble { topic: Topic::Reading, since, what, until: None, patience: READING_PATIENCE })
    }
}

impl Letters {
    fn trouble(&self, now: Timestamp) -> Option<Trouble> {
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
}

impl Letters {
    /// Letters wait though others can leave. While none can, only that is said.
    fn waiting(&self) -> Option<Trouble> {
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

fn waiting(before: Waiting, since: Option<Timestamp>, now: Timestamp) -> Waiting {
    since.map(|since| (since, before.map_or(now, |(_, seen)| seen)))
}

/// Since when nothing moves of what waits. What moves meanwhile shows that it can: a long queue is no trouble. What was
/// seen just now has its time, however old it is.
fn stuck(waiting: Waiting, moved: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let (since, seen) = waiting?;
    let since = moved.map_or(since, |moved| moved.max(since));
    (now > after(since.max(seen), SLACK)).then_some(since)
}

fn database_trouble(end: &End, now: Timestamp) -> Option<Trouble> {
    let (since, what) = match (&end.failing, end.good) {
        (Some((since, why)), _) => (*since, format!("The database takes no commit: {}.", why.trim_end_matches('.'))),
        (None, Some(good)) if now > after(good, SLACK) => (good, "The database is silent.".to_owned()),
        _ => return None,
    };
    Some(Trouble { topic: Topic::Database, since, what, until: None, patience: DATABASE_PATIENCE })
}

fn after(time: Timestamp, wait: SignedDuration) -> Timestamp {
    time.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
