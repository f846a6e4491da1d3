//! What our own mail servers say of a sender: the Authentication-Results of the trusted relay (RFC 8601).
//!
//! Promises to believe no field that bears another name than our relay's, and nothing good that the sender may have
//! written himself: a relay writes above what it got, so a pass counts only in the topmost field of that name, above the
//! first `Received` that is not our own, and for the domain of From. A failure counts wherever it stands, for who forges
//! one harms himself alone; where fields disagree, the worse counts. Reading one never fails. ARC seals are not looked at.
//!
//! Microsoft 365 signs with no name. Where it is trusted, of such fields the topmost counts, and no other, and only where
//! every `Received` above it is of a host under `outlook.com`: below a strange host anyone may have written it.
//!
//! Only DMARC is judged, since SPF and DKIM say nothing of the address that a person reads. `permerror` and `temperror`
//! are no failure: they tell of a record that is broken or away, not of a forgery; nor are they a pass.

use serde::{Deserialize, Serialize};

use super::{
    header::{by_host, clock::is_hop},
    message::{Header, Message},
};

/// How many results of a field, and properties of a result, are looked at.
const MOST: usize = 64;
/// The word by which the configuration trusts Microsoft 365.
pub const MICROSOFT365: &str = "microsoft365";

/// The relay whose word counts; none where it is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relay {
    /// By which names it signs what it finds (`authserv-id`), in lower case.
    pub names: Vec<String>,
    /// By-host names of our own servers, as they stand in `Received`.
    pub hops: Vec<String>,
    /// The mailbox is one of Microsoft 365, which signs with no name.
    pub microsoft365: bool,
}

/// Whether a message comes from the domain of its From.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody whom we believe says anything.
    #[default]
    Unknown,
    /// The domain vouches for it.
    Passed,
    /// The domain does not: the message may be forged.
    Failed,
}

/// The verdict, with the words of the relay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticity {
    /// Whether it comes from there.
    pub verdict: Verdict,
    /// What the relay said, such as `mx.example.org: dmarc=fail header.from=eda.admin.ch`.
    pub said: Option<String>,
}

impl Authenticity {
    /// The verdict as a sentence that quotes the relay; none where nobody says anything.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let vouches = match self.verdict {
            Verdict::Unknown => return None,
            Verdict::Passed => "vouches",
            Verdict::Failed => "does not vouch",
        };
        let said = self.said.as_deref().unwrap_or_default();
        Some(format!("The sender's domain {vouches} for the message ({said})."))
    }

    /// The words of the relay, where the domain of From does not vouch for the message.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        (self.verdict == Verdict::Failed).then_some(self.said.as_deref().unwrap_or_default())
    }
}

/// Judges whether a message comes from the domain of its From, by what the relay wrote above it.
#[must_use]
pub fn authenticity(message: &Message, relay: &Relay) -> Authenticity {
    let domain = message.from.as_ref().and_then(|from| from.address.as_deref()?.rsplit_once('@')).map(|(_, at)| at);
    let fields = message.headers.iter().filter(|field| field.name.eq_ignore_ascii_case("Authentication-Results"));
    if relay.names.is_empty() && !relay.microsoft365 || fields.clone().next().is_none() {
        return Authenticity::default();
    }
    let (mut reached, mut outlook) = (true, true);
    let mut pass = None;
    let mut first = true;
    let mut nameless = relay.microsoft365;
    for field in &message.headers {
        reached &= !is_strange_hop(field, relay);
        outlook &= !is_hop_outside_outlook(field);
        if !field.name.eq_ignore_ascii_case("Authentication-Results") {
            continue;
        }
        let Some(results) = Results::parse(&field.value) else {
            // Whoever wrote it wrote no name: what stands below it is not the topmost.
            nameless = false;
            continue;
        };
        let trusted = if results.server.is_empty() {
            std::mem::take(&mut nameless) && outlook
        } else {
            relay.names.iter().any(|name| name.eq_ignore_ascii_case(&results.server))
        };
        if !trusted {
            continue;
        }
        for result in results.of("dmarc") {
            let server = if results.server.is_empty() { MICROSOFT365 } else { &results.server };
            let said = || Some(format!("{server}: {}", result.in_words()));
            if result.result == "fail" {
                return Authenticity { verdict: Verdict::Failed, said: said() };
            }
            let vouches = result.result == "pass"
                && result.property("header.from").zip(domain).is_some_and(|(of, from)| of.eq_ignore_ascii_case(from));
            if first && (reached || results.server.is_empty()) && vouches {
                pass = said();
            } else if !vouches {
                pass = None;
            }
            first = false;
        }
    }
    Authenticity { verdict: if pass.is_some() { Verdict::Passed } else { Verdict::Unknown }, said: pass }
}

