//! `docket letters`: outgoing letters.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{Reported, complain, person, say, sending::stopped_in_words, table::wrapped, workplace::Workplace};
use crate::{
    core::{
        decision::{Decision, Order},
        event::HeldFor,
    },
    desk::{Desk, Left, LetterRecord, Mode, Released, Releasing, state_named},
    store::{CopyState, Id, LetterRow, intake_number, letter_number, word},
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
        /// Its number: L-000001, or 1.
        #[arg(value_parser = number)]
        id: Id,
    },
    /// Lets a held letter go, or with --all many at once: no faster than the caps allow.
    Release {
        /// Its number: L-000001, or 1.
        #[arg(required_unless_present = "all", conflicts_with = "all", value_parser = number)]
        id: Option<Id>,
        /// All that are held, but for those that may have been sent before: they go where --held-for names them.
        #[arg(long)]
        all: bool,
        /// Only those that are about this state, or go to it: by code or by name.
        #[arg(long, value_name = "STATE", requires = "all", conflicts_with = "id")]
        state: Option<String>,
        /// Only those that are held for this; several may be named.
        #[arg(long, value_enum, value_name = "REASON", requires = "all", conflicts_with = "id", num_args = 1..)]
        held_for: Vec<HeldForArgument>,
        /// Why; kept in the record.
        #[arg(long, default_value = "released by hand")]
        reason: String,
    },
    /// Keeps a letter from going.
    Discard {
        /// Its number: L-000001, or 1.
        #[arg(value_parser = number)]
        id: Id,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
    /// Sends a letter that failed, or has left, once more: the same bytes under the same Message-ID.
    Resend {
        /// Its number: L-000001, or 1.
        #[arg(value_parser = number)]
        id: Id,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
}

/// For what a letter is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HeldForArgument {
    /// So many letters had gone already.
    Cap,
    /// The database was put back from a backup: it may have been sent before.
    Restored,
    /// Nobody knows whether it left.
    Uncertain,
    /// It rests on a sender who is not known any more.
    Sender,
    /// The program ended over it, or the database refused it.
    Fault,
}

impl From<HeldForArgument> for HeldFor {
    fn from(argument: HeldForArgument) -> Self {
        match argument {
            HeldForArgument::Cap => Self::Cap,
            HeldForArgument::Restored => Self::Restored,
            HeldForArgument::Uncertain => Self::Uncertain,
            HeldForArgument::Sender => Self::Sender,
            HeldForArgument::Fault => Self::Fault,
        }
    }
}

impl Letters {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        let desk = Desk::new(instance.clone());
        let (letter, decision, reason) = match self.what.as_ref().unwrap_or(&What::List) {
            What::List => {
                if let Some(stopped) = stopped_in_words(&instance).await?.filter(|_| !self.json) {
                    say(&stopped)?;
                }
                let mut unreadable = false;
                let letters = desk.letters().await?;
                if letters.is_empty() && !self.json {
                    say("There are no letters yet.")?;
                }
                for letter in letters {
                    match letter {
                        Ok(letter) => say(&if self.json { in_json(letter)? } else { in_words(&letter)? })?,
                        Err(why) => {
                            complain(&format!("docket: {why}"));
                            unreadable = true;
                        }
                    }
                }
                return if unreadable { Err(Reported.into()) } else { Ok(()) };
            }
            What::Show { id } => {
                let letter = desk
                    .letter(*id)
                    .await?
                    .ok_or_else(|| anyhow::anyhow!("there is no letter {}", letter_number(*id)))?;
                if self.json {
                    say(&in_json(letter)?)?;
                } else {
                    say(&in_words(&letter)?)?;
                    if let Some(copy) = copy_in_words(&letter) {
                        say(&wrapped(&copy, "          "))?;
                    }
                    say(&format!("To: {}\nSubject: {}\n\n{}", letter.recipient, letter.subject, letter.body))?;
                }
                return Ok(());
            }
            What::Release { id: Some(id), reason, .. } => (id, Decision::Release, reason),
            What::Release { id: None, state, held_for, reason, .. } => {
                let held_for = held_for.iter().map(|held_for| HeldFor::from(*held_for)).collect();
                let which = Releasing {
                    state: state.as_deref().map(|named| state_named(&instance.register, named)).transpose()?,
                    held_for,
                };
                let (released, left) = desk.release_held(&which, &person(), reason).await?;
                return if self.json { many_in_json(&released, &left) } else { many_in_words(&released, &left) };
            }
            What::Discard { id, reason } => (id, Decision::Discard, reason),
            What::Resend { id, reason } => (id, Decision::Resend, reason),
        };
        for sentence in desk.decide(&letter.to_string(), &Order::new(decision, reason), &person(), Mode::Do).await?.said
        {
            say(&sentence)?;
        }
        Ok(())
    }
}

