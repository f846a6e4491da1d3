//! The intake log as a person reads it, line by line.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Desk, DeskError, in_order, letter_state,
    log_fits::Fits,
    readable, recorded, sender,
    view::{LogFilter, LogLine},
};
use crate::{
    core::{
        iso3::Iso3,
        judging::matching::Form,
        question::did_not_leave,
        submission::{View, stands},
        text::language::Language,
    },
    store::{Id, LogQuery, LogRow, StoreError, Tx, intake_number},
};

impl Desk {
    /// The whole log, oldest first, as far as the filter goes; with a limit the newest of it.
    pub async fn log(&self, filter: &LogFilter) -> Result<Vec<LogLine>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let query = query(filter);
        let most = usize::try_from(filter.limit).ok().filter(|most| *most > 0);
        let fits = Fits::of(filter);
        let searching = self.searching(&mut tx, filter.words.as_deref()).await?;
        let rows = match most {
            _ if let Some(searching) = &searching => {
                let found = self.all_found(&mut tx, searching).await?;
                let mut rows = tx.log_of(&query, &found).await?;
                rows.sort_by_key(|row| (row.received, row.number, row.item_n));
                rows
            }
            // What only the line itself tells is looked for in all of them.
            Some(most) if !fits.narrows() => {
                let mut newest = tx.newest(&query, (i64::MAX, i64::MAX), most).await?;
                newest.sort_by_key(|row| (row.received, row.number, row.item_n));
                newest
            }
            _ => tx.log(&query).await?,
        };
        let mut lines = self.lines(&mut tx, rows, view(filter), self.naming(filter)).await?;
        lines.retain(|line| fits.holds(line));
        if let Some(most) = most {
            lines.drain(..lines.len().saturating_sub(most));
        }
        Ok(lines)
    }

    /// The names of states in a log: those of the day that it is of, which is today where no other is asked for.
    pub(super) fn naming(&self, filter: &LogFilter) -> Naming {
        let call = self.instance.call(filter.call.as_deref());
        let zone = call.and_then(|open| TimeZone::get(&open.deadline.zone).ok()).unwrap_or(TimeZone::UTC);
        let at = filter.as_of.or(filter.known_at).unwrap_or_else(|| self.instance.clock.now());
        Naming { language: filter.language.unwrap_or(Language::En), on: at.to_zoned_datetime(zone).date() }
    }

    /// Rows with their states and letters, seen from where one looks.
    pub(super) async fn lines(
        &self,
        tx: &mut Tx,
        rows: Vec<LogRow>,
        view: View,
        Naming { language, on }: Naming,
    ) -> Result<Vec<LogLine>, StoreError> {
        let known_before = view.known_before;
        let stood = self.stood(tx, &rows, view).await?;
        let mut states: BTreeMap<Id, Vec<Iso3>> = BTreeMap::new();
        let mut unknown: BTreeMap<Id, String> = BTreeMap::new();
        for (submission, iso3) in tx.submission_states().await? {
            match iso3 {
                Ok(iso3) => states.entry(submission).or_default().push(iso3),
                Err(why) => _ = unknown.insert(submission, why),
            }
        }
        let mut letters: BTreeMap<Id, Vec<String>> = BTreeMap::new();
        let mut failed: BTreeMap<Id, String> = BTreeMap::new();
        let mut in_charge: BTreeMap<Id, String> = BTreeMap::new();
        let ids = || rows.iter().map(|row| row.message_id);
        if let (Some(first), Some(last)) = (ids().min(), ids().max()) {
            for letter in tx.letters_between(first, last, known_before).await? {
                // One that cannot be read hides none of the others.
                let state = letter.state(known_before).map_or("cannot be read", letter_state);
                letters.entry(letter.message_id).or_default().push(format!("{}: {state}", letter.kind));
            }
            in_charge.extend(tx.in_charge(first, last).await?);
            for (message, kind, reason) in tx.undelivered_between(first, last, known_before).await? {
                let phrase = did_not_leave(kind.ok(), &[], &reason);
                failed.insert(message, self.in_words(&phrase, self.instance.clock.now(), TimeZone::UTC, language));
            }
        }
        let name = |iso3: Iso3| self.instance.register.name(iso3, language, on, Form::Short);
        let line = |row: LogRow| {
            let in_charge = in_charge.get(&row.message_id).cloned();
            let (failed, asked) = (failed.get(&row.message_id), row.waiting());
            let unknown = row.submission_id.and_then(|id| unknown.get(&id)).cloned();
            let current = match &stood {
                Some(stood) => row.item_id.and_then(|item| stood.get(&item).copied()),
                None => row.is_current(),
            };
            let line = line(row, unknown, &states, &letters, &name);
            let asked = self.asked(asked, line.received, language).or_else(|| failed.cloned());
            let waiting =
                [line.waiting, asked].into_iter().flatten().reduce(|broken, asked| format!("{broken} {asked}"));
            let current = current.filter(|_| line.version.is_some());
            LogLine { current, waiting, in_charge, ..line }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Which versions stood, by their items, for whoever looks from elsewhere than now; none for whoever looks from now, which
    /// the rows tell themselves.
    async fn stood(&self, tx: &mut Tx, rows: &[LogRow], view: View) -> Result<Option<BTreeMap<Id, bool>>, StoreError> {
        if view == View::NOW {
            return Ok(None);
        }
        let mut stood = BTreeMap::new();
        for open in self.instance.calls().iter() {
            if rows.iter().all(|row| row.call_code.as_ref() != Some(&open.call.code)) {
                continue;
            }
            // What cannot be read is said where the line is.
            let (parties, _) = tx.parties_seen(open.known.id, view).await?;
            for party in parties {
                let stands = stands(&party.filed, &party.withdrawals, view);
                let current = stands.current().map(|current| current.filed.id);
                for filed in &party.filed {
                    if let Some(version) = stands.version_of(filed.item) {
                        stood.insert(filed.item.0, current == Some(version.filed.id));
                    }
                }
            }
        }
        Ok(Some(stood))
    }
}

/// In which language states are named, and as on which day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    pub(super) language: Language,
    pub(super) on: Date,
}

