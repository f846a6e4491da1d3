//! What of a body is the sender's own, and what was quoted or forwarded, by the habits of mail programs in the languages
//! states write in.
//!
//! Promises that in doubt the text stays the sender's own. An Outlook reply quotes by the same block as its forward: who
//! needs the difference looks at the subject, or at how many own words stand above.

mod habits;

use self::habits::{ATTRIBUTIONS, FORWARDS, LABELS, Label};
use super::{address::Address, header};
use crate::core::text;

/// The header of a message that was forwarded within the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForwardedHeader {
    /// Its author as the block names them; the address is often missing.
    pub from: Address,
    /// Its subject.
    pub subject: Option<String>,
    /// Its date as text: every program writes it its own way.
    pub date: Option<String>,
    /// What follows the block.
    pub body: String,
}

/// The longest attribution line, in bytes; a longer one is a paragraph.
const LONGEST_ATTRIBUTION: usize = 400;
/// Within how many lines behind `From:` the other lines of a header must stand.
const HEADER_SPAN: usize = 12;

/// The sender's own words: without quoted lines, and without the thread or the forwarded message that follows.
#[must_use]
pub fn own_words(body: &str) -> String {
    apart(body).0
}

/// The sender's own words, and what was quoted or forwarded with them.
#[must_use]
pub fn apart(body: &str) -> (String, String) {
    let lines: Vec<&str> = body.lines().collect();
    let (mut own, mut quoted): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        if line.trim_start().starts_with('>') {
            quoted.push(bare(line));
            at += 1;
        } else if let Some(taken) = attribution(&lines[at..]) {
            let next = lines[at + taken..].iter().find(|l| !l.trim().is_empty());
            if !next.is_some_and(|l| l.trim_start().starts_with('>')) {
                break;
            }
            at += taken;
        } else if is_forward_marker(line) || is_rule_before_header(&lines[at..]) || header_at(&lines[at..]).is_some() {
            break;
        } else {
            own.push(line);
            at += 1;
        }
    }
    quoted.extend(lines[at..].iter().map(|line| bare(line)));
    (own.join("\n").trim().to_owned(), quoted.join("\n").trim().to_owned())
}

/// The header and text of a message forwarded within the body, where there is one.
#[must_use]
pub fn forwarded(body: &str) -> Option<ForwardedHeader> {
    let lines: Vec<&str> = body.lines().collect();
    (0..lines.len()).find_map(|at| {
        let (mut header, taken) = header_at(&lines[at..])?;
        let quoted = lines[at].starts_with('>');
        let unquoted = |line: &'_ str| {
            line.strip_prefix('>').filter(|_| quoted).map_or(line.to_owned(), |l| l.trim_start().to_owned())
        };
        let original: Vec<String> = lines[at + taken..].iter().map(|l| unquoted(l)).collect();
        original.join("\n").trim().clone_into(&mut header.body);
        Some(header)
    })
}

/// The line without quote marks, the asterisks of bold type, and white space.
fn bare(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c.is_whitespace())
        .trim_matches(|c: char| c == '*' || c.is_whitespace())
}

fn is_forward_marker(line: &str) -> bool {
    let line = bare(line);
    let ruled = line.starts_with("--") || line.starts_with("__") || line.starts_with('—');
    let words =
        line.trim_matches(|c: char| matches!(c, '-' | '_' | '—' | ':' | '：') || c.is_whitespace()).to_lowercase();
    let begins = line.ends_with([':', '：']);
    (ruled || begins) && words.len() < 120 && FORWARDS.iter().any(|f| words.starts_with(f))
}

/// Outlook draws a line of underscores above the header it quotes.
fn is_rule_before_header(lines: &[&str]) -> bool {
    let rule = bare(lines[0]);
    rule.len() >= 10
        && rule.chars().all(|c| matches!(c, '_' | '-'))
        && lines.iter().skip(1).position(|l| !l.trim().is_empty()).is_some_and(|n| header_at(&lines[n + 1..]).is_some())
}

/// How many lines an attribution (“On … wrote:”) takes, if one stands at the top.
fn attribution(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (taken, line) in lines.iter().enumerate().take(4) {
        let line = line.trim();
        if line.is_empty() || joined.len() + line.len() > LONGEST_ATTRIBUTION {
            return None;
        }
        if taken > 0 {
            joined.push(' ');
        }
        joined.push_str(&line.to_lowercase());
        if joined.ends_with([':', '：']) {
            let dated = joined.chars().any(char::is_numeric) || joined.contains('@');
            let known = ATTRIBUTIONS.iter().any(|(starts, verbs)| {
                starts.iter().any(|s| joined.starts_with(s)) && verbs.iter().any(|v| joined.contains(v))
            });
            // Some programs name the date and the author only: “30 Sep 2020, 17:00, Ana <ana@…>:”.
            let timed = joined.split_once(':').is_some_and(|(hour, _)| hour.ends_with(|c: char| c.is_ascii_digit()));
            let bare = timed && joined.ends_with(">:") && joined.contains('@');
            return (dated && known || bare).then_some(taken + 1);
        }
    }
    None
}

/// A header block at the top of these lines, and how many of them it takes.
fn header_at(lines: &[&str]) -> Option<(ForwardedHeader, usize)> {
    let mut header = ForwardedHeader::default();
    let (mut kinds, mut end, mut last) = (0_u8, 0, None);
    for (at, line) in lines.iter().enumerate().take(HEADER_SPAN) {
        let line = bare(line);
        match label(line) {
            Some((Label::From, value)) if at == 0 => {
                header.from = header::address::list(value, None).into_iter().next()?;
                last = Some(Label::From);
            }
            _ if at == 0 => return None,
            Some((Label::From, _)) => break,
            Some((kind, value)) => {
                match kind {
                    Label::Date => header.date = Some(text::line(value, 200)),
                    Label::Subject => header.subject = Some(text::line(value, 1_000)).filter(|s| !s.is_empty()),
                    _ => {}
                }
                kinds |= 1 << kind as u8;
                last = Some(kind);
            }
            // Apple Mail sets blank lines between; others fold a long list of recipients.
            None if line.is_empty() && kinds.count_ones() >= 2 => break,
            None if line.is_empty() => continue,
            None if last == Some(Label::Subject) => break,
            None => continue,
        }
        end = at + 1;
    }
    let wanted = [Label::Date, Label::To, Label::Subject].iter().filter(|k| kinds & (1 << **k as u8) != 0).count();
    (wanted >= 2).then_some((header, end))
}

fn label(line: &str) -> Option<(Label, &str)> {
    let (name, value) = line.split_at(line.find([':', '：'])?);
    let value = value.trim_start_matches([':', '：', '*', ' ', '\u{a0}', '\t']).trim_end();
    let name = name.trim_matches(|c: char| c == '*' || c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}'));
    if name.len() > 60 {
        return None;
    }
    let name = name.to_lowercase();
    LABELS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(kind, _)| (*kind, value))
}
