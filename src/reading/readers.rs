//! Those that read: children in their cage, the virus scanner, and programs outside.
//!
//! Promises that a child which was ended from outside is no outcome of what it read: that is read again, and where it comes
//! to no end, said to be not read. Once the program is to stop, no end of a child is an outcome of anything.

use std::{path::PathBuf, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{
    outside::{Installed, Outside},
    progress::Progress,
    protocol::{Line, MOST_FILES, Task},
    read_mail::ReadMail,
    scanned::Scanned,
    scanner::Scanner,
};
use crate::{
    config::ReadingConfig,
    core::{file::File, mail::message::Message},
    sandbox::{Answers, Child, End, Enforced, Heard, Pool, SandboxError, give},
};

/// How long all programs outside may take to say who they are.
const PROGRAMS_WITHIN: Duration = Duration::from_secs(20);

/// Those that read, as the configuration has them.
#[derive(Debug)]
pub struct Readers {
    pub(super) pool: Pool,
    pub(super) limits: ReadingConfig,
    pub(super) outside: Outside,
    program: PathBuf,
    scanner: Option<Scanner>,
}

impl Readers {
    /// Children are started from `program`, which is this program itself.
    #[must_use]
    pub fn new(program: PathBuf, limits: ReadingConfig) -> Self {
        let (outside, scanner) = (Outside::new(&program, &limits), Scanner::of(&limits));
        Self { pool: Pool::new(program.clone(), limits.clone()), limits, outside, program, scanner }
    }

    /// Once `stop` says so, no end of a child is an outcome: whatever it was at is not read.
    #[must_use]
    pub fn until(self, stop: watch::Receiver<bool>) -> Self {
        Self { pool: self.pool.until(stop), ..self }
    }

    /// Whether the program is to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.pool.is_stopping()
    }

    /// Starts children until as many wait as the configuration says.
    ///
    /// # Errors
    /// The system has no process or memory left.
    pub fn prepare(&self) -> Result<(), SandboxError> {
        self.pool.prepare()
    }

    /// Starts a child to learn what the kernel holds it to.
    ///
    /// # Errors
    /// No child could be started, or the kernel does not do what the configuration requires.
    pub async fn try_out(&self) -> Result<Enforced, SandboxError> {
        self.pool.try_out().await
    }

    /// Tries each program outside that is switched on.
    pub async fn try_programs(&self) -> Vec<Installed> {
        Outside::try_out(&self.limits, &self.program, Instant::now() + PROGRAMS_WITHIN).await
    }

    /// Asks the virus scanner whether it is there; `None` where none is asked. What is the matter goes on after "the
    /// scanner".
    pub async fn try_scanner(&self) -> Option<Result<(), String>> {
        let scanner = self.scanner.as_ref()?;
        Some(scanner.ping().await.map_err(|error| error.to_string()))
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
            reading.ended(end, &task);
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
            reading.ended(end, &task);
        }
        self.ask_outside(Some(name), bytes, &mut reading).await?;
        Ok(reading.files)
    }

    /// Has a child do a task as far as it comes.
    pub(super) async fn one_child(
        &self,
        task: &Task,
        bytes: &[u8],
        reading: &mut Progress,
    ) -> Result<End, SandboxError> {
        let Child { server, task: input, mut answers } = self.pool.take()?;
        let (given, heard) = tokio::join!(give(input, task, bytes), self.listen(&mut answers, reading));
        given?;
        let heard = heard?;
        drop(answers);
        self.pool.see_off(server, heard).await
    }

    async fn listen(&self, answers: &mut Answers, reading: &mut Progress) -> Result<Heard, SandboxError> {
        let mut file_until = Instant::now() + self.limits.time_per_file;
        match timeout_at(file_until.min(reading.until), answers.next()).await {
            Err(_) => return Ok(Heard::TimedOut),
            Ok(None) => return Ok(Heard::Broken),
            Ok(Some(enforced)) => self.pool.enough(enforced)?,
        }
        loop {
            let line = match timeout_at(file_until.min(reading.until), answers.next()).await {
                Err(_) => return Ok(Heard::TimedOut),
                Ok(None) => return Ok(Heard::Broken),
                Ok(Some(line)) => line,
            };
            match line {
                Line::Message(message) => reading.message = Some(Ok(*message)),
                Line::NotAMessage(reason) => reading.message = Some(Err(reason)),
                Line::Begins(_) if reading.files.len() >= MOST_FILES => return Ok(Heard::Broken),
                Line::Begins(file) => (reading.begun, reading.in_hand) = (Some(*file), None),
                Line::InHand(known) => reading.in_hand = Some(*known),
                Line::Reading(done) => reading.file_done(*done),
                Line::Contents(_) => return Ok(Heard::Broken),
                Line::End => return Ok(Heard::Everything),
            }
            if matches!(reading.message, Some(Err(_))) {
                return Ok(Heard::Everything);
            }
            file_until = Instant::now() + self.limits.time_per_file;
        }
    }
}

const NO_ANSWER: &str = "This message broke its reader; it is kept as it came, and a person must open it.";
