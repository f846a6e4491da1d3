//! Why an act makes no sense, as facts: the sentence is made from them for whoever asked for it.

use jiff::{Timestamp, civil::Date};

use crate::core::{
    iso3::Iso3,
    phrase::{Fill, Phrase},
};

/// Why an act makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It would refer to itself.
    OfItself {
        /// Its number.
        number: String,
    },
    /// What is named is filed nowhere.
    NotFiled {
        /// What was named.
        named: String,
    },
    /// Nothing would be left that it could be added to.
    NoVersionStands {
        /// There.
        reference: String,
    },
    /// There is no such version.
    NoSuchVersion {
        /// There.
        reference: String,
        /// The number that was named.
        version: u32,
    },
    /// All that stands could be read.
    NothingToCopy {
        /// There.
        reference: String,
    },
    /// There is nothing to take back.
    NothingStands {
        /// There.
        reference: String,
    },
    /// The state is filed nowhere.
    NothingOf {
        /// The state.
        state: Iso3,
    },
    /// Several are filed for the state.
    Several {
        /// The state.
        state: Iso3,
        /// Their references.
        references: Vec<String>,
    },
    /// It is of several states together, and one cannot take it back.
    Together {
        /// Its reference.
        reference: String,
        /// The states.
        states: Vec<Iso3>,
    },
    /// Nobody waits for this state's input.
    NotOnRoster {
        /// The state.
        state: Iso3,
    },
    /// The state has said so before.
    SaidAlready {
        /// The state.
        state: Iso3,
    },
    /// The day lies before the one on which it was said.
    DayPast {
        /// The day.
        day: Date,
        /// On which it was said.
        on: Date,
    },
    /// It is no extension.
    NotLater {
        /// Until then.
        until: Timestamp,
        /// The deadline.
        deadline: Timestamp,
    },
    /// The state has that much time already.
    GrantedAlready {
        /// The state.
        state: Iso3,
        /// Until then.
        until: Timestamp,
    },
    /// It can be read.
    Legible {
        /// Its number.
        number: String,
    },
    /// The states must be named.
    WhichStates {
        /// The number of the item.
        number: String,
    },
    /// The state is on the line already.
    StateNamed {
        /// The state.
        state: Iso3,
    },
    /// The act is taken on a message.
    NotOnState {
        /// The state.
        state: Iso3,
    },
    /// The sender cannot be asked.
    CannotAsk {
        /// Its number.
        number: String,
        /// Why not, in a sentence.
        why: Phrase,
    },
    /// There is nothing to ask the sender for.
    NothingToAsk {
        /// Its number.
        number: String,
    },
    /// The act is the letter.
    IsTheLetter,
    /// Nobody has decided about it.
    NothingDecided {
        /// What was named.
        named: String,
    },
    /// All that was decided about it was taken back.
    NothingDecidedStands {
        /// What was named.
        named: String,
        /// By whom the last was taken back.
        by: String,
        /// When.
        at: Timestamp,
    },
}

impl Refusal {
    /// The sentence.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("refused.{form}"));
        match self {
            Self::OfItself { number } => form("of_itself").with("number", number),
            Self::NotFiled { named } => form("not_filed").with("named", named),
            Self::NoVersionStands { reference } => form("no_version_stands").with("reference", reference),
            Self::NoSuchVersion { reference, version } => {
                form("no_such_version").with("reference", reference).with("version", *version)
            }
            Self::NothingToCopy { reference } => form("nothing_to_copy").with("reference", reference),
            Self::NothingStands { reference } => form("nothing_stands").with("reference", reference),
            Self::NothingOf { state } => form("nothing_of").with("state", *state),
            Self::Several { state, references } => {
                form("several").with("state", *state).with("references", references.join(", "))
            }
            Self::Together { reference, states } => {
                form("together").with("reference", reference).with("states", Fill::Together(states.clone()))
            }
            Self::NotOnRoster { state } => form("not_on_roster").with("state", *state),
            Self::SaidAlready { state } => form("said_already").with("state", *state),
            Self::DayPast { day, on } => form("day_past").with("day", Fill::Day(*day)).with("on", Fill::Day(*on)),
            Self::NotLater { until, deadline } => {
                form("not_later").with("until", Fill::Moment(*until)).with("deadline", Fill::Moment(*deadline))
            }
            Self::GrantedAlready { state, until } => {
                form("granted_already").with("state", *state).with("until", Fill::Moment(*until))
            }
            Self::Legible { number } => form("legible").with("number", number),
            Self::WhichStates { number } => form("which_states").with("number", number),
            Self::StateNamed { state } => form("state_named").with("state", *state),
            Self::NotOnState { state } => form("not_on_state").with("state", *state),
            Self::CannotAsk { number, why } => form("cannot_ask").with("number", number).with("why", why.clone()),
            Self::NothingToAsk { number } => form("nothing_to_ask").with("number", number),
            Self::IsTheLetter => form("is_the_letter"),
            Self::NothingDecided { named } => form("nothing_decided").with("named", named),
            Self::NothingDecidedStands { named, by, at } => {
                form("nothing_decided_stands").with("named", named).with("by", by).with("at", Fill::Moment(*at))
            }
        }
    }
}
