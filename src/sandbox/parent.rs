//! The parent's side: children that wait, the wall clock, and what becomes of a file on which a child ended.

use std::{
    collections::VecDeque,
    io,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Mutex,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::{Instant, timeout, timeout_at},
};

use super::{
    Outside,
    child::{BROKE, MOST_FILES},
    enforced::Enforced,
    outside,
    protocol::{Answer, CHILD_ARGUMENT, FileHead, Task, WEAKER, WHOLE},
};
use crate::{
    config::{Enforce, ReadingConfig},
    core::{
        file::{File, Outcome, Reading},
        identity,
        message::Message,
    },
    extract::Supplied,
};

/// Bytes that one line of a child may have: the longest text, escaped.
const MOST_LINE: usize = 48 << 20;
/// Bytes that a child may say in all.
const MOST_LINES: usize = 3 * MOST_LINE;
/// How long a child has to end once it has said what it had to say, or has closed its side.
const TO_END: Duration = Duration::from_secs(5);
/// How long a child may take until it is restricted and waits.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// One child has one heap: a second one for its thread would cost a short life a tenth of its time.
const ONE_HEAP: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.arena_max=1:glibc.malloc.top_pad=1048576");

/// Where children come from.
#[derive(Debug)]
pub struct Sandbox {
    program: PathBuf,
    limits: ReadingConfig,
    outside: Outside,
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

#[derive(Debug)]
struct Waiting {
    process: Child,
    task: ChildStdin,
    answers: BufReader<ChildStdout>,
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
        let outside = Outside::new(&program, &limits);
        Self { program, limits, outside, waiting: Mutex::default() }
    }

    /// Starts children until as many wait as the configuration says.
    ///
    /// # Errors
    /// The system has no process or memory left.
    pub fn prepare(&self) -> Result<(), SandboxError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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
        let Waiting { mut process, task, mut answers } = self.start()?;
        let mut left = MOST_LINE;
        let ready = timeout(TO_BEGIN, next_answer(&mut answers, &mut left)).await;
        drop(task);
        process.kill().await?;
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
        if matches!(reading.message, Some(Ok(_))) {
            self.ask_outside(None, raw, &mut reading).await?;
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
        self.ask_outside(Some(name), bytes, &mut reading).await?;
        Ok(reading.files)
    }

    /// Asks the programs outside for what was not read here.
    async fn ask_outside(&self, name: Option<&str>, raw: &[u8], reading: &mut Progress) -> Result<(), SandboxError> {
        let all_until = Instant::now() + self.limits.time_outside();
        for n in 0..reading.files.len() {
            let file = &reading.files[n];
            let broke_out = file.reading.detail.as_deref() == Some(TRIED_TO_BREAK_OUT);
            if broke_out || !self.outside.wants(file) {
                continue;
            }
            if Instant::now() >= all_until {
                break;
            }
            let task = Task { contents: true, done: n, ..reading.task(name) };
            let Some(bytes) = self.contents(&task, raw, file).await? else { continue };
            let until = all_until.min(Instant::now() + self.limits.time_per_file);
            let file = &mut reading.files[n];
            let ours_ended = matches!(file.reading.outcome, Outcome::Damaged | Outcome::TimedOut);
            if let Some(supplied) = self.outside.pdftotext(file, &bytes, until).await {
                self.put_in(file, &bytes, Supplied { alone: ours_ended, ..supplied }).await?;
            }
            // A document that our own readers cannot take apart has its pages from one program alone.
            if ours_ended && file.reading.has_text() {
                continue;
            }
            if let Some(supplied) = self.outside.recognise(file, &bytes, all_until).await {
                let alone = ours_ended || file.reading.pages.is_none();
                self.put_in(file, &bytes, Supplied { alone, ..supplied }).await?;
            }
        }
        Ok(())
    }

    /// Has a child put pages that were read outside into the reading of a document, and keeps it where it is better.
    async fn put_in(&self, file: &mut File, bytes: &[u8], supplied: Supplied) -> Result<(), SandboxError> {
        let mut with = Progress::new(self.limits.time_per_file);
        with.message = Some(Ok(Message::default()));
        let task = Task { supplied: Some(supplied), ..with.task(Some(file.name.as_deref().unwrap_or_default())) };
        self.one_child(&task, bytes, &mut with).await?;
        if let Some(with) = with.files.into_iter().next()
            && outside::is_better(&with.reading, &file.reading)
        {
            file.reading = with.reading;
        }
        Ok(())
    }

