//! Who is asking: by a session, by a token, or by name and password.
//!
//! Promises that a role which was changed, and a person who was disabled, count with the next request; and that a name
//! which there is not is answered like a wrong password.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use jiff::{SignedDuration, Timestamp};

use super::{
    Desk, DeskError,
    accounts::{Person, folded},
    password,
    secret::{Secret, kept},
    tries::{before, tried},
};
use crate::store::Since;

/// A session ends when nobody used it for so long, and at the latest after that.
const IDLE: SignedDuration = SignedDuration::from_hours(8);
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How often it is written down that a session is used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// What came of a login.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// A session began.
    In {
        /// Its secret.
        session: Secret,
        /// Whose it is.
        person: Person,
    },
    /// Name and password do not fit together.
    Wrong,
    /// There were too many tries.
    TooMany {
        /// When the next one is looked at.
        next: Timestamp,
    },
}

impl Desk {
    /// Whose session that is, if it holds.
    pub async fn by_session(&self, secret: &str) -> Result<Option<Person>, DeskError> {
        let (now, hash) = (self.instance.clock.now(), kept(secret));
        let found = self.instance.db.snapshot().await?.session(&hash, self.sessions_since()).await?;
        let Some((account, seen)) = found else { return Ok(None) };
        if now.duration_since(seen) >= SEEN_EVERY {
            let mut tx = self.instance.db.begin().await?;
            tx.session_seen(&hash, now).await?;
            tx.commit().await?;
        }
        Ok(Some(account.into()))
    }

    /// Whose token for scripts that is, if it holds.
    pub async fn by_token(&self, secret: &str) -> Result<Option<Person>, DeskError> {
        let now = self.instance.clock.now();
        Ok(self.instance.db.snapshot().await?.by_api_token((&kept(secret), false), now).await?.map(Person::from))
    }

    /// Whose secret of the feeds that is, if it holds. It is no token, and opens nothing else.
    pub async fn by_feed(&self, secret: &str) -> Result<Option<Person>, DeskError> {
        let now = self.instance.clock.now();
        Ok(self.instance.db.snapshot().await?.by_api_token((&kept(secret), true), now).await?.map(Person::from))
    }

    /// Begins a session by name and password.
    pub async fn log_in(&self, name: &str, password: &str, address: &str) -> Result<Login, DeskError> {
        let (now, folded) = (self.instance.clock.now(), folded(name));
        if let Some(next) = self.count_try(&folded, address).await? {
            return Ok(Login::TooMany { next });
        }
        let account = self.instance.db.snapshot().await?.account_named(&folded).await?;
        let account = account.filter(|account| account.disabled_at.is_none());
        let right = password::is_right(password, account.as_ref().and_then(|a| a.password.as_deref())).await?;
        let mut tx = self.instance.db.begin().await?;
        // As it is by now: the account may have been disabled while the password was looked at.
        let still = match account.filter(|_| right) {
            Some(account) => tx
                .account(account.id)
                .await?
                .filter(|now| now.disabled_at.is_none() && now.password == account.password),
            None => None,
        };
        let Some(account) = still else { return Ok(Login::Wrong) };
        let session = Secret::fresh()?;
        tx.forgive(tried(&folded), address).await?;
        tx.end_old_sessions(self.sessions_since()).await?;
        tx.begin_session(&session.kept(), account.id, now).await?;
        tx.commit().await?;
        Ok(Login::In { session, person: account.into() })
    }

    /// Ends a session.
    pub async fn log_out(&self, secret: &str) -> Result<(), DeskError> {
        let mut tx = self.instance.db.begin().await?;
        tx.end_session(&kept(secret)).await?;
        Ok(tx.commit().await?)
    }

    /// Since when sessions must have begun and been used to hold now.
    pub(super) fn sessions_since(&self) -> Since {
        let now = self.instance.clock.now();
        Since { begun: before(now, LONGEST), seen: before(now, IDLE) }
    }
}
