//! Address lists of header fields (RFC 5322, section 3.4), tolerant of what mailers write.
//!
//! Promises an answer for any text, and never takes an address from a display name or a comment while another stands in
//! the right place.

use encoding_rs::Encoding;

use super::encoded_word;
use crate::core::{mail::address::Address, text};

/// No list is read further.
const MOST_ADDRESSES: usize = 1_000;
/// The longest display name that is kept.
const LONGEST_NAME: usize = 200;
/// The longest address of RFC 5321, section 4.5.3.1, with room for what exceeds it.
const LONGEST_ADDRESS: usize = 320;

/// What has been read of one mailbox.
#[derive(Default)]
struct Mailbox {
    /// Atoms and quoted strings outside the angle brackets.
    phrase: String,
    /// Whether the phrase holds an `@` outside quotes.
    at_sign: bool,
    angle: Option<String>,
    comment: String,
}

/// All mailboxes of an unfolded field value.
#[must_use]
pub fn list(value: &str, charset: Option<&'static Encoding>) -> Vec<Address> {
    let mut found = Vec::new();
    let mut mailbox = Mailbox::default();
    let mut rest = value;
    // A quote or a bracket that is never closed is a character like any other, and so are those behind it.
    let (mut quotes, mut comments) = (true, true);
    while let Some(c) = rest.chars().next() {
        if found.len() >= MOST_ADDRESSES {
            return found;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '"' if quotes => match quoted(rest, &mut mailbox.phrase) {
                Some(after) => rest = after,
                None => quotes = false,
            },
            '(' if comments => match comment(rest, &mut mailbox.comment) {
                Some(after) => rest = after,
                None => comments = false,
            },
            '"' | '(' => {}
            '<' => {
                let (inside, after) = rest.split_once('>').unwrap_or((rest, ""));
                // `<<a@b>>` and `<a@b> <c@d>`: the last bracket with an address counts.
                let inside = inside.trim_start_matches('<');
                if mailbox.angle.as_ref().is_none_or(|a| !a.contains('@')) || inside.contains('@') {
                    mailbox.angle = Some(inside.to_owned());
                }
                rest = after.trim_start_matches('>');
            }
            ',' | ';' => found.extend(std::mem::take(&mut mailbox).finish(charset)),
            ':' if mailbox.phrase.ends_with("mailto") => mailbox.phrase.push(c),
            // The name of a group.
            ':' if !mailbox.at_sign && mailbox.angle.is_none() => mailbox = Mailbox::default(),
            '=' if rest.starts_with('?') => {
                let here = &value[value.len() - rest.len() - 1..];
                let length = encoded_word::length_at(here).unwrap_or(1);
                mailbox.phrase.push_str(&here[..length]);
                rest = &here[length..];
            }
            _ => {
                mailbox.at_sign |= c == '@';
                mailbox.phrase.push(c);
            }
        }
    }
    found.extend(mailbox.finish(charset));
    found
}

/// Reads a quoted string behind its opening quote; what follows the closing one is returned.
fn quoted<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let mut escaped = false;
    let mut inside = String::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                inside.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => {
                out.push_str(&inside);
                return Some(&text[at + 1..]);
            }
            _ => inside.push(c),
        }
    }
    None
}

/// Reads a comment behind its opening bracket, nested ones included.
fn comment<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let mut depth = 1_u32;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth = depth.saturating_add(1),
            ')' => {
                depth -= 1;
                if depth == 0 {
                    out.push_str(&text[..at]);
                    return Some(&text[at + 1..]);
                }
            }
            _ => {}
        }
    }
    None
}

impl Mailbox {
    fn finish(self, charset: Option<&'static Encoding>) -> Option<Address> {
        let angle = self.angle.map(|a| tidy(&encoded_word::decode(&a, charset))).filter(|a| !a.is_empty());
        let (name, address) = match angle {
            Some(address) => (self.phrase, Some(address)),
            None => split_bare(&self.phrase),
        };
        let name = if name.trim().is_empty() { &self.comment } else { &name };
        let name = text::line(&encoded_word::decode(name, charset), LONGEST_NAME);
        let name = name.trim_matches(['"', '\'', ' ']).to_owned();
        let address = address.map(|a| with_lower_domain(&a)).filter(|a| !a.is_empty() && a.len() <= LONGEST_ADDRESS);
        (address.is_some() || !name.is_empty()).then(|| Address { name: Some(name).filter(|n| !n.is_empty()), address })
    }
}

/// A mailbox without brackets: the word with the `@` is the address, a single word is a local one.
fn split_bare(phrase: &str) -> (String, Option<String>) {
    let joined = phrase.replace(" @", "@").replace("@ ", "@");
    let words: Vec<&str> = joined.split_whitespace().collect();
    match words.iter().position(|w| w.contains('@')) {
        Some(at) => {
            let name: Vec<&str> = words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| *w).collect();
            (name.join(" "), Some(tidy(words[at])))
        }
        None => match words.as_slice() {
            [word] if !word.contains("=?") => (String::new(), Some(tidy(word))),
            _ => (joined, None),
        },
    }
}

/// Without white space, quotes around it, control characters or a `mailto:`.
fn tidy(address: &str) -> String {
    let mut plain = String::new();
    let mut rest = address;
    while let Some((before, after)) = rest.split_once('(') {
        plain.push_str(before);
        let Some(after) = comment(after, &mut String::new()) else {
            rest = "";
            break;
        };
        rest = after;
    }
    plain.push_str(rest);
    // A source route (RFC 5322, section 4.4) is no part of the address.
    let routed = plain.trim_start().starts_with('@').then(|| plain.split_once(':')).flatten();
    let address = text::line(routed.map_or(plain.as_str(), |(_, address)| address), LONGEST_ADDRESS + 1);
    let address: String = address.chars().filter(|c| !c.is_whitespace()).collect();
    // Outlook writes `[mailto:a@b]` in a text.
    let address = address.strip_prefix('[').map_or(address.as_str(), |a| a.trim_end_matches(']'));
    let address = address.strip_prefix("mailto:").unwrap_or(address);
    address.trim_matches(['<', '>', '\'', ',', ';']).to_owned()
}

fn with_lower_domain(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase().trim_end_matches('.')),
        None => address.to_owned(),
    }
}
