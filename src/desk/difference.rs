//! What differs in words between two versions of an input.
//!
//! Promises that of versions which nobody has read none is chosen unless a person names it, and that each of them is named;
//! and that a text of which a part is missing is not compared as if it were whole without that being said.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Desk, DeskError,
    entry::resolve,
    main_text::{MainText, main_text},
};
use crate::{
    core::{
        calls::standing::Standing,
        iso3::Iso3,
        submission::{Stands, Version},
        text::difference::Difference,
    },
    filing::Facts,
    store::{Submission, Tx, intake_number},
};

/// Two versions of an input, compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The docket reference.
    pub reference: String,
    /// The states, with their names.
    pub states: Vec<(Iso3, String)>,
    /// The zone of the call, in which times are told.
    pub zone: String,
    /// The version before.
    pub before: Side,
    /// The version after.
    pub after: Side,
    /// The versions that have no text to be compared.
    pub not_compared: Vec<NotCompared>,
    /// How they differ.
    #[serde(flatten)]
    pub difference: Difference,
}

/// A version that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its number.
    pub version: Option<u32>,
    /// The item that holds its text: `M-000123/1`.
    pub number: String,
    /// When the version was received.
    pub received: Timestamp,
    /// How that stands.
    pub standing: Option<Standing>,
    /// The words that count.
    pub words: Option<u64>,
    /// It stands.
    pub current: bool,
    /// Its party took it back.
    pub taken_back: bool,
    /// The sender's name of the file with its text; none where that is the mail itself.
    pub file: Option<String>,
    /// What of it could not be read.
    pub lacks: Option<String>,
}

/// A version that has no text to be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// Its number.
    pub version: Option<u32>,
    /// The item: `M-000123/1`.
    pub number: String,
    /// Why, in words that go on after it.
    pub why: String,
}

/// A version with its text.
struct WithText<'s> {
    side: Side,
    version: &'s Version<'s>,
    text: Result<String, String>,
}

impl Desk {
    /// Compares two versions of what a docket reference, or an entry, stands for: those that are named; with one, that and what
    /// stands; without, the latest two that somebody could read.
    ///
    /// # Errors
    /// There is no such entry or version, it cannot be read, there are no two, or the database did not answer.
    pub async fn compare(&self, reference: &str, versions: &[u32]) -> Result<Compared, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let submission = submission(&mut tx, reference, "so it has no versions to be compared").await?;
        let facts = Facts::of(&mut tx, submission).await?;
        let stands = facts.stands();
        let all = with_texts(&mut tx, &facts, &stands).await?;
        let called = &facts.submission.reference;
        let (before, after) = match versions {
            [] => latest(called, &all)?,
            [one] => (named(called, &all, *one)?, current(called, &all)?),
            [one, other, ..] => (named(called, &all, *one)?, named(called, &all, *other)?),
        };
        if before.side.number == after.side.number {
            return Err(DeskError::Refused(format!("{called}: {} is the same on both sides", name(&before.side))));
        }
        let difference = match (&before.text, &after.text) {
            (Ok(before), Ok(after)) => Difference::between(before, after),
            (Err(why), _) => return Err(unreadable(called, &before.side, why)),
            (_, Err(why)) => return Err(unreadable(called, &after.side, why)),
        };
        let not_compared = all.iter().filter_map(|one| {
            let why = one.text.as_ref().err()?.clone();
            Some(NotCompared { version: one.side.version, number: one.side.number.clone(), why })
        });
        let call = self.instance.call_by_id(facts.submission.call);
        Ok(Compared {
            reference: called.clone(),
            states: facts.submission.states.iter().map(|&iso3| (iso3, self.instance.name(iso3))).collect(),
            zone: call.map_or_else(|| "UTC".to_owned(), |open| open.deadline.zone.clone()),
            not_compared: not_compared.collect(),
            before: before.side.clone(),
            after: after.side.clone(),
            difference,
        })
    }
}

