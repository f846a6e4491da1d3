//! The parent's side: children that wait, the wall clock, and what becomes of a file on which a child ended.

use std::{
    collections::VecDeque,
    io,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::unix::pipe,
    time::{Instant, timeout, timeout_at},
};

use super::{
    child::{BROKE, MOST_FILES},
    enforced::Enforced,
    protocol::{Answer, FileHead, Task, WEAKER, WHOLE},
    servant::{Servant, Streams},
};
use crate::{
    config::{Enforce, ReadingConfig},
    core::{
        file::{File, Outcome, Reading},
        message::Message,
    },
};

/// Bytes that one line of a child may have: the longest text, escaped.
const MOST_LINE: usize = 48 << 20;
/// Bytes that a child may say in all.
const MOST_LINES: usize = 3 * MOST_LINE;
/// How long a child has to end once it has said what it had to say, or has closed its side.
const TO_END: Duration = Duration::from_secs(5);
/// How long a child may take until it is restricted and waits.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// Where children come from.
#[derive(Debug)]
pub struct Sandbox {
    program: PathBuf,
    limits: ReadingConfig,
    waiting: Mutex<VecDeque<Waiting>>,
}

/// What reading a message gave.
#[derive(Clone, Debug)]
pub struct ReadMail {
    /// The parsed message, or why it could not be parsed.
    pub message: Result<Message, String>,
    /// Its files, each with an outcome.
    pub files: Vec<File>,
}

/// Nothing was read, and nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The system has no process or memory left.
    #[error("no process could be started to read with: {0}")]
    Start(#[from] io::Error),
    /// The kernel does not enforce what the configuration requires.
    #[error("{0} To read all the same, within the limits of memory and time: sandbox = \"best\" in [reading].")]
    Weak(String),
}

/// A child that waits for its task.
#[derive(Debug)]
struct Waiting {
    servant: Servant,
    streams: Streams,
}

/// How a child ended.
enum End {
    Done,
    TimedOut,
    Died(ExitStatus),
}

impl SandboxError {
    /// Whether the same may succeed later; the kernel stays what it is.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Start(_))
    }
}

impl Sandbox {
    /// Children are started from `program`, which is this program itself.
    #[must_use]
    pub fn new(program: PathBuf, limits: ReadingConfig) -> Self {
        Self { program, limits, waiting: Mutex::default() }
    }

    /// Starts children until as many wait as the configuration says.
    ///
    /// # Errors
    /// The system has no process or memory left.
    pub fn prepare(&self) -> Result<(), SandboxError> {
        let mut waiting = self.waiting();
        while waiting.len() < self.limits.children {
            waiting.push_back(self.start()?);
        }
        Ok(())
    }

    /// Starts a child to learn what the kernel holds it to.
    ///
    /// # Errors
    /// No child could be started, or the kernel does not do what the configuration requires.
    pub async fn try_out(&self) -> Result<Enforced, SandboxError> {
        let Waiting { servant, mut streams } = self.start()?;
        let mut left = MOST_LINE;
        let ready = timeout(TO_BEGIN, next_answer(&mut streams.answers, &mut left)).await;
        drop(servant);
        match ready {
            Ok(Some(Answer::Ready(enforced))) => self.enough(enforced).map(|()| enforced),
            _ => Err(io::Error::other("it did not get ready").into()),
        }
    }

