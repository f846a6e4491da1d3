//! The receipt clock: when a message reached us.
//!
//! Promises never to look at the sender's own date. Our own trusted hops are believed first, the mailbox next, and the
//! moment we first saw the message only where neither says anything: an outage of ours never makes a state late.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Headers;

/// Which evidence set the time of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockRule {
    /// The earliest `Received` line of our own trusted hops.
    ReceivedHeader,
    /// INTERNALDATE, the mtime of a Maildir file, or the `From ` line of an mbox.
    InternalDate,
    /// When the program first saw the message.
    FirstSeen,
}

/// The time of receipt, the rule that chose it, and the other evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When the message counts as received.
    pub at: Timestamp,
    /// Which evidence says so.
    pub rule: ClockRule,
    /// What our trusted hops say, if there are any.
    pub received_header: Option<Timestamp>,
    /// What the mailbox says.
    pub internal_date: Option<Timestamp>,
}

/// Judges when a message was received.
///
/// `trusted_hops` are by-host names of our own servers; where there are none, `Received` is ignored. Only the unbroken
/// run of them from the top counts: below the first strange host anyone may have written anything.
#[must_use]
pub fn receipt_clock(
    headers: &Headers,
    trusted_hops: &[String],
    internal_date: Option<Timestamp>,
    first_seen: Timestamp,
) -> Receipt {
    let trusted = |by: &Option<String>| by.as_ref().is_some_and(|host| is_hop(host, trusted_hops));
    let received_header = headers.received.iter().take_while(|r| trusted(&r.by)).filter_map(|r| r.at).min();
    let (at, rule) = match (received_header, internal_date) {
        (Some(at), _) => (at, ClockRule::ReceivedHeader),
        (None, Some(at)) => (at, ClockRule::InternalDate),
        (None, None) => (first_seen, ClockRule::FirstSeen),
    };
    Receipt { at, rule, received_header, internal_date }
}

/// Whether a host is one of our own hops.
#[must_use]
pub fn is_hop(host: &str, trusted_hops: &[String]) -> bool {
    trusted_hops.iter().any(|hop| hop.trim().trim_end_matches('.').eq_ignore_ascii_case(host))
}
