//! How long to wait before the next attempt: longer each time, and never quite the same.

use std::time::Duration;

const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);

/// The wait after that many failed attempts. `chance` (any number) spreads it between three quarters and the whole, so
/// that letters which failed together do not come back together.
#[must_use]
pub fn wait(failed: u32, chance: u32) -> Duration {
    spread(FIRST, LONGEST, failed, chance)
}

/// The same for a connection, which costs the other side little and whose return is worth noticing soon.
#[must_use]
pub fn reconnect(failed: u32, chance: u32) -> Duration {
    spread(Duration::from_secs(5), Duration::from_mins(5), failed, chance)
}

fn spread(first: Duration, longest: Duration, failed: u32, chance: u32) -> Duration {
    let whole = first.saturating_mul(1 << failed.saturating_sub(1).min(10)).min(longest);
    whole.saturating_sub(whole / 4 * (chance % 1000) / 1000)
}
