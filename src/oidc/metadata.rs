//! What an issuer says that it offers (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::OidcError;
use crate::{config::OidcConfig, net::http::Endpoint};

/// The members that count, as they come.
#[derive(Deserialize)]
struct Said {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What an issuer offers.
#[derive(Clone)]
pub(super) struct Metadata {
    /// Where people are sent.
    pub(super) authorization: String,
    /// Where a code is changed for tokens.
    pub(super) token: Endpoint,
    /// Where its keys are.
    pub(super) keys: Endpoint,
    /// Whether our secret stands in the form in place of the header.
    pub(super) secret_in_form: bool,
}

/// Reads what an issuer offers; it has to be the one that was asked, for else another could speak for it.
pub(super) fn understand(config: &OidcConfig, body: &[u8]) -> Result<Metadata, OidcError> {
    let unfit = |why: String| OidcError::Unfit { host: config.discovery.host().to_owned(), why };
    let said: Said = serde_json::from_slice(body).map_err(|error| unfit(format!("what it offers: {error}")))?;
    if said.issuer != config.issuer {
        return Err(unfit("it calls itself otherwise than “issuer” in [web.oidc]".to_owned()));
    }
    let endpoint = |what: &str, address: &str| {
        let mut endpoint: Endpoint = address.parse().map_err(|why| unfit(format!("its {what} {why}")))?;
        if config.discovery.is_encrypted() && !endpoint.is_encrypted() {
            return Err(unfit(format!("its {what} is not encrypted")));
        }
        endpoint.ca_file.clone_from(&config.discovery.ca_file);
        Ok(endpoint)
    };
    endpoint("authorization_endpoint", &said.authorization_endpoint)?;
    if said.authorization_endpoint.contains('#') {
        return Err(unfit("its authorization_endpoint holds a “#”".to_owned()));
    }
    let methods = said.token_endpoint_auth_methods_supported.unwrap_or_default();
    let offers = |method: &str| methods.iter().any(|offered| offered == method);
    Ok(Metadata {
        token: endpoint("token_endpoint", &said.token_endpoint)?,
        keys: endpoint("jwks_uri", &said.jwks_uri)?,
        authorization: said.authorization_endpoint,
        secret_in_form: offers("client_secret_post") && !offers("client_secret_basic"),
    })
}
