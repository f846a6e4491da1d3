//! The program's clock: the only owner of the wall clock.
//!
//! Everything that judges, waits or writes a time asks the clock it was given, so that tests and the demo move time by
//! hand. Leases alone go by the clock of the database. A [`Moment`] tells no time, only how long ago it was.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// A clock.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands until it is moved; microseconds since 1970 in UTC.
    ByHand(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at a time until it is moved.
    #[must_use]
    pub fn by_hand(at: Timestamp) -> Self {
        Self::ByHand(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// The time, to the microsecond, which is what rows hold.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            #[expect(clippy::disallowed_methods, reason = "this is the owner of the wall clock")]
            Self::System => Timestamp::now().as_microsecond(),
            Self::ByHand(micros) => micros.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a clock by hand forward to a time; the machine's clock, and one that is past it, stay.
    pub fn move_to(&self, at: Timestamp) {
        if let Self::ByHand(micros) = self {
            micros.fetch_max(at.as_microsecond(), Ordering::SeqCst);
        }
    }
}

/// A moment of which can be told how long ago it was, also by a process that was stopped meanwhile, and on a machine that
/// slept or was put aside by the one that it runs on.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Since the machine started, its sleep included.
    up: Duration,
    /// By the wall clock: a virtual machine that was put aside knows of it by this one alone.
    wall: Duration,
}

impl Moment {
    /// This moment.
    #[must_use]
    pub fn now() -> Self {
        Self { up: reading(ClockId::Boottime), wall: reading(ClockId::Realtime) }
    }

    /// How long ago it was: by whichever clock says the longer time.
    #[must_use]
    pub fn age(self) -> Duration {
        Self::now().since(self)
    }

    /// How long after another it came: by whichever clock says the longer time.
    #[must_use]
    pub fn since(self, other: Self) -> Duration {
        self.up.saturating_sub(other.up).max(self.wall.saturating_sub(other.wall))
    }
}

fn reading(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
