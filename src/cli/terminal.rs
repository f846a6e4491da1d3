//! Who is at the terminal, and what is said to them.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::core::actor::Actor;

/// A command found something to report, and has said it.
#[derive(Debug, thiserror::Error)]
#[error("see above")]
pub(super) struct Reported;

/// What a command was asked for there is not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongArgument(pub String);

/// This program, from which children are started: the running one, even when its file has been replaced meanwhile.
pub(super) fn this_program() -> anyhow::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe().context("the program does not know where it lies")
}

/// Writes a line to standard output.
pub(super) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a line to standard error; if nobody listens there, there is nobody left to tell.
pub(super) fn complain(lines: &str) {
    let mut err = io::stderr().lock();
    let priority = if is_journal() { "<3>" } else { "" };
    for line in lines.lines() {
        drop(writeln!(err, "{priority}{line}"));
    }
}

/// Who is at the terminal: the name under which decisions are recorded.
pub(super) fn person() -> Actor {
    #[expect(clippy::disallowed_methods, reason = "the name of the person at the terminal stands in the environment")]
    let name = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    Actor::person(name.unwrap_or_else(|_| "terminal".to_owned()))
}

/// Whether standard error is a stream of systemd's journal.
pub(super) fn is_journal() -> bool {
    #[expect(clippy::disallowed_methods, reason = "systemd names its stream in the environment")]
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    fs::metadata("/proc/self/fd/2").is_ok_and(|ours| stream == format!("{}:{}", ours.dev(), ours.ino()))
}
