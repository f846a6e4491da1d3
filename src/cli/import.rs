//! `docket import`: files taken in as if they had arrived at their recorded time.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::{mailbox_named, say, workplace::Workplace};
use crate::{
    clock::Clock,
    config::Config,
    pipeline,
    store::{Stored, intake_number},
};

/// Takes in .eml files, an mbox or a Maildir, as if they had arrived at their recorded time.
///
/// The running daemon reads them; no letters are sent unless that is asked for. Where there is no log yet, it begins.
#[derive(Debug, Args)]
pub struct Import {
    /// Files, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Answer what is imported as if it had just arrived.
    #[arg(long)]
    acknowledge: bool,
    /// The mailbox it belongs to; without it the first of the configuration.
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
}

impl Import {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let loaded = Config::load(place.config())?;
        let mailbox = mailbox_named(&loaded.config, self.mailbox.as_deref())?;
        // A slip of the pen begins no log.
        for path in &self.paths {
            fs::metadata(path).with_context(|| path.display().to_string())?;
        }
        let instance = place.instance_that_may_begin(loaded, Clock::System).await?;
        let imported = pipeline::import(&instance, &mailbox, &self.paths, self.acknowledge).await?;
        let mut new = 0;
        for one in &imported {
            match one.stored {
                Stored::New(number) => {
                    new += 1;
                    say(&format!("{}  {}", intake_number(number), one.name))?;
                }
                Stored::Known(number) => {
                    say(&format!("{}  {} (was in the log before)", intake_number(number), one.name))?;
                }
            }
        }
        if imported.is_empty() {
            say("There is no message at what was named: a folder holds .eml or .mbox files, or is a Maildir.")?;
            return Ok(());
        }
        say(&format!("{new} of {} messages are new in the log; the daemon reads them.", imported.len()))?;
        Ok(())
    }
}
