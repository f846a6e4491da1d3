//! Places at which a development build can be told to end at once, as a kill or a power cut ends it, or to be stopped until
//! it is told to go on: what the crash tests stand on.
//!
//! Promises that nothing runs on the way out, no destructor and no last word to a server, and that a release build holds
//! nothing of it.

#[cfg(debug_assertions)]
use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

#[cfg(debug_assertions)]
use rustix::process::{Signal, getpid, kill_process};

/// The names of all places, in the order of a message's journey; then those of people and of the clock.
pub const ALL: &[&str] = &[
    "after-fetch",
    "before-receive-commit",
    "after-receive-commit",
    "after-folder-commit",
    "after-attempt-commit",
    "after-message-claim",
    "before-read-commit",
    "after-read-commit",
    "before-park-commit",
    "after-park-commit",
    "after-letter-claim",
    "before-release-commit",
    "after-release-commit",
    "before-data",
    "after-354",
    "before-leave-commit",
    "after-leave-commit",
    "after-dot",
    "after-250",
    "before-record-commit",
    "after-record-commit",
    "before-decision-commit",
    "after-decision-commit",
    "before-reminder-commit",
    "after-reminder-commit",
];

/// The place at which the program ends, or is stopped.
#[cfg(debug_assertions)]
static ARMED: OnceLock<Armed> = OnceLock::new();

#[cfg(debug_assertions)]
struct Armed {
    place: &'static str,
    /// How often it is still passed, that time included.
    passings: AtomicU32,
    then: Then,
}

/// What happens there.
#[cfg(debug_assertions)]
enum Then {
    Ends,
    /// It is stopped, and goes on when it is told to.
    Stops,
    /// The loop that comes there panics.
    Panics,
}

/// Tells the program to end at a place: `PLACE`, or `PLACE:N` for the N-th time it comes there; with `stop:` before it, to
/// be stopped there, with `panic:`, to panic.
///
/// # Errors
/// There is no such place, N is no number, or a place was told before.
#[cfg(debug_assertions)]
pub fn arm(told: &str) -> Result<(), String> {
    let (then, told) = match told.split_once(':') {
        Some(("stop", place)) => (Then::Stops, place),
        Some(("panic", place)) => (Then::Panics, place),
        _ => (Then::Ends, told),
    };
    let (name, passing) = told.split_once(':').unwrap_or((told, "1"));
    let place = ALL.iter().find(|place| **place == name).ok_or_else(|| format!("“{name}” is no place to end at"))?;
    let passing: u32 = passing.parse().map_err(|error| format!("“{passing}” does not count passings: {error}"))?;
    let armed = Armed { place, passings: AtomicU32::new(passing), then };
    ARMED.set(armed).map_err(|_| "a place to end at was told before".to_owned())
}

/// The program has come to a place; here it ends, or is stopped, if it was told to.
///
/// # Panics
/// It was told to.
#[cfg(debug_assertions)]
pub fn reached(place: &'static str) {
    debug_assert!(ALL.contains(&place), "{place} is not listed");
    let Some(armed) = ARMED.get().filter(|armed| armed.place == place) else { return };
    if armed.passings.fetch_sub(1, Ordering::SeqCst) != 1 {
        return;
    }
    match armed.then {
        Then::Stops => {
            tracing::error!("the program is stopped at {place}, as it was told to");
            let stopped = kill_process(getpid(), Signal::STOP);
            debug_assert!(stopped.is_ok(), "it cannot be stopped: {stopped:?}");
            // The signal comes to another thread first, and goes round.
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Then::Panics => panic!("a panic at {place}, as it was told to"),
        Then::Ends => {
            tracing::error!("the program ends at {place}, as it was told to");
            std::process::abort();
        }
    }
}

/// The program has come to a place; only a development build can be told to end there.
#[cfg(not(debug_assertions))]
pub fn reached(_: &'static str) {}
