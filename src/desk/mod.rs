//! What a person can look at and decide; the terminal and the pages share it.
//!
//! Promises that looking changes nothing, and that a decision is on record with who took it, when and why.

mod accounts;
mod act;
mod attested;
mod becomes;
mod board;
mod calls;
mod case;
mod changes;
mod colleagues;
mod coverage;
mod deadline;
mod decide;
mod difference;
mod entry;
mod find;
mod gauges;
mod history;
mod later;
mod letter_record;
mod letters;
mod lines;
mod log;
mod log_fits;
mod log_page;
mod login;
mod main_text;
mod named;
mod notes;
mod original;
mod papers;
mod password;
pub mod people;
mod queue;
mod register;
mod release;
mod searching;
mod secret;
mod sender;
mod stop;
mod submission;
mod templates;
mod tries;
pub mod view;
mod waiting;
mod would_leave;

use std::{collections::BTreeMap, sync::Arc};

pub use crate::store::LettersThat;
pub use accounts::{Listed, Person, Taken};
pub use attested::{Attested, Entrance};
pub use becomes::becomes_in_words;
pub use board::{Arrived, Board};
pub use calls::{CallOnRecord, DeadlineOnRecord, ExtensionOnRecord, ReminderDue};
pub use changes::{Change, Pulse};
pub use coverage::{Asked as CoverageAsked, Coverage, Covered};
pub use deadline::{CallLaw, Granted, NewDeadline};
pub use decide::{Decided, Mode, Seen};
pub use difference::{Compared, NotCompared, Side};
pub use find::Found;
pub use gauges::{CallGauge, Gauges};
pub use later::Later;
pub use letter_record::{LetterRecord, LetterRecords};
pub use letters::{LetterLine, LetterPage, LettersPage};
pub use login::Login;
pub use named::{is_like_a_reference, state_named};
pub use original::{Original, SentFile};
pub use papers::{Is, Paper, PaperFile, Papers, PartyPapers, Received};
pub use password::LENGTH as PASSWORD_LENGTH;
pub use queue::{Beside, NoPlace, Place as QueuePlace, Queue};
pub use release::{Left, Released, Releasing};
pub use secret::Secret;
pub use stop::Stopped;
pub use templates::TemplatePreview;
pub use waiting::ToDecide;
pub use would_leave::{Leaving, Resuming};

use crate::{
    core::{
        iso3::Iso3,
        judging::matching::Kind,
        recorded::{Recorded, Way},
        text::comparable,
    },
    filing::FilingError,
    instance::{Instance, OpenCall},
    reading::Readers,
    store::{LetterState, Read, StoreError},
};

/// The desk of the secretariat.
#[derive(Clone, Debug)]
pub struct Desk {
    instance: Arc<Instance>,
    tiles: Arc<BTreeMap<String, Places>>,
    readers: Option<Arc<Readers>>,
}

/// Where each state of a roster stands on its map: row and column, from 1.
type Places = BTreeMap<Iso3, (u8, u8)>;

/// Why a person did not get what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A letter could not be decided.
    #[error(transparent)]
    Filing(#[from] FilingError),
    /// There is no such entry or letter.
    #[error("{0}")]
    NotFound(String),
    /// There is no such state.
    #[error("{0}")]
    NoState(String),
    /// It is not any more as the person saw it: what is by now, in sentences.
    #[error("{0}")]
    Changed(String),
    /// What was asked cannot be done with this entry.
    #[error("{0}")]
    Refused(String),
}

impl DeskError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => error.is_temporary(),
            Self::Filing(error) => error.is_temporary(),
            Self::NotFound(_) | Self::NoState(_) | Self::Changed(_) | Self::Refused(_) => false,
        }
    }
}

impl Desk {
    /// A desk of an instance.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        let tiles = instance
            .calls()
            .iter()
            .map(|open| {
                let path = format!("tiles/{}.csv", open.call.roster);
                let text = instance.shipped.text(&path).ok().flatten().unwrap_or_default();
                (open.call.roster.clone(), places(&text))
            })
            .collect();
        Self { instance, tiles: Arc::new(tiles), readers: None }
    }

    /// The same where files can be taken out of their messages.
    #[must_use]
    pub fn with(self, readers: Arc<Readers>) -> Self {
        Self { readers: Some(readers), ..self }
    }

    /// The instance behind the desk.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// States with their names, in the order of these.
    fn by_name(&self, states: impl IntoIterator<Item = Iso3>) -> Vec<(Iso3, String)> {
        in_order(states, |iso3| self.instance.name(iso3))
    }

    fn tile(&self, open: &OpenCall, iso3: Iso3) -> Option<(u8, u8)> {
        self.tiles.get(&open.call.roster)?.get(&iso3).copied()
    }
}

/// States with their names, in the order of these; what differs in accents alone stands side by side.
fn in_order(states: impl IntoIterator<Item = Iso3>, name: impl Fn(Iso3) -> String) -> Vec<(Iso3, String)> {
    let mut named: Vec<(Iso3, String)> = states.into_iter().map(|iso3| (iso3, name(iso3))).collect();
    named.sort_by_cached_key(|(_, name)| (comparable(name), name.clone()));
    named
}

/// The places of a tile file: `iso3,row,col`.
fn places(text: &str) -> Places {
    let place = |line: &str| {
        let mut columns = line.split(',').map(str::trim);
        let iso3 = columns.next()?.parse().ok()?;
        Some((iso3, (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?)))
    };
    text.lines().filter_map(place).collect()
}

/// A sender as written: name and address.
fn sender(name: Option<&str>, address: Option<&str>) -> Option<String> {
    match (name.filter(|name| !name.trim().is_empty()), address) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// How it came, where no mail brought it.
fn recorded(way: Option<Way>, authority: Option<String>) -> Option<Recorded> {
    way.map(|way| Recorded { way, authority: authority.unwrap_or_default() })
}

/// Where a letter stands, in a word that a person understands.
fn letter_state(state: LetterState) -> &'static str {
    match state {
        LetterState::Waiting => "waiting",
        LetterState::Released => "released",
        LetterState::Sending => "being sent",
        LetterState::Sent => "sent",
        LetterState::Held => "held for a person",
        LetterState::Failed => "failed",
        LetterState::Discarded => "not sent",
    }
}

/// What a column holds; of what cannot be read in it, why is put beside.
fn readable<T>(column: Read<T>, broken: &mut Vec<String>) -> Option<T> {
    column.map_err(|why| broken.push(why)).ok()
}

/// The kinds of senders who are no state of the roster, in the plural.
fn kind_in_plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Observer => "observers",
        Kind::OutsideRegion => "states outside the region",
        Kind::NotAState => "organisations and others",
        Kind::Joint => "joint inputs",
        Kind::MemberState => "states",
        Kind::Ambiguous => "undecided",
    }
}
