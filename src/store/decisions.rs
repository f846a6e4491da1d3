//! What people decided on items, what they took back, and each item as it was before.
//!
//! Promises that a decision is only ever added: one that is taken back stays, and another names it. Of the decisions on an
//! item the newest that was not taken back stands.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;

use super::{Each, Id, Legible, Read, Sql, StoreError, Time, Tx, When, asked::asked, found::FindingRow};
use crate::core::{
    actor::Actor,
    decision::{Consequences, Ruling},
    finding::{Finding, FindingKind},
    iso3::Iso3,
    judging::matching::{Kind, Match},
    letter_kind::LetterKind,
    question::Questions,
};

/// A decision of the table `d` was not taken back and takes back none itself.
macro_rules! stands {
    ($d:literal) => {
        concat!($d, ".undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decision undo WHERE undo.undoes = ", $d, ".id)")
    };
}

/// The columns of a decision `d`, and of the one `u` that takes it back.
macro_rules! decided {
    ($from:literal) => {
        concat!(
            "SELECT d.id, d.item_id, d.kind, d.value, d.actor, d.reason, d.at, d.answer_before, d.letter_before,
                 d.consequences, u.actor AS undone_by, u.reason AS undone_reason, u.at AS undone_at
             FROM decision d ",
            $from
        )
    };
}

