//! Settling a submission once its facts have changed: what follows from them is written beside them.
//!
//! Promises one place where numbers are given, receipts judged, and it is said what is current and what repeats what; and
//! that whoever changes facts has kept the submission from others before, and compares with what was filed until then.

use jiff::Timestamp;

use super::{
    facts::Facts,
    letter::{FilingError, renew_letters},
};
use crate::{
    core::{
        actor::Actor,
        event::Event,
        submission::{self, ItemId, Settled, Stands},
    },
    instance::{Instance, OpenCall},
    store::{About, Projected, StoreError, Tx},
};

/// Writes beside the facts what they come to since they have changed from `before`; letters about the submission that have
/// not been made say what is so now. Yields what is filed.
///
/// # Errors
/// The database did not answer, or a letter could not be rendered.
pub async fn settle(tx: &mut Tx, instance: &Instance, before: &Facts, at: Timestamp) -> Result<Facts, FilingError> {
    let changed = Facts::of(tx, before.submission.clone()).await?;
    let told = tx.told_numbers(before.submission.id).await?;
    let settled = submission::settle(&before.stands(), &changed.stands(), &told);
    let call = instance.call_by_id(before.submission.call);
    let stands = changed.stands();
    let rows = changed
        .projected
        .iter()
        .map(|was| project(call.as_deref(), (&changed, &stands), &settled, was))
        .collect::<Vec<_>>();
    tx.keep_settled(before.submission.id, &rows, at).await?;
    let after = Facts::of(tx, before.submission.clone()).await?;
    record(tx, before, &after, &settled, at).await?;
    renew_letters(tx, instance, &after).await?;
    Ok(after)
}

/// What a fact comes to. A receipt that was judged stays judged as it was, and by which deadline.
fn project(
    call: Option<&OpenCall>,
    (facts, stands): (&Facts, &Stands<'_>),
    settled: &Settled,
    was: &Projected,
) -> Projected {
    let Some(filed) = facts.filed.iter().find(|filed| filed.id == was.place) else { return was.clone() };
    let version = stands.version_of(filed.item);
    let number = settled.numbers.iter().find(|(row, _)| *row == was.place).map(|(_, n)| *n);
    let judged = was.standing.zip(was.deadline).or_else(|| {
        let call = call?;
        let weigh = || call.deadline_for(&facts.submission.states).weigh(filed.receipt.at, filed.witnesses);
        Some((filed.settled.unwrap_or_else(weigh), call.known.deadline_n))
    });
    let (standing, deadline) = judged.unzip();
    Projected {
        place: was.place,
        n: number.or(was.n),
        standing,
        deadline,
        counts: version.is_some_and(|version| version.filed.id == filed.id && version.counts()),
        current: settled.current == Some(filed.item),
        repeats: version.filter(|version| version.repeats(filed.item)).map(|version| version.filed.item.0),
    }
}

/// Says of what repeated another that it is a version now, and the other way round.
async fn record(
    tx: &mut Tx,
    before: &Facts,
    after: &Facts,
    settled: &Settled,
    at: Timestamp,
) -> Result<(), StoreError> {
    let reference = || after.submission.reference.clone();
    let number = |facts: &Facts, item: ItemId| {
        let stands = facts.stands();
        stands.version_of(item).and_then(|version| version.filed.n)
    };
    for (items, facts, took) in [(&settled.took_place, after, true), (&settled.gave_way, before, false)] {
        for item in items {
            let Some(version) = number(facts, *item) else { continue };
            let message = tx.item_row(item.0).await?.message_id;
            let event = if took {
                Event::TookPlace { reference: reference(), version }
            } else {
                Event::GaveWay { reference: reference(), version }
            };
            tx.record(at, About::message(message), &Actor::Program, &event)?;
        }
    }
    Ok(())
}