/// The number of a letter, as people write it: L-000001, or bare.
fn number(text: &str) -> Result<Id, String> {
    let bare = text.trim().strip_prefix(['L', 'l']).map_or(text.trim(), |rest| rest.trim_start_matches('-'));
    let digits = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    let number = bare.parse::<Id>().ok().filter(|_| digits);
    number.ok_or_else(|| "a letter has a number such as L-000001, or 1".to_owned())
}

/// How many letters go, and which stay.
fn many_in_words(released: &[Released], left: &[Left]) -> anyhow::Result<()> {
    let first = released.iter().map(|letter| letter.not_before).min();
    let later = released.iter().map(|letter| letter.not_before).filter(|at| Some(*at) != first);
    let count = later.clone().count();
    say(&match (released.len(), later.max()) {
        (0, _) => "No held letter goes.".to_owned(),
        (1, _) => "1 letter goes.".to_owned(),
        (all, None) => format!("{all} letters go."),
        (all, Some(last)) => {
            format!("{all} letters go, {count} of them later, as the caps want it; the last at {last:.0}.")
        }
    })?;
    for letter in left {
        let number = letter.number.map(intake_number).unwrap_or_default();
        let held_for = letter.held_for.map(|held_for| word(&held_for)).transpose()?.unwrap_or_default();
        say(&format!("{}  {number:<9} stays held: {held_for}", letter_number(letter.id)))?;
        say(&wrapped(&letter.reason, "          "))?;
    }
    Ok(())
}

fn many_in_json(released: &[Released], left: &[Left]) -> anyhow::Result<()> {
    for Released { id, number, not_before } in released {
        let number = number.map(intake_number);
        say(&json!({"id": id, "number": number, "released": true, "not_before": not_before}).to_string())?;
    }
    for Left { id, number, held_for, reason } in left {
        let number = number.map(intake_number);
        let left = json!({"id": id, "number": number, "released": false, "held_for": held_for, "reason": reason});
        say(&left.to_string())?;
    }
    Ok(())
}

fn about(letter: &LetterRow) -> String {
    letter.number.map_or_else(|| letter.iso3.map_or_else(String::new, |iso3| iso3.to_string()), intake_number)
}

fn in_words(letter: &LetterRow) -> anyhow::Result<String> {
    let state = word(&letter.state)?;
    let line = format!(
        "{}  {:<15} {:<9} {:<9} {}",
        letter_number(letter.id),
        letter.kind.name(),
        state,
        about(letter),
        letter.recipient
    );
    Ok(match &letter.reason {
        Some(reason) => format!("{line}\n{}", wrapped(reason, "          ")),
        None => line,
    })
}

/// What became of the copy in the mailbox.
fn copy_in_words(letter: &LetterRow) -> Option<String> {
    let said = match letter.copy_state? {
        CopyState::Kept => "A copy is in the mailbox.",
        CopyState::Failed => "There is no copy in the mailbox, and it is not tried again.",
        CopyState::Wanted => "A copy is to be put into the mailbox.",
    };
    Some(letter.copy_reason.as_ref().map_or_else(|| said.to_owned(), |reason| format!("{said} {reason}")))
}

fn in_json(letter: LetterRow) -> anyhow::Result<String> {
    Ok(serde_json::to_string(&LetterRecord::from(letter))?)
}
