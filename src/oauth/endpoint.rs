//! One request to a token endpoint (RFC 6749, 4.4 and 6), and what it answers.
//!
//! Promises that an answer is either a token that can be shown to a mail server or an error in words, and that the words
//! are cleaned, bounded, and hold nothing of what was sent.

use std::{fmt::Write as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;

use super::TokenError;
use crate::{
    config::{ClientAuth, OauthConfig, Secret},
    core::{
        mail::sasl,
        text::{self, percent},
    },
    net::http::{HttpError, Response},
};

/// How long the endpoint may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How long a token is taken to be good that comes without a time.
const USUAL: Duration = Duration::from_mins(10);
/// However long a token is said to be good, it is renewed once a day.
const LONGEST: Duration = Duration::from_hours(24);
/// The longest token that a mail server takes in a line (RFC 4954 allows 12,288 in base64).
const TOKEN_AT_MOST: usize = 8_192;

/// What the endpoint gave.
#[derive(Debug)]
pub(super) struct Given {
    /// The token to log in with.
    pub(super) access: Secret,
    /// How long it is good.
    pub(super) lasts: Duration,
    /// The refresh token that takes the place of the one that was used.
    pub(super) refresh: Option<Secret>,
}

/// The members of an answer that count.
#[derive(Deserialize)]
struct Said {
    access_token: Option<String>,
    token_type: Option<String>,
    /// A number; some write it as a text.
    expires_in: Option<serde_json::Value>,
    refresh_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Asks for a token: with a refresh token, or as the program itself.
pub(super) async fn ask(oauth: &OauthConfig, refresh: Option<&Secret>) -> Result<Response, HttpError> {
    let mut form = Form::default();
    match refresh {
        Some(token) => form.add("grant_type", "refresh_token").add("refresh_token", token.reveal()),
        None => form.add("grant_type", "client_credentials"),
    };
    if let Some(scope) = &oauth.scope {
        form.add("scope", scope);
    }
    let secret = oauth.client_secret.as_ref().map(Secret::reveal);
    let basic = match (oauth.client_auth, secret) {
        (ClientAuth::Basic, Some(secret)) => {
            let login = format!("{}:{}", percent::encoded(&oauth.client_id), percent::encoded(secret));
            Some(format!("Basic {}", BASE64.encode(login)))
        }
        (_, secret) => {
            form.add("client_id", &oauth.client_id);
            if let Some(secret) = secret {
                form.add("client_secret", secret);
            }
            None
        }
    };
    let kind = "application/x-www-form-urlencoded";
    oauth.endpoint.post(kind, basic.as_deref(), form.0.into_bytes(), LIMIT).await
}

/// The token of an answer, or why there is none.
pub(super) fn understand(
    oauth: &OauthConfig,
    refresh: Option<&Secret>,
    answer: &Response,
) -> Result<Given, TokenError> {
    let (host, status) = (oauth.endpoint.host().to_owned(), answer.status);
    let said: Option<Said> = serde_json::from_slice(&answer.body).ok();
    if status != 200 {
        let why = match said {
            Some(Said { error: Some(error), error_description: None, .. }) => error,
            Some(Said { error: Some(error), error_description: Some(more), .. }) => format!("{error}: {more}"),
            _ => format!("it answered with status {status}"),
        };
        let secrets: Vec<&str> = oauth.client_secret.iter().chain(refresh).map(Secret::reveal).collect();
        let why = text::line(&sasl::without(&why, &secrets), 400);
        return Err(TokenError::Refused { host, status, why });
    }
    let failed = |why: &str| TokenError::NotUnderstood { host: host.clone(), why: why.to_owned() };
    let said = said.ok_or_else(|| failed("its answer is not the JSON of a token"))?;
    if said.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(failed("it is of a type that mail servers do not take"));
    }
    let access = said.access_token.ok_or_else(|| failed("its answer holds none"))?;
    if access.is_empty() || access.len() > TOKEN_AT_MOST || !access.chars().all(|c| c.is_ascii_graphic()) {
        return Err(failed("it is empty, too long, or holds what no token may hold"));
    }
    let lasts = match said.expires_in {
        Some(serde_json::Value::Number(seconds)) => seconds.as_f64(),
        Some(serde_json::Value::String(seconds)) => seconds.parse().ok(),
        _ => None,
    };
    let lasts = lasts.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(USUAL).min(LONGEST);
    let refresh = said.refresh_token.filter(|token| !token.is_empty()).map(Secret::new);
    Ok(Given { access: Secret::new(access), lasts, refresh })
}

/// Parameters as a form (`application/x-www-form-urlencoded`).
#[derive(Default)]
struct Form(String);

impl Form {
    fn add(&mut self, name: &str, value: &str) -> &mut Self {
        let and = if self.0.is_empty() { "" } else { "&" };
        // Writing into a text does not fail.
        _ = write!(self.0, "{and}{name}={}", percent::encoded(value));
        self
    }
}
