//! The last word of this instance: that it works, in the database and then in the mark outside of it.
//!
//! Promises that the mark is written only once the database has the same instant for good, so that a later mark proves an
//! older database; that is looked at before each word. Without a mark nothing is proved, and all else goes on.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{daemon::watermark::Watermark, instance::Instance, store::StoreError};

/// What keeps saying that this instance works.
#[derive(Debug)]
pub(super) struct Alive {
    instance: Arc<Instance>,
    mark: Watermark,
}

impl Alive {
    /// Begins with the mark that is there.
    pub(super) fn new(instance: Arc<Instance>) -> Self {
        let path = &instance.config.store.mark;
        let mark = Watermark::read(path, &instance.owner).unwrap_or_else(|error| {
            tracing::warn!(
                "the mark {} cannot be read, so an older database would not be noticed: {error}",
                path.display()
            );
            Watermark::new(path, &instance.owner)
        });
        Self { instance, mark }
    }

    /// Holds the database against the mark, and says that this instance works.
    ///
    /// # Errors
    /// The database did not answer; the mark stays as it is.
    pub(super) async fn say(&mut self) -> Result<(), StoreError> {
        let now = self.instance.clock.now();
        let mut tx = self.instance.db.begin().await?;
        if let Some(until) = self.mark.until {
            tx.held_against(until, now).await?;
        }
        tx.alive(&self.mark.instance, now).await?;
        tx.commit().await?;
        self.write(now);
        Ok(())
    }

    fn write(&mut self, until: Timestamp) {
        let fails = "the mark cannot be written, so an older database would not be noticed";
        match self.mark.write(until) {
            Ok(()) => self.instance.watch.content(fails, until),
            Err(error) => {
                let why = format!("{}: {error}", self.mark.path().display());
                self.instance.watch.complain(fails, &why, until);
            }
        }
    }
}
