//! How an item and all states stand, to be held against how they stand once something was decided.

use std::collections::BTreeMap;

use crate::{
    core::{
        calls::status::StateStands,
        decision::{Consequences, FiledThen, LeavesThen, OfRoster, ReferenceIs, Roster, StateThen},
        iso3::Iso3,
        submission::{Filed, ItemId, Named, View},
    },
    desk::{Desk, DeskError},
    filing::{Facts, FiledAs, Overview},
    instance::OpenCall,
    store::{Id, StoreError, Submission, Tx},
};

/// How an item and all states stand.
pub(super) struct Picture {
    filed: Option<Stood>,
    states: BTreeMap<Id, BTreeMap<Iso3, StateStands>>,
}

/// Where an item stands filed.
struct Stood {
    submission: Submission,
    fact: Filed,
    filed: FiledAs,
    current: bool,
}

impl Desk {
    pub(super) async fn picture(&self, tx: &mut Tx, item: Id) -> Result<Picture, DeskError> {
        let mut filed = None;
        if let Some((submission, fact)) = tx.place_of(item).await? {
            let facts = Facts::of(tx, submission).await?;
            let current = facts.stands().current().is_some_and(|current| current.filed.item == fact.item);
            filed =
                facts.filed_as(ItemId(item)).map(|filed| Stood { submission: facts.submission, fact, filed, current });
        }
        Ok(Picture { filed, states: self.how_states_stand(tx).await? })
    }

    /// How the states of all calls stand.
    pub(super) async fn how_states_stand(
        &self,
        tx: &mut Tx,
    ) -> Result<BTreeMap<Id, BTreeMap<Iso3, StateStands>>, StoreError> {
        let mut states = BTreeMap::new();
        for open in &*self.instance.calls() {
            let overview = Overview::of(tx, open, View::NOW).await?;
            states.insert(open.known.id, overview.stands(&open.roster, &overview.parties()));
        }
        Ok(states)
    }

    /// Adds what has changed by a decision.
    pub(super) async fn tell_changes(
        &self,
        tx: &mut Tx,
        (before, after): (&Picture, &Picture),
        decision: Id,
        to: &mut Consequences,
    ) -> Result<(), DeskError> {
        let place = |stood: &Stood| (stood.submission.id, stood.fact.place, stood.filed.version);
        let (stood, stands) = (before.filed.as_ref(), after.filed.as_ref());
        let same = stood.map(place) == stands.map(place);
        let read = stood.map(|stood| stood.fact.legible) == stands.map(|stands| stands.fact.legible);
        to.filed = match stands {
            Some(stands) => {
                let kept = same && read && stood.map(|stood| stood.filed.standing) == Some(stands.filed.standing);
                Some(self.filed_then(tx, stands, kept, decision).await?)
            }
            None => None,
        };
        let elsewhere = |stood: &&Stood| stands.map(|stands| stands.submission.id) != Some(stood.submission.id);
        if let Some(stood) = stood.filter(elsewhere) {
            let facts = Facts::of(tx, stood.submission.clone()).await?;
            let now = facts.stands();
            let current = now.current().filter(|_| stood.current).map(|current| current.filed);
            to.leaves = Some(LeavesThen {
                reference: stood.submission.reference.clone(),
                states: stood.submission.states.clone(),
                version: stood.filed.version.filter(|_| !stood.filed.repeats()),
                uncovers: current.map(|filed| Named { n: filed.n, received: filed.receipt.at }),
            });
        }
        to.states.extend(changed(&before.states, &after.states));
        Ok(())
    }

    async fn filed_then(&self, tx: &mut Tx, stands: &Stood, kept: bool, decision: Id) -> Result<FiledThen, DeskError> {
        let facts = Facts::of(tx, stands.submission.clone()).await?;
        let open = self.instance.call_by_id(stands.submission.call);
        let begun = facts.filed.iter().all(|filed| filed.by == Some(decision));
        Ok(FiledThen {
            reference: stands.submission.reference.clone(),
            opened: match (kept, begun) {
                (true, _) => ReferenceIs::Kept,
                (false, true) => ReferenceIs::New,
                (false, false) => ReferenceIs::Known,
            },
            states: stands.submission.states.iter().map(|&state| self.of_roster(open.as_deref(), state)).collect(),
            place: stands.fact.place.word().to_owned(),
            version: stands.filed.version,
            becomes: stands.filed.becomes.clone(),
            received: stands.fact.receipt.at,
            standing: stands.filed.standing,
        })
    }

    fn of_roster(&self, open: Option<&OpenCall>, state: Iso3) -> OfRoster {
        let on = if open.is_some_and(|open| open.roster.contains(&state)) {
            Roster::OnRoster
        } else if self.instance.register.is_observer(state) {
            Roster::Observer
        } else {
            Roster::Outside
        };
        OfRoster { state, on }
    }
}

/// The states that stand otherwise.
pub(super) fn changed(
    before: &BTreeMap<Id, BTreeMap<Iso3, StateStands>>,
    after: &BTreeMap<Id, BTreeMap<Iso3, StateStands>>,
) -> Vec<StateThen> {
    let mut all = Vec::new();
    for (call, lines) in after {
        for (&state, line) in lines {
            let stood = before.get(call).and_then(|lines| lines.get(&state)).map(|line| line.status);
            if let Some(before) = stood.filter(|stood| *stood != line.status) {
                all.push(StateThen { state, before, after: line.status });
            }
        }
    }
    all
}
