//! How a state stands towards a call: one of eight words, from what it filed, what it said, and what may still be its own.
//!
//! Promises that a state counts only while something that somebody could read stands; that what was received last and could
//! not be read is never passed over in silence; that additions change nothing; and that a state which sent something is
//! never said to have declined.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    law::{Judged, Law},
    said::{Said, Word},
    standing::Standing,
};
use crate::core::{
    iso3::Iso3,
    submission::{Filed, Stands, Version, View},
};

/// How a state stands towards a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Received: on time, by grace, by extension or late.
    Received,
    /// Received in time, and a correction stands in its place.
    Corrected,
    /// What came last could not be read.
    UnderQuery,
    /// Something undecided may be this state's.
    PossiblyReceived,
    /// It will come.
    Announced,
    /// None will come.
    Declined,
    /// What was sent was taken back.
    Withdrawn,
    /// Nothing received.
    NothingReceived,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Corrected,
        Self::UnderQuery,
        Self::PossiblyReceived,
        Self::Announced,
        Self::Declined,
        Self::Withdrawn,
        Self::NothingReceived,
    ];

    /// The word of the interface.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Corrected => "corrected",
            Self::UnderQuery => "under_query",
            Self::PossiblyReceived => "possibly_received",
            Self::Announced => "announced",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::NothingReceived => "nothing_received",
        }
    }
}

/// A submission with its states and what stands of it.
#[derive(Clone, Debug)]
pub struct Party<'a> {
    /// The docket reference.
    pub reference: &'a str,
    /// Its states; none of a sender that is no state.
    pub states: &'a [Iso3],
    /// What stands.
    pub stands: Stands<'a>,
}

/// How a state stands, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateStands {
    /// The word.
    pub status: Status,
    /// How what was received first and counts stands against the deadline; where nothing counts, what is under query.
    pub judged: Option<Judged>,
    /// It is among the “18 of 56”: something that counts stands.
    pub counts: bool,
    /// Where the current version is: place among the parties, and its row.
    pub current: Option<(usize, i64)>,
    /// Where the version is that could not be read and came last: place among the parties, and its row.
    pub queried: Option<(usize, i64)>,
    /// When the current version was received; where nothing counts, what is under query.
    pub received: Option<Timestamp>,
    /// The day that was announced.
    pub day: Option<Date>,
}

/// How a state stands towards a call. `parties`: what stands of each submission from where one looks; `possible`: something
/// undecided may be the state's.
#[must_use]
pub fn status(state: Iso3, parties: &[Party<'_>], said: &[Said], possible: bool, law: &Law, view: View) -> StateStands {
    let own = || parties.iter().enumerate().filter(|(_, party)| party.states.contains(&state));
    let judge = |party: &Party<'_>, filed: &Filed| law.judge(filed, party.states, view);
    let each = |version: for<'s> fn(&'s Stands<'_>) -> Option<&'s Filed>| {
        own().filter_map(move |(at, party)| Some((at, party, version(&party.stands)?)))
    };
    let first = each(|stands| stands.first().map(filed)).min_by_key(|(_, _, filed)| filed.receipt);
    let current = each(|stands| stands.current().map(filed)).max_by_key(|(_, _, filed)| filed.receipt);
    let queried = each(|stands| stands.queried().map(filed)).max_by_key(|(_, _, filed)| filed.receipt);
    let judged = first.or(queried).map(|(_, party, filed)| judge(party, filed));
    let mut line = StateStands {
        status: Status::NothingReceived,
        judged,
        counts: first.is_some(),
        current: current.map(|(at, _, filed)| (at, filed.id)),
        queried: queried.map(|(at, _, filed)| (at, filed.id)),
        received: current.or(queried).map(|(_, _, filed)| filed.receipt.at),
        day: None,
    };
    if queried.is_some() {
        line.status = Status::UnderQuery;
    } else if first.is_some() {
        let late = judged.is_some_and(|judged| judged.standing == Standing::Late);
        let replaced =
            own().any(|(_, party)| party.stands.versions.iter().filter(|version| version.counts()).count() > 1);
        line.status = if replaced && !late { Status::Corrected } else { Status::Received };
    } else if possible {
        line.status = Status::PossiblyReceived;
    } else {
        let word =
            said.iter().filter(|said| said.state == state && is_known(said, view)).max_by_key(|said| said.receipt);
        let back = own().filter_map(|(_, party)| taken_back(&party.stands)).max();
        match word.filter(|said| back.is_none_or(|back| said.receipt.at >= back)).map(|said| said.word) {
            Some(Word::Announced { day }) => (line.status, line.day) = (Status::Announced, day),
            Some(Word::Declined) => line.status = Status::Declined,
            None if back.is_some() => line.status = Status::Withdrawn,
            None => {}
        }
    }
    line
}

fn filed<'a>(version: &Version<'a>) -> &'a Filed {
    version.filed
}

fn is_known(said: &Said, view: View) -> bool {
    said.held.before(view.known_before) && said.receipt.at < view.received_before
}

/// When a party took back what it had sent, if it had sent anything.
fn taken_back(stands: &Stands<'_>) -> Option<Timestamp> {
    stands.withdrawn.filter(|_| stands.versions.iter().any(|version| version.withdrawn))
}
