//! Whether anything changed since somebody looked.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::fmt;

use serde::Serialize;

use super::{Desk, DeskError};
use crate::store::{self, Id, intake_number};

/// What the records are at: another one than before says that something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse(store::Pulse);

impl From<store::Pulse> for Pulse {
    fn from(pulse: store::Pulse) -> Self {
        Self(pulse)
    }
}

impl fmt::Display for Pulse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.last, self.0.count)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The event.
    pub id: Id,
    /// Its kind.
    pub kind: String,
    /// The entry that it is about: “M-000123”.
    pub entry: Option<String>,
}

impl Desk {
    /// What the records are at.
    pub async fn pulse(&self) -> Result<Pulse, DeskError> {
        Ok(self.instance.db.snapshot().await?.pulse().await?.into())
    }

    /// The newest of what happened since, in its order.
    pub async fn changes_since(&self, pulse: Pulse) -> Result<Vec<Change>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let mut events = tx.events_since(pulse.0.last).await?;
        events.reverse();
        let change = |(id, kind, number): (_, _, Option<_>)| Change { id, kind, entry: number.map(intake_number) };
        Ok(events.into_iter().map(change).collect())
    }
}
