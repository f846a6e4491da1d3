//! The register: who has sent what, who has not, and what must be decided.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Desk, DeskError, did_not_leave, kind_in_plural, letter_in_words,
    log::Naming,
    view::{Frame, MailboxSeen, Register, StateLine, StatePage, Waiting},
};
use crate::{
    core::{calls::status::status, iso3::Iso3, judging::matching::Form, text::language::Language},
    instance::{Instance, OpenCall},
    store::{
        FiledVersion, HeldLetter, LetterRow, LetterState, LogQuery, StoreError, Tx, Undelivered, WaitingRow, choice,
        intake_number,
    },
    watch::{self, Health, Topic, Trouble},
};

impl Desk {
    /// What stands around every page; none if there is no such call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn frame(&self, call: Option<&str>) -> Result<Option<Frame>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let now = self.instance.clock.now();
        let title = |open: &OpenCall| (open.call.code.clone(), open.call.title_in(Language::En).to_owned());
        Ok(Some(Frame {
            call: open.call.code.clone(),
            calls: self.instance.calls.iter().map(title).collect(),
            zone: open.deadline.zone.clone(),
            now,
            waiting: to_be_decided(&mut tx, &self.instance, &open.call.code).await?.len() as u64,
            mailboxes: self.mailboxes(&mut tx, open, now).await?,
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
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn register(&self, call: Option<&str>) -> Result<Option<Register>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let code = open.call.code.as_str();
        let counts = tx.letter_counts(code).await?;
        let letters = |states: &[LetterState]| -> Result<u64, StoreError> {
            let mut sum = 0;
            for (state, n) in &counts {
                if states.contains(&choice::<LetterState>(state)?) {
                    sum += n.unsigned_abs();
                }
            }
            Ok(sum)
        };
        let others = tx.other_submissions(code, Timestamp::MAX).await?;
        Ok(Some(Register {
            call: code.to_owned(),
            reference: open.call.reference.clone(),
            title: open.call.title_in(Language::En).to_owned(),
            issued: open.call.issued,
            last_day: open.deadline.day,
            deadline: open.deadline.instant,
            zone: open.deadline.zone.clone(),
            word_limit: open.call.word_limit,
            now: self.instance.clock.now(),
            states: self.state_lines(&mut tx, open).await?,
            waiting: to_be_decided(&mut tx, &self.instance, code).await?,
            letters_waiting: letters(&[
                LetterState::Waiting,
                LetterState::Released,
                LetterState::Sending,
                LetterState::Held,
                LetterState::Failed,
            ])?,
            letters_sent: letters(&[LetterState::Sent])?,
            others: others
                .into_iter()
                .map(|(kind, n)| Ok((kind_in_plural(choice(&kind)?).to_owned(), n.unsigned_abs())))
                .collect::<Result<_, StoreError>>()?,
            mailboxes: tx.mailboxes().await?,
        }))
    }

    async fn state_lines(&self, tx: &mut Tx, open: &OpenCall) -> Result<Vec<StateLine>, StoreError> {
        let code = open.call.code.as_str();
        let mut filed: BTreeMap<Iso3, Vec<FiledVersion>> = BTreeMap::new();
        for version in tx.filed(code, Timestamp::MAX).await? {
            filed.entry(version.iso3).or_default().push(version);
        }
        let possible: BTreeSet<Iso3> = tx.possible_states(code, Timestamp::MAX, true).await?.into_iter().collect();
        let mut told: BTreeMap<String, Vec<LetterRow>> = BTreeMap::new();
        for letter in tx.letters_about_states(open.known.id).await? {
            told.entry(letter.iso3.clone().unwrap_or_default()).or_default().push(letter);
        }
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let mut states = Vec::new();
        for &iso3 in &open.roster {
            let versions = filed.get(&iso3).map(Vec::as_slice).unwrap_or_default();
            let first = versions.iter().min_by_key(|version| version.received);
            let standing = first.map(|version| choice(&version.standing)).transpose()?;
            // A joint input and one of its own are two submissions, and none corrects the other.
            let corrected = versions.windows(2).any(|pair| pair[0].reference == pair[1].reference);
            let newest = versions.iter().max_by_key(|version| version.received);
            states.push(StateLine {
                iso3,
                name: self.instance.name(iso3),
                status: status(standing, corrected, possible.contains(&iso3)),
                received: first.map(|version| version.received),
                reference: newest.map(|version| version.reference.clone()),
                version: newest.and_then(|version| u32::try_from(version.version).ok()),
                words: newest.and_then(|version| version.words).map(i64::unsigned_abs),
                told: in_words(told.get(iso3.as_str()).map(Vec::as_slice).unwrap_or_default(), &zone)?,
                tile: self.tile(open, iso3),
            });
        }
        states.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(states)
    }

    /// One state and everything about it; none if it is not on the roster of the call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn state(&self, call: Option<&str>, iso3: Iso3) -> Result<Option<StatePage>, DeskError> {
        let Some(open) = self.instance.call(call).filter(|open| open.roster.contains(&iso3)) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let Some(line) = self.state_lines(&mut tx, open).await?.into_iter().find(|line| line.iso3 == iso3) else {
            return Ok(None);
        };
        let rows = tx
            .log(&LogQuery {
                received_before: Timestamp::MAX,
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
        let reminders = tx.reminders_to(open.known.id, iso3.as_str()).await?;
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
                    let step = row.step.as_deref().unwrap_or_default();
                    let sent = row.sent_at()?.map(|at| day(at, &zone)).unwrap_or_default();
                    Ok(format!("{step}: {} {sent} to {}", letter_in_words(row)?, row.recipient))
                })
                .collect::<Result<_, StoreError>>()?,
            line,
        }))
    }
}

