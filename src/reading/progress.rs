//! How far the reading of one message has come, and what becomes of a file on which a child ended.
//!
//! A child that was ended from outside says nothing of its file, which is read again. Only where that comes to no end is
//! the file passed by: it was not read, and nobody says that it is damaged.

use std::time::Duration;

use tokio::time::Instant;

use super::{child::BROKE, protocol::Task};
use crate::{
    core::{
        file::{File, Outcome, Reading},
        mail::message::Message,
    },
    sandbox::{ATTEMPTS, End},
};

/// How often a child was ended from outside at the same place.
#[derive(Clone, Copy, Default)]
struct Kills {
    /// Before it knew what the message is.
    parsing: u32,
    /// Between two files.
    listing: u32,
    /// In a file.
    reading: u32,
}

/// How far the reading of one message has come, over as many children as it takes.
pub(super) struct Progress {
    pub(super) until: Instant,
    pub(super) message: Option<Result<Message, String>>,
    pub(super) files: Vec<File>,
    pub(super) begun: Option<File>,
    /// What is known of the file that began, should the child end on it.
    pub(super) in_hand: Option<Reading>,
    poison: Vec<usize>,
    listing: bool,
    again: bool,
    kills: Kills,
    finished: bool,
}

impl Progress {
    pub(super) fn new(time: Duration) -> Self {
        Self {
            until: Instant::now() + time,
            message: None,
            files: Vec::new(),
            begun: None,
            in_hand: None,
            poison: Vec::new(),
            listing: false,
            again: false,
            kills: Kills::default(),
            finished: false,
        }
    }

    /// Files are listed, and none is opened.
    pub(super) fn listing(self) -> Self {
        Self { listing: true, ..self }
    }

    pub(super) fn unfinished(&self) -> bool {
        !self.finished
    }

    /// Nobody lived to say what the message is, and that is no fault of its own.
    pub(super) fn is_given_up(&self) -> bool {
        self.message.is_none() && self.kills.parsing > 0
    }

    pub(super) fn task(&self, document: Option<&str>) -> Task {
        Task {
            document: document.map(str::to_owned),
            done: self.files.len(),
            poison: self.poison.clone(),
            list_only: self.listing,
            contents: false,
            supplied: None,
        }
    }

    pub(super) fn file_done(&mut self, reading: Reading) {
        if let Some(file) = self.begun.take() {
            self.files.push(File { reading, ..file });
            self.kills = Kills { listing: 0, reading: 0, ..self.kills };
        }
    }

    /// Takes in how a child ended, and decides whether another goes on behind it.
    pub(super) fn ended(&mut self, end: End, task: &Task) {
        let (outcome, detail) = match end {
            End::Done => {
                self.finished = true;
                return;
            }
            End::Killed => {
                let again = self.is_read_again();
                tracing::warn!(again, "a process that reads mail was ended from outside");
                if again {
                    return;
                }
                (Outcome::NotRead, KILLED)
            }
            End::TimedOut | End::Died(Some(CPU_LIMIT)) => (Outcome::TimedOut, TOO_SLOW),
            End::Died(Some(FORBIDDEN_CALL)) => {
                let file = self.begun.as_ref().map_or("of which nothing is known", |file| file.sha256.as_str());
                tracing::error!("the file {file} asked for what no reader needs, and its process was ended");
                self.in_hand = None;
                (Outcome::Damaged, TRIED_TO_BREAK_OUT)
            }
            End::Died(_) => (Outcome::Damaged, BROKE),
        };
        let was_reading = self.begun.is_some();
        if was_reading {
            self.poison.push(self.files.len());
            let known = self.in_hand.take();
            self.file_done(known.unwrap_or_else(|| Reading::without_text(outcome, detail)));
        }
        if self.message.is_none() && matches!(end, End::Died(_)) && !self.again {
            // It may have died while it waited, of something that was not this message.
            self.again = true;
            return;
        }
        let time_is_up = Instant::now() >= self.until;
        let unlisted = !was_reading && (task.list_only || !time_is_up);
        if !matches!(self.message, Some(Ok(_))) {
            self.finished = true;
        } else if unlisted {
            let (outcome, detail) =
                if matches!(end, End::Killed) { (outcome, UNLISTED_KILLED) } else { (Outcome::Damaged, UNLISTED) };
            self.files.push(File::unlisted(Reading::without_text(outcome, detail)));
            self.finished = true;
        } else if time_is_up {
            self.listing = true;
            self.until = Instant::now() + LISTING;
        }
    }

    /// Whether what a child was at when it was ended from outside is tried again.
    fn is_read_again(&mut self) -> bool {
        let kills = if self.message.is_none() {
            &mut self.kills.parsing
        } else if self.begun.is_some() {
            &mut self.kills.reading
        } else {
            &mut self.kills.listing
        };
        *kills += 1;
        let again = *kills < ATTEMPTS && Instant::now() < self.until;
        if again {
            // Whoever goes on begins it anew.
            (self.begun, self.in_hand) = (None, None);
        }
        again
    }
}

/// How long a child may take to list what there was no time to read.
const LISTING: Duration = Duration::from_secs(5);

const UNLISTED: &str =
    "The files from here on could not even be listed; the message is kept as it came, and a person must open it.";

const UNLISTED_KILLED: &str = "The files from here on were not listed, for each process that was to do it was ended from outside (the \
    machine may be short of memory); the message is kept as it came, and a person must open it.";

const KILLED: &str = "This file was not read, for each process that was to do it was ended from outside (the machine may be short of \
    memory); it is kept as it came, and a person must open it.";

const TOO_SLOW: &str = "Reading this file took longer than allowed; it is kept as it came, and a person must open it.";

pub(super) const TRIED_TO_BREAK_OUT: &str = "Reading this file asked for what no reader needs, and was ended: it may be made to do \
    harm. It is kept as it came; have it examined before anybody opens it.";

/// SIGXCPU, and SIGSYS, by which the kernel ends a process that asks for what its filter does not know.
const CPU_LIMIT: i32 = 24;
const FORBIDDEN_CALL: i32 = 31;