/// Whether a field is a `Received` of a server that is not one of ours.
fn is_strange_hop(field: &Header, relay: &Relay) -> bool {
    field.name.eq_ignore_ascii_case("Received") && !by_host(&field.value).is_some_and(|host| is_hop(&host, &relay.hops))
}

/// Whether a field is a `Received` of a server that is none of Microsoft 365.
fn is_hop_outside_outlook(field: &Header) -> bool {
    let of_outlook = |host: &str| host == "outlook.com" || host.ends_with(".outlook.com");
    field.name.eq_ignore_ascii_case("Received") && !by_host(&field.value).is_some_and(|host| of_outlook(&host))
}

/// One field: who says it, and what. Microsoft 365 does not say who; the name is then empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Results {
    server: String,
    results: Vec<MethodResult>,
}

/// What came of one method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct MethodResult {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Results {
    /// Reads a field; nothing where it begins with neither a server nor a result.
    fn parse(value: &str) -> Option<Self> {
        let mut sections = tokens(value);
        let server = match sections.first()?.as_slice() {
            // The version of the format (RFC 8601, section 2.2) may stand behind the name.
            [Token::Word(server)] | [Token::Word(server), Token::Word(_), ..] => server.to_lowercase(),
            [Token::Word(_), Token::Equals, Token::Word(_), ..] => String::new(),
            _ => return None,
        };
        if !server.is_empty() {
            sections.remove(0);
        }
        let results = sections.iter().filter_map(|section| MethodResult::of(section)).take(MOST).collect();
        Some(Self { server, results })
    }

    fn of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a MethodResult> {
        self.results.iter().filter(move |result| result.method == method)
    }
}

impl MethodResult {
    fn of(section: &[Token]) -> Option<Self> {
        let mut pairs = section.windows(3).filter_map(|three| match three {
            [Token::Word(name), Token::Equals, Token::Word(value)] => Some((name.to_lowercase(), value.clone())),
            _ => None,
        });
        let (method, result) = pairs.next()?;
        // The version of a method may stand behind its name: dmarc/1.
        let method = method.split('/').next().unwrap_or_default().to_owned();
        Some(Self { method, result: result.to_lowercase(), properties: pairs.take(MOST).collect() })
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn in_words(&self) -> String {
        let from = self.property("header.from").map(|domain| format!(" header.from={domain}")).unwrap_or_default();
        format!("{}={}{from}", self.method, self.result).chars().take(160).collect()
    }
}

/// A piece of a field, outside comments.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Equals,
}

/// The pieces of a field between its semicolons. A quoted string is one word, whatever it holds; a comment is none. What
/// is never closed goes on to the end.
fn tokens(value: &str) -> Vec<Vec<Token>> {
    let mut sections = Vec::new();
    let mut section = Vec::new();
    let mut word: Option<String> = None;
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && (quoted || depth > 0);
        let c = if escaped { chars.next().unwrap_or(' ') } else { c };
        match c {
            '(' if depth > 0 && !escaped => depth = depth.saturating_add(1),
            ')' if depth > 0 && !escaped => depth -= 1,
            _ if depth > 0 => {}
            '"' if !escaped => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if quoted => word.get_or_insert_default().push(c),
            '(' | ';' | '=' => {
                section.extend(word.take().map(Token::Word));
                match c {
                    '(' => depth = 1,
                    '=' => section.push(Token::Equals),
                    _ => sections.push(std::mem::take(&mut section)),
                }
            }
            c if c.is_whitespace() => section.extend(word.take().map(Token::Word)),
            c => word.get_or_insert_default().push(c),
        }
    }
    section.extend(word.map(Token::Word));
    sections.push(section);
    sections
}
