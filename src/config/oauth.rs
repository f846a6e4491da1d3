//! How the program proves to a mail server who it is: by a password, or by tokens (`oauth = {…}` in its place).
//!
//! Promises that tokens are asked for over a protected connection alone, and that what each provider needs is there. The
//! names and scopes are those that Microsoft and Google document for IMAP and SMTP.

use std::path::Path;

use super::{
    reader::{At, Report, Section},
    secret::{CLIENT_SECRET, PASSWORD, REFRESH_TOKEN, Secret},
    server,
};
use crate::net::http::Endpoint;

/// What proves who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A password.
    Password(Secret),
    /// Tokens that a token endpoint gives, each for a while.
    Oauth(Box<OauthConfig>),
}

impl Proof {
    /// Where tokens come from; `None` for a password.
    #[must_use]
    pub fn oauth(&self) -> Option<&OauthConfig> {
        match self {
            Self::Password(_) => None,
            Self::Oauth(oauth) => Some(oauth),
        }
    }
}

/// Where tokens come from (RFC 6749).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthConfig {
    /// The token endpoint.
    pub endpoint: Endpoint,
    /// The name under which this program is registered there.
    pub client_id: String,
    /// Its secret; `None` for a public client.
    pub client_secret: Option<Secret>,
    /// Where the secret stands in a request.
    pub client_auth: ClientAuth,
    /// On what grounds a token is asked for.
    pub grant: Grant,
    /// What the token is for; `None`: what the endpoint thinks.
    pub scope: Option<String>,
}

/// Where the secret of the client stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// Beside the other parameters.
    Body,
    /// In the header, as a login.
    Basic,
}

/// On what grounds a token is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The program itself was given access to the mailbox.
    ClientCredentials,
    /// A person signed in once and allowed it; this is the refresh token that was given then.
    RefreshToken(Secret),
}

/// What an account is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Send,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Provider {
    Microsoft,
    Google,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum GrantKind {
    ClientCredentials,
    RefreshToken,
}

const PROVIDERS: [(&str, Provider); 2] = [("microsoft", Provider::Microsoft), ("google", Provider::Google)];
const GRANTS: [(&str, GrantKind); 2] =
    [("client_credentials", GrantKind::ClientCredentials), ("refresh_token", GrantKind::RefreshToken)];
const CLIENT_AUTHS: [(&str, ClientAuth); 2] = [("body", ClientAuth::Body), ("basic", ClientAuth::Basic)];

/// Which setting of a section proves who we are, right or wrong; `None` if there is none.
pub(super) fn proof_named(section: &Section<'_, '_>) -> Option<&'static str> {
    PASSWORD.found(section).or_else(|| section.has("oauth").then_some("oauth"))
}

/// Reads the password, or where tokens come from; `None` if neither is there, or is wrong, which is then reported.
pub(super) fn proof(
    report: &Report<'_>,
    section: &mut Section<'_, '_>,
    base: &Path,
    purpose: Purpose,
) -> Option<Proof> {
    let password = PASSWORD.read(report, section, base);
    let oauth = section.section("oauth");
    if let (Some(password), Some(oauth)) = (PASSWORD.found(section), &oauth) {
        let what = format!("{} has both “{password}” and “oauth”", section.title());
        report.note_with_hint(oauth.line, what, "keep one of them");
        return None;
    }
    match oauth {
        Some(oauth) => read(report, oauth, base, purpose).map(|oauth| Proof::Oauth(Box::new(oauth))),
        None => password.map(|password| Proof::Password(password.value)),
    }
}

