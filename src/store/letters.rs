//! Letters as they are looked at: where each stands, and what it says.
//!
//! A letter goes `waiting → released → sending → sent`, or ends as `failed` or `discarded`; `held` waits for a person.
//! `released` has its Message-ID, date and bytes, and once it may have left they never change again. How it leaves stands
//! in `outbox`, how it is decided in `letter_decided`.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CopyState, Each, Id, IfAny, Legible, Read, Sql, StoreError, Time, Tx};
use crate::core::{event::HeldFor, iso3::Iso3, letter_kind::LetterKind};

/// The columns of a letter as it is shown.
macro_rules! letter_columns {
    () => {
        "SELECT l.id, l.message_id, l.iso3, l.step, l.kind, l.state, l.reason, l.recipient, l.recipient_name, l.subject,
             l.body, l.language, l.not_before, l.decided_at, l.sent_at, l.attempts, l.copy_state, l.copy_reason,
             l.held_for, m.number
         FROM letter l LEFT JOIN message m ON m.id = l.message_id "
    };
}

statements! {
    LIST = Sql::both(concat!(letter_columns!(), "ORDER BY l.id"));
    ONE = Sql::both(concat!(letter_columns!(), "WHERE l.id = $1"));
    OF_MESSAGE = Sql::both(concat!(letter_columns!(), "WHERE l.message_id = $1 ORDER BY l.id"));
    OF_STATE = Sql::both(
        "SELECT id, iso3, step, kind, state, recipient, sent_at FROM letter WHERE call_id = $1 AND iso3 = $2
         ORDER BY id");
    THAT = Sql::both(concat!(letter_columns!(), "WHERE l.state IN ($1, $2, $3) AND l.id < $4 ORDER BY l.id DESC LIMIT $5"));
    NEWEST = Sql::both(concat!(letter_columns!(), "WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2"));
    COUNT_THAT = Sql::both("SELECT COUNT(*) FROM letter WHERE state IN ($1, $2, $3)");
    ATTEMPTS = Sql::both("SELECT at, outcome, detail FROM attempt WHERE letter_id = $1 ORDER BY n");
    FACTS = Sql::both("SELECT facts FROM letter WHERE id = $1");
    BYTES = Sql::both("SELECT bytes FROM letter WHERE id = $1");
    OURS = Sql::both("SELECT call_id AS call, sent_at FROM letter WHERE rfc_message_id = $1");
}

/// Where a letter stands on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Decided; leaves when its time has come.
    Waiting,
    /// Frozen: Message-ID, date and bytes are fixed.
    Released,
    /// Being handed over; found so after a crash, it is uncertain whether it left.
    Sending,
    /// Handed over.
    Sent,
    /// Waits for a person.
    Held,
    /// Refused for good, or given up.
    Failed,
    /// Will not leave.
    Discarded,
}

words!(LetterState);

/// Letters that stand alike for whoever looks through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LettersThat {
    /// They wait for a person.
    AreHeld,
    /// They leave when their time has come.
    Wait,
    /// They were refused for good, or given up.
    Failed,
    /// They were handed over.
    HaveLeft,
    /// They will not leave.
    DoNotLeave,
}

impl LettersThat {
    /// All of them, in the order in which a person looks.
    pub const ALL: [Self; 5] = [Self::AreHeld, Self::Wait, Self::Failed, Self::HaveLeft, Self::DoNotLeave];

    /// The word for them.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AreHeld => "held",
            Self::Wait => "waiting",
            Self::Failed => "failed",
            Self::HaveLeft => "sent",
            Self::DoNotLeave => "discarded",
        }
    }

    fn states(self) -> [LetterState; 3] {
        match self {
            Self::AreHeld => [LetterState::Held; 3],
            Self::Wait => [LetterState::Waiting, LetterState::Released, LetterState::Sending],
            Self::Failed => [LetterState::Failed; 3],
            Self::HaveLeft => [LetterState::Sent; 3],
            Self::DoNotLeave => [LetterState::Discarded; 3],
        }
    }
}

/// A try to hand a letter over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Attempt {
    /// When.
    #[sqlx(try_from = "Time")]
    pub at: Timestamp,
    /// What came of it: `sent`, `later`, `failed`, `held`, `uncertain`.
    pub outcome: String,
    /// What the server or the system said.
    pub detail: Option<String>,
}

/// A letter of ours that somebody refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnLetter {
    /// The call it was about.
    pub call: Option<Id>,
    /// When it left, in microseconds since 1970.
    pub sent_at: Option<i64>,
}

