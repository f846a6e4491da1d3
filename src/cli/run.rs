//! `docket run`: the daemon.

use std::{env, path::Path, process, sync::Arc, time::Duration};

use clap::Args;
use tokio::{sync::watch, time::timeout};

use super::{journal, office_that_may_begin, signals::Signals, this_program};
use crate::{
    config::{Config, ConfigProblems},
    daemon::{self, service_manager::ServiceManager},
};

/// How long closing the database may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// The daemon: watches the mailboxes, reads and logs what comes, sends letters, serves the pages.
///
/// Stops on SIGTERM, on Ctrl-C, and when its terminal is closed; work in hand is finished, or left for the next start. What
/// it does is said on standard error, a line for each thing ([log] of the configuration, or `RUST_LOG`, says how much). Where
/// there is neither a database nor the mark of one, a log begins; a mark without its database is an error (exit status 2), for
/// one is missing. Stops, too, when its database is removed or replaced; and with a failure when a part of it is gone, so
/// that whoever started it starts it again. systemd hears when it runs, that it is alive, and that it stops (Type=notify).
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
        let mut signals = Signals::hear()?;
        let loaded = Config::load(config)?;
        let problems = loaded.config.problems_for_run();
        if !problems.is_empty() {
            return Err(ConfigProblems(problems).into());
        }
        journal::begin(loaded.config.log.level);
        let manager = service_manager();
        let instance = tokio::select! {
            instance = manager.while_starting(Box::pin(office_that_may_begin(loaded))) => instance?,
            name = signals.end() => {
                tracing::info!("{name}: docket stops before it has begun");
                return Ok(());
            }
        };
        let (stop, stopped) = watch::channel(false);
        let mut daemon =
            Box::pin(daemon::run(Arc::clone(&instance), this_program()?, self.rehearse, &manager, stopped));
        tokio::select! {
            ended = &mut daemon => return Ok(ended?),
            name = signals.end() => tracing::info!("{name}: what is under way is finished"),
        }
        stop.send_replace(true);
        let ended = daemon.await;
        // Whoever copies the file of a daemon that was stopped has all of it, unless another process keeps it locked.
        if timeout(CLOSE_WITHIN, instance.db.close()).await.is_err() {
            tracing::warn!("the database could not be closed in time; copy what lies beside its file with it");
        }
        tracing::info!("docket has stopped");
        Ok(ended?)
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
