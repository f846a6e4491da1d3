//! Whether an act makes sense on what stands, and which place it gives to an item.
//!
//! Promises to look at facts alone: the same for who tries an act and for who takes it. What makes no sense is refused with
//! what is in its way, and never turned into something that nobody asked for.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{act::Decision, refusal::Refusal};
use crate::core::{
    calls::{
        said::Word,
        status::{StateStands, Status},
    },
    iso3::Iso3,
    submission::{ItemId, Place, Stands, Version},
};

/// The item that is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its number, as people name it.
    pub number: &'a str,
    /// The item.
    pub item: ItemId,
}

/// The submission that an act names.
#[derive(Clone, Copy, Debug)]
pub struct Submitted<'a> {
    /// Its docket reference.
    pub reference: &'a str,
    /// What stands of it.
    pub stands: &'a Stands<'a>,
    /// The item by which it was named, if it was named by one.
    pub named: Option<ItemId>,
}

/// The place that an act gives to an item in a submission; none of an act that gives it no place by itself.
///
/// # Errors
/// It makes no sense there.
pub fn place(decision: &Decision, on: Subject<'_>, there: Submitted<'_>) -> Result<Option<Place>, Refusal> {
    let itself = || Refusal::OfItself { number: on.number.to_owned() };
    if there.named == Some(on.item) {
        return Err(itself());
    }
    // What would stand there without it.
    let others = || {
        let without = |version: &&Version<'_>| version.filed.item != on.item || !version.repeated.is_empty();
        there.stands.versions.iter().filter(|version| !version.withdrawn).filter(without)
    };
    let named = |n: u32| {
        let version = there.stands.versions.iter().find(|version| version.filed.n == Some(n));
        version.ok_or_else(|| Refusal::NoSuchVersion { reference: there.reference.to_owned(), version: n })
    };
    let another = |version: &Version<'_>| match version.filed.item {
        item if item == on.item => Err(itself()),
        item => Ok(item),
    };
    Ok(Some(match decision {
        Decision::VersionOf { .. } => Place::Version,
        Decision::RenditionOf { version: Some(n), .. } => Place::Rendition { of: another(named(*n)?)? },
        Decision::RenditionOf { version: None, .. } => {
            let unread = others().rev().find(|version| !version.counts() && version.filed.item != on.item);
            let unread = unread.ok_or_else(|| Refusal::NothingToCopy { reference: there.reference.to_owned() })?;
            Place::Rendition { of: unread.filed.item }
        }
        Decision::AdditionTo { kind, version, .. } => {
            if others().next().is_none() {
                return Err(Refusal::NoVersionStands { reference: there.reference.to_owned() });
            }
            let to = version.map(|n| named(n).and_then(another)).transpose()?;
            Place::Addition { kind: *kind, to }
        }
        Decision::DuplicateOf { .. } => {
            let other = |version: &&Version<'_>| version.filed.item != on.item;
            let current = there.stands.current().filter(other);
            let newest = || current.or_else(|| others().rev().find(other)).map(|version| version.filed.item);
            let of = match there.named {
                Some(item) => {
                    there.stands.version_of(item).filter(other).map(|version| version.filed.item).or(Some(item))
                }
                None => newest(),
            };
            Place::Duplicate { of: of.ok_or_else(itself)? }
        }
        Decision::Correspondence { .. } => Place::Correspondence,
        _ => return Ok(None),
    }))
}

/// Whether there is something to take back that was received before a time.
///
/// # Errors
/// Nothing stands there.
pub fn to_take_back(there: Submitted<'_>, at: Timestamp) -> Result<(), Refusal> {
    let before = |version: &Version<'_>| !version.withdrawn && version.filed.receipt.at < at;
    let stands = there.stands.versions.iter().any(before);
    stands.then_some(()).ok_or_else(|| Refusal::NothingStands { reference: there.reference.to_owned() })
}

/// Whether a word of a state about its input, of a time, says something: `line` is how the state stands; `by_letter` where
/// it was received, and is not only known.
///
/// # Errors
/// Nobody asked the state, it has said so before, or the day has gone by.
pub fn awaits(
    state: Iso3,
    word: Word,
    line: Option<&StateStands>,
    (said, zone): (Timestamp, &TimeZone),
    by_letter: bool,
) -> Result<(), Refusal> {
    let Some(line) = line else { return Err(Refusal::NotOnRoster { state }) };
    let on: Date = said.to_zoned_datetime(zone.clone()).date();
    if let Some(day) = word.day().filter(|day| *day < on) {
        return Err(Refusal::DayPast { day, on });
    }
    let stands = match word {
        Word::Declined => line.status == Status::Declined,
        Word::Announced { day } => line.status == Status::Announced && line.day == day,
    };
    if stands && !by_letter {
        return Err(Refusal::SaidAlready { state });
    }
    Ok(())
}

/// Whether an extension gives a state more time than it has.
///
/// # Errors
/// It does not.
pub fn extension(
    state: Iso3,
    until: Timestamp,
    deadline: Timestamp,
    granted: Option<Timestamp>,
) -> Result<(), Refusal> {
    match granted {
        _ if until <= deadline => Err(Refusal::NotLater { until, deadline }),
        Some(granted) if until <= granted => Err(Refusal::GrantedAlready { state, until: granted }),
        _ => Ok(()),
    }
}
