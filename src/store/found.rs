//! What the program found about messages, as rows that are only ever added.
//!
//! Promises that a row which cannot be read is told as such, by its table, its number and its message, and that it is never
//! taken for one that is not there. Of the findings of one kind about one thing the newest counts, unless they add up.

use std::{collections::BTreeSet, mem};

use jiff::Timestamp;

use super::{ENGINE, Id, Sql, StoreError, Tx, db::Row, intake_number};
use crate::core::{
    finding::{Finding, FindingKind, VERSION},
    judging::{answer::Answering, matching::Match},
    mail::{authenticity::Authenticity, message::Message},
    purpose::Purpose,
};

statements! {
    ADD = Sql {
        sqlite:
            "INSERT INTO finding (message_id, item_n, kind, version, value, engine, at)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
             FROM json_each($1) ORDER BY key",
        postgres:
            "INSERT INTO finding (message_id, item_n, kind, version, value, engine, at)
             SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), value ->> 2, CAST(value ->> 3 AS BIGINT),
                 value ->> 4, value ->> 5, CAST(value ->> 6 AS BIGINT)
             FROM json_array_elements(CAST($1 AS JSON)) WITH ORDINALITY AS added (value, key) ORDER BY key",
    };
    OF_MESSAGE = Sql::both(
        "SELECT f.id, m.number, f.item_n, f.kind, f.version, f.value
         FROM finding f JOIN message m ON m.id = f.message_id WHERE f.message_id = $1 ORDER BY f.id");
}

/// A finding as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct FindingRow {
    /// The id of its row.
    pub id: Id,
    /// The intake number of its message.
    pub number: i64,
    /// The item it is about, by its number within the message.
    pub item_n: Option<i64>,
    kind: String,
    version: i64,
    value: String,
}

impl FindingRow {
    /// What was found; none where that was erased.
    pub(super) fn finding(&self) -> Result<Option<Finding>, StoreError> {
        Finding::read(&self.kind, self.version, &self.value).map_err(|why| {
            let message = intake_number(self.number);
            StoreError::Row(format!("finding {} of message {message} cannot be read: {why}", self.id))
        })
    }
}

/// What counts of the findings about a message.
#[derive(Clone, Debug)]
pub struct Findings(Vec<FindingRow>);

impl Findings {
    fn of(rows: Vec<FindingRow>) -> Self {
        let mut counting: Vec<FindingRow> = Vec::new();
        for row in rows {
            if !adds_up(&row.kind) {
                counting.retain(|before| (&before.kind, before.item_n) != (&row.kind, row.item_n));
            }
            counting.push(row);
        }
        Self(counting)
    }

    fn newest(&self, kind: FindingKind, item: Option<i64>) -> Result<Option<Finding>, StoreError> {
        let found = self.0.iter().find(|row| row.kind == kind.word() && row.item_n == item);
        found.map_or(Ok(None), FindingRow::finding)
    }

    /// The message without its text; none where it was not read.
    ///
    /// # Errors
    /// The row cannot be read.
    pub fn message(&self) -> Result<Option<Message>, StoreError> {
        Ok(match self.newest(FindingKind::Message, None)? {
            Some(Finding::Message(message)) => Some(*message),
            _ => None,
        })
    }

    /// Whether the message may be answered; none where it was not read.
    ///
    /// # Errors
    /// The row cannot be read.
    pub fn answering(&self) -> Result<Option<Answering>, StoreError> {
        Ok(match self.newest(FindingKind::Answering, None)? {
            Some(Finding::Answering(answering)) => Some(answering),
            _ => None,
        })
    }

    /// Whether the domain of the sender vouches for the message; none where nobody says anything.
    ///
    /// # Errors
    /// The row cannot be read.
    pub fn authenticity(&self) -> Result<Option<Authenticity>, StoreError> {
        Ok(match self.newest(FindingKind::Authenticity, None)? {
            Some(Finding::Authenticity(authenticity)) => Some(authenticity),
            _ => None,
        })
    }

    /// Whose an item is, by its number; none where that was not judged, or erased.
    ///
    /// # Errors
    /// The row cannot be read.
    pub fn matched(&self, item: i64) -> Result<Option<Match>, StoreError> {
        Ok(match self.newest(FindingKind::Match, Some(item))? {
            Some(Finding::Match(matched)) => Some(matched),
            _ => None,
        })
    }

    /// What an item is for, by its number; none where that was not judged, or erased.
    ///
    /// # Errors
    /// The row cannot be read.
    pub fn purpose(&self, item: i64) -> Result<Option<Purpose>, StoreError> {
        Ok(match self.newest(FindingKind::Purpose, Some(item))? {
            Some(Finding::Purpose(purpose)) => Some(purpose),
            _ => None,
        })
    }

    /// The files for which a correction was proposed, by their hashes.
    ///
    /// # Errors
    /// A row cannot be read.
    pub fn corrections(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut files = BTreeSet::new();
        for row in self.0.iter().filter(|row| row.kind == FindingKind::Correction.word()) {
            if let Some(Finding::Correction(hashes)) = row.finding()? {
                files.extend(hashes);
            }
        }
        Ok(files)
    }

    /// What counts and cannot be read, a sentence each.
    #[must_use]
    pub fn unreadable(&self) -> Vec<String> {
        self.0.iter().filter_map(|row| row.finding().err()).map(|error| error.to_string()).collect()
    }
}

fn adds_up(kind: &str) -> bool {
    FindingKind::ALL.into_iter().any(|known| known.word() == kind && known.adds_up())
}

impl Tx {
    /// Adds a finding of this build.
    ///
    /// # Errors
    /// The value cannot be written down.
    pub fn add_finding(
        &mut self,
        message: Id,
        item_n: Option<i64>,
        finding: &Finding,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let kind = finding.kind().word();
        let value = finding.value().map_err(|error| StoreError::Row(format!("the finding {kind}: {error}")))?;
        self.findings.push(serde_json::json!([message, item_n, kind, VERSION, value, ENGINE, at.as_microsecond()]));
        Ok(())
    }

    /// Writes down what was found.
    pub(super) async fn write_findings(&mut self) -> Result<(), StoreError> {
        if !self.findings.is_empty() {
            let findings = Row::from(mem::take(&mut self.findings)).to_string();
            execute!(self, ADD, findings)?;
        }
        Ok(())
    }

    /// What was found about a message.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn findings(&mut self, message: Id) -> Result<Findings, StoreError> {
        self.write_findings().await?;
        Ok(Findings::of(fetch!(all, self => FindingRow, OF_MESSAGE, message)?))
    }
}
