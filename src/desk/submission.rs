//! What a party has filed under one docket reference: all of it, in the order of receipt.

use super::{
    Desk,
    view::{Place, Submission},
};
use crate::{
    core::submission::{Filed, ItemId},
    filing::Facts,
    store::{FiledUnder, StoreError, Tx, intake_number},
};

impl Desk {
    /// The submission with a docket reference; none if that is none.
    pub(super) async fn submission(&self, tx: &mut Tx, reference: &str) -> Result<Option<Submission>, StoreError> {
        let Some((submission, call)) = tx.submission_named(reference.trim()).await? else { return Ok(None) };
        let filed = tx.filed_under(submission.id).await?;
        let facts = Facts::of(tx, submission).await?;
        Ok(Some(Submission {
            reference: facts.submission.reference.clone(),
            call,
            kind: facts.submission.kind,
            states: self.by_name(facts.submission.states.clone()),
            places: filed.iter().map(|filed| place(filed, &facts)).collect::<Result<_, _>>()?,
        }))
    }
}

fn place(filed: &FiledUnder, facts: &Facts) -> Result<Place, StoreError> {
    let item = ItemId(filed.item_id);
    let stands = facts.stands();
    let lacks = || StoreError::Row(format!("item {} has no place under {}", filed.item_id, facts.submission.reference));
    let holds = |fact: &&Filed| fact.item == item && fact.held.until.is_none();
    let fact = facts.filed.iter().find(holds).ok_or_else(lacks)?;
    let is = facts.filed_as(item).ok_or_else(lacks)?;
    let message = intake_number(filed.number);
    Ok(Place {
        number: if filed.items > 1 { format!("{message}/{}", filed.item_n) } else { message.clone() },
        message,
        received: filed.received,
        place: fact.place.word(),
        version: is.version,
        repeats: is.repeats(),
        current: stands.current().is_some_and(|version| version.filed.item == item),
        withdrawn: stands.withdrawn.filter(|at| fact.receipt.at < *at),
        becomes: is.becomes,
        standing: is.standing,
        words: filed.words,
    })
}
