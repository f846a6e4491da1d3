//! The parent's side: children that wait, what they answer, and the wall clock.
//!
//! Promises that a child which was ended from outside is no outcome of what it read: that is read again, and where it comes
//! to no end, said to be not read. Once the program is to stop, no end of a child is an outcome of anything.

mod ask;
mod progress;
mod scan;

use std::{
    collections::VecDeque,
    io,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::unix::pipe,
    sync::watch,
    time::{Instant, timeout, timeout_at},
};

use self::{
    progress::{End, Progress},
    scan::Scanned,
};
use super::{
    Outside, Tried, apart,
    child::MOST_FILES,
    enforced::Enforced,
    memory,
    protocol::{Answer, Task, WEAKER, WHOLE},
    server_handle::{Ended, ServerHandle, Streams},
};
use crate::{
    config::{Enforce, ReadingConfig},
    core::{file::File, mail::message::Message},
    scanner::Scanner,
};

/// Bytes that one line of a child may have: the longest text, escaped.
const MOST_LINE: usize = 48 << 20;
/// Bytes that a child may say in all.
const MOST_LINES: usize = 3 * MOST_LINE;
/// How long a child has to end once it has said what it had to say, has closed its side, or was told to.
const TO_END: Duration = Duration::from_secs(5);
/// How long all programs outside may take to say who they are.
const PROGRAMS_WITHIN: Duration = Duration::from_secs(20);
/// How long a child may take until it is restricted and waits.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// Where children come from.
#[derive(Debug)]
pub struct Sandbox {
    program: PathBuf,
    limits: ReadingConfig,
    outside: Outside,
    scanner: Option<Scanner>,
    waiting: Mutex<VecDeque<Waiting>>,
    stop: Option<watch::Receiver<bool>>,
}

/// What reading a message gave.
#[derive(Clone, Debug)]
pub struct ReadMail {
    /// The parsed message, or why it could not be parsed.
    pub message: Result<Message, String>,
    /// Its files, each with an outcome.
    pub files: Vec<File>,
    /// Whether the virus scanner does its work, or what is the matter with it; `None` where none is asked.
    pub scanner: Option<Result<(), String>>,
}

/// Nothing was read, and nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The system has no process or memory left.
    #[error("no process could be started to read with: {}", memory::why_not_started(.0))]
    Start(#[from] io::Error),
    /// The kernel does not enforce what the configuration requires.
    #[error("{0} To read all the same, within the limits of memory and time: sandbox = \"best\" in [reading].")]
    Weak(String),
    /// Each child was ended before it could say what the message is.
    #[error("each process that was to read it was ended from outside; the machine may be short of memory")]
    Killed,
    /// The program is to stop.
    #[error("the program stops")]
    Stopping,
}

/// A child that waits for its task.
#[derive(Debug)]
struct Waiting {
    handle: ServerHandle,
    streams: Streams,
}

impl SandboxError {
    /// Whether the same may succeed later; the kernel stays what it is.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Start(_) | Self::Killed | Self::Stopping => true,
            Self::Weak(_) => false,
        }
    }
}

impl Sandbox {
    /// Children are started from `program`, which is this program itself.
    #[must_use]
    pub fn new(program: PathBuf, limits: ReadingConfig) -> Self {
        let (outside, scanner) = (Outside::new(&program, &limits), Scanner::of(&limits));
        Self { program, limits, outside, scanner, waiting: Mutex::default(), stop: None }
    }

    /// Once `stop` says so, no end of a child is an outcome: whatever it was at is not read.
    #[must_use]
    pub fn until(self, stop: watch::Receiver<bool>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// Whether the program is to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
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
        let Waiting { handle, mut streams } = self.start()?;
        let mut left = MOST_LINE;
        let ready = timeout(TO_BEGIN, next_answer(&mut streams.answers, &mut left)).await;
        drop(handle);
        match ready {
            Ok(Some(Answer::Ready(enforced))) => self.enough(enforced).map(|()| enforced),
            _ => Err(io::Error::other("it did not get ready").into()),
        }
    }

    /// Tries each program outside that is switched on.
    pub async fn try_programs(&self) -> Vec<Tried> {
        Outside::try_out(&self.limits, &self.program, Instant::now() + PROGRAMS_WITHIN).await
    }

    /// Asks the virus scanner whether it is there; `None` where none is asked. What is the matter goes on after "the
    /// scanner".
    pub async fn try_scanner(&self) -> Option<Result<(), String>> {
        let scanner = self.scanner.as_ref()?;
        Some(scanner.ping().await.map_err(|error| error.to_string()))
    }

    fn enough(&self, enforced: Enforced) -> Result<(), SandboxError> {
        match enforced.lacking().filter(|_| self.limits.sandbox == Enforce::Require) {
            Some(lacking) => Err(SandboxError::Weak(lacking)),
            None => Ok(()),
        }
    }

