//! The people of the pages: who is let in, and what each may do there.
//!
//! Promises that the last administrator stays one, that whoever is disabled or gets another role or password is logged in
//! nowhere any more, and that each change is on record with who made it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Desk, DeskError, password,
    secret::{Secret, kept},
    tries::tried,
};
use crate::{
    core::{
        actor::Actor,
        event::{AccountChange, Event},
        role::Role,
        text::invisible::is_invisible,
    },
    store::{About, Account, Id, Tx},
};

/// How long a link holds by which a password is set.
const LINK_HOLDS: SignedDuration = SignedDuration::from_hours(24);
/// How long a token for scripts holds where nothing else is said.
const TOKEN_HOLDS: SignedDuration = SignedDuration::from_hours(24 * 365);
/// In place of an address, for tries by whoever has a session.
const IN_A_SESSION: &str = "session";
/// The characters that a name has at most.
const NAME_LIMIT: usize = 80;

/// A person who may use the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account; none in the training ground of a demo.
    pub account: Option<Id>,
    /// The name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
}

/// What a person took a copy of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken<'a> {
    /// The name of the file; none of the original.
    pub file: Option<&'a str>,
    /// The warning that the person was given before.
    pub warned: Option<&'a str>,
}

impl Person {
    /// The same as who did something.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person { id: self.account, name: self.name.clone() }
    }
}

impl From<Account> for Person {
    fn from(account: Account) -> Self {
        Self { account: Some(account.id), name: account.name, role: account.role }
    }
}

/// A person in the list of those who may use the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Id,
    /// The name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Since when the person may do nothing.
    pub disabled: Option<Timestamp>,
    /// Whether the person has set a password.
    pub has_password: bool,
    /// How many sessions hold.
    pub sessions: i64,
}

impl Desk {
    /// Whether anybody has an account; without one the pages can be read on this machine, and nobody decides in them.
    pub async fn has_accounts(&self) -> Result<bool, DeskError> {
        Ok(self.instance.db.snapshot().await?.has_accounts().await?)
    }

    /// Everybody with an account, by name.
    pub async fn accounts(&self) -> Result<Vec<Listed>, DeskError> {
        let (mut tx, since) = (self.instance.db.snapshot().await?, self.sessions_since());
        let mut listed = Vec::new();
        for account in tx.accounts().await? {
            listed.push(Listed {
                account: account.id,
                sessions: tx.open_sessions(account.id, since).await?,
                name: account.name,
                role: account.role,
                disabled: account.disabled_at,
                has_password: account.password.is_some(),
            });
        }
        Ok(listed)
    }

    /// Adds a person, and yields the secret of the link by which that person sets the password.
    ///
    /// # Errors
    /// The name is taken, or is none.
    pub async fn add_account(&self, name: &str, role: Role, actor: &Actor) -> Result<Secret, DeskError> {
        let (name, folded) = (shown(name)?, folded(name));
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let Some(account) = tx.add_account((&folded, &name), role, now).await? else {
            return Err(DeskError::Refused(format!("There is an account “{name}” already.")));
        };
        let secret = link(&mut tx, account, now).await?;
        record(&mut tx, now, actor, name, AccountChange::Added { role })?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Makes a new link by which a person sets the password; the one before holds no more.
    ///
    /// # Errors
    /// There is no such person, or the person is disabled.
    pub async fn link_account(&self, name: &str, actor: &Actor) -> Result<Secret, DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        if account.disabled_at.is_some() {
            return Err(DeskError::Refused(format!("{} is disabled; enable the account first.", account.name)));
        }
        let secret = link(&mut tx, account.id, now).await?;
        record(&mut tx, now, actor, account.name, AccountChange::Linked)?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Sets what a person may do from now on, and ends all sessions of that person.
    ///
    /// # Errors
    /// There is no such person, or nobody would be administrator.
    pub async fn set_role(&self, name: &str, role: Role, actor: &Actor) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        if role < Role::Administrator {
            keeps_an_administrator(&mut tx, &account).await?;
        }
        tx.set_role(account.id, role).await?;
        tx.end_sessions(account.id, &[]).await?;
        record(&mut tx, now, actor, account.name, AccountChange::Role { role })?;
        Ok(tx.commit().await?)
    }

