//! What a party has filed under a call: its submission with one docket reference, and the versions of it.
//!
//! Promises one submission for a party in a call, a reference without gaps taken in the transaction that files, and that
//! a withdrawn version stays on record.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{Timestamp, civil::Date};

use super::{Codes, Count, Day, Id, IfAny, Sql, StoreError, Tx};
use crate::core::{
    calls::standing::Standing,
    iso3::Iso3,
    judging::matching::{Earlier, Kind},
};

statements! {
    FIND = Sql::both("SELECT id, reference FROM submission WHERE call_id = $1 AND party = $2");
    ADD = Sql::both(
        "INSERT INTO submission (call_id, reference, party, kind) VALUES ($1, $2, $3, $4) RETURNING id");
    ADD_STATE = Sql::both("INSERT INTO submission_state (submission_id, iso3) VALUES ($1, $2)");
    SAME_CONTENT = Sql::both(
        "SELECT v.item_id, v.n FROM version v JOIN item i ON i.id = v.item_id
         WHERE v.submission_id = $1 AND i.content_key = $2 AND v.withdrawn_at IS NULL ORDER BY v.n LIMIT 1");
    ADD_VERSION = Sql::both(
        "INSERT INTO version (submission_id, n, item_id, received, standing, deadline_version_id, filed_at)
         VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM version WHERE submission_id = $1), $2, $3, $4, $5, $6)
         RETURNING n, (SELECT MAX(w.n) FROM version w
             WHERE w.submission_id = version.submission_id AND w.withdrawn_at IS NULL AND w.n < version.n)");
    WITHDRAW = Sql::both("UPDATE version SET withdrawn_at = $2 WHERE item_id = $1 AND withdrawn_at IS NULL");
    SETTLE_STANDING = Sql::both("UPDATE version SET standing = $2 WHERE item_id = $1 AND withdrawn_at IS NULL");
    OF_ITEM = Sql::both(
        "SELECT v.id, s.reference, v.n, v.standing, d.day, COALESCE(
             (SELECT string_agg(t.iso3, ' ' ORDER BY t.iso3) FROM submission_state t WHERE t.submission_id = s.id), '')
             AS states
         FROM version v JOIN submission s ON s.id = v.submission_id
         JOIN deadline_version d ON d.id = v.deadline_version_id
         WHERE v.item_id = $1 AND v.withdrawn_at IS NULL");
    EARLIER = Sql::both(
        "SELECT s.iso3, COUNT(DISTINCT v.item_id)
         FROM item i JOIN version v ON v.item_id = i.id AND v.withdrawn_at IS NULL
         JOIN submission_state s ON s.submission_id = v.submission_id
         WHERE i.from_address = $1 AND i.message_id <> $2 GROUP BY s.iso3 ORDER BY s.iso3");
    STATES_OF = Sql::both("SELECT iso3 FROM submission_state WHERE submission_id = $1 ORDER BY iso3");
}

/// Who files: states, or another sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// One state, or several together.
    States(Vec<Iso3>),
    /// A sender who is no state, by address.
    Sender(String),
}

impl Party {
    /// The same for the same party, whatever the order of its states.
    fn key(&self) -> String {
        match self {
            Self::States(states) => {
                let mut codes: Vec<&str> = states.iter().map(Iso3::as_str).collect();
                codes.sort_unstable();
                codes.dedup();
                codes.join("+")
            }
            Self::Sender(address) => format!("sender:{}", address.to_lowercase()),
        }
    }
}

/// An item that is to be filed.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The item.
    pub item: Id,
    /// The kind of sender.
    pub kind: Kind,
    /// What tells its content from any other.
    pub content_key: Option<&'a str>,
    /// When it was received.
    pub received: Timestamp,
}

/// An input to be filed.
#[derive(Clone, Debug)]
pub struct Filing<'a> {
    /// The call.
    pub call: Id,
    /// What docket references of the call begin with.
    pub prefix: &'a str,
    /// Who files.
    pub party: Party,
    /// What is filed.
    pub input: Input<'a>,
    /// How its receipt stands against the deadline.
    pub standing: Standing,
    /// The version of the deadline it was judged by.
    pub deadline_version: Id,
    /// When it is filed.
    pub at: Timestamp,
}

