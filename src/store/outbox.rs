//! Letters on their way out: claimed by one, frozen, handed over, and what came of it.
//!
//! Promises that only the claim's epoch moves a letter: whoever lost it changes nothing. A letter in `sending` may have
//! left; what is done with it is the post's business.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use std::time::Duration;

use jiff::Timestamp;

use super::{Count, Id, IfAny, Legible, LetterState, Sql, StoreError, Time, Tx, intake_number, leases::micros, word};
use crate::{
    core::{cause::Cause, event::HeldFor, iso3::Iso3},
    letters::facts::LetterKind,
};

/// A column of the message that a letter answers.
macro_rules! of_its_message {
    ($column:literal, $name:literal) => {
        concat!("(SELECT m.", $column, " FROM message m WHERE m.id = letter.message_id) AS ", $name)
    };
}

/// Claims the letter that is due longest at `$3`.
macro_rules! claim {
    ($db:ident) => {
        concat!(
            "UPDATE letter SET ", claimed!($db), ", epoch = epoch + 1, begun = begun + 1
             WHERE ", free_among!($db, "SELECT id FROM letter
                 WHERE state IN ('waiting', 'released', 'sending') AND not_before <= $3 AND ", letters_may_leave!(), "
                     AND lease_until < ", now!($db), "
                 ORDER BY not_before, id LIMIT 1"), "
             RETURNING id, message_id, call_id, iso3, step, kind, state, recipient, recipient_name, subject, body, guard_revision, bytes,
                 rfc_message_id, attempts, begun, own_ends, fault, epoch, decided_at, released_at, ",
            of_its_message!("rfc_message_id", "in_reply_to"), ", ", of_its_message!("number", "number"), ", ",
            of_its_message!("thread", "thread"), ", ", of_its_message!("revision", "revision"), ",
                 (SELECT COUNT(*) FROM attempt a WHERE a.letter_id = letter.id AND a.outcome = 'uncertain') AS uncertain"
        )
    };
}

/// The claim on a letter that is on its way.
macro_rules! on_its_way {
    () => {
        "id = $1 AND epoch = $2 AND state IN ('waiting', 'released', 'sending')"
    };
}

