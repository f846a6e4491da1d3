//! The issuer: where it sends people, and whom it says that they are when they come back.
//!
//! Promises that what it offers is asked for again after an hour, that its keys are asked for once more where a token names
//! one that is not known, and that an answer ends one login at most.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::{Mutex as Short, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::{
    OidcError,
    attempt::Attempt,
    keys::{self, Key},
    metadata::{self, Metadata},
    token::{self, BadToken},
};
use crate::{
    config::{OidcConfig, Secret},
    core::{
        mail::sasl,
        role::Role,
        text::{self, percent},
    },
    net::http::{Endpoint, Response},
};

/// How long the issuer may take for an answer: somebody sits before the page.
const LIMIT: Duration = Duration::from_secs(10);
/// How long what it offers is taken to be so.
const HOLDS: SignedDuration = SignedDuration::from_hours(1);
/// How many answers that ended a login are remembered until they hold no more.
const REMEMBERED: usize = 10_000;

/// An issuer of logins.
pub struct Issuer {
    config: OidcConfig,
    offers: Mutex<Option<Offers>>,
    /// Until when the states would hold that ended a login.
    ended: Short<BTreeSet<(i64, String)>>,
}

/// What is known of the issuer.
#[derive(Clone)]
struct Offers {
    metadata: Metadata,
    keys: Vec<Key>,
    at: Timestamp,
}

/// Whom the issuer says that somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The issuer.
    pub issuer: String,
    /// By what it knows the person: the same as long as there is the account, and never another's.
    pub subject: String,
    /// What it calls the person, the best name first; each may be another's, too.
    pub names: Vec<String>,
    /// What the person may do by the groups; none where none is ours.
    pub role: Option<Role>,
}

#[derive(Deserialize)]
struct Given {
    id_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Issuer {
    /// One that the configuration names.
    #[must_use]
    pub fn new(config: OidcConfig) -> Self {
        Self { config, offers: Mutex::default(), ended: Short::default() }
    }

    /// What people call it.
    #[must_use]
    pub fn called(&self) -> &str {
        &self.config.called
    }

    /// Where a person is sent to log in, who then comes back to `back`.
    ///
    /// # Errors
    /// The issuer does not say.
    pub async fn way(&self, attempt: &Attempt, back: &str, now: Timestamp) -> Result<String, OidcError> {
        let mut way = self.offers(now).await?.metadata.authorization;
        let mut and = if way.contains('?') { '&' } else { '?' };
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", back),
            ("scope", &self.config.scope),
            ("state", &attempt.state()),
            ("nonce", &attempt.nonce()),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
        ] {
            // Writing into a text does not fail.
            _ = write!(way, "{and}{name}={}", percent::encoded(value));
            and = '&';
        }
        Ok(way)
    }

    /// Ends a login, and yields whom the issuer says that it was.
    ///
    /// # Errors
    /// The login was ended already, or the issuer says nothing that counts.
    pub async fn attested(
        &self,
        attempt: &Attempt,
        (code, by): (&str, Option<&str>),
        back: &str,
        now: Timestamp,
    ) -> Result<Attested, OidcError> {
        self.end(attempt, now)?;
        // RFC 9207: an answer that says by whom it is, is by nobody else.
        if by.is_some_and(|by| by != self.config.issuer) {
            return Err(OidcError::Token { host: self.host(), why: BadToken::Issuer });
        }
        let offers = self.offers(now).await?;
        let token = self.token(&offers.metadata, attempt, code, back).await?;
        let check = |keys: &[Key]| token::checked(&self.config, keys, &token, &attempt.nonce(), now);
        let claims = match check(&offers.keys) {
            // It may sign with a new key.
            Err(BadToken::NoKey) => check(&self.fetched(now).await?.keys),
            checked => checked,
        };
        let claims = claims.map_err(|why| OidcError::Token { host: self.host(), why })?;
        Ok(self.person(&claims))
    }

