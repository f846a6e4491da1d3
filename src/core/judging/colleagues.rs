//! Who is a colleague: whose address is under a domain of the house.

/// Whether an address is under the domain of a colleague.
#[must_use]
pub fn is_colleague(address: &str, colleagues: &[String]) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let domain = domain.to_ascii_lowercase();
    colleagues.iter().any(|ours| {
        let below = domain.strip_suffix(&ours.to_ascii_lowercase());
        below.is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    })
}
