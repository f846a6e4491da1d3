//! What the service manager is told: that the program starts, runs, is alive, and stops.
//!
//! Promises that nothing is told where nobody listens, and that a service manager which does not listen keeps nothing from
//! being done. It is systemd's protocol: a datagram for each word, to the socket that it names in the environment. That is
//! read by the command that runs the daemon, and handed down.

use std::{
    ffi::OsStr,
    io,
    os::{
        linux::net::SocketAddrExt as _,
        unix::{
            ffi::OsStrExt as _,
            net::{SocketAddr, UnixDatagram},
        },
    },
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};

/// How often more time is asked for while the program starts, and how much.
const ASK_EVERY: Duration = Duration::from_secs(10);
const MORE: Duration = Duration::from_mins(1);

/// The service manager, or nobody.
#[derive(Debug, Default)]
pub struct ServiceManager {
    listens: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
    /// It has been said that it does not listen.
    complained: AtomicBool,
}

impl ServiceManager {
    /// The one that listens at a socket, a path or an abstract name behind `@`, and expects a sign of life within
    /// `watchdog`, if it does.
    ///
    /// # Errors
    /// It is no name of a socket, or the system gave none to speak by.
    pub fn at(socket: &OsStr, watchdog: Option<Duration>) -> io::Result<Self> {
        let address = match socket.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(socket)?,
        };
        let by = UnixDatagram::unbound()?;
        by.set_nonblocking(true)?;
        Ok(Self { listens: Some((by, address)), watchdog, complained: AtomicBool::new(false) })
    }

    /// Within what time a sign of life is expected, if it is.
    #[must_use]
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// The loops run.
    pub fn ready(&self) {
        self.tell("READY=1");
    }

    /// The program is alive.
    pub fn alive(&self) {
        self.tell("WATCHDOG=1");
    }

    /// The program stops, in order.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Asks for more time again and again while something goes on that belongs to the start: tables that are brought up to
    /// date take as long as they take.
    pub async fn while_starting<T>(&self, work: impl Future<Output = T>) -> T {
        let mut ticks = interval(ASK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticks.tick() => self.tell(&format!("EXTEND_TIMEOUT_USEC={}", MORE.as_micros())),
            }
        }
    }

    fn tell(&self, word: &str) {
        let Some((by, address)) = &self.listens else { return };
        if let Err(error) = by.send_to_addr(word.as_bytes(), address)
            && !self.complained.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "the service manager cannot be told {word}: {error}; what it waits for, it waits for in vain"
            );
        }
    }
}