/// A letter as it is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LetterRow {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Option<Id>,
    /// The state that is reminded.
    pub iso3: Option<Iso3>,
    /// The step of the reminder.
    pub step: Option<String>,
    /// Its kind.
    pub kind: LetterKind,
    /// Where it stands.
    pub state: LetterState,
    /// Why it has not left, or how it failed.
    pub reason: Option<String>,
    /// To whom.
    pub recipient: String,
    /// The display name of the recipient.
    pub recipient_name: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Its language by code.
    pub language: String,
    /// It does not leave earlier.
    #[sqlx(try_from = "Time")]
    pub not_before: Timestamp,
    /// When it was decided.
    #[sqlx(try_from = "Time")]
    pub decided_at: Timestamp,
    /// When it was handed over.
    #[sqlx(try_from = "IfAny<Time>")]
    pub sent_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// What became of its copy in the mailbox; `None` where none is asked for.
    pub copy_state: Option<CopyState>,
    /// Why there is no copy yet.
    pub copy_reason: Option<String>,
    /// For what it is held.
    pub held_for: Option<HeldFor>,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
}

/// What a state was told, or is to be.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// The row, by which people name it.
    pub id: Id,
    /// The state.
    #[sqlx(try_from = "Legible<Iso3>")]
    pub iso3: Read<Iso3>,
    /// The step by which it is reminded.
    pub step: Option<String>,
    /// By which kind of letter.
    #[sqlx(try_from = "Legible<LetterKind>")]
    pub kind: Read<LetterKind>,
    /// Where that stands.
    #[sqlx(try_from = "Legible<LetterState>")]
    pub state: Read<LetterState>,
    /// To whom.
    pub recipient: String,
    /// When it was handed over.
    #[sqlx(try_from = "Legible<IfAny<Time>>")]
    pub sent_at: Read<Option<Timestamp>>,
}

impl Tx {
    /// All letters, oldest first; of one that cannot be read, why.
    pub async fn letters(&mut self) -> Result<Vec<Read<LetterRow>>, StoreError> {
        Ok(listed(fetch!(all, self => Each<LetterRow>, LIST)?))
    }

    /// Letters that stand so, with a number below that one, newest first; of one that cannot be read, why.
    pub async fn letters_that(
        &mut self,
        that: LettersThat,
        before: Id,
        limit: u32,
    ) -> Result<Vec<Read<LetterRow>>, StoreError> {
        let [a, b, c] = that.states();
        Ok(listed(fetch!(all, self => Each<LetterRow>, THAT, a, b, c, before, i64::from(limit))?))
    }

    /// Letters with a number below that one, newest first; of one that cannot be read, why.
    pub async fn newest_letters(&mut self, before: Id, limit: u32) -> Result<Vec<Read<LetterRow>>, StoreError> {
        Ok(listed(fetch!(all, self => Each<LetterRow>, NEWEST, before, i64::from(limit))?))
    }

    /// How many letters stand so.
    pub async fn count_letters_that(&mut self, that: LettersThat) -> Result<i64, StoreError> {
        let [a, b, c] = that.states();
        Ok(fetch!(one, self => (i64,), COUNT_THAT, a, b, c)?.0)
    }

    /// Each try to hand a letter over, oldest first.
    pub async fn attempts(&mut self, letter: Id) -> Result<Vec<Attempt>, StoreError> {
        fetch!(all, self => Attempt, ATTEMPTS, letter)
    }

    /// A letter by its number.
    pub async fn letter(&mut self, id: Id) -> Result<Option<LetterRow>, StoreError> {
        fetch!(optional, self => LetterRow, ONE, id)
    }

    /// The letters of a message; of one that cannot be read, why.
    pub async fn letters_of_message(&mut self, message: Id) -> Result<Vec<Read<LetterRow>>, StoreError> {
        Ok(listed(fetch!(all, self => Each<LetterRow>, OF_MESSAGE, message)?))
    }

    /// The letters of a message, where each can be read.
    pub async fn readable_letters_of(&mut self, message: Id) -> Result<Vec<LetterRow>, StoreError> {
        fetch!(all, self => LetterRow, OF_MESSAGE, message)
    }

    /// The letters to a state in a call that answer no message: reminders, and those of an act.
    pub async fn letters_to(&mut self, call: Id, state: Iso3) -> Result<Vec<Told>, StoreError> {
        fetch!(all, self => Told, OF_STATE, call, state)
    }

    /// The facts of a letter, in JSON.
    pub async fn letter_facts(&mut self, id: Id) -> Result<String, StoreError> {
        Ok(fetch!(one, self => (String,), FACTS, id)?.0)
    }

    /// The bytes of a letter as they left, or will; `None` before its release.
    pub async fn letter_bytes(&mut self, id: Id) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(fetch!(optional, self => (Option<Vec<u8>>,), BYTES, id)?.and_then(|(bytes,)| bytes))
    }

    /// Whether a letter of ours has this Message-ID, and then the call it was about.
    pub async fn letter_with_message_id(&mut self, message_id: &str) -> Result<Option<OwnLetter>, StoreError> {
        fetch!(optional, self => OwnLetter, OURS, message_id)
    }
}

fn listed(rows: Vec<Each<LetterRow>>) -> Vec<Read<LetterRow>> {
    let named = |letter: Each<LetterRow>| Read::from(letter).map_err(|why| format!("a letter cannot be read: {why}"));
    rows.into_iter().map(named).collect()
}
