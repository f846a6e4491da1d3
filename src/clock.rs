//! The program's clock: the only owner of the wall clock.
//!
//! Everything that judges, waits or writes a time asks the clock it was given, so that tests and the demo move time by
//! hand. Leases alone go by the clock of the database.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;

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
