//! `docket remind`: reminders to states that have sent nothing.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{say, sending::stopped_in_words, workplace::Workplace};
use crate::{
    daemon,
    pipeline::{self, Outcome, Post, Reminders},
};

/// Prepares the reminders that are due and releases them.
///
/// The running daemon sends them; where none runs, this command does. A state is reminded once by each step, and never
/// while something undecided may be its input.
#[derive(Debug, Args)]
pub struct Remind {
    /// Show every letter that would go, and who is left out and why; send nothing.
    #[arg(long)]
    dry_run: bool,
    /// One JSON object a state.
    #[arg(long)]
    json: bool,
}

impl Remind {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        if let Some(stopped) = stopped_in_words(&instance).await?.filter(|_| !self.dry_run) {
            anyhow::bail!("{stopped} Reminders that are due are made once it is resumed.");
        }
        let all = pipeline::remind(&instance, self.dry_run).await?;
        if all.is_empty() && !self.json {
            say("No reminder is due now.")?;
        }
        for reminders in &all {
            if self.json {
                say_json(reminders)?;
            } else {
                say(&in_words(reminders, self.dry_run))?;
            }
        }
        let released = all.iter().flat_map(|reminders| &reminders.lines).any(|line| line.letter.is_some());
        if self.dry_run || !released {
            return Ok(());
        }
        let mut tx = instance.db.begin().await?;
        let daemon_sends = tx.lease_is_held(daemon::LEASE).await?;
        drop(tx);
        if daemon_sends {
            if !self.json {
                say("The running daemon sends them.")?;
            }
            return Ok(());
        }
        let post = Post::new(Arc::clone(&instance));
        while post.step().await? == Outcome::Worked {}
        post.close().await;
        if !self.json && instance.db.snapshot().await?.next_letter_due().await?.is_some() {
            say("Letters wait in the outbox; the daemon sends them when it runs.")?;
        }
        Ok(())
    }
}

fn in_words(reminders: &Reminders, rehearsal: bool) -> String {
    let mut said = vec![format!("{}, step “{}”, due {}", reminders.call, reminders.step, reminders.due)];
    for line in &reminders.lines {
        match (&line.letter, &line.left_out) {
            (Some((address, letter)), _) => {
                let goes = if rehearsal { "would be reminded" } else { "is reminded" };
                said.push(format!("{}  {} {goes}: {address}", line.iso3, line.name));
                if rehearsal {
                    let text = letter.body.lines().map(|line| format!("     | {line}"));
                    said.push(format!("     | Subject: {}\n     |", letter.subject));
                    said.extend(text);
                }
            }
            (None, reason) => {
                let reason = reason.as_deref().unwrap_or_default();
                said.push(super::table::wrapped(reason, &format!("{}  {}: ", line.iso3, line.name)));
            }
        }
    }
    said.join("\n")
}

fn say_json(reminders: &Reminders) -> anyhow::Result<()> {
    for line in &reminders.lines {
        let letter = line.letter.as_ref();
        say(&json!({
            "call": reminders.call,
            "step": reminders.step,
            "due": reminders.due,
            "iso3": line.iso3,
            "reminded": letter.is_some(),
            "reason": line.left_out,
            "to": letter.map(|(address, _)| address),
            "language": letter.map(|(_, rendered)| rendered.language),
            "subject": letter.map(|(_, rendered)| &rendered.subject),
            "body": letter.map(|(_, rendered)| &rendered.body),
        })
        .to_string())?;
    }
    Ok(())
}
