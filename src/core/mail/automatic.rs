//! May this message be answered? (RFC 3834, and what robots do in practice.)
//!
//! Promises silence in doubt: a message that may come from a robot, a list or ourselves, or that our relay takes for forged,
//! is taken in and not answered. Judges by the message alone; what needs history or a clock is the caller's.

mod words;

use serde::{Deserialize, Serialize};

use super::{
    address::{folded, is_address},
    authenticity::{Relay, Verdict, authenticity},
    message::{Address, Message, ReturnPath},
};

/// Whether a message may be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerable {
    /// An answer is allowed.
    pub send: bool,
    /// A robot wrote the message: whatever it holds, it is no state's input.
    pub automatic: bool,
    /// One sentence for a person.
    pub reason: String,
    /// To whom an answer goes: one address.
    pub recipient: Option<String>,
}

/// What is ours; rules about it are skipped where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The addresses of the mailbox and those the letters come from.
    pub addresses: Vec<String>,
    /// Our relay, whose word about a sender counts.
    pub relay: Relay,
}

impl Own {
    /// Whether an address is ours, however it is written: `gcm+anything@…` comes into the mailbox of `gcm@…`.
    #[must_use]
    pub fn has(&self, address: &str) -> bool {
        let address = folded(address);
        self.addresses.iter().any(|own| folded(own) == address)
    }
}

/// A rule that forbids an answer: whether a robot wrote the message, and the reason.
type Silence = (bool, String);

/// Judges whether a message may be answered, and to whom.
#[must_use]
pub fn answerable(message: &Message, own: &Own) -> Answerable {
    let rules = [
        own_message,
        return_path,
        header_marks,
        report,
        sender,
        suppressed,
        forged,
        failed,
        not_to_us,
        list_tag,
        subject,
    ];
    if let Some((automatic, reason)) = rules.iter().find_map(|rule| rule(message, own)) {
        return Answerable { send: false, automatic, reason, recipient: None };
    }
    match recipient(message, own) {
        Ok((address, reason)) => {
            Answerable { send: true, automatic: false, reason: reason.to_owned(), recipient: Some(address) }
        }
        Err(reason) => Answerable { send: false, automatic: false, reason: reason.to_owned(), recipient: None },
    }
}

fn own_message(message: &Message, own: &Own) -> Option<Silence> {
    if [message.from.as_ref(), message.sender.as_ref()].into_iter().filter_map(address_of).any(|a| own.has(a)) {
        return Some((true, "The message comes from one of our own addresses.".to_owned()));
    }
    if matches!(&message.return_path, ReturnPath::Address(a) if own.has(a)) {
        return Some((true, "The message was sent from one of our own addresses.".to_owned()));
    }
    let (token, at) = message.message_id.as_deref()?.rsplit_once('@')?;
    let own_domain = |address: &String| address.rsplit_once('@').is_some_and(|(_, own)| own.eq_ignore_ascii_case(at));
    let ours = own.addresses.iter().any(own_domain) && is_letter_token(token);
    ours.then(|| (true, "The message is one of our own letters that came back.".to_owned()))
}

/// The left side of the Message-ID of a letter of ours: `docket.<letter>.<token>`.
fn is_letter_token(token: &str) -> bool {
    let mut parts = token.split('.');
    let is = |part: Option<&str>, test: fn(char) -> bool| part.is_some_and(|p| !p.is_empty() && p.chars().all(test));
    parts.next() == Some("docket")
        && is(parts.next(), |c| c.is_ascii_digit())
        && is(parts.next(), |c| c.is_ascii_hexdigit())
        && parts.next().is_none()
}

fn return_path(message: &Message, _: &Own) -> Option<Silence> {
    match &message.return_path {
        ReturnPath::Absent => None,
        ReturnPath::Null => Some((true, "The return path is empty: a robot sent the message.".to_owned())),
        ReturnPath::Address(address) => robot_address(address).map(|(robot, what)| {
            (robot, format!("The return path is {what} ({address}); nobody reads answers there."))
        }),
    }
}

