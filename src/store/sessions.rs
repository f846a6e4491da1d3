//! Who is logged in, who may come by a token, and the logins that failed.
//!
//! Of a session and of a token only the SHA-256 of its secret is kept.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Id, IfAny, Sql, StoreError, Time, Tx, accounts::Account};
use crate::core::role::Role;

statements! {
    BEGIN = Sql::both("INSERT INTO session (hash, account_id, begun_at, seen_at) VALUES ($1, $2, $3, $3)");
    SESSION = Sql::both(
        "SELECT a.id, a.name, a.role, a.password, a.disabled_at, s.seen_at
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.hash = $1 AND s.begun_at > $2 AND s.seen_at > $3 AND a.disabled_at IS NULL");
    SEEN = Sql::both("UPDATE session SET seen_at = $2 WHERE hash = $1");
    END = Sql::both("DELETE FROM session WHERE hash = $1");
    END_OF = Sql::both("DELETE FROM session WHERE account_id = $1 AND hash <> $2");
    END_OLD = Sql::both("DELETE FROM session WHERE begun_at <= $1 OR seen_at <= $2");
    OPEN = Sql::both("SELECT COUNT(*) FROM session WHERE account_id = $1 AND begun_at > $2 AND seen_at > $3");
    TOKEN = Sql::both("INSERT INTO api_token (hash, account_id, made_at, until, feed) VALUES ($1, $2, $3, $4, $5)");
    BY_TOKEN = Sql::both(
        "SELECT a.id, a.name, a.role, a.password, a.disabled_at
         FROM api_token t JOIN account a ON a.id = t.account_id
         WHERE t.hash = $1 AND t.until > $2 AND t.feed = $3 AND a.disabled_at IS NULL");
    END_TOKENS = Sql::both("DELETE FROM api_token WHERE account_id = $1");
    FAILED = Sql::both("INSERT INTO failed_login (folded, address, at) VALUES ($1, $2, $3)");
    FORGET = Sql::both("DELETE FROM failed_login WHERE at <= $1");
    FORGIVE = Sql::both("DELETE FROM failed_login WHERE folded = $1 AND address = $2");
    FAILURES = Sql::both(
        "SELECT (SELECT COUNT(*) FROM failed_login WHERE folded = $1 AND address = $2 AND at > $3),
             (SELECT MAX(at) FROM failed_login WHERE folded = $1 AND address = $2 AND at > $3),
             (SELECT COUNT(*) FROM failed_login WHERE address = $2 AND at > $3),
             (SELECT MAX(at) FROM failed_login WHERE address = $2 AND at > $3)");
}

/// The failed logins that slow down the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many of that name from that address, and when the last was.
    pub of_both: (i64, Option<Timestamp>),
    /// How many from that address, whatever the name.
    pub of_address: (i64, Option<Timestamp>),
}

/// Since when sessions may have begun, and since when they must have been used, to hold.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Those begun until then are over.
    pub begun: Timestamp,
    /// Those last used until then are over.
    pub seen: Timestamp,
}

/// A session with its person.
#[derive(FromRow)]
struct SessionRow {
    id: Id,
    name: String,
    role: Role,
    password: Option<String>,
    #[sqlx(try_from = "IfAny<Time>")]
    disabled_at: Option<Timestamp>,
    #[sqlx(try_from = "Time")]
    seen_at: Timestamp,
}

/// Counts and the last times, column by column.
type FailuresRow = (i64, Option<Time>, i64, Option<Time>);

impl Tx {
    /// Begins a session.
    pub async fn begin_session(&mut self, hash: &[u8], account: Id, at: Timestamp) -> Result<(), StoreError> {
        execute!(self, BEGIN, hash, account, at.as_microsecond())?;
        Ok(())
    }

    /// Whose session that is, and when it was last used, if it holds.
    pub async fn session(&mut self, hash: &[u8], since: Since) -> Result<Option<(Account, Timestamp)>, StoreError> {
        let (begun, seen) = (since.begun.as_microsecond(), since.seen.as_microsecond());
        let row = fetch!(optional, self => SessionRow, SESSION, hash, begun, seen)?;
        Ok(row.map(|SessionRow { id, name, role, password, disabled_at, seen_at }| {
            (Account { id, name, role, password, disabled_at }, seen_at)
        }))
    }

    /// A session was used.
    pub async fn session_seen(&mut self, hash: &[u8], at: Timestamp) -> Result<(), StoreError> {
        execute!(self, SEEN, hash, at.as_microsecond())?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&mut self, hash: &[u8]) -> Result<(), StoreError> {
        execute!(self, END, hash)?;
        Ok(())
    }

    /// Ends all sessions of a person but the one with that hash.
    pub async fn end_sessions(&mut self, account: Id, but: &[u8]) -> Result<(), StoreError> {
        execute!(self, END_OF, account, but)?;
        Ok(())
    }

    /// Takes the sessions away that are over.
    pub async fn end_old_sessions(&mut self, since: Since) -> Result<(), StoreError> {
        execute!(self, END_OLD, since.begun.as_microsecond(), since.seen.as_microsecond())?;
        Ok(())
    }

    /// How many sessions of a person hold.
    pub async fn open_sessions(&mut self, account: Id, since: Since) -> Result<i64, StoreError> {
        let (begun, seen) = (since.begun.as_microsecond(), since.seen.as_microsecond());
        Ok(fetch!(one, self => (i64,), OPEN, account, begun, seen)?.0)
    }

    /// Keeps the hash of a token, or of a secret that opens the feeds alone.
    pub async fn keep_api_token(
        &mut self,
        (hash, feed): (&[u8], bool),
        account: Id,
        (at, until): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        execute!(self, TOKEN, hash, account, at.as_microsecond(), until.as_microsecond(), i64::from(feed))?;
        Ok(())
    }

    /// Whose token that is, or whose secret of the feeds, if it holds.
    pub async fn by_api_token(
        &mut self,
        (hash, feed): (&[u8], bool),
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        fetch!(optional, self => Account, BY_TOKEN, hash, now.as_microsecond(), i64::from(feed))
    }

    /// Ends all tokens of a person.
    pub async fn end_api_tokens(&mut self, account: Id) -> Result<(), StoreError> {
        execute!(self, END_TOKENS, account)?;
        Ok(())
    }

    /// Writes down a login that failed, and forgets those until then.
    pub async fn login_failed(
        &mut self,
        (folded, address): (&str, &str),
        at: Timestamp,
        forget: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, FORGET, forget.as_microsecond())?;
        execute!(self, FAILED, folded, address, at.as_microsecond())?;
        Ok(())
    }

    /// Forgets the failures of a name from an address.
    pub async fn forgive(&mut self, folded: &str, address: &str) -> Result<(), StoreError> {
        execute!(self, FORGIVE, folded, address)?;
        Ok(())
    }

    /// The failures since then.
    pub async fn login_failures(
        &mut self,
        (folded, address): (&str, &str),
        since: Timestamp,
    ) -> Result<Failures, StoreError> {
        let row = fetch!(one, self => FailuresRow, FAILURES, folded, address, since.as_microsecond())?;
        let at = |time: Option<Time>| time.map(|Time(at)| at);
        Ok(Failures { of_both: (row.0, at(row.1)), of_address: (row.2, at(row.3)) })
    }
}