    /// The contents of one file of a message, from a child that takes the message apart once more; `None` where it cannot.
    async fn contents(&self, task: &Task, raw: &[u8], file: &File) -> Result<Option<Vec<u8>>, SandboxError> {
        let Ok(size) = usize::try_from(file.size) else { return Ok(None) };
        let Waiting { mut process, task: input, mut answers } = self.take()?;
        let fetch = async {
            loop {
                let mut left = MOST_LINES;
                match next_answer(&mut answers, &mut left).await? {
                    Answer::Contents(there) if there == size => break,
                    Answer::Ready(_) => {}
                    _ => return None,
                }
            }
            let mut bytes = Vec::new();
            (&mut answers).take(file.size).read_to_end(&mut bytes).await.ok()?;
            (hex::encode(identity::evidence(&bytes)) == file.sha256).then_some(bytes)
        };
        let both = async { tokio::join!(give(input, task, raw), fetch) };
        let fetched = timeout(self.limits.time_per_file, both).await;
        process.kill().await?;
        match fetched {
            Ok((given, bytes)) => given.map(|()| bytes).map_err(SandboxError::from),
            Err(_) => Ok(None),
        }
    }

    /// Has a child do a task as far as it comes.
    async fn one_child(&self, task: &Task, bytes: &[u8], reading: &mut Progress) -> Result<End, SandboxError> {
        let Waiting { mut process, task: input, mut answers } = self.take()?;
        let listen = self.listen(&mut answers, reading);
        let (given, end) = tokio::join!(give(input, task, bytes), listen);
        given?;
        let end = end?;
        drop(answers);
        if end != Listened::TimedOut
            && let Ok(status) = timeout(TO_END, process.wait()).await
        {
            let status = status?;
            return Ok(if end == Listened::End { End::Done } else { End::Died(status) });
        }
        process.start_kill()?;
        let status = process.wait().await?;
        Ok(match end {
            Listened::End => End::Done,
            Listened::TimedOut => End::TimedOut,
            Listened::Closed => End::Died(status),
        })
    }

    async fn listen(
        &self,
        answers: &mut BufReader<ChildStdout>,
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
                Answer::Contents(_) => return Ok(Listened::Closed),
                Answer::End => return Ok(Listened::End),
            }
            if matches!(reading.message, Some(Err(_))) {
                return Ok(Listened::End);
            }
            file_until = Instant::now() + self.limits.time_per_file;
        }
    }

    /// A child that waits, or a new one; and another is started in its place.
    fn take(&self) -> Result<Waiting, SandboxError> {
        let ready = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front();
        let taken = match ready {
            Some(ready) => ready,
            None => self.start()?,
        };
        self.prepare()?;
        Ok(taken)
    }

    fn start(&self) -> Result<Waiting, SandboxError> {
        let mut process = Command::new(&self.program)
            .arg(CHILD_ARGUMENT)
            .arg(self.limits.memory.to_string())
            .arg(self.limits.cpu_per_file.as_secs().max(1).to_string())
            .arg(if self.limits.sandbox == Enforce::Require { WHOLE } else { WEAKER })
            .env_clear()
            .env(ONE_HEAP.0, ONE_HEAP.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let closed = || io::Error::other("a child without streams");
        let task = process.stdin.take().ok_or_else(closed)?;
        let answers = BufReader::new(process.stdout.take().ok_or_else(closed)?);
        Ok(Waiting { process, task, answers })
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

/// Gives a child its task.
async fn give(mut input: ChildStdin, task: &Task, bytes: &[u8]) -> io::Result<()> {
    let mut line = serde_json::to_vec(task).map_err(io::Error::other)?;
    line.push(b'\n');
    // A child that ends early closes its input; what it answered until then still counts.
    if input.write_all(&line).await.is_ok() && input.write_all(bytes).await.is_ok() {
        drop(input.shutdown().await);
    }
    Ok(())
}

/// The next line of a child; `None` when it closed its side, or wrote what it should not, or more than is `left` to it.
async fn next_answer(answers: &mut BufReader<ChildStdout>, left: &mut usize) -> Option<Answer> {
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
            contents: false,
            supplied: None,
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
