//! Letters as they are decided: each with its facts, in the transaction of what it rests on.
//!
//! Promises one letter of each occasion. One that was decided for a message and has not been frozen gives way to the next
//! of its kind; one that was, and every reminder, stays the only one of its occasion.

#![expect(clippy::missing_errors_doc, reason = "the database did not answer, or a row holds no word that is known")]

use jiff::Timestamp;

use super::{Id, LetterState, Sql, StoreError, Time, Tx};
use crate::core::{
    event::HeldFor,
    iso3::Iso3,
    letter_kind::{LetterKind, Occasion},
    mail::address::folded,
};

/// The letter of the kind `$2` to the message `$1` that gives way to another: the newest that has not been frozen.
macro_rules! gives_way {
    () => {
        "id = (SELECT MAX(o.id) FROM letter o WHERE o.message_id = $1 AND o.kind = $2
                 AND o.state IN ('waiting', 'held', 'discarded') AND o.bytes IS NULL)"
    };
}

statements! {
    KEEP_DECIDED = keeping!("$3", gives_way!());
    DECIDE = Sql::both(concat!(
        "UPDATE letter SET occasion = $3, call_id = $4, facts = $5, language = $6, template = $7, recipient = $8,
             recipient_name = $9, subject = $10, body = $11, guard_revision = $12, not_before = $13, state = $14,
             reason = $15, decided_at = $16, held_for = $17, to_mailbox = $18, lease_until = 0, epoch = epoch + 1,
             begun = 0, own_ends = 0, fault = NULL
         WHERE ", gives_way!(), "
             AND NOT EXISTS (SELECT 1 FROM letter o WHERE o.occasion = $3 AND o.id <> letter.id)
         RETURNING id"));
    ADD = Sql::both(
        "INSERT INTO letter (occasion, message_id, call_id, iso3, step, kind, facts, language, template, recipient,
             recipient_name, subject, body, guard_revision, not_before, state, reason, attempts, lease_until, epoch,
             decided_at, held_for, to_mailbox)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 0, $18, $19, $20)
         ON CONFLICT (occasion) DO NOTHING
         RETURNING id");
    REMINDED = Sql::both("SELECT iso3 FROM letter WHERE call_id = $1 AND step = $2 AND decided_at < $3");
    TOLD_LAST = Sql::both(
        "SELECT facts, COALESCE(released_at, decided_at) AS at FROM letter
         WHERE message_id = $1 AND kind IN ($2, $3, $4) AND bytes IS NOT NULL ORDER BY decided_at DESC, id DESC LIMIT 1");
}

/// A letter that was decided.
#[derive(Clone, Debug)]
pub struct NewLetter<'a> {
    /// What it is for.
    pub occasion: Occasion<'a>,
    /// The call.
    pub call: Option<Id>,
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

impl Tx {
    /// Puts a letter into the outbox. `None` where one of its occasion was frozen or sent already, or the state was reminded
    /// by this step before: nothing is sent twice.
    pub async fn decide_letter(&mut self, letter: &NewLetter<'_>) -> Result<Option<Id>, StoreError> {
        let (not_before, at) = (letter.not_before.as_microsecond(), letter.at.as_microsecond());
        let state = if letter.held.is_some() { LetterState::Held } else { LetterState::Waiting };
        let (held_for, reason) = letter.held.unzip();
        let occasion = letter.occasion.key(letter.kind);
        let (message, iso3, step) = match letter.occasion {
            Occasion::Message { message, .. } => (Some(message), None, None),
            Occasion::Step { state, step, .. } => (None, Some(state), Some(step)),
            Occasion::Act { state, .. } | Occasion::Deadline { state, .. } => (None, Some(state), None),
        };
        // Of several acts each is told.
        if message.is_some() && !letter.kind.is_of_an_act() {
            execute!(self, KEEP_DECIDED, message, letter.kind, at)?;
            let anew = fetch!(optional, self => (Id,), DECIDE,
                message,
                letter.kind,
                &occasion,
                letter.call,
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
            )?;
            if let Some((id,)) = anew {
                return Ok(Some(id));
            }
        }
        let added = fetch!(optional, self => (Id,), ADD,
            &occasion,
            message,
            letter.call,
            iso3,
            step,
            letter.kind,
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
        )?;
        Ok(added.map(|(id,)| id))
    }

    /// The states that a step had reminded before a time.
    pub async fn reminded(&mut self, call: Id, step: &str, before: Timestamp) -> Result<Vec<Iso3>, StoreError> {
        Ok(fetch!(all, self => (Iso3,), REMINDED, call, step, before.as_microsecond())?
            .into_iter()
            .map(|(iso3,)| iso3)
            .collect())
    }

    /// The facts, in JSON, of the last letter of these kinds, three at most, to a message that left, or may have left; and when
    /// that was made.
    pub async fn told_last(
        &mut self,
        message: Id,
        kinds: &[LetterKind],
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let Some(last) = kinds.last() else { return Ok(None) };
        let [one, two, three] = [0, 1, 2].map(|n| *kinds.get(n).unwrap_or(last));
        let told = fetch!(optional, self => (String, Time), TOLD_LAST, message, one, two, three)?;
        Ok(told.map(|(facts, Time(at))| (facts, at)))
    }
}
