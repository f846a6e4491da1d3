//! The token by which an issuer says who somebody is (OpenID Connect Core 1.0, section 3.1.3.7).
//!
//! Promises that every rule is held before a word of it counts: signature, issuer, for whom, how long, and which login.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::keys::{Key, WAYS};
use crate::config::OidcConfig;

/// How far the issuer's clock may be from ours, in seconds.
const SKEW: f64 = 60.0;
/// The characters that a subject has at most, as the standard has it.
const SUBJECT_LIMIT: usize = 255;

/// Why a token says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is no token.
    #[error("it is not of the form of a signed token")]
    Malformed,
    /// It is not signed in a way that is taken.
    #[error("it is not signed in a way that is taken")]
    Way,
    /// None of the issuer's keys is the one that it names.
    #[error("the issuer has no such key")]
    NoKey,
    /// The signature is another's.
    #[error("its signature is wrong")]
    Signature,
    /// Another issuer made it.
    #[error("another issuer made it")]
    Issuer,
    /// It is for another program.
    #[error("it is for another program")]
    Audience,
    /// It holds no more, or not yet.
    #[error("it does not hold now; are the clocks right?")]
    Time,
    /// It is of another login.
    #[error("it is of another login")]
    Nonce,
    /// It does not say whom it is about.
    #[error("it does not say whom it is about")]
    Subject,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// What a token of the issuer says, if it is one.
pub(super) fn checked(
    config: &OidcConfig,
    keys: &[Key],
    token: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, BadToken> {
    let (message, signature) = token.rsplit_once('.').ok_or(BadToken::Malformed)?;
    let (header, claims) = message.split_once('.').ok_or(BadToken::Malformed)?;
    let bytes = |part: &str| BASE64.decode(part).map_err(|_| BadToken::Malformed);
    let header: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| BadToken::Malformed)?;
    if header.crit.is_some() || !WAYS.contains(&header.alg.as_str()) {
        return Err(BadToken::Way);
    }
    let signature = bytes(signature)?;
    let mut fitting = keys.iter().filter(|key| key.fits(header.kid.as_deref(), &header.alg)).peekable();
    if fitting.peek().is_none() {
        return Err(BadToken::NoKey);
    }
    if !fitting.any(|key| key.signed(&header.alg, message.as_bytes(), &signature)) {
        return Err(BadToken::Signature);
    }
    let claims: Map<String, Value> = serde_json::from_slice(&bytes(claims)?).map_err(|_| BadToken::Malformed)?;
    hold(config, &claims, nonce, now)?;
    Ok(claims)
}

fn hold(config: &OidcConfig, claims: &Map<String, Value>, nonce: &str, now: Timestamp) -> Result<(), BadToken> {
    let is = |claim: &str, value: &str| claims.get(claim).and_then(Value::as_str) == Some(value);
    if !is("iss", &config.issuer) {
        return Err(BadToken::Issuer);
    }
    let us = config.client_id.as_str();
    let (for_us, alone) = match claims.get("aud") {
        Some(Value::String(one)) => (one == us, true),
        Some(Value::Array(all)) => (all.iter().any(|one| one.as_str() == Some(us)), all.len() == 1),
        _ => (false, true),
    };
    let by_us = is("azp", us) || (alone && !claims.contains_key("azp"));
    if !for_us || !by_us {
        return Err(BadToken::Audience);
    }
    let now = now.as_duration().as_secs_f64();
    let time = |claim: &str| claims.get(claim).and_then(Value::as_f64);
    let in_time = time("exp").is_some_and(|until| now < until + SKEW)
        && time("iat").is_some_and(|made| made <= now + SKEW)
        && (!claims.contains_key("nbf") || time("nbf").is_some_and(|from| from <= now + SKEW));
    if !in_time {
        return Err(BadToken::Time);
    }
    if !is("nonce", nonce) {
        return Err(BadToken::Nonce);
    }
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    if subject.is_empty() || subject.chars().count() > SUBJECT_LIMIT || subject.chars().any(char::is_control) {
        return Err(BadToken::Subject);
    }
    Ok(())
}
