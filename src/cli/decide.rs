//! `docket decide`: what a person decides about an entry or a state.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{person, say, workplace::Workplace};
use crate::{
    core::{
        actor::Actor,
        decision::{Answered, CivilEnd, Decision, Order},
        iso3::Iso3,
        submission::AdditionKind,
    },
    desk::{Desk, DeskError, Mode},
};

/// Records a person's decision about an entry or a state, or takes one back. It says first what that comes to: for whom it is
/// filed, as which version, what that replaces, and which letter leaves when. The letter waits for the undo window.
#[derive(Debug, Args)]
pub struct Decide {
    /// A docket reference, M-000123, or M-000123/2 for an item; to announce, decline, extend, withdraw or undo also a state,
    /// by code or name.
    #[arg(value_name = "REF|STATE")]
    on: String,
    #[command(subcommand)]
    what: What,
    /// Who decides; without it the name at the terminal.
    #[arg(long = "by", global = true, value_name = "NAME")]
    actor: Option<String>,
    /// Says what the decision would come to, and takes none.
    #[arg(long, global = true)]
    dry_run: bool,
    /// The sender is not told of it.
    #[arg(long, global = true)]
    no_letter: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// It is the input of this state, or of several together.
    #[command(visible_alias = "joint")]
    Assign {
        /// The states, by code or name.
        #[arg(required = true, value_name = "STATE")]
        states: Vec<String>,
        /// The call it is for, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        /// From now on the sender's address counts as evidence for that state, as long as this decision stands. No
        /// reminder goes to it.
        #[arg(long, alias = "remember-sender")]
        known_sender: bool,
        #[command(flatten)]
        why: Why,
    },
    /// It is another version of what is filed there. The receipt clock says which one is current.
    #[command(visible_alias = "version")]
    VersionOf {
        /// A docket reference, or the number of an item of it.
        #[arg(value_name = "REF")]
        of: String,
        #[command(flatten)]
        why: Why,
    },
    /// It is the readable copy of a version that could not be read, and takes its date.
    #[command(visible_alias = "rendition")]
    RenditionOf {
        /// A docket reference, or the number of an item of it.
        #[arg(value_name = "REF")]
        of: String,
        /// Which version; without it the latest that could not be read.
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        #[command(flatten)]
        why: Why,
    },
    /// It stands beside what is filed there, and replaces nothing.
    #[command(visible_alias = "addition")]
    AdditionTo {
        /// A docket reference, or the number of an item of it.
        #[arg(value_name = "REF")]
        of: String,
        /// What it is.
        #[arg(long = "as", value_name = "WHAT", default_value = "annex")]
        kind: Addition,
        /// The version it came for; without it the one before it.
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        #[command(flatten)]
        why: Why,
    },
    /// It says nothing new, though its words may differ.
    #[command(visible_alias = "duplicate")]
    DuplicateOf {
        /// A docket reference, or the number of an item.
        #[arg(value_name = "REF")]
        of: String,
        #[command(flatten)]
        why: Why,
    },
    /// It is a letter and no input. It needs no answer, or has had the one that is named.
    #[command(visible_alias = "answered")]
    Correspondence {
        /// The entry it belongs to.
        #[arg(long, value_name = "REF")]
        of: Option<String>,
        /// Who has answered it.
        #[arg(long, value_name = "NAME")]
        answered_by: Option<String>,
        /// How: by mail, by telephone.
        #[arg(long, value_name = "TEXT", requires = "answered_by")]
        how: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// A state says that an input will come: it counts as nothing received, and is not reminded.
    Announce {
        /// The states, where it is decided on a message that is not filed for them.
        #[arg(value_name = "STATE")]
        states: Vec<String>,
        /// By that day.
        #[arg(long, value_name = "DAY")]
        day: Option<Date>,
        /// To which call, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// A state says that no input will come: it is not reminded.
    Decline {
        /// The states, where it is decided on a message that is not filed for them.
        #[arg(value_name = "STATE")]
        states: Vec<String>,
        /// To which call, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// The party takes back all that it has sent: until now, or where it is decided on the notice of that, until it was
    /// received. Nothing is deleted.
    Withdraw {
        /// What is taken back, where it is decided on the notice of that.
        #[arg(long, value_name = "REF")]
        of: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Grants a state more time.
    Extend {
        /// The states, where it is decided on a message that is not filed for them.
        #[arg(value_name = "STATE")]
        states: Vec<String>,
        /// A day, which counts whole, or a day with an hour such as 2020-10-09T12:00, in the zone of the call.
        #[arg(long, value_name = "TIME")]
        until: CivilEnd,
        /// On whose authority.
        #[arg(long, value_name = "TEXT")]
        authority: String,
        /// Of which call, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// It is no input. Unrelated mail is thereby confirmed as unrelated, and may be erased by the setting
    /// `purge_unrelated_after`.
    NotAnInput {
        /// It has nothing to do with any call.
        #[arg(long)]
        unrelated: bool,
        #[command(flatten)]
        why: Why,
    },
    /// Nobody can read it, and it is an input: the original alone is registered, with reference and receipt. The state stays
    /// under query.
    #[command(visible_alias = "unreadable")]
    UnreadableButOurs {
        /// The states, by code or name, where it is not filed for them.
        #[arg(value_name = "STATE")]
        states: Vec<String>,
        /// The call it is for, where that is not clear.
        #[arg(long, value_name = "CODE")]
        call: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Asks the sender for a document that can be read, by a letter that waits for the undo window. What is asked of a person
    /// about it stays open.
    AskSender {
        #[command(flatten)]
        why: Why,
    },
    /// Takes the last decision that stands back: what was before it holds again. What it had filed stays on record as
    /// withdrawn; a letter that has left cannot be called back.
    Undo {
        #[command(flatten)]
        why: Why,
    },
}

#[derive(Debug, Args)]
struct Why {
    /// Why; kept in the record.
    #[arg(long)]
    reason: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Addition {
    Annex,
    Translation,
    CoverLetter,
}

impl Decide {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(place.instance().await?);
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        let (decision, why) = self.what.decision(&desk)?;
        let order = Order { decision, reason: why.reason.clone(), letter: !self.no_letter };
        let mode = if self.dry_run { Mode::Show } else { Mode::Do };
        for sentence in desk.decide(&self.on, &order, &actor, mode).await?.said {
            say(&sentence)?;
        }
        Ok(())
    }
}

impl What {
    /// What is decided, and why.
    fn decision(&self, desk: &Desk) -> Result<(Decision, &Why), DeskError> {
        let named = |states: &[String]| -> Result<Vec<Iso3>, DeskError> {
            states.iter().map(|state| desk.state_named(state)).collect()
        };
        Ok(match self {
            Self::Assign { states, call, known_sender, why } => {
                let (states, call) = (named(states)?, call.clone());
                (Decision::Assign { states, call, known_sender: *known_sender }, why)
            }
            Self::VersionOf { of, why } => (Decision::VersionOf { of: of.clone() }, why),
            Self::RenditionOf { of, version, why } => {
                (Decision::RenditionOf { of: of.clone(), version: *version }, why)
            }
            Self::AdditionTo { of, kind, version, why } => {
                (Decision::AdditionTo { of: of.clone(), kind: (*kind).into(), version: *version }, why)
            }
            Self::DuplicateOf { of, why } => (Decision::DuplicateOf { of: of.clone() }, why),
            Self::Correspondence { of, answered_by, how, why } => {
                let answered = answered_by.clone().map(|by| Answered { by, how: how.clone() });
                (Decision::Correspondence { answered, of: of.clone() }, why)
            }
            Self::Announce { states, day, call, why } => {
                (Decision::Announce { states: named(states)?, day: *day, call: call.clone() }, why)
            }
            Self::Decline { states, call, why } => {
                (Decision::Decline { states: named(states)?, call: call.clone() }, why)
            }
            Self::Withdraw { of, why } => (Decision::Withdraw { of: of.clone() }, why),
            Self::Extend { states, until, authority, call, why } => {
                let (states, authority, call) = (named(states)?, authority.clone(), call.clone());
                (Decision::Extend { states, until: *until, authority, call }, why)
            }
            Self::NotAnInput { unrelated, why } => (Decision::NotAnInput { unrelated: *unrelated }, why),
            Self::UnreadableButOurs { states, call, why } => {
                (Decision::UnreadableButOurs { states: named(states)?, call: call.clone() }, why)
            }
            Self::AskSender { why } => (Decision::AskSender, why),
            Self::Undo { why } => (Decision::Undo, why),
        })
    }
}

impl From<Addition> for AdditionKind {
    fn from(addition: Addition) -> Self {
        match addition {
            Addition::Annex => Self::Annex,
            Addition::Translation => Self::Translation,
            Addition::CoverLetter => Self::CoverLetter,
        }
    }
}
