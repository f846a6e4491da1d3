//! What a party has filed, as facts: which item is what in its submission, since when and until when that was held.
//!
//! Promises that a fact is only ever opened and closed: what is known changes by another row, so that each earlier time can
//! be looked back at. What is decided and taken back leaves the rows as they were, with the numbers they had. Number,
//! standing, what is current and what repeats what stand beside the facts as the fold over them says; `filing` writes them
//! with whatever changes the facts, and whoever reads need not fold. This is long because each column of a fact is named in
//! its statements.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Codes, Count, Flag, Id, IfAny, Sql, StoreError, Time, Tx, number};
use crate::core::{
    calls::standing::{Standing, Witnesses},
    iso3::Iso3,
    judging::matching::Kind,
    submission::{Filed, Held, ItemId, Legible, PartyKey, Place, Receipt, Told, Withdrawal},
};

/// The columns of a submission.
macro_rules! submission_columns {
    () => {
        "SELECT s.id, s.call_id, s.reference, s.kind, COALESCE(
             (SELECT string_agg(t.iso3, ' ' ORDER BY t.iso3) FROM submission_state t WHERE t.submission_id = s.id), '')
             AS states
         FROM submission s "
    };
}

/// The columns of a fact.
macro_rules! place_columns {
    ($from:literal) => {
        concat!(
            "SELECT p.id, p.submission_id, p.item_id, p.kind, p.of_item, p.n, p.received, p.number, p.item_n, p.relay,
                 p.mailbox, p.legible, p.words, p.content_key, p.settled, p.opened_by, p.since, p.until
             FROM place p ",
            $from
        )
    };
}