/// Where an input was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The docket reference.
    pub reference: String,
    /// The version it makes, or repeats.
    pub version: u32,
    /// The version that stood before.
    pub replaces: Option<u32>,
    /// The item whose content it repeats; then no new version was made.
    pub duplicate_of: Option<Id>,
}

/// Where an item stands filed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Registration {
    /// The version's row.
    pub id: Id,
    /// The docket reference.
    pub reference: String,
    /// The states.
    #[sqlx(try_from = "Codes")]
    pub states: Vec<Iso3>,
    /// The version.
    #[sqlx(rename = "n", try_from = "Count<u32>")]
    pub version: u32,
    /// The standing.
    pub standing: Standing,
    /// The last day it was judged by.
    #[sqlx(rename = "day", try_from = "Day")]
    pub last_day: Date,
}

impl Tx {
    /// For which states an address has filed what stands now, leaving out a message. What was withdrawn, by whatever
    /// decision, is not among it.
    pub async fn earlier_inputs(&mut self, address: &str, but: Id) -> Result<Vec<Earlier>, StoreError> {
        let address = address.to_lowercase();
        let rows = fetch!(all, self => (Iso3, Count<_>), EARLIER, &address, but)?;
        Ok(rows.into_iter().map(|(iso3, Count(inputs))| Earlier { address: address.clone(), iso3, inputs }).collect())
    }

    /// Files an input: the party's first makes a submission with the next reference, a later one a version of it; the
    /// same content once more makes neither.
    pub async fn file_input(&mut self, filing: &Filing<'_>) -> Result<Filed, StoreError> {
        let party = filing.party.key();
        let found = fetch!(optional, self => (Id, String), FIND, filing.call, &party)?;
        let (submission, reference) = match found {
            Some((submission, reference)) => {
                let same =
                    fetch!(optional, self => (Id, Count<u32>), SAME_CONTENT, submission, filing.input.content_key)?;
                if let Some((item, Count(version))) = same {
                    return Ok(Filed { reference, version, replaces: None, duplicate_of: Some(item) });
                }
                (submission, reference)
            }
            None => self.begin_submission(filing, &party).await?,
        };
        let (Count(version), replaces) = fetch!(one, self => (Count<u32>, IfAny<Count<u32>>), ADD_VERSION,
            submission,
            filing.input.item,
            filing.input.received.as_microsecond(),
            filing.standing,
            filing.deadline_version,
            filing.at.as_microsecond(),
        )?;
        Ok(Filed { reference, version, replaces: replaces.into(), duplicate_of: None })
    }

    async fn begin_submission(&mut self, filing: &Filing<'_>, party: &str) -> Result<(Id, String), StoreError> {
        let n = self.take_number(&format!("call:{}", filing.call)).await?;
        let reference = format!("{}-{n:04}", filing.prefix);
        let (id,) = fetch!(one, self => (Id,), ADD, filing.call, &reference, party, filing.input.kind)?;
        if let Party::States(states) = &filing.party {
            let mut states = states.clone();
            states.sort_unstable();
            states.dedup();
            for iso3 in states {
                execute!(self, ADD_STATE, id, iso3)?;
            }
        }
        Ok((id, reference))
    }

    /// Withdraws what an item had filed; it stays on record.
    pub async fn withdraw_versions(&mut self, item: Id, at: Timestamp) -> Result<u64, StoreError> {
        execute!(self, WITHDRAW, item, at.as_microsecond())
    }

    /// Settles the standing of what an item has filed.
    pub async fn settle_standing(&mut self, item: Id, standing: Standing) -> Result<(), StoreError> {
        execute!(self, SETTLE_STANDING, item, standing)?;
        Ok(())
    }

    /// The states that a submission is of; none where it is of a sender who is no state.
    pub async fn states_of(&mut self, submission: Id) -> Result<Vec<Iso3>, StoreError> {
        Ok(fetch!(all, self => (Iso3,), STATES_OF, submission)?.into_iter().map(|(iso3,)| iso3).collect())
    }

    /// Where an item stands filed, if it does.
    pub async fn registration(&mut self, item: Id) -> Result<Option<Registration>, StoreError> {
        fetch!(optional, self => Registration, OF_ITEM, item)
    }
}
