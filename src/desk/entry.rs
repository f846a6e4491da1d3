//! One entry in full: message, files, evidence, decisions, letters, history.

use jiff::tz::TimeZone;

use super::{
    Desk, DeskError, letter_state, sender,
    view::{Decision, Entry, EntryFile, EntryItem, EntryLetter, Undone},
};
use crate::{
    core::{actor::Actor, text::language::Language},
    store::{
        DecisionRow, EntryRow, FileRow, Findings, ItemRow, LetterRow, StoreError, Tx, choice, intake_number, list, time,
    },
};

/// How much of a file's text is shown.
const SHOWN: usize = 20_000;

impl Desk {
    /// An entry by docket reference, intake number, or the number of one of its items; none if there is none.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn entry(&self, reference: &str) -> Result<Option<Entry>, DeskError> {
        self.entry_in(reference, Language::En).await
    }

    /// The same, with its history told, and what is asked, in a language.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn entry_in(&self, reference: &str, language: Language) -> Result<Option<Entry>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let Some((number, _)) = resolve(&mut tx, reference).await? else { return Ok(None) };
        let Some(row) = tx.entry(number).await? else { return Ok(None) };
        let findings = tx.findings(row.id).await?;
        let decisions = tx.decisions(row.id).await?;
        let mut items = Vec::new();
        let mut zone = None;
        for item in tx.items(row.id).await? {
            let open = item.call_id.and_then(|id| self.instance.call_by_id(id));
            zone = zone.or_else(|| open.map(|open| open.deadline.zone.clone()));
            items.push(self.entry_item(&mut tx, &row, &item, &findings, &decisions, language).await?);
        }
        let message = findings.message().unwrap_or(None);
        let authenticity = findings.authenticity().unwrap_or(None);
        let names = items.iter().flat_map(|item| item.evidence.iter().map(|evidence| evidence.iso3));
        let names = names.map(|iso3| (iso3, self.instance.name(iso3))).collect();
        let zone = zone.or_else(|| self.instance.call(None).map(|open| open.deadline.zone.clone()));
        let body = match row.purged_at {
            Some(_) => "(erased: a person confirmed this message as unrelated)".to_owned(),
            None => row.body.unwrap_or_default(),
        };
        let zone = zone.unwrap_or_else(|| "UTC".to_owned());
        let told_in = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let history = self.happenings(tx.events_of_message(row.id).await?, &told_in, language);
        Ok(Some(Entry {
            number: intake_number(row.number),
            received: time(row.received)?,
            clock: row.clock,
            zone,
            from: sender(row.from_name.as_deref(), row.from_address.as_deref()),
            reply_to: row.reply_to.filter(|address| Some(address) != row.from_address.as_ref()),
            subject: row.subject,
            message_id: row.rfc_message_id,
            date: row.sent_date.map(time).transpose()?,
            size: row.size.unsigned_abs(),
            announced: row.announced.map(i64::unsigned_abs),
            sha256: row.sha256,
            body,
            state: row.state,
            relevance: row.relevance,
            defects: message.map(|message| message.defects).unwrap_or_default(),
            authentication: authenticity.and_then(|authenticity| authenticity.in_words()),
            answer: row.answer_reason,
            items,
            names,
            files: tx.files(row.id).await?.into_iter().map(file).collect::<Result<_, _>>()?,
            letters: tx.letters_of_message(row.id).await?.into_iter().map(letter).collect::<Result<_, _>>()?,
            history,
            unreadable: findings.unreadable(),
        }))
    }

    /// The intake number of the message that a reference, an intake number or the number of an item means; none if there
    /// is none.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn number(&self, reference: &str) -> Result<Option<i64>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        Ok(resolve(&mut tx, reference).await?.map(|(number, _)| number))
    }

    async fn entry_item(
        &self,
        tx: &mut Tx,
        message: &EntryRow,
        item: &ItemRow,
        findings: &Findings,
        decisions: &[DecisionRow],
        language: Language,
    ) -> Result<EntryItem, StoreError> {
        let open = item.call_id.and_then(|id| self.instance.call_by_id(id));
        let registration = tx.registration(item.duplicate_of.unwrap_or(item.id)).await?;
        let filed = registration.as_ref();
        let decisions: Vec<&DecisionRow> = decisions.iter().filter(|decision| decision.item_id == item.id).collect();
        let decided = decisions.iter().rev().find(|decision| decision.stands());
        // One that cannot be read is among what is told as unreadable.
        let matched = findings.matched(item.n).unwrap_or(None);
        let (reason, evidence) = matched.map(|matched| (matched.reason, matched.evidence)).unwrap_or_default();
        Ok(EntryItem {
            number: format!("{}/{}", intake_number(message.number), item.n),
            call: open.map(|open| open.call.code.clone()),
            reference: filed.map(|filed| filed.reference.clone()),
            states: filed
                .map(|filed| filed.states.iter().map(|&iso3| (iso3, self.instance.name(iso3))).collect())
                .unwrap_or_default(),
            decision: item.decision()?,
            kind: item.kind()?,
            reason_is_asked: item.waiting().is_ok_and(|asked| asked.say_why(&reason)),
            reason,
            evidence,
            standing: filed.map(|filed| filed.standing),
            deadline: filed.and_then(|filed| filed.last_day.parse().ok()),
            version: filed.map(|filed| filed.version),
            words: item.words()?,
            waiting: self.asked(item.waiting(), time(message.received)?, language),
            decided: decided.map(|decision| self.decision_in_words(decision)).transpose()?,
            decisions: decisions.into_iter().map(|decision| self.decision(decision)).collect::<Result<_, _>>()?,
        })
    }

    fn decision(&self, row: &DecisionRow) -> Result<Decision, StoreError> {
        let undone = |at| Undone {
            at,
            actor: row.undone_by().unwrap_or(Actor::Program),
            reason: row.undone_reason.clone().unwrap_or_default(),
        };
        Ok(Decision {
            at: row.at()?,
            what: self.what_was_decided(row)?,
            actor: row.actor(),
            reason: row.reason.clone(),
            undone: row.undone_at()?.map(undone),
        })
    }

    /// What was decided, by whom and why.
    pub(super) fn decision_in_words(&self, row: &DecisionRow) -> Result<String, StoreError> {
        Ok(format!("{} by {}: {}", self.what_was_decided(row)?, row.actor().name(), row.reason))
    }

    /// What was decided, with the names that states had then.
    fn what_was_decided(&self, row: &DecisionRow) -> Result<String, StoreError> {
        Ok(match row.ruling() {
            Ok(ruling) => self.in_words(&ruling.undone().phrase(), row.at()?, TimeZone::UTC, Language::En),
            Err(unreadable) => format!("something that is not known any more ({unreadable})"),
        })
    }
}