/// What header fields say outright.
fn header_marks(message: &Message, _: &Own) -> Option<Silence> {
    for header in &message.headers {
        let name = header.name.to_ascii_lowercase();
        let value = header.value.trim().to_ascii_lowercase();
        let first = value.split([';', ' ', '(']).next().unwrap_or_default();
        let found = match name.as_str() {
            "auto-submitted" if !first.is_empty() && first != "no" => {
                Some((true, format!("The message says of itself that a program sent it (Auto-Submitted: {first}).")))
            }
            "precedence" | "x-precedence"
                if ["bulk", "junk", "list", "auto_reply"].iter().any(|p| first.starts_with(p)) =>
            {
                Some((first == "auto_reply", format!("The message is mass mail (Precedence: {first}).")))
            }
            "x-loop" => Some((false, "The message carries the mark of a mail loop (X-Loop).".to_owned())),
            "x-autoreply" | "x-autorespond" | "x-autoresponder" | "x-auto-reply" | "x-autoreply-from"
            | "x-mail-autoreply"
                if !matches!(first, "no" | "false" | "0") =>
            {
                Some((true, format!("The message is an automatic answer ({}).", header.name)))
            }
            "x-failed-recipients" => Some((
                true,
                "The message is a report that mail could not be delivered (X-Failed-Recipients).".to_owned(),
            )),
            "mailing-list" | "x-mailing-list" | "x-list" => {
                Some((false, "The message came through a mailing list.".to_owned()))
            }
            "x-cron-env" => Some((true, "A timetable program sent the message (X-Cron-Env).".to_owned())),
            "x-autogenerated" | "x-auto-generated" => {
                Some((true, format!("The message says of itself that a program sent it ({}).", header.name)))
            }
            "x-beenthere" | "x-mailman-version" => {
                Some((false, format!("The message came through a mailing list ({}).", header.name)))
            }
            _ if name.starts_with("list-") && !value.is_empty() => {
                Some((false, format!("The message came through a mailing list ({}).", header.name)))
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Reports and calendar traffic, by the media types that only they have.
fn report(message: &Message, _: &Own) -> Option<Silence> {
    let kind = match message.report_type.as_deref() {
        Some("delivery-status") => "a report about the delivery of another message",
        Some("disposition-notification") => "a receipt for another message",
        Some("feedback-report") => "a complaint report of a mail provider",
        Some(_) => "a report of the mail system",
        None if message.media_type == "multipart/report" => "a report of the mail system",
        None if ["message/delivery-status", "message/disposition-notification"]
            .contains(&message.media_type.as_str()) =>
        {
            "a report of the mail system"
        }
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
    [message.from.as_ref(), message.sender.as_ref()].into_iter().filter_map(address_of).find_map(|address| {
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

/// Who the sender is cannot be told, or somebody pretends to be another.
fn forged(message: &Message, _: &Own) -> Option<Silence> {
    let mut authors = values(message, "From");
    let first = authors.next();
    if authors.any(|other| Some(other) != first) {
        return Some((false, "The message has more than one From field: the sender cannot be told.".to_owned()));
    }
    let from = message.from.as_ref()?;
    let (name, address) = (from.name.as_deref()?, from.address.as_deref()?);
    let claimed = name.split([' ', '<', '>', '(', ')', '"', '\'', ',']).find(|w| is_address(w))?;
    (!aligned(domain(claimed)?, domain(address)?))
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

fn subject(message: &Message, _: &Own) -> Option<Silence> {
    let subject = message.subject.as_deref()?.to_lowercase().replace('’', "'");
    let subject =
        subject.trim_start_matches(|c: char| matches!(c, '*' | '[' | '{' | '(' | '"' | '<' | '!') || c.is_whitespace());
    let begins = |list: &[&str]| list.iter().any(|w| subject.starts_with(w.trim_start_matches(['[', '('])));
    let kind = if begins(&words::ANSWERS) {
        "an automatic answer"
    } else if begins(&words::REPORTS) {
        "a report about the delivery of another message"
    } else if begins(&words::RECEIPTS) {
        "a receipt for another message"
    } else {
        return None;
    };
    Some((true, format!("By its subject the message is {kind}.")))
}

/// To whom an answer goes, with the reason; or why to nobody.
fn recipient(message: &Message, own: &Own) -> Result<(String, &'static str), &'static str> {
    let from = address_of(message.from.as_ref()).filter(|a| is_address(a));
    match (&message.return_path, from) {
        (ReturnPath::Address(path), Some(from)) if is_address(path) => {
            let same = domain(path).zip(domain(from)).is_some_and(|(a, b)| aligned(a, b));
            if same {
                Ok((from.to_owned(), "Nothing speaks against an answer to the sender."))
            } else if authenticity(message, &own.relay).verdict == Verdict::Passed {
                Ok((from.to_owned(), "The answer goes to the sender, whose domain vouches for the message."))
            } else {
                Ok((path.clone(), "The answer goes to the return path, as the sender's domain is another one."))
            }
        }
        (_, Some(from)) => Ok((from.to_owned(), "Nothing speaks against an answer to the sender.")),
        (ReturnPath::Address(path), None) if is_address(path) => {
            Ok((path.clone(), "The answer goes to the return path, as the message names no sender."))
        }
        _ => Err("The message names no address to which an answer could go."),
    }
}

fn values<'a>(message: &'a Message, name: &'a str) -> impl Iterator<Item = &'a str> {
    message.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
}

fn address_of(address: Option<&Address>) -> Option<&str> {
    address?.address.as_deref()
}

fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

/// Whether two domains belong to one organisation (RFC 7489, section 3.1.1): the same registered domain.
fn aligned(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    registered(&a) == registered(&b)
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

/// Whether a program writes from an address.
#[must_use]
pub fn is_program(address: &str) -> bool {
    robot_address(address).is_some_and(|(robot, _)| robot)
}

/// Whether an address is a robot's or a list's: whether a robot writes there, and what it is.
fn robot_address(address: &str) -> Option<(bool, &'static str)> {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    let base = local.split(['+', '=']).next().unwrap_or_default();
    let pieces = || base.split(['-', '.', '_']);
    let joined: String = base.chars().filter(|c| !matches!(c, '-' | '.' | '_')).collect();
    if words::DAEMONS.iter().any(|d| joined.starts_with(d) || pieces().any(|p| p == *d)) {
        return Some((true, "a program of a mail system"));
    }
    if words::ACCOUNTS.contains(&base) {
        return Some((false, "the account of a program on a server"));
    }
    if base.starts_with("bounce")
        || base.ends_with("-bounces")
        || base.ends_with("-bounce")
        || base.starts_with("prvs-bounce")
    {
        return Some((true, "an address for returned mail"));
    }
    if base.starts_with("owner-") || base.ends_with("-owner") || base.ends_with("-request") || base.ends_with("-admin")
    {
        return Some((false, "the address of a mailing list"));
    }
    if words::UNREAD.iter().any(|w| base.starts_with(w) || base.ends_with(w)) {
        return Some((false, "an address that takes no answers"));
    }
    if words::PROGRAMS.contains(&base) || pieces().any(|p| ["daemon", "autoresponder", "autoreply"].contains(&p)) {
        return Some((true, "a program"));
    }
    None
}
