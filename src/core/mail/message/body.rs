//! The text of a message as its reader sees it: charset, format=flowed, HTML as text, and which alternative counts.
//!
//! Promises text for any part; what a mail program would hide (styles, scripts) is left out.

use std::borrow::Cow;

use mail_parser::decoders::{charsets::map::charset_decoder, html::html_to_text};

use super::content::Content;
use crate::core::{mail::header::charset, text::links};

/// No text part is read further.
const LONGEST: usize = 4 * 1024 * 1024;

/// No tag with a link is longer.
const LONGEST_TAG: usize = 8 * 1024;

/// A text that the reader sees.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) text: String,
    /// It was HTML.
    pub(super) html: bool,
}

impl Shown {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// What is shown of parts that follow one another.
    pub(super) fn sequence(parts: Vec<Self>) -> Self {
        let mut parts = parts.into_iter().filter(|p| !p.is_blank());
        let Some(mut all) = parts.next() else { return Self::default() };
        for part in parts {
            if all.text.len() + part.text.len() > LONGEST {
                break;
            }
            all.text.truncate(all.text.trim_end().len());
            all.text.push_str("\n\n");
            all.text.push_str(&part.text);
        }
        all
    }

    /// What is shown of alternatives: the plain one, unless it is only a stub that points to the HTML.
    pub(super) fn alternative(parts: Vec<Self>) -> Self {
        let (mut html, mut plain): (Vec<_>, Vec<_>) = parts.into_iter().filter(|p| !p.is_blank()).partition(|p| p.html);
        match (plain.is_empty(), html.pop()) {
            (false, Some(html)) if plain[0].text.trim().len() * 4 < html.text.trim().len() => html,
            (false, _) => plain.swap_remove(0),
            (true, html) => html.unwrap_or_default(),
        }
    }
}

/// The text of a `text/plain` or `text/html` part.
pub(super) fn shown(bytes: &[u8], content: &Content) -> Shown {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    let html = content.media_type == "text/html";
    let label = content.charset.clone().or_else(|| html.then(|| meta_charset(bytes)).flatten());
    let text = decoded(bytes, label.as_deref());
    let text = if html {
        html_to_text(&with_shares(&text))
    } else if content.flowed {
        unflowed(&text, content.delete_space)
    } else {
        text
    };
    Shown { text, html }
}

/// An HTML text in which the links to files kept elsewhere stand as text, too: what a reader only clicks is not lost.
fn with_shares(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut written = 0;
    for (at, _) in html.match_indices("href=") {
        let after = &html[at + 5..];
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => after[1..].split(quote).next(),
            None => after.split([' ', '>']).next(),
        };
        let target = value.unwrap_or_default().replace("&amp;", "&");
        let Some(link) = links(&target).into_iter().next() else { continue };
        let Some(open) = after.find('>').filter(|open| *open < LONGEST_TAG) else { continue };
        let end = at + 5 + open + 1;
        // Where the link is written out, it stands there already.
        if end <= written || html[end..].starts_with("http") {
            continue;
        }
        out.push_str(&html[written..end]);
        out.push(' ');
        out.push_str(&link.replace('&', "&amp;"));
        out.push(' ');
        written = end;
    }
    if written == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[written..]);
    Cow::Owned(out)
}

fn decoded(bytes: &[u8], label: Option<&str>) -> String {
    // UTF-7 is no charset of the web, so encoding_rs does not know it; its bytes are ASCII.
    let utf7 = label.filter(|l| l.to_ascii_lowercase().contains("utf-7"));
    match utf7.and_then(|l| charset_decoder(l.as_bytes())) {
        Some(decode) => decode(bytes),
        None => charset::decode(bytes, label),
    }
}

/// The charset that an HTML text declares of itself.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2_048)]).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    Some(label).filter(|l| !l.is_empty())
}

/// Paragraphs out of flowed lines (RFC 3676).
fn unflowed(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let quotes = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[quotes..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open != Some(quotes) || signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', quotes));
            if quotes > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !signature;
        out.push_str(if flows && delete_space { &content[..content.len() - 1] } else { content });
        if flows {
            open = Some(quotes);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}
