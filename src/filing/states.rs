//! How states stand towards a call now, by one of eight words, from all that is kept of them.
//!
//! Promises the fold of [`state_status`](crate::core::calls::state_status) over the facts and the deadlines of the call as they
//! stand in this transaction, and nothing of its own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    core::{
        calls::state_status::{Party, StateStands, status},
        iso3::Iso3,
        submission::{View, stands},
    },
    instance::OpenCall,
    store::{StoreError, Tx},
};

/// How the states of the roster of a call stand, and these beside them.
pub async fn state_lines(
    tx: &mut Tx,
    open: &OpenCall,
    beside: &[Iso3],
) -> Result<BTreeMap<Iso3, StateStands>, StoreError> {
    let call = open.known.id;
    let rows = tx.parties_of(call, &[], View::NOW).await?;
    let parties: Vec<Party<'_>> = rows
        .iter()
        .map(|row| Party {
            reference: &row.submission.reference,
            states: &row.submission.states,
            stands: stands(&row.filed, &row.withdrawals, View::NOW),
        })
        .collect();
    let said = tx.said_by_states(call).await?;
    let possible = tx.possible_states(&open.call.code, Timestamp::MAX, true).await?;
    // Of a code that is none, what waits says so by itself.
    let possible: BTreeSet<Iso3> = possible.into_iter().filter_map(Result::ok).collect();
    let law = tx.law(call).await?;
    let states: BTreeSet<Iso3> = open.roster.iter().chain(beside).copied().collect();
    let line = |state: Iso3| (state, status(state, &parties, &said, possible.contains(&state), &law, View::NOW));
    Ok(states.into_iter().map(line).collect())
}
