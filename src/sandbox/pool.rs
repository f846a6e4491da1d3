//! The children that wait for their tasks.
//!
//! Promises that a child which ended well is followed by another from the same server, and every other by one from a new
//! server; and that once the program is to stop, no end of a child is an outcome of anything.

use std::{
    collections::VecDeque,
    io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{net::unix::pipe, sync::watch, time::timeout};

use super::{
    end::{End, Ended, Heard},
    enforced::Enforced,
    error::SandboxError,
    protocol::{WEAKER, WHOLE},
    server_handle::{ServerHandle, TO_END},
    streams::{Answers, Streams},
};
use crate::config::{Enforce, ReadingConfig};

/// How long a child may take until it is restricted and waits.
const TO_BEGIN: Duration = Duration::from_secs(30);

/// Where children come from.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    limits: ReadingConfig,
    waiting: Mutex<VecDeque<Child>>,
    stop: Option<watch::Receiver<bool>>,
}

/// A child that waits for its task.
#[derive(Debug)]
pub struct Child {
    /// Its server; it ends when this is dropped.
    pub server: ServerHandle,
    /// Where its task goes.
    pub task: pipe::Sender,
    /// What it says.
    pub answers: Answers,
}

impl Pool {
    /// Children are started from `program`, which is this program itself.
    #[must_use]
    pub fn new(program: PathBuf, limits: ReadingConfig) -> Self {
        Self { program, limits, waiting: Mutex::default(), stop: None }
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
        let Child { server, task: _task, mut answers } = self.start()?;
        let ready = timeout(TO_BEGIN, answers.next()).await;
        drop(server);
        let enforced: Option<Enforced> = ready.ok().flatten();
        let enforced = enforced.ok_or_else(|| io::Error::other("it did not get ready"))?;
        self.enough(enforced).map(|()| enforced)
    }

    /// Whether what a child is held to is enough.
    ///
    /// # Errors
    /// The configuration requires more.
    pub fn enough(&self, enforced: Enforced) -> Result<(), SandboxError> {
        match enforced.lacking().filter(|_| self.limits.sandbox == Enforce::Require) {
            Some(lacking) => Err(SandboxError::Weak(lacking)),
            None => Ok(()),
        }
    }

    /// A child that waits, or a new one. One that died while it waited had nothing to read yet.
    ///
    /// # Errors
    /// The system has no process or memory left.
    pub fn take(&self) -> Result<Child, SandboxError> {
        let mut waiting = self.waiting();
        while let Some(ready) = waiting.pop_front() {
            if ready.answers.are_held() {
                return Ok(ready);
            }
        }
        drop(waiting);
        self.start()
    }

    /// Sees a child to its end, of which so much was heard, and has another wait in its place.
    ///
    /// # Errors
    /// There was no child, or the program is to stop.
    pub async fn see_off(&self, mut server: ServerHandle, heard: Heard) -> Result<End, SandboxError> {
        let ended = match heard {
            Heard::TimedOut => None,
            Heard::Everything | Heard::Broken => timeout(TO_END, server.ended()).await.ok().transpose()?,
        };
        if ended.is_none() {
            server.end_child().await;
            // A server that does not do it ends with its child when it is let go.
            let _status = timeout(TO_END, server.ended()).await.ok().transpose()?;
        }
        let end = match (heard, ended) {
            (Heard::Everything, ended) => {
                if matches!(ended, Some(Ended::So(status)) if status.success()) {
                    self.keep(server);
                }
                return Ok(End::Done);
            }
            (Heard::TimedOut, _) => End::TimedOut,
            (Heard::Broken, Some(ended)) => End::of(ended),
            (Heard::Broken, None) => End::Died(None),
        };
        if self.is_stopping() { Err(SandboxError::Stopping) } else { Ok(end) }
    }

    /// Has a child wait in the place of one that ended well. Where none can, the next message shows it.
    fn keep(&self, server: ServerHandle) {
        let mut waiting = self.waiting();
        if waiting.len() < self.limits.children {
            let next = if server.may_fork_again() { Child::of(server).ok() } else { self.start().ok() };
            waiting.extend(next);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Child>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Result<Child, SandboxError> {
        let limits = &self.limits;
        let weaker = if limits.sandbox == Enforce::Require { WHOLE } else { WEAKER };
        let terms = [limits.memory.to_string(), limits.cpu_per_file.as_secs().max(1).to_string(), weaker.to_owned()];
        Ok(Child::of(ServerHandle::start(&self.program, terms)?)?)
    }
}

impl Child {
    fn of(mut server: ServerHandle) -> io::Result<Self> {
        let Streams { task, answers } = server.fork()?;
        Ok(Self { server, task, answers })
    }
}
