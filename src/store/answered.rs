//! The entry that a message answers, and the texts of what stands there: what comes later is held against them.
//!
//! Promises that a letter about several entries leads to none of them, so that nothing lands by guess.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row cannot be read")]

use super::{Id, Sql, StoreError, Submission, Tx};

statements! {
    BY_LETTER = Sql::both(
        "SELECT DISTINCT p.submission_id, l.message_id FROM letter l
         JOIN item i ON i.message_id = l.message_id JOIN place p ON p.item_id = i.id AND p.until IS NULL
         WHERE l.rfc_message_id = $1 ORDER BY p.submission_id");
    BY_NUMBER = Sql::both(
        "SELECT DISTINCT p.submission_id, m.id FROM message m
         JOIN item i ON i.message_id = m.id JOIN place p ON p.item_id = i.id AND p.until IS NULL
         WHERE m.number = $1 ORDER BY p.submission_id");
    BY_REFERENCE = Sql::both("SELECT id FROM submission WHERE reference = $1");
    TEXT = Sql::both(
        "SELECT m.id, m.number, m.body, f.text FROM item i JOIN message m ON m.id = i.message_id
         LEFT JOIN file f ON f.item_id = i.id AND f.role = 'main' WHERE i.id = $1 ORDER BY f.n");
}

/// The main text of an item as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MainText {
    /// The message.
    pub message: Id,
    /// Its intake number.
    pub number: i64,
    /// The text of the mail; none where it was erased.
    pub body: Option<String>,
    /// The text of its main document; none where it has none.
    pub document: Option<String>,
}

/// An entry that a message answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The submission.
    pub submission: Submission,
    /// The message that our letter was about; none where only the reference is named.
    pub about: Option<Id>,
}

impl Tx {
    /// The entry that a letter of ours was about, by its Message-ID.
    pub async fn entry_of_letter(&mut self, message_id: &str) -> Result<Option<Answered>, StoreError> {
        let rows = fetch!(all, self => (Id, Id), BY_LETTER, message_id)?;
        self.only(&rows).await
    }

    /// The entry that the message with an intake number belongs to.
    pub async fn entry_of_number(&mut self, number: i64) -> Result<Option<Answered>, StoreError> {
        let rows = fetch!(all, self => (Id, Id), BY_NUMBER, number)?;
        self.only(&rows).await
    }

    /// The entry of a docket reference.
    pub async fn entry_of_reference(&mut self, reference: &str) -> Result<Option<Answered>, StoreError> {
        let Some((id,)) = fetch!(optional, self => (Id,), BY_REFERENCE, reference)? else { return Ok(None) };
        Ok(Some(Answered { submission: self.submission(id).await?, about: None }))
    }

    /// The main text of an item.
    pub async fn main_text(&mut self, item: Id) -> Result<Option<MainText>, StoreError> {
        let rows = fetch!(all, self => (Id, i64, Option<String>, Option<String>), TEXT, item)?;
        let text = |(message, number, body, document)| MainText { message, number, body, document };
        Ok(rows.into_iter().next().map(text))
    }

    async fn only(&mut self, rows: &[(Id, Id)]) -> Result<Option<Answered>, StoreError> {
        let [(id, about)] = rows else { return Ok(None) };
        Ok(Some(Answered { submission: self.submission(*id).await?, about: Some(*about) }))
    }
}