statements! {
    SUBMISSION_OF = Sql::both(concat!(submission_columns!(), "WHERE s.call_id = $1 AND s.party = $2"));
    SUBMISSION = Sql::both(concat!(submission_columns!(), "WHERE s.id = $1"));
    SUBMISSION_CALLED = Sql::both(concat!(submission_columns!(), "WHERE LOWER(s.reference) = LOWER($1)"));
    ADD = Sql::both(
        "INSERT INTO submission (call_id, reference, party, kind) VALUES ($1, $2, $3, $4) RETURNING id");
    ADD_STATE = Sql::both("INSERT INTO submission_state (submission_id, iso3) VALUES ($1, $2)");
    // Who writes has a SQLite file for himself.
    KEEP_LAW = Sql {
        sqlite: "SELECT call_id FROM submission WHERE id = $1",
        postgres: "SELECT id FROM call WHERE id = (SELECT call_id FROM submission WHERE id = $1) FOR KEY SHARE",
    };
    LOCK = Sql {
        sqlite: "SELECT id FROM submission WHERE id = $1",
        postgres: "SELECT id FROM submission WHERE id = $1 FOR UPDATE",
    };
    FILED_IN = Sql::both(place_columns!("WHERE p.submission_id = $1 ORDER BY p.id"));
    WITHDRAWALS_IN = Sql::both(
        "SELECT id, at, opened_by, since, until FROM withdrawal WHERE submission_id = $1 ORDER BY id");
    PLACE_OF = Sql::both(place_columns!("WHERE p.item_id = $1 AND p.until IS NULL"));
    PUT = Sql::both(
        "INSERT INTO place (submission_id, item_id, kind, of_item, n, received, number, item_n, relay, mailbox, legible,
             words, content_key, settled, opened_by, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id");
    CLOSE = Sql::both(
        "UPDATE place SET until = $3, closed_by = $2, counts = 0, is_current = 0 WHERE id = $1 AND until IS NULL");
    // What takes the place of a fact that is closed: the same from then on.
    OPEN_AGAIN = Sql::both(
        "INSERT INTO place (submission_id, item_id, kind, of_item, n, received, number, item_n, relay, mailbox, legible,
             words, content_key, settled, opened_by, since, standing, deadline_n, repeats)
         SELECT submission_id, item_id, kind, of_item, n, received, number, item_n, relay, mailbox, legible,
             words, content_key, settled, opened_by, CAST($2 AS BIGINT), standing, deadline_n, repeats
         FROM place WHERE id = $1 RETURNING id");
    OPENED_BY = Sql::both("SELECT id, submission_id, item_id FROM place WHERE opened_by = $1 AND until IS NULL ORDER BY id");
    // What it had opened itself and ended, because the message had grown, does not hold again.
    CLOSED_BY = Sql::both(
        "SELECT id, submission_id, item_id FROM place
         WHERE closed_by = $1 AND (opened_by IS NULL OR opened_by <> $1) ORDER BY id");
    WITHDRAWN_BY = Sql::both(
        "SELECT DISTINCT submission_id FROM withdrawal WHERE (opened_by = $1 AND until IS NULL) OR closed_by = $1
         ORDER BY submission_id");
    OPEN_OF_ITEM = Sql::both("SELECT id, submission_id FROM place WHERE item_id = $1 AND until IS NULL");
    TAKE_BACK_ALL = Sql::both(
        "INSERT INTO withdrawal (submission_id, at, item_id, opened_by, since) VALUES ($1, $2, $3, $4, $5)");
    END_WITHDRAWALS = Sql::both(
        "UPDATE withdrawal SET until = $3, closed_by = $2 WHERE opened_by = $1 AND until IS NULL RETURNING submission_id");
    EARLIER_WITHDRAWALS = Sql::both(
        "SELECT submission_id, opened_by FROM withdrawal
         WHERE item_id = $1 AND opened_by <> $2 AND until IS NULL ORDER BY submission_id");
    END_EARLIER_WITHDRAWALS = Sql::both(
        "UPDATE withdrawal SET until = $3, closed_by = $2 WHERE item_id = $1 AND opened_by <> $2 AND until IS NULL");
    WITHDRAW_AGAIN = Sql::both(
        "INSERT INTO withdrawal (submission_id, at, item_id, opened_by, since)
         SELECT submission_id, at, item_id, opened_by, CAST($2 AS BIGINT) FROM withdrawal WHERE closed_by = $1
         RETURNING submission_id");
    TOLD = Sql::both(
        "SELECT DISTINCT t.n, t.item_id FROM letter_names t JOIN letter l ON l.id = t.letter_id
         WHERE t.submission_id = $1 AND t.n > 0
             AND (l.released_at IS NOT NULL OR l.held_for IN ('restored', 'uncertain'))
         ORDER BY t.n, t.item_id");
    // What came after a backup of the database was told by letters of which nothing is known.
    LOST = Sql::both(
        "SELECT MAX(p.n) + 1 FROM restored r JOIN place p ON p.submission_id = $1 AND p.since < r.noticed_at
         GROUP BY r.id HAVING MAX(p.n) IS NOT NULL ORDER BY r.id");
    PROJECTED = Sql::both(
        "SELECT id, n, standing, deadline_n AS deadline, counts, is_current AS current, repeats, since
         FROM place WHERE submission_id = $1 AND until IS NULL ORDER BY id");
    PROJECT = Sql::both(
        "UPDATE place SET n = $2, standing = $3, deadline_n = $4, repeats = $5, counts = $6, is_current = $7 WHERE id = $1");
}

/// One party's input to one call.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Submission {
    /// The row.
    pub id: Id,
    /// The call.
    #[sqlx(rename = "call_id")]
    pub call: Id,
    /// The docket reference.
    pub reference: String,
    /// The kind of party.
    pub kind: Kind,
    /// The states; none of a sender who is no state.
    #[sqlx(try_from = "Codes")]
    pub states: Vec<Iso3>,
}

/// What the facts of a submission come to for one that holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projected {
    /// The row.
    pub place: Id,
    /// The number of the version; of what repeats one, the last that it had itself.
    pub n: Option<u32>,
    /// How its receipt stands.
    pub standing: Option<Standing>,
    /// The number of the deadline that judged it.
    pub deadline: Option<u32>,
    /// It is a version that stands, and somebody could read it.
    pub counts: bool,
    /// It is the current version.
    pub current: bool,
    /// The item that it repeats.
    pub repeats: Option<Id>,
}

/// What taking a decision back has touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// The submissions whose facts are others now.
    pub submissions: BTreeSet<Id>,
}

/// A fact as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PlaceRow {
    id: Id,
    submission_id: Id,
    item_id: Id,
    kind: String,
    of_item: Option<Id>,
    #[sqlx(try_from = "IfAny<Count<u32>>")]
    n: Option<u32>,
    #[sqlx(try_from = "Time")]
    received: Timestamp,
    number: i64,
    item_n: i64,
    #[sqlx(try_from = "IfAny<Time>")]
    relay: Option<Timestamp>,
    #[sqlx(try_from = "IfAny<Time>")]
    mailbox: Option<Timestamp>,
    legible: Legible,
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    words: Option<u64>,
    content_key: Option<String>,
    settled: Option<Standing>,
    opened_by: Option<Id>,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    #[sqlx(try_from = "IfAny<Time>")]
    until: Option<Timestamp>,
}

impl TryFrom<PlaceRow> for Filed {
    type Error = StoreError;

    fn try_from(row: PlaceRow) -> Result<Self, StoreError> {
        let place = Place::read(&row.kind, row.of_item.map(ItemId))
            .map_err(|why| StoreError::Row(format!("the place with id {} cannot be read: {why}", row.id)))?;
        Ok(Self {
            id: row.id,
            item: ItemId(row.item_id),
            place,
            n: row.n,
            receipt: Receipt { at: row.received, number: row.number, n: row.item_n },
            witnesses: Witnesses { relay: row.relay, mailbox: row.mailbox },
            legible: row.legible,
            words: row.words,
            content_key: row.content_key,
            settled: row.settled,
            by: row.opened_by,
            held: Held { since: row.since, until: row.until },
        })
    }
}

/// What was taken back, as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct WithdrawalRow {
    #[sqlx(try_from = "Time")]
    at: Timestamp,
    opened_by: Option<Id>,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
    #[sqlx(try_from = "IfAny<Time>")]
    until: Option<Timestamp>,
}

impl From<WithdrawalRow> for Withdrawal {
    fn from(row: WithdrawalRow) -> Self {
        Self { at: row.at, by: row.opened_by, held: Held { since: row.since, until: row.until } }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct ProjectedRow {
    id: Id,
    #[sqlx(try_from = "IfAny<Count<u32>>")]
    n: Option<u32>,
    standing: Option<Standing>,
    #[sqlx(try_from = "IfAny<Count<u32>>")]
    deadline: Option<u32>,
    #[sqlx(try_from = "Flag")]
    counts: bool,
    #[sqlx(try_from = "Flag")]
    current: bool,
    repeats: Option<Id>,
    #[sqlx(try_from = "Time")]
    since: Timestamp,
}

impl From<ProjectedRow> for Projected {
    fn from(row: ProjectedRow) -> Self {
        let ProjectedRow { id: place, n, standing, deadline, counts, current, repeats, .. } = row;
        Self { place, n, standing, deadline, counts, current, repeats }
    }
}

fn facts(rows: Vec<PlaceRow>) -> Result<Vec<Filed>, StoreError> {
    rows.into_iter().map(Filed::try_from).collect()
}

impl Tx {
    /// The submission of a party to a call, if it has one.
    pub async fn submission_of(&mut self, call: Id, party: &PartyKey) -> Result<Option<Submission>, StoreError> {
        fetch!(optional, self => Submission, SUBMISSION_OF, call, party.key())
    }

    /// Begins the submission of a party to a call, with the next reference.
    pub async fn open_submission(
        &mut self,
        call: Id,
        prefix: &str,
        party: &PartyKey,
        kind: Kind,
    ) -> Result<Submission, StoreError> {
        let n = self.take_number(&format!("call:{call}")).await?;
        let reference = format!("{prefix}-{n:04}");
        let (id,) = fetch!(one, self => (Id,), ADD, call, &reference, party.key(), kind)?;
        let states: BTreeSet<Iso3> = match party {
            PartyKey::States(states) => states.iter().copied().collect(),
            PartyKey::Sender(_) => BTreeSet::new(),
        };
        for &iso3 in &states {
            execute!(self, ADD_STATE, id, iso3)?;
        }
        Ok(Submission { id, call, reference, kind, states: states.into_iter().collect() })
    }

    /// A submission by its row.
    ///
    /// # Errors
    /// The database did not answer, or there is none.
    pub async fn submission(&mut self, id: Id) -> Result<Submission, StoreError> {
        fetch!(one, self => Submission, SUBMISSION, id)
    }

    /// The submission with a docket reference, if there is one.
    pub async fn submission_of_reference(&mut self, reference: &str) -> Result<Option<Submission>, StoreError> {
        fetch!(optional, self => Submission, SUBMISSION_CALLED, reference)
    }

    /// From here on nobody else changes what is filed in a submission, or the time that it is judged by. Whoever moves a
    /// deadline or grants time keeps the call first and then its submissions: so here as well.
    pub async fn change_submission(&mut self, submission: Id) -> Result<(), StoreError> {
        let (_,) = fetch!(one, self => (Id,), KEEP_LAW, submission)?;
        let (_,) = fetch!(one, self => (Id,), LOCK, submission)?;
        Ok(())
    }

    /// The facts of a submission, those that do not hold any more among them.
    pub async fn filed_in(&mut self, submission: Id) -> Result<(Vec<Filed>, Vec<Withdrawal>), StoreError> {
        let filed = facts(fetch!(all, self => PlaceRow, FILED_IN, submission)?)?;
        let withdrawals = fetch!(all, self => WithdrawalRow, WITHDRAWALS_IN, submission)?;
        Ok((filed, withdrawals.into_iter().map(Withdrawal::from).collect()))
    }

    /// Where an item stands filed, if it does.
    pub async fn place_of(&mut self, item: Id) -> Result<Option<(Submission, Filed)>, StoreError> {
        let Some(row) = fetch!(optional, self => PlaceRow, PLACE_OF, item)? else { return Ok(None) };
        let submission = self.submission(row.submission_id).await?;
        Ok(Some((submission, row.try_into()?)))
    }

    /// Opens a fact; what stood there of the same item must have been closed before.
    pub async fn put(&mut self, submission: Id, filed: &Filed) -> Result<Id, StoreError> {
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
        let (id,) = fetch!(one, self => (Id,), PUT,
            submission,
            filed.item.0,
            filed.place.word(),
            filed.place.of_item().map(|of| of.0),
            filed.n.map(i64::from),
            filed.receipt.at.as_microsecond(),
            filed.receipt.number,
            filed.receipt.n,
            micros(filed.witnesses.relay),
            micros(filed.witnesses.mailbox),
            filed.legible,
            filed.words.map(number),
            filed.content_key.as_deref(),
            filed.settled,
            filed.by,
            filed.held.since.as_microsecond(),
        )?;
        self.note_words_of_item(filed.item.0).await?;
        Ok(id)
    }

    /// Closes a fact, by a decision or by the program.
    pub async fn close(&mut self, place: Id, by: Option<Id>, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, CLOSE, place, by, at.as_microsecond())?;
        self.note_words_of_place(place).await?;
        Ok(())
    }

    /// A party takes back what it sent before a time; `item` is the notice of it, if there is one.
    pub async fn take_back_all(
        &mut self,
        submission: Id,
        back: &Withdrawal,
        item: Option<Id>,
    ) -> Result<(), StoreError> {
        let (at, since) = (back.at.as_microsecond(), back.held.since.as_microsecond());
        execute!(self, TAKE_BACK_ALL, submission, at, item, back.by, since)?;
        Ok(())
    }

    /// The submissions that taking a decision back will touch, in the order in which they are to be kept from others.
    pub async fn changed_by(&mut self, decision: Id) -> Result<BTreeSet<Id>, StoreError> {
        let mut submissions = BTreeSet::new();
        for (_, submission, _) in fetch!(all, self => (Id, Id, Id), OPENED_BY, decision)? {
            submissions.insert(submission);
        }
        for (_, submission, item) in fetch!(all, self => (Id, Id, Id), CLOSED_BY, decision)? {
            submissions.insert(submission);
            let open = fetch!(optional, self => (Id, Id), OPEN_OF_ITEM, item)?;
            submissions.extend(open.map(|(_, submission)| submission));
        }
        for (submission,) in fetch!(all, self => (Id,), WITHDRAWN_BY, decision)? {
            submissions.insert(submission);
        }
        Ok(submissions)
    }

    /// What earlier decisions on an item took back by it: the submissions, and the decisions.
    pub async fn earlier_withdrawals(&mut self, item: Id, by: Id) -> Result<Vec<(Id, Id)>, StoreError> {
        fetch!(all, self => (Id, Id), EARLIER_WITHDRAWALS, item, by)
    }

    /// Closes what earlier decisions on an item took back by it: a later one says what it is.
    pub async fn end_earlier_withdrawals(&mut self, item: Id, by: Id, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, END_EARLIER_WITHDRAWALS, item, by, at.as_microsecond())?;
        Ok(())
    }

    /// Closes what a decision opened and opens again what it closed, with the numbers they had; yields what was touched.
    pub async fn take_back(&mut self, decision: Id, by: Id, at: Timestamp) -> Result<TakenBack, StoreError> {
        let (mut touched, micros) = (TakenBack::default(), at.as_microsecond());
        for (place, submission, _) in fetch!(all, self => (Id, Id, Id), OPENED_BY, decision)? {
            self.close(place, Some(by), at).await?;
            touched.submissions.insert(submission);
        }
        for (place, submission, item) in fetch!(all, self => (Id, Id, Id), CLOSED_BY, decision)? {
            // An item has one place: what holds of it by anything else makes room.
            if let Some((open, submission)) = fetch!(optional, self => (Id, Id), OPEN_OF_ITEM, item)? {
                self.close(open, Some(by), at).await?;
                touched.submissions.insert(submission);
            }
            let (_,) = fetch!(one, self => (Id,), OPEN_AGAIN, place, micros)?;
            self.note_words_of_item(item).await?;
            touched.submissions.insert(submission);
        }
        for (submission,) in fetch!(all, self => (Id,), END_WITHDRAWALS, decision, by, micros)? {
            touched.submissions.insert(submission);
        }
        for (submission,) in fetch!(all, self => (Id,), WITHDRAW_AGAIN, decision, micros)? {
            touched.submissions.insert(submission);
        }
        Ok(touched)
    }

    /// The numbers that letters about a submission have told, or may have. Where the database was put back from a backup, the
    /// next number may have been told by a letter that is lost, and is nobody's.
    pub async fn told_numbers(&mut self, submission: Id) -> Result<Vec<Told>, StoreError> {
        let rows = fetch!(all, self => (Count<u32>, Id), TOLD, submission)?;
        let told = rows.into_iter().map(|(Count(n), item)| Told { n, item: Some(ItemId(item)) });
        let lost = fetch!(all, self => (Count<u32>,), LOST, submission)?.into_iter();
        Ok(told.chain(lost.map(|(Count(n),)| Told { n, item: None })).collect())
    }

    /// What stands beside the facts of a submission that hold now.
    pub async fn projected_in(&mut self, submission: Id) -> Result<Vec<Projected>, StoreError> {
        let rows = fetch!(all, self => ProjectedRow, PROJECTED, submission)?;
        Ok(rows.into_iter().map(Projected::from).collect())
    }

    /// Writes beside the facts what they come to. Where a number, a standing or what is repeated is another than before, the
    /// row of an earlier time is closed and its copy opened, so that what was shown then is still found.
    pub async fn keep_settled(
        &mut self,
        submission: Id,
        settled: &[Projected],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let rows = fetch!(all, self => ProjectedRow, PROJECTED, submission)?;
        let before: BTreeMap<Id, (Timestamp, Projected)> =
            rows.into_iter().map(|row| (row.id, (row.since, row.into()))).collect();
        for now in settled {
            let Some((since, then)) = before.get(&now.place).filter(|(_, then)| then != now) else { continue };
            let shown = |row: &Projected| (row.n, row.standing, row.deadline, row.repeats);
            // What was never shown to anybody has no past.
            let told = then.standing.is_some() && *since != at;
            let row = if told && shown(then) != shown(now) {
                self.close(now.place, None, at).await?;
                fetch!(one, self => (Id,), OPEN_AGAIN, now.place, at.as_microsecond())?.0
            } else {
                now.place
            };
            execute!(
                self,
                PROJECT,
                row,
                now.n.map(i64::from),
                now.standing,
                now.deadline.map(i64::from),
                now.repeats,
                i64::from(now.counts),
                i64::from(now.current),
            )?;
        }
        Ok(())
    }
}
