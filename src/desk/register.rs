//! The register: who has sent what, who has not, and what must be decided.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Desk, DeskError, kind_in_plural,
    log::Naming,
    readable,
    view::{CallRegister, Frame, MailboxSeen, StateLine, StatePage},
};
use crate::{
    core::{
        calls::status::status, iso3::Iso3, judging::matching::Form, letter_kind::LetterKind, recorded::Way,
        text::language::Language,
    },
    instance::OpenCall,
    store::{FiledVersion, LetterState, LogQuery, Read, StoreError, Told, Tx},
    watch::{self, Health, Topic, Trouble},
};

impl Desk {
    /// What stands around every page; none if there is no such call.
    pub async fn frame(&self, call: Option<&str>) -> Result<Option<Frame>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let now = self.instance.clock.now();
        let title = |open: &OpenCall| (open.call.code.clone(), open.call.title_in(Language::En).to_owned());
        Ok(Some(Frame {
            call: open.call.code.clone(),
            calls: self.instance.calls().iter().map(|open| title(open)).collect(),
            zone: open.deadline.zone.clone(),
            now,
            waiting: self.to_be_decided(&mut tx, &open.call.code).await?.len() as u64,
            mailboxes: self.mailboxes(&mut tx, &open, now).await?,
            troubles: self.troubles(now),
        }))
    }

    async fn mailboxes(&self, tx: &mut Tx, open: &OpenCall, now: Timestamp) -> Result<Vec<MailboxSeen>, StoreError> {
        let read: BTreeMap<String, Option<Timestamp>> = tx.mailboxes().await?.into_iter().collect();
        let held = tx.folders_reconciled().await?;
        let troubles = self.instance.watch.troubles(now);
        let receives = |codes: &[String]| codes.contains(&open.call.code);
        let mailboxes = self.instance.config.mailboxes.iter().filter(|mailbox| receives(&mailbox.calls));
        Ok(mailboxes
            .map(|mailbox| {
                let last = read.get(&mailbox.name).copied().flatten();
                let patience = watch::patience(mailbox.poll);
                let overdue = last.is_none_or(|last| now.duration_since(last) > patience);
                let topic = Topic::Mailbox(mailbox.name.clone());
                let why = troubles.iter().find(|trouble| trouble.topic == topic).map(Trouble::in_words);
                let folder = |name| held.iter().find(|held| held.mailbox == mailbox.name && held.folder == name);
                let folders: Vec<_> = mailbox.source.folders().into_iter().map(folder).collect();
                // The folder that waits longest speaks for all; one that was never looked through, too.
                let reconciled = folders.iter().map(|held| held.map(|held| held.at)).min().flatten();
                let missing = folders.iter().flatten().map(|held| held.missing).sum();
                MailboxSeen { name: mailbox.name.clone(), read: last, overdue, why, reconciled, missing }
            })
            .collect())
    }

    /// What is not as it should be, but for mailboxes, which are shown by themselves.
    fn troubles(&self, now: Timestamp) -> Vec<(String, Timestamp)> {
        let troubles = self.instance.watch.troubles(now).into_iter();
        let shown = troubles.filter(|trouble| trouble.counts(now) && !matches!(trouble.topic, Topic::Mailbox(_)));
        shown.map(|trouble| (trouble.what, trouble.since)).collect()
    }

    /// How the program does.
    #[must_use]
    pub fn health(&self) -> Health {
        self.instance.watch.health(self.instance.clock.now())
    }

    /// The register of a call; none if there is no such call.
    pub async fn register(&self, call: Option<&str>) -> Result<Option<CallRegister>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let code = open.call.code.as_str();
        let counts = tx.letter_counts(code).await?;
        // One of which nobody can read where it stands has not left for all that is known.
        let letters = |states: &[LetterState]| -> u64 {
            let stands = |state: &Read<LetterState>| states.contains(state.as_ref().unwrap_or(&LetterState::Held));
            counts.iter().filter(|(state, _)| stands(state)).map(|(_, n)| n).sum()
        };
        let others = tx.other_submissions(code, Timestamp::MAX).await?;
        Ok(Some(CallRegister {
            call: code.to_owned(),
            reference: open.call.reference.clone(),
            title: open.call.title_in(Language::En).to_owned(),
            issued: open.call.issued,
            last_day: open.deadline.day,
            deadline: open.deadline.instant,
            zone: open.deadline.zone.clone(),
            word_limit: open.call.word_limit,
            now: self.instance.clock.now(),
            states: self.state_lines(&mut tx, &open).await?,
            waiting: self.to_be_decided(&mut tx, code).await?,
            letters_waiting: letters(&[
                LetterState::Waiting,
                LetterState::Released,
                LetterState::Sending,
                LetterState::Held,
                LetterState::Failed,
            ]),
            letters_sent: letters(&[LetterState::Sent]),
            others: others
                .into_iter()
                .map(|(kind, n)| {
                    let unreadable = |why| format!("of a kind that cannot be read ({why})");
                    (kind.map_or_else(unreadable, |kind| kind_in_plural(kind).to_owned()), n)
                })
                .collect(),
            mailboxes: tx.mailboxes().await?,
        }))
    }

    async fn state_lines(&self, tx: &mut Tx, open: &OpenCall) -> Result<Vec<StateLine>, StoreError> {
        let code = open.call.code.as_str();
        let mut filed: BTreeMap<Iso3, Vec<FiledVersion>> = BTreeMap::new();
        let (mut filed_for_whom, mut told_whom) = (None, None);
        for version in tx.filed(code).await? {
            match version.iso3.clone() {
                Ok(iso3) => filed.entry(iso3).or_default().push(version),
                Err(why) => filed_for_whom = Some(format!("for whom {} is: {why}", version.reference)),
            }
        }
        let possible = tx.possible_states(code, Timestamp::MAX, true).await?;
        let possible: BTreeSet<Iso3> = possible.into_iter().filter_map(Result::ok).collect();
        let mut told: BTreeMap<Iso3, Vec<Told>> = BTreeMap::new();
        for letter in tx.letters_about_states(open.known.id).await? {
            match letter.iso3.clone() {
                Ok(iso3) => told.entry(iso3).or_default().push(letter),
                Err(why) => told_whom = Some(format!("whom letter {} told: {why}", letter.id)),
            }
        }
        let recorded: BTreeMap<Iso3, Way> = tx.recorded(code).await?.into_iter().collect();
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let mut states = Vec::new();
        for &iso3 in &open.roster {
            let versions = filed.get(&iso3).map(Vec::as_slice).unwrap_or_default();
            // What nobody has read is not among them; where there is nothing else it is shown as what came.
            let read: Vec<&FiledVersion> = versions.iter().filter(|version| version.counts).collect();
            let unread = versions.iter().filter(|version| !version.counts);
            let first = read.iter().copied().min_by_key(|version| version.received);
            let mut broken = Vec::new();
            // A joint input and one of its own are two submissions, and none corrects the other.
            let corrected = read.windows(2).any(|pair| pair[0].reference == pair[1].reference);
            let undecided = read.is_empty() && !versions.is_empty();
            let newest = read.iter().copied().max_by_key(|version| version.received);
            let newest = newest.or(unread.max_by_key(|version| version.received));
            let standing = first.or(newest).and_then(|version| readable(version.standing.clone(), &mut broken));
            let standing = standing.filter(|_| first.is_some());
            let received = first.or(newest).and_then(|version| readable(version.received.time(), &mut broken));
            let version = newest.and_then(|newest| readable(newest.version.clone(), &mut broken)).flatten();
            let words = newest.and_then(|newest| readable(newest.words.clone(), &mut broken));
            let letters = told.get(&iso3).map(Vec::as_slice).unwrap_or_default();
            // What is nobody's may be anybody's of whom nothing else is known.
            broken.extend(filed_for_whom.clone().filter(|_| versions.is_empty()));
            broken.extend(told_whom.clone().filter(|_| letters.is_empty()));
            let possible = possible.contains(&iso3) || undecided || !broken.is_empty();
            let told = readable(in_words(letters, &zone), &mut broken).unwrap_or_default();
            let told = match recorded.get(&iso3) {
                Some(way) if told.is_empty() => format!("recorded {}", way.in_words()),
                Some(way) => format!("{told}; recorded {}", way.in_words()),
                None => told,
            };
            let told = if broken.is_empty() { told } else { format!("cannot be read: {}", broken.join("; ")) };
            states.push(StateLine {
                iso3,
                name: self.instance.name(iso3),
                status: status(standing, corrected, possible),
                received,
                reference: newest.map(|version| version.reference.clone()),
                version,
                words: words.flatten(),
                told,
                tile: self.tile(open, iso3),
            });
        }
        states.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(states)
    }

    /// One state and everything about it; none if it is not on the roster of the call.
    pub async fn state(&self, call: Option<&str>, iso3: Iso3) -> Result<Option<StatePage>, DeskError> {
        let Some(open) = self.instance.call(call).filter(|open| open.roster.contains(&iso3)) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let Some(line) = self.state_lines(&mut tx, &open).await?.into_iter().find(|line| line.iso3 == iso3) else {
            return Ok(None);
        };
        let rows = tx
            .log(&LogQuery {
                received_before: Timestamp::MAX,
                received_since: Timestamp::MIN,
                known_before: Timestamp::MAX,
                call: Some(&open.call.code),
                state: Some(iso3.as_str()),
                standing: None,
                search: None,
            })
            .await?;
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let today = self.instance.clock.now().to_zoned_datetime(zone.clone()).date();
        let naming = Naming { language: Language::En, on: today };
        let entries = self.lines(&mut tx, rows, Timestamp::MAX, naming).await?;
        let people = tx.focal_points(today).await?;
        let reminders = tx.reminders_to(open.known.id, iso3).await?;
        Ok(Some(StatePage {
            formal_name: self.instance.register.name(iso3, Language::En, today, Form::Formal),
            zone: open.deadline.zone.clone(),
            entries,
            focal_points: people
                .into_iter()
                .filter(|person| person.iso3 == iso3)
                .map(|person| (person.name.unwrap_or_default(), person.address))
                .collect(),
            reminders: reminders
                .iter()
                .map(|row| {
                    let step = row.step.as_ref().map(|step| format!("{step}: ")).unwrap_or_default();
                    let letter = match (&row.kind, &row.state, &row.sent_at) {
                        (Ok(kind), Ok(state), Ok(sent)) => {
                            let sent = sent.map(|at| day(at, &zone)).unwrap_or_default();
                            format!("{}: {} {sent}", kind.name(), super::letter_state(*state))
                        }
                        (Err(why), ..) | (_, Err(why), _) | (.., Err(why)) => format!("cannot be read: {why},"),
                    };
                    format!("{step}{letter} to {}", row.recipient)
                })
                .collect(),
            line,
        }))
    }
}

/// What a state was told last.
fn in_words(letters: &[Told], zone: &TimeZone) -> Read<String> {
    let Some(Told { kind, state, sent_at, .. }) = letters.last().cloned() else { return Ok(String::new()) };
    let kind = match kind? {
        LetterKind::Reminder => "reminder",
        kind if kind.is_of_an_act() => "letter",
        _ => "receipt",
    };
    Ok(match (state?, sent_at?) {
        (LetterState::Sent, Some(at)) => format!("{kind} sent {}", day(at, zone)),
        (state, _) => format!("{kind} {}", super::letter_state(state)),
    })
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%-d %b").to_string()
}