/// The intake number, and the number of the item where one is meant: `M-000123`, `M-000123/2`, or a docket reference.
pub(super) async fn resolve(tx: &mut Tx, reference: &str) -> Result<Option<(i64, Option<i64>)>, StoreError> {
    let reference = reference.trim();
    if let Some(number) = reference.strip_prefix("M-").or_else(|| reference.strip_prefix("m-")) {
        let (number, item) = match number.split_once('/') {
            Some((number, item)) => (number, Some(item.parse::<i64>().ok())),
            None => (number, None),
        };
        return Ok(match (number.parse::<i64>().ok(), item) {
            (Some(number), None) => Some((number, None)),
            (Some(number), Some(Some(item))) => Some((number, Some(item))),
            _ => None,
        });
    }
    Ok(tx.number_of_reference(reference).await?.map(|(number, item)| (number, Some(item))))
}

fn file(row: FileRow) -> Result<EntryFile, StoreError> {
    Ok(EntryFile {
        path: row.path,
        name: row.name,
        size: row.size.unsigned_abs(),
        sha256: row.sha256,
        format: choice(&row.format)?,
        role: choice(&row.role)?,
        outcome: choice(&row.outcome)?,
        engine: row.engine,
        pages: row.pages.and_then(|pages| u32::try_from(pages).ok()),
        pages_without_text: list(&row.pages_without_text)?,
        pages_failed: list(&row.pages_failed)?,
        words: row.words.map(i64::unsigned_abs),
        words_in_notes: row.words_notes.unsigned_abs(),
        words_in_running_heads: row.words_running_heads.unsigned_abs(),
        language: row.language,
        detail: row.detail,
        tried: list(&row.tried)?,
        text: row.text.chars().take(SHOWN).collect(),
    })
}

fn letter(row: LetterRow) -> Result<EntryLetter, StoreError> {
    Ok(EntryLetter {
        id: row.id,
        state: letter_state(row.state()?).to_owned(),
        sent: row.sent_at()?,
        kind: row.kind,
        recipient: row.recipient,
        subject: row.subject,
        body: row.body,
        reason: row.reason,
    })
}
