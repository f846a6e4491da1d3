//! Mail addresses: what is one, and those that mean one mailbox, however they are written.
//!
//! Promises one spelling for all under which a mailbox receives: the case of letters makes no difference, nor what a sender
//! puts behind a plus sign (RFC 5233), nor a dot at the end. Only for comparing: what is sent goes to the address as it was
//! written.

use serde::{Deserialize, Serialize};

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
    let address = address.trim().to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    let mailbox = match local.split_once('+') {
        Some((mailbox, _)) if !mailbox.is_empty() => mailbox,
        _ => local,
    };
    format!("{mailbox}@{}", domain.trim_end_matches('.'))
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
