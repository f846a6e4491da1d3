//! The signals of a daemon: those that ask it to end, and those that do nothing.
//!
//! SIGTERM, SIGINT and SIGHUP, which a terminal sends when it is closed, ask for an ordered end. SIGUSR1 and SIGUSR2, by
//! which other daemons open their logs anew, would kill a process that does not know them; here they do nothing. A SIGHUP
//! that whoever started the program has ignored (nohup) stays ignored.

use std::{fs, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal's number is in the mask of `/proc/self/status`.
const HANG_UP: u32 = 1;

/// The signals, heard from now on.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Option<Signal>,
    first_user: Signal,
    second_user: Signal,
}

impl Signals {
    /// Hears them from now on.
    ///
    /// # Errors
    /// The system does not let us.
    pub(super) fn hear() -> io::Result<Self> {
        let hang_up = if is_ignored(HANG_UP) { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up,
            first_user: signal(SignalKind::user_defined1())?,
            second_user: signal(SignalKind::user_defined2())?,
        })
    }

    /// Waits until one asks for the end, and yields its name.
    pub(super) async fn end(&mut self) -> &'static str {
        loop {
            let nothing = tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                () = of(&mut self.hang_up) => return "SIGHUP",
                _ = self.first_user.recv() => "SIGUSR1",
                _ = self.second_user.recv() => "SIGUSR2",
            };
            tracing::info!(
                "{nothing} does nothing here: there is no log to be opened anew, and no setting is read again"
            );
        }
    }
}

async fn of(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => std::future::pending().await,
    }
}

/// Whether a signal was ignored when the program was started.
fn is_ignored(number: u32) -> bool {
    #[expect(clippy::disallowed_methods, reason = "the kernel alone knows, and tells it there")]
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}
