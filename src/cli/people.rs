//! `docket people`: the secretariat's list of focal points.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{extract::read_file, say, workplace::Workplace};
use crate::{clock::Clock, config::Config, desk::Desk};

/// The secretariat's list of focal points; reminders go to these addresses alone.
#[derive(Debug, Args)]
pub struct People {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Takes in focal points from a CSV file with the columns iso3, name, address, language, from, until.
    ///
    /// The last three may be empty. A file with a mistake in it changes nothing. Where there is no log yet, it begins.
    Import {
        /// The file.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
}

impl People {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let What::Import { file } = &self.what;
        let loaded = Config::load(place.config())?;
        let text = String::from_utf8(read_file(file).with_context(|| file.display().to_string())?)
            .map_err(|_| anyhow::anyhow!("{}: is not UTF-8 text; save it as UTF-8", file.display()))?;
        let desk = Desk::new(place.instance_that_may_begin(loaded, Clock::System).await?);
        let imported = desk.import_focal_points(&text).await.with_context(|| file.display().to_string())?;
        say(&format!("{imported} focal points are in the list."))?;
        Ok(())
    }
}
