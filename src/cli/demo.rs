//! `docket demo`: the whole system on shipped sample mail, without a server or a configuration of one's own.
//!
//! The mail is set in September and October 2020, and so is the clock: it jumps to the next instant at which something is
//! due whenever nothing is left to do, and goes on from the last one while the pages are served. However it ends, all of
//! its log stands in one file, and it can be gone on with.

mod folder;
mod sample;
mod stage;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use jiff::SignedDuration;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use self::{folder::Folder, stage::Stage};
use super::{say, signals::Signals, this_program, workplace::Workplace};
use crate::{
    clock::Clock,
    core::role::Role,
    desk::{Desk, Person},
    instance::Instance,
    reading::Readers,
    web::{self, Doors, Site},
};

/// Shows the whole system on shipped sample mail.
///
/// Mail comes into a Maildir in a new temporary folder, the log is kept in SQLite, letters go into a folder, and the pages
/// are served on this machine. Nothing leaves it. The folder holds a docket.toml, so that every command works there while
/// the demo runs and afterwards, by the demo's own clock: `docket decide` takes the decisions that the pages ask for. Only
/// `docket run` does not: the senders are invented, so no daemon works on the log of a demo, and none of its letters goes to
/// a mail server.
///
/// Stops on SIGTERM, on Ctrl-C, and when its terminal is closed.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where the pages are served.
    #[arg(long, default_value_t = 8480, value_name = "N")]
    port: u16,
    /// Stop when all is handled, and serve no pages.
    #[arg(long)]
    once: bool,
    /// The folder for it, empty or not there yet. One that holds a demo is gone on with from where it was.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// The pages while they are served.
struct Pages {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Demo {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let mut signals = Signals::hear()?;
        // Whoever cannot see the pages is told before there is a folder.
        let listener = if self.once { None } else { Some(self.listen().await?) };
        let arrivals = sample::arrivals()?;
        let first = arrivals.first().map(|arrival| arrival.arrives).context("there is no sample mail")?;
        let clock = Clock::by_hand(first.saturating_sub(SignedDuration::from_hours(24))?);
        let folder = Arc::new(Folder::of(self.keep.as_deref()).await?);
        let loaded = folder.load()?;
        let _lock = folder.lock(&loaded)?;
        let instance = place.instance_that_may_begin(loaded, clock).await?;
        say("docket demo: sample mail of autumn 2020; nothing leaves this machine.")?;
        let mut stage = Stage::set(Arc::clone(&instance), Arc::clone(&folder)).await?;
        let pages = listener.map(|listener| Pages::serve(listener, &instance)).transpose()?;
        let played = tokio::select! {
            played = async {
                stage.play(arrivals).await?;
                stage.conclude().await?;
                folder.told().iter().try_for_each(|line| say(line))?;
                if let Some(Pages { address, .. }) = &pages {
                    say(&format!("The pages are at http://{address}/ until you press Ctrl-C."))?;
                    stage.go_on().await?;
                }
                anyhow::Ok(())
            } => played,
            _ = signals.end() => Ok(()),
        };
        let left = async {
            if let Some(pages) = pages {
                pages.end().await?;
            }
            stage.leave().await
        };
        let left = left.await;
        played?;
        left?;
        say(&format!("To go on with it: {}", folder.goes_on()))?;
        Ok(())
    }

    async fn listen(&self) -> anyhow::Result<TcpListener> {
        TcpListener::bind(("127.0.0.1", self.port))
            .await
            .with_context(|| format!("the pages cannot be served at port {}; choose another with --port", self.port))
    }
}

impl Pages {
    fn serve(listener: TcpListener, instance: &Arc<Instance>) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let (stop, mut stopped) = watch::channel(false);
        let stopping = async move {
            // A closed channel means that the demo is over, too.
            drop(stopped.wait_for(|stop| *stop).await);
        };
        let officer = Person { account: None, name: "Officer A".to_owned(), role: Role::Officer };
        let site = Site::new()?.behind(Doors { training: Some(officer), ..Doors::default() });
        let readers = Arc::new(Readers::new(this_program()?, instance.config.reading.clone()));
        let desk = Arc::new(Desk::new(Arc::clone(instance)).with(readers));
        let serving = web::serve(listener, site, desk, stopping);
        say(&format!("Pages: http://{address}/"))?;
        Ok(Self { address, stop, serving: tokio::spawn(serving) })
    }

    async fn end(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        Ok(self.serving.await??)
    }
}
