//! Who is at the terminal, and what is said to them.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    core::{actor::Actor, iso3::Iso3, judging::matching::Register},
    desk::{DeskError, state_named},
    instance::{Instance, OpenCall},
};

/// The columns that every terminal has.
pub(super) const COLUMNS: usize = 80;

/// A command found something to report, and has said it.
#[derive(Debug, thiserror::Error)]
#[error("see above")]
pub(super) struct Reported;

/// What stands behind a command means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongArgument(pub(super) String);

/// The states that a person means by codes or names.
pub(super) fn states(register: &Register, named: &[String]) -> Result<Vec<Iso3>, DeskError> {
    named.iter().map(|text| state_named(register, text)).collect()
}

/// The call with a code, or the first where none is named.
pub(super) fn call(instance: &Instance, code: Option<&str>) -> anyhow::Result<Arc<OpenCall>> {
    let known = || instance.calls().iter().map(|open| open.call.code.clone()).collect::<Vec<_>>().join(", ");
    match (instance.call(code), code) {
        (Some(open), _) => Ok(open),
        (None, Some(code)) => {
            let wrong = format!("there is no call “{code}” in the configuration; there are: {}", known());
            Err(WrongArgument(wrong).into())
        }
        (None, None) => anyhow::bail!("the configuration has no call"),
    }
}

/// A time as people write it: with an offset, or in the zone of the call.
pub(super) fn time(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let wrong = || WrongArgument(format!("“{text}” is no time; write 2020-09-30 or 2020-09-30T18:00"));
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    Ok(civil.to_zoned_datetime(zone.clone())?.timestamp())
}

/// How many columns the terminal has; 80 where the output goes elsewhere, or there are fewer.
pub(super) fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    size.map_or(0, |size| usize::from(size.ws_col)).max(COLUMNS)
}

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
