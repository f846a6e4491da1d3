//! `docket stop-sending` and `docket resume-sending`: one switch for all letters to outsiders.

use clap::Args;

use super::{person, say, workplace::Workplace};
use crate::{core::actor::Actor, desk::Desk};

/// Stops every letter to outsiders at once, for everybody, on every machine. Mail is still received and logged, and no letter
/// grows too old meanwhile. What has left cannot be called back.
#[derive(Debug, Args)]
pub struct StopSending {
    /// Why; it stands on every page.
    #[arg(long)]
    reason: String,
    /// Who stops it; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
}

/// Lets letters leave again that were stopped.
#[derive(Debug, Args)]
pub struct ResumeSending {
    /// Only says how many letters would leave.
    #[arg(long)]
    dry_run: bool,
    /// Who lets them leave; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
}

impl StopSending {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(place.instance().await?);
        desk.stop_sending(&self.reason, &self.actor.clone().map_or_else(person, Actor::person)).await?;
        say("Nothing leaves for outsiders any more. “docket resume-sending” lets letters leave again.")?;
        Ok(())
    }
}

impl ResumeSending {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(place.instance().await?);
        let letters = desk.letters_that_would_leave().await?;
        let so_many = if letters == 1 { "1 letter".to_owned() } else { format!("{letters} letters") };
        if self.dry_run {
            return Ok(say(&match desk.sending_stopped().await? {
                Some(stopped) => format!(
                    "Sending is stopped by {}: “{}”. Resuming lets {so_many} go, each as soon as it is due.",
                    stopped.by, stopped.reason
                ),
                None => "Sending is not stopped.".to_owned(),
            })?);
        }
        desk.resume_sending(&self.actor.clone().map_or_else(person, Actor::person)).await?;
        say(&format!("Letters leave again: {so_many}, each as soon as it is due."))?;
        Ok(())
    }
}
