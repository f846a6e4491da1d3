//! The count of a call: “18 of 56”, with what it is made of.
//!
//! Promises that each state of the roster counts once at most, however many submissions it is part of; that a joint input
//! counts for each of its states and is listed once; and that who is not on the roster is counted apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    law::Law,
    said::Said,
    standing::Standing,
    status::{Party, StateStands, Status, status},
};
use crate::core::{iso3::Iso3, submission::View};

/// What a count is taken of.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// The states that were asked, in the order in which they are listed.
    pub roster: &'a [Iso3],
    /// What was filed.
    pub parties: &'a [Party<'a>],
    /// What states said without sending anything.
    pub said: &'a [Said],
    /// Of which states something undecided may be.
    pub possible: &'a BTreeSet<Iso3>,
    /// The deadlines.
    pub law: &'a Law,
    /// From where one looks: what stands of each party was seen from there.
    pub view: View,
}

/// How what counts stands against the deadline: so many states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByStanding {
    /// On time.
    pub on_time: u64,
    /// By grace.
    pub by_grace: u64,
    /// By extension.
    pub by_extension: u64,
    /// Late.
    pub late: u64,
    /// A person must settle it.
    pub undetermined: u64,
}

/// A count, line by line and in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// As of when; none for now.
    pub as_of: Option<Timestamp>,
    /// The number of the act whose deadline was in force.
    pub deadline: u32,
    /// How each state of the roster stands, in its order.
    pub lines: Vec<(Iso3, StateStands)>,
    /// How many of them count.
    pub received: u64,
    /// How many there are.
    pub of: u64,
    /// How many states stand so; every word is there.
    pub statuses: BTreeMap<Status, u64>,
    /// How many of those that count stand so against the deadline.
    pub standings: ByStanding,
    /// Joint inputs that count, by their place among the parties: each once.
    pub joint: Vec<usize>,
    /// What counts and is of no state of the roster, by its place among the parties.
    pub apart: Vec<usize>,
}

impl Counted<'_> {
    /// Takes the count.
    #[must_use]
    pub fn count(self) -> Count {
        let Self { roster, parties, said, possible, law, view } = self;
        let line = |&state: &Iso3| (state, status(state, parties, said, possible.contains(&state), law, view));
        let lines: Vec<(Iso3, StateStands)> = roster.iter().map(line).collect();
        let mut statuses = Status::ALL.map(|status| (status, 0)).into_iter().collect::<BTreeMap<_, u64>>();
        let (mut received, mut standings) = (0, ByStanding::default());
        for (_, line) in &lines {
            *statuses.entry(line.status).or_default() += 1;
            if line.counts {
                received += 1;
                line.judged.into_iter().for_each(|judged| standings.add(judged.standing));
            }
        }
        let on_roster = |party: &Party<'_>| party.states.iter().any(|state| roster.contains(state));
        let counts = || parties.iter().enumerate().filter(|(_, party)| party.stands.first().is_some());
        let place = |(at, _): (usize, &Party<'_>)| at;
        Count {
            as_of: Some(view.received_before).filter(|before| *before < Timestamp::MAX),
            deadline: law.in_force(view.law()).n,
            received,
            of: lines.len() as u64,
            lines,
            statuses,
            standings,
            joint: counts().filter(|(_, party)| party.states.len() > 1 && on_roster(party)).map(place).collect(),
            apart: counts().filter(|(_, party)| !on_roster(party)).map(place).collect(),
        }
    }
}

impl ByStanding {
    fn add(&mut self, standing: Standing) {
        *match standing {
            Standing::OnTime => &mut self.on_time,
            Standing::ByGrace => &mut self.by_grace,
            Standing::ByExtension => &mut self.by_extension,
            Standing::Late => &mut self.late,
            Standing::Undetermined => &mut self.undetermined,
        } += 1;
    }
}
