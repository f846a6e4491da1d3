//! Letters as they are decided and looked at: every one with its facts, decided in the transaction of its entry.
//!
//! A letter goes `waiting → released → sending → sent`, or ends as `failed` or `discarded`; `held` waits for a person.
//! `released` has its Message-ID, date and bytes, and once it may have left they never change again. How it leaves stands
//! in `outbox`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Id, Sql, StoreError, Tx, choice, time, word};
use crate::{
    core::{
        event::HeldFor,
        iso3::Iso3,
        mail::{address::folded, mail_loop::Turn},
    },
    letters::facts::LetterKind,
};

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
    KEEP_DECIDED = keeping!("$3",
        "message_id = $1 AND kind = $2 AND state IN ('waiting', 'held', 'discarded') AND bytes IS NULL");
    DECIDE = Sql::both(
        "INSERT INTO letter (message_id, call_id, iso3, step, kind, facts, language, template, recipient,
             recipient_name, subject, body, guard_revision, not_before, state, reason, attempts, lease_until, epoch,
             decided_at, held_for, to_mailbox)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0, $17, $18, $19)
         ON CONFLICT (message_id, kind) DO UPDATE SET
             call_id = excluded.call_id, facts = excluded.facts, language = excluded.language,
             template = excluded.template, recipient = excluded.recipient, recipient_name = excluded.recipient_name,
             subject = excluded.subject, body = excluded.body, guard_revision = excluded.guard_revision,
             not_before = excluded.not_before, state = excluded.state, reason = excluded.reason,
             decided_at = excluded.decided_at, held_for = excluded.held_for, to_mailbox = excluded.to_mailbox,
             lease_until = 0, epoch = letter.epoch + 1
         WHERE letter.state IN ('waiting', 'held', 'discarded') AND letter.bytes IS NULL
         RETURNING id");
    REMIND = Sql::both(
        "INSERT INTO letter (call_id, iso3, step, kind, facts, language, template, recipient, recipient_name, subject,
             body, not_before, state, reason, attempts, lease_until, epoch, decided_at, held_for, to_mailbox)
         VALUES ($1, $2, $3, 'reminder', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $15, $16)
         ON CONFLICT (call_id, iso3, step) DO NOTHING
         RETURNING id");
    REMINDED = Sql::both("SELECT iso3 FROM letter WHERE call_id = $1 AND step = $2");
    TURNS_ABOUT = Sql::both(
        "SELECT l.subject, l.body, COALESCE(m.body, '') FROM letter l JOIN message m ON m.id = l.message_id
         WHERE m.number = $1 AND l.released_at > $2 AND l.state <> 'discarded' ORDER BY l.id DESC");
    TURNS = Sql::both(
        "SELECT l.subject, l.body, COALESCE(m.body, '')
         FROM (SELECT id FROM letter WHERE to_mailbox = $1 AND released_at > $2 ORDER BY released_at DESC LIMIT 20) AS newest
         JOIN letter l ON l.id = newest.id JOIN message m ON m.id = l.message_id
         WHERE l.state <> 'discarded' ORDER BY l.id DESC");
    LIST = Sql::both(concat!(letter_columns!(), "ORDER BY l.id"));
    ONE = Sql::both(concat!(letter_columns!(), "WHERE l.id = $1"));
    OF_MESSAGE = Sql::both(concat!(letter_columns!(), "WHERE l.message_id = $1 ORDER BY l.id"));
    ABOUT_STATES = Sql::both(
        "SELECT DISTINCT l.id, l.message_id, COALESCE(l.iso3, t.iso3) AS iso3, l.step, l.kind, l.state, l.reason,
             l.recipient, l.recipient_name, l.subject, l.body, l.language, l.not_before, l.decided_at, l.sent_at,
             l.attempts, l.copy_state, l.copy_reason, l.held_for, CAST(NULL AS BIGINT) AS number
         FROM letter l
         LEFT JOIN item i ON i.message_id = l.message_id
         LEFT JOIN version v ON v.item_id = COALESCE(i.duplicate_of, i.id) AND v.withdrawn_at IS NULL
         LEFT JOIN submission_state t ON t.submission_id = v.submission_id
         WHERE l.call_id = $1 AND (l.iso3 IS NOT NULL OR t.iso3 IS NOT NULL) ORDER BY l.id");
    OF_STATE = Sql::both(concat!(letter_columns!(), "WHERE l.call_id = $1 AND l.iso3 = $2 ORDER BY l.id"));
    KEEP_BY_HAND = keeping!("$3", "id = $1 AND state = $2");
    BY_HAND = Sql::both(
        "UPDATE letter SET state = $3, reason = $4, not_before = $5, held_for = NULL, lease_until = 0, epoch = epoch + 1
         WHERE id = $1 AND state = $2");
    HELD = Sql::both(
        "SELECT l.id, l.reason,
             COALESCE((SELECT MAX(p.until) FROM letter_past p WHERE p.letter_id = l.id), l.decided_at), m.number, m.subject
         FROM letter l JOIN message m ON m.id = l.message_id LEFT JOIN call c ON c.id = l.call_id
         WHERE l.state = 'held' AND (c.code = $1 OR c.code IS NULL) ORDER BY l.id");
    BYTES = Sql::both("SELECT bytes FROM letter WHERE id = $1");
    TO_RELEASE = Sql::both(
        "SELECT l.id, l.message_id, l.call_id, l.iso3, l.kind, l.recipient, l.reason, l.held_for, m.number,
             CAST(CASE WHEN l.bytes IS NULL THEN 0 ELSE 1 END AS BIGINT) AS frozen
         FROM letter l LEFT JOIN message m ON m.id = l.message_id WHERE l.state = 'held' ORDER BY l.id");
    STATES_OF = Sql::both(
        "SELECT DISTINCT l.id, t.iso3
         FROM letter l
         JOIN item i ON i.message_id = l.message_id
         JOIN version v ON v.item_id = COALESCE(i.duplicate_of, i.id) AND v.withdrawn_at IS NULL
         JOIN submission_state t ON t.submission_id = v.submission_id
         WHERE l.state = $1 ORDER BY l.id, t.iso3");
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

/// A letter that was decided.
#[derive(Clone, Debug)]
pub struct NewLetter<'a> {
    /// The message it answers; none for a reminder.
    pub message: Option<Id>,
    /// The call.
    pub call: Option<Id>,
    /// The state that is reminded, and by which step.
    pub reminds: Option<(&'a str, &'a str)>,
    /// Its kind.
    pub kind: LetterKind,
    /// Its facts in JSON.
    pub facts: &'a str,
    /// Its language by code.
    pub language: &'a str,
    /// The version of its template.
    pub template: &'a str,
    /// To whom: one address.
    pub recipient: &'a str,
    /// The display name of the recipient.
    pub recipient_name: Option<&'a str>,
    /// Its subject.
    pub subject: &'a str,
    /// Its text.
    pub body: &'a str,
    /// The revision of the entry that it speaks of.
    pub guard_revision: Option<i64>,
    /// It does not leave earlier.
    pub not_before: Timestamp,
    /// For what it is held for a person, and why in a sentence.
    pub held: Option<(HeldFor, &'a str)>,
    /// Now.
    pub at: Timestamp,
}

/// A letter of ours that somebody refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnLetter {
    /// The call it was about.
    pub call: Option<Id>,
    /// When it left, in microseconds since 1970.
    pub sent_at: Option<i64>,
}

/// A letter to a message that is held for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLetter {
    /// The row, by which people name it.
    pub id: Id,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// The intake number of the message it answers.
    pub number: i64,
    /// The subject of that message.
    pub subject: Option<String>,
}

/// A held letter that may be let go.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToRelease {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Option<Id>,
    /// The call.
    pub call_id: Option<Id>,
    iso3: Option<String>,
    /// Its kind.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// Why it is held.
    pub reason: Option<String>,
    held_for: Option<String>,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
    frozen: i64,
}

impl ToRelease {
    /// For what it is held.
    ///
    /// # Errors
    /// The row holds no such word.
    pub fn held_for(&self) -> Result<Option<HeldFor>, StoreError> {
        self.held_for.as_deref().map(choice).transpose()
    }

    /// The state that it reminds.
    ///
    /// # Errors
    /// The row holds no code.
    pub fn reminds(&self) -> Result<Option<Iso3>, StoreError> {
        self.iso3.as_deref().map(super::iso3).transpose()
    }

    /// Its bytes are fixed.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.frozen == 1
    }
}

/// A letter as it is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LetterRow {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Option<Id>,
    /// The state that is reminded.
    pub iso3: Option<String>,
    /// The step of the reminder.
    pub step: Option<String>,
    /// Its kind, in the word of the row.
    pub kind: String,
    state: String,
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
    not_before: i64,
    decided_at: i64,
    sent_at: Option<i64>,
    /// How often it was tried.
    pub attempts: i64,
    /// Whether its copy in the mailbox is wanted, kept or failed; `None` where none is asked for.
    pub copy_state: Option<String>,
    /// Why there is no copy yet.
    pub copy_reason: Option<String>,
    held_for: Option<String>,
    /// The intake number of the message it answers.
    pub number: Option<i64>,
}

impl LetterRow {
    /// Its kind.
    ///
    /// # Errors
    /// The row holds no kind.
    pub fn kind(&self) -> Result<LetterKind, StoreError> {
        choice(&self.kind)
    }

    /// Where it stands.
    ///
    /// # Errors
    /// The row holds no state.
    pub fn state(&self) -> Result<LetterState, StoreError> {
        choice(&self.state)
    }

    /// It does not leave earlier.
    ///
    /// # Errors
    /// The row holds no time.
    pub fn not_before(&self) -> Result<Timestamp, StoreError> {
        time(self.not_before)
    }

    /// When it was decided.
    ///
    /// # Errors
    /// The row holds no time.
    pub fn decided_at(&self) -> Result<Timestamp, StoreError> {
        time(self.decided_at)
    }

    /// When it was handed over.
    ///
    /// # Errors
    /// The row holds no time.
    pub fn sent_at(&self) -> Result<Option<Timestamp>, StoreError> {
        super::optional_time(self.sent_at)
    }

    /// For what it is held.
    ///
    /// # Errors
    /// The row holds no such word.
    pub fn held_for(&self) -> Result<Option<HeldFor>, StoreError> {
        self.held_for.as_deref().map(choice).transpose()
    }
}

impl Tx {
    /// Puts a letter into the outbox, in place of one of the same kind for the same message that has not been frozen.
    /// `None` where such a letter was frozen or sent already, or the state was reminded by this step before: nothing
    /// is sent twice.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn decide_letter(&mut self, letter: &NewLetter<'_>) -> Result<Option<Id>, StoreError> {
        let (not_before, at) = (letter.not_before.as_microsecond(), letter.at.as_microsecond());
        let state = word(&if letter.held.is_some() { LetterState::Held } else { LetterState::Waiting })?;
        let (held_for, reason) = letter.held.unzip();
        let held_for = held_for.map(|held_for| word(&held_for)).transpose()?;
        let row = if let Some((iso3, step)) = letter.reminds {
            fetch!(optional, self => (Id,), REMIND,
                letter.call,
                iso3,
                step,
                letter.facts,
                letter.language,
                letter.template,
                letter.recipient,
                letter.recipient_name,
                letter.subject,
                letter.body,
                not_before,
                state,
                reason,
                at,
                held_for,
                folded(letter.recipient),
            )?
        } else {
            let none = None::<&str>;
            execute!(self, KEEP_DECIDED, letter.message, word(&letter.kind)?, at)?;
            fetch!(optional, self => (Id,), DECIDE,
                letter.message,
                letter.call,
                none,
                none,
                word(&letter.kind)?,
                letter.facts,
                letter.language,
                letter.template,
                letter.recipient,
                letter.recipient_name,
                letter.subject,
                letter.body,
                letter.guard_revision,
                not_before,
                state,
                reason,
                at,
                held_for,
                folded(letter.recipient),
            )?
        };
        Ok(row.map(|(id,)| id))
    }

    /// The states that a step has reminded already.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn reminded(&mut self, call: Id, step: &str) -> Result<Vec<String>, StoreError> {
        Ok(fetch!(all, self => (String,), REMINDED, call, step)?.into_iter().map(|(iso3,)| iso3).collect())
    }

    /// The newest letters that went, or may have gone, to an address, however it is written, since that time, reminders
    /// aside.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn turns(&mut self, address: &str, since: Timestamp) -> Result<Vec<Turn>, StoreError> {
        Ok(turns(fetch!(all, self => (String, String, String), TURNS, folded(address), since.as_microsecond())?))
    }

    /// The letters that went, or may have gone, since that time to the message with an intake number, whoever got them.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn turns_about(&mut self, number: i64, since: Timestamp) -> Result<Vec<Turn>, StoreError> {
        Ok(turns(fetch!(all, self => (String, String, String), TURNS_ABOUT, number, since.as_microsecond())?))
    }

    /// All letters, oldest first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters(&mut self) -> Result<Vec<LetterRow>, StoreError> {
        fetch!(all, self => LetterRow, LIST)
    }

    /// The letters to messages that are held for a person, in a call or in none.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn held_letters(&mut self, call: &str) -> Result<Vec<HeldLetter>, StoreError> {
        let rows = fetch!(all, self => (Id, Option<String>, i64, i64, Option<String>), HELD, call)?;
        let held = |(id, reason, since, number, subject): (Id, Option<String>, i64, i64, Option<String>)| {
            Ok(HeldLetter { id, reason: reason.unwrap_or_default(), since: time(since)?, number, subject })
        };
        rows.into_iter().map(held).collect()
    }

    /// All letters that are held for a person, oldest first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters_to_release(&mut self) -> Result<Vec<ToRelease>, StoreError> {
        fetch!(all, self => ToRelease, TO_RELEASE)
    }

    /// The states for which the messages are filed that the letters answer which stand so.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn states_of_letters(&mut self, state: LetterState) -> Result<Vec<(Id, Iso3)>, StoreError> {
        let rows = fetch!(all, self => (Id, String), STATES_OF, word(&state)?)?;
        rows.into_iter().map(|(id, code)| Ok((id, super::iso3(&code)?))).collect()
    }

    /// A letter by its number.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letter(&mut self, id: Id) -> Result<Option<LetterRow>, StoreError> {
        fetch!(optional, self => LetterRow, ONE, id)
    }

    /// The letters of a message.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters_of_message(&mut self, message: Id) -> Result<Vec<LetterRow>, StoreError> {
        fetch!(all, self => LetterRow, OF_MESSAGE, message)
    }

    /// The letters of a call that were about states, each with its state: reminders, and answers to what is filed.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letters_about_states(&mut self, call: Id) -> Result<Vec<LetterRow>, StoreError> {
        fetch!(all, self => LetterRow, ABOUT_STATES, call)
    }

    /// The reminders to a state in a call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn reminders_to(&mut self, call: Id, iso3: &str) -> Result<Vec<LetterRow>, StoreError> {
        fetch!(all, self => LetterRow, OF_STATE, call, iso3)
    }

    /// Moves a letter by a person's hand; it does not leave before `not_before`. `false` if it is not in the state it was
    /// shown in.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn move_letter(
        &mut self,
        id: Id,
        from: LetterState,
        to: LetterState,
        reason: Option<&str>,
        at: Timestamp,
        not_before: Timestamp,
    ) -> Result<bool, StoreError> {
        execute!(self, KEEP_BY_HAND, id, word(&from)?, at.as_microsecond())?;
        Ok(execute!(self, BY_HAND, id, word(&from)?, word(&to)?, reason, not_before.as_microsecond())? == 1)
    }

    /// The bytes of a letter as they left, or will; `None` before its release.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letter_bytes(&mut self, id: Id) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(fetch!(optional, self => (Option<Vec<u8>>,), BYTES, id)?.and_then(|(bytes,)| bytes))
    }

    /// Whether a letter of ours has this Message-ID, and then the call it was about.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn letter_with_message_id(&mut self, message_id: &str) -> Result<Option<OwnLetter>, StoreError> {
        fetch!(optional, self => OwnLetter, OURS, message_id)
    }
}

fn turns(rows: Vec<(String, String, String)>) -> Vec<Turn> {
    rows.into_iter().map(|(subject, letter, answered)| Turn { subject, letter, answered }).collect()
}
