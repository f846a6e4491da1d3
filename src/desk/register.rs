//! The register: who has sent what, who has not, and what must be decided.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Desk, DeskError,
    log::Naming,
    view::{
        CallRegister, DecisionOn, Frame, MailboxSeen, RegisterLine, RegisterQuery, StatePage, end_in_words, reminded,
    },
    waiting::how_many,
};
use crate::{
    core::{iso3::Iso3, judging::matching::Form, letter_kind::LetterKind, submission::View, text::language::Language},
    instance::OpenCall,
    store::{LetterState, LogQuery, Read, StoreError, Told, ToldLast, Tx, intake_number},
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
            waiting: how_many(&mut tx, &open.call.code).await?,
            mailboxes: self.mailboxes(&mut tx, &open, now).await?,
            stopped: super::stop::stopped(&mut tx).await?,
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

    /// The register of a call with what stands around it on its page; none if there is no such call.
    pub async fn register_page(&self, call: Option<&str>, view: View) -> Result<Option<CallRegister>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let code = open.call.code.as_str();
        let counts = tx.letter_counts(code).await?;
        // One of which nobody can read where it stands has not left for all that is known.
        let letters = |states: &[LetterState]| -> u64 {
            let stands = |state: &Read<LetterState>| states.contains(state.as_ref().unwrap_or(&LetterState::Held));
            counts.iter().filter(|(state, _)| stands(state)).map(|(_, n)| n).sum()
        };
        let query = RegisterQuery { view, ..RegisterQuery::now(call) };
        let register = self.register_of(&mut tx, &open, &query).await?;
        Ok(Some(CallRegister {
            as_of: register.as_of,
            known_at: register.known_at,
            reminded: reminded(
                &register.lines,
                register.next_reminder.as_ref(),
                &register.zone,
                view.law().min(register.now),
            ),
            rounds: tx.reminder_rounds(open.known.id, view.law()).await?,
            call: code.to_owned(),
            reference: open.call.reference.clone(),
            title: open.call.title_in(Language::En).to_owned(),
            issued: open.call.issued,
            last_day: open.deadline.day,
            last_hour: open.deadline.time,
            deadline: open.deadline.instant,
            zone: open.deadline.zone.clone(),
            word_limit: open.call.word_limit,
            now: register.now,
            told: self.told_last(&mut tx, &open, &register.lines).await?,
            tiles: open.roster.iter().filter_map(|&iso3| Some((iso3, self.tile(&open, iso3)?))).collect(),
            states: register.lines,
            received: register.received,
            waiting: self.to_be_decided(&mut tx, code).await?,
            letters_waiting: letters(&[
                LetterState::Waiting,
                LetterState::Released,
                LetterState::Sending,
                LetterState::Held,
                LetterState::Failed,
            ]),
            letters_sent: letters(&[LetterState::Sent]),
            others: register.others.into_iter().map(|line| (line.kind, line.inputs)).collect(),
            mailboxes: tx.mailboxes().await?,
        }))
    }

    /// What each state was told last, and what of that cannot be read. What is nobody's may be anybody's of whom nothing is
    /// known.
    async fn told_last(
        &self,
        tx: &mut Tx,
        open: &OpenCall,
        lines: &[RegisterLine],
    ) -> Result<BTreeMap<Iso3, String>, StoreError> {
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let (mut told, mut whom) = (BTreeMap::new(), Vec::new());
        for letter in tx.last_letters(open.known.id).await? {
            match &letter.iso3 {
                Ok(iso3) => {
                    let said = in_words(&letter, &zone).unwrap_or_else(|why| format!("cannot be read: {why}"));
                    told.insert(*iso3, said);
                }
                Err(why) => whom.push(format!("cannot be read: whom letter {} told: {why}", letter.id)),
            }
        }
        for line in lines {
            let told = told.entry(line.iso3).or_insert_with(|| whom.join("; "));
            if let Some(recorded) = line.recorded.map(|way| format!("recorded {}", way.in_words())) {
                let before = if told.is_empty() { "" } else { "; " };
                *told = format!("{told}{before}{recorded}");
            }
        }
        Ok(told)
    }

    /// One state and everything about it; none if it is not on the roster of the call.
    pub async fn state(&self, call: Option<&str>, iso3: Iso3) -> Result<Option<StatePage>, DeskError> {
        let Some(open) = self.instance.call(call).filter(|open| open.roster.contains(&iso3)) else { return Ok(None) };
        let mut tx = self.instance.db.snapshot().await?;
        let lines = self.register_of(&mut tx, &open, &RegisterQuery::now(call)).await?.lines;
        let mut told = self.told_last(&mut tx, &open, &lines).await?;
        let Some(line) = lines.into_iter().find(|line| line.iso3 == iso3) else { return Ok(None) };
        let rows = tx
            .log(&LogQuery {
                received_before: Timestamp::MAX,
                received_until: Timestamp::MAX,
                received_since: Timestamp::MIN,
                known_before: Timestamp::MAX,
                call: Some(&open.call.code),
                state: Some(iso3.as_str()),
                standing: None,
                kind: None,
                language: None,
                letter: None,
            })
            .await?;
        let zone = TimeZone::get(&open.deadline.zone).unwrap_or(TimeZone::UTC);
        let today = self.instance.clock.now().to_zoned_datetime(zone.clone()).date();
        let naming = Naming { language: Language::En, on: today };
        let entries = self.lines(&mut tx, rows, View::NOW, naming).await?;
        let people = tx.focal_points(today).await?;
        let (mut reminders, mut letters) = (Vec::new(), Vec::new());
        for row in tx.letters_to(open.known.id, iso3).await? {
            let is_reminder = row.kind.as_ref().is_ok_and(|kind| *kind == LetterKind::Reminder) || row.step.is_some();
            if is_reminder { &mut reminders } else { &mut letters }.push(letter_in_words(&row, &zone));
        }
        let mut decisions = Vec::new();
        for row in tx.decisions_about(open.known.id, iso3).await? {
            let item = tx.decided_item(row.id).await?.map(|(number, n)| format!("{}/{n}", intake_number(number)));
            decisions.push(DecisionOn { on: item.unwrap_or_else(|| line.name.clone()), decision: self.decision(&row) });
        }
        Ok(Some(StatePage {
            formal_name: self.instance.register.name(iso3, Language::En, today, Form::Formal),
            zone: open.deadline.zone.clone(),
            entries,
            focal_points: people
                .into_iter()
                .filter(|person| person.iso3 == iso3)
                .map(|person| (person.name.unwrap_or_default(), person.address))
                .collect(),
            extended: line.extended_until.map(|until| end_in_words(until, &open.deadline.zone)),
            decisions,
            reminders,
            letters,
            told: told.remove(&iso3).unwrap_or_default(),
            line,
        }))
    }
}

/// A letter to a state that answers no message.
fn letter_in_words(row: &Told, zone: &TimeZone) -> String {
    let letter = match (&row.kind, &row.state, &row.sent_at) {
        (Ok(kind), Ok(state), Ok(sent)) => {
            let what = row.step.clone().unwrap_or_else(|| kind.name().replace('_', " "));
            let sent = sent.map(|at| format!(" {}", day(at, zone))).unwrap_or_default();
            format!("{what}: {}{sent}", super::letter_state(*state))
        }
        (Err(why), ..) | (_, Err(why), _) | (.., Err(why)) => format!("cannot be read: {why},"),
    };
    format!("{letter} to {}", row.recipient)
}

/// What a state was told last.
fn in_words(letter: &ToldLast, zone: &TimeZone) -> Read<String> {
    let ToldLast { kind, state, sent_at, .. } = letter.clone();
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
