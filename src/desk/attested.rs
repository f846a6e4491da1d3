//! Letting somebody in whom an issuer of logins knows.
//!
//! Promises that an account belongs to the issuer's number of the person and never to a name, which anybody there may take;
//! that what the person may do follows the groups at each login; and that whoever is disabled here stays out.

use jiff::Timestamp;

use super::{
    Desk, DeskError,
    accounts::{Person, folded, record, shown},
    secret::Secret,
    tries::tried,
};
use crate::{
    core::{actor::Actor, event::AccountChange, role::Role, text::invisible::is_invisible},
    store::{Account, Tx},
};

/// The characters that are taken of a name which the issuer gives.
const TAKEN: usize = 60;

/// Whom an issuer says that somebody is.
#[derive(Clone, Copy, Debug)]
pub struct Attested<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// Its number of the person.
    pub subject: &'a str,
    /// What it calls the person, the best name first.
    pub names: &'a [String],
    /// What the person may do; none to be kept out.
    pub role: Option<Role>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Entrance {
    /// A session began.
    In {
        /// Its secret.
        session: Secret,
        /// Whose it is.
        person: Person,
    },
    /// The person is in none of the groups that may do something; all sessions and tokens of the person are ended.
    NoGroup,
    /// The account is disabled.
    Disabled,
    /// Other people have all the names already by which the issuer calls this one.
    NamesTaken,
}

impl Desk {
    /// Counts an answer of the issuer as a login that failed until it has led in; yields when the next one is looked at,
    /// where there were too many from that address.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn count_entrance(&self, attempt: &str, address: &str) -> Result<Option<Timestamp>, DeskError> {
        self.count_try(attempt, address).await
    }

    /// Takes that back for a login that led in.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn forgive_entrance(&self, attempt: &str, address: &str) -> Result<(), DeskError> {
        let mut tx = self.instance.db.begin().await?;
        tx.forgive(tried(attempt), address).await?;
        Ok(tx.commit().await?)
    }

    /// Begins a session for somebody whom an issuer knows; who comes for the first time gets an account.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn enter(&self, who: Attested<'_>) -> Result<Entrance, DeskError> {
        let (now, mut tx) = (self.instance.clock.now(), self.instance.db.begin().await?);
        let known = tx.account_attested(who.issuer, who.subject).await?;
        let Some(role) = who.role else {
            if let Some(account) = known {
                tx.end_sessions(account.id, &[]).await?;
                tx.end_api_tokens(account.id).await?;
                record(&mut tx, now, &Actor::Program, account.name, AccountChange::SessionsEnded)?;
                tx.commit().await?;
            }
            return Ok(Entrance::NoGroup);
        };
        let account = match known {
            Some(account) if account.disabled_at.is_some() => return Ok(Entrance::Disabled),
            Some(account) => account,
            None => match self.added(&mut tx, who, role).await? {
                Some(account) => account,
                None => return Ok(Entrance::NamesTaken),
            },
        };
        if account.role != role {
            tx.set_role(account.id, role).await?;
            tx.end_sessions(account.id, &[]).await?;
            record(&mut tx, now, &Actor::Program, account.name.clone(), AccountChange::Role { role })?;
        }
        let session = Secret::fresh()?;
        tx.end_old_sessions(self.sessions_since()).await?;
        tx.begin_session(&session.kept(), account.id, now).await?;
        tx.commit().await?;
        Ok(Entrance::In { session, person: Account { role, ..account }.into() })
    }

    /// An account under the first name that nobody has; none where somebody has each of them.
    async fn added(&self, tx: &mut Tx, who: Attested<'_>, role: Role) -> Result<Option<Account>, DeskError> {
        let now = self.instance.clock.now();
        for name in names(who.names) {
            let Ok(name) = shown(&name) else { continue };
            let Some(id) = tx.add_account((&folded(&name), &name), role, now).await? else { continue };
            tx.attest(who.issuer, who.subject, id).await?;
            record(tx, now, &Actor::Program, name.clone(), AccountChange::Attested { role })?;
            return Ok(Some(Account { id, name, role, password: None, disabled_at: None }));
        }
        Ok(None)
    }
}

/// The names to try: the best one alone, then with each other one behind it.
fn names(given: &[String]) -> Vec<String> {
    let clean = |name: &String| -> String {
        let seen: String = name.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(TAKEN).collect();
        seen.trim().to_owned()
    };
    let given: Vec<String> = given.iter().map(clean).filter(|name| !name.is_empty()).collect();
    let Some((best, others)) = given.split_first() else { return Vec::new() };
    let more = others.iter().filter(|other| *other != best).map(|other| {
        let room = 77_usize.saturating_sub(other.chars().count());
        format!("{} ({other})", best.chars().take(room).collect::<String>())
    });
    [best.clone()].into_iter().chain(more).collect()
}
