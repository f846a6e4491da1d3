//! Whether messages are counted before they are taken in.
//!
//! A process writes down at its beginning that it looks into a folder, and at an end in order that it does not any more. Where
//! that is still written down at the next beginning, the process before was ended otherwise, perhaps by a message that it was
//! taking in: in the first look each is counted before it is tried. No other look costs anything for it.

use super::intake::Intake;
use crate::store::{Id, StoreError, Tx};

/// The looks at a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looking {
    /// The process before did not end in order, and no look has come to its end since: every message is counted before it is
    /// taken in.
    pub(super) counting: bool,
}

impl Looking {
    /// Begins to look into a folder.
    pub(super) async fn at(tx: &mut Tx, folder: Id) -> Result<Self, StoreError> {
        let counting = tx.looks_were_cut_off(folder).await?;
        if !counting {
            tx.looks_begin(folder).await?;
        }
        Ok(Self { counting })
    }

    /// The look came to its end.
    pub(super) fn ended(&mut self) {
        self.counting = false;
    }
}

/// There are no more looks into these folders. Where that is not taken down, messages are counted once more.
pub(super) async fn end(intake: &Intake, folders: &[Id]) -> Result<(), StoreError> {
    let mut tx = intake.instance.db.begin().await?;
    for folder in folders {
        tx.looks_end(*folder).await?;
    }
    tx.commit().await
}