/// The submission that a docket reference or a number of an entry means; `so` says what follows where there is none.
pub(super) async fn submission(tx: &mut Tx, reference: &str, so: &str) -> Result<Submission, DeskError> {
    if let Some(submission) = tx.submission_of_reference(reference).await? {
        return Ok(submission);
    }
    let none = || DeskError::NotFound(format!("there is no entry {reference}; `docket log` lists them"));
    let (number, item) = resolve(tx, reference).await?.ok_or_else(none)?;
    let message = tx.entry(number).await?.ok_or_else(none)?;
    for row in tx.items(message.id).await? {
        if item.is_none_or(|n| n == row.n)
            && let Some((submission, _)) = tx.place_of(row.id).await?
        {
            return Ok(submission);
        }
    }
    let what = format!("nothing of {} stands filed, {so}", intake_number(number));
    Err(DeskError::Refused(what))
}

/// The versions in the order of their receipt, with their texts.
async fn with_texts<'s>(tx: &mut Tx, facts: &Facts, stands: &'s Stands<'s>) -> Result<Vec<WithText<'s>>, DeskError> {
    let mut all = Vec::new();
    for version in &stands.versions {
        let (filed, holder) = (version.filed, version.text());
        let MainText { text, file, lacks } = main_text(tx, holder).await?;
        let projected = facts.projected.iter().find(|projected| projected.place == filed.id);
        let side = Side {
            version: filed.n,
            number: format!("{}/{}", intake_number(holder.receipt.number), holder.receipt.n),
            received: filed.receipt.at,
            standing: projected.and_then(|projected| projected.standing),
            words: holder.words,
            current: stands.current().is_some_and(|current| current.filed.id == filed.id),
            taken_back: version.withdrawn,
            file,
            lacks,
        };
        all.push(WithText { side, version, text });
    }
    Ok(all)
}

/// The latest two that stand and have a text.
fn latest<'w, 's>(called: &str, all: &'w [WithText<'s>]) -> Result<(&'w WithText<'s>, &'w WithText<'s>), DeskError> {
    let mut readable = all.iter().rev().filter(|one| one.version.counts() && one.text.is_ok());
    let refused = |what: &str| {
        let others: Vec<String> = all
            .iter()
            .filter_map(|one| Some((one, one.text.as_ref().err()?)))
            .map(|(one, why)| format!("; {}: {why}", name(&one.side)))
            .collect();
        DeskError::Refused(format!("{called} has {what}{}", others.concat()))
    };
    let Some(after) = readable.next() else { return Err(refused("no version that stands and could be read")) };
    let Some(before) = readable.next() else {
        let only = format!(
            "one version that stands and could be read, {}: there is nothing to compare it with",
            name(&after.side)
        );
        return Err(refused(&only));
    };
    Ok((before, after))
}

fn current<'w, 's>(called: &str, all: &'w [WithText<'s>]) -> Result<&'w WithText<'s>, DeskError> {
    let none = || DeskError::Refused(format!("{called} has no version that stands: name both"));
    all.iter().find(|one| one.side.current).ok_or_else(none)
}

/// The version of a number.
fn named<'w, 's>(called: &str, all: &'w [WithText<'s>], n: u32) -> Result<&'w WithText<'s>, DeskError> {
    let there = || {
        let mut numbers: Vec<u32> = all.iter().filter_map(|one| one.side.version).collect();
        numbers.sort_unstable();
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        DeskError::NotFound(format!("{called} has no version {n}; it has {}", numbers.join(", ")))
    };
    all.iter().find(|one| one.side.version == Some(n)).ok_or_else(there)
}

fn unreadable(called: &str, side: &Side, why: &str) -> DeskError {
    DeskError::Refused(format!("{called}: {} cannot be compared: {why}", name(side)))
}

/// A version as it is spoken of.
fn name(side: &Side) -> String {
    match side.version {
        Some(n) => format!("version {n} ({})", side.number),
        None => side.number.clone(),
    }
}
