//! The keeper of tokens: who needs one asks here, and gets one that is good for a while yet.
//!
//! Promises that one request at a time goes out for an account; that a token is renewed before it runs out, and used to
//! its end where it cannot be; that a token which a mail server refused is not handed out again; and that a replaced
//! refresh token is in the database before the token that came with it is used. Between the provider's answer and that
//! commit a crash loses the new refresh token; most providers take the old one for a while.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex as Short, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::{
    TokenError,
    endpoint::{self, Given},
    is_about_the_grant, seal,
};
use crate::{
    clock::Clock,
    config::{Grant, Key, OauthConfig, Secret},
    store::{Db, KeptToken},
    watch::Watch,
};

/// A token is renewed when less than this is left, or less than a fifth of its time.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// The tokens of all accounts.
pub struct Tokens {
    /// Where replaced refresh tokens are kept; none where no log was begun yet.
    db: Option<Db>,
    clock: Clock,
    key: Option<Key>,
    /// Who is told what the clocks of token endpoints show.
    watch: Option<Arc<Watch>>,
    accounts: Short<BTreeMap<String, Arc<Mutex<Account>>>>,
}

/// A token that was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The token.
    pub token: Secret,
    /// It was given just now: asking for another would help nothing.
    pub fresh: bool,
}

/// What is known of an account while the program runs.
#[derive(Default)]
struct Account {
    /// Tokens by their scope.
    access: BTreeMap<Option<String>, Access>,
    /// A refresh token that took another's place and could not be committed yet, with its origin.
    unsaved: Option<(Secret, Vec<u8>)>,
}

struct Access {
    token: Secret,
    renew_at: Timestamp,
    until: Timestamp,
}

/// The refresh token to ask with.
struct Chosen {
    token: Secret,
    /// By what the configured one is recognised.
    origin: Vec<u8>,
    /// One was kept, and cannot be decrypted.
    unreadable: bool,
}

impl Tokens {
    /// Keeps tokens for those who ask; refresh tokens go into the database, encrypted by the key.
    #[must_use]
    pub fn new(db: Db, clock: Clock, key: Option<Key>) -> Self {
        Self { db: Some(db), clock, key, watch: None, accounts: Short::default() }
    }

    /// Tokens before a log was begun: for accounts with refresh tokens there are none, for one that the provider replaced
    /// could not be kept.
    #[must_use]
    pub fn before_the_log(clock: Clock) -> Self {
        Self { db: None, clock, key: None, watch: None, accounts: Short::default() }
    }

    /// Also tells what the clocks of token endpoints show.
    #[must_use]
    pub fn watched(self, watch: Arc<Watch>) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// A token that is good for a while yet.
    ///
    /// # Errors
    /// The endpoint gives none, or a refresh token cannot be kept.
    pub async fn token(&self, user: &str, oauth: &OauthConfig) -> Result<Handed, TokenError> {
        let name = name(user, oauth);
        let account = self.account(&name);
        let mut account = account.lock().await;
        let now = self.clock.now();
        if let Some(access) = account.access.get(&oauth.scope)
            && now < access.renew_at
        {
            return Ok(Handed { token: access.token.clone(), fresh: false });
        }
        let given = match &oauth.grant {
            Grant::ClientCredentials => self.ask(oauth, None).await,
            Grant::RefreshToken(first) => self.refresh(&mut account, &name, oauth, first).await,
        };
        let given = match (given, account.access.get(&oauth.scope)) {
            (Err(error), Some(access)) if now < access.until => {
                if let Some(watch) = &self.watch {
                    watch.complain(&not_renewed(oauth), &error.to_string(), now);
                }
                return Ok(Handed { token: access.token.clone(), fresh: false });
            }
            (given, _) => given?,
        };
        let lasts = SignedDuration::try_from(given.lasts).unwrap_or(SignedDuration::MAX);
        let after = |length| now.saturating_add(length).unwrap_or(Timestamp::MAX);
        let (renew_at, until) = (after(lasts - MARGIN.min(lasts / 5)), after(lasts));
        account.access.insert(oauth.scope.clone(), Access { token: given.access.clone(), renew_at, until });
        if let Some(watch) = &self.watch {
            watch.content(&not_renewed(oauth), now);
        }
        tracing::debug!("a token was given by {}", oauth.endpoint.host());
        Ok(Handed { token: given.access, fresh: true })
    }

