//! What the records are at, asked of them once for all who listen.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::desk::{Desk, DeskError, Pulse};

/// How often the records are asked.
pub(super) const EVERY: Duration = Duration::from_millis(300);

/// What the records were at when they were asked last, and when that was.
#[derive(Default)]
pub(super) struct LastPulse(Mutex<Option<(Instant, Pulse)>>);

impl LastPulse {
    /// What the records are at, as it is known for a moment at most.
    pub(super) async fn of(&self, desk: &Desk) -> Result<Pulse, DeskError> {
        let mut last = self.0.lock().await;
        if let Some((at, pulse)) = *last
            && at.elapsed() < EVERY / 2
        {
            return Ok(pulse);
        }
        let pulse = desk.pulse().await?;
        *last = Some((Instant::now(), pulse));
        Ok(pulse)
    }
}
