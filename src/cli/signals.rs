//! The signals of a daemon: those that ask it to end, and those that do nothing.
//!
//! SIGTERM and SIGINT ask for an ordered end, and so does SIGHUP where there is a terminal, which sends it when it is closed.
//! Where there is none, SIGHUP asks for the calls to be read again, as daemons know it. SIGUSR1 and SIGUSR2, by which other daemons open their logs anew, would kill a process that does not know them; here they do nothing. A SIGHUP
//! that whoever started the program has ignored (nohup) stays ignored.

use std::{fs, io, sync::Arc};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::Notify,
};

/// What a signal's number is in the mask of `/proc/self/status`.
const HANG_UP: u32 = 1;

/// The signals, heard from now on.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Option<Signal>,
    /// What a hangup rings, where no terminal sends it.
    reread: Arc<Notify>,
    has_terminal: bool,
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
            reread: Arc::default(),
            has_terminal: has_terminal(),
            first_user: signal(SignalKind::user_defined1())?,
            second_user: signal(SignalKind::user_defined2())?,
        })
    }

    /// Rings when the calls are to be read again.
    pub(super) fn reread(&self) -> Arc<Notify> {
        Arc::clone(&self.reread)
    }

    /// Waits until one asks for the end, and yields its name.
    pub(super) async fn end(&mut self) -> &'static str {
        loop {
            let nothing = tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                () = of(&mut self.hang_up) => {
                    if self.has_terminal {
                        return "SIGHUP";
                    }
                    tracing::info!("SIGHUP: the calls are read again, and no other setting is");
                    self.reread.notify_one();
                    continue;
                }
                _ = self.first_user.recv() => "SIGUSR1",
                _ = self.second_user.recv() => "SIGUSR2",
            };
            tracing::info!(
                "{nothing} does nothing here: there is no log to be opened anew, and SIGHUP has the calls read again"
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

/// Whether there is a terminal that ends what it has started when it is closed.
fn has_terminal() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the kernel alone knows, and tells it there")]
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may hold anything; the terminal is the fifth number behind it.
    let behind = stat.rsplit(')').next().unwrap_or_default();
    behind.split_whitespace().nth(4).is_some_and(|terminal| terminal != "0")
}

/// Whether a signal was ignored when the program was started.
fn is_ignored(number: u32) -> bool {
    #[expect(clippy::disallowed_methods, reason = "the kernel alone knows, and tells it there")]
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}
