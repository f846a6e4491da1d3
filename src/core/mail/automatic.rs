//! May this message be answered? (RFC 3834, and what robots do in practice.)
//!
//! Promises silence in doubt: a message that may come from a robot, a list or ourselves, or that our relay takes for forged,
//! is taken in and not answered. What only its words give away silences no message that brings a document or has a purpose,
//! and what is only likely is a person's to say. What needs history or a clock is told by the caller ([`Beside`]).

mod beside;
mod local_part;
mod marks;
mod original;
mod ours;
mod own;
mod recipient;
mod return_path;
mod said;
mod wording;

use serde::{Deserialize, Serialize};

pub use self::{beside::Beside, local_part::is_program, original::original_author, own::Own};
use self::{
    local_part::robot_address,
    marks::header_marks,
    original::is_certified,
    ours::{is_our_letter, own_message},
    recipient::recipient,
    return_path::{Envelope, envelope},
    said::{Said, said},
};
use super::{
    address::{aligned, is_address, of_one_country},
    authenticity::authenticity,
    message::{Message, ReturnPath},
};

/// Whether a message may be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerable {
    /// An answer is allowed.
    pub send: bool,
    /// A robot wrote the message: without a document it is no state's input, and with one a person decides.
    pub automatic: bool,
    /// One sentence for a person.
    pub reason: String,
    /// To whom an answer goes: one address.
    pub recipient: Option<String>,
    /// Why a robot may have written it, where that is only likely: a person is asked.
    #[serde(default)]
    pub perhaps_automatic: Option<String>,
}

/// A rule that forbids an answer: whether a robot wrote the message, and the reason.
type Silence = (bool, String);

/// The rules that look at the header alone.
const RULES: [fn(&Message, &Own) -> Option<Silence>; 10] =
    [own_message, returned, report, header_marks, sender, suppressed, forged, failed, not_to_us, list_tag];

/// Whether a program wrote a message, as its header tells by itself.
#[must_use]
pub fn is_automatic(message: &Message, own: &Own) -> bool {
    RULES.iter().find_map(|rule| rule(message, own)).is_some_and(|(automatic, _)| automatic)
}

/// Whether a person of ours wrote a message that comes from one of our own addresses: neither is it a letter of ours, nor did
/// another program write it, as far as its header tells.
#[must_use]
pub fn is_a_persons(message: &Message, own: &Own) -> bool {
    let programs: [fn(&Message, &Own) -> Option<Silence>; 4] = [returned, report, header_marks, sender];
    let automatic = programs.iter().filter_map(|rule| rule(message, own)).any(|(automatic, _)| automatic);
    !automatic && !is_our_letter(message)
}

/// Judges whether a message may be answered, and to whom.
#[must_use]
pub fn answerable(message: &Message, own: &Own, beside: Beside) -> Answerable {
    let said = said(message, beside);
    let silent = |automatic, reason, perhaps_automatic| Answerable {
        send: false,
        automatic,
        reason,
        recipient: None,
        perhaps_automatic,
    };
    let perhaps = match &said {
        Some(Said::Silent(reason) | Said::Perhaps(reason)) => Some(reason.clone()),
        Some(Said::Program(_)) | None => None,
    };
    if let Some((automatic, reason)) = RULES.iter().find_map(|rule| rule(message, own)) {
        let automatic = automatic || matches!(said, Some(Said::Program(_)));
        return silent(automatic, reason, perhaps.filter(|_| !automatic));
    }
    match said {
        Some(Said::Program(reason)) => return silent(true, reason, None),
        Some(Said::Silent(reason)) => return silent(false, reason, perhaps),
        Some(Said::Perhaps(_)) | None => {}
    }
    match recipient(message, own) {
        Ok((address, reason)) => Answerable {
            send: true,
            automatic: false,
            reason: reason.to_owned(),
            recipient: Some(address),
            perhaps_automatic: perhaps,
        },
        Err(reason) => silent(false, reason.to_owned(), perhaps),
    }
}

fn returned(message: &Message, _: &Own) -> Option<Silence> {
    let ReturnPath::Address(path) = &message.return_path else {
        let null = message.return_path == ReturnPath::Null;
        return null.then(|| (true, "The return path is empty: a robot sent the message.".to_owned()));
    };
    // A rewritten one tells nothing of who sent the message.
    let Envelope::Sender(sender) = envelope(path) else { return None };
    let (robot, what) = robot_address(&sender)?;
    Some((robot, format!("The return path is {what} ({sender}); nobody reads answers there.")))
}

