//! The people of the pages: their accounts, and the links by which they set their passwords.
//!
//! Of a link only the SHA-256 of its secret is kept. An account is never deleted, for decisions name it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Id, IfAny, Sql, StoreError, Time, Tx};
use crate::core::role::Role;

statements! {
    ALL = Sql::both("SELECT id, name, role, password, disabled_at FROM account ORDER BY folded");
    ANY = Sql::both("SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1) one");
    BY_ID = Sql::both("SELECT id, name, role, password, disabled_at FROM account WHERE id = $1");
    BY_NAME = Sql::both("SELECT id, name, role, password, disabled_at FROM account WHERE folded = $1");
    ADD = Sql::both(
        "INSERT INTO account (folded, name, role, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (folded) DO NOTHING RETURNING id");
    SET_ROLE = Sql::both("UPDATE account SET role = $2 WHERE id = $1");
    SET_DISABLED = Sql::both("UPDATE account SET disabled_at = $2 WHERE id = $1");
    SET_PASSWORD = Sql::both("UPDATE account SET password = $2 WHERE id = $1");
    HOLD = Sql::both("UPDATE account SET role = role WHERE role = $1");
    ADMINISTRATORS = Sql::both(
        "SELECT COUNT(*) FROM account WHERE role = $1 AND disabled_at IS NULL AND id <> $2");
    LINK = Sql::both(
        "INSERT INTO account_link (account_id, hash, until) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, until = excluded.until");
    LINKED = Sql::both(
        "SELECT a.id, a.name, a.role, a.password, a.disabled_at
         FROM account_link l JOIN account a ON a.id = l.account_id
         WHERE l.hash = $1 AND l.until > $2 AND a.disabled_at IS NULL");
    ATTESTED = Sql::both(
        "SELECT a.id, a.name, a.role, a.password, a.disabled_at
         FROM account_attested t JOIN account a ON a.id = t.account_id
         WHERE t.issuer = $1 AND t.subject = $2");
    ATTEST = Sql::both("INSERT INTO account_attested (issuer, subject, account_id) VALUES ($1, $2, $3)");
    UNLINK = Sql::both("DELETE FROM account_link WHERE account_id = $1");
    ACCESSED = Sql::both(
        "INSERT INTO access (account_id, message_id, hour) SELECT $1, id, $3 FROM message WHERE number = $2
         ON CONFLICT (account_id, message_id, hour) DO NOTHING");
    ACCESSES = Sql::both(
        "SELECT a.name, x.hour FROM access x
         JOIN account a ON a.id = x.account_id JOIN message m ON m.id = x.message_id
         WHERE m.number = $1 ORDER BY x.hour, a.name");
}

/// A person of the pages.
#[derive(Clone, Debug, FromRow)]
pub struct Account {
    /// The account.
    pub id: Id,
    /// The name, as it is shown.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The password by argon2id, in PHC format; none where none was set.
    pub password: Option<String>,
    /// Since when the person may do nothing any more.
    #[sqlx(try_from = "IfAny<Time>")]
    pub disabled_at: Option<Timestamp>,
}

impl Tx {
    /// Everybody, by name.
    pub async fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        fetch!(all, self => Account, ALL)
    }

    /// Whether there is any account, one that is disabled included.
    pub async fn has_accounts(&mut self) -> Result<bool, StoreError> {
        Ok(fetch!(one, self => (i64,), ANY)?.0 > 0)
    }

    /// The person with that account.
    pub async fn account(&mut self, id: Id) -> Result<Option<Account>, StoreError> {
        fetch!(optional, self => Account, BY_ID, id)
    }

    /// The person of that name, in the form by which names are compared.
    pub async fn account_named(&mut self, folded: &str) -> Result<Option<Account>, StoreError> {
        fetch!(optional, self => Account, BY_NAME, folded)
    }

    /// The person whom an issuer of logins knows by that number.
    pub async fn account_attested(&mut self, issuer: &str, subject: &str) -> Result<Option<Account>, StoreError> {
        fetch!(optional, self => Account, ATTESTED, issuer, subject)
    }

    /// Keeps by which number an issuer of logins knows a person.
    pub async fn attest(&mut self, issuer: &str, subject: &str, account: Id) -> Result<(), StoreError> {
        execute!(self, ATTEST, issuer, subject, account)?;
        Ok(())
    }

    /// Adds a person; none where there is one of that name.
    pub async fn add_account(
        &mut self,
        (folded, name): (&str, &str),
        role: Role,
        at: Timestamp,
    ) -> Result<Option<Id>, StoreError> {
        let added = fetch!(optional, self => (Id,), ADD, folded, name, role.word(), at.as_microsecond())?;
        Ok(added.map(|(id,)| id))
    }

    /// Sets what a person may do.
    pub async fn set_role(&mut self, id: Id, role: Role) -> Result<(), StoreError> {
        execute!(self, SET_ROLE, id, role.word())?;
        Ok(())
    }

    /// Sets since when a person may do nothing; none lets the person in again.
    pub async fn set_disabled(&mut self, id: Id, since: Option<Timestamp>) -> Result<(), StoreError> {
        execute!(self, SET_DISABLED, id, since.map(Timestamp::as_microsecond))?;
        Ok(())
    }

    /// Sets a password, as argon2id made it.
    pub async fn set_password(&mut self, id: Id, hashed: &str) -> Result<(), StoreError> {
        execute!(self, SET_PASSWORD, id, hashed)?;
        Ok(())
    }

    /// How many administrators there are beside this account who may do something; and nobody else changes that until
    /// this transaction is over.
    pub async fn other_administrators(&mut self, beside: Id) -> Result<i64, StoreError> {
        execute!(self, HOLD, Role::Administrator.word())?;
        Ok(fetch!(one, self => (i64,), ADMINISTRATORS, Role::Administrator.word(), beside)?.0)
    }

    /// Keeps the hash of a link by which a person sets the password, in place of the one before.
    pub async fn keep_link(&mut self, account: Id, hash: &[u8], until: Timestamp) -> Result<(), StoreError> {
        execute!(self, LINK, account, hash, until.as_microsecond())?;
        Ok(())
    }

    /// Whose link that is, if it holds.
    pub async fn linked(&mut self, hash: &[u8], now: Timestamp) -> Result<Option<Account>, StoreError> {
        fetch!(optional, self => Account, LINKED, hash, now.as_microsecond())
    }

    /// Ends the link of a person.
    pub async fn end_link(&mut self, account: Id) -> Result<(), StoreError> {
        execute!(self, UNLINK, account)?;
        Ok(())
    }

    /// Writes down that a person looked at the entry of that number in an hour, by the beginning of that hour.
    pub async fn keep_access(&mut self, account: Id, number: i64, hour: Timestamp) -> Result<(), StoreError> {
        execute!(self, ACCESSED, account, number, hour.as_microsecond())?;
        Ok(())
    }

    /// Who looked at the entry of that number, and in which hours.
    pub async fn accesses(&mut self, number: i64) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = fetch!(all, self => (String, Time), ACCESSES, number)?;
        Ok(rows.into_iter().map(|(name, Time(hour))| (name, hour)).collect())
    }
}
