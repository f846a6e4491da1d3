//! `docket stop-sending` and `docket resume-sending`: one switch for all letters to outsiders.

use clap::Args;

use serde_json::json;

use super::{person, say, table::wrapped, workplace::Workplace};
use crate::{
    core::actor::Actor,
    desk::{Desk, Leaving},
    instance::Instance,
    store::intake_number,
};

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

/// Lets letters leave again that were stopped: each after as long as it still had to wait, and no faster than the caps allow.
#[derive(Debug, Args)]
pub struct ResumeSending {
    /// Only says which letters would leave, and when.
    #[arg(long)]
    dry_run: bool,
    /// One JSON object a letter.
    #[arg(long)]
    json: bool,
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
        let instance = place.instance().await?;
        let desk = Desk::new(instance.clone());
        let resuming = if self.dry_run {
            match (desk.would_leave().await?, stopped_in_words(&instance).await?) {
                (Some(resuming), Some(stopped)) => {
                    if !self.json {
                        say(&stopped)?;
                    }
                    resuming
                }
                _ if self.json => return Ok(()),
                _ => return Ok(say("Sending is not stopped.")?),
            }
        } else {
            desk.resume_sending(&self.actor.clone().map_or_else(person, Actor::person)).await?
        };
        for letter in &resuming.leaves {
            say(&if self.json { in_json(letter) } else { in_words(letter) })?;
        }
        if self.json {
            return Ok(());
        }
        if !self.dry_run {
            say("Letters leave again.")?;
        }
        for sentence in resuming.in_words() {
            say(&wrapped(&sentence, ""))?;
        }
        Ok(())
    }
}

/// That sending is stopped, if it is, for whoever looks at something else.
pub(super) async fn stopped_in_words(instance: &Instance) -> anyhow::Result<Option<String>> {
    let mut tx = instance.db.snapshot().await?;
    let Some(stopped) = tx.sending_stopped().await? else { return Ok(None) };
    let (since, by, reason) = (stopped.since, stopped.by.name(), stopped.reason);
    let said = format!("Sending is stopped since {since:.0} by {by}: “{reason}”.");
    Ok(Some(wrapped(&format!("{said} “docket resume-sending --dry-run” shows what would leave."), "")))
}

fn in_words(letter: &Leaving) -> String {
    let (number, about, kind) = (&letter.named, &letter.about, letter.kind.name());
    let at = if letter.may_have_left { "may have left".to_owned() } else { format!("{:.0}", letter.not_before) };
    format!("{number}  {kind:<18} {about:<9} {at:<20}  {}", letter.to)
}

fn in_json(letter: &Leaving) -> String {
    json!({
        "id": letter.id,
        "kind": letter.kind,
        "number": letter.number.map(intake_number),
        "iso3": letter.iso3,
        "recipient": letter.to,
        "not_before": letter.not_before,
        "may_have_left": letter.may_have_left,
    })
    .to_string()
}
