//! One login that was begun: what the browser keeps of it, and what is sent out for it.
//!
//! Promises that nothing is kept here for whoever begins logins: all that a login needs is made of the secret in the
//! browser's cookie, so that only that browser can end it, for a short while.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// How long a login may take.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// A login that was begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    secret: String,
    at: i64,
    to: String,
}

impl Attempt {
    /// Begins one with a fresh secret, which the browser keeps; `to` is the page that was asked for.
    #[must_use]
    pub fn begun(secret: &str, to: &str, now: Timestamp) -> Self {
        Self { secret: secret.to_owned(), at: now.as_second(), to: to.to_owned() }
    }

    /// The one that a state belongs to, if the browser with that secret began it a short while ago.
    #[must_use]
    pub fn of_state(secret: &str, state: &str, now: Timestamp) -> Option<Self> {
        let mut parts = state.split('.');
        let (at, to, mac) = (parts.next()?, parts.next()?, parts.next()?);
        if secret.is_empty() || parts.next().is_some() {
            return None;
        }
        let to = String::from_utf8(BASE64.decode(to).ok()?).ok()?;
        let attempt = Self { secret: secret.to_owned(), at: at.parse().ok()?, to };
        attempt.mac("state").verify_slice(&BASE64.decode(mac).ok()?).ok()?;
        let since = now.duration_since(Timestamp::from_second(attempt.at).ok()?);
        (SignedDuration::ZERO <= since && since <= LASTS).then_some(attempt)
    }

    /// What goes to the issuer and comes back with the code.
    #[must_use]
    pub fn state(&self) -> String {
        format!("{}.{}.{}", self.at, BASE64.encode(&self.to), self.made("state"))
    }

    /// What the issuer signs together with who it is.
    #[must_use]
    pub fn nonce(&self) -> String {
        self.made("nonce")
    }

    /// What the code is good with (RFC 7636).
    #[must_use]
    pub fn verifier(&self) -> String {
        self.made("verifier")
    }

    /// What the issuer is told of it beforehand.
    #[must_use]
    pub fn challenge(&self) -> String {
        BASE64.encode(Sha256::digest(self.verifier()))
    }

    /// The page that was asked for.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    /// When it does not hold any more.
    pub(super) fn until(&self) -> i64 {
        self.at.saturating_add(LASTS.as_secs())
    }

    fn made(&self, what: &str) -> String {
        BASE64.encode(self.mac(what).finalize().into_bytes())
    }

    fn mac(&self, what: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(format!("{what}.{}.{}", self.at, self.to).as_bytes());
        mac
    }
}
