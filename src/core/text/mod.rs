//! Strangers' text made safe to keep and to show, and a body taken apart: own words, quoted thread, forwarded original,
//! links.
//!
//! Promises clean text: no NUL, no control characters, no bidi overrides, bounded length, NFC on single lines. Taking a
//! body apart is a reading of habits, not of a format: in doubt the text counts as the sender's own.

pub(in crate::core) mod fold;
mod habits;
pub mod language;
mod links;
mod quoting;
pub mod words;

use unicode_normalization::UnicodeNormalization as _;

pub use self::links::links;
pub use self::quoting::{ForwardedHeader, forwarded, own_words};

/// The longest file name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// The characters of a text in NFKC. A line of ASCII alone is in it already, and composes with nothing beyond its end.
pub fn nfkc(text: &str) -> impl Iterator<Item = char> {
    text.split_inclusive('\n').flat_map(|line| {
        let (plain, other) = by_ascii(line);
        plain.chars().chain(other.nfkc())
    })
}

/// A text that is ASCII alone in the first place, and any other in the second.
fn by_ascii(text: &str) -> (&str, &str) {
    if text.is_ascii() { (text, "") } else { ("", text) }
}

/// On one line: white space runs become one space, everything harmful is dropped; at most that many characters.
#[must_use]
pub fn line(raw: &str, longest: usize) -> String {
    let mut out = String::with_capacity(raw.len().min(longest * 4));
    let (mut space, mut length) = (false, 0);
    let (plain, other) = by_ascii(raw);
    for c in plain.chars().chain(other.nfc()).take(longest.saturating_mul(4)) {
        if c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            space = length > 0;
        } else if !is_harmful(c) {
            if space {
                out.push(' ');
                length += 1;
            }
            space = false;
            if length >= longest {
                break;
            }
            out.push(c);
            length += 1;
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// On several lines, ended by `\n`: everything harmful is dropped; at most that many bytes.
#[must_use]
pub fn lines(raw: &str, longest: usize) -> String {
    let mut out = String::with_capacity(raw.len().min(longest));
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => '\n',
            '\n' | '\t' => c,
            c if is_harmful(c) => continue,
            c => c,
        };
        if out.len() + c.len_utf8() > longest {
            break;
        }
        out.push(c);
    }
    out
}

/// A file name: its last path component on one line; `None` where nothing is left of it.
#[must_use]
pub fn file_name(raw: &str) -> Option<String> {
    let name = line(raw, LONGEST_NAME * 20);
    let name = name.rsplit(['/', '\\']).map(str::trim).find(|piece| !piece.is_empty())?;
    let name = name.trim_matches(['"', '\'', ' ']);
    let count = name.chars().count();
    let name: String = if count <= LONGEST_NAME {
        name.to_owned()
    } else {
        // The extension says what the sender believes the file to be.
        let extension = name.rsplit_once('.').map(|(_, e)| e).filter(|e| e.len() <= 10).unwrap_or_default();
        let kept: String = name.chars().take(LONGEST_NAME - extension.chars().count() - 2).collect();
        if extension.is_empty() { kept } else { format!("{kept}….{extension}") }
    };
    (!name.is_empty() && !name.chars().all(|c| c == '.')).then_some(name)
}

/// Characters that no text of a letter needs and that can break or disguise one: controls, bidi embeddings, overrides
/// and isolates, tags, noncharacters. The marks LRM, RLM and the joiners stay: Arabic and Persian are written with them.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{fdd0}'..='\u{fdef}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}
