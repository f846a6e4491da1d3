//! Erasing what is nobody's business: originals and texts of mail that a person confirmed as unrelated.
//!
//! Never does so before the time that the operator set, and never by the program's own judgement.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::SignedDuration;

use super::{Outcome, PipelineError};
use crate::instance::Instance;

/// Erases what is due.
pub async fn purge(instance: &Instance) -> Result<Outcome, PipelineError> {
    let Some(wait) = instance.config.intake.purge_unrelated_after else { return Ok(Outcome::Idle) };
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    let now = instance.clock.now();
    let Ok(before) = now.checked_sub(wait) else { return Ok(Outcome::Idle) };
    let mut tx = instance.db.begin().await?;
    let purged = tx.purge_unrelated(before, now).await?;
    tx.commit().await?;
    Ok(if purged == 0 { Outcome::Idle } else { Outcome::Worked })
}
