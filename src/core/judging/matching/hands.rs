//! Through whose hands a mail went: who passes on what another wrote, and whether that may be believed.
//!
//! Promises that a line anyone can type, or a message anyone can attach, makes nobody's input: whoever passes one on stands
//! for its author only as an authority of the same state. Colleagues are left out by whoever knows them.

use super::{
    case::{Case, Sender},
    claims,
    domains::Domain,
    quoting::Inner,
    register::Register,
};
use crate::core::{
    iso3::Iso3,
    mail::address::folded,
    text::fold::{fold, head_of},
};

/// Why nobody vouches for the author of what is passed on, where that is so. `forwarded`: the message that forwarding lines
/// name, where no colleague forwards it.
pub(super) fn unvouched(register: &Register, case: &Case, forwarded: Option<&Inner>) -> Option<String> {
    let forwarded = forwarded
        .map(|inner| Sender { display: inner.display.clone(), address: inner.address.clone() })
        .filter(|author| !is_ours(case, &author.address));
    let before = case.passed_on_by.iter().map(|hand| (hand, &case.from));
    let behind = case.within.iter().chain(&forwarded).map(|author| (&case.from, author));
    let (hand, author) = before.chain(behind).find(|(hand, author)| !vouches(register, case, hand, author))?;
    let named = |sender: &Sender, nobody: &str| {
        let name = if sender.address.is_empty() { &sender.display } else { &sender.address };
        if name.trim().is_empty() { nobody.to_owned() } else { format!("“{}”", head_of(name.trim(), 160)) }
    };
    Some(format!(
        "It passes on what is another’s: {} is said to have written it, and {} is no authority of the same State.",
        named(author, "somebody"),
        named(hand, "whoever sent it"),
    ))
}

/// Whether an address is one of ours: what we wrote is passed on by nobody.
pub(super) fn is_ours(case: &Case, address: &str) -> bool {
    let address = folded(address);
    case.ours.iter().any(|ours| folded(ours) == address)
}

/// Whether one through whose hands a message went stands for its author.
fn vouches(register: &Register, case: &Case, hand: &Sender, author: &Sender) -> bool {
    if !hand.address.is_empty() && folded(&hand.address) == folded(&author.address) {
        return true;
    }
    let Some(state) = authority(register, case, &hand.address) else { return false };
    let contradicts = |sender: &Sender| {
        claims::display(register, head_of(&sender.display, 400)).is_some_and(|claim| !claim.allows(&[state]))
            || register.names_substate(&fold(head_of(&sender.display, 400)))
    };
    if contradicts(hand) || contradicts(author) {
        return false;
    }
    // A mail program leaves out the addresses of those who share a house.
    author.address.is_empty() || belongs(register, case, &author.address) == Some(state)
}

/// The state whose authority writes from an address.
fn authority(register: &Register, case: &Case, address: &str) -> Option<Iso3> {
    match register.domain_of(address) {
        Domain::Government(state) | Domain::Agency(state) | Domain::Suffix(state) => Some(state),
        Domain::Missions => register.local_part(address).map(|(state, _)| state),
        _ => contact(case, address),
    }
}

/// The state that an author belongs to, where an authority of that state passes it on.
fn belongs(register: &Register, case: &Case, address: &str) -> Option<Iso3> {
    authority(register, case, address).or_else(|| match register.domain_of(address) {
        Domain::Parliament(state) | Domain::National(state) => Some(state),
        Domain::Isp | Domain::Free => register.local_part(address).map(|(state, _)| state),
        _ => None,
    })
}

/// The one state that a person tied an address to.
fn contact(case: &Case, address: &str) -> Option<Iso3> {
    let mut known = case.contacts.iter().filter(|contact| contact.address.eq_ignore_ascii_case(address));
    let first = known.next()?;
    known.all(|other| other.iso3 == first.iso3).then_some(first.iso3)
}