statements! {
    DECIDE = Sql::both(
        "INSERT INTO decision (item_id, call_id, iso3, kind, value, actor, reason, at, undoes, answer_before, letter_before)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id");
    KEEP_CONSEQUENCES = Sql::both("UPDATE decision SET consequences = $2 WHERE id = $1");
    OF_MESSAGE = Sql::both(decided!(
        "JOIN item i ON i.id = d.item_id LEFT JOIN decision u ON u.undoes = d.id
         WHERE i.message_id = $1 AND d.undoes IS NULL ORDER BY d.id"));
    DECIDED_ITEM = Sql::both(
        "SELECT m.number, i.n FROM decision d JOIN item i ON i.id = d.item_id JOIN message m ON m.id = i.message_id
         WHERE d.id = $1");
    ON_STATE = Sql::both(decided!(
        "LEFT JOIN decision u ON u.undoes = d.id
         WHERE d.call_id = $1 AND d.iso3 = $2 AND d.item_id IS NULL AND d.undoes IS NULL ORDER BY d.id"));
    ABOUT_STATE = Sql::both(decided!(
        "LEFT JOIN decision u ON u.undoes = d.id
         WHERE d.undoes IS NULL AND (
             (d.call_id = $1 AND d.iso3 = $2 AND d.item_id IS NULL)
             OR d.id IN (SELECT w.opened_by FROM said w WHERE w.call_id = $1 AND w.iso3 = $2)
             OR d.id IN (SELECT e.opened_by FROM extension e WHERE e.call_id = $1 AND e.iso3 = $2)
             OR d.item_id IN (
                 SELECT p.item_id FROM submission s
                 JOIN submission_state t ON t.submission_id = s.id
                 JOIN place p ON p.submission_id = s.id
                 WHERE s.call_id = $1 AND t.iso3 = $2))
         ORDER BY d.id"));
    ONE = Sql::both(decided!("LEFT JOIN decision u ON u.undoes = d.id WHERE d.id = $1"));
    KEEP_PAST = Sql::both(
        "INSERT INTO item_past (item_id, decision_id, until, call_id, kind, waiting, read_at)
         SELECT i.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), i.call_id, i.kind, i.waiting, m.read_at
         FROM item i JOIN message m ON m.id = i.message_id WHERE i.id = $1");
    PAST = Sql::both(
        "SELECT id, call_id, kind, waiting FROM item_past WHERE decision_id = $1");
    ASKED_BEFORE = Sql::both(
        "SELECT id, call_id, kind, waiting FROM item_past WHERE item_id = $1 ORDER BY until DESC, id DESC");
    KNOW_SENDER = Sql::both("INSERT INTO known_sender (decision_id, iso3, address) VALUES ($1, $2, $3)");
    SENDERS_OF_ITEM = Sql::both(concat!(
        "SELECT k.iso3, k.address, MIN(d.at) AS since FROM known_sender k JOIN decision d ON d.id = k.decision_id
         WHERE d.item_id = $1 AND ", stands!("d"), " GROUP BY k.iso3, k.address"));
    JUDGED = Sql::both(concat!(
        "SELECT i.id AS item, i.n, f.id, m.number, f.item_n, f.kind, f.version, f.value
         FROM item i JOIN message m ON m.id = i.message_id
         JOIN finding f ON f.id = (SELECT MAX(g.id) FROM finding g
             WHERE g.message_id = m.id AND g.item_n = i.n AND g.kind = $4)
         WHERE LOWER(i.from_address) = $1 AND m.read_at >= $2 AND i.id <> $3
             AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.item_id = i.id AND ", stands!("d"), ")
         ORDER BY m.number, i.n"));
}

/// What a decision is taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedOn {
    /// An item.
    Item(Id),
    /// A state.
    State {
        /// Towards this call.
        call: Id,
        /// The state.
        state: Iso3,
    },
}

/// A decision to be put on record.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    /// What it is taken on.
    pub on: DecidedOn,
    /// What was decided.
    pub ruling: &'a Ruling,
    /// Who.
    pub actor: &'a Actor,
    /// Why.
    pub reason: &'a str,
    /// When.
    pub at: Timestamp,
    /// The decision that it takes back.
    pub undoes: Option<Id>,
    /// Why the message was or was not answered before.
    pub answer_before: Option<&'a str>,
    /// The kind of the letter that had been decided before and had not left.
    pub letter_before: Option<LetterKind>,
}

/// A decision as it was put on record, and who took it back.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the table, named alike")]
pub struct DecisionRow {
    pub id: Id,
    pub item_id: Option<Id>,
    kind: String,
    value: String,
    pub actor: Actor,
    pub reason: String,
    pub at: When,
    pub answer_before: Option<String>,
    #[sqlx(try_from = "Legible<Option<LetterKind>>")]
    pub letter_before: Read<Option<LetterKind>>,
    consequences: Option<String>,
    pub undone_by: Option<Actor>,
    pub undone_reason: Option<String>,
    pub undone_at: Option<When>,
}

impl DecisionRow {
    /// What was decided.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn ruling(&self) -> Result<Ruling, StoreError> {
        Ruling::read(&self.kind, &self.value).map_err(|why| self.broken(&why))
    }

    /// What it came to; none of one that is older than that record.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn consequences(&self) -> Result<Option<Consequences>, StoreError> {
        self.consequences.as_deref().map(|kept| Consequences::read(kept).map_err(|why| self.broken(&why))).transpose()
    }

    /// Why it cannot be read, if anything in it cannot.
    #[must_use]
    pub fn unreadable(&self) -> Option<StoreError> {
        let times = [Some(self.at), self.undone_at].into_iter().flatten().map(When::time);
        let mut columns = times.map(|time| time.map(|_| ())).chain([self.letter_before.clone().map(|_| ())]);
        self.ruling().err().or_else(|| columns.find_map(Result::err).map(|why| self.broken(&why)))
    }

    fn broken(&self, why: &str) -> StoreError {
        StoreError::Row(format!("decision {} cannot be read: {why}", self.id))
    }

    /// Nobody has taken it back.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.undone_at.is_none()
    }
}

/// An item as it was before a decision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemPast {
    id: Id,
    /// The call, where it was known.
    pub call_id: Option<Id>,
    /// The kind of sender.
    pub kind: Kind,
    waiting: Option<String>,
}

impl ItemPast {
    /// What a person was asked about it.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn waiting(&self) -> Result<Questions, StoreError> {
        asked(self.waiting.as_deref(), &format!("item_past {}", self.id))
    }
}

/// An address that a person has confirmed as a state's.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownSender {
    /// The state.
    pub iso3: Iso3,
    /// The address in lower case.
    pub address: String,
    /// Since when it is known.
    #[sqlx(try_from = "Time")]
    pub since: Timestamp,
}

/// An item that the program has judged and nobody has decided.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JudgedRow {
    /// The item.
    pub item: Id,
    /// Its number within the message.
    pub n: i64,
    #[sqlx(flatten)]
    found: FindingRow,
}

impl JudgedRow {
    /// The intake number of the message.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.found.number
    }

    /// Whose it is, by what was found; none where that was erased.
    ///
    /// # Errors
    /// The row of that cannot be read.
    pub fn matched(&self) -> Result<Option<Match>, StoreError> {
        Ok(match self.found.finding()? {
            Some(Finding::Match(matched)) => Some(matched),
            _ => None,
        })
    }
}

