//! Where a command works: the configuration that it was given, and the instance that it opened.
//!
//! Promises that what was opened is closed when the command ends, however it ends: where nobody else works on a SQLite
//! file, all of it then stands in the file.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::timeout;

use super::complain;
use crate::{
    clock::Clock,
    config::{Config, Loaded},
    files, filing,
    instance::{Instance, InstanceError},
    store::Db,
};

/// How long closing the database may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// The place of one command.
#[derive(Debug)]
pub(super) struct Workplace {
    config: Option<PathBuf>,
    opened: Mutex<Option<Db>>,
}

impl Workplace {
    /// One with the configuration that was named, if any was.
    pub(super) fn with(config: Option<PathBuf>) -> Self {
        Self { config, opened: Mutex::default() }
    }

    /// The configuration that was named.
    pub(super) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// Opens the instance of the configuration, whose log was begun.
    pub(super) async fn instance(&self) -> anyhow::Result<Arc<Instance>> {
        let loaded = Config::load(self.config())?;
        let instance = self.opened(Instance::open_begun(loaded.config, loaded.shipped, Clock::System).await?);
        // A file that was changed since may have moved a deadline.
        filing::judge_what_is_due(&instance).await?;
        Ok(instance)
    }

    /// The same for a command that only reads: it takes over nothing that was changed in the file of a call, and says so.
    pub(super) async fn to_read(&self) -> anyhow::Result<Arc<Instance>> {
        let loaded = Config::load(self.config())?;
        let instance = self.opened(Instance::open_to_read(loaded.config, loaded.shipped, Clock::System).await?);
        for open in instance.calls().iter().filter(|open| open.known.to_be_taken_over) {
            let (code, holds) = (&open.call.code, open.deadline.rule());
            let says = open.known.file_differs.as_ref().map(ToString::to_string).unwrap_or_default();
            complain(&format!(
                "docket: the file of the call {code} says {says}, and {holds} is on record and shown here; the daemon takes \
                 the file over, or the next command that changes something"
            ));
        }
        Ok(instance)
    }

    /// Opens the instance of a configuration, if its log was begun.
    pub(super) async fn try_instance(&self, loaded: &Loaded) -> Result<Arc<Instance>, InstanceError> {
        let opened = Instance::open_begun(loaded.config.clone(), loaded.shipped.clone(), Clock::System).await?;
        Ok(self.opened(opened))
    }

    /// Opens the instance of a configuration by a clock; its log begins where there is none.
    pub(super) async fn instance_that_may_begin(&self, loaded: Loaded, clock: Clock) -> anyhow::Result<Arc<Instance>> {
        let instance = self.opened(Instance::open(loaded.config, loaded.shipped, clock).await?);
        if let Some(held) = instance.db.held()
            && let Some(of_root) = files::made_by_root(held.place().folder(), &held.place().files())
        {
            complain(&format!("docket: {of_root}"));
        }
        Ok(instance)
    }

    /// Closes what was opened.
    pub(super) async fn leave(&self) {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(db) = opened
            && timeout(CLOSE_WITHIN, db.close()).await.is_err()
        {
            tracing::warn!("the database could not be closed in time; copy what lies beside its file with it");
        }
    }

    fn opened(&self, instance: Instance) -> Arc<Instance> {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(instance.db.clone());
        Arc::new(instance)
    }
}
