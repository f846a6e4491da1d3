//! Mail addresses: what is one, and those that mean one mailbox, however they are written.
//!
//! Promises one spelling for all under which a mailbox receives: the case of letters makes no difference, nor what a sender
//! puts behind a plus sign (RFC 5233), nor a dot at the end, nor whether an international name is written out or encoded
//! (RFC 5890). Only for comparing: what is sent goes to the address as it was written.

use serde::{Deserialize, Serialize};

use crate::core::text;

/// A mailbox of RFC 5322, section 3.4: display name and address, either of which may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The display name, decoded.
    pub name: Option<String>,
    /// `local-part@domain`, the domain in lower case.
    pub address: Option<String>,
}

/// The one spelling: `Desk+x@MFA.GOV` is `desk@mfa.gov`.
#[must_use]
pub fn folded(address: &str) -> String {
    let address = address.trim();
    let address: String =
        if address.is_ascii() { address.to_ascii_lowercase() } else { text::nfkc(&address.to_lowercase()).collect() };
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    let mailbox = match local.split_once('+') {
        Some((mailbox, _)) if !mailbox.is_empty() => mailbox,
        _ => local,
    };
    let domain = domain.trim_end_matches('.');
    if domain.is_ascii() && !domain.contains("xn--") {
        return format!("{mailbox}@{domain}");
    }
    let (written_out, valid) = idna::domain_to_unicode(domain);
    format!("{mailbox}@{}", if valid.is_ok() { &written_out } else { domain })
}

/// The domain of an address, in one spelling; empty where it has none.
#[must_use]
pub fn domain(address: &str) -> String {
    let folded = folded(address);
    folded.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned())
}

/// Whether a text is one address that can stand in an envelope (RFC 5321, section 4.1.2, without quoted local parts).
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>,;:()[]\\\"".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && !local.contains(strange)
        && !local.contains('@')
        && domain.len() <= 253
        && domain.split('.').all(|label| !label.is_empty() && !label.contains(strange))
}

/// Whether two addresses belong to one organisation (RFC 7489, section 3.1.1): the same registered domain.
#[must_use]
pub fn aligned(a: &str, b: &str) -> bool {
    let (a, b) = (domain(a), domain(b));
    !a.is_empty() && registered(&a) == registered(&b)
}

/// Whether two addresses stand under the top-level domain of one country.
#[must_use]
pub fn of_one_country(a: &str, b: &str) -> bool {
    let top =
        |address: &str| domain(address).rsplit('.').next().map(str::to_owned).filter(|top| top.chars().count() == 2);
    top(a).is_some() && top(a) == top(b)
}

/// The registered domain: two labels, or three where a country keeps a second level such as `gov.xx` or `co.xx`.
fn registered(domain: &str) -> &str {
    const SECOND: [&str; 22] = [
        "ac", "co", "com", "edu", "gob", "gouv", "gov", "go", "govt", "gv", "gub", "gc", "int", "ltd", "mil", "ne",
        "net", "or", "org", "sch", "admin", "mfa",
    ];
    let labels: Vec<&str> = domain.rsplit('.').collect();
    let kept = match labels.as_slice() {
        [top, second, _, ..] if top.len() == 2 && SECOND.contains(second) => 3,
        _ => 2,
    };
    let length: usize = labels.iter().take(kept).map(|l| l.len() + 1).sum();
    &domain[domain.len().saturating_sub(length.saturating_sub(1))..]
}
