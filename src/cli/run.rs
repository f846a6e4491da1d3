//! `docket run`: the daemon.

use std::{path::Path, sync::Arc};

use clap::Args;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::this_program;
use crate::{
    clock::Clock,
    config::{Config, ConfigProblems},
    daemon,
    office::Office,
};

/// The daemon: watches the mailboxes, reads and logs what comes, sends letters, serves the pages.
///
/// Stops on SIGTERM or Ctrl-C; work in hand is finished, or left for the next start.
#[derive(Debug, Args)]
pub struct Run {
    /// Do everything and send nothing: letters are decided and stay in the outbox, where `docket letters` shows and
    /// discards them. A later run sends what is still there.
    #[arg(long)]
    rehearse: bool,
}

impl Run {
    /// Runs the command.
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let loaded = Config::load(config)?;
        let problems = loaded.config.problems_for_run();
        if !problems.is_empty() {
            return Err(ConfigProblems(problems).into());
        }
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let office = Arc::new(Office::open(loaded.config, loaded.shipped, Clock::System).await?);
        let (stop, stopped) = watch::channel(false);
        let daemon = daemon::run(Arc::clone(&office), this_program()?, self.rehearse, stopped);
        tokio::pin!(daemon);
        tokio::select! {
            ended = &mut daemon => return Ok(ended?),
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.send_replace(true);
        let ended = daemon.await;
        // Whoever copies the file of a daemon that was stopped has all of it.
        office.db.close().await;
        Ok(ended?)
    }
}