    /// Ends what a person may do, with all sessions, tokens and links; the account stays, for decisions name it.
    ///
    /// # Errors
    /// There is no such person, or nobody would be administrator.
    pub async fn disable_account(&self, name: &str, actor: &Actor) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        keeps_an_administrator(&mut tx, &account).await?;
        tx.set_disabled(account.id, Some(now)).await?;
        tx.end_sessions(account.id, &[]).await?;
        tx.end_api_tokens(account.id).await?;
        tx.end_link(account.id).await?;
        record(&mut tx, now, actor, account.name, AccountChange::Disabled)?;
        Ok(tx.commit().await?)
    }

    /// Lets a person in again who was disabled.
    ///
    /// # Errors
    /// There is no such person.
    pub async fn enable_account(&self, name: &str, actor: &Actor) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        tx.set_disabled(account.id, None).await?;
        record(&mut tx, now, actor, account.name, AccountChange::Enabled)?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a person but, where one is given, that one.
    ///
    /// # Errors
    /// There is no such person.
    pub async fn end_sessions(&self, name: &str, but: Option<&str>, actor: &Actor) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        tx.end_sessions(account.id, &but.map(kept).unwrap_or_default()).await?;
        record(&mut tx, now, actor, account.name, AccountChange::SessionsEnded)?;
        Ok(tx.commit().await?)
    }

    /// Makes a token for scripts, which acts as that person until then; in a year where nothing is said.
    ///
    /// # Errors
    /// There is no such person, the person is disabled, or the time is over.
    pub async fn make_token(
        &self,
        name: &str,
        until: Option<Timestamp>,
        actor: &Actor,
    ) -> Result<(Secret, Timestamp), DeskError> {
        self.make_secret(name, until, actor, false).await
    }

    /// Makes a secret that opens the feeds alone, for what sends no token; in a year it is over where nothing is said.
    ///
    /// # Errors
    /// There is no such person, the person is disabled, or the time is over.
    pub async fn make_feed(
        &self,
        name: &str,
        until: Option<Timestamp>,
        actor: &Actor,
    ) -> Result<(Secret, Timestamp), DeskError> {
        self.make_secret(name, until, actor, true).await
    }

    async fn make_secret(
        &self,
        name: &str,
        until: Option<Timestamp>,
        actor: &Actor,
        feed: bool,
    ) -> Result<(Secret, Timestamp), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = called(&mut tx, name).await?;
        if account.disabled_at.is_some() {
            return Err(DeskError::Refused(format!("{} is disabled; enable the account first.", account.name)));
        }
        let until = until.unwrap_or_else(|| now.saturating_add(TOKEN_HOLDS).unwrap_or(Timestamp::MAX));
        if until <= now {
            return Err(DeskError::Refused(format!("A token until {until} would not hold even now.")));
        }
        let secret = Secret::fresh()?;
        tx.keep_api_token((&secret.kept(), feed), account.id, (now, until)).await?;
        let made = if feed { AccountChange::FeedMade { until } } else { AccountChange::TokenMade { until } };
        record(&mut tx, now, actor, account.name, made)?;
        tx.commit().await?;
        Ok((secret, until))
    }

    /// Whose link that is, by name; none where it does not hold any more.
    pub async fn linked(&self, secret: &str) -> Result<Option<String>, DeskError> {
        let now = self.instance.clock.now();
        let account = self.instance.db.snapshot().await?.linked(&kept(secret), now).await?;
        Ok(account.map(|account| account.name))
    }

    /// Sets the password by a link, which holds no more then; and ends all sessions of the person.
    ///
    /// # Errors
    /// The link does not hold, or the password is too short.
    pub async fn set_password_by_link(&self, secret: &str, password: &str) -> Result<(), DeskError> {
        let over = || {
            let said = "This link does not hold any more. Ask an administrator for a new one.";
            DeskError::Refused(said.to_owned())
        };
        // Whoever has no link has nothing worked on, which would keep those waiting who log in.
        self.linked(secret).await?.ok_or_else(over)?;
        let hashed = password::hashed(password).await?;
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let account = tx.linked(&kept(secret), now).await?.ok_or_else(over)?;
        self.password_set(tx, account, &hashed, None).await
    }

    /// Sets another password for a person who knows the one before, and ends all other sessions.
    ///
    /// # Errors
    /// The password before is another, or the new one is too short.
    pub async fn change_password(
        &self,
        person: &Person,
        (before, new): (&str, &str),
        session: &str,
    ) -> Result<(), DeskError> {
        let refused = |said: &str| Err(DeskError::Refused(said.to_owned()));
        let (folded, hashed) = (folded(&person.name), password::hashed(new).await?);
        // Whoever has found a session open does not find the password out by it.
        if self.count_try(&folded, IN_A_SESSION).await?.is_some() {
            return refused("There were too many tries. Try again in some minutes.");
        }
        let account = called(&mut self.instance.db.snapshot().await?, &person.name).await?;
        if !password::is_right(before, account.password.as_deref()).await? {
            return refused("The password that you have now is another one.");
        }
        let mut tx = self.instance.db.begin().await?;
        // As it is by now: another one may have been set while this one was looked at.
        let now = tx.account(account.id).await?.filter(|now| now.disabled_at.is_none());
        let Some(account) = now.filter(|now| now.password == account.password) else {
            return refused("Your password was changed elsewhere meanwhile. Log in again.");
        };
        tx.forgive(tried(&folded), IN_A_SESSION).await?;
        self.password_set(tx, account, &hashed, Some(session)).await
    }

    async fn password_set(
        &self,
        mut tx: Tx,
        account: Account,
        hashed: &str,
        session: Option<&str>,
    ) -> Result<(), DeskError> {
        tx.set_password(account.id, hashed).await?;
        tx.end_link(account.id).await?;
        tx.end_sessions(account.id, &session.map(kept).unwrap_or_default()).await?;
        let actor = Actor::Person { id: Some(account.id), name: account.name.clone() };
        record(&mut tx, self.instance.clock.now(), &actor, account.name, AccountChange::PasswordSet)?;
        Ok(tx.commit().await?)
    }

    /// Writes down that a person took a copy of the original of the entry with that intake number, or of a file of it.
    pub async fn downloaded(&self, person: &Person, entry: &str, what: Taken<'_>) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let message = match super::entry::resolve(&mut tx, entry).await? {
            Some((number, _)) => tx.entry(number).await?.map(|entry| entry.id),
            None => None,
        };
        let about = About { message, ..About::default() };
        let event = Event::Downloaded { file: what.file.map(str::to_owned), warned: what.warned.map(str::to_owned) };
        tx.record(now, about, &person.actor(), &event)?;
        Ok(tx.commit().await?)
    }

    /// Writes down that a person took a table out of the pages as a file.
    pub async fn exported(&self, person: &Person, what: &str) -> Result<(), DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        tx.record(now, About::default(), &person.actor(), &Event::Exported { what: what.to_owned() })?;
        Ok(tx.commit().await?)
    }

    /// Writes down that a person looked at the entry with that intake number, once for each hour.
    pub async fn looked_at(&self, person: &Person, entry: &str) -> Result<(), DeskError> {
        let number = entry.strip_prefix("M-").and_then(|digits| digits.parse::<i64>().ok());
        let (Some(account), Some(number)) = (person.account, number) else { return Ok(()) };
        let now = self.instance.clock.now().as_second();
        let hour = Timestamp::from_second(now - now.rem_euclid(3_600)).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut tx = self.instance.db.begin().await?;
        tx.keep_access(account, number, hour).await?;
        Ok(tx.commit().await?)
    }
}

