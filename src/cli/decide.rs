//! `docket decide`: what a person decides about an entry.

use clap::{Args, Subcommand};

use super::{
    person, say,
    terminal::{call, states},
    workplace::Workplace,
};
use crate::{
    core::{actor::Actor, decision::Decision},
    desk::Desk,
    instance::Instance,
};

/// Records a person's decision about an entry, or takes one back. Its letter waits for the undo window.
#[derive(Debug, Args)]
pub struct Decide {
    /// A docket reference, M-000123, or M-000123/2 for an item.
    #[arg(value_name = "REF")]
    reference: String,
    #[command(subcommand)]
    what: What,
    /// Who decides; without it the name at the terminal.
    #[arg(long = "by", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// It is the input of this state, or of several together.
    Assign {
        /// The states, each by code, or by name in any of the six languages.
        #[arg(required = true, value_name = "STATE")]
        states: Vec<String>,
        /// The call it is for, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        /// From now on the sender's address counts as evidence for that state, as long as this decision stands. No
        /// reminder goes to it.
        #[arg(long, alias = "remember-sender")]
        known_sender: bool,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
    /// It is no input. Unrelated mail is thereby confirmed as unrelated, and may be erased by the setting
    /// `purge_unrelated_after`.
    NotAnInput {
        /// It has nothing to do with any call.
        #[arg(long)]
        unrelated: bool,
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
    /// Takes the last decision that stands back: what was before it holds again. What it had filed stays on record as
    /// withdrawn; a letter that has left cannot be called back.
    Undo {
        /// Why; kept in the record.
        #[arg(long)]
        reason: String,
    },
}

impl Decide {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        let desk = Desk::new(instance.clone());
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        let (decision, reason) = self.what.decision(&instance)?;
        let decided = desk.decide(&self.reference, &decision, &actor, reason).await?;
        for sentence in &decided.said {
            say(sentence)?;
        }
        Ok(())
    }
}

impl What {
    /// What is decided, and why.
    fn decision(&self, instance: &Instance) -> anyhow::Result<(Decision, &str)> {
        Ok(match self {
            Self::Assign { states: named, call: code, known_sender, reason } => {
                let states = states(&instance.register, named)?;
                let call = code.as_deref().map(|code| call(instance, Some(code))).transpose()?;
                let (call, known_sender) = (call.map(|open| open.call.code.clone()), *known_sender);
                (Decision::Assign { states, call, known_sender }, reason)
            }
            Self::NotAnInput { unrelated, reason } => (Decision::NotAnInput { unrelated: *unrelated }, reason),
            Self::Undo { reason } => (Decision::Undo, reason),
        })
    }
}
