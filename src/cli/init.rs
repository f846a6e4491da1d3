//! `docket init`: the default configuration, written out for editing.

use std::path::PathBuf;

use clap::Args;

use super::say;
use crate::config::Shipped;

/// Writes the default configuration out, for editing.
///
/// Files in calls/, states/, tiles/ and letters/ take the place of the ones inside the program, one by one: delete those
/// that you do not change.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder; it is made if it is not there. Nothing in it is overwritten.
    dir: PathBuf,
}

impl Init {
    /// Runs the command.
    pub fn run(&self) -> anyhow::Result<()> {
        let written = Shipped::init(&self.dir)?;
        say(&format!("{} files were written to {}.", written.len(), self.dir.display()))?;
        let config = self.dir.join("docket.toml");
        say(&format!("Edit {0}, then run: docket check --config {0}", config.display()))?;
        Ok(())
    }
}
