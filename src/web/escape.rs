//! Strangers' text made visible: escaped for HTML, and with every character that hides or reorders shown as a mark.
//!
//! Promises that the result holds no element but our own marks, and loses no character. Joiners (U+200C, U+200D) and soft
//! hyphens stay as they are: honest text needs them.

use std::fmt::Write as _;

/// The text as HTML, for a place between tags (never inside an attribute).
pub(super) fn as_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\t' => html.push(c),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => html.push('\n'),
            c => match mark(c) {
                Some(name) => {
                    let _ =
                        write!(html, r#"<i class="ctl" title="hidden character U+{:04X}">{name}</i>"#, u32::from(c));
                }
                None => html.push(c),
            },
        }
    }
    html
}

/// The short name of a character that would not be seen, or would reorder what is.
fn mark(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{0}' => "NUL",
        '\u{7}' => "BEL",
        '\u{8}' => "BS",
        '\u{c}' => "FF",
        '\u{1b}' => "ESC",
        '\u{7f}' => "DEL",
        '\u{61c}' => "ALM",
        '\u{200b}' => "ZWSP",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{feff}' => "BOM",
        '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => "FMT",
        '\u{e0000}'..='\u{e007f}' => "TAG",
        c if c.is_control() => "CTL",
        _ => return None,
    })
}
