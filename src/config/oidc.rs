//! Where people log in who have an account at an issuer of OpenID Connect (`[web.oidc]`), and what its groups may do.
//!
//! Promises that the issuer is asked over a protected connection alone, and that nobody may anything without a group.

use std::path::Path;

use super::{
    reader::{Report, Section},
    secret::{CLIENT_SECRET, Secret},
    server,
};
use crate::{core::role::Role, net::http::Endpoint};

/// Where an issuer says what it offers (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// An issuer of logins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcConfig {
    /// Its name, as it stands in what it signs.
    pub issuer: String,
    /// Where it says what it offers.
    pub discovery: Endpoint,
    /// The name under which this program is registered there.
    pub client_id: String,
    /// The secret of that; none for a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for; `openid` among it.
    pub scope: String,
    /// The claim with the name of the person.
    pub name_claim: String,
    /// The claim with the groups; a path by dots where no claim has the whole name.
    pub groups_claim: String,
    /// What each group may do.
    pub groups: Vec<(String, Role)>,
    /// What people call it.
    pub called: String,
}

impl OidcConfig {
    /// What somebody in those groups may do: the most that one of them may.
    #[must_use]
    pub fn role(&self, groups: &[String]) -> Option<Role> {
        self.groups.iter().filter(|(group, _)| groups.contains(group)).map(|(_, role)| *role).max()
    }
}

/// Reads the section; `None` if something in it is wrong, which is then reported.
pub(super) fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> Option<OidcConfig> {
    let (line, title) = (section.line, section.title().to_owned());
    let issuer = section.parsed("issuer", issuer);
    let issuer = section.required("issuer", issuer);
    let client_id = section.text("client_id");
    let client_id = section.required("client_id", client_id);
    let has_secret = CLIENT_SECRET.found(&section).is_some();
    let client_secret = CLIENT_SECRET.read(report, &mut section, base).map(|secret| secret.value);
    let scope = section.parsed("scope", scope).map(|scope| scope.value);
    let name_claim = section.text("name_claim").map_or_else(|| "name".to_owned(), |name| name.value);
    let groups_claim = section.text("groups_claim").map_or_else(|| "groups".to_owned(), |name| name.value);
    let called = section.text("name").map(|name| name.value);
    let mut groups = Vec::new();
    for (key, role) in [("viewer", Role::Viewer), ("officer", Role::Officer), ("administrator", Role::Administrator)] {
        let named = section.texts(key).map(|named| named.value).unwrap_or_default();
        for group in named {
            if group.value.is_empty() {
                report.note(group.line, format!("“{key}” of {title} has a group without a name"));
            }
            groups.push((group.value, role));
        }
    }
    if groups.is_empty() && !["viewer", "officer", "administrator"].into_iter().any(|key| section.has(key)) {
        let what = format!("{title} names no group, so nobody could log in there");
        report.note_with_hint(line, what, "write officer = [\"…\"], with the groups as the issuer names them");
    }
    let ca_file = server::ca_file(report, &mut section, base);
    section.finish();
    let (issuer, mut discovery) = issuer?.value;
    discovery.ca_file = ca_file;
    if has_secret && client_secret.is_none() {
        return None;
    }
    Some(OidcConfig {
        called: called.unwrap_or_else(|| discovery.host().to_owned()),
        issuer,
        discovery,
        client_id: client_id?.value,
        client_secret,
        scope: scope.unwrap_or_else(|| "openid profile email".to_owned()),
        name_claim,
        groups_claim,
        groups,
    })
}

/// The name of an issuer, and where it says what it offers.
fn issuer(text: &str) -> Result<(String, Endpoint), String> {
    if text.contains(['?', '#']) {
        return Err("is an address without “?” and “#”".to_owned());
    }
    let discovery = format!("{}{DISCOVERY}", text.trim_end_matches('/')).parse()?;
    Ok((text.to_owned(), discovery))
}

fn scope(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if plain && text.split(' ').any(|scope| scope == "openid") {
        return Ok(text.to_owned());
    }
    Err("should be the names of scopes with spaces between them, “openid” among them".to_owned())
}