impl Tx {
    /// Puts a decision on record, with the item as it was before.
    ///
    /// # Errors
    /// The database did not answer, or the decision that it takes back was taken back before.
    pub async fn add_decision(&mut self, new: &NewDecision<'_>) -> Result<Id, StoreError> {
        let (item, call, state) = match new.on {
            DecidedOn::Item(item) => (Some(item), None, None),
            DecidedOn::State { call, state } => (None, Some(call), Some(state)),
        };
        let unwritten = |error| StoreError::Row(format!("what was decided cannot be written down: {error}"));
        let (id,) = fetch!(one, self => (Id,), DECIDE,
            item,
            call,
            state,
            new.ruling.kind(),
            new.ruling.value().map_err(unwritten)?,
            new.actor,
            new.reason,
            new.at.as_microsecond(),
            new.undoes,
            new.answer_before,
            new.letter_before,
        )?;
        if let Some(item) = item {
            self.keep_past(item, Some(id), new.at).await?;
        }
        Ok(id)
    }

    /// Keeps what a decision comes to, in the transaction that takes it.
    pub async fn keep_consequences(&mut self, decision: Id, came_to: &Consequences) -> Result<(), StoreError> {
        let unwritten = |error| StoreError::Row(format!("what a decision comes to cannot be written down: {error}"));
        let kept = came_to.kept().map_err(unwritten)?;
        execute!(self, KEEP_CONSEQUENCES, decision, kept)?;
        Ok(())
    }

    /// What was decided on a state towards a call, and not on an item of its own, oldest first.
    pub async fn decisions_on(&mut self, call: Id, state: Iso3) -> Result<Vec<DecisionRow>, StoreError> {
        fetch!(all, self => DecisionRow, ON_STATE, call, state)
    }

    /// What was decided on a state, of its word and time, and on what is or was filed for it, oldest first.
    pub async fn decisions_about(&mut self, call: Id, state: Iso3) -> Result<Vec<DecisionRow>, StoreError> {
        fetch!(all, self => DecisionRow, ABOUT_STATE, call, state)
    }

    /// A decision.
    pub async fn decision(&mut self, id: Id) -> Result<Option<DecisionRow>, StoreError> {
        fetch!(optional, self => DecisionRow, ONE, id)
    }

    /// The item that a decision was about, by the number of its message and its own; none of one on a state.
    pub async fn decided_item(&mut self, decision: Id) -> Result<Option<(i64, i64)>, StoreError> {
        fetch!(optional, self => (i64, i64), DECIDED_ITEM, decision)
    }

    /// Keeps an item as it is, before it changes: by a decision on itself, or by one on another.
    pub async fn keep_past(&mut self, item: Id, decision: Option<Id>, until: Timestamp) -> Result<(), StoreError> {
        execute!(self, KEEP_PAST, item, decision, until.as_microsecond())?;
        Ok(())
    }

    /// The item as it was before a decision on it; none where the decision is older than that record.
    pub async fn past(&mut self, decision: Id) -> Result<Option<ItemPast>, StoreError> {
        fetch!(optional, self => ItemPast, PAST, decision)
    }

    /// What a person was asked about an item at earlier times, the latest first; what of that cannot be read is not among it.
    pub async fn asked_before(&mut self, item: Id) -> Result<Vec<Questions>, StoreError> {
        let rows = fetch!(all, self => Each<ItemPast>, ASKED_BEFORE, item)?;
        let asked = |row: Each<ItemPast>| Read::from(row).ok().and_then(|row: ItemPast| row.waiting().ok());
        Ok(rows.into_iter().filter_map(asked).collect())
    }

    /// What was decided on the items of a message, oldest first.
    pub async fn decisions(&mut self, message: Id) -> Result<Vec<DecisionRow>, StoreError> {
        fetch!(all, self => DecisionRow, OF_MESSAGE, message)
    }

    /// Keeps the address that a decision confirms as a state's.
    pub async fn know_sender(&mut self, decision: Id, iso3: Iso3, address: &str) -> Result<(), StoreError> {
        execute!(self, KNOW_SENDER, decision, iso3, address.to_lowercase())?;
        Ok(())
    }

    /// The addresses that decisions on an item have confirmed, but for those that were taken back.
    pub async fn senders_known_by(&mut self, item: Id) -> Result<Vec<KnownSender>, StoreError> {
        fetch!(all, self => KnownSender, SENDERS_OF_ITEM, item)
    }

    /// What the program has judged since that time of what came from an address, but for one item and for what a person
    /// has decided.
    pub async fn judged_since(
        &mut self,
        address: &str,
        since: Timestamp,
        except: Id,
    ) -> Result<Vec<JudgedRow>, StoreError> {
        self.write_findings().await?;
        let kind = FindingKind::Match.word();
        fetch!(all, self => JudgedRow, JUDGED, address, since.as_microsecond(), except, kind)
    }
}