    fn enough(&self, enforced: Enforced) -> Result<(), SandboxError> {
        match enforced.lacking().filter(|_| self.limits.sandbox == Enforce::Require) {
            Some(lacking) => Err(SandboxError::Weak(lacking)),
            None => Ok(()),
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// No child could be started.
    pub async fn read_message(&self, raw: &[u8]) -> Result<ReadMail, SandboxError> {
        let mut reading = Progress::new(self.limits.time_per_message);
        while reading.unfinished() {
            let task = reading.task(None);
            let end = self.one_child(&task, raw, &mut reading).await?;
            reading.ended(&end, &task);
        }
        let message = reading.message.unwrap_or_else(|| Err(NO_ANSWER.to_owned()));
        Ok(ReadMail { message, files: reading.files })
    }

    /// Reads one document, and what it holds if it is a container.
    ///
    /// # Errors
    /// No child could be started.
    pub async fn read_document(&self, name: &str, bytes: &[u8]) -> Result<Vec<File>, SandboxError> {
        let mut reading = Progress::new(self.limits.time_per_message);
        reading.message = Some(Ok(Message::default()));
        while reading.unfinished() {
            let task = reading.task(Some(name));
            let end = self.one_child(&task, bytes, &mut reading).await?;
            reading.ended(&end, &task);
        }
        Ok(reading.files)
    }

    /// Has a child do a task as far as it comes.
    async fn one_child(&self, task: &Task, bytes: &[u8], reading: &mut Progress) -> Result<End, SandboxError> {
        let Waiting { mut servant, streams: Streams { task: mut input, mut answers } } = self.take()?;
        let mut line = serde_json::to_vec(task).map_err(io::Error::other)?;
        line.push(b'\n');
        let give = async move {
            // A child that ends early closes its input; what it answered until then still counts.
            if input.write_all(&line).await.is_ok() && input.write_all(bytes).await.is_ok() {
                drop(input.shutdown().await);
            }
        };
        let listen = self.listen(&mut answers, reading);
        let ((), end) = tokio::join!(give, listen);
        let end = end?;
        drop(answers);
        let ended = match end {
            Listened::TimedOut => None,
            Listened::End | Listened::Closed => timeout(TO_END, servant.ended()).await.ok(),
        };
        let by_itself = ended.is_some();
        let status = match ended {
            Some(status) => status?,
            None => {
                servant.end_child().await;
                servant.ended().await?
            }
        };
        if by_itself && status.success() {
            self.keep(servant);
        }
        Ok(match end {
            Listened::End => End::Done,
            Listened::TimedOut => End::TimedOut,
            Listened::Closed => End::Died(status),
        })
    }

    async fn listen(
        &self,
        answers: &mut BufReader<pipe::Receiver>,
        reading: &mut Progress,
    ) -> Result<Listened, SandboxError> {
        let mut file_until = Instant::now() + self.limits.time_per_file;
        let mut left = MOST_LINES;
        loop {
            let until = file_until.min(reading.until);
            let answer = match timeout_at(until, next_answer(answers, &mut left)).await {
                Err(_) => return Ok(Listened::TimedOut),
                Ok(None) => return Ok(Listened::Closed),
                Ok(Some(answer)) => answer,
            };
            match answer {
                Answer::Ready(enforced) => {
                    self.enough(enforced)?;
                    continue;
                }
                Answer::Message(message) => reading.message = Some(Ok(*message)),
                Answer::NotAMessage(reason) => reading.message = Some(Err(reason)),
                Answer::Begins(_) if reading.files.len() >= MOST_FILES => return Ok(Listened::Closed),
                Answer::Begins(head) => reading.begun = Some(head),
                Answer::Reading(done) => reading.file_done(*done),
                Answer::End => return Ok(Listened::End),
            }
            if matches!(reading.message, Some(Err(_))) {
                return Ok(Listened::End);
            }
            file_until = Instant::now() + self.limits.time_per_file;
        }
    }

    /// A child that waits, or a new one.
    fn take(&self) -> Result<Waiting, SandboxError> {
        let ready = self.waiting().pop_front();
        ready.map_or_else(|| self.start(), Ok)
    }

    /// Has a child wait in the place of one that ended well. Where none can, the next message shows it.
    fn keep(&self, servant: Servant) {
        let mut waiting = self.waiting();
        if waiting.len() < self.limits.children {
            let next = if servant.may_fork_again() { Waiting::of(servant).ok() } else { self.start().ok() };
            waiting.extend(next);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Result<Waiting, SandboxError> {
        let limits = &self.limits;
        let weaker = if limits.sandbox == Enforce::Require { WHOLE } else { WEAKER };
        let terms = [limits.memory.to_string(), limits.cpu_per_file.as_secs().max(1).to_string(), weaker.to_owned()];
        Ok(Waiting::of(Servant::start(&self.program, terms)?)?)
    }
}

impl Waiting {
    fn of(mut servant: Servant) -> io::Result<Self> {
        let streams = servant.fork()?;
        Ok(Self { servant, streams })
    }
}

const NO_ANSWER: &str = "This message broke its reader; it is kept as it came, and a person must open it.";

/// Why listening to a child ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listened {
    End,
    TimedOut,
    Closed,
}

/// The next line of a child; `None` when it closed its side, or wrote what it should not, or more than is `left` to it.
async fn next_answer(answers: &mut BufReader<pipe::Receiver>, left: &mut usize) -> Option<Answer> {
    let mut line = Vec::new();
    loop {
        let available = answers.fill_buf().await.ok()?;
        if available.is_empty() {
            return None;
        }
        let end = available.iter().position(|&byte| byte == b'\n');
        let taken = end.map_or(available.len(), |end| end + 1);
        *left = left.checked_sub(taken)?;
        line.extend_from_slice(&available[..taken]);
        answers.consume(taken);
        if end.is_some() {
            return serde_json::from_slice(&line).ok();
        }
        if line.len() > MOST_LINE {
            return None;
        }
    }
}

/// How far the reading of one message has come, over as many children as it takes.
struct Progress {
    until: Instant,
    message: Option<Result<Message, String>>,
    files: Vec<File>,
    begun: Option<FileHead>,
    poison: Vec<usize>,
    listing: bool,
    again: bool,
    finished: bool,
}

impl Progress {
    fn new(time: Duration) -> Self {
        Self {
            until: Instant::now() + time,
            message: None,
            files: Vec::new(),
            begun: None,
            poison: Vec::new(),
            listing: false,
            again: false,
            finished: false,
        }
    }

    fn unfinished(&self) -> bool {
        !self.finished
    }

    fn task(&self, document: Option<&str>) -> Task {
        Task {
            document: document.map(str::to_owned),
            done: self.files.len(),
            poison: self.poison.clone(),
            list_only: self.listing,
        }
    }

    fn file_done(&mut self, reading: Reading) {
        if let Some(head) = self.begun.take() {
            self.files.push(head.with(reading));
        }
    }

    /// Takes in how a child ended, and decides whether another goes on behind it.
    fn ended(&mut self, end: &End, task: &Task) {
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
                let file = self.begun.as_ref().map(|head| head.sha256.as_str());
                tracing::error!(file, "a file asked for what no reader needs, and its process was ended");
                Reading::without_text(Outcome::Damaged, TRIED_TO_BREAK_OUT)
            }
            End::Died(_) => Reading::without_text(Outcome::Damaged, BROKE),
        };
        let was_reading = self.begun.is_some();
        if was_reading {
            self.poison.push(self.files.len());
            self.file_done(reading);
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

const TRIED_TO_BREAK_OUT: &str = "Reading this file asked for what no reader needs, and was ended: it may be made to do \
    harm. It is kept as it came; have it examined before anybody opens it.";

/// SIGXCPU, and SIGSYS, by which the kernel ends a process that asks for what its filter does not know.
const CPU_LIMIT: i32 = 24;
const FORBIDDEN_CALL: i32 = 31;
