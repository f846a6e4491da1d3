//! `docket run`: the daemon.

use std::{env, process, sync::Arc, time::Duration};

use clap::Args;
use tokio::sync::watch;

use super::{journal, signals::Signals, this_program, workplace::Workplace};
use crate::{
    clock::Clock,
    config::{Config, ConfigProblems},
    daemon::{self, service_manager::ServiceManager},
    instance::{Instance, InstanceError},
};

/// The daemon: watches the mailboxes, reads and logs what comes, sends letters, serves the pages.
///
/// Stops on SIGTERM, on Ctrl-C, and when its terminal is closed; work in hand is finished, or left for the next start. The
/// files of the calls are read again once they have changed and been left alone for some seconds, and at once on SIGHUP where
/// it has no terminal (systemctl reload); where they are wrong, what was read before stays in force, and the log, the pages and an alarm say so.
/// With wrong files it does not start (exit status 2). What
/// it does is said on standard error, a line for each thing ([log] of the configuration, or `RUST_LOG`, says how much). Where
/// there is neither a database nor the mark of one, a log begins; a mark without its database is an error (exit status 2), for
/// one is missing. Stops, too, when its database is removed or replaced; and with a failure when a part of it is gone, so
/// that whoever started it starts it again. systemd hears when it runs, that it is alive, and that it stops (Type=notify).
/// On the log of a demo it does not begin (exit status 2): the people there are invented, and `docket demo --keep` goes on
/// with it.
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
        let manager = service_manager();
        let instance = tokio::select! {
            instance = manager.while_starting(Box::pin(place.instance_that_may_begin(loaded, Clock::System))) => instance?,
            name = signals.end() => {
                tracing::info!("{name}: docket stops before it has begun");
                return Ok(());
            }
        };
        no_demo(&instance).await?;
        let (stop, stopped) = watch::channel(false);
        let (of, reread) = (Arc::clone(&instance), signals.reread());
        let mut daemon = Box::pin(daemon::run(of, this_program()?, self.rehearse, &manager, reread, stopped));
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

/// The service manager that started this program, by what it has put into the environment.
fn service_manager() -> ServiceManager {
    #[expect(clippy::disallowed_methods, reason = "systemd names its socket in the environment")]
    let Some(socket) = env::var_os("NOTIFY_SOCKET") else { return ServiceManager::default() };
    #[expect(clippy::disallowed_methods, reason = "systemd says there how often it expects a sign of life")]
    let told = |name: &str| env::var(name).ok().and_then(|told| told.parse::<u64>().ok());
    // It may be meant for another process.
    let ours = told("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(process::id()));
    let watchdog = told("WATCHDOG_USEC").filter(|micros| ours && *micros > 0).map(Duration::from_micros);
    ServiceManager::at(&socket, watchdog).unwrap_or_else(|error| {
        tracing::warn!("the service manager cannot be told anything, for NOTIFY_SOCKET is of no use: {error}");
        ServiceManager::default()
    })
}
