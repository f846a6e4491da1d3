//! The lines of the register: how each state of a roster stands, folded from the facts.
//!
//! Promises that nothing is said of a state that nobody knows: where something filed cannot be read, the states whose it is, or
//! may be, say so, and none of them is said to have sent nothing.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Desk, DeskError, in_order, kind_in_plural,
    view::{JointLine, OtherLine, Register, RegisterLine, RegisterQuery, end_in_words},
};
use crate::{
    core::{
        calls::{
            count::{Count, Counted},
            law::Law,
            reminder::{Standings, last_and_next, reason_to_leave_out},
            status::{Party, StateStands, Status},
        },
        iso3::Iso3,
        judging::matching::Form,
        recorded::Way,
        submission::{ItemId, Place, Stands},
        text::language::Language,
    },
    filing::{self, Overview},
    instance::OpenCall,
    letters::format,
    store::{Read, StoreError, Tx, UnreadFact},
};

/// Why nobody is reminded any more.
const OVER: &str = "the deadline is over";

/// What a line needs beside what the state has filed.
struct Beside<'a> {
    language: Language,
    on: Date,
    /// When each was reminded last.
    reminded: BTreeMap<Iso3, Timestamp>,
    /// By which way what no mail brought came.
    recorded: BTreeMap<ItemId, Way>,
    standings: &'a Standings,
    /// Why nobody is reminded any more, or ever.
    nobody: Option<&'static str>,
    /// The deadlines and extensions.
    law: &'a Law,
    /// What was set or granted before holds.
    at: Timestamp,
    /// What ends later is still ahead.
    then: Timestamp,
    /// The zone in which times are told.
    zone: &'a str,
}

impl Desk {
    /// How the states of a roster stand towards a call; none if there is no such call.
    pub async fn register(&self, query: &RegisterQuery) -> Result<Option<Register>, DeskError> {
        let Some(open) = self.instance.call(query.call.as_deref()) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        Ok(Some(self.register_of(&mut tx, &open, query).await?))
    }

    pub(super) async fn register_of(
        &self,
        tx: &mut Tx,
        open: &OpenCall,
        query: &RegisterQuery,
    ) -> Result<Register, StoreError> {
        let &RegisterQuery { view, language, .. } = query;
        let now = self.instance.clock.now();
        let asked = |time: Timestamp| Some(time).filter(|time| *time < Timestamp::MAX);
        let (as_of, known_at) = (asked(view.received_before), asked(view.known_before));
        let then = view.law().min(now);
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let on = as_of.or(known_at).unwrap_or(now).to_zoned_datetime(zone).date();

        let overview = Overview::of(tx, open, view).await?;
        let parties = overview.parties();
        let mut notes = Notes::of(&overview.unread);
        notes.hear_nothing_of_anybody(overview.unheard.as_ref());
        let reminded = reminded(tx.last_reminders(open.known.id, view.law()).await?, &mut notes);
        let roster = self.by_name_in(&open.roster, language, on);
        let states: Vec<Iso3> = roster.iter().map(|(state, _)| *state).collect();
        let mut possible = overview.possible.clone();
        possible.extend(states.iter().filter(|state| notes.leave_open(**state, &parties)));
        let counted = Counted {
            roster: &states,
            parties: &parties,
            said: &overview.said,
            possible: &possible,
            law: &overview.law,
            view,
        };
        let count = counted.count();

        let in_force = &overview.law.in_force(view.law()).deadline;
        let deadline = in_force.instant;
        let steps = &open.call.reminders;
        let [last, next] = last_and_next(steps, in_force, then);
        let step = last.or(next).map(|(_, step)| step.step.as_str());
        let stands = count.lines.iter().cloned().collect();
        let (standings, _) = filing::standings(tx, open, &overview, stands, (step, on)).await?;
        let nobody = match () {
            () if then >= deadline => Some(OVER),
            () if steps.is_empty() => Some("the call has no reminders"),
            () => None,
        };
        let recorded = tx.recorded(open.known.id).await?;
        let beside = Beside {
            language,
            on,
            reminded,
            recorded,
            standings: &standings,
            nobody,
            law: &overview.law,
            at: view.law(),
            then,
            zone: &open.deadline.zone,
        };
        let line = |((_, stands), named): (&(Iso3, StateStands), (Iso3, String))| {
            self.line(named, (stands, &parties), &notes, &beside)
        };
        let lines = count.lines.iter().zip(roster).map(line).collect();
        let joint = count.joint.iter().filter_map(|at| self.joint(&parties[*at], &overview, (language, on))).collect();
        Ok(Register {
            call: open.call.code.clone(),
            title: open.call.title_in(language).to_owned(),
            zone: open.deadline.zone.clone(),
            deadline,
            as_of,
            known_at,
            now,
            word_limit: open.call.word_limit,
            lines,
            joint,
            others: self.others(&count, &parties, &overview, (language, on)),
            received: count.received,
            of: count.of,
            statuses: count.statuses,
            standings: count.standings,
            notes: notes.of_others,
            next_reminder: next.map(|(due, step)| (step.step.clone(), due)).filter(|_| nobody.is_none()),
        })
    }