/// What waits for a person in a call, oldest first: what is undecided, letters that are held, and those that failed.
async fn to_be_decided(tx: &mut Tx, instance: &Instance, call: &str) -> Result<Vec<Waiting>, StoreError> {
    let mut all: Vec<Waiting> = tx.waiting(Some(call)).await?.into_iter().map(waiting).collect();
    all.extend(tx.held_letters(call).await?.into_iter().map(held));
    let failed = tx.undelivered(call).await?;
    let states = if failed.is_empty() { Vec::new() } else { tx.states_of_letters(LetterState::Failed).await? };
    all.extend(failed.into_iter().map(|letter| {
        let its = states.iter().filter(|(id, _)| *id == letter.id).map(|(_, iso3)| *iso3).collect();
        undelivered(letter, its, instance)
    }));
    all.sort_by_key(|waiting| waiting.since);
    Ok(all)
}

fn undelivered(letter: Undelivered, states: Vec<Iso3>, instance: &Instance) -> Waiting {
    let Undelivered { id, kind, reason, .. } = &letter;
    let names: Vec<String> = states.iter().map(|&iso3| instance.name(iso3)).collect();
    let to = if names.is_empty() { String::new() } else { format!(" for {}", names.join(", ")) };
    Waiting {
        number: intake_number(letter.number),
        question: format!(
            "{} “docket letters resend {id}” sends it once more, “discard” closes the case.",
            did_not_leave(kind, &to, reason)
        ),
        since: letter.since,
        subject: letter.subject,
        candidates: states,
    }
}

fn held(letter: HeldLetter) -> Waiting {
    let HeldLetter { id, reason, .. } = letter;
    Waiting {
        number: intake_number(letter.number),
        question: format!("May its letter go? {reason} “docket letters release {id}” lets it go, “discard” does not."),
        since: letter.since,
        subject: letter.subject,
        candidates: Vec::new(),
    }
}

fn waiting(row: WaitingRow) -> Waiting {
    let number = intake_number(row.number);
    Waiting {
        question: if row.alone {
            format!("{} “docket reread {number}” reads it again, once that is mended.", row.question)
        } else {
            row.question
        },
        number: row.item_n.map_or_else(|| number.clone(), |n| format!("{number}/{n}")),
        since: row.since,
        subject: row.subject,
        candidates: row.candidates,
    }
}

/// What a state was told last.
fn in_words(letters: &[LetterRow], zone: &TimeZone) -> Result<String, StoreError> {
    let Some(last) = letters.last() else { return Ok(String::new()) };
    let kind = if last.kind == "reminder" { "reminder" } else { "receipt" };
    Ok(match (last.state()?, last.sent_at()?) {
        (LetterState::Sent, Some(at)) => format!("{kind} sent {}", day(at, zone)),
        (state, _) => format!("{kind} {}", super::letter_state(state)),
    })
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%-d %b").to_string()
}