    /// Has the scanner look through a message, and reads it. No file of a harmful one is opened.
    ///
    /// # Errors
    /// No child could be started, none lived until it knew what the message is, or the program is to stop.
    pub async fn read_message(&self, raw: &[u8]) -> Result<ReadMail, SandboxError> {
        let scanned = Scanned(match &self.scanner {
            Some(scanner) => Some(scanner.scan(raw).await),
            None => None,
        });
        let mut reading = scanned.begin(Progress::new(self.limits.time_per_message));
        while reading.unfinished() {
            let task = reading.task(None);
            let end = self.one_child(&task, raw, &mut reading).await?;
            reading.ended(&end, &task);
        }
        if reading.is_given_up() {
            return Err(SandboxError::Killed);
        }
        if matches!(reading.message, Some(Ok(_))) && scanned.found().is_none() {
            self.ask_outside(None, raw, &mut reading).await?;
        }
        let message = reading.message.unwrap_or_else(|| Err(NO_ANSWER.to_owned()));
        let mut mail = ReadMail { message, files: reading.files, scanner: None };
        scanned.put_into(&mut mail);
        Ok(mail)
    }

    /// Reads one document, and what it holds if it is a container.
    ///
    /// # Errors
    /// No child could be started, or the program is to stop.
    pub async fn read_document(&self, name: &str, bytes: &[u8]) -> Result<Vec<File>, SandboxError> {
        let mut reading = Progress::new(self.limits.time_per_message);
        reading.message = Some(Ok(Message::default()));
        while reading.unfinished() {
            let task = reading.task(Some(name));
            let end = self.one_child(&task, bytes, &mut reading).await?;
            reading.ended(&end, &task);
        }
        self.ask_outside(Some(name), bytes, &mut reading).await?;
        Ok(reading.files)
    }

    /// Has a child do a task as far as it comes.
    async fn one_child(&self, task: &Task, bytes: &[u8], reading: &mut Progress) -> Result<End, SandboxError> {
        let Waiting { mut handle, streams: Streams { task: input, mut answers } } = self.take()?;
        let listen = self.listen(&mut answers, reading);
        let (given, end) = tokio::join!(give(input, task, bytes), listen);
        given?;
        let end = end?;
        drop(answers);
        let ended = match end {
            Listened::TimedOut => None,
            Listened::End | Listened::Closed => timeout(TO_END, handle.ended()).await.ok().transpose()?,
        };
        if ended.is_none() {
            handle.end_child().await;
            // A server that does not do it ends with its child when it is let go.
            let _status = timeout(TO_END, handle.ended()).await.ok().transpose()?;
        }
        let end = match (end, ended) {
            (Listened::End, ended) => {
                if matches!(ended, Some(Ended::So(status)) if status.success()) {
                    self.keep(handle);
                }
                return Ok(End::Done);
            }
            (Listened::TimedOut, _) => End::TimedOut,
            (Listened::Closed, Some(ended)) => end_of(ended),
            (Listened::Closed, None) => End::Died(None),
        };
        if self.is_stopping() { Err(SandboxError::Stopping) } else { Ok(end) }
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
                Answer::Begins(head) => (reading.begun, reading.in_hand) = (Some(head), None),
                Answer::InHand(known) => reading.in_hand = Some(*known),
                Answer::Reading(done) => reading.file_done(*done),
                Answer::Contents(_) => return Ok(Listened::Closed),
                Answer::End => return Ok(Listened::End),
            }
            if matches!(reading.message, Some(Err(_))) {
                return Ok(Listened::End);
            }
            file_until = Instant::now() + self.limits.time_per_file;
        }
    }

    /// A child that waits, or a new one. One that died while it waited had nothing to read yet.
    fn take(&self) -> Result<Waiting, SandboxError> {
        let mut waiting = self.waiting();
        while let Some(ready) = waiting.pop_front() {
            if ready.streams.are_held() {
                return Ok(ready);
            }
        }
        drop(waiting);
        self.start()
    }

    /// Has a child wait in the place of one that ended well. Where none can, the next message shows it.
    fn keep(&self, handle: ServerHandle) {
        let mut waiting = self.waiting();
        if waiting.len() < self.limits.children {
            let next = if handle.may_fork_again() { Waiting::of(handle).ok() } else { self.start().ok() };
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
        Ok(Waiting::of(ServerHandle::start(&self.program, terms)?)?)
    }
}

impl Waiting {
    fn of(mut handle: ServerHandle) -> io::Result<Self> {
        let streams = handle.fork()?;
        Ok(Self { handle, streams })
    }
}

const NO_ANSWER: &str = "This message broke its reader; it is kept as it came, and a person must open it.";

/// How a child ended that had not said all.
fn end_of(ended: Ended) -> End {
    match ended {
        Ended::So(status) if !apart::is_from_outside(status) => End::Died(status.signal()),
        Ended::So(_) | Ended::Unseen => End::Killed,
    }
}

/// Why listening to a child ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listened {
    End,
    TimedOut,
    Closed,
}

/// Gives a child its task.
async fn give(mut input: pipe::Sender, task: &Task, bytes: &[u8]) -> io::Result<()> {
    let mut line = serde_json::to_vec(task).map_err(io::Error::other)?;
    line.push(b'\n');
    // A child that ends early closes its input; what it answered until then still counts.
    if input.write_all(&line).await.is_ok() && input.write_all(bytes).await.is_ok() {
        drop(input.shutdown().await);
    }
    Ok(())
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
