//! Whether a look at a folder takes messages in.
//!
//! That is written down before the first of them, so that it is known after a start that one of them may have ended the
//! program.

use super::intake::Intake;
use crate::store::{Id, StoreError, Tx};

/// A look at a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looking {
    /// It is written down that this look takes messages in.
    said: bool,
    /// The last look did not come to its end: every message is counted before it is taken in.
    pub(super) counting: bool,
}

impl Looking {
    pub(super) async fn at(tx: &mut Tx, folder: Id) -> Result<Self, StoreError> {
        Ok(Self { said: false, counting: tx.look_was_ended(folder).await? })
    }

    /// Something is going to be taken in.
    pub(super) async fn begins(&mut self, intake: &Intake, folder: Id) -> Result<(), StoreError> {
        if self.said {
            return Ok(());
        }
        let mut tx = intake.instance.db.begin().await?;
        tx.look_begins(folder).await?;
        tx.commit().await?;
        self.said = true;
        Ok(())
    }

    /// The look came to its end, and that is written down.
    pub(super) fn ended(&mut self) {
        *self = Self { said: false, counting: false };
    }
}