/// From where one looks with a filter.
pub(super) fn view(filter: &LogFilter) -> View {
    View {
        received_before: filter.as_of.unwrap_or(Timestamp::MAX),
        known_before: filter.known_at.unwrap_or(Timestamp::MAX),
    }
}

pub(super) fn query(filter: &LogFilter) -> LogQuery<'_> {
    LogQuery {
        received_before: filter.as_of.unwrap_or(Timestamp::MAX),
        received_until: filter.until.unwrap_or(Timestamp::MAX),
        received_since: filter.since.unwrap_or(Timestamp::MIN),
        known_before: filter.known_at.unwrap_or(Timestamp::MAX),
        call: filter.call.as_deref(),
        state: filter.state.as_ref().map(Iso3::as_str),
        standing: filter.standing,
        kind: filter.kind,
        language: filter.written_in,
        letter: filter.letter,
    }
}

/// A line of the log. What cannot be read in its row it says where others say for what they wait, and hides none of them.
fn line(
    row: LogRow,
    unknown: Option<String>,
    states: &BTreeMap<Id, Vec<Iso3>>,
    letters: &BTreeMap<Id, Vec<String>>,
    name: &dyn Fn(Iso3) -> String,
) -> LogLine {
    let number = intake_number(row.number);
    let number = match row.item_n {
        Some(n) if row.items > 1 => format!("{number}/{n}"),
        _ => number,
    };
    let withdrawn = row.is_withdrawn();
    let mut broken = Vec::from_iter(unknown);
    broken.extend(row.received.time().err());
    let kind = readable(row.kind, &mut broken).flatten();
    let standing = readable(row.standing, &mut broken).flatten();
    let deadline = readable(row.day, &mut broken).flatten();
    let relevance = readable(row.relevance, &mut broken).flatten();
    let words = readable(row.words, &mut broken).flatten();
    let version = readable(row.version, &mut broken).flatten();
    let way = readable(row.way, &mut broken).flatten();
    broken.extend(row.state.err());
    let states = row.submission_id.and_then(|id| states.get(&id).cloned()).unwrap_or_default();
    let (states, names) = in_order(states, name).into_iter().unzip();
    let waiting = (!broken.is_empty()).then(|| format!("{number} cannot be read: {}.", broken.join("; ")));
    LogLine {
        number,
        reference: row.reference,
        received: row.received.nearest(),
        clock: row.clock,
        from: sender(row.from_name.as_deref(), row.from_address.as_deref()),
        subject: row.subject,
        relevance: relevance.map(|relevance| relevance.word().to_owned()),
        states,
        names,
        kind,
        standing,
        deadline,
        words,
        version,
        current: None,
        letters: letters.get(&row.message_id).cloned().unwrap_or_default(),
        waiting,
        recorded: recorded(way, row.authority),
        place: row.place,
        in_charge: None,
        withdrawn,
        found: None,
    }
}
