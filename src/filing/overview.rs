//! All that a call's register is folded from: what the parties filed, what states said, what may still be theirs, and the law.
//!
//! Promises one reading of it for whoever counts, shows or reminds, from wherever one looks; and that what cannot be read is
//! told beside, and never taken for what is not there.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::{
    core::{
        calls::{
            law::Law,
            reminder::Standings,
            said::Said,
            status::{Party, StateStands, status},
        },
        iso3::Iso3,
        submission::{View, stands},
    },
    instance::OpenCall,
    store::{PartyRows, Person, StoreError, Tx, UnreadFact, intake_number},
};

/// What is kept of the parties and states of a call, from where one looks.
#[derive(Clone, Debug)]
pub struct Overview {
    /// From where.
    pub view: View,
    /// What is filed.
    pub parties: Vec<PartyRows>,
    /// What is filed and cannot be read.
    pub unread: Vec<UnreadFact>,
    /// What states said without sending anything.
    pub said: Vec<Said>,
    /// Why it is not known what some state said.
    pub unheard: Option<String>,
    /// The states of which something undecided may be that may be an input.
    pub possible: BTreeSet<Iso3>,
    /// The states of which anything undecided may be.
    pub named: BTreeSet<Iso3>,
    /// Why it is not known of whom something undecided may be.
    pub unknown: Option<String>,
    /// The deadlines.
    pub law: Law,
}

impl Overview {
    /// Gathers it.
    ///
    /// # Errors
    /// The database did not answer, or has no deadline of the call.
    pub async fn of(tx: &mut Tx, open: &OpenCall, view: View) -> Result<Self, StoreError> {
        let (call, code) = (open.known.id, open.call.code.as_str());
        let (parties, unread) = tx.parties_seen(call, view).await?;
        let (mut possible, mut named, mut unknown) = (BTreeSet::new(), BTreeSet::new(), None);
        for (state, input) in tx.possible_then(code, view).await? {
            match state {
                Ok(state) => {
                    named.insert(state);
                    possible.extend(input.then_some(state));
                }
                Err(why) => unknown = Some(why),
            }
        }
        let law = tx.law(call).await?;
        let (mut said, mut unheard) = (Vec::new(), None);
        for word in tx.said_by_states(call).await? {
            match word {
                Ok(word) => said.push(word),
                Err(why) => unheard = Some(why),
            }
        }
        Ok(Self { view, parties, unread, said, unheard, possible, named, unknown, law })
    }

    /// What stands of each party.
    #[must_use]
    pub fn parties(&self) -> Vec<Party<'_>> {
        let parties = self.parties.iter().map(|PartyRows { submission, filed, withdrawals }| Party {
            reference: &submission.reference,
            states: &submission.states,
            stands: stands(filed, withdrawals, self.view),
        });
        parties.collect()
    }

    /// How states stand.
    #[must_use]
    pub fn stands(&self, states: &[Iso3], parties: &[Party<'_>]) -> BTreeMap<Iso3, StateStands> {
        let stands = |&state: &Iso3| {
            let possible = self.possible.contains(&state);
            (state, status(state, parties, &self.said, possible, &self.law, self.view))
        };
        states.iter().map(stands).collect()
    }

    /// That it is known whose everything is that is filed, and may be that is not.
    ///
    /// # Errors
    /// Something cannot be read.
    pub fn is_whole(&self) -> Result<(), StoreError> {
        match (self.unread.first(), self.unknown.as_ref().or(self.unheard.as_ref())) {
            (Some(UnreadFact { reference, why, .. }), _) => {
                Err(StoreError::Row(format!("what is filed as {reference} cannot be read: {why}")))
            }
            (None, Some(why)) => Err(StoreError::Row(why.clone())),
            (None, None) => Ok(()),
        }
    }
}

/// What decides whether the states of a call are reminded by a step, and whom of each it would go to on that day. What is
/// anybody's or not read now says nothing of an earlier time: then it is left out.
pub async fn standings(
    tx: &mut Tx,
    open: &OpenCall,
    overview: &Overview,
    stands: BTreeMap<Iso3, StateStands>,
    (step, on): (Option<&str>, Date),
) -> Result<(Standings, BTreeMap<Iso3, Person>), StoreError> {
    let mut focal_points: BTreeMap<Iso3, Person> = BTreeMap::new();
    for person in tx.focal_points(on).await? {
        focal_points.entry(person.iso3).or_insert(person);
    }
    let mut standings = Standings {
        roster: open.roster.clone(),
        stands,
        no_reminder: open.call.no_reminder.clone(),
        reachable: focal_points.keys().copied().collect(),
        ..Standings::default()
    };
    if let Some(step) = step {
        standings.reminded = tx.reminded(open.known.id, step, overview.view.law()).await?.into_iter().collect();
    }
    standings.possible.clone_from(&overview.named);
    if overview.view == View::NOW {
        standings.anybodys = tx.anybodys(&open.call.code).await?.into_iter().map(intake_number).collect();
        standings.unread = tx.unread().await?;
    }
    Ok((standings, focal_points))
}
