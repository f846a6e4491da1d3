//! `docket run`: the daemon.

use std::sync::Arc;

use clap::Args;
use tokio::sync::watch;

use super::{journal, signals::Signals, this_program, workplace::Workplace};
use crate::{
    clock::Clock,
    config::{Config, ConfigProblems},
    daemon,
    instance::{Instance, InstanceError},
};

/// The daemon: watches the mailboxes, reads and logs what comes, sends letters, serves the pages.
///
/// Stops on SIGTERM, on Ctrl-C, and when its terminal is closed; work in hand is finished, or left for the next start. What
/// it does is said on standard error, a line for each thing ([log] of the configuration, or `RUST_LOG`, says how much). Where
/// there is neither a database nor the mark of one, a log begins; a mark without its database is an error (exit status 2), for
/// one is missing. Stops, too, when its database is removed or replaced. On the log of a demo it does not begin (exit status
/// 2): the people there are invented, and `docket demo --keep` goes on with it.
#[derive(Debug, Args)]
pub struct Run {
    /// Do everything and send nothing: letters are decided and stay in the outbox, where `docket letters` shows and
    /// discards them. A later run sends what is still there.
    #[arg(long)]
    rehearse: bool,
}

impl Run {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let mut signals = Signals::hear()?;
        let loaded = Config::load(place.config())?;
        let problems = loaded.config.problems_for_run();
        if !problems.is_empty() {
            // To a demo its placeholders are no problem: it is one that no daemon may work on, whatever they are.
            if let Ok(instance) = place.try_instance(&loaded).await {
                no_demo(&instance).await?;
            }
            return Err(ConfigProblems(problems).into());
        }
        journal::begin(loaded.config.log.level);
        let instance = tokio::select! {
            instance = place.instance_that_may_begin(loaded, Clock::System) => instance?,
            name = signals.end() => {
                tracing::info!("{name}: docket stops before it has begun");
                return Ok(());
            }
        };
        no_demo(&instance).await?;
        let (stop, stopped) = watch::channel(false);
        let mut daemon = Box::pin(daemon::run(Arc::clone(&instance), this_program()?, self.rehearse, stopped));
        tokio::select! {
            ended = &mut daemon => return Ok(ended?),
            name = signals.end() => tracing::info!("{name}: what is under way is finished"),
        }
        stop.send_replace(true);
        let ended = daemon.await;
        // Whoever copies the file of a daemon that was stopped has all of it, unless another process keeps it locked.
        place.leave().await;
        tracing::info!("docket has stopped");
        Ok(ended?)
    }
}

/// That a log is not a demo's.
async fn no_demo(instance: &Instance) -> anyhow::Result<()> {
    match instance.db.snapshot().await?.demo_time().await? {
        Some(_) => Err(InstanceError::OfDemo.into()),
        None => Ok(()),
    }
}