/// Reads where tokens come from.
fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path, purpose: Purpose) -> Option<OauthConfig> {
    let (line, title) = (section.line, section.title().to_owned());
    let provider = section.choice("provider", &PROVIDERS);
    let tenant = section.parsed("tenant", tenant);
    let token_url = section.parsed("token_url", str::parse::<Endpoint>);
    let endpoint = endpoint(report, &section, provider.as_ref(), tenant, token_url);
    let client_id = section.text("client_id");
    let client_id = section.required("client_id", client_id);
    let client_secret = CLIENT_SECRET.read(report, &mut section, base).map(|secret| secret.value);
    let has_secret = CLIENT_SECRET.found(&section).is_some();
    let client_auth = section.choice("client_auth", &CLIENT_AUTHS).map_or(ClientAuth::Body, |auth| auth.value);
    let provider = provider.map(|provider| provider.value);
    let usual = if provider == Some(Provider::Google) { GrantKind::RefreshToken } else { GrantKind::ClientCredentials };
    let kind = section.choice("grant", &GRANTS);
    if let Some(At { value: GrantKind::ClientCredentials, line }) = kind
        && provider == Some(Provider::Google)
    {
        let what = format!("“grant” of {title}: Google gives no tokens for mail to a program alone");
        report.note_with_hint(line, what, "use \"refresh_token\"");
        return None;
    }
    let kind = kind.map_or(usual, |kind| kind.value);
    let grant = match kind {
        GrantKind::RefreshToken => REFRESH_TOKEN.required(report, &mut section, base).map(Grant::RefreshToken),
        GrantKind::ClientCredentials => {
            if !has_secret {
                report.note(line, format!("{title} has no “client_secret”"));
            }
            if let Some(name) = REFRESH_TOKEN.found(&section) {
                let what = format!("{title} has a “{name}”, which “grant” does not use");
                report.note_with_hint(line, what, "write grant = \"refresh_token\"");
                // So that it is not reported once more, as unknown.
                REFRESH_TOKEN.read(report, &mut section, base);
            }
            has_secret.then_some(Grant::ClientCredentials)
        }
    };
    let scope = section.parsed("scope", scope).map(|scope| scope.value);
    let scope = scope.or_else(|| usual_scope(provider, kind, purpose).map(str::to_owned));
    let ca_file = server::ca_file(report, &mut section, base);
    section.finish();
    if has_secret && client_secret.is_none() {
        return None;
    }
    let mut endpoint = endpoint?;
    endpoint.ca_file = ca_file;
    Some(OauthConfig { endpoint, client_id: client_id?.value, client_secret, client_auth, grant: grant?, scope })
}

/// The token endpoint: a provider's, or the one that is named.
fn endpoint(
    report: &Report<'_>,
    section: &Section<'_, '_>,
    provider: Option<&At<Provider>>,
    tenant: Option<At<String>>,
    token_url: Option<At<Endpoint>>,
) -> Option<Endpoint> {
    let title = section.title();
    if let Some(tenant) = &tenant
        && provider.is_none_or(|provider| provider.value != Provider::Microsoft)
    {
        report.note(tenant.line, format!("{title} has a “tenant”, which only provider = \"microsoft\" has"));
    }
    let provider = match (provider, token_url) {
        (Some(_), Some(url)) => {
            let what = format!("{title} has both “provider” and “token_url”");
            report.note_with_hint(url.line, what, "keep one of them");
            return None;
        }
        (None, Some(url)) => return Some(url.value),
        (Some(provider), None) => provider.value,
        (None, None) => {
            if !section.has("provider") && !section.has("token_url") {
                report.note(section.line, format!("{title} has neither “provider” nor “token_url”"));
            }
            return None;
        }
    };
    let url = match provider {
        Provider::Google => "https://oauth2.googleapis.com/token".to_owned(),
        Provider::Microsoft => {
            let tenant = section.required("tenant", tenant)?;
            format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", tenant.value)
        }
    };
    url.parse().map_err(|error| report.note(section.line, format!("{title}: {error}"))).ok()
}

/// What tokens are asked for where the configuration does not say.
fn usual_scope(provider: Option<Provider>, grant: GrantKind, purpose: Purpose) -> Option<&'static str> {
    match (provider?, grant, purpose) {
        (Provider::Google, ..) => Some("https://mail.google.com/"),
        (Provider::Microsoft, GrantKind::ClientCredentials, _) => Some("https://outlook.office365.com/.default"),
        (Provider::Microsoft, GrantKind::RefreshToken, Purpose::Read) => {
            Some("https://outlook.office.com/IMAP.AccessAsUser.All offline_access")
        }
        (Provider::Microsoft, GrantKind::RefreshToken, Purpose::Send) => {
            Some("https://outlook.office.com/SMTP.Send offline_access")
        }
    }
}

/// The number or the domain of a tenant.
fn tenant(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('.') {
        return Ok(text.to_owned());
    }
    Err(format!("“{text}” is no tenant, such as \"contoso.onmicrosoft.com\" or the tenant's number"))
}

fn scope(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if !text.trim().is_empty() && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    Err("should be the names of scopes with spaces between them".to_owned())
}
