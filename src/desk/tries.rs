//! Tries of a name and a password: how many are free, and how long the next one waits.
//!
//! Promises that failures slow down whoever fails, those at the same time included, and keep nobody out who comes from
//! elsewhere.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, DeskError};
use crate::store::Failures;

/// How long failures count.
const FAILURES_COUNT: SignedDuration = SignedDuration::from_mins(15);
/// How many failures are free: of a name from an address, and from an address whatever the name.
const FREE: (i64, i64) = (5, 30);
/// How long the first failure past those holds the next login up; each one more doubles it, up to the second time.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(2);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// The characters of a name by which tries are counted.
const TRIED: usize = 200;

impl Desk {
    /// Counts a try of a name from an address as one that failed, until it is forgiven: tries at the same time count one
    /// another. Yields when the next one is looked at, where this one comes too early.
    ///
    /// # Errors
    /// The database did not answer.
    pub(super) async fn count_try(&self, folded: &str, address: &str) -> Result<Option<Timestamp>, DeskError> {
        let (now, who) = (self.instance.clock.now(), (tried(folded), address));
        let since = before(now, FAILURES_COUNT);
        let too_early = |failures: &Failures| next_try(failures).filter(|next| *next > now);
        // Whoever is too early waits for nobody who writes, and keeps nobody waiting.
        let failures = self.instance.db.snapshot().await?.login_failures(who, since).await?;
        if let Some(next) = too_early(&failures) {
            return Ok(Some(next));
        }
        let mut tx = self.instance.db.begin().await?;
        let failures = tx.login_failures(who, since).await?;
        if let Some(next) = too_early(&failures) {
            return Ok(Some(next));
        }
        tx.login_failed(who, now, since).await?;
        tx.commit().await?;
        Ok(None)
    }
}

/// As much of a name as tries are counted by: whoever tries to log in writes it.
pub(super) fn tried(folded: &str) -> &str {
    folded.char_indices().nth(TRIED).map_or(folded, |(end, _)| &folded[..end])
}

/// The time that is so long before another.
pub(super) fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// When the next login is looked at.
fn next_try(failures: &Failures) -> Option<Timestamp> {
    let after = |(count, last): (i64, Option<Timestamp>), free: i64| {
        let over = u32::try_from(count - free).ok()?;
        let wait = FIRST_WAIT.checked_mul(1_i32.checked_shl(over).filter(|by| *by > 0)?).unwrap_or(LONGEST_WAIT);
        last?.saturating_add(wait.min(LONGEST_WAIT)).ok()
    };
    let (both, address) = (after(failures.of_both, FREE.0), after(failures.of_address, FREE.1));
    both.max(address)
}