statements! {
    CLAIM = each!(claim);
    FREEZE = Sql::both(
        "UPDATE letter SET state = 'released', released_at = $3, rfc_message_id = $4, bytes = $5
         WHERE id = $1 AND epoch = $2 AND state = 'waiting'");
    SENDING = Sql::both(concat!(
        "UPDATE letter SET state = 'sending', leaving_at = CASE WHEN state = 'sending' THEN leaving_at ELSE $3 END
         WHERE id = $1 AND epoch = $2 AND lease_until > 0 AND state IN ('released', 'sending') AND ",
        letters_may_leave!()));
    KEEP_GIVEN_BACK = keeping!("$4", "id = $1 AND epoch = $2 AND state = 'sending' AND $3 <> 'sending'");
    GIVE_BACK = Sql::both(concat!(
        "UPDATE letter SET lease_until = 0, begun = CASE WHEN begun > 0 THEN begun - 1 ELSE 0 END,
             state = CASE WHEN state = 'sending' AND $3 <> 'sending' THEN 'released' ELSE state END
         WHERE ", on_its_way!()));
    SENT = Sql::both(
        "UPDATE letter SET state = 'sent', sent_at = $3, attempts = attempts + 1, reason = NULL, lease_until = 0, begun = 0,
             own_ends = 0, fault = NULL
         WHERE id = $1 AND epoch = $2 AND state = 'sending'");
    KEEP_LATER = keeping!("$3", "id = $1 AND epoch = $2 AND state = 'sending'");
    LATER = Sql::both(concat!(
        "UPDATE letter SET state = CASE WHEN bytes IS NULL THEN 'waiting' ELSE 'released' END, not_before = $3,
             attempts = attempts + 1, reason = $4, lease_until = 0, begun = 0, own_ends = 0,
             fault = NULL
         WHERE ", on_its_way!()));
    KEEP_END = keeping!("$3", on_its_way!());
    END = Sql::both(concat!(
        "UPDATE letter SET state = $3, reason = $4, held_for = COALESCE(CAST($5 AS TEXT), held_for),
             attempts = attempts + 1, lease_until = 0, begun = 0, own_ends = 0,
             fault = NULL
         WHERE ", on_its_way!()));
    HOLD_ALONE = Sql::both(concat!(
        "UPDATE letter SET state = 'held', held_for = $3, reason = $4, lease_until = 0, begun = 0, own_ends = 0,
             fault = NULL
         WHERE ", on_its_way!()));
    REFUSED = Sql::both(concat!(
        "UPDATE letter SET epoch = epoch + 1, begun = begun + 1, own_ends = own_ends + 1, fault = $3
         WHERE ", on_its_way!(), "
         RETURNING own_ends"));
    ATTEMPT = Sql::both(
        "INSERT INTO attempt (letter_id, n, at, outcome, detail, cause) VALUES ($1, $2, $3, $4, $5, $6)");
    TRIED_SINCE = Sql::both(
        "SELECT MIN(at) FROM attempt
         WHERE letter_id = $1 AND outcome IN ('later', 'uncertain') AND (cause IS NULL OR cause = 'doubtful')
             AND n > COALESCE((SELECT MAX(e.n) FROM attempt e
                 WHERE e.letter_id = $1 AND e.outcome IN ('sent', 'failed', 'held')), 0)");
    LEFT_SINCE_DOUBT = Sql::both(
        "SELECT COUNT(*) FROM letter o
         WHERE o.state = 'sent' AND o.id <> $1 AND o.sent_at >= (
             SELECT MIN(a.at) FROM attempt a
             WHERE a.letter_id = $1 AND a.cause = 'doubtful'
                 AND a.n > COALESCE((SELECT MAX(e.n) FROM attempt e
                     WHERE e.letter_id = $1 AND e.outcome IN ('sent', 'failed', 'held')), 0))");
    DUE_NOW = Sql::both(
        "UPDATE letter SET not_before = $1
         WHERE state = 'released' AND not_before > $1 AND EXISTS (
             SELECT 1 FROM attempt a WHERE a.letter_id = letter.id AND a.n = letter.attempts
                 AND a.cause IS NOT NULL AND a.cause NOT IN ('addresses', 'doubtful'))");
    THAT_WAIT = Sql::both(
        "SELECT a.cause, COUNT(*),
             MIN((SELECT f.at FROM attempt f WHERE f.letter_id = l.id AND f.cause = a.cause ORDER BY f.n LIMIT 1))
         FROM letter l JOIN attempt a ON a.letter_id = l.id AND a.n = l.attempts
         WHERE l.state IN ('waiting', 'released') AND a.cause IS NOT NULL
         GROUP BY a.cause ORDER BY a.cause");
    DUE_SINCE = Sql::both(concat!(
        "SELECT MIN(COALESCE(released_at, not_before)) FROM letter
         WHERE state IN ('waiting', 'released', 'sending') AND (released_at IS NOT NULL OR not_before <= $1) AND ",
        letters_may_leave!()));
    NEXT_DUE = Sql::both(concat!(
        "SELECT MIN(not_before) FROM letter WHERE state IN ('waiting', 'released', 'sending') AND ",
        letters_may_leave!()));
}

/// A claimed letter: what is left to do for it, and by whom.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimedLetter {
    /// The row, by which people name it.
    pub id: Id,
    /// The message it answers.
    pub message_id: Option<Id>,
    /// The call.
    pub call_id: Option<Id>,
    number: Option<i64>,
    iso3: Option<String>,
    step: Option<String>,
    kind: Legible<LetterKind>,
    state: Legible<LetterState>,
    /// To whom.
    pub recipient: String,
    /// The display name of the recipient.
    pub recipient_name: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    guard_revision: Option<i64>,
    /// The bytes, once frozen.
    pub bytes: Option<Vec<u8>>,
    /// The Message-ID, once frozen.
    pub rfc_message_id: Option<String>,
    /// How often it was tried before.
    pub attempts: i64,
    /// How often it was taken up, this time included, since anything was last heard of it: of the other times the end of the
    /// program was the end, or the database refused it.
    pub begun: i64,
    /// How often of those it was its own: nothing else was in hand, or it was the database that refused it.
    pub own_ends: i64,
    /// Why the database refused it the last time.
    pub fault: Option<String>,
    /// The epoch of the claim.
    pub epoch: i64,
    /// How often it was uncertain whether it left.
    pub uncertain: i64,
    /// The Message-ID of the message that it answers.
    pub in_reply_to: Option<String>,
    thread: Option<String>,
    revision: Option<i64>,
    decided_at: Legible<Time>,
    released_at: Legible<IfAny<Time>>,
}

impl ClaimedLetter {
    /// What it is about, as the log names it: the message that it answers, or the state that it goes to.
    #[must_use]
    pub fn about(&self) -> String {
        match (self.number, &self.iso3, &self.step) {
            (Some(number), ..) => intake_number(number),
            (None, Some(iso3), Some(step)) => format!("{iso3}, step “{step}”"),
            (None, Some(iso3), None) => iso3.clone(),
            _ => "nobody".to_owned(),
        }
    }

    /// The thread of the message that it answers, oldest first, that one last.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.thread.as_deref().unwrap_or_default().split_whitespace()
    }

    /// Whether the entry that it speaks of is another by now.
    #[must_use]
    pub fn entry_changed(&self) -> bool {
        self.guard_revision.is_some() && self.guard_revision != self.revision
    }

    /// The state that it goes to, where it answers no message.
    pub fn state_told(&self) -> Result<Option<Iso3>, StoreError> {
        let cannot = |error| StoreError::Row(format!("the state of letter {} cannot be read: {error}", self.id));
        self.iso3.as_deref().map(str::parse).transpose().map_err(cannot)
    }

    /// Its kind.
    pub fn kind(&self) -> Result<LetterKind, StoreError> {
        self.kind.read("kind", "letter", self.id)
    }

    /// Where it stood when it was claimed.
    pub fn state(&self) -> Result<LetterState, StoreError> {
        self.state.read("state", "letter", self.id)
    }

    /// When it was decided.
    pub fn decided_at(&self) -> Result<Timestamp, StoreError> {
        Ok(self.decided_at.read("decided_at", "letter", self.id)?.into())
    }

    /// When it was frozen, which is when it was first to leave; `None` before that.
    pub fn released_at(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.released_at.read("released_at", "letter", self.id)?.into())
    }
}

impl Tx {
    /// Claims the letter that is due longest.
    pub async fn claim_letter(
        &mut self,
        owner: &str,
        for_how_long: Duration,
        now: Timestamp,
    ) -> Result<Option<ClaimedLetter>, StoreError> {
        fetch!(optional, self => ClaimedLetter, CLAIM, owner, micros(for_how_long), now.as_microsecond())
    }

    /// Fixes Message-ID, date and bytes. `false` if the claim was lost, or a person took the letter back.
    pub async fn freeze_letter(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        message_id: &str,
        bytes: &[u8],
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, FREEZE, letter.id, letter.epoch, at.as_microsecond(), message_id, bytes)? == 1)
    }

    /// Says that the letter is being handed over from now on. `false` if the claim was lost, or ended because nobody had
    /// heard of its owner, or nothing is to leave.
    pub async fn letter_leaves(&mut self, letter: &ClaimedLetter, at: Timestamp) -> Result<bool, StoreError> {
        self.keep_the_switch().await?;
        Ok(execute!(self, SENDING, letter.id, letter.epoch, at.as_microsecond())? == 1)
    }

    /// Gives back the claim on a letter that has not left by it, whatever was said of its leaving, as if it had never been.
    pub async fn letter_given_back(&mut self, letter: &ClaimedLetter, at: Timestamp) -> Result<(), StoreError> {
        let (state, at) = (letter.state()?, at.as_microsecond());
        execute!(self, KEEP_GIVEN_BACK, letter.id, letter.epoch, state, at)?;
        execute!(self, GIVE_BACK, letter.id, letter.epoch, state)?;
        Ok(())
    }

    /// Records that the letter was handed over. `false` if the claim was lost.
    pub async fn letter_sent(&mut self, letter: &ClaimedLetter, at: Timestamp) -> Result<bool, StoreError> {
        let rows = execute!(self, SENT, letter.id, letter.epoch, at.as_microsecond())?;
        self.add_attempt(rows, letter, at, "sent", None, None).await
    }

    /// Leaves the letter for another attempt. `false` if the claim was lost, or a person took the letter back.
    pub async fn letter_later(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        next: Timestamp,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.put_off(letter, (at, next), "later", reason, None).await
    }

    /// Leaves the letter for another attempt, for this one says nothing about the letter, or perhaps nothing. `false` if the
    /// claim was lost, or a person took the letter back.
    pub async fn letter_waits(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        next: Timestamp,
        cause: Cause,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.put_off(letter, (at, next), "later", reason, Some(cause)).await
    }

    /// Leaves the letter for another attempt with the same bytes, though it may have left; that is counted. `false` if
    /// the claim was lost, or a person took the letter back.
    pub async fn letter_uncertain(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        next: Timestamp,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.put_off(letter, (at, next), "uncertain", reason, None).await
    }

    async fn put_off(
        &mut self,
        letter: &ClaimedLetter,
        (at, next): (Timestamp, Timestamp),
        outcome: &str,
        reason: &str,
        cause: Option<Cause>,
    ) -> Result<bool, StoreError> {
        execute!(self, KEEP_LATER, letter.id, letter.epoch, at.as_microsecond())?;
        let rows = execute!(self, LATER, letter.id, letter.epoch, next.as_microsecond(), reason)?;
        self.add_attempt(rows, letter, at, outcome, Some(reason), cause).await
    }

    /// Ends a letter that has not left: failed, or discarded. `false` if the claim was lost, or a person took the letter
    /// back.
    pub async fn letter_ends(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        state: LetterState,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.take_off(letter, at, state, reason, None).await
    }

    /// Leaves a letter to a person. `false` if the claim was lost, or a person took the letter back.
    pub async fn letter_held(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        held_for: HeldFor,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.take_off(letter, at, LetterState::Held, reason, Some(held_for)).await
    }

    async fn take_off(
        &mut self,
        letter: &ClaimedLetter,
        at: Timestamp,
        state: LetterState,
        reason: &str,
        held_for: Option<HeldFor>,
    ) -> Result<bool, StoreError> {
        execute!(self, KEEP_END, letter.id, letter.epoch, at.as_microsecond())?;
        let rows = execute!(self, END, letter.id, letter.epoch, state, reason, held_for)?;
        self.add_attempt(rows, letter, at, &word(&state)?, Some(reason), None).await
    }

    /// Leaves a letter to a person where no attempt and no event can be written down. `kept` is until when it stood as it
    /// stands; without it, not even that is written down. `false` if the claim was lost, or a person took the letter back.
    pub async fn letter_held_alone(
        &mut self,
        letter: &ClaimedLetter,
        kept: Option<Timestamp>,
        held_for: HeldFor,
        reason: &str,
    ) -> Result<bool, StoreError> {
        if let Some(at) = kept {
            execute!(self, KEEP_END, letter.id, letter.epoch, at.as_microsecond())?;
        }
        Ok(execute!(self, HOLD_ALONE, letter.id, letter.epoch, word(&held_for)?, reason)? == 1)
    }

    /// Counts that the database refused what was to be done with a letter, whose claim did not happen for it, and why; yields
    /// how often an end or a refusal was its own. The epoch is that of the claim again. `None` if another has taken it up meanwhile.
    pub async fn letter_refused(&mut self, letter: &ClaimedLetter, why: &str) -> Result<Option<i64>, StoreError> {
        let row = fetch!(optional, self => (i64,), REFUSED, letter.id, letter.epoch - 1, why)?;
        Ok(row.map(|(own,)| own))
    }

    /// Records the attempt that changed so many rows: with none, it was another's by then.
    async fn add_attempt(
        &mut self,
        rows: u64,
        letter: &ClaimedLetter,
        at: Timestamp,
        outcome: &str,
        detail: Option<&str>,
        cause: Option<Cause>,
    ) -> Result<bool, StoreError> {
        if rows == 1 {
            execute!(self, ATTEMPT, letter.id, letter.attempts + 1, at.as_microsecond(), outcome, detail, cause)?;
        }
        Ok(rows == 1)
    }

    /// Since when a letter is tried in vain for what may be its own fault; `None` if it is not. What a person sent once more
    /// begins anew.
    pub async fn tried_since(&mut self, letter: Id) -> Result<Option<Timestamp>, StoreError> {
        Ok(fetch!(one, self => (IfAny<Time>,), TRIED_SINCE, letter)?.0.into())
    }

    /// Whether another letter has left since it was first in doubt whether this one is refused for its own fault.
    pub async fn another_left_since_doubt(&mut self, letter: Id) -> Result<bool, StoreError> {
        Ok(fetch!(one, self => (i64,), LEFT_SINCE_DOUBT, letter)?.0 > 0)
    }

    /// What kept all letters from leaving is over: those that wait for it are due.
    pub async fn letters_go_on(&mut self, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, DUE_NOW, now.as_microsecond())?;
        Ok(())
    }

    /// How many letters wait for what is not known to be their own fault: by cause, with the time of the first attempt.
    pub async fn letters_that_wait(&mut self) -> Result<Vec<(Cause, u64, Timestamp)>, StoreError> {
        let rows = fetch!(all, self => (Cause, Count<u64>, Time), THAT_WAIT)?;
        Ok(rows.into_iter().map(|(cause, Count(letters), Time(since))| (cause, letters, since)).collect())
    }

    /// Since when the oldest letter has been due that has not left; none if nothing is due.
    pub async fn letters_due(&mut self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        Ok(fetch!(one, self => (IfAny<Time>,), DUE_SINCE, now.as_microsecond())?.0.into())
    }

    /// When the next letter is due.
    pub async fn next_letter_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(fetch!(one, self => (IfAny<Time>,), NEXT_DUE)?.0.into())
    }
}
