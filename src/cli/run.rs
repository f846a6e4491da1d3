//! `docket run`: the daemon.

use std::{path::Path, sync::Arc, time::Duration};

use clap::Args;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

use super::this_program;
use crate::{
    clock::Clock,
    config::{Config, ConfigProblems},
    daemon,
    office::Office,
};

/// How long closing the database may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

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
        let asked_to_stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        tokio::pin!(asked_to_stop);
        let office = tokio::select! {
            opened = Office::open(loaded.config, loaded.shipped, Clock::System) => Arc::new(opened?),
            // What was being brought up to date is as it was before.
            () = &mut asked_to_stop => return Ok(()),
        };
        let (stop, stopped) = watch::channel(false);
        let daemon = daemon::run(Arc::clone(&office), this_program()?, self.rehearse, stopped);
        tokio::pin!(daemon);
        tokio::select! {
            ended = &mut daemon => return Ok(ended?),
            () = &mut asked_to_stop => {}
        }
        stop.send_replace(true);
        let ended = daemon.await;
        // Whoever copies the file of a daemon that was stopped has all of it, unless another process keeps it locked.
        if timeout(CLOSE_WITHIN, office.db.close()).await.is_err() {
            tracing::warn!("the database could not be closed in time; copy what lies beside its file with it");
        }
        Ok(ended?)
    }
}
