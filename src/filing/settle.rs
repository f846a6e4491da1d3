//! Settling a submission once its facts have changed: what follows from them is written beside them.
//!
//! Promises one place where numbers are given, receipts judged, and it is said what is current and what repeats what; and
//! that whoever changes facts has kept the submission from others before, and compares with what was filed until then.

use jiff::Timestamp;

use super::{by::FilingError, copied, facts::Facts, overtaken, renewed::renew_receipts};
use crate::{
    core::{
        actor::Actor,
        calls::{law::Law, standing::Standing},
        event::Event,
        submission::{self, Filed, ItemId, Place, Settled, Stands, Version, View},
    },
    instance::Instance,
    store::{About, Projected, StoreError, Tx},
};

/// What becomes of the standing of a receipt that was judged before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judging {
    /// It stays as it is, and by which deadline.
    AsItWas,
    /// It is judged by what holds now: by the same deadline as before where that comes to the same.
    Again,
    /// The same, where the deadline was moved since, or its states have been given more time.
    WhereItMayDiffer,
}

/// Writes beside the facts what they come to since they have changed from `before`; letters about the submission that have
/// not been made say what is so now. Yields what is filed.
///
/// # Errors
/// The database did not answer, or a letter could not be rendered.
pub async fn settle(
    tx: &mut Tx,
    instance: &Instance,
    before: &Facts,
    judging: Judging,
    at: Timestamp,
) -> Result<Facts, FilingError> {
    let changed = Facts::of(tx, before.submission.clone()).await?;
    // None is made from here on, so that no letter tells a number that is another by then.
    tx.change_letters_about(before.submission.id).await?;
    let told = tx.told_numbers(before.submission.id).await?;
    let settled = submission::settle(&before.stands(), &changed.stands(), &told);
    let law = tx.law(before.submission.call).await?;
    let stands = changed.stands();
    let rows = changed
        .projected
        .iter()
        .map(|was| project((&law, judging), (&changed, &stands), &settled, was))
        .collect::<Vec<_>>();
    tx.keep_settled(before.submission.id, &rows, at).await?;
    let after = Facts::of(tx, before.submission.clone()).await?;
    record(tx, before, &after, &settled, at).await?;
    copied::ask(tx, (before, &after), at).await?;
    overtaken::ask(tx, instance, (before, &after), at).await?;
    renew_receipts(tx, instance, &after).await?;
    Ok(after)
}

/// What a fact comes to.
fn project(
    (law, judging): (&Law, Judging),
    (facts, stands): (&Facts, &Stands<'_>),
    settled: &Settled,
    was: &Projected,
) -> Projected {
    let Some(filed) = facts.filed.iter().find(|filed| filed.id == was.place) else { return was.clone() };
    let version = stands.version_of(filed.item);
    let number = settled.numbers.iter().find(|(row, _)| *row == was.place).map(|(_, n)| *n);
    let before = was.standing.zip(was.deadline);
    let states = &facts.submission.states;
    let stays = |(_, deadline): &(Standing, u32)| match judging {
        Judging::AsItWas => true,
        Judging::Again => false,
        Judging::WhereItMayDiffer => {
            *deadline == law.newest().n && law.extensions().iter().all(|granted| !states.contains(&granted.state))
        }
    };
    let (standing, deadline) = before.filter(stays).unwrap_or_else(|| {
        let now = law.judge(filed, states, View::NOW);
        before.filter(|(standing, _)| *standing == now.standing).unwrap_or((now.standing, now.deadline))
    });
    Projected {
        place: was.place,
        n: number.or(was.n),
        standing: Some(standing),
        deadline: Some(deadline),
        counts: version.is_some_and(|version| version.filed.id == filed.id && version.counts()),
        current: settled.current == Some(filed.item),
        repeats: repeated(stands, filed).map(|version| version.filed.item.0),
    }
}

/// The version that something repeats, by its text or by a person’s word.
fn repeated<'a, 'b>(stands: &'b Stands<'a>, filed: &Filed) -> Option<&'b Version<'a>> {
    match filed.place {
        Place::Duplicate { of } => stands.version_of(of),
        _ => stands.version_of(filed.item).filter(|version| version.repeats(filed.item)),
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
