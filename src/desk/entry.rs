//! One entry in full: message, files, evidence, decisions, letters, history.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::tz::TimeZone;

use super::{
    Desk, DeskError,
    colleagues::colleagues,
    letter_state, recorded, sender,
    view::{Decision, Entry, EntryFile, EntryItem, EntryLetter, EntryPurpose, Note, Undone},
};
use crate::{
    core::{
        actor::Actor,
        judging::matching::Match,
        purpose::Purpose,
        submission::{Becomes, ItemId},
        text::language::Language,
    },
    filing::Facts as Filed,
    store::{
        DecisionRow, EntryRow, FileRow, Findings, Id, ItemRow, LetterRow, StoreError, Tx, When, intake_number, word,
    },
};

/// How much of a file's text is shown.
const SHOWN: usize = 20_000;

impl Desk {
    /// An entry by docket reference, intake number, or the number of one of its items; none if there is none.
    pub async fn entry(&self, reference: &str) -> Result<Option<Entry>, DeskError> {
        self.entry_in(reference, Language::En).await
    }

    /// The same, with its history told, and what is asked, in a language.
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
            zone = zone.or_else(|| open.as_ref().map(|open| open.deadline.zone.clone()));
            items.push(self.entry_item(&mut tx, &row, &item, &findings, &decisions, language).await?);
        }
        let mut unreadable = findings.unreadable();
        unreadable.extend(decisions.iter().filter_map(DecisionRow::unreadable).map(|why| why.to_string()));
        let message = findings.message().unwrap_or(None);
        let authenticity = findings.authenticity().unwrap_or(None);
        let names = items.iter().flat_map(|item| item.evidence.iter().map(|evidence| evidence.iso3));
        let names = names.map(|iso3| (iso3, self.instance.name(iso3))).collect();
        let zone = zone.or_else(|| self.instance.call(None).map(|open| open.deadline.zone.clone()));
        let body = match row.purged_at {
            Some(_) => "(erased: a person confirmed this message as unrelated)".to_owned(),
            None => tx.body(row.id).await?.unwrap_or_default(),
        };
        let zone = zone.unwrap_or_else(|| "UTC".to_owned());
        let told_in = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let history = self.happenings(tx.events_of_message(row.id).await?, &told_in, language);
        let mut letters = Vec::new();
        for row in tx.letters_of_message(row.id).await? {
            match row {
                Ok(row) => letters.push(letter(row)),
                Err(why) => unreadable.push(why),
            }
        }
        Ok(Some(Entry {
            number: intake_number(row.number),
            received: row.received,
            clock: row.clock,
            zone,
            from: sender(row.from_name.as_deref(), row.from_address.as_deref()),
            reply_to: row.reply_to.filter(|address| Some(address) != row.from_address.as_ref()),
            subject: row.subject,
            message_id: row.rfc_message_id,
            date: row.sent_date,
            size: row.size,
            announced: row.announced,
            sha256: row.sha256,
            body,
            state: word(&row.state)?,
            relevance: row.relevance.map(|relevance| relevance.word().to_owned()),
            defects: message.map(|message| message.defects).unwrap_or_default(),
            authentication: authenticity.and_then(|authenticity| authenticity.in_words()),
            recorded: recorded(row.way, row.authority),
            answer: row.answer_reason,
            revision: row.revision,
            submission: self.submission(&mut tx, reference).await?,
            items,
            names,
            files: files(&mut tx, row.id).await?,
            letters,
            history,
            notes: tx.notes(row.id).await?.into_iter().map(Note::from).collect(),
            in_charge: tx.in_charge(row.id, row.id).await?.pop().map(|(_, name)| name),
            colleagues: colleagues(&mut tx).await?.into_iter().map(|account| account.name).collect(),
            unreadable,
        }))
    }

    /// The intake number of the message that a reference, an intake number or the number of an item means; none if there
    /// is none.
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
        let registration = tx.registration(item.id).await?;
        let filed = registration.as_ref();
        let decisions: Vec<&DecisionRow> =
            decisions.iter().filter(|decision| decision.item_id == Some(item.id)).collect();
        let decided = decisions.iter().rev().find(|decision| decision.stands());
        // One that cannot be read is among what is told as unreadable.
        let matched = findings.matched(item.n).unwrap_or(None);
        let purpose = findings.purpose(item.n).unwrap_or(None);
        let named = self.by_name(matched.as_ref().map(Match::named).unwrap_or_default());
        let candidates = if item.waiting().is_ok_and(|asked| asked.is_empty()) || filed.is_some() {
            Vec::new()
        } else {
            tx.candidates(item.id).await?.into_iter().map(|iso3| (iso3, self.instance.name(iso3))).collect()
        };
        let waiting = self.asked(item.waiting(), message.received, language);
        let proposed = |purpose: &Purpose| waiting.is_some() && purpose.is_to_confirm();
        let (reason, evidence) = matched.map(|matched| (matched.reason, matched.evidence)).unwrap_or_default();
        Ok(EntryItem {
            number: format!("{}/{}", intake_number(message.number), item.n),
            call: open.map(|open| open.call.code.clone()),
            reference: filed.map(|filed| filed.reference.clone()),
            states: filed.map(|filed| self.by_name(filed.states.iter().copied())).unwrap_or_default(),
            candidates,
            named,
            decision: item.decision,
            kind: item.kind,
            reason_is_asked: item.waiting().is_ok_and(|asked| asked.say_why(&reason)),
            reason,
            evidence,
            purpose: purpose.map(|purpose| EntryPurpose {
                kind: purpose.kind,
                proposed: proposed(&purpose),
                day: purpose.day,
                evidence: purpose.quoted(),
                said: self.in_words(&purpose.phrase(proposed(&purpose)), message.received, TimeZone::UTC, language),
            }),
            standing: filed.map(|filed| filed.standing),
            deadline: filed.map(|filed| filed.last_day),
            deadline_hour: filed.and_then(|filed| filed.last_hour),
            version: filed.and_then(|filed| filed.version),
            becomes: becomes(tx, item.id).await?,
            words: item.words,
            waiting,
            decided: decided.map(|decision| self.decision_in_words(decision)),
            decisions: decisions.into_iter().map(|decision| self.decision(decision)).collect(),
        })
    }

    pub(super) fn decision(&self, row: &DecisionRow) -> Decision {
        let undone = |at: When| Undone {
            at: at.nearest(),
            actor: row.undone_by.clone().unwrap_or(Actor::Program),
            reason: row.undone_reason.clone().unwrap_or_default(),
        };
        Decision {
            at: row.at.nearest(),
            what: self.what_was_decided(row),
            actor: row.actor.clone(),
            reason: row.reason.clone(),
            undone: row.undone_at.map(undone),
        }
    }

    /// What was decided, by whom and why.
    pub(super) fn decision_in_words(&self, row: &DecisionRow) -> String {
        format!("{} by {}: {}", self.what_was_decided(row), row.actor.name(), row.reason)
    }

    /// What was decided, with the names that states had then.
    fn what_was_decided(&self, row: &DecisionRow) -> String {
        match row.ruling() {
            Ok(ruling) => self.in_words(&ruling.undone().phrase(), row.at.nearest(), TimeZone::UTC, Language::En),
            Err(unreadable) => format!("something that is not known any more ({unreadable})"),
        }
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

/// What an item comes to beside what else its party has filed.
async fn becomes(tx: &mut Tx, item: Id) -> Result<Option<Becomes>, StoreError> {
    let Some((submission, _)) = tx.place_of(item).await? else { return Ok(None) };
    Ok(Filed::of(tx, submission).await?.filed_as(ItemId(item)).map(|filed| filed.becomes))
}

async fn files(tx: &mut Tx, message: Id) -> Result<Vec<EntryFile>, StoreError> {
    let mut texts = tx.file_texts(message, SHOWN).await?;
    let file = |row: FileRow| {
        let text = texts.remove(&row.n).unwrap_or_default();
        file(row, text)
    };
    Ok(tx.files(message).await?.into_iter().map(file).collect())
}

fn file(row: FileRow, text: String) -> EntryFile {
    EntryFile {
        path: row.path,
        name: row.name,
        size: row.size,
        sha256: row.sha256,
        format: row.format,
        role: row.role,
        outcome: row.outcome,
        engine: row.engine,
        pages: row.pages,
        pages_without_text: row.pages_without_text,
        pages_failed: row.pages_failed,
        words: row.words,
        words_in_notes: row.words_notes,
        words_in_running_heads: row.words_running_heads,
        language: row.language,
        detail: row.detail,
        tried: row.tried,
        text,
    }
}

fn letter(row: LetterRow) -> EntryLetter {
    EntryLetter {
        id: row.id,
        state: letter_state(row.state).to_owned(),
        sent: row.sent_at,
        kind: row.kind.name().to_owned(),
        recipient: row.recipient,
        subject: row.subject,
        body: row.body,
        reason: row.reason,
    }
}
