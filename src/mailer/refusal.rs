//! What a refusal is about: this letter, or us.
//!
//! Promises that a letter is given up only for what is surely its own: a recipient that is not there, a size, a content that
//! the server names. Goes by the place in the conversation first (MAIL names nobody but us, RCPT nobody but the recipient),
//! then by the status code (RFC 3463, RFC 7372, and what Exchange and Google make of it), and by the server's words only
//! where they name what no code does. In doubt it says so; what becomes of a letter in doubt is the caller's business.

use super::{
    outcome::{Handover, Phase},
    wire::Reply,
};
use crate::core::cause::Cause;

/// Words for a limit on how much we may send.
const QUOTA: [&str; 11] = [
    "sending limit",
    "sending quota",
    "sending rate",
    "submission quota",
    "submission rate",
    "daily limit",
    "relay limit",
    "message rate",
    "rate limit",
    "too many messages",
    "quota of messages",
];
/// Words for a server that takes no mail for others from us.
const RELAY: [&str; 7] = [
    "relay access denied",
    "relaying denied",
    "relay denied",
    "unable to relay",
    "relay not permitted",
    "not permitted to relay",
    "relaying not allowed",
];
/// Words for a login that is wanted.
const LOGIN: [&str; 4] =
    ["authentication required", "authentication is required", "authentication needed", "must authenticate"];
/// Words for an address of ours that we may not use.
const SENDER: [&str; 4] = ["sender address rejected", "sendasdenied", "send as this sender", "not owned by user"];
/// Words for mail that is blocked because it comes from us.
const BLOCKED: [&str; 12] = [
    "blacklist",
    "black list",
    "blocklist",
    "block list",
    "blocked using",
    "spamhaus",
    "spamcop",
    "barracuda",
    "poor reputation",
    "low reputation",
    "client host",
    "your ip",
];
/// Words for the recipient, where a code says only that the policy forbids it.
const RECIPIENT: [&str; 4] = ["recipient", "user", "mailbox", "group"];
/// Words for a letter that is too large.
const SIZE: [&str; 3] = ["size", "too large", "too big"];

impl Handover {
    /// Why the letter did not leave, where that is not known to be its own fault.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::Accepted { .. } | Self::Uncertain { .. } | Self::Transient { .. } => None,
            Self::NotSent { cause, .. } | Self::Impossible { cause, .. } => *cause,
            Self::Permanent { phase, reply } => cause_of(*phase, reply),
        }
    }

    /// What keeps all letters from leaving, for everybody to see: it holds nothing of this letter's.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        let cause = self.cause().filter(|cause| cause.concerns_all())?;
        Some(match self {
            Self::NotSent { phase, reason, .. } if phase.is_before_letters() => format!("{reason} ({phase})"),
            // What is answered to MAIL names nobody but us.
            Self::Permanent { phase: Phase::Mail, reply } => format!("{}. It said {reply}", cause.in_words()),
            Self::Permanent { phase, reply } => format!("{} ({} {phase})", cause.in_words(), reply.in_figures()),
            _ => cause.in_words().to_owned(),
        })
    }

    /// How far the conversation came; `None` if to its end.
    #[must_use]
    pub fn stopped_at(&self) -> Option<Phase> {
        match self {
            Self::Accepted { .. } => None,
            Self::Transient { phase, .. } | Self::Permanent { phase, .. } | Self::NotSent { phase, .. } => Some(*phase),
            Self::Impossible { .. } => Some(Phase::Mail),
            Self::Uncertain { .. } => Some(Phase::Dot),
        }
    }
}

/// Why a letter was refused for good; `None` if for its own fault.
fn cause_of(phase: Phase, reply: &Reply) -> Option<Cause> {
    let said = reply.lines.join(" ").to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let status = reply.status();
    let named = match status {
        Some((1, 7 | 8) | (2, 252) | (7, 60)) => Some(Cause::Sender),
        Some((4, 5) | (7, 508 | 705)) => Some(Cause::Quota),
        Some((6, 7 | 9)) => Some(Cause::Addresses),
        Some((7, 8 | 9 | 11 | 57)) => Some(Cause::Login),
        Some((7, 54 | 64)) => Some(Cause::Relay),
        // Unsigned, unknown to SPF or DMARC, or from a wrong place; the hundreds are Exchange's.
        Some((7, 20..=29 | 500..=511 | 515..=799)) => Some(Cause::Blocked),
        _ if says(&QUOTA) => Some(Cause::Quota),
        _ if says(&RELAY) => Some(Cause::Relay),
        _ if says(&LOGIN) => Some(Cause::Login),
        _ if says(&SENDER) => Some(Cause::Sender),
        _ if says(&BLOCKED) => Some(Cause::Blocked),
        _ => None,
    };
    if named.is_some() {
        return named;
    }
    let too_large = matches!(status, Some((3, 4) | (2, 3))) || reply.code == 552 && says(&SIZE);
    let own = match (phase, status) {
        _ if too_large => true,
        (Phase::Mail, _) => return Some(Cause::ReturnPath),
        (_, Some((1 | 4 | 6, _))) | (Phase::Rcpt, Some((2, _))) => true,
        (Phase::Rcpt, Some((0 | 7, _))) => says(&RECIPIENT),
        (Phase::Rcpt, None) => matches!(reply.code, 550..=553 | 556),
        _ => false,
    };
    (!own).then_some(Cause::Doubtful)
}

impl Reply {
    /// Subject and detail of its status code, where it has one that fits its code (RFC 2034).
    fn status(&self) -> Option<(u16, u16)> {
        let first = self.lines.first()?.split_whitespace().next()?;
        let mut numbers = first.splitn(3, '.');
        let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let class: u16 = class.parse().ok()?;
        (class == self.code / 100).then_some((subject.parse().ok()?, detail.parse().ok()?))
    }

    /// Its code and its status code, and none of its words.
    fn in_figures(&self) -> String {
        match self.status() {
            Some((subject, detail)) => format!("{} {}.{subject}.{detail}", self.code, self.code / 100),
            None => self.code.to_string(),
        }
    }
}
