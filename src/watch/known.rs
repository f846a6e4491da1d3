//! What is known at this moment: the steps say what they did, pages, probes and alarms read it.
//!
//! Is kept in memory, so that it can be told while the database is away, and holds nothing that a sender wrote. Each
//! end has its own way to say what it did.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::{
    complaints::Complaints,
    ends::{End, MailboxEnd, SLACK, State, after, database_trouble, signed, waiting},
    trouble::{Topic, Trouble},
};
use crate::core::cause::Cause;

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

fn mailbox_fails(name: &str) -> String {
    format!("the mailbox {name} cannot be read")
}

/// What is known of every end at this moment.
#[derive(Debug)]
pub struct Watch {
    pub(super) started: Timestamp,
    state: Mutex<State>,
    complaints: Mutex<Complaints>,
}

impl Watch {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(started: Timestamp) -> Self {
        Self { started, state: Mutex::default(), complaints: Mutex::default() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A mailbox is watched from now on; `read` is when it was last read to its end, by whichever process.
    pub fn mailbox(&self, name: &str, poll: Duration, read: Option<Timestamp>, now: Timestamp) {
        let end = End { good: read, failing: None };
        let mailbox = MailboxEnd { end, moved: now, poll, waits: None, elsewhere: false, lost: false };
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

    /// Since when a person has stopped all letters, if one has.
    pub fn sending_stopped(&self, since: Option<Timestamp>) {
        self.state().letters.stopped = since;
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

    fn complaints(&self) -> MutexGuard<'_, Complaints> {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something failed that will be tried again. The log says so, unless it just did.
    pub fn complain(&self, what: &str, why: &str, now: Timestamp) {
        if let Some(said) = self.complaints().fails(what, why, now) {
            tracing::error!("{said}");
        }
    }

    /// Something worked. The log says so where it had said that it did not.
    pub fn content(&self, what: &str, now: Timestamp) {
        if let Some(said) = self.complaints().works(what, now) {
            tracing::info!("{said}");
        }
    }

    /// Counts in the log what came and went since.
    pub fn tally(&self, now: Timestamp) {
        for said in self.complaints().tally(now) {
            tracing::warn!("{said}");
        }
    }
}