    /// States with their names in a language and on a day, in the order of these.
    fn by_name_in(&self, states: &[Iso3], language: Language, on: Date) -> Vec<(Iso3, String)> {
        in_order(states.iter().copied(), |iso3| self.instance.register.name(iso3, language, on, Form::Short))
    }

    fn line(
        &self,
        (state, name): (Iso3, String),
        (stands, parties): (&StateStands, &[Party<'_>]),
        notes: &Notes<'_>,
        beside: &Beside<'_>,
    ) -> RegisterLine {
        let own = || parties.iter().filter(|party| party.states.contains(&state));
        let (party, version) = match (stands.current, stands.queried) {
            (Some((at, _)), _) => (Some(&parties[at]), parties[at].stands.current()),
            (None, Some((at, _))) => (Some(&parties[at]), parties[at].stands.queried()),
            (None, None) => (own().rfind(|party| party.stands.withdrawn.is_some()), None),
        };
        let reference = party.map(|party| party.reference);
        let first = party.and_then(|party| party.stands.first()).map(|version| version.filed.receipt.at);
        let also = own().filter(|other| !other.stands.versions.is_empty() && Some(other.reference) != reference);
        let also: Vec<String> = also.map(|other| other.reference.to_owned()).collect();
        let elsewhere = party.and_then(|party| self.first_elsewhere(state, (party.reference, parties), beside));
        let unread = notes.in_words(state, party.is_none());
        let note = elsewhere.into_iter().chain(unread).reduce(|one, other| format!("{one}; {other}"));
        let reminded = beside.reminded.get(&state).copied();
        let joint = party.into_iter().flat_map(|party| party.states).copied().filter(|other| *other != state);
        let joint: Vec<Iso3> = joint.collect();
        let joint = self.by_name_in(&joint, beside.language, beside.on).into_iter().map(|(other, _)| other);
        let extended_until = extension(state, beside);
        RegisterLine {
            iso3: state,
            name,
            formal_name: self.instance.register.name(state, beside.language, beside.on, Form::Formal),
            status: stands.status,
            counts: stands.counts,
            standing: stands.judged.map(|judged| judged.standing),
            reference: reference.or_else(|| notes.reference(state)).map(str::to_owned),
            also,
            version: version.and_then(|version| version.filed.n),
            received: first.or(stands.received),
            version_received: version.map(|version| version.filed.receipt.at),
            words: version.and_then(|version| version.text().words),
            day: stands.day,
            extended_until,
            joint_with: joint.collect(),
            additions: own().map(|party| additions(&party.stands)).sum(),
            recorded: version.and_then(|version| beside.recorded.get(&version.text().item).copied()),
            reminded,
            why_not_reminded: why_not_reminded(state, stands, (reminded, extended_until), beside),
            note,
        }
    }

    /// That the input of a state was first received under another reference than the one that stands, in words; none where
    /// it was not.
    fn first_elsewhere(
        &self,
        state: Iso3,
        (reference, parties): (&str, &[Party<'_>]),
        beside: &Beside<'_>,
    ) -> Option<String> {
        let own = parties.iter().filter(|party| party.states.contains(&state));
        let first = own.filter_map(|party| Some((party, party.stands.first()?.filed.receipt)));
        let (party, receipt) = first.min_by_key(|(_, receipt)| *receipt)?;
        if party.reference == reference {
            return None;
        }
        let zone = TimeZone::get(beside.zone).unwrap_or(TimeZone::UTC);
        let on = format::day(receipt.at.to_zoned_datetime(zone).date(), Language::En);
        let others: Vec<Iso3> = party.states.iter().copied().filter(|other| *other != state).collect();
        let names: Vec<String> =
            self.by_name_in(&others, beside.language, beside.on).into_iter().map(|(_, name)| name).collect();
        let with = if names.is_empty() { String::new() } else { format!(", jointly with {}", names.join(", ")) };
        Some(format!("first received as {} on {on}{with}", party.reference))
    }

    fn joint(&self, party: &Party<'_>, overview: &Overview, (language, on): (Language, Date)) -> Option<JointLine> {
        let (first, current) = (party.stands.first()?, party.stands.current()?);
        let (states, names) = self.by_name_in(party.states, language, on).into_iter().unzip();
        Some(JointLine {
            reference: party.reference.to_owned(),
            states,
            names,
            version: current.filed.n,
            received: first.filed.receipt.at,
            standing: overview.law.judge(first.filed, party.states, overview.view).standing,
            words: current.text().words,
        })
    }

    /// What counts and is of nobody on the roster, by the kind of sender.
    fn others(
        &self,
        count: &Count,
        parties: &[Party<'_>],
        overview: &Overview,
        (language, on): (Language, Date),
    ) -> Vec<OtherLine> {
        let mut kinds: BTreeMap<String, OtherLine> = BTreeMap::new();
        for at in &count.apart {
            let party = &parties[*at];
            let kind = kind_in_plural(overview.parties[*at].submission.kind);
            let line = kinds.entry(kind.to_owned()).or_insert_with(|| OtherLine {
                kind: kind.to_owned(),
                inputs: 0,
                references: Vec::new(),
                names: Vec::new(),
            });
            line.inputs += 1;
            line.references.push(party.reference.to_owned());
            line.names.extend(self.by_name_in(party.states, language, on).into_iter().map(|(_, name)| name));
        }
        kinds.into_values().collect()
    }
}

/// What cannot be read, by whom it is about.
#[derive(Debug, Default)]
struct Notes<'a> {
    filed: BTreeMap<Iso3, Vec<&'a UnreadFact>>,
    /// Filed by nobody knows whom.
    of_anybody: Vec<&'a UnreadFact>,
    /// Filed by who is no state.
    of_others: Vec<String>,
    beside: BTreeMap<Iso3, Vec<String>>,
    beside_anybody: Vec<String>,
    /// Nobody knows what some state said.
    unheard: bool,
}

impl<'a> Notes<'a> {
    fn of(unread: &'a [UnreadFact]) -> Self {
        let mut notes = Self::default();
        for fact in unread {
            match fact.states.as_deref() {
                None => notes.of_anybody.push(fact),
                Some([]) => notes.of_others.push(format!("{} cannot be read: {}", fact.reference, fact.why)),
                Some(states) => states.iter().for_each(|state| notes.filed.entry(*state).or_default().push(fact)),
            }
        }
        notes
    }

    /// Notes that what some state said cannot be read.
    fn hear_nothing_of_anybody(&mut self, why: Option<&String>) {
        self.unheard |= why.is_some();
        self.beside_anybody.extend(why.cloned());
    }

    /// Something that cannot be read is the state's, or may be, where nothing else of it is known.
    fn leave_open(&self, state: Iso3, parties: &[Party<'_>]) -> bool {
        let known = || parties.iter().any(|party| party.states.contains(&state));
        self.filed.contains_key(&state) || ((self.unheard || !self.of_anybody.is_empty()) && !known())
    }

    fn reference(&self, state: Iso3) -> Option<&'a str> {
        self.filed.get(&state)?.first().map(|fact| fact.reference.as_str())
    }

    /// What of a state cannot be read; `alone` where nothing that it filed is shown.
    fn in_words(&self, state: Iso3, alone: bool) -> Option<String> {
        let of_anybody = self.of_anybody.iter().filter(|_| alone);
        let filed = self.filed.get(&state).into_iter().flatten().chain(of_anybody).map(|fact| fact.why.as_str());
        let beside = self.beside.get(&state).into_iter().flatten().chain(&self.beside_anybody).map(String::as_str);
        let all: Vec<&str> = filed.chain(beside).collect();
        (!all.is_empty()).then(|| format!("cannot be read: {}", all.join("; ")))
    }
}

/// The last reminders; of what cannot be read it is noted.
fn reminded(rows: Vec<(Read<Iso3>, Read<Timestamp>)>, notes: &mut Notes<'_>) -> BTreeMap<Iso3, Timestamp> {
    let mut reminded = BTreeMap::new();
    for (state, sent) in rows {
        match (state, sent) {
            (Ok(state), Ok(sent)) => _ = reminded.insert(state, sent),
            (Ok(state), Err(why)) => {
                notes.beside.entry(state).or_default().push(format!("when it was reminded: {why}"));
            }
            (Err(why), _) => notes.beside_anybody.push(format!("whom a reminder went to: {why}")),
        }
    }
    reminded
}

/// Annexes, translations and cover letters that were not taken back.
fn additions(stands: &Stands<'_>) -> u64 {
    let standing = |at: Timestamp| stands.withdrawn.is_none_or(|back| at >= back);
    let additions = stands.beside.iter().filter(|filed| matches!(filed.place, Place::Addition { .. }));
    additions.filter(|filed| standing(filed.receipt.at)).count() as u64
}

/// The first instant that is late for a state, where that was granted to it and is later than for all.
fn extension(state: Iso3, beside: &Beside<'_>) -> Option<Timestamp> {
    let granted = beside.law.extension(state, beside.at).map(|extension| extension.instant);
    granted.filter(|instant| *instant > beside.law.in_force(beside.at).deadline.instant)
}

fn why_not_reminded(
    state: Iso3,
    stands: &StateStands,
    (reminded, extended_until): (Option<Timestamp>, Option<Timestamp>),
    beside: &Beside<'_>,
) -> Option<String> {
    if stands.counts {
        return None;
    }
    let waits = matches!(stands.status, Status::NothingReceived | Status::PossiblyReceived);
    if let Some(nobody) = beside.nobody.filter(|_| waits) {
        let ahead = extended_until.filter(|until| nobody == OVER && beside.then < *until);
        let has_time = |until| format!("it has time until {} (extension)", end_in_words(until, beside.zone));
        return Some(ahead.map_or_else(|| nobody.to_owned(), has_time));
    }
    if waits && beside.standings.reminded.contains(&state) {
        return reminded.is_none().then(|| "its reminder has not left".to_owned());
    }
    reason_to_leave_out(state, beside.standings)
}
