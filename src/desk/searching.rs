//! Which entries a search finds, and where in them.
//!
//! Promises one answer for the pages and the commands: what the index holds, and of the newest entries that it does not hold
//! yet what they are read for at once. What is behind these is counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Desk, DeskError, view::FoundAt};
use crate::{
    core::search::{Key, Search, passage},
    filing::found_by,
    store::{Id, Placed, Tx},
};

/// Entries that are not in the index and are read for a search.
const READ_AT_ONCE: usize = 24;
/// Notes among which these are looked for: an entry may be noted several times.
const NOTES: usize = 200;
/// Entries that are put in order at once; more are met by walking through the log.
const FEW: usize = 2_000;
/// Entries of the log that are walked through at once.
const AT_ONCE: usize = 2_000;
/// Entries that are read at once to see whether words stand side by side.
const READ: usize = 32;
/// Letters of what was typed that are shown again.
const SHOWN: usize = 40;

/// A place in the log: when it was received, and its number.
type Place = (i64, i64);

/// A search, and what it may have found.
#[derive(Debug)]
pub(super) struct Searching {
    search: Search,
    held: BTreeSet<Id>,
    /// Those that were read for it.
    sure: BTreeSet<Id>,
    /// All in the order of the log, newest first, where they are few.
    few: Option<Vec<Placed>>,
    /// Entries that are neither in the index nor were read.
    pub(super) behind: u64,
}

/// What comes next in the log.
pub(super) struct Next {
    pub(super) messages: BTreeSet<Id>,
    /// As far as was looked; none where that is the end.
    pub(super) until: Option<Place>,
    /// So many were looked at.
    pub(super) looked: usize,
}

impl Searching {
    /// Entries must be read to see whether words stand side by side.
    pub(super) fn reads(&self) -> bool {
        self.search.needs_the_text()
    }
}

impl Desk {
    /// What a text finds; none where nothing is searched for.
    pub(super) async fn searching(&self, tx: &mut Tx, words: Option<&str>) -> Result<Option<Searching>, DeskError> {
        let Some(words) = words else { return Ok(None) };
        let search = Search::of(words).map_err(|why| {
            let shown: String = words.chars().take(SHOWN).collect();
            DeskError::Refused(format!("“{shown}” cannot be searched for: {why}."))
        })?;
        let mut held: Option<BTreeSet<Id>> = None;
        // What is certain narrows before what only begins so.
        for key in search.keys() {
            let holding = match (&held, &key) {
                (Some(held), Key::Is(_) | Key::Begins(_)) if held.is_empty() => break,
                _ => tx.holding(&key).await?,
            };
            held = Some(match held {
                None => holding,
                Some(mut held) => {
                    held.retain(|id| holding.contains(id));
                    held
                }
            });
        }
        let (mut held, mut sure) = (held.unwrap_or_default(), BTreeSet::new());
        for (_, message) in tx.noted_words(NOTES).await? {
            if sure.len() >= READ_AT_ONCE || !sure.insert(message) {
                continue;
            }
            let found = found_by(tx, &self.instance, message).await?;
            if search.finds(found.texts()) {
                held.insert(message)
            } else {
                held.remove(&message)
            };
        }
        let read = u64::try_from(sure.len()).unwrap_or(u64::MAX);
        let behind = if sure.len() < READ_AT_ONCE { 0 } else { tx.words_behind().await?.saturating_sub(read) };
        let few = if held.len() > FEW {
            None
        } else {
            let mut few = tx.when(&held).await?;
            few.sort_unstable_by_key(|(_, received, number)| std::cmp::Reverse((*received, *number)));
            Some(few)
        };
        Ok(Some(Searching { search, held, sure, few, behind }))
    }

    /// How many entries a search does not look at yet.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn not_searched(&self) -> Result<u64, DeskError> {
        let behind = self.instance.db.snapshot().await?.words_behind().await?;
        Ok(behind.saturating_sub(READ_AT_ONCE as u64))
    }

    /// Which of the entries are next behind a place, or before it; so many at most.
    pub(super) async fn next_found(
        &self,
        tx: &mut Tx,
        searching: &Searching,
        (older, from): (bool, Place),
        most: usize,
    ) -> Result<Next, DeskError> {
        let reads = searching.reads();
        let most = if reads { most.min(READ) } else { most };
        let (mut next, mut until, mut at) = (Vec::new(), None, from);
        loop {
            let (some, all) = match &searching.few {
                Some(few) if older => (few.iter().filter(|placed| of(placed) < at).copied().collect::<Vec<_>>(), true),
                Some(few) => (few.iter().rev().filter(|placed| of(placed) > at).copied().collect(), true),
                None => {
                    let some = if older { tx.older(at, AT_ONCE).await? } else { tx.newer(at, AT_ONCE).await? };
                    let all = some.len() < AT_ONCE;
                    (some, all)
                }
            };
            for placed in &some {
                at = of(placed);
                if searching.held.contains(&placed.0) {
                    next.push(placed.0);
                    if next.len() == most {
                        until = Some(at);
                        break;
                    }
                }
            }
            if all || until.is_some() {
                break;
            }
        }
        let looked = next.len();
        let mut messages = BTreeSet::new();
        for message in next {
            if !reads || searching.sure.contains(&message) || self.holds(tx, searching, message).await? {
                messages.insert(message);
            }
        }
        Ok(Next { messages, until, looked })
    }

    /// All entries that are found.
    pub(super) async fn all_found(&self, tx: &mut Tx, searching: &Searching) -> Result<BTreeSet<Id>, DeskError> {
        if !searching.search.needs_the_text() {
            return Ok(searching.held.clone());
        }
        let mut all = BTreeSet::new();
        for message in &searching.held {
            if searching.sure.contains(message) || self.holds(tx, searching, *message).await? {
                all.insert(*message);
            }
        }
        Ok(all)
    }

    async fn holds(&self, tx: &mut Tx, searching: &Searching, message: Id) -> Result<bool, DeskError> {
        Ok(searching.search.finds(found_by(tx, &self.instance, message).await?.texts()))
    }

    /// Where in its mail or its files each of these entries holds what is searched for.
    pub(super) async fn found_at(
        &self,
        tx: &mut Tx,
        searching: &Searching,
        messages: BTreeSet<Id>,
    ) -> Result<BTreeMap<Id, FoundAt>, DeskError> {
        let mut at = BTreeMap::new();
        for message in messages {
            let entry = found_by(tx, &self.instance, message).await?;
            let search = &searching.search;
            let of_mail = || passage(search, &entry.body).map(|line| FoundAt { file: None, line: Some(line) });
            let of_texts = || {
                entry.files.iter().find_map(|(name, text)| {
                    passage(search, text).map(|line| FoundAt { file: name.clone(), line: Some(line) })
                })
            };
            let names = || {
                let mut named = entry.files.iter().filter_map(|(name, _)| name.as_ref());
                named.find(|name| !search.hits(name).is_empty())
            };
            // A file that is named so comes before a text that says so; its own line goes with it.
            let found = match names() {
                Some(name) => {
                    let text = entry.files.iter().find(|(other, _)| other.as_ref() == Some(name));
                    let line = text.and_then(|(_, text)| passage(search, text));
                    Some(FoundAt { file: Some(name.clone()), line })
                }
                None => of_mail().or_else(of_texts),
            };
            if let Some(found) = found {
                at.insert(message, found);
            }
        }
        Ok(at)
    }
}

fn of((_, received, number): &Placed) -> Place {
    (*received, *number)
}
