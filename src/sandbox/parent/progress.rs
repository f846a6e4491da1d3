//! How far the reading of one message has come, and what becomes of a file on which a child ended.

use std::{os::unix::process::ExitStatusExt as _, process::ExitStatus, time::Duration};

use tokio::time::Instant;

use super::super::{
    child::BROKE,
    protocol::{FileHead, Task},
};
use crate::core::{
    file::{File, Outcome, Reading},
    message::Message,
};

/// How a child ended.
pub(super) enum End {
    Done,
    TimedOut,
    Died(ExitStatus),
}

/// How far the reading of one message has come, over as many children as it takes.
pub(super) struct Progress {
    pub(super) until: Instant,
    pub(super) message: Option<Result<Message, String>>,
    pub(super) files: Vec<File>,
    pub(super) begun: Option<FileHead>,
    /// What is known of the file that began, should the child end on it.
    pub(super) in_hand: Option<Reading>,
    poison: Vec<usize>,
    listing: bool,
    again: bool,
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
        if let Some(head) = self.begun.take() {
            self.files.push(head.with(reading));
        }
    }

    /// Takes in how a child ended, and decides whether another goes on behind it.
    pub(super) fn ended(&mut self, end: &End, task: &Task) {
        let reading = match end {
            End::Done => {
                self.finished = true;
                return;
            }
            End::TimedOut => Reading::without_text(Outcome::TimedOut, TOO_SLOW),
            End::Died(status) if status.signal() == Some(CPU_LIMIT) => {
                Reading::without_text(Outcome::TimedOut, TOO_SLOW)
            }
            End::Died(status) if status.signal() == Some(FORBIDDEN_CALL) => {
                let file = self.begun.as_ref().map_or("of which nothing is known", |head| head.sha256.as_str());
                tracing::error!("the file {file} asked for what no reader needs, and its process was ended");
                self.in_hand = None;
                Reading::without_text(Outcome::Damaged, TRIED_TO_BREAK_OUT)
            }
            End::Died(_) => Reading::without_text(Outcome::Damaged, BROKE),
        };
        let was_reading = self.begun.is_some();
        if was_reading {
            self.poison.push(self.files.len());
            let known = self.in_hand.take();
            self.file_done(known.unwrap_or(reading));
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
            self.files.push(FileHead::unlisted().with(Reading::without_text(Outcome::Damaged, UNLISTED)));
            self.finished = true;
        } else if time_is_up {
            self.listing = true;
            self.until = Instant::now() + LISTING;
        }
    }
}

/// How long a child may take to list what there was no time to read.
const LISTING: Duration = Duration::from_secs(5);

const UNLISTED: &str =
    "The files from here on could not even be listed; the message is kept as it came, and a person must open it.";

const TOO_SLOW: &str = "Reading this file took longer than allowed; it is kept as it came, and a person must open it.";

pub(super) const TRIED_TO_BREAK_OUT: &str = "Reading this file asked for what no reader needs, and was ended: it may be made to do \
    harm. It is kept as it came; have it examined before anybody opens it.";

/// SIGXCPU, and SIGSYS, by which the kernel ends a process that asks for what its filter does not know.
const CPU_LIMIT: i32 = 24;
const FORBIDDEN_CALL: i32 = 31;
