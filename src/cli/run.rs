//! `docket run`: the daemon.

use std::{path::Path, sync::Arc};

use clap::Args;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{office_that_may_begin, this_program};
use crate::{
    config::{Config, ConfigProblems},
    daemon,
};

/// The daemon: watches the mailboxes, reads and logs what comes, sends letters, serves the pages.
///
/// Stops on SIGTERM or Ctrl-C; work in hand is finished, or left for the next start. Where there is neither a database nor
/// the mark of one, a log begins; a mark without its database is an error (exit status 2), for one is missing. Stops, too,
/// when its database is removed or replaced.
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
        let office = office_that_may_begin(loaded).await?;
        let (stop, stopped) = watch::channel(false);
        let mut daemon = Box::pin(daemon::run(Arc::clone(&office), this_program()?, self.rehearse, stopped));
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
