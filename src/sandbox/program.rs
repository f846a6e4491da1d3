//! A program of the system, run by way of the launcher: bytes in, bytes out, and an end in time.
//!
//! Promises that neither what it writes nor how long it takes is without a limit, that nothing of it is left behind, and
//! that one which is ended from outside is run again.

use std::{
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
    time::{Instant, timeout_at},
};

use super::{
    apart::{self, ATTEMPTS},
    launch::{NOT_HELD, NOT_RUN},
    protocol::{LAUNCH_ARGUMENT, WEAKER, WHOLE},
};
use crate::config::{Enforce, ReadingConfig};

/// One thread is all that a program gets, and all that it should try to start.
const ONE_THREAD: (&str, &str) = ("OMP_THREAD_LIMIT", "1");

/// Bytes that are heard of what a program complains about.
const MOST_COMPLAINTS: usize = 4096;

/// A program outside, and what it may use.
#[derive(Clone, Debug)]
pub struct Program {
    launcher: PathBuf,
    place: PathBuf,
    limits: ReadingConfig,
}

/// Why a program gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It was not started.
    #[error("it could not be started: {0}")]
    NotStarted(io::Error),
    /// It is not there, or no program that runs by itself.
    #[error("there is no such program, or it is a script and not a program")]
    NotRun,
    /// The kernel does not hold it to what it must be held to.
    #[error("the kernel does not hold it to its restrictions")]
    NotHeld,
    /// It took too long.
    #[error("it took longer than allowed")]
    TimedOut,
    /// It wrote too much.
    #[error("it wrote more than allowed")]
    TooMuch,
    /// It ended with a failure.
    #[error("it failed ({0})")]
    Ended(ExitStatus),
    /// It was ended by no fault of its own.
    #[error("it was ended from outside each time it was run")]
    Killed,
}

impl Program {
    /// The program at that place, run by way of `launcher`, which is this program itself.
    #[must_use]
    pub fn new(launcher: PathBuf, place: PathBuf, limits: ReadingConfig) -> Self {
        Self { launcher, place, limits }
    }

    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Runs it on some bytes, until then at the latest, and yields what it wrote: `most` bytes and not more.
    ///
    /// # Errors
    /// It gave nothing that can be used.
    pub async fn run(&self, arguments: &[&str], input: &[u8], most: usize, until: Instant) -> Result<Vec<u8>, Failed> {
        self.ran(arguments, input, most, until).await.map(|(written, _)| written)
    }

    /// The first line that it says of its version, wherever it says it.
    ///
    /// # Errors
    /// It cannot be run.
    pub async fn version(&self, argument: &str, until: Instant) -> Result<String, Failed> {
        let (out, err) = self.ran(&[argument], b"", MOST_COMPLAINTS, until).await?;
        let said = [out, err].concat();
        Ok(String::from_utf8_lossy(&said).lines().next().unwrap_or_default().trim().to_owned())
    }

    async fn ran(
        &self,
        arguments: &[&str],
        input: &[u8],
        most: usize,
        until: Instant,
    ) -> Result<(Vec<u8>, Vec<u8>), Failed> {
        for _ in 1..ATTEMPTS {
            match self.once(arguments, input, most, until).await {
                Err(Failed::Killed) if Instant::now() < until => {
                    let program = self.place.display();
                    tracing::warn!(%program, "a program that reads mail was ended from outside, and is run again");
                }
                ended => return ended,
            }
        }
        self.once(arguments, input, most, until).await
    }

    async fn once(
        &self,
        arguments: &[&str],
        input: &[u8],
        most: usize,
        until: Instant,
    ) -> Result<(Vec<u8>, Vec<u8>), Failed> {
        let cpu = until.saturating_duration_since(Instant::now()).as_secs().max(1);
        let mut command = Command::new(&self.launcher);
        command
            .arg(LAUNCH_ARGUMENT)
            .args([self.limits.memory.to_string(), cpu.to_string()])
            .arg(if self.limits.sandbox == Enforce::Require { WHOLE } else { WEAKER })
            .arg(apart::own_number())
            .arg(&self.place)
            .args(arguments)
            .env_clear()
            .env(ONE_THREAD.0, ONE_THREAD.1)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = apart::start(&mut command).map_err(Failed::NotStarted)?;
        // It leads a session, and so a group, of its own.
        let group = process.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let closed = || Failed::NotStarted(io::Error::other("a process without streams"));
        let mut stdin = process.stdin.take().ok_or_else(closed)?;
        let stdout = process.stdout.take().ok_or_else(closed)?;
        let mut stderr = process.stderr.take().ok_or_else(closed)?;
        let (mut written, mut complaints) = (Vec::new(), Vec::new());
        let work = async {
            let give = async move {
                // One that has seen enough closes its input.
                if stdin.write_all(input).await.is_ok() {
                    drop(stdin.shutdown().await);
                }
                Ok(())
            };
            let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
            let take = async {
                let mut bounded = stdout.take(limit);
                bounded.read_to_end(&mut written).await.map_err(Failed::NotStarted)?;
                if written.len() > most { Err(Failed::TooMuch) } else { Ok(()) }
            };
            let hear = async {
                let mut beginning = (&mut stderr).take(MOST_COMPLAINTS as u64);
                drop(beginning.read_to_end(&mut complaints).await);
                // The rest goes nowhere, and does not stop it.
                drop(tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await);
                Ok(())
            };
            tokio::try_join!(give, take, hear)?;
            process.wait().await.map_err(Failed::NotStarted)
        };
        let ended = timeout_at(until, work).await.unwrap_or(Err(Failed::TimedOut));
        if ended.is_err()
            && let Some(group) = group
        {
            // It may have ended meanwhile, or leads no group yet: then there is nobody beside it.
            let _gone = killpg(group, Signal::SIGKILL);
        }
        match ended? {
            status if status.success() => Ok((written, complaints)),
            status if status.code() == Some(NOT_HELD.into()) => Err(Failed::NotHeld),
            status if status.code() == Some(NOT_RUN.into()) => Err(Failed::NotRun),
            status if apart::is_from_outside(status) => Err(Failed::Killed),
            status => Err(Failed::Ended(status)),
        }
    }
}