/// Reports and calendar traffic, by the media types that only they have; reports of DMARC by their subject (RFC 7489,
/// section 7.2.1.1).
fn report(message: &Message, _: &Own) -> Option<Silence> {
    let subject = message.subject.as_deref().unwrap_or_default().to_ascii_lowercase();
    let kind = match message.report_type.as_deref() {
        Some("delivery-status") => "a report about the delivery of another message",
        Some("disposition-notification") => "a receipt for another message",
        Some("feedback-report") => "a complaint report of a mail provider",
        Some(_) => "a report of the mail system",
        None if message.media_type == "multipart/report" => "a report of the mail system",
        None if ["message/delivery-status", "message/disposition-notification", "message/feedback-report"]
            .contains(&message.media_type.as_str()) =>
        {
            "a report of the mail system"
        }
        None if subject.contains("report domain:") && subject.contains("submitter:") => "a report about our own domain",
        None => match message.calendar_method.as_deref() {
            Some("reply" | "counter" | "declinecounter" | "refresh") => "an answer of a calendar program",
            Some("request" | "cancel" | "add") => "an invitation of a calendar program",
            _ if message.media_type == "text/calendar" => "a message of a calendar program",
            _ => return None,
        },
    };
    Some((true, format!("The message is {kind}.")))
}

fn sender(message: &Message, _: &Own) -> Option<Silence> {
    let addresses = [message.from.as_ref(), message.sender.as_ref()].into_iter().flatten();
    addresses.filter_map(|address| address.address.as_deref()).find_map(|address| {
        let (robot, what) = robot_address(address)?;
        Some((robot, format!("The sender is {what} ({address}); nobody reads answers there.")))
    })
}

/// A wish not to be answered; whether a robot wrote the message it does not say.
fn suppressed(message: &Message, _: &Own) -> Option<Silence> {
    let wishes = values(message, "X-Auto-Response-Suppress").flat_map(|v| v.split([',', ' ', ';']));
    wishes
        .map(str::trim)
        .any(|wish| ["all", "oof", "autoreply"].iter().any(|w| wish.eq_ignore_ascii_case(w)))
        .then(|| (false, "The sender asks for no automatic answer (X-Auto-Response-Suppress).".to_owned()))
}

/// Who the sender is cannot be told, or somebody pretends to be another. Colleagues of one country write for one another,
/// and certified mail bears the author's address as a name.
fn forged(message: &Message, _: &Own) -> Option<Silence> {
    let mut authors = values(message, "From");
    let first = authors.next();
    if authors.any(|other| Some(other) != first) {
        return Some((false, "The message has more than one From field: the sender cannot be told.".to_owned()));
    }
    let from = message.from.as_ref()?;
    let (name, address) = (from.name.as_deref()?, from.address.as_deref()?);
    let claimed = name.split([' ', '<', '>', '(', ')', '"', '\'', ',']).find(|w| is_address(w))?;
    (!aligned(claimed, address) && !of_one_country(claimed, address) && !is_certified(message))
        .then(|| (false, format!("The display name claims another address than the sender's ({address}).")))
}

/// Our relay found that the domain of From does not vouch for the message.
fn failed(message: &Message, own: &Own) -> Option<Silence> {
    let said = authenticity(message, &own.relay);
    said.failure().map(|said| {
        (false, format!("The message may be forged, for its sender's domain does not vouch for it ({said})."))
    })
}

fn not_to_us(message: &Message, own: &Own) -> Option<Silence> {
    let known = !own.addresses.is_empty();
    (known && !message.recipients.iter().any(|r| own.has(r)))
        .then(|| (false, "The message is not addressed to us: we got a blind or a redistributed copy.".to_owned()))
}

/// A list whose header fields a gateway removed still tags the subject with its name: `[name] …` to `name@…`.
fn list_tag(message: &Message, own: &Own) -> Option<Silence> {
    let (before, rest) = message.subject.as_deref()?.split_once('[')?;
    let (tag, _) = rest.split_once(']')?;
    let answer = before.trim().is_empty() || before.trim().len() <= 4 && before.trim().ends_with(':');
    let list = message
        .recipients
        .iter()
        .find(|r| !own.has(r) && r.split_once('@').is_some_and(|(local, _)| local.eq_ignore_ascii_case(tag.trim())))?;
    answer.then(|| (false, format!("The subject carries the tag of the mailing list {list}.")))
}

fn values<'a>(message: &'a Message, name: &'a str) -> impl Iterator<Item = &'a str> {
    message.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
}