    /// Forgets a token that a mail server refused: the next one is asked for.
    pub async fn refused(&self, user: &str, oauth: &OauthConfig, token: &Secret) {
        let account = self.account(&name(user, oauth));
        account.lock().await.access.retain(|_, access| access.token != *token);
    }

    fn account(&self, name: &str) -> Arc<Mutex<Account>> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(name.to_owned()).or_default())
    }

    async fn ask(&self, oauth: &OauthConfig, refresh: Option<&Secret>) -> Result<Given, TokenError> {
        let answer = endpoint::ask(oauth, refresh).await?;
        if let (Clock::System, Some(watch), Some(theirs)) = (&self.clock, &self.watch, answer.date) {
            watch.clock(&format!("the web server {}", oauth.endpoint.host()), theirs, self.clock.now());
        }
        endpoint::understand(oauth, refresh, &answer)
    }

    /// Asks with the refresh token that is valid now, and keeps the one that takes its place.
    async fn refresh(
        &self,
        account: &mut Account,
        name: &str,
        oauth: &OauthConfig,
        first: &Secret,
    ) -> Result<Given, TokenError> {
        self.save(account, name).await?;
        let mut chosen = self.choose(name, first).await?;
        let mut asked = self.ask(oauth, Some(&chosen.token)).await;
        if matches!(&asked, Err(TokenError::Refused { why, .. }) if is_about_the_grant(why)) {
            // Another process may have replaced it in the meantime.
            let now = self.choose(name, first).await?;
            if now.token != chosen.token {
                chosen = now;
                asked = self.ask(oauth, Some(&chosen.token)).await;
            }
        }
        let given = match asked {
            Err(error) if chosen.unreadable => return Err(TokenError::Sealed(Box::new(error))),
            other => other?,
        };
        if let Some(new) = given.refresh.as_ref().filter(|new| **new != chosen.token) {
            account.unsaved = Some((new.clone(), chosen.origin));
            self.save(account, name).await?;
        }
        Ok(given)
    }

    /// The refresh token that was kept and descends from the configured one; else the configured one.
    async fn choose(&self, name: &str, first: &Secret) -> Result<Chosen, TokenError> {
        let mut tx = self.db()?.snapshot().await?;
        let kept = tx.kept_tokens(name).await?;
        drop(tx);
        let Some(kept) = kept.into_iter().find(|kept| seal::is_marked(&kept.origin, first)) else {
            return Ok(Chosen { token: first.clone(), origin: seal::mark(first)?, unreadable: false });
        };
        if let Some(token) = seal::open(self.key()?, name, &kept.sealed) {
            return Ok(Chosen { token, origin: kept.origin, unreadable: false });
        }
        if let Some(watch) = &self.watch {
            let why = "the configured one is tried; was “token_key” changed?";
            watch.complain("a refresh token that was kept cannot be read", why, self.clock.now());
        }
        Ok(Chosen { token: first.clone(), origin: kept.origin, unreadable: true })
    }

    /// Commits a refresh token that took another's place.
    async fn save(&self, account: &mut Account, name: &str) -> Result<(), TokenError> {
        let Some((token, origin)) = &account.unsaved else { return Ok(()) };
        let kept = KeptToken { sealed: seal::seal(self.key()?, name, token)?, origin: origin.clone() };
        let mut tx = self.db()?.begin().await?;
        tx.keep_token(name, &kept, self.clock.now()).await?;
        tx.commit().await?;
        account.unsaved = None;
        Ok(())
    }

    fn db(&self) -> Result<&Db, TokenError> {
        let none = "there is no log yet; “docket people import” or “docket run --rehearse” begins one";
        self.db.as_ref().ok_or_else(|| TokenError::Keep(none.to_owned()))
    }

    fn key(&self) -> Result<&Key, TokenError> {
        self.key.as_ref().ok_or_else(|| TokenError::Keep("[store] has no “token_key”".to_owned()))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

/// What the log says where no new token comes.
fn not_renewed(oauth: &OauthConfig) -> String {
    format!("{} does not renew a token, and the one before is still good", oauth.endpoint.host())
}

/// What an account is called in the database and in logs. Mailbox and letters of one account share the name, and so one
/// refresh token where the configuration names the same.
fn name(user: &str, oauth: &OauthConfig) -> String {
    format!("{user} by {} at {}", oauth.client_id, oauth.endpoint.host())
}
