//! What a return path, or a sender's address, says once what servers wrote into it on the way is taken off.
//!
//! Forwarders (SRS, in all its forms), signers (BATV), senders for others (VERP, and services with addresses of their own)
//! write return paths that are nobody's: a letter to one reaches a machine. Promises the address that was there before
//! where it still stands inside, and never the rewritten one.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::core::mail::address::{domain, is_address};

static HOSTS: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("return_paths.toml")).expect("the table comes with the program"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    services: Vec<String>,
    shared: Vec<String>,
}

/// What stands in a return path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// An address as its owner writes it, or as it was before it was rewritten.
    Sender(String),
    /// It was rewritten, and does not tell from what.
    Rewritten,
}

/// Reads a return path.
#[must_use]
pub fn envelope(address: &str) -> Envelope {
    let Some((local, at)) = address.rsplit_once('@') else { return Envelope::Sender(address.to_owned()) };
    let inside = |found: Option<String>| match found.filter(|inside| is_address(inside)) {
        // A forwarder forwards what another rewrote before.
        Some(inside) => envelope(&inside),
        None => Envelope::Rewritten,
    };
    if let Some(rest) = behind(local, "srs0") {
        return inside(rewritten_once(rest));
    }
    if let Some(rest) = behind(local, "srs1") {
        let first =
            ["==", "=+", "=-"].iter().filter_map(|sign| rest.split_once(sign)).min_by_key(|(host, _)| host.len());
        return inside(first.and_then(|(_, rest)| rewritten_once(rest)));
    }
    if let Some(place) = local.to_ascii_lowercase().find("+srs=") {
        return inside(rewritten_once(&local[place + 5..]));
    }
    let signed = ["prvs=", "btv1=="].iter().find_map(|mark| behind_exactly(local, mark));
    if let Some(own) = signed.and_then(|rest| rest.split_once('=').map(|(_, own)| own.trim_start_matches('='))) {
        return inside(Some(format!("{own}@{at}")));
    }
    // Whatever else holds an equals sign names a recipient (VERP), a forwarder's (`+caf_=`), or a tag.
    if is_under(address, &HOSTS.services)
        || is_under(address, &HOSTS.shared)
        || local.contains('=')
        || local.contains("+bnc")
        || is_tagged_bounce(local)
    {
        return Envelope::Rewritten;
    }
    Envelope::Sender(address.to_owned())
}

/// Who is meant by the address of a sender into which a server wrote: the mailbox at the same host, where it still stands
/// inside. Another's address inside is anyone's to write, and nobody's word.
#[must_use]
pub fn meant(from: &str) -> Envelope {
    if let Some((local, at)) = from.rsplit_once('@')
        && let Some(place) = local.to_ascii_lowercase().find("+caf_=")
        && place > 0
    {
        return Envelope::Sender(format!("{}@{at}", &local[..place]));
    }
    match envelope(from) {
        Envelope::Sender(inside) if domain(&inside) == domain(from) => Envelope::Sender(inside),
        Envelope::Rewritten if is_under(from, &HOSTS.shared) && !from.contains('=') => {
            Envelope::Sender(from.to_owned())
        }
        _ => Envelope::Rewritten,
    }
}

fn is_under(address: &str, domains: &[String]) -> bool {
    let host = domain(address);
    domains
        .iter()
        .any(|known| host.strip_suffix(known.as_str()).is_some_and(|sub| sub.is_empty() || sub.ends_with('.')))
}

/// What SRS wrote: hash, day, domain and local part.
fn rewritten_once(rest: &str) -> Option<String> {
    let mut parts = rest.splitn(4, '=');
    let (_hash, _day, domain, local) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{local}@{domain}"))
}

/// What follows a mark and the separator behind it.
fn behind<'a>(local: &'a str, mark: &str) -> Option<&'a str> {
    behind_exactly(local, mark)?.strip_prefix(['=', '+', '-'])
}

fn behind_exactly<'a>(local: &'a str, mark: &str) -> Option<&'a str> {
    local.get(..mark.len()).filter(|start| start.eq_ignore_ascii_case(mark)).map(|_| &local[mark.len()..])
}

/// Whether it is an address for returned mail that bears a tag, that of a message or of a recipient: a word behind, or a
/// number.
fn is_tagged_bounce(local: &str) -> bool {
    let pieces = || local.split(['-', '.', '_', '+']);
    let is_bounce = |piece: &str| piece.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("bounce"));
    let begins = || pieces().next().is_some_and(is_bounce) && pieces().nth(1).is_some();
    begins() || pieces().any(is_bounce) && pieces().any(|piece| piece.chars().any(|c| c.is_ascii_digit()))
}