    /// Takes a login as ended: whoever comes once more with the same answer is not let in by it.
    fn end(&self, attempt: &Attempt, now: Timestamp) -> Result<(), OidcError> {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|(until, _)| *until >= now.as_second());
        if ended.len() >= REMEMBERED {
            ended.pop_first();
        }
        if ended.insert((attempt.until(), attempt.state())) { Ok(()) } else { Err(OidcError::NotBegun) }
    }

    async fn offers(&self, now: Timestamp) -> Result<Offers, OidcError> {
        let known = self.offers.lock().await.clone();
        match known.filter(|known| now.duration_since(known.at) < HOLDS) {
            Some(known) => Ok(known),
            None => self.fetched(now).await,
        }
    }

    /// Asks the issuer what it offers, and for its keys.
    async fn fetched(&self, now: Timestamp) -> Result<Offers, OidcError> {
        let metadata = metadata::understand(&self.config, &self.get(&self.config.discovery).await?)?;
        let keys = keys::understand(&self.get(&metadata.keys).await?).map_err(|why| self.unfit(why))?;
        let offers = Offers { metadata, keys, at: now };
        *self.offers.lock().await = Some(offers.clone());
        Ok(offers)
    }

    async fn get(&self, endpoint: &Endpoint) -> Result<Vec<u8>, OidcError> {
        let Response { status, body, .. } = endpoint.get(LIMIT).await?;
        if status == 200 { Ok(body) } else { Err(self.unfit(format!("it answered with status {status}"))) }
    }

    /// Changes a code for the token that says who it is.
    async fn token(&self, metadata: &Metadata, attempt: &Attempt, code: &str, back: &str) -> Result<String, OidcError> {
        let (id, secret) = (&self.config.client_id, self.config.client_secret.as_ref().map(Secret::reveal));
        let verifier = attempt.verifier();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", &verifier),
        ];
        let login = match secret {
            Some(secret) if !metadata.secret_in_form => {
                let login = format!("{}:{}", percent::encoded(id), percent::encoded(secret));
                Some(format!("Basic {}", BASE64.encode(login)))
            }
            Some(secret) => {
                fields.extend([("client_id", id.as_str()), ("client_secret", secret)]);
                None
            }
            None => {
                fields.push(("client_id", id));
                None
            }
        };
        let form: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", percent::encoded(value))).collect();
        let kind = "application/x-www-form-urlencoded";
        let answer = metadata.token.post(kind, login.as_deref(), form.join("&").into_bytes(), LIMIT).await?;
        let given: Option<Given> = serde_json::from_slice(&answer.body).ok();
        match given {
            Some(Given { id_token: Some(token), .. }) if answer.status == 200 => Ok(token),
            given => {
                let (error, more) = given.map(|given| (given.error, given.error_description)).unwrap_or_default();
                let why = error.unwrap_or_else(|| format!("it answered with status {} and no token", answer.status));
                let again = answer.status >= 500 || why == "invalid_grant";
                let why = more.map_or_else(|| why.clone(), |more| format!("{why}: {more}"));
                let hidden: Vec<&str> = secret.into_iter().chain([code, verifier.as_str()]).collect();
                Err(OidcError::Refused {
                    host: self.host(),
                    why: text::line(&sasl::without(&why, &hidden), 400),
                    again,
                })
            }
        }
    }

    fn person(&self, claims: &Map<String, Value>) -> Attested {
        let word = |claim: &str| claims.get(claim).and_then(Value::as_str).map(str::to_owned);
        let names = [self.config.name_claim.as_str(), "preferred_username", "email", "sub"];
        Attested {
            issuer: self.config.issuer.clone(),
            subject: word("sub").unwrap_or_default(),
            names: names.into_iter().filter_map(word).collect(),
            role: self.config.role(&groups(claims, &self.config.groups_claim)),
        }
    }

    fn host(&self) -> String {
        self.config.discovery.host().to_owned()
    }

    fn unfit(&self, why: String) -> OidcError {
        OidcError::Unfit { host: self.host(), why }
    }
}

/// The groups in a claim, which may stand within others: `realm_access.roles`.
fn groups(claims: &Map<String, Value>, claim: &str) -> Vec<String> {
    let within = || {
        let mut parts = claim.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    };
    match claims.get(claim).or_else(within) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
