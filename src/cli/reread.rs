//! `docket reread`: the original of a message read again.

use clap::Args;

use super::{
    terminal::{person, say, this_program},
    workplace::Workplace,
};
use crate::{core::actor::Actor, desk::Desk, pipeline, reading::Readers};

/// Reads the original of a message again.
///
/// What could not be read goes back into the ordinary reading: the running daemon reads it, and it is answered as new. What
/// was read is read once more, and what would be otherwise is shown; nothing is changed, and nothing sent. Where a letter
/// said of a file that it could not be opened, or was not read, and it reads well, a person is asked to tell the sender.
#[derive(Debug, Args)]
pub struct Reread {
    /// A docket reference, M-000123, or M-000123/2 for the message of an item.
    #[arg(value_name = "REF")]
    reference: String,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Who asks for it; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
}

impl Reread {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        let Some(number) = Desk::new(instance.clone()).number(&self.reference).await? else {
            anyhow::bail!("there is no entry {}; `docket log` lists them", self.reference);
        };
        let readers = Readers::new(this_program()?, instance.config.reading.clone());
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        let reread = pipeline::reread(&instance, &readers, number, &actor, self.dry_run).await?;
        for sentence in &reread.said {
            say(sentence)?;
        }
        Ok(())
    }
}
