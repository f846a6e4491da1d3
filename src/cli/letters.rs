//! `docket letters`: outgoing letters.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{office, person, say};
use crate::{
    desk::Desk,
    store::{LetterRow, LetterState, intake_number, word},
};

/// Lists outgoing letters, shows one, lets a held one go, keeps one from going, or sends one once more.
#[derive(Debug, Args)]
pub struct Letters {
    #[command(subcommand)]
    what: Option<What>,
    /// One JSON object a letter.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All letters, oldest first.
    List,
    /// One letter, with its text.
    Show {
        /// Its number.
        id: i64,
    },
    /// Lets a held letter go.
    Release {
        /// Its number.
        id: i64,
        /// Why; kept in the record.
        #[arg(long, default_value = "released by hand")]
        reason: String,
    },
    /// Keeps a letter from going.
    Discard {
        /// Its number.
        id: i64,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
    /// Sends a letter that failed, or has left, once more: the same bytes under the same Message-ID.
    Resend {
        /// Its number.
        id: i64,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
}

impl Letters {
    /// Runs the command.
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let desk = Desk::new(office(config).await?);
        let moved = match self.what.as_ref().unwrap_or(&What::List) {
            What::List => {
                for letter in desk.letters().await? {
                    say(&if self.json { in_json(&letter)? } else { in_words(&letter)? })?;
                }
                return Ok(());
            }
            What::Show { id } => {
                let letters = desk.letters().await?;
                let letter = letters.iter().find(|letter| letter.id == *id);
                let letter = letter.ok_or_else(|| anyhow::anyhow!("there is no letter {id}"))?;
                if self.json {
                    say(&in_json(letter)?)?;
                } else {
                    say(&in_words(letter)?)?;
                    if let Some(copy) = copy_in_words(letter) {
                        say(&super::table::wrapped(&copy, "        "))?;
                    }
                    say(&format!("To: {}\nSubject: {}\n\n{}", letter.recipient, letter.subject, letter.body))?;
                }
                return Ok(());
            }
            What::Release { id, reason } => desk.move_letter(*id, LetterState::Waiting, &person(), reason).await?,
            What::Discard { id, reason } => desk.move_letter(*id, LetterState::Discarded, &person(), reason).await?,
            What::Resend { id, reason } => desk.move_letter(*id, LetterState::Released, &person(), reason).await?,
        };
        say(&moved)?;
        Ok(())
    }
}

fn about(letter: &LetterRow) -> String {
    letter.number.map_or_else(|| letter.iso3.clone().unwrap_or_default(), intake_number)
}

fn in_words(letter: &LetterRow) -> anyhow::Result<String> {
    let state = word(&letter.state()?)?;
    let line = format!("{:>4}  {:<15} {:<9} {:<9} {}", letter.id, letter.kind, state, about(letter), letter.recipient);
    Ok(match &letter.reason {
        Some(reason) => format!("{line}\n{}", super::table::wrapped(reason, "        ")),
        None => line,
    })
}

/// What became of the copy in the mailbox.
fn copy_in_words(letter: &LetterRow) -> Option<String> {
    let said = match letter.copy_state.as_deref()? {
        "kept" => "A copy is in the mailbox.",
        "failed" => "There is no copy in the mailbox, and it is not tried again.",
        _ => "A copy is to be put into the mailbox.",
    };
    Some(letter.copy_reason.as_ref().map_or_else(|| said.to_owned(), |reason| format!("{said} {reason}")))
}

fn in_json(letter: &LetterRow) -> anyhow::Result<String> {
    Ok(json!({
        "id": letter.id,
        "kind": letter.kind,
        "state": letter.state()?,
        "number": letter.number.map(intake_number),
        "iso3": letter.iso3,
        "step": letter.step,
        "recipient": letter.recipient,
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "not_before": letter.not_before()?,
        "decided": letter.decided_at()?,
        "sent": letter.sent_at()?,
        "attempts": letter.attempts,
        "reason": letter.reason,
        "copy": letter.copy_state,
        "copy_reason": letter.copy_reason,
    })
    .to_string())
}
