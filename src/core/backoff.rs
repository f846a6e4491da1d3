//! How long to wait before the next attempt: longer each time, and never quite the same.

use std::time::Duration;

const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);

/// The wait after that many failed attempts. `chance` (any number) spreads it between three quarters and the whole, so
/// that letters which failed together do not come back together.
#[must_use]
pub fn wait(failed: u32, chance: u32) -> Duration {
    let whole = FIRST.saturating_mul(1 << failed.saturating_sub(1).min(10)).min(LONGEST);
    whole.saturating_sub(whole / 4 * (chance % 1000) / 1000)
}
