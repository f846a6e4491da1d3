//! What only a person changes: that an item stands in a submission which is named, and that a party takes back what it sent.
//!
//! Promises what filing promises: the fact that ends and the one that begins are settled together.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Facts, FiledAs, FilingError, change, settle_all};
use crate::{
    core::submission::{Filed, Withdrawal},
    instance::Instance,
    store::{Id, StoreError, Submission, Tx},
};

/// Gives an item its place in a submission, in place of where it stood filed, and yields how it stands.
pub async fn place(
    tx: &mut Tx,
    instance: &Instance,
    there: &Submission,
    filed: &Filed,
    at: Timestamp,
) -> Result<FiledAs, FilingError> {
    let facts = change(tx, instance, filed.item.0, (Some((there.id, filed)), filed.by), at).await?;
    let stands =
        facts.iter().find(|facts| facts.submission.id == there.id).and_then(|facts| facts.filed_as(filed.item));
    let nowhere = || StoreError::Row(format!("what was filed as {} is not there", there.reference));
    Ok(stands.ok_or_else(nowhere)?)
}

/// Takes back all that a party sent until then. `notice`: the item by which it did so, with its place there, if there is one.
pub async fn withdraw(
    tx: &mut Tx,
    instance: &Instance,
    submission: Id,
    back: &Withdrawal,
    notice: Option<&Filed>,
) -> Result<Vec<Facts>, FilingError> {
    let at = back.held.since;
    let here = match notice {
        Some(notice) => tx.place_of(notice.item.0).await?,
        None => None,
    };
    let touched: BTreeSet<Id> = here.iter().map(|(here, _)| here.id).chain([submission]).collect();
    let before = Facts::to_change(tx, &touched).await?;
    if let Some((_, filed)) = &here {
        tx.close(filed.id, back.by, at).await?;
    }
    if let Some(notice) = notice {
        tx.put(submission, notice).await?;
    }
    tx.take_back_all(submission, back, notice.map(|notice| notice.item.0)).await?;
    settle_all(tx, instance, &before, at).await
}
