//! What is seen of a house from somewhere, and the same counted by hand.

use std::collections::BTreeSet;

use docket::core::{
    calls::{
        count::{Count, Counted},
        law::Judged,
        status::{Party, StateStands, Status},
    },
    submission::{Filed, ItemId, Legible, Place, Stands, Version, View},
};
use jiff::{Timestamp, civil::Date};

use super::house::{House, Submission, id, roster};

/// A version as it is seen: item, number, what repeats it, its copy, whether it was taken back.
type VersionSeen = (i64, Option<u32>, Vec<i64>, Option<i64>, bool);
/// What is seen of a submission: versions, what stands beside, until when all was taken back.
pub type SubmissionSeen = (Vec<VersionSeen>, Vec<i64>, Option<Timestamp>);
/// What is seen of a state: word, standing, whether it counts, current and queried item, receipt, day.
pub type StateSeen = (Status, Option<Judged>, bool, Option<i64>, Option<i64>, Option<Timestamp>, Option<Date>);

/// What is seen of it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub submissions: Vec<SubmissionSeen>,
    pub states: Vec<StateSeen>,
    pub received: u64,
}

fn place_of(item: ItemId) -> usize {
    usize::try_from(item.0).unwrap()
}

impl House {
    /// What is seen from somewhere.
    pub fn picture(&self, view: View) -> Picture {
        let parties = self.parties(view);
        let submissions = parties.iter().map(|party| seen(&party.stands)).collect();
        let count = self.count(&parties, view);
        let item = |at: Option<(usize, i64)>| {
            let (at, row) = at?;
            let row = self.submissions[at].rows.iter().find(|filed| filed.id == row)?;
            Some(row.item.0)
        };
        let state = |line: &StateStands| {
            (line.status, line.judged, line.counts, item(line.current), item(line.queried), line.received, line.day)
        };
        let states = count.lines.iter().map(|(_, line)| state(line)).collect();
        Picture { submissions, states, received: count.received }
    }

    pub fn parties(&self, view: View) -> Vec<Party<'_>> {
        let all = self.submissions.iter().enumerate();
        all.map(|(at, submission)| Party { reference: "", states: &submission.states, stands: self.stands(at, view) })
            .collect()
    }

    pub fn count(&self, parties: &[Party<'_>], view: View) -> Count {
        // Who asks as of another time is told of what stood then: a question has no history here.
        let possible = if view == View::NOW { self.asked.iter().flatten().copied().collect() } else { BTreeSet::new() };
        let (roster, said, law) = (roster(), &self.said, &self.law);
        Counted { roster, parties, said, possible: &possible, law, view }.count()
    }

    /// Which item is current in a submission, or would be without another, counted one by one.
    pub fn current_by_hand(&self, submission: usize, without: Option<usize>) -> Option<usize> {
        let Submission { rows, backs, .. } = &self.submissions[submission];
        let back = backs.iter().filter(|back| back.held.until.is_none()).map(|back| back.at).max();
        let is_there = |filed: &&Filed| filed.held.until.is_none() && Some(filed.item) != without.map(id);
        let here = |filed: &&Filed| is_there(filed) && back.is_none_or(|back| filed.receipt.at >= back);
        let versions: Vec<&Filed> = rows.iter().filter(here).filter(|filed| filed.place == Place::Version).collect();
        let readings = rows.iter().filter(|filed| filed.held.until.is_none() && filed.legible != Legible::Unread);
        let copied: BTreeSet<ItemId> = readings
            .filter_map(|filed| match filed.place {
                Place::Rendition { of } => Some(of),
                _ => None,
            })
            .collect();
        let could_be_read = |filed: &&Filed| filed.legible != Legible::Unread || copied.contains(&filed.item);
        let readable: BTreeSet<&str> =
            versions.iter().copied().filter(could_be_read).filter_map(|filed| filed.content_key.as_deref()).collect();
        let mut latest: Option<&Filed> = None;
        for filed in &versions {
            let key = filed.content_key.as_deref().unwrap();
            let first =
                versions.iter().all(|other| other.content_key != filed.content_key || other.receipt >= filed.receipt);
            if first && readable.contains(key) && latest.is_none_or(|latest| latest.receipt < filed.receipt) {
                latest = Some(filed);
            }
        }
        latest.map(|filed| place_of(filed.item))
    }
}

/// What is seen of a submission.
pub fn seen(stands: &Stands<'_>) -> SubmissionSeen {
    let items = |filed: &[&Filed]| filed.iter().map(|filed| filed.item.0).collect::<Vec<_>>();
    let version = |version: &Version<'_>| {
        let copy = version.rendition.map(|copy| copy.item.0);
        (version.filed.item.0, version.filed.n, items(&version.repeated), copy, version.withdrawn)
    };
    (stands.versions.iter().map(version).collect(), items(&stands.beside), stands.withdrawn)
}