/// A name in the form by which names are compared.
pub(super) fn folded(name: &str) -> String {
    one_space(&name.nfkc().collect::<String>().to_lowercase().nfkc().collect::<String>())
}

/// A name as it is shown.
pub(super) fn shown(name: &str) -> Result<String, DeskError> {
    let name = name.trim().nfc().collect::<String>();
    let said = if name.is_empty() {
        "A person has a name."
    } else if name.chars().count() > NAME_LIMIT {
        "A name has at most 80 characters."
    } else if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        "A name has no control characters and no marks that cannot be seen."
    } else {
        return Ok(one_space(&name));
    };
    Err(DeskError::Refused(said.to_owned()))
}

/// A name as a page shows it, where any space is one.
fn one_space(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn called(tx: &mut Tx, name: &str) -> Result<Account, DeskError> {
    let account = tx.account_named(&folded(name)).await?;
    account.ok_or_else(|| {
        let name: String = name.chars().take(NAME_LIMIT).collect();
        DeskError::NotFound(format!("Nobody has an account by the name “{name}”."))
    })
}

async fn link(tx: &mut Tx, account: Id, now: Timestamp) -> Result<Secret, DeskError> {
    let secret = Secret::fresh()?;
    tx.keep_link(account, &secret.kept(), now.saturating_add(LINK_HOLDS).unwrap_or(Timestamp::MAX)).await?;
    Ok(secret)
}

/// That somebody is administrator beside this account, if it is one that counts.
async fn keeps_an_administrator(tx: &mut Tx, account: &Account) -> Result<(), DeskError> {
    let counts = account.role == Role::Administrator && account.disabled_at.is_none();
    if counts && tx.other_administrators(account.id).await? == 0 {
        let said = format!("{} is the last administrator; make somebody else one first.", account.name);
        return Err(DeskError::Refused(said));
    }
    Ok(())
}

/// Writes down how an account was changed.
pub(super) fn record(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    name: String,
    change: AccountChange,
) -> Result<(), DeskError> {
    Ok(tx.record(now, About::default(), actor, &Event::AccountChanged { name, change })?)
}
